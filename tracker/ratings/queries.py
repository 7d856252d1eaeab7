"""Reading what ratings are about, and which of them the checks leave out."""

from typing import Any

from sqlalchemy import Select, func, select

from tracker.core.db import db
from tracker.ratings.drivers import ASKED, DEFAULT_DRIVERS
from tracker.ratings.models import Channel, Driver, Rating, Touchpoint


def drivers_asked(stage: str) -> list[tuple[str, str]]:
    """(key, name) of the drivers a customer may tick at this stage; those the company added are asked at every stage."""
    known = dict(db.session.execute(select(Driver.key, Driver.name).order_by(Driver.id)).all())
    own = [key for key in known if key not in DEFAULT_DRIVERS]
    return [(key, known[key]) for key in (*ASKED[stage], *own) if key in known]


def touchpoint_choices() -> list[tuple[int, str]]:
    return list(db.session.execute(select(Touchpoint.id, Touchpoint.name).order_by(Touchpoint.name)))


def channel_choices() -> list[tuple[int, str]]:
    return list(db.session.execute(select(Channel.id, Channel.name).order_by(Channel.name)))


def unchecked() -> Select[*tuple[Any, ...]]:
    """(person, day, touchpoint, channel, stars) of the ratings that the checks for a fall leave out for now."""
    touchpoint, channel = func.coalesce(Rating.touchpoint_id, 0), func.coalesce(Rating.channel_id, 0)
    return select(Rating.person_id, Rating.rated_on, touchpoint, channel, Rating.stars).where(
        Rating.unchecked_at.is_not(None), Rating.person_id.is_not(None), Rating.excluded_at.is_(None)
    )
