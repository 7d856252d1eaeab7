"""Planning the monthly mails of reports."""

from datetime import date, datetime

from tracker.access.queries import viewer_of_person
from tracker.core import outbox
from tracker.core.audience import Viewer
from tracker.core.db import db, reading, transaction
from tracker.organisation.models import Person
from tracker.organisation.queries import calendar_of
from tracker.reports.known import KNOWN, Known, contents_for
from tracker.reports.mail_actions import end
from tracker.reports.mail_models import ReportMail
from tracker.reports.mail_queries import claim, mails_due
from tracker.reports.periods import months_read

KIND = "report"


def plan_mails(at: datetime) -> int:
    """A mail for everybody who is to have the latest month and has not; how many. Months that were missed are not made up for."""
    with reading():
        month = next(iter(months_read(at)), None)
        due = mails_due(month) if month else []
    if month is None:
        return 0
    planned = 0
    for number in due:
        with transaction():
            planned += _plan(db.session.get_one(ReportMail, number), month, at=at)
    return planned


def _plan(mail: ReportMail, month: date, *, at: datetime) -> bool:
    viewer = viewer_of_person(mail.person_id, at=at)
    person = db.session.get_one(Person, mail.person_id)
    found = KNOWN.get(mail.report)
    if found is None:
        return False
    if viewer is None or not person.email:
        end(mail, because="gone", by=None, at=at)
        return False
    # Whoever may not read it any more gets a mail that says so, made when it goes.
    latest = _latest(found, viewer) if found.may_read(viewer) else month
    is_new = latest is not None and (mail.planned_month is None or mail.planned_month < latest)
    if latest is None or not is_new or not claim(mail, latest):
        return False
    due_at = calendar_of(person.id, at.date()).next_morning(at)
    of = f"{latest:%Y-%m}"
    return outbox.post(KIND, to=person.id, key=f"report|{mail.id}|{of}", due_at=due_at, at=at, mail=mail.id, month=of)


def _latest(found: Known, viewer: Viewer) -> date | None:
    """The latest month of this very report, since not every one is there each month; None where it is not worked out."""
    contents = contents_for(found, viewer, {})
    return contents.month if contents.is_worked_out else None
