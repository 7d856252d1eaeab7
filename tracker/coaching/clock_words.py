"""Why a talk was put off and why a case is closed, in words that the employee reads."""

from flask_babel import gettext as _


def snooze_reason(reason: str) -> str:
    """For the employee and the leader alike: no reason is about the person."""
    return {
        "agreed": _("You agreed on a later time."),
        "busy": _("It is a busy time in the team."),
        "system": _("Staffing, queues and the system are looked at first."),
        "first": _("Something else in the team has to come first."),
    }[reason]


def closing_reason(because: str | None) -> str:
    """How a case ended, in one sentence."""
    return {
        "held": _("You talked, and agreed that no follow-up is needed."),
        "followed_up": _("You talked, and followed it up."),
        "expired": _("This was closed by itself after 16 weeks."),
        "left": _("This was closed because its person no longer works here."),
        "talked": _("You talked already, and nothing more is needed."),
        "second_look": _("A second look changed the ratings it was about."),
        "declined": _("No talk was wanted. It can always be asked for again."),
    }.get(because or "", _("This is closed."))


def closed_as(because: str | None) -> str:
    """The same in a word or two, for lists."""
    return {
        "held": _("Talked"),
        "followed_up": _("Followed up"),
        "expired": _("Closed after 16 weeks"),
        "left": _("No longer here"),
        "talked": _("Talked already"),
        "second_look": _("Closed after a second look"),
        "declined": _("No talk wanted"),
    }.get(because or "", _("Closed"))
