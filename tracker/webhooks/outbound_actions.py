"""What is done with webhooks: made, given a new secret, paused, removed; and what is written down after a try."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, update

from tracker.audit.actions import record
from tracker.core import leases
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.hooks import SEALED_FOR
from tracker.core.leases import Claimed
from tracker.core.models import HookDelivery, HookSubscription
from tracker.core.sealing import Unreadable, opened, sealed
from tracker.notifications.actions import tell
from tracker.webhooks.outbound_rules import GIVES_UP_AFTER, OVERLAP, TEST, Outcome, new_secret, wait_after


def make_webhook(name: str, url: str, kinds: Iterable[str], *, by: int, at: datetime) -> tuple[HookSubscription, str]:
    """A new webhook and its secret, which is shown once and sealed at rest. `url`: as http.checked_address gave it."""
    secret = new_secret()
    webhook = HookSubscription(
        name=name,
        url=url,
        kinds=sorted(kinds),
        secret=sealed(secret, purpose=SEALED_FOR),
        made_by_id=by,
        made_at=at,
    )
    db.session.add(webhook)
    record("webhook.made", by=by, about=webhook, at=at, kinds=webhook.kinds)
    return webhook, secret


def renew_secret(webhook: HookSubscription, *, by: int, at: datetime) -> str:
    """A new secret. For a day the old one, if it can be read, signs as well: so the receiver changes over without losing anything."""
    secret = new_secret()
    is_kept = can_be_read(webhook)
    webhook.old_secret = webhook.secret if is_kept else None
    webhook.old_secret_until = at + OVERLAP if is_kept else None
    webhook.secret = sealed(secret, purpose=SEALED_FOR)
    record("webhook.secret_renewed", by=by, about=webhook, at=at)
    return secret


def can_be_read(webhook: HookSubscription) -> bool:
    """Not after SECRET_KEY has changed."""
    try:
        opened(webhook.secret, purpose=SEALED_FOR)
    except Unreadable:
        return False
    return True


def pause(webhook: HookSubscription, *, because: str, by: int | None, at: datetime) -> None:
    """because: asked, gone or failing. What waits is kept; what happens meanwhile is not noted for it."""
    if webhook.paused_at is not None:
        raise Conflict("This webhook is paused already.")
    webhook.paused_at, webhook.paused_because = at, because
    record("webhook.paused", by=by, about=webhook, at=at, because=because)
    if by is None:
        key = f"webhook.paused|{webhook.id}|{at.isoformat()}"
        tell("webhook.paused", to=webhook.made_by_id, key=key, at=at, about_id=webhook.id, because=because)


def resume(webhook: HookSubscription, *, by: int, at: datetime) -> None:
    """What waited goes out; the days of failures are counted anew."""
    if webhook.paused_at is None:
        raise Conflict("This webhook is not paused.")
    webhook.paused_at = webhook.paused_because = webhook.failing_since = None
    record("webhook.resumed", by=by, about=webhook, at=at)


def remove(webhook: HookSubscription, *, by: int, at: datetime) -> None:
    """Nothing goes out any more, and its address and secrets are gone. The row goes a day later: no deed is stopped by it."""
    webhook.removed_at = at
    webhook.url = webhook.secret = ""
    webhook.old_secret = webhook.old_secret_until = None
    record("webhook.removed", by=by, about=webhook, at=at)


def send_again(row: HookDelivery, *, by: int, at: datetime) -> None:
    """Once more from the first try, under the same id: a receiver that has had it can tell."""
    row.sent_at = row.dropped_at = row.dead_at = row.status = row.last_error = None
    row.attempts, row.due_at = 0, at
    record("webhook.sent_again", by=by, about=row, at=at)


def note_test(webhook_id: int, message_id: str, outcome: Outcome, *, at: datetime) -> None:
    """A line in the log, whatever came of it."""
    db.session.add(
        HookDelivery(
            subscription_id=webhook_id,
            key=f"{TEST}|{message_id}",
            message_id=message_id,
            kind=TEST,
            parameters={},
            created_at=at,
            due_at=at,
            attempts=1,
            status=outcome.status,
            last_error=outcome.error,
            sent_at=at if outcome.is_taken else None,
            dead_at=None if outcome.is_taken else at,
        )
    )


def drop(claimed: Claimed, reason: str, *, at: datetime) -> None:
    """There is nothing that may be said."""
    leases.finish(HookDelivery, claimed, dropped_at=at, last_error=reason)


def note_outcome(claimed: Claimed, webhook_id: int, outcome: Outcome, *, chance: float, at: datetime) -> None:
    """Cross it off, or plan the next try. A receiver that is gone, or has failed for days, is left alone."""
    status = outcome.status
    if outcome.is_taken:
        if leases.finish(HookDelivery, claimed, sent_at=at, status=status, last_error=None):
            _works_again(webhook_id)
        return
    wait = None if outcome.is_gone else wait_after(claimed.attempts, chance=chance)
    ended = {"dead_at": at} if wait is None else {"due_at": at + wait}
    if leases.finish(HookDelivery, claimed, status=status, last_error=outcome.error, **ended):
        _failed(webhook_id, is_gone=outcome.is_gone, at=at)


def _works_again(webhook_id: int) -> None:
    failing = (HookSubscription.id == webhook_id, HookSubscription.failing_since.is_not(None))
    db.session.execute(update(HookSubscription).where(*failing).values(failing_since=None))


def _failed(webhook_id: int, *, is_gone: bool, at: datetime) -> None:
    # Locked without keeping away the rows that new deeds point at it.
    webhook = db.session.get_one(HookSubscription, webhook_id, with_for_update={"key_share": True})
    webhook.failing_since = webhook.failing_since or at
    if webhook.paused_at is None and is_gone:
        pause(webhook, because="gone", by=None, at=at)
    elif webhook.paused_at is None and at - webhook.failing_since >= GIVES_UP_AFTER:
        pause(webhook, because="failing", by=None, at=at)


def forget(*, before: datetime, removed_before: datetime) -> int:
    """Delete old lines of the log, and webhooks that were removed; how many lines."""
    db.session.execute(delete(HookSubscription).where(HookSubscription.removed_at < removed_before))
    gone = delete(HookDelivery).where(HookDelivery.created_at < before)
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]  # CursorResult, typed as Result
