"""Reading what ratings are about."""

from sqlalchemy import select

from tracker.core.db import db
from tracker.ratings.drivers import ASKED, DEFAULT_DRIVERS
from tracker.ratings.models import Channel, Driver, Touchpoint


def drivers_asked(stage: str) -> list[tuple[str, str]]:
    """(key, name) of the drivers a customer may tick at this stage; those the company added are asked at every stage."""
    known = dict(db.session.execute(select(Driver.key, Driver.name).order_by(Driver.id)).all())
    own = [key for key in known if key not in DEFAULT_DRIVERS]
    return [(key, known[key]) for key in (*ASKED[stage], *own) if key in known]


def touchpoint_choices() -> list[tuple[int, str]]:
    return list(db.session.execute(select(Touchpoint.id, Touchpoint.name).order_by(Touchpoint.name)))


def channel_choices() -> list[tuple[int, str]]:
    return list(db.session.execute(select(Channel.id, Channel.name).order_by(Channel.name)))
