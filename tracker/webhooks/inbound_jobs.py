"""Working off what arrived, and forgetting it."""

from datetime import datetime
from time import monotonic

import structlog
from sqlalchemy.exc import OperationalError

from tracker.core import logs
from tracker.core.db import db, transaction
from tracker.core.db import reading as only_reading
from tracker.core.errors import NotYet
from tracker.webhooks import inbound_queries as queries
from tracker.webhooks.inbound_actions import forget_bodies
from tracker.webhooks.inbound_models import Delivery, Door
from tracker.webhooks.inbound_reading import event_in, read
from tracker.webhooks.inbound_refusals import write_refusals
from tracker.webhooks.inbound_taking import Fate, take
from tracker.webhooks.inbound_values import NotUnderstood

ROUND_SECONDS = 30.0  # the other jobs of the tick want their turn
log = structlog.get_logger()


def work_off(at: datetime) -> int:
    """Each delivery in a transaction of its own, one door after the other; how many. What is left waits for the next tick."""
    write_refusals(at)
    with only_reading():
        doors = queries.doors_with_work()
    ends_at, done = monotonic() + ROUND_SECONDS, 0
    for door_id in doors:
        while monotonic() < ends_at and _work_one(door_id, at):
            done += 1
    return done


def forget(at: datetime) -> int:
    """Delete bodies after 30 days."""
    with transaction():
        return forget_bodies(at)


def _work_one(door_id: int, at: datetime) -> bool:
    """The next of a door; False when there is none, or it has to wait. Whoever is killed here leaves it waiting."""
    number = 0
    try:
        with transaction():
            door = queries.locked_door(door_id)
            delivery = queries.next_waiting(door_id) if door is not None and door.paused_at is None else None
            if door is None or delivery is None:
                return False
            number = delivery.id
            _settle(delivery, _fate(door, delivery, at), at)
    except NotYet:
        return False
    except OperationalError:
        raise  # the database, not the payload
    except Exception as error:  # noqa: BLE001 - whatever it is, it goes to the log and the next delivery goes on
        log.error("delivery_failed", delivery=number, **logs.where(error))
        _set_aside(number, type(error).__name__, at)
    return True


def _fate(door: Door, delivery: Delivery, at: datetime) -> Fate:
    try:
        reading = read(door.kind, door.name, door.scale, delivery.body or "")
        delivery.event, delivery.conversation = reading.event[:80], reading.conversation
        with db.session.begin_nested():  # what cannot be taken whole is not taken at all
            return take(reading, door, delivery, at=at)
    except NotUnderstood as fault:
        delivery.event = delivery.event or event_in(delivery.body or "")
        delivery.field = fault.field[:300] or None
        return Fate("not_understood", why=fault.why)


def _settle(delivery: Delivery, fate: Fate, at: datetime) -> None:
    delivery.state, delivery.why, delivery.worked_at = fate.state, fate.why, at
    delivery.rating_id, delivery.interaction_id = fate.rating_id, fate.interaction_id


def _set_aside(number: int, name: str, at: datetime) -> None:
    """A mistake of ours must not hold up what is behind; it can be worked off again when it is mended."""
    with transaction():
        delivery = db.session.get(Delivery, number)
        if delivery is not None and delivery.state == "waiting":
            delivery.field = name[:300]
            _settle(delivery, Fate("not_understood", why="failed"), at)
