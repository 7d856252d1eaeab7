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
    """A section with what it shows. figures is None where they are not worked out yet; before: those of a year ago, if there are."""

    section: Section
    figures: Figures | None
    before: Figures | None

    @property
    def headline(self) -> list[str]:
        return self.section.headline(self.figures) if self.figures is not None else []

    @property
    def tables(self) -> list[Table]:
        return self.section.tables(self.figures) if self.figures is not None else []


@dataclass(frozen=True)
class Report:
    """year is None, and there are no parts, before the first month is over."""

    year: Year | None
    months: Sequence[date]
    parts: tuple[Part, ...]
    made_at: datetime | None


def customer_report(wanted: str | None, *, at: datetime) -> Report:
    """wanted: a month as 2026-10; None for the latest. NotFound where there is no such month to read. Three queries."""
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
        )
        for section in SECTIONS
    )
    return Report(year, months, parts, max((row.made_at for row in now.values()), default=None))


def chosen_month(wanted: str | None, months: Sequence[date]) -> date:
    if wanted is None:
        return months[0]
    found = next((month for month in months if f"{month:%Y-%m}" == wanted), None)
    if found is None:
        raise NotFound
    return found
