"""Setting browsers up for pushes, and planning what goes to them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from tracker.access.models import SignInSession
from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.http import checked_address
from tracker.core.leases import is_open
from tracker.notifications.choice_models import PushDelivery, PushSubscription
from tracker.notifications.choices import choices_of
from tracker.notifications.models import Message
from tracker.notifications.policy import subscriptions_of
from tracker.notifications.push_rules import MOST_BROWSERS
from tracker.organisation.queries import calendars

BATCH = 5_000
KEPT = timedelta(days=7)


def subscribe(
    person_id: int, session_id: int, *, endpoint: str, p256dh: str, auth: str, browser: str, at: datetime
) -> None:
    """This browser takes the person’s pushes from now on, and nobody else’s: the one who used it before has left it.

    Invalid when the endpoint is no address that may be called.
    """
    address = checked_address(endpoint)
    digest = hashlib.sha256(address.encode()).hexdigest()
    db.session.execute(delete(PushSubscription).where(PushSubscription.endpoint_hash == digest))
    held = db.session.scalars(subscriptions_of(person_id).order_by(PushSubscription.id.desc())).all()
    for oldest in held[MOST_BROWSERS - 1 :]:
        db.session.delete(oldest)
    subscription = PushSubscription(
        person_id=person_id, session_id=session_id, endpoint=address, endpoint_hash=digest, p256dh=p256dh, auth=auth,
        browser=browser[:80], created_at=at,
    )  # fmt: skip
    db.session.add(subscription)
    record("notifications.pushed", by=person_id, about=subscription, person=person_id, at=at)


def unsubscribe(subscription: PushSubscription, *, by: int | None, at: datetime) -> None:
    """`by`: its owner; None when the push service says that it is gone."""
    record("notifications.unpushed", by=by, about=subscription, person=subscription.person_id, at=at)
    db.session.delete(subscription)


def plan_pushes(*, at: datetime) -> int:
    """Look once at every message that has come into an inbox: the number of pushes planned for it, in the caller's transaction."""
    new = db.session.execute(
        select(Message.id, Message.person_id, Message.kind, Message.is_urgent, Message.read_at)
        .where(Message.pushed_at.is_(None), Message.visible_at <= at)
        .order_by(Message.visible_at, Message.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    if not new:
        return 0
    urgent: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for _id, person_id, kind, is_urgent, read_at in new:
        if read_at is None:
            urgent[person_id].append((kind, is_urgent))
    count = _plan(urgent, at=at)
    looked_at = update(Message).where(Message.id.in_([row.id for row in new])).values(pushed_at=at)
    db.session.execute(looked_at.execution_options(synchronize_session=False))
    return count


def _plan(told: dict[int, list[tuple[str, bool]]], *, at: datetime) -> int:
    browsers = _browsers(told)
    choices, hours = choices_of(browsers), calendars(browsers, at.date() - timedelta(days=1)) if browsers else {}
    rows = []
    for person_id, subscription_ids in browsers.items():
        wanted = [is_urgent for kind, is_urgent in told[person_id] if choices[person_id].pushes(kind)]
        for is_urgent in sorted(set(wanted)):
            due_at = choices[person_id].held_until(at, hours[person_id], urgent=is_urgent)
            rows += [_row(subscription_id, is_urgent, due_at, at) for subscription_id in subscription_ids]
    if not rows:
        return 0
    # One a minute for each browser: it says the same however many things are new.
    made = upsert(PushDelivery).on_conflict_do_nothing(index_elements=["subscription_id", "key"])
    return len(db.session.scalars(made.returning(PushDelivery.id), rows).all())


def _browsers(people: Iterable[int]) -> dict[int, list[int]]:
    """Person -> subscriptions in sessions that nobody has ended."""
    found: dict[int, list[int]] = defaultdict(list)
    standing = (
        select(PushSubscription.person_id, PushSubscription.id)
        .join(SignInSession, SignInSession.id == PushSubscription.session_id)
        .where(PushSubscription.person_id.in_(set(people)), SignInSession.ended_at.is_(None))
    )
    for person_id, subscription_id in db.session.execute(standing.order_by(PushSubscription.id)):
        found[person_id].append(subscription_id)
    return found


def _row(subscription_id: int, is_urgent: bool, due_at: datetime, at: datetime) -> dict[str, object]:
    key = f"{'urgent' if is_urgent else 'plain'}|{due_at:%Y%m%d%H%M}"
    return {
        "subscription_id": subscription_id,
        "key": key,
        "is_urgent": is_urgent,
        "due_at": due_at,
        "created_at": at,
        "attempts": 0,
    }


def forget_pushes(*, at: datetime) -> int:
    """Delete what went out or was given up more than 7 days ago, and browsers whose session was ended."""
    old = delete(PushDelivery).where(PushDelivery.created_at < at - KEPT, ~is_open(PushDelivery))
    ended = select(SignInSession.id).where(SignInSession.ended_at.is_not(None))
    over = delete(PushSubscription).where(PushSubscription.session_id.in_(ended))
    return sum(db.session.execute(statement).rowcount for statement in (old, over))  # type: ignore[attr-defined]
