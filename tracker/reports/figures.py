"""Figures kept by kind and month: what builds each, and reading them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tracker.core.db import db
from tracker.reports import engagement, fairness
from tracker.reports.customer_sections import SECTIONS
from tracker.reports.models import ReportFigures
from tracker.reports.periods import Year

# kind -> what works it out for the year, as JSON. One that cannot be told yet says so within.
KINDS: Mapping[str, Callable[[Year], dict[str, Any]]] = {
    **{section.kind: section.build for section in (*SECTIONS, fairness.SECTION) if section.build},
    "engagement": engagement.build,
}

# kind -> the form of what is kept: another one after an upgrade lets it be made anew, and until then it is as if it were not there.
FORMS: Mapping[str, int] = {engagement.KIND: engagement.FORM, fairness.KIND: fairness.FORM}


def is_of_today(kind: str, form: int | None) -> bool:
    """form: what the kept figures say of themselves, under "form"; None where they say nothing."""
    return form == FORMS.get(kind)


def kept_of(months: Iterable[date], kinds: Iterable[str]) -> Mapping[tuple[date, str], ReportFigures]:
    """(month, kind) -> what is kept of the years that end with these months, in today’s form. One query."""
    wanted = (ReportFigures.month.in_(list(months)), ReportFigures.kind.in_(list(kinds)))
    rows = db.session.scalars(select(ReportFigures).where(*wanted))
    return {(row.month, row.kind): row for row in rows if is_of_today(row.kind, row.figures.get("form"))}


def keep(kind: str, year: Year, found: dict[str, Any], *, rests_on: int, at: datetime) -> bool:
    """What one kind came to, in the caller's transaction; whether anything is different now.

    rests_on: as it was before it was worked out, so that what changed meanwhile is noticed and it is made again."""
    row = db.session.get(ReportFigures, (year.month, kind), with_for_update=True)
    if row is None:
        db.session.add(
            ReportFigures(month=year.month, kind=kind, figures=found, version=1, rests_on=rests_on, made_at=at)
        )
        return True
    changed = row.figures != found
    row.figures, row.rests_on, row.made_at = found, rests_on, at
    row.version += changed
    return changed
