"""A report made of sections: one month's figures as kept, section by section. What is not worked out yet says so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from werkzeug.exceptions import NotFound

from tracker.reports.figures import kept_of
from tracker.reports.models import ReportFigures
from tracker.reports.periods import KEPT_MONTHS, Year, months_read
from tracker.reports.sections import Figures, Section, Table

Kept = Mapping[tuple[date, str], ReportFigures]


@dataclass(frozen=True)
class Part:
    """A section with what it shows. figures is None where they are not worked out yet; before: those of a year ago, if there are.

    five: the reader wants 5 stars alone to count as happy. mark: differs as soon as the figures do."""

    section: Section
    figures: Figures | None
    before: Figures | None
    five: bool = False
    mark: tuple[object, ...] = ()

    @property
    def read(self) -> Figures:
        """All that words, tables and pictures are made from: the kept figures, those of `year_ago`, and `only_five`."""
        return {**(self.figures or {}), "year_ago": self.before, "only_five": self.five}

    @property
    def headline(self) -> list[str]:
        return self.section.headline(self.read) if self.figures is not None else []

    @property
    def tables(self) -> list[Table]:
        return self.section.tables(self.read) if self.figures is not None else []


@dataclass(frozen=True)
class Report:
    """year is None, and there are no parts, before the first month is over. mark: differs as soon as anything in it does."""

    year: Year | None
    months: Sequence[date]
    parts: tuple[Part, ...]
    made_at: datetime | None
    mark: tuple[object, ...] = ()
    five: bool = False


def report_of(
    sections: Sequence[Section],
    wanted: str | None,
    *,
    at: datetime,
    five: bool = False,
    is_of: Callable[[date], bool] = lambda _month: True,
) -> Report:
    """wanted: a month as 2026-10; None for the latest. five: 5 stars alone count as happy, where that can be chosen. is_of: whether
    there is such a report of a month.

    NotFound where there is no such month to read. Two queries.
    """
    months = [month for month in list(months_read(at))[:KEPT_MONTHS] if is_of(month)]
    if wanted is not None and not months:
        raise NotFound
    if not months:
        return Report(None, (), (), None)
    year = Year(chosen_month(wanted, months))
    kept = kept_of((year.month, year.before.month), [section.kind for section in sections])
    parts = tuple(part_of(section, kept, year, five=five) for section in sections)
    of_month = [row for (month, _kind), row in kept.items() if month == year.month]
    made_at = max((row.made_at for row in of_month), default=None)
    return Report(
        year, months, parts, made_at, (year.month, *months, *(part.mark for part in parts), made_at, five), five
    )


def part_of(section: Section, kept: Kept, year: Year, *, five: bool = False) -> Part:
    """kept: of this year and of the one before (`kept_of`)."""
    now, before = (kept.get((month, section.kind)) for month in (year.month, year.before.month))
    mark = tuple(row and row.version for row in (now, before))
    return Part(section, now.figures if now else None, before.figures if before else None, five, mark)


def chosen_month(wanted: str | None, months: Sequence[date]) -> date:
    if wanted is None:
        return months[0]
    found = next((month for month in months if f"{month:%Y-%m}" == wanted), None)
    if found is None:
        raise NotFound
    return found
