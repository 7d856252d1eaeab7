"""Reports as the API gives them: the same sentences and tables as page and file, with every hidden cell as null."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from tracker.api.schemas import Given
from tracker.core.audience import Viewer
from tracker.reports.contents import Chapter, Contents
from tracker.reports.known import KNOWN, Known
from tracker.reports.sections import Table


class ReportQuery(Given):
    month: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")] | None = Field(
        None, description="The last of its twelve months, such as 2026-10; without it the latest that can be read"
    )
    happy: Literal["5"] | None = Field(None, description="5: five stars alone count as happy, where that can be chosen")
    team: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}$")] | None = Field(
        None, description="A group to look into, by its number, where that can be chosen; 0 is the whole company"
    )
    touchpoint: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}$")] | None = Field(
        None, description="Links at one touchpoint, by its number, where that can be chosen"
    )
    driver: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] | None = Field(
        None, description="What was asked about, where that can be chosen"
    )


class ReportLine(BaseModel):
    name: str = Field(description="As in its address")
    title: str
    readers: str = Field(description="Who may read it")


class ReportList(BaseModel):
    data: list[ReportLine]


class ReportTableOut(BaseModel):
    title: str
    headings: list[str] = Field(description="One for each column, with its unit where it has one")
    rows: list[list[str | int | float | None]] = Field(
        description="Null is hidden to protect people, or cannot be told; the page shows a dash there"
    )


class ReportSectionOut(BaseModel):
    key: str
    heading: str
    worked_out: bool = Field(description="False for some minutes after a month is over")
    sentences: list[str] = Field(description="What can be said, with its numbers and their ranges")
    tables: list[ReportTableOut]
    method: str = Field(description="How it is worked out")


class ReportOut(BaseModel):
    """One report of one month, section by section."""

    name: str
    title: str
    about: str = Field(description="Of whom, and of which months")
    readers: str = Field(description="Who may read it")
    month: str | None = Field(description="The last of its twelve months; null before there is one to read")
    months: list[str] = Field(description="The months there are, the latest first")
    worked_out_at: datetime | None
    sections: list[ReportSectionOut]


def reports_read_by(viewer: Viewer) -> ReportList:
    found = [one for one in KNOWN.values() if one.may_read(viewer)]
    return ReportList(data=[ReportLine(name=one.name, title=one.title(), readers=one.readers()) for one in found])


def report_out(found: Known, contents: Contents) -> ReportOut:
    return ReportOut(
        name=found.name,
        title=contents.title,
        about=contents.about,
        readers=contents.readers,
        month=_month(contents.month) if contents.month else None,
        months=[_month(month) for month in contents.months],
        worked_out_at=contents.made_at,
        sections=[_section(chapter) for chapter in contents.chapters],
    )


def _month(month: date) -> str:
    return f"{month:%Y-%m}"


def _section(chapter: Chapter) -> ReportSectionOut:
    return ReportSectionOut(
        key=chapter.key,
        heading=chapter.heading,
        worked_out=chapter.is_worked_out,
        sentences=list(chapter.sentences),
        tables=[_table(table) for table in chapter.tables],
        method=chapter.method,
    )


def _table(table: Table) -> ReportTableOut:
    return ReportTableOut(title=table.title, headings=list(table.headings), rows=[list(row) for row in table.rows])
