"""Working out what reports show before anybody asks for it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.core.db import db, reading, transaction
from tracker.pulse.queries import closed_months
from tracker.reports.figures import KINDS, is_of_today, keep
from tracker.reports.models import ReportFigures
from tracker.reports.periods import KEPT_MONTHS, Year, months_read

RENEWED_AFTER = timedelta(hours=24)  # the latest month: what is done about ratings comes later than they do
KINDS_A_ROUND = 2


def work_out(at: datetime) -> int:
    """What is missing, of an older form, or rests on ratings that have changed; some at a time, the latest month first. How many."""
    with reading():
        due = _due(at)
    for kind, year, rests_on in due[:KINDS_A_ROUND]:
        with reading():  # it may take a minute, and whoever writes shall not wait for it
            found = KINDS[kind](year)
        with transaction():
            keep(kind, year, found, rests_on=rests_on, at=at)
    return len(due[:KINDS_A_ROUND])


def _due(at: datetime) -> list[tuple[str, Year, int]]:
    versions = months_read(at)
    months = list(versions)[:KEPT_MONTHS]
    form = ReportFigures.figures["form"].as_integer()
    columns = (ReportFigures.month, ReportFigures.kind, form, ReportFigures.rests_on, ReportFigures.made_at)
    kept = {
        (month, kind): (rests_on, made_at)
        for month, kind, form, rests_on, made_at in db.session.execute(select(*columns))
        if is_of_today(kind, form)
    }
    closed = closed_months()
    due = []
    for month in months:
        year = Year(month)
        # Both only ever grow, so that their sum says whether either has.
        rests_on = sum(versions.get(one, 0) for one in year.months) + sum(one in year.months for one in closed)
        for kind in KINDS:
            was, made_at = kept.get((month, kind), (None, None))
            is_old = month == months[0] and made_at is not None and made_at <= at - RENEWED_AFTER
            if was != rests_on or is_old:
                due.append((kind, year, rests_on))
    return due
