"""A complaint in words: whole sentences, one for each case."""

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.core.language import day, moment, number
from tracker.ratings.obstacles import KINDS
from tracker.recovery.forms import CAUSES, OUTCOMES
from tracker.recovery.models import RecoveryCase, RecoveryEntry
from tracker.recovery.owner_queries import Holds
from tracker.recovery.report import Row

TITLE_LENGTH = 60
NOT_ASKED = {
    "no_address": _l("No mail asks whether it helped: the customer left no address with an answer by link"),
    "declined": _l("No mail asks whether it helped: the customer asked us not to write"),
    "too_late": _l("No mail asked whether it helped: none could be sent in time"),
}
ENTRIES = {
    "opened": _l("Opened by itself. %(name)s takes care of it"),
    "added": _l("Another rating of this customer was added"),
    "given": _l("%(name)s takes care of it now"),
    "call_asked": _l("The customer asked for a call"),
    "overdue": _l("Nobody had spoken with the customer by %(when)s"),
    "escalated": _l("%(name)s was asked to help"),
    "contact": _l("Spoken with the customer"),
    "missed": _l("Tried, nobody answered"),
    "promise": _l("A call was promised for %(when)s"),
    "postponed": _l("The customer wants it later: %(when)s"),
    "note": _l("Note"),
    "closed": _l("Closed"),
    "asked": _l("The customer was asked by mail whether it helped"),
    "answered": _l("The customer said whether it helped"),
    "public": _l("Answered in public"),
    "unneeded": _l("No answer in public is needed"),
    **NOT_ASKED,
}


def title(case: RecoveryCase) -> str:
    """The beginning of the customer's own words; without any, what is known of the visit."""
    words = next((rating.words for rating in case.ratings if rating.words), None)
    if case.review is not None:
        words = case.review.title or case.review.text
    return title_from(case, words)


def title_from(case: RecoveryCase, words: str | None) -> str:
    """The same where a list has asked for the first words itself."""
    if words:
        first = " ".join(words.split())
        return first if len(first) <= TITLE_LENGTH else first[:TITLE_LENGTH].rsplit(" ", 1)[0] + " …"
    if case.call_asked_at:
        return _("A customer asks for a call")
    return _("A public review") if case.is_public else _("A rating without words")


def state(case: RecoveryCase, at: datetime) -> str:
    """Where it stands, in one sentence."""
    if case.closed_at:
        return outcome(case)
    if case.promised_at and case.promised_at > at:
        return _("A call is promised for %(when)s", when=moment(case.promised_at))
    if case.contacted_at:
        return _("Answered, still open") if case.is_public else _("Spoken with the customer, still open")
    if case.contact_due_at is None and case.is_public:
        return _("No answer is needed: write down what was done")
    if case.contact_due_at is None:
        return _("Nobody can be reached: write down what was done")
    if case.contact_due_at <= at:
        return _("Waits since %(when)s for a first word", when=moment(case.opened_at))
    return _("A first word is due by %(when)s", when=moment(case.contact_due_at))


def outcome(case: RecoveryCase) -> str:
    if case.outcome == "taken_back":
        return _("The customer took the answer back")
    return next(str(choice.label) for choice in OUTCOMES if choice.value == case.outcome)


def cause(case: RecoveryCase) -> str | None:
    return cause_words(case.cause) if case.cause else None


def survey(case: RecoveryCase, at: datetime) -> str | None:
    """Whether the customer was asked if it helped, or why not; None where that is no question any more."""
    if case.answer is not None or case.survey_due_at is None:
        return None
    if case.survey_sent_at:
        return _("Asked by mail on %(when)s. No answer yet.", when=moment(case.survey_sent_at))
    why = next((NOT_ASKED[row.kind] for row in reversed(case.entries) if row.kind in NOT_ASKED), None)
    if why is not None:
        return _("%(why)s. Their own page asks for 14 days.", why=why)
    if case.survey_decided_at:
        return _("A mail that asks whether it helped is on its way.")
    if case.survey_due_at > at:
        return _("From %(when)s on the customer is asked whether it helped.", when=moment(case.survey_due_at))
    return _("The customer’s own page asks whether it helped. No mail has been sent.")


def entry(row: RecoveryEntry) -> str:
    """What happened, without the words that somebody wrote."""
    name = row.to.name if row.to else _("nobody yet")
    return ENTRIES[row.kind] % {"name": name, "when": moment(row.until) if row.until else ""}


def recovered(row: Row) -> str:
    """How many were won back: a range, for the silent may have been or not."""
    if row.range is None:
        return _("too few to tell")
    lowest, highest = number(100 * row.range.lowest, 0), number(100 * row.range.highest, 0)
    return _("%(lowest)s to %(highest)s %%", lowest=lowest, highest=highest)


def recovered_sentence(row: Row) -> str:
    """The range with where it comes from."""
    if row.range is None:
        return _("Whether complaints were put right: too few are closed to tell.")
    return _(
        "Put right: between %(lowest)s and %(highest)s %%. Of %(closed)s closed complaints %(answered)s customers answered, and "
        "%(recovered)s of them said yes. What the others think is not known, so the range holds both ends.",
        lowest=number(100 * row.range.lowest, 0),
        highest=number(100 * row.range.highest, 0),
        closed=row.range.closed,
        answered=row.range.answered,
        recovered=row.range.recovered,
    )


def report_of(kind: str) -> str:
    """Whom a report is about."""
    return {"company": _("Whole company"), "own": _("People you lead"), "beneath": _("Teams beneath")}[kind]


def report_scope(kind: str, since: date) -> str:
    match kind:
        case "company":
            return _("Opened since %(day)s, in the whole company.", day=day(since))
        case "beneath":
            return _("Opened since %(day)s, in teams beneath those that you lead.", day=day(since))
    return _("Opened since %(day)s, about people you lead, from the time you have led them.", day=day(since))


def touchpoint_name(name: str) -> str:
    return name or _("Touchpoint not known")


def cause_words(cause: str) -> str:
    return next((str(choice.label) for choice in CAUSES if choice.value == cause), _("Not said, or still open"))


def obstacle_words(kind: str) -> str:
    return str(KINDS[kind]) if kind else _("Nothing named")


def solved(answer: str) -> str:
    return {"yes": _("It was put right"), "partly": _("It was partly put right"), "no": _("It was not put right")}[
        answer
    ]


def owners(holds: Holds) -> str:
    """Who takes care of a team's complaints, in one sentence."""
    if holds.named is None or not holds.named.here:
        return _("Whoever leads the person it is about")
    if len(holds.named.here) == 1:
        return holds.named.here[0]
    return _("%(names)s, in turns", names=", ".join(holds.named.here))


def owners_gone(holds: Holds) -> str | None:
    """Who was chosen and is not here any more."""
    gone = holds.named.gone if holds.named else []
    return _("Not here any more: %(names)s", names=", ".join(gone)) if gone else None


def owners_from(holds: Holds) -> str:
    """Where what holds was said."""
    if holds.named is None:
        return _("nothing is set")
    if not holds.is_inherited:
        return _("set here")
    return _("as for %(team)s", team=holds.above.name) if holds.above else _("as for the whole company")
