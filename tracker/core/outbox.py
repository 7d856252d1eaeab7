"""Mail that is never lost: a row in the transaction of what it tells of, then leased, sent and crossed off.

1. `post` inserts the row under a key made from data, so the same thing is told once.
2. A sender claims due rows under a lease (core.leases), and only then makes the text.
3. A mail to somebody who wants quiet now waits, whenever it was written: also what an outage has held up (`holds_back`).
4. It sends outside any transaction. One that dies is followed by the next, which sends again under the same Message-ID.
5. A round ends well within its lease and gives back what it has not come to, so that a slow server holds up nothing else.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from time import monotonic
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import ColumnElement, select

from tracker.core import leases, logs, mail
from tracker.core.db import db, reading, transaction, upsert
from tracker.core.leases import Claimed
from tracker.core.models import OutboxMail

MAX_ATTEMPTS = 10
BATCH = 50
ROUND_SECONDS = 60.0
Composer = Callable[[OutboxMail], EmailMessage | None]
Sent = Callable[[OutboxMail, datetime], None]
HeldUntil = Callable[[OutboxMail, datetime], datetime | None]
log = structlog.get_logger()


class NotNow(Exception):
    """Raised by a composer: this mail is not to go out before `until`. It costs no attempt."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def start(app: Flask) -> None:
    app.extensions["mail_composers"] = {}
    app.extensions["mails_sent"] = {}
    app.extensions["mail_held_until"] = lambda _row, _at: None


def composes(app: Flask, kind: str, composer: Composer, *, sent: Sent | None = None) -> None:
    """Packages above say how a kind of mail is written; None means there is nothing left that the recipient may see.

    `sent` is told in the transaction that crosses the mail off.
    """
    app.extensions["mail_composers"][kind] = composer
    if sent is not None:
        app.extensions["mails_sent"][kind] = sent


def holds_back(app: Flask, held_until: HeldUntil) -> None:
    """`held_until` comes from the notifications package, which knows quiet hours: until when a mail waits, None when it may go."""
    app.extensions["mail_held_until"] = held_until


def post(kind: str, *, to: int | None, key: str, due_at: datetime, at: datetime, **parameters: Any) -> bool:
    """Put a mail into the outbox; the same key twice is one mail. False when it was there already.

    `to`: a person; None for a customer, whom the composer finds by the key.
    """
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
    return db.session.scalar(made.returning(OutboxMail.id)) is not None


def send_due(at: datetime) -> int:
    """Send what is due; the number sent. Without a mail server everything is kept for the day there is one."""
    smtp_url = current_app.config["SMTP_URL"]
    if not smtp_url:
        return 0
    lease = secrets.token_hex(16)
    mails, ends_at, sent = _claim(lease, at), monotonic() + ROUND_SECONDS, 0
    for number in mails:
        if monotonic() > ends_at:
            leases.give_back(OutboxMail, lease)
            break
        sent += _send_one(number, lease, smtp_url=smtp_url, at=at)
    return sent


def retry(row: OutboxMail, *, at: datetime) -> None:
    """An admin asks for one more round of attempts."""
    row.dead_at, row.attempts, row.due_at, row.last_error = None, 0, at, None


def is_open() -> ColumnElement[bool]:
    return leases.is_open(OutboxMail)


def _claim(lease: str, at: datetime) -> list[int]:
    """The ids of due mails that are now ours, for as long as the lease lasts."""
    due = select(OutboxMail.id).where(leases.is_free(OutboxMail, at)).order_by(OutboxMail.due_at).limit(BATCH)
    return leases.claim(OutboxMail, due.with_for_update(skip_locked=True), lease, at=at)


def _send_one(number: int, lease: str, *, smtp_url: str, at: datetime) -> int:
    with reading():  # nothing is held open while the mail server takes its time
        row = leases.ours(OutboxMail, number, lease)
        if row is None:
            return 0  # our lease ran out, and somebody else has taken it
        claimed = Claimed(row.id, lease, row.attempts)
        unwritten: str | NotNow | None
        try:
            _keep_quiet(row, at)
            message = _composed(row)
        except NotNow as error:
            message, unwritten = None, error
        except Exception as error:  # noqa: BLE001 - whatever it is, it goes to the log and the next mail goes on
            # One mail that cannot be written must not hold up those behind it.
            log.error("mail_not_written", outbox_mail=number, **logs.where(error))
            message, unwritten = None, f"could not be written: {type(error).__name__}"
        else:
            unwritten = None
    if isinstance(unwritten, NotNow):
        _finish(claimed, due_at=unwritten.until, attempts=claimed.attempts - 1)
        return 0
    if unwritten:
        _failed(claimed, unwritten, at=at)
        return 0
    return _handed_over(message, claimed, smtp_url=smtp_url, at=at)


def _keep_quiet(row: OutboxMail, at: datetime) -> None:
    held_until: HeldUntil = current_app.extensions["mail_held_until"]
    until = held_until(row, at)
    if until is not None:
        raise NotNow(until)


def _composed(row: OutboxMail) -> EmailMessage | None:
    # The host part is fixed by configuration, so every retry carries the same id and servers can drop the twin.
    host = parseaddr(current_app.config["MAIL_FROM"])[1].split("@")[-1]
    message_id = f"<{row.key.replace('|', '.')}@{host}>"
    composer: Composer = current_app.extensions["mail_composers"][row.kind]
    message = composer(row)
    if message is not None:
        message["Message-ID"] = message_id
    return message


def _handed_over(message: EmailMessage | None, claimed: Claimed, *, smtp_url: str, at: datetime) -> int:
    if message is None:
        _finish(claimed, dropped_at=at)
        return 0
    try:
        mail.send(smtp_url, message)
    except mail.MailNotSent as error:
        _failed(claimed, str(error), at=at)
        return 0
    _cross_off(claimed, parseaddr(str(message["To"]))[1], at=at)
    return 1


def _cross_off(claimed: Claimed, sent_to: str, *, at: datetime) -> None:
    """A customer's address stays nowhere: only mails to people who work here say where they went."""
    with transaction():
        if not leases.finish(OutboxMail, claimed, sent_at=at, last_error=None):
            return
        row = db.session.get_one(OutboxMail, claimed.id, populate_existing=True)
        row.sent_to = sent_to if row.person_id is not None else None
        tell_sent: Sent | None = current_app.extensions["mails_sent"].get(row.kind)
        if tell_sent is not None:
            tell_sent(row, at)


def _failed(claimed: Claimed, error: str, *, at: datetime) -> None:
    if claimed.attempts >= MAX_ATTEMPTS:
        _finish(claimed, dead_at=at, last_error=error)
    else:
        wait = timedelta(minutes=min(2**claimed.attempts, 240))
        _finish(claimed, due_at=at + wait, last_error=error)


def _finish(claimed: Claimed, **values: Any) -> None:
    with transaction():
        leases.finish(OutboxMail, claimed, **values)
