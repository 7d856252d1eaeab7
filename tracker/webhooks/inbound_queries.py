"""Doors and deliveries: looked up as they arrive, as they are worked off, and for the pages."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import defer, joinedload

from tracker.core.db import db
from tracker.ratings.models import Attribution, Interaction, Rating
from tracker.ratings.policy import counted
from tracker.webhooks.inbound_models import Delivery, Door

APPLIED = ("credited", "tray", "changed", "known")  # deliveries about a rating that stands under their own number


class OpenDoor(NamedTuple):
    """What is needed of a door to check a delivery, held by no session."""

    id: int
    kind: str
    secrets: tuple[str, ...]  # sealed


def open_door(address: str, *, at: datetime) -> OpenDoor | None:
    row = db.session.execute(
        select(Door.id, Door.kind, Door.secret, Door.old_secret, Door.old_until).where(
            Door.address == address, Door.removed_at.is_(None)
        )
    ).first()
    if row is None:
        return None
    old = row.old_secret if row.old_until and row.old_until > at else None
    return OpenDoor(row.id, row.kind, tuple(secret for secret in (row.secret, old) if secret))


def doors_with_work() -> list[int]:
    """Doors with something waiting, the longest waiting first. A paused one lets it wait."""
    waiting = (
        select(Delivery.door_id, func.min(Delivery.id).label("first"))
        .where(Delivery.state == "waiting")
        .group_by(Delivery.door_id)
        .subquery()
    )
    doors = select(Door.id).join(waiting, waiting.c.door_id == Door.id).where(Door.paused_at.is_(None))
    return list(db.session.scalars(doors.order_by(waiting.c.first)))


def locked_door(id: int) -> Door | None:
    """A door while one of its deliveries is worked off, so that they go one after the other, whoever works. What arrives
    meanwhile only points to the door, and need not wait."""
    return db.session.scalar(select(Door).where(Door.id == id).with_for_update(key_share=True))


def next_waiting(door_id: int) -> Delivery | None:
    return db.session.scalar(
        select(Delivery).where(Delivery.door_id == door_id, Delivery.state == "waiting").order_by(Delivery.id).limit(1)
    )


def services_of(source: str, conversation: str) -> list[Interaction]:
    """Every time that service in a conversation ended, the latest first."""
    same = Interaction.external_id.startswith(f"{conversation} ended ", autoescape=True)
    return list(
        db.session.scalars(
            select(Interaction)
            .where(Interaction.source == source, or_(Interaction.external_id == conversation, same))
            .order_by(Interaction.ended_at.desc(), Interaction.id.desc())
        )
    )


def rating_known_as(source: str, external_id: str) -> tuple[Rating, bool] | None:
    """A rating under this key, and whether it counts: one of a file that is being read may still be taken back."""
    key = (Rating.source == source, Rating.external_id == external_id)
    row = db.session.execute(select(Rating, counted().label("counts")).where(*key)).first()
    return (row[0], bool(row[1])) if row else None


def rating_of_service(interaction_id: int) -> Rating | None:
    return db.session.scalar(select(Rating).where(Rating.interaction_id == interaction_id))


def was_reassigned(rating_id: int) -> bool:
    """Whether somebody has decided by hand whose it is."""
    return db.session.scalar(select(Attribution.id).where(Attribution.rating_id == rating_id).limit(1)) is not None


def last_said_at(rating_id: int) -> datetime | None:
    """By the sender's clock: how new the content is that stands in a rating."""
    return db.session.scalar(
        select(func.max(Delivery.said_at)).where(Delivery.rating_id == rating_id, Delivery.state.in_(APPLIED))
    )


def ratings_without_service(door_id: int, conversation: str) -> list[Rating]:
    """Ratings of a conversation that came before word of its end."""
    told = select(Delivery.rating_id).where(
        Delivery.door_id == door_id, Delivery.conversation == conversation, Delivery.state.in_(APPLIED)
    )
    return list(
        db.session.scalars(
            select(Rating).where(Rating.id.in_(told), Rating.interaction_id.is_(None)).order_by(Rating.rated_at)
        )
    )


def waiting_and_oldest() -> tuple[int, datetime | None]:
    """How many deliveries wait to be worked off, and since when the oldest does; those of paused doors wait on purpose."""
    row = db.session.execute(
        select(func.count(), func.min(Delivery.received_at))
        .join(Door, Door.id == Delivery.door_id)
        .where(Delivery.state == "waiting", Door.paused_at.is_(None))
    ).one()
    return row[0], row[1]


def health_of_doors() -> dict[str, Any]:
    """For /healthz/ready: what came in by the doors and has not been worked off."""
    depth, oldest = waiting_and_oldest()
    return {"webhooks_waiting": depth, "webhooks_oldest_received_at": oldest.isoformat() if oldest else None}


def doors_listed(scope: Select[Door]) -> list[Any]:
    """Doors with how many deliveries came, when the last did, and how many nobody has understood."""
    counts = (
        select(
            Delivery.door_id,
            func.count().label("came"),
            func.max(Delivery.received_at).label("last"),
            func.count().filter(Delivery.state == "not_understood").label("unread"),
            func.count().filter(Delivery.state == "waiting").label("waiting"),
        )
        .group_by(Delivery.door_id)
        .subquery()
    )
    listed = scope.outerjoin(counts, counts.c.door_id == Door.id).options(joinedload(Door.made_by))
    columns = (counts.c.came, counts.c.last, counts.c.unread, counts.c.waiting)
    return list(db.session.execute(listed.add_columns(*columns)).all())


def deliveries_listed(scope: Select[Delivery], door_id: int, state: str | None) -> Select[Delivery]:
    """The deliveries of a door without their bodies, newest first."""
    of_door = scope.where(Delivery.door_id == door_id)
    listed = shown(of_door.where(Delivery.state == state) if state else of_door).options(defer(Delivery.body))
    return listed.order_by(Delivery.id.desc())


def shown(scope: Select[Delivery]) -> Select[Delivery]:
    return scope.options(joinedload(Delivery.door), joinedload(Delivery.rating).joinedload(Rating.person))


def how_many(scope: Select[Delivery], door_id: int) -> dict[str, int]:
    """State -> number of deliveries."""
    counts = scope.where(Delivery.door_id == door_id).with_only_columns(Delivery.state, func.count())
    return dict(db.session.execute(counts.group_by(Delivery.state)).all())


def name_is_taken(name: str) -> bool:
    same = select(Door.id).where(func.lower(Door.name) == name.lower(), Door.removed_at.is_(None))
    return db.session.scalar(same.limit(1)) is not None
