"""Putting people down for a report by mail, and taking them off."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import text

from tracker.access.queries import people_with_role
from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.rows import hold
from tracker.notifications.actions import tell
from tracker.reports.mail_models import RUNNING, ReportMail


def put_down(report: str, people: Iterable[int], *, read_already: date | None, by: int, at: datetime) -> int:
    """How many are new to it; whoever gets it already stays as they are. read_already: the latest month that can be read now."""
    return sum(_put_down(report, person, read_already, by=by, at=at) for person in people)


def _put_down(report: str, person: int, read_already: date | None, *, by: int, at: datetime) -> bool:
    values = {"report": report, "person_id": person, "made_by_id": by, "made_at": at, "planned_month": read_already}
    made = upsert(ReportMail).values(**values)
    made = made.on_conflict_do_nothing(index_elements=["report", "person_id"], index_where=text(RUNNING))
    number = db.session.scalar(made.returning(ReportMail.id))
    if number is None:
        return False
    record("report_mail.made", by=by, about=db.session.get_one(ReportMail, number), person=person, at=at, report=report)
    if person != by:
        tell("report.put_down", to=person, key=f"report.put_down|{number}", at=at, about_id=number)
    return True


def end(mail: ReportMail, *, because: str, by: int | None, at: datetime) -> None:
    """because: `asked`, `right` or `gone`. Where nobody asked for it HR hears of it. Ending what is over changes nothing."""
    hold(mail)
    if mail.ended_at is not None:
        return
    mail.ended_at, mail.ended_because = at, because
    record("report_mail.ended", by=by, about=mail, person=mail.person_id, at=at, report=mail.report, because=because)
    if because != "asked":
        for person in set(people_with_role("hr")) - {mail.person_id}:
            tell("report.mail_ended", to=person, key=f"report.mail_ended|{mail.id}|{person}", at=at, about_id=mail.id)
