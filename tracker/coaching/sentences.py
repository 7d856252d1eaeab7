"""What a case page says of its evidence, and what is next: whole sentences, with n and range."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.coaching.clock_words import closed_as
from tracker.coaching.evidence_rules import Difference, Group, Split
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.core.language import moment, number
from tracker.ratings.obstacles import KINDS
from tracker.statistics.contrast import Average


def queue_sentence(split: Split | None, name: str | None = None) -> str | None:
    """Where ratings are clearly lower while many wait; None where that cannot be told. `name` when somebody else reads it."""
    if split is None or split.difference is None:
        return None
    values = _values(split.difference) | {"name": name or "", "cut": number(split.difference.of.start - 1, 0)}
    if name:
        return _(
            "With up to %(cut)s people waiting, %(name)s’s customers gave %(higher)s on average (%(higher_n)s ratings); with more, "
            "%(lower)s (%(lower_n)s ratings). The difference is likely between %(low)s and %(high)s stars. "
            "How many were working may matter more than the person.",
            **values,
        )
    return _(
        "With up to %(cut)s people waiting, your customers gave %(higher)s on average (%(higher_n)s ratings); with more, "
        "%(lower)s (%(lower_n)s ratings). The difference is likely between %(low)s and %(high)s stars. "
        "How many were working may matter more than the person.",
        **values,
    )


def day_sentence(split: Split | None, name: str | None = None) -> str | None:
    """The same for the part of the day in which ratings are clearly lower than at other hours."""
    if split is None or split.difference is None:
        return None
    values = _values(split.difference) | {"name": name or "", "hours": hours(split.difference.of)}
    if name:
        return _(
            "Of %(name)s’s customers, those served %(hours)s gave %(lower)s on average (%(lower_n)s ratings); at other hours "
            "%(higher)s (%(higher_n)s ratings). The difference is likely between %(low)s and %(high)s stars. "
            "The plan for these hours may matter more than the person.",
            **values,
        )
    return _(
        "Of your customers, those served %(hours)s gave %(lower)s on average (%(lower_n)s ratings); at other hours "
        "%(higher)s (%(higher_n)s ratings). The difference is likely between %(low)s and %(high)s stars. "
        "The plan for these hours may matter more than the person.",
        **values,
    )


def _values(found: Difference) -> dict[str, str]:
    return {
        "higher": number(found.higher.mean),
        "higher_n": number(found.higher.n, 0),
        "lower": number(found.lower.mean),
        "lower_n": number(found.lower.n, 0),
        "low": number(found.contrast.low),
        "high": number(min(4.0, found.contrast.high)),
    }


def queue(group: Group) -> str:
    """“up to 4 waiting”, “5 or more waiting”."""
    if group.end is None:
        return _("%(count)s or more waiting", count=group.start)
    return _("Nobody waiting") if group.end == 0 else _("Up to %(count)s waiting", count=group.end)


def hours(group: Group) -> str:
    """“before 11:00”, “from 11:00 to 14:00”, “from 17:00 on”."""
    if group.start == 0:
        return _("before %(hour)s:00", hour=group.end)
    if group.end == 24:
        return _("from %(hour)s:00 on", hour=group.start)
    return _("from %(start)s:00 to %(end)s:00", start=group.start, end=group.end)


def average(found: Average | None) -> str:
    """“4.4, likely 4.1 to 4.7”; below ten ratings nothing."""
    if found is None:
        return _("Too few to tell")
    return _(
        "%(mean)s, likely %(low)s to %(high)s", mean=number(found.mean), low=number(found.low), high=number(found.high)
    )


def obstacle(kind: str, times: int) -> str:
    """“Too few people (on 3 ratings)”."""
    what = KINDS.get(kind, kind)
    return ngettext("%(what)s (on %(num)d rating)", "%(what)s (on %(num)d ratings)", times, what=what)


def waiting(count: int) -> str:
    """How long the queue was at one rating."""
    if count == 0:
        return _("nobody waiting")
    return ngettext("queue of %(num)d", "queue of %(num)d", count)


def what_is_next(case: CoachingCase, sessions: list[CoachingSession], at: datetime) -> str:
    """The next step of a case, for the list of talks."""
    if case.closed_at:
        return _("%(how)s · %(when)s", how=closed_as(case.closed_because), when=moment(case.closed_at))
    planned = next((session for session in sessions if session.held_at is None), None)
    held = [session for session in sessions if session.held_at]
    if planned and planned.starts_at > at:
        when = moment(planned.starts_at)
        if planned.kind == "follow_up":
            return _("Follow-up on %(when)s", when=when)
        return _("Talk on %(when)s", when=when)
    if planned:
        return _("The talk of %(when)s is not written up yet", when=moment(planned.starts_at))
    if held:
        return _("Talked on %(when)s", when=moment(held[-1].starts_at))
    return _("No time is set yet")
