"""Files that Chloe has taken of the demo company, so that the works-council pack has some to count: one a month, and the pack itself."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.reports.actions import note_export, note_pack

CHLOE = "H-0007"
MONTHLY = timedelta(days=30)
ROWS = 9, 1_700  # about what these files hold here


def take_files(at: datetime) -> None:
    with transaction():
        chloe = db.session.scalars(select(Person.id).where(Person.staff_number == CHLOE)).one()
        for month in (4, 3, 2):
            note_export(kind="xlsx", rows=ROWS[0], by=chloe, at=at - month * MONTHLY)
        note_pack(kind="xlsx", rows=ROWS[1], by=chloe, at=at - 2 * MONTHLY)
