"""The report about customers: one month's figures as kept, section by section. What is not worked out yet says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from werkzeug.exceptions import NotFound

from tracker.reports.customer_sections import SECTIONS
from tracker.reports.figures import figures_of
from tracker.reports.periods import Year, months_read
from tracker.reports.sections import Figures, Section, Table


@dataclass(frozen=True)
class Part:
    """A section with what it shows. figures is None where they are not worked out yet; before: those of a year ago, if there are.

    five: the reader wants 5 stars alone to count as happy."""

    section: Section
    figures: Figures | None
    before: Figures | None
    five: bool = False

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
    """year is None, and there are no parts, before the first month is over."""

    year: Year | None
    months: Sequence[date]
    parts: tuple[Part, ...]
    made_at: datetime | None
    five: bool = False


def customer_report(wanted: str | None, *, at: datetime, five: bool = False) -> Report:
    """wanted: a month as 2026-10; None for the latest. five: 5 stars alone count as happy, where that can be chosen.

    NotFound where there is no such month to read. Three queries."""
    months = list(months_read(at))
    if not months:
        return Report(None, (), (), None)
    year = Year(chosen_month(wanted, months))
    now, before = figures_of(year.month), figures_of(year.before.month)
    parts = tuple(
        Part(
            section,
            now[section.kind].figures if section.kind in now else None,
            before[section.kind].figures if section.kind in before else None,
            five,
        )
        for section in SECTIONS
    )
    return Report(year, months, parts, max((row.made_at for row in now.values()), default=None), five)


def chosen_month(wanted: str | None, months: Sequence[date]) -> date:
    if wanted is None:
        return months[0]
    found = next((month for month in months if f"{month:%Y-%m}" == wanted), None)
    if found is None:
        raise NotFound
    return found
