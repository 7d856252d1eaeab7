"""What the audit page says for each action. A test keeps these keys equal to the calls of `record`."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "absence.added": _l("Days away noted"),
    "absence.removed": _l("Days away taken out"),
    "account.deactivated": _l("Account closed"),
    "account.invitation_made": _l("Invitation link made"),
    "account.invited": _l("Invitation mailed"),
    "account.opened": _l("Account opened"),
    "account.password_set": _l("Password set"),
    "account.reactivated": _l("Account opened again"),
    "account.reset_made": _l("Link for a new password made"),
    "account.sessions_ended": _l("Signed out everywhere"),
    "account.slip_made": _l("Sign-in slip printed"),
    "coaching.agreed": _l("Something agreed added to a talk"),
    "coaching.agreed_done": _l("Something agreed ticked off"),
    "coaching.agreed_reopened": _l("Something agreed opened again"),
    "coaching.booked": _l("Talk set"),
    "coaching.closed": _l("Talk closed"),
    "coaching.completed": _l("Talk written up"),
    "coaching.moved": _l("Talk moved"),
    "coaching.opened": _l("Talk suggested by the weekly check"),
    "coaching.replied": _l("Own words added to a talk"),
    "demo.loaded": _l("Demo loaded"),
    "holiday.added": _l("Holiday added"),
    "holiday.removed": _l("Holiday taken out"),
    "import.cancelled": _l("Import that broke off taken back"),
    "import.finished": _l("Ratings imported"),
    "import.undone": _l("Import undone"),
    "organisation.started": _l("Organisation set up"),
    "people.imported": _l("People imported"),
    "person.added": _l("Person added"),
    "person.edited": _l("Person changed"),
    "person.left": _l("Employment ended"),
    "person.moved": _l("Moved to another team"),
    "rating.erased": _l("Rating taken back by the customer"),
    "rating.excluded": _l("Rating left out of the score"),
    "rating.included": _l("Rating counted again"),
    "rating.reassigned": _l("Rating credited to somebody else"),
    "role.granted": _l("Role given"),
    "role.taken": _l("Role taken away"),
    "rollup.mended": _l("Weekly counts mended"),
    "session.ended": _l("Signed out"),
    "session.started": _l("Signed in"),
    "settings.edited": _l("Settings changed"),
    "survey_link.opened": _l("Rating link made"),
    "team.deputy_appointed": _l("Stands in as team lead now"),
    "team.edited": _l("Team changed"),
    "team.manager_appointed": _l("Leads a team now"),
    "team.opened": _l("Team added"),
    "team.tenure_ended": _l("No longer leads the team"),
}


def in_words(action: str) -> str:
    """The words of an action; one that has none shows its key."""
    return str(WORDS.get(action, action))
