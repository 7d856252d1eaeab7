"""What the pages of rounds say."""

from babel.dates import format_date
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.language import locale
from tracker.pulse.models import PulseRound

PILLS = {"open": "good", "planned": "good", "lost": "bad"}


def round_name(pulse_round: PulseRound) -> str:
    """November pulse; with the year when it is not this one."""
    pattern = "LLLL" if pulse_round.month.year == clock.now().year else "LLLL y"
    return _("%(month)s pulse", month=format_date(pulse_round.month, pattern, locale=locale()))


def state_words(pulse_round: PulseRound) -> str:
    return {
        "draft": _("Draft"),
        "planned": _("Planned"),
        "open": _("Open"),
        "closing": _("Being counted"),
        "closed": _("Closed"),
        "cancelled": _("Cancelled"),
        "lost": _("Lost"),
    }[pulse_round.state]


def state_tone(pulse_round: PulseRound) -> str:
    return PILLS.get(pulse_round.state, "")


def share_words(answered: int, invited: int, fewest: int) -> str:
    """Of the whole company, in whole percent. No count below the smallest group is ever said."""
    if answered < fewest:
        return _("fewer than %(fewest)s people have answered", fewest=fewest)
    percent = min(100, 100 * answered // max(invited, 1))
    return _("%(percent)s%% of %(invited)s people have answered", percent=percent, invited=invited)


def language_name(code: str) -> str:
    return {"en": _("English"), "sw": _("Kiswahili"), "fr": _("French")}[code]
