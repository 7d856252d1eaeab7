"""What the audit has recorded, as counts by kind and month: no names, and no count that fewer than five people stand behind.

An office’s deeds (files taken, settings, roles, who is let in) are counted however few there are: they were done for the company, and who
reads the pack is to see them. Everything else is counted in a month only from five different people on, those who did it and those whom it
is about alike. Only months that have ended are shown, each the same whatever period is asked for, so that no two packs can be held against
each other to find one person's deed; and a sum holds only what is shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.audit.models import AuditEntry
from tracker.audit.words import WORDS, in_words
from tracker.core import clock
from tracker.core.db import db
from tracker.ratings.months import next_month
from tracker.reports.pack_log_words import FILE_TAKEN, NOT_OF_OFFICE, OF_OFFICE
from tracker.reports.periods import month_before
from tracker.statistics.disclosure import SMALLEST_GROUP

LENGTHS = (3, 6, 12)  # months a page of paper has room for
MOST_MONTHS = 60


@dataclass(frozen=True)
class Count:
    """How often in a month; None where fewer than five people stand behind it."""

    times: int | None


NONE = Count(0)


@dataclass(frozen=True)
class Kind:
    """One kind of deed. sum: of the months that are shown; None where none of them is."""

    says: str
    months: tuple[Count, ...]

    @property
    def sum(self) -> int | None:
        shown = [one.times for one in self.months if one.times is not None]
        return sum(shown) if any(shown) or len(shown) == len(self.months) else None


@dataclass(frozen=True)
class Deeds:
    """Kinds under a heading, by their words; those that did not happen in the period are left out."""

    name: str
    is_of_office: bool
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Log:
    """months: the first day of each, oldest first."""

    months: tuple[date, ...]
    deeds: tuple[Deeds, ...]

    @property
    def is_empty(self) -> bool:
        return not any(one.kinds for one in self.deeds)


def months_ended(today: date, count: int) -> list[date]:
    """The first days of the last months that have ended, newest first."""
    found = [month_before(today.replace(day=1))]
    while len(found) < count:
        found.append(month_before(found[-1]))
    return found


def log(months: Sequence[date], *, zone: str) -> Log:
    """One query a month, over the audit's index by time. months: first days, oldest first; they begin and end by the clock of `zone`."""
    by_kind: dict[str, dict[date, Count]] = defaultdict(dict)
    for month in months:
        for action, count in _counted(month, zone=zone):
            by_kind[action][month] = count
    kinds = {
        action: Kind(in_words(action), tuple(one.get(month, NONE) for month in months))
        for action, one in by_kind.items()
    }
    return Log(tuple(months), tuple(_grouped(kinds)))


def _counted(month: date, *, zone: str) -> Iterable[tuple[str, Count]]:
    since, until = (clock.moment_at(day, time(), zone) for day in (month, next_month(month)))
    of = AuditEntry
    columns = (of.by_id, of.person_id)
    sums = [part for column in columns for part in (func.count(column), func.count(column.distinct()))]
    counts = select(of.action, func.count(), *sums).where(of.at >= since, of.at < until).group_by(of.action)
    for action, times, *people in db.session.execute(counts):
        by, doers, about, concerned = people
        is_shown = is_of_office(action) or (_are_enough(by, doers) and _are_enough(about, concerned))
        yield action, Count(times if is_shown else None)


def _are_enough(entries: int, people: int) -> bool:
    """Whether entries with a person are of five different people or more; none with one are of nobody."""
    return entries == 0 or people >= SMALLEST_GROUP


def is_of_office(action: str) -> bool:
    return _heading(action) is not None


def _heading(action: str) -> str | None:
    if action in NOT_OF_OFFICE:
        return None
    if action.endswith(FILE_TAKEN):
        return str(OF_OFFICE[0][0])
    return next((str(name) for name, starts in OF_OFFICE if action.startswith(starts)), None)


def _grouped(kinds: dict[str, Kind]) -> Iterable[Deeds]:
    for name, _starts in OF_OFFICE:
        yield Deeds(str(name), True, _by_words(kind for action, kind in kinds.items() if _heading(action) == str(name)))
    yield Deeds(
        _("Everything else"), False, _by_words(kind for action, kind in kinds.items() if not is_of_office(action))
    )


def _by_words(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    return tuple(sorted(kinds, key=lambda kind: kind.says))


def kinds_known() -> int:
    """How many kinds of deed the audit records."""
    return len(WORDS)
