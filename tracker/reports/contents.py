"""What a report says, in the one shape that file, API and mail are made from: sentences and tables, chapter by chapter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _

from tracker.core.language import long_month
from tracker.reports.report_page import Part, Report
from tracker.reports.sections import Table


@dataclass(frozen=True)
class Chapter:
    """One part of a report. is_worked_out: False before its figures are there; it then has neither sentence nor table."""

    key: str
    heading: str
    sentences: Sequence[str]
    tables: Sequence[Table]
    method: str
    is_worked_out: bool = True


@dataclass(frozen=True)
class Contents:
    """One report of one month, for one viewer. month is None, and there are no chapters, before the first month is over.

    about: whom and which months it is of; months: those there are, the latest first; mark: differs as soon as anything in it does.
    """

    title: str
    about: str
    readers: str
    month: date | None
    months: Sequence[date]
    chapters: Sequence[Chapter]
    made_at: datetime | None
    mark: Sequence[object] = field(default=())

    @property
    def is_worked_out(self) -> bool:
        return self.month is not None and all(chapter.is_worked_out for chapter in self.chapters)

    def tables(self) -> Iterator[tuple[Chapter, Table]]:
        for chapter in self.chapters:
            for table in chapter.tables:
                yield chapter, table


def contents_of(report: Report, *, title: str, readers: str) -> Contents:
    """A report about the whole company that is made of sections."""
    return Contents(
        title=title,
        about=about_company(report),
        readers=readers,
        month=report.year.month if report.year else None,
        months=report.months,
        chapters=[_chapter(part) for part in report.parts],
        made_at=report.made_at,
        mark=report.mark,
    )


def about_company(report: Report) -> str:
    if report.year is None:
        return _("No month can be read yet.")
    first, last = long_month(report.year.since), long_month(report.year.month)
    return _("The whole company, the twelve months from %(first)s to %(last)s.", first=first, last=last)


def _chapter(part: Part) -> Chapter:
    section = part.section
    return Chapter(
        section.kind, section.heading(), part.headline, part.tables, section.method(), part.figures is not None
    )
