"""What the tests of the kiosk share: a kiosk at the tills, a tablet that is paired with it, and what it sends."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.conftest import Browser, Cast
from tests.factories import a_touchpoint
from tracker.access.rules import hash_password
from tracker.core.db import db, transaction
from tracker.intake.kiosk_actions import make_code, make_kiosk
from tracker.intake.models import Kiosk
from tracker.ratings.models import Rating

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # noon in Nairobi, inside everybody's working hours
PIN = "2580"
PIN_HASH = hash_password(PIN)


def a_kiosk(cast: Cast, *, place: str = "Till 2", asks_who: bool = True, language: str = "en", **values: Any) -> int:
    """The id of a kiosk that no tablet belongs to yet."""
    with transaction():
        given = {"team_id": cast.tills.id, "touchpoint_id": a_touchpoint("Tills").id, "pin_hash": PIN_HASH, **values}
        kiosk = make_kiosk(place=place, asks_who=asks_who, language=language, by=cast.brian.id, at=NOW, **given)
        db.session.flush()
        return kiosk.id


def a_code(app: Flask, kiosk_id: int, *, at: datetime = NOW) -> str:
    with transaction():
        return make_code(db.session.get_one(Kiosk, kiosk_id), key=app.config["SECRET_KEY"], by=None, at=at)


def the_kiosk(kiosk_id: int) -> Kiosk:
    db.session.rollback()
    return db.session.get_one(Kiosk, kiosk_id, populate_existing=True)


def ratings() -> list[Rating]:
    db.session.rollback()
    return list(db.session.scalars(select(Rating).order_by(Rating.id).execution_options(populate_existing=True)))


def touched(
    stars: int = 5, *, ago: timedelta = timedelta(), person: int | None = None, id: str | None = None
) -> dict[str, Any]:
    """One answer as a tablet with a right clock has it in its queue."""
    return {"id": id or str(uuid4()), "stars": stars, "person": person, "at": millis(NOW - ago)}


def millis(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def deliver(tablet: Browser, *answers: Any, now: datetime = NOW, waiting: int = 0) -> TestResponse:
    """As the page's script does: the token in a header, JSON in the body."""
    body = {"now": millis(now), "waiting": waiting, "answers": list(answers)}
    with tablet._as_the_server_would():
        return tablet.client.post("/kiosk/deliveries", json=body, headers={"X-CSRFToken": tablet.csrf_token})


def cookie_of(tablet: Browser) -> Any:
    return tablet.client.get_cookie("kiosk")
