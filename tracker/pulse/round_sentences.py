"""What the pages of rounds say."""

from datetime import timedelta

from babel.dates import format_date
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.language import locale, moment
from tracker.pulse.models import PulseRound

LATE = timedelta(hours=1)  # to open so much later than planned is said; less is nobody’s concern
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
    """Of the whole company, in whole percent, once it is over. No count below the smallest group is said: neither of those who have
    answered nor of those who have not."""
    if few := _few_words(answered, invited, fewest):
        return few
    return _("%(percent)s%% of %(invited)s people have answered", percent=100 * answered // invited, invited=invited)


def share_so_far_words(answered: int, invited: int, fewest: int) -> str:
    """The same while it is open, in steps: whoever looks again and again, knowing who is at work, is not to see answers arrive one
    by one. From one sentence to the next there are as many answers as the smallest group has, or more."""
    nearly_from = invited - fewest + 1
    if nearly_from < 2 * fewest:
        return _("too few are asked to say how many have answered before it closes")
    if few := _few_words(answered, invited, fewest):
        return few
    step = answered - answered % fewest
    step = step if nearly_from - step >= fewest else step - fewest
    return _(
        "at least %(percent)s%% of %(invited)s people have answered", percent=100 * step // invited, invited=invited
    )


def _few_words(answered: int, invited: int, fewest: int) -> str:
    if answered < fewest:
        return _("fewer than %(fewest)s people have answered", fewest=fewest)
    if invited - answered < fewest:
        return _("nearly all of %(invited)s people have answered", invited=invited)
    return ""


def language_name(code: str) -> str:
    return {"en": _("English"), "sw": _("Kiswahili"), "fr": _("French")}[code]


def is_late(pulse_round: PulseRound) -> bool:
    """Whether it opened later than planned."""
    return pulse_round.opened_at is not None and pulse_round.opened_at - pulse_round.opens_at >= LATE


def opening_words(pulse_round: PulseRound, zone: str) -> str:
    """When it opens; of a draft whose hour has passed, that nobody was asked."""
    when = moment(pulse_round.opens_at, zone)
    if pulse_round.state == "draft" and pulse_round.opens_at <= clock.now():
        return _("was to open %(when)s, but nobody was asked; choose other days, or cancel it", when=when)
    return _("opens %(when)s", when=when)
