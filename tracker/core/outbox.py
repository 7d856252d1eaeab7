"""Mail that is never lost: a row in the transaction of what it tells of, then leased, sent and crossed off.

1. `post` inserts the row under a key made from data, so the same thing is told once.
2. A sender claims due rows with a random lease, and only then makes the text.
3. It sends outside any transaction, and finishes only where its lease still stands.
4. A sender that dies leaves a lease that runs out; the next one sends again under the same Message-ID.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from flask import Flask, current_app
from sqlalchemy import and_, func, or_, select, update

from tracker.core import mail
from tracker.core.db import db, transaction, upsert
from tracker.core.models import OutboxMail

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 10
BATCH = 50
Composer = Callable[[OutboxMail], EmailMessage | None]


def start(app: Flask) -> None:
    app.extensions["mail_composers"] = {}


def composes(app: Flask, kind: str, composer: Composer) -> None:
    """Packages above say how a kind of mail is written; None means there is nothing left that the recipient may see."""
    app.extensions["mail_composers"][kind] = composer


def post(kind: str, *, to: int, key: str, due_at: datetime, at: datetime, **parameters: Any) -> bool:
    """Put a mail into the outbox; the same key twice is one mail. False when it was there already."""
    row = {
        "kind": kind,
        "person_id": to,
        "key": key,
        "due_at": due_at,
        "created_at": at,
        "parameters": parameters,
        "attempts": 0,
    }
    made = upsert(OutboxMail).values(**row).on_conflict_do_nothing(index_elements=["key"])
    return bool(db.session.execute(made).rowcount == 1)  # type: ignore[attr-defined]  # CursorResult, typed as Result


def send_due(at: datetime) -> int:
    """Send what is due; the number sent. Without a mail server everything is kept for the day there is one."""
    smtp_url = current_app.config["SMTP_URL"]
    if not smtp_url:
        return 0
    sent = 0
    for row in _claim(at):
        sent += _send_one(row, smtp_url=smtp_url, at=at)
    return sent


def retry(row: OutboxMail, *, at: datetime) -> None:
    """An admin asks for one more round of attempts."""
    row.dead_at, row.attempts, row.due_at, row.last_error = None, 0, at, None


def is_open() -> Any:
    return and_(OutboxMail.sent_at.is_(None), OutboxMail.dropped_at.is_(None), OutboxMail.dead_at.is_(None))


def depth_and_oldest(at: datetime) -> tuple[int, datetime | None]:
    """How many mails are due and not sent, and since when the oldest waits."""
    row = db.session.execute(
        select(func.count(), func.min(OutboxMail.due_at)).where(is_open(), OutboxMail.due_at <= at)
    ).one()
    return row[0], row[1]


def _claim(at: datetime) -> list[OutboxMail]:
    lease = secrets.token_hex(16)
    free = or_(OutboxMail.leased_until.is_(None), OutboxMail.leased_until < at)
    with transaction():
        due = (
            select(OutboxMail.id)
            .where(is_open(), OutboxMail.due_at <= at, free)
            .order_by(OutboxMail.due_at)
            .limit(BATCH)
        )
        ids = db.session.scalars(due.with_for_update(skip_locked=True)).all()
        db.session.execute(
            update(OutboxMail)
            .where(OutboxMail.id.in_(ids), is_open(), free)
            .values(lease=lease, leased_until=at + LEASE, attempts=OutboxMail.attempts + 1)
        )
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.lease == lease, is_open())))


def _send_one(row: OutboxMail, *, smtp_url: str, at: datetime) -> int:
    claimed = (row.id, row.lease, row.attempts)
    message = current_app.extensions["mail_composers"][row.kind](row)
    if message is not None:
        # The host part is fixed by configuration, so every retry carries the same id and servers can drop the twin.
        message["Message-ID"] = (
            f"<{row.key.replace('|', '.')}@{parseaddr(current_app.config['MAIL_FROM'])[1].split('@')[-1]}>"
        )
    db.session.rollback()  # nothing is held open while the mail server takes its time
    if message is None:
        _finish(claimed, dropped_at=at)
        return 0
    try:
        mail.send(smtp_url, message)
    except mail.MailNotSent as error:
        _failed(claimed, str(error), at=at)
        return 0
    _finish(claimed, sent_at=at, sent_to=parseaddr(str(message["To"]))[1], last_error=None)
    return 1


def _failed(claimed: tuple[int, str | None, int], error: str, *, at: datetime) -> None:
    attempts = claimed[2]
    if attempts >= MAX_ATTEMPTS:
        _finish(claimed, dead_at=at, last_error=error)
    else:
        wait = timedelta(minutes=min(2**attempts, 240))
        _finish(claimed, due_at=at + wait, last_error=error)


def _finish(claimed: tuple[int, str | None, int], **values: Any) -> None:
    """Only where the lease is still ours: somebody else may have taken over after it ran out."""
    with transaction():
        db.session.execute(
            update(OutboxMail)
            .where(OutboxMail.id == claimed[0], OutboxMail.lease == claimed[1])
            .values(lease=None, leased_until=None, **values)
        )
