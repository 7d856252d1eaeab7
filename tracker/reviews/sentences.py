"""A review's state and history in words: whole sentences, one for each case."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.clock import WorkCalendar
from tracker.core.language import moment, number
from tracker.reviews.models import Review, ReviewEntry, ReviewFeed
from tracker.reviews.queries import Summary
from tracker.reviews.rules import hours_left

# Languages that reviews come in most here; of another its code is shown.
LANGUAGES = {"en": "English", "sw": "Kiswahili", "fr": "Français"}


def state_words(review: Review, hours: WorkCalendar | None, at: datetime) -> tuple[str, str]:
    """(words, tone) of where it stands."""
    if review.outcome == "answer":
        return _("Answered"), "good"
    if review.outcome == "not_needed":
        return _("No answer needed"), ""
    if review.team_id is None:
        return _("No team yet"), "attn"
    if review.due_at is None or hours is None:
        return _("Too old for a time limit"), ""
    if review.due_at < at:
        return _("Late since %(when)s", when=moment(review.due_at)), "attn"
    left = hours_left(hours, at, review.due_at)
    if left == 0:
        return _("Due within the hour"), "attn"
    return ngettext("Due in %(num)d working hour", "Due in %(num)d working hours", left), ""


def entry_words(entry: ReviewEntry) -> str:
    """What was done, without its words."""
    name = entry.by.name if entry.by else _("The product")
    match entry.kind:
        case "answer":
            return _("%(name)s noted an answer", name=name)
        case "not_needed":
            return _("%(name)s: no answer needed", name=name)
        case "team":
            return _("%(name)s gave it to %(team)s", name=name, team=entry.team.name if entry.team else "?")
    if entry.person is None:
        return _("%(name)s: it names nobody", name=name)
    return _("%(name)s: it names %(person)s", name=name, person=entry.person.name)


def summary_words(found: Summary) -> str:
    """The share with its n, or the bare counts."""
    if not found.counted:
        return _("No answer was due in the last 13 weeks.")
    counts = _("%(in_time)d of %(n)d answers were in time in the last 13 weeks", in_time=found.in_time, n=found.counted)
    if found.share is None:
        return _("%(counts)s: too few for a share.", counts=counts)
    return _("%(counts)s: %(share)s %%.", counts=counts, share=number(100 * found.share, 0))


def hours_words(found: Summary) -> str:
    if found.hours is None:
        return ngettext("too few to tell (%(num)d answer)", "too few to tell (%(num)d answers)", found.answers)
    hours = number(found.hours, 0)
    return ngettext(
        "%(hours)s hours, of %(num)d answer", "%(hours)s hours, of %(num)d answers", found.answers, hours=hours
    )


def state_name(state: str) -> str:
    match state:
        case "waiting":
            return _("Waiting")
        case "late":
            return _("Late")
        case "answered":
            return _("Answered")
        case "not_needed":
            return _("No answer needed")
    return _("No time limit")


def feed_state(feed: ReviewFeed) -> tuple[str, str]:
    """(words, tone) of how the reading goes."""
    if feed.paused_at:
        return _("Paused"), ""
    if feed.failures:
        times = ngettext("Not readable, %(num)d time", "Not readable, %(num)d times in a row", feed.failures)
        return times, "attn"
    if feed.read_at is None:
        return _("Not read yet"), ""
    return _("Is read"), "good"


def language_name(code: str) -> str:
    return LANGUAGES.get(code, code)
