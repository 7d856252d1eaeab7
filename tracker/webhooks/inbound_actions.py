"""What may be done to a door, and keeping what arrives by it."""

from base64 import b64encode
from datetime import datetime, timedelta
from secrets import token_bytes, token_hex, token_urlsafe
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, update

from tracker.audit.actions import record
from tracker.core import sealing
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict
from tracker.webhooks.inbound_models import Delivery, Door
from tracker.webhooks.inbound_queries import OpenDoor, name_is_taken
from tracker.webhooks.inbound_signatures import WINDOW, Proof, unsigned_digest

PURPOSE = "secret of an incoming webhook"
OVERLAP = timedelta(hours=24)
KEPT = timedelta(days=30)
OURS = ("freshdesk", "standard")  # the secret is made here; the others make their own, and it is pasted


def make_door(kind: str, name: str, *, by: int, at: datetime, **settings: Any) -> Door:
    """A new address. It takes nothing before it has a secret."""
    if name_is_taken(name):
        raise Conflict(_("There is a door of that name already."))
    door = Door(kind=kind, name=name, address=token_urlsafe(18), made_by_id=by, made_at=at, **settings)
    db.session.add(door)
    db.session.flush()
    record("webhook_door.made", by=by, about=door, at=at, kind=kind)
    return door


def change_door(door: Door, *, by: int, at: datetime, **settings: Any) -> None:
    for name, value in settings.items():
        setattr(door, name, value)
    record("webhook_door.changed", by=by, about=door, at=at)


def set_secret(door: Door, secret: str | None, *, by: int, at: datetime) -> str:
    """The secret that the helpdesk gave, or a new one of ours; returned, to be shown this once. The one before stays good for
    24 hours, so that nothing is refused while both sides change."""
    secret = secret or new_secret(door.kind)
    door.old_secret, door.old_until = door.secret, at + OVERLAP if door.secret else None
    door.secret = sealing.sealed(secret, purpose=PURPOSE)
    door.refused, door.refused_since, door.refused_at, door.refused_why = 0, None, None, None
    record("webhook_door.secret_set", by=by, about=door, at=at)
    return secret


def new_secret(kind: str) -> str:
    return "whsec_" + b64encode(token_bytes(24)).decode() if kind == "standard" else token_hex(24)


def secrets_of(door: OpenDoor) -> list[str]:
    """In the clear, those that can be read: a new SECRET_KEY makes them unreadable, and the door refuses until one is set."""
    found = []
    for secret in door.secrets:
        try:
            found.append(sealing.opened(secret, purpose=PURPOSE))
        except sealing.Unreadable:
            continue
    return found


def pause_door(door: Door, *, by: int, at: datetime) -> None:
    """What arrives from now on is kept and waits."""
    if door.paused_at is not None:
        raise Conflict(_("This door is paused already."))
    door.paused_at = at
    record("webhook_door.paused", by=by, about=door, at=at)


def resume_door(door: Door, *, by: int, at: datetime) -> None:
    if door.paused_at is None:
        raise Conflict(_("This door isn’t paused."))
    door.paused_at = None
    record("webhook_door.resumed", by=by, about=door, at=at)


def remove_door(door: Door, *, by: int, at: datetime) -> None:
    """Its address is nobody's any more, and no secret or body of it is kept. Its ratings stay."""
    door.removed_at, door.secret, door.old_secret = at, None, None
    kept = update(Delivery).where(Delivery.door_id == door.id)
    db.session.execute(kept.where(Delivery.body.is_not(None)).values(body=None))
    left = kept.where(Delivery.state == "waiting")
    db.session.execute(left.values(state="not_understood", why="forgotten", worked_at=at))
    record("webhook_door.removed", by=by, about=door, at=at)


def keep_delivery(door: OpenDoor, body: str, proof: Proof, *, at: datetime) -> bool:
    """Store a payload as it came, in one statement; False when the same has come before."""
    if proof.sent_at is None and _came_just_before(door.id, body, at):
        return False
    row = {
        "door_id": door.id,
        "delivery_id": proof.delivery_id,
        "digest": proof.digest,
        "sent_at": proof.sent_at,
        "received_at": at,
        "body": body.replace("\x00", "\ufffd"),
        "state": "waiting",
    }
    made = upsert(Delivery).values(**row).on_conflict_do_nothing().returning(Delivery.id)
    return db.session.scalar(made) is not None


def _came_just_before(door_id: int, body: str, at: datetime) -> bool:
    """Where nothing is signed, the digest holds for five minutes by the clock; this asks for the five before."""
    before = unsigned_digest(body.encode(), at - WINDOW)
    found = db.select(Delivery.id).where(
        Delivery.door_id == door_id, Delivery.digest == before, Delivery.received_at > at - WINDOW
    )
    return db.session.scalar(found) is not None


def count_refused(door_id: int, times: int, why: str, *, at: datetime) -> None:
    """Of what was refused only this is kept: how often, since when, and why the last time."""
    since = db.func.coalesce(Door.refused_since, at)
    values = {"refused": Door.refused + times, "refused_since": since, "refused_at": at, "refused_why": why}
    db.session.execute(update(Door).where(Door.id == door_id).values(values))


def work_again(door_id: int, *, delivery_id: int | None = None, by: int, at: datetime) -> int:
    """What could not be read waits once more, as far as its body is still there; how many."""
    again = update(Delivery).where(
        Delivery.door_id == door_id, Delivery.state == "not_understood", Delivery.body.is_not(None)
    )
    again = again if delivery_id is None else again.where(Delivery.id == delivery_id)
    ids = db.session.scalars(again.values(state="waiting", why=None, field=None).returning(Delivery.id)).all()
    if not ids:
        raise Conflict(_("There is nothing here to work off again."))
    record("webhook_door.worked_again", by=by, about=db.session.get_one(Door, door_id), at=at, deliveries=len(ids))
    return len(ids)


def forget_bodies(at: datetime) -> int:
    """Delete bodies after 30 days, also of what nobody has worked off by then; how many. What was about nothing goes whole: a
    helpdesk tells of every message."""
    gone = delete(Delivery).where(Delivery.state == "not_about", Delivery.received_at < at - KEPT)
    gone_ids = db.session.scalars(gone.where(Delivery.body.is_not(None)).returning(Delivery.id)).all()
    old = update(Delivery).where(Delivery.body.is_not(None), Delivery.received_at < at - KEPT)
    waiting = old.where(Delivery.state == "waiting").values(state="not_understood", why="forgotten", worked_at=at)
    db.session.execute(waiting)
    return len(gone_ids) + len(db.session.scalars(old.values(body=None).returning(Delivery.id)).all())
