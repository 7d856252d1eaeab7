"""Sending pushes: claimed under a lease, encrypted for one browser, posted to its push service outside any transaction.

1. Whether it may go now (quiet hours, also after an outage) and whether anything is still new is looked up as it goes.
2. A round ends well within its lease; a push service that fails rests until the next.
3. A subscription that its push service calls gone is deleted.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Select, select

from tracker.access.models import SignInSession
from tracker.access.queries import viewer_of_person
from tracker.core import http, leases, logs
from tracker.core.audience import Viewer
from tracker.core.db import db, reading, transaction
from tracker.core.leases import Claimed
from tracker.notifications.choice_models import PushDelivery, PushSubscription
from tracker.notifications.choices import choices_of, held_until
from tracker.notifications.models import Message
from tracker.notifications.policy import messages_of
from tracker.notifications.push_actions import unsubscribe
from tracker.notifications.push_keys import authorization
from tracker.notifications.push_rules import GONE, LIFE, NEVER, encrypted, next_try, said
from tracker.notifications.queries import still_seen

ROUND_SECONDS = 20.0
BATCH = 100
log = structlog.get_logger()


@dataclass(frozen=True)
class Letter:
    """A push ready to go."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of it: columns to write, and whether the subscription is gone."""

    values: dict[str, Any]
    is_gone: bool = False


def send_due(at: datetime) -> int:
    """Send what is due, as far as a round goes; the number sent."""
    lease, ends_at, sent = secrets.token_hex(16), monotonic() + ROUND_SECONDS, 0
    resting: set[str] = set()
    claimed = leases.claim(PushDelivery, _wanted(at), lease, at=at)
    for number in claimed:
        if monotonic() > ends_at:
            break
        sent += _send_one(number, lease, resting, at=at)
    if claimed:
        leases.give_back(PushDelivery, lease)
    return sent


def _wanted(at: datetime) -> Select[int]:
    due = select(PushDelivery.id).where(leases.is_free(PushDelivery, at)).order_by(PushDelivery.due_at, PushDelivery.id)
    return due.limit(BATCH).with_for_update(skip_locked=True)


def _send_one(number: int, lease: str, resting: set[str], *, at: datetime) -> int:
    with reading():  # nothing is held open while the push service takes its time
        row = leases.ours(PushDelivery, number, lease)
        if row is None:
            return 0  # our lease ran out, and somebody else has taken it
        claimed = Claimed(row.id, lease, row.attempts)
        browser = db.session.get_one(PushSubscription, row.subscription_id)
        service, subscription_id = urlsplit(browser.endpoint).netloc, browser.id
        if service in resting:
            return 0  # it is given back at the end of the round
        written = _written(row, browser, at=at)
    outcome = _posted(written, claimed, resting, service, at=at) if isinstance(written, Letter) else written
    with transaction():
        if leases.finish(PushDelivery, claimed, **outcome.values) and outcome.is_gone:
            unsubscribe(db.session.get_one(PushSubscription, subscription_id), by=None, at=at)
    return int("sent_at" in outcome.values)


def _written(row: PushDelivery, browser: PushSubscription, *, at: datetime) -> Letter | Outcome:
    """The letter; or why there is none: for good, or for now."""
    try:
        until = held_until(browser.person_id, at, urgent=row.is_urgent)
        if until is not None:
            return Outcome({"due_at": until, "attempts": row.attempts - 1})
        viewer = viewer_of_person(browser.person_id, at=at)
        if viewer is None or at - row.due_at > LIFE or _is_ended(browser) or not _has_news(viewer):
            return Outcome({"dropped_at": at})
        return _letter(row, browser, viewer, at=at)
    except Exception as error:  # noqa: BLE001 - whatever it is, it goes to the log and the next one goes on
        log.error("push_not_written", push_delivery=row.id, **logs.where(error))
        return Outcome({"dead_at": at, "last_error": f"could not be written: {type(error).__name__}"})


def _is_ended(browser: PushSubscription) -> bool:
    return db.session.get_one(SignInSession, browser.session_id).ended_at is not None


def _has_news(viewer: Viewer) -> bool:
    """Whether something that the person wants pushed is still unread, and still theirs to see."""
    choices = choices_of([viewer.person_id])[viewer.person_id]
    unread = db.session.scalars(messages_of(viewer).where(Message.read_at.is_(None), Message.pushed_at.is_not(None)))
    return any(choices.pushes(message.kind) for message in still_seen(unread, viewer))


def _letter(row: PushDelivery, browser: PushSubscription, viewer: Viewer, *, at: datetime) -> Letter:
    with force_locale(viewer.language):
        content = said(_("New in your inbox"))
    headers = {
        "Authorization": authorization(browser.endpoint, at=at),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(LIFE.total_seconds())),
        "Topic": "inbox",  # a browser that was off gets one, not all it has missed
        "Urgency": "high" if row.is_urgent else "normal",
    }
    return Letter(browser.endpoint, encrypted(content, p256dh=browser.p256dh, auth=browser.auth), headers)


def _posted(letter: Letter, claimed: Claimed, resting: set[str], service: str, *, at: datetime) -> Outcome:
    """The push service’s body is read to the end and forgotten: it could hold anything."""
    try:
        status = http.post(letter.url, letter.body, headers=letter.headers).status
    except http.NotFetched as error:
        resting.add(service)
        return _again(claimed, str(error), at=at)
    if 200 <= status < 300:
        return Outcome({"sent_at": at, "last_error": None})
    if status in GONE:
        return Outcome({"dropped_at": at}, is_gone=True)
    refusal = _("The push service answered %(status)d.", status=status)
    if status in NEVER:
        return Outcome({"dead_at": at, "last_error": refusal})
    resting.add(service)
    return _again(claimed, refusal, at=at)


def _again(claimed: Claimed, error: str, *, at: datetime) -> Outcome:
    due_at = next_try(claimed.attempts, at=at)
    ended = {"dead_at": at} if due_at is None else {"due_at": due_at}
    return Outcome({**ended, "last_error": error})
