"""Thanks, praise and stories in words: whole sentences, one for each case. Never a count of anybody's."""

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.audience import Viewer
from tracker.core.clock import local_day
from tracker.core.language import day, moment
from tracker.recognition.models import Thanks

ICONS = {"kudos": "heart", "praise": "feedback", "story": "flag"}


def kind_words(thanks: Thanks) -> str:
    return {"kudos": _("Thanks"), "praise": _("A customer’s praise"), "story": _("A moment of delight")}[thanks.kind]


def names(thanks: Thanks, viewer: Viewer) -> str:
    """Who is on it, by name; oneself as “you”, at the end."""
    people = sorted(one.person.name for one in thanks.people if one.person_id != viewer.person_id)
    people += [_("you")] if len(people) < len(thanks.people) else []
    return (
        _("%(names)s and %(last)s", names=", ".join(people[:-1]), last=people[-1])
        if len(people) > 1
        else "".join(people)
    )


def when(thanks: Thanks, viewer: Viewer) -> str:
    """The day on which it was said, or from which the wall shows praise: never when the customer was here."""
    said_at = thanks.shows_at if thanks.kind == "praise" and thanks.shows_at else thanks.made_at
    return day(local_day(said_at, viewer.time_zone))


def headline(thanks: Thanks, viewer: Viewer) -> str:
    """“Kevin Odhiambo thanks you”."""
    who = names(thanks, viewer)
    if thanks.kind == "praise":
        return _("A customer about %(names)s", names=who)
    if thanks.kind == "story":
        return thanks.title or ""
    if thanks.by_id == viewer.person_id:
        return _("You thank %(names)s", names=who)
    return _("%(giver)s thanks %(names)s", giver=thanks.by.name if thanks.by else "?", names=who)


def told_by(thanks: Thanks, viewer: Viewer) -> str:
    """Who tells a story, and of whom."""
    teller = _("you") if thanks.by_id == viewer.person_id else thanks.by.name if thanks.by else "?"
    if not thanks.people:
        return _("Told by %(name)s", name=teller)
    return _("Told by %(name)s, with %(names)s", name=teller, names=names(thanks, viewer))


def standing(thanks: Thanks, viewer: Viewer, *, is_off: bool) -> str:
    """Where it stands, for whoever gave it or is on it."""
    if thanks.taken_back_at:
        return _("You took it back. Nobody else reads it.")
    if thanks.hidden_at:
        return _("It was taken off the wall.")
    mine = next((one for one in thanks.people if one.person_id == viewer.person_id), None)
    if mine and mine.kept_at:
        return _("You keep this to yourself. The wall does not show it.")
    if mine and is_off:
        return _("You do not stand on the wall, so it does not show this.")
    if thanks.kind == "story" and mine and not mine.agreed_at:
        return _(
            "You are asked whether your name may stand in it. Only those named in it read it before all of you say yes."
        )
    if thanks.kind == "story" and any(one.agreed_at is None for one in thanks.people):
        return _("It waits until everybody in it has said yes.")
    if thanks.shows_at and thanks.shows_at > viewer.at:
        return _("The wall shows it from %(when)s on.", when=moment(thanks.shows_at))
    return (
        _("The wall shows it.")
        if thanks.kind == "praise"
        else _("The wall shows it, unless somebody on it would rather not.")
    )


def audience_words(thanks: Thanks) -> str:
    """Who may read it there."""
    if thanks.is_for_all:
        return _("It is for the whole company.")
    return ngettext(
        "It is for the team of whoever is on it, for teams beneath, and for who leads them.",
        "It is for the teams of those on it, for teams beneath, and for who leads them.",
        max(len({one.team_id for one in thanks.people}), 1),
    )
