"""Who gets a report, and which mails are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select, update
from sqlalchemy.orm import aliased

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Person
from tracker.reports.mail_models import ReportMail
from tracker.reports.policy import mails_managed_by


@dataclass(frozen=True)
class Recipient:
    """made_by: a name, None once that person is gone."""

    mail: ReportMail
    name: str
    made_by: str | None


def recipients_of(report: str, viewer: Viewer) -> Sequence[Recipient]:
    """By name. One query."""
    maker = aliased(Person)
    rows = (
        mails_managed_by(viewer)
        .where(ReportMail.report == report)
        .join(Person, Person.id == ReportMail.person_id)
        .outerjoin(maker, maker.id == ReportMail.made_by_id)
        .add_columns(Person.name, maker.name)
        .order_by(Person.name, ReportMail.id)
    )
    return [Recipient(*row) for row in db.session.execute(rows)]


def mails_due(month: date) -> Sequence[int]:
    """Ids of those of which no mail of this month has been planned."""
    is_behind = or_(ReportMail.planned_month.is_(None), ReportMail.planned_month < month)
    due = select(ReportMail.id).where(ReportMail.ended_at.is_(None), is_behind).order_by(ReportMail.id)
    return db.session.scalars(due).all()


def claim(mail: ReportMail, month: date) -> bool:
    """Whether this month's mail is ours to plan: of two processes one finds it so, in the transaction that plans it."""
    as_read = (
        ReportMail.planned_month.is_(None)
        if mail.planned_month is None
        else (ReportMail.planned_month == mail.planned_month)
    )
    claimed = update(ReportMail).where(ReportMail.id == mail.id, ReportMail.ended_at.is_(None), as_read)
    return bool(db.session.execute(claimed.values(planned_month=month)).rowcount == 1)  # type: ignore[attr-defined]  # CursorResult, typed as Result
