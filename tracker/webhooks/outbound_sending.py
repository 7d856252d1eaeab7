"""Sending: claimed under a lease, made for the eyes of whoever made the webhook, signed, posted outside any transaction.

1. A round takes at most so many of each webhook, those that answer before those that fail, and ends well within its lease.
2. After its first failure in a round a webhook rests until the next: one slow receiver costs a round one wait.
3. At least once: a sender that dies after the receiver's answer is followed by one that sends the same id again.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

import structlog
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from tracker.access.queries import viewer_of_person
from tracker.core import clock, hooks, http, leases, logs
from tracker.core.db import db, reading, transaction
from tracker.core.errors import Conflict
from tracker.core.leases import Claimed
from tracker.core.models import HookDelivery, HookSubscription
from tracker.core.sealing import Unreadable, opened
from tracker.webhooks import outbound_actions as actions
from tracker.webhooks.outbound_events import EVENTS
from tracker.webhooks.outbound_policy import may_have_webhooks
from tracker.webhooks.outbound_rules import TEST, Outcome, message, signed

ROUND_SECONDS = 20.0
EACH = 20
BATCH = 100
log = structlog.get_logger()


@dataclass(frozen=True)
class Letter:
    """A message ready to go."""

    url: str
    body: bytes
    headers: dict[str, str]


class _Silent(Exception):
    """There is nothing to be said, for this reason."""


def send_due(at: datetime) -> int:
    """Send what is due, as far as a round goes; how many were taken."""
    lease, ends_at, sent = secrets.token_hex(16), monotonic() + ROUND_SECONDS, 0
    resting: set[int] = set()
    claimed = leases.claim(HookDelivery, _wanted(at), lease, at=at)
    for number in claimed:
        if monotonic() > ends_at:
            break
        sent += _send_one(number, lease, resting, at=at)
    if claimed:
        leases.give_back(HookDelivery, lease)
    return sent


def _wanted(at: datetime) -> Select[int]:
    """Every webhook's turn, one by one, before anybody's second; those that fail at the end."""
    turn = func.row_number().over(
        partition_by=HookDelivery.subscription_id, order_by=(HookDelivery.due_at, HookDelivery.id)
    )
    ranked = (
        select(HookDelivery.id, turn.label("turn"), HookSubscription.failing_since)
        .join(HookSubscription, HookSubscription.id == HookDelivery.subscription_id)
        .where(leases.is_free(HookDelivery, at), hooks.is_listened_to())
        .subquery()
    )
    columns = ranked.c
    in_turn = (columns.failing_since.is_not(None), columns.turn, columns.id)
    return select(columns.id).where(columns.turn <= EACH).order_by(*in_turn).limit(BATCH)


def _send_one(number: int, lease: str, resting: set[int], *, at: datetime) -> int:
    with reading():  # nothing is held open while the receiver takes its time
        row = leases.ours(HookDelivery, number, lease)
        webhook = db.session.get_one(HookSubscription, row.subscription_id) if row else None
        if row is None or webhook is None or webhook.id in resting or webhook.paused_at or webhook.removed_at:
            return 0  # somebody else has it, or it is given back at the end of the round
        claimed, webhook_id = Claimed(row.id, lease, row.attempts), webhook.id
        written = _written(row, webhook, at=at)
    if isinstance(written, _Silent):
        with transaction():
            actions.drop(claimed, str(written), at=at)
        return 0
    outcome = posted(written) if isinstance(written, Letter) else written
    if not outcome.is_taken:
        resting.add(webhook_id)
    with transaction():
        chance = secrets.randbelow(1000) / 1000
        actions.note_outcome(claimed, webhook_id, outcome, chance=chance, at=at)
    return int(outcome.is_taken)


def _written(row: HookDelivery, webhook: HookSubscription, *, at: datetime) -> Letter | Outcome | _Silent:
    """The letter; or why there is none: for good, or for now."""
    try:
        return _letter(row, webhook, at=at)
    except _Silent as silent:
        return silent
    except Unreadable:
        return Outcome(None, _("Its secret can’t be read any more. Make a new one."))
    except Exception as error:  # noqa: BLE001 - whatever it is, it goes to the log and the next one goes on
        log.error("webhook_not_written", hook_delivery=row.id, **logs.where(error))
        return Outcome(None, _("It could not be written: %(kind)s.", kind=type(error).__name__))


def _letter(row: HookDelivery, webhook: HookSubscription, *, at: datetime) -> Letter:
    viewer = viewer_of_person(webhook.made_by_id, at=at)
    if viewer is None or not may_have_webhooks(viewer):
        raise _Silent(_("Whoever made this webhook is no admin here any more."))
    said = EVENTS[row.kind].said(row, viewer)
    if said is None:
        raise _Silent(_("What it is about is not there any more, or not visible to whoever made this webhook."))
    return _sealed_up(webhook, row.message_id, message(row.kind, at=row.created_at, data=said))


def _sealed_up(webhook: HookSubscription, message_id: str, body: str) -> Letter:
    now = clock.now()
    kept = [webhook.secret]
    if webhook.old_secret and webhook.old_secret_until and webhook.old_secret_until > now:
        kept.append(webhook.old_secret)
    keys = [opened(secret, purpose=hooks.SEALED_FOR) for secret in kept]
    return Letter(webhook.url, body.encode(), signed(body, message_id=message_id, keys=keys, at=now))


def posted(letter: Letter) -> Outcome:
    """What the receiver answered. Its body is read to the end and forgotten: it could hold anything."""
    try:
        answer = http.post(letter.url, letter.body, headers=letter.headers)
    except http.NotFetched as error:
        return Outcome(None, str(error))
    return Outcome(answer.status, None if 200 <= answer.status < 300 else _why_not(answer.status))


def _why_not(status: int) -> str:
    if status == 410:
        return _("The receiver says that it is gone for good (410).")
    if 300 <= status < 400:
        return _("The receiver sent us elsewhere (%(status)d). That is never followed.", status=status)
    return _("The receiver answered %(status)d.", status=status)


def letter_of_test(webhook: HookSubscription, *, at: datetime) -> tuple[str, Letter]:
    """A signed test message and its id; Conflict with a sentence when there can be none."""
    if not may_have_webhooks(viewer_of_person(webhook.made_by_id, at=at)):
        raise Conflict(_("Whoever made this webhook is no admin here any more."))
    message_id = hooks.new_message_id()
    try:
        return message_id, _sealed_up(webhook, message_id, message(TEST, at=at, data={}))
    except Unreadable as error:
        raise Conflict(_("Its secret can’t be read any more. Make a new one.")) from error
