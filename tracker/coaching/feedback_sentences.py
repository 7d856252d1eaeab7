"""What coachees said, in words: every mean with its number of answers and its likely range."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from tracker.coaching.feedback_queries import Mark, Quality
from tracker.core.language import number

ITEMS = {
    "listened": _l("I was listened to"),
    "next_step": _l("I know what I can do next"),
    "fair": _l("It was fair"),
}


def item(mark: Mark) -> str:
    return str(ITEMS[mark.item])


def range_words(mark: Mark) -> str:
    """“3.4 to 4.8”: likely for all talks of this kind, not only for those that were answered."""
    return _("%(low)s to %(high)s", low=number(mark.low), high=number(mark.high))


def days_words(quality: Quality) -> str:
    """“6 days, over 31 talks”: half waited longer."""
    days = ngettext("%(num)d day", "%(num)d days", quality.days)
    return ngettext("%(days)s, over %(num)d talk", "%(days)s, over %(num)d talks", quality.talks, days=days)


def followed_up_words(quality: Quality) -> str:
    """“12 of 20, likely 39 to 78 %”."""
    if quality.followed_up_range is None:
        return _("no talk is closed yet")
    low, high = (number(100 * end, 0) for end in quality.followed_up_range)
    counted = {"count": quality.followed_up, "of": quality.ended}
    return _("%(count)d of %(of)d, likely %(low)s to %(high)s %%", **counted, low=low, high=high)
