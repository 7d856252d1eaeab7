"""Visits, customers and stars put together into ratings, with what the customers wrote."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.demo.answers import THEME_SHARE, answer
from tracker.demo.comments import Occasion, Writer
from tracker.demo.customers import REGIONS, Customers
from tracker.demo.footfall import Calendar, IntArray
from tracker.demo.places import TEAMS, ZONE
from tracker.demo.records import Rating
from tracker.demo.staffing import Employee
from tracker.demo.story import themes_of
from tracker.demo.texts import AISLES, AREAS
from tracker.demo.visits import CHANNEL_KEYS, TOUCHPOINT_KEYS, Visits

UNHAPPY = 3


class Row(NamedTuple):
    """One visit with its customer and its stars, as plain numbers."""

    position: int
    person: int
    team: int
    weeks_ago: int
    touchpoint: int
    channel: int
    started: int
    ended: int
    rated: int
    queue: int
    place: int
    customer: int
    region: int
    swahili: int
    stars: int


def written(
    staff: tuple[Employee, ...], seen: Visits, guests: Customers, given: IntArray, calendar: Calendar, *, seed: int
) -> tuple[Rating, ...]:
    """One rating for every visit, in order of rating time."""
    writer = Writer(random.Random(seed))
    midnight = datetime.combine(calendar.first, time(), ZoneInfo(ZONE)).astimezone(UTC)
    return tuple(
        _rating(row, _occasion(row, staff[row.person], writer), writer, midnight)
        for row in _rows(seen, guests, given, calendar)
    )


def _rows(seen: Visits, guests: Customers, given: IntArray, calendar: Calendar) -> list[Row]:
    columns = (
        seen.person,
        seen.team,
        calendar.weeks_ago[seen.day],
        seen.touchpoint,
        seen.channel,
        seen.started,
        seen.ended,
        seen.rated,
        seen.queue,
        seen.place,
        guests.number,
        guests.region,
        guests.swahili,
        given,
    )
    plain = zip(*(column.tolist() for column in columns), strict=True)
    return [Row(position, *values) for position, values in enumerate(plain)]


def _occasion(row: Row, one: Employee, writer: Writer) -> Occasion:
    number, touchpoint = one.person.staff_number, TOUCHPOINT_KEYS[row.touchpoint]
    themes = themes_of(number, TEAMS[row.team].key, row.weeks_ago) if row.stars <= UNHAPPY else ()
    return Occasion(
        staff_number=number,
        first_name=one.person.first_name,
        pronoun=one.pronoun,
        language="sw" if row.swahili else "en",
        touchpoint=touchpoint,
        stars=row.stars,
        place=_place(touchpoint, row),
        themes=themes if themes and writer.rng.random() < THEME_SHARE else (),
    )


def _place(touchpoint: str, row: Row) -> str:
    """Where it happened; a delivery goes to where the customer lives, always the same area."""
    match touchpoint:
        case "tills":
            return f"till {row.place}"
        case "advice":
            return AISLES[(row.place - 1) % len(AISLES)]
        case "returns":
            return "returns desk"
        case "delivery":
            areas = AREAS[REGIONS[row.region]]
            return areas[row.customer % len(areas)]
        case "phone":
            return f"line {row.place}"
        case "complaints":
            return f"desk {row.place}"
        case _:
            return "chat"


def _rating(row: Row, occasion: Occasion, writer: Writer, midnight: datetime) -> Rating:
    said = answer(occasion, writer)
    happy = row.stars > UNHAPPY
    return Rating(
        reference=f"demo-{row.position + 1:06d}",
        staff_number=occasion.staff_number,
        team_key=TEAMS[row.team].key,
        touchpoint=occasion.touchpoint,
        channel=CHANNEL_KEYS[row.channel],
        place=occasion.place,
        queue_length=row.queue if row.queue >= 0 else None,
        started_at=midnight + timedelta(minutes=row.started),
        ended_at=midnight + timedelta(minutes=row.ended),
        rated_at=midnight + timedelta(minutes=row.rated),
        customer=f"customer-{row.customer + 1:05d}",
        stars=row.stars,
        emotion=said.emotion,
        praised=said.drivers if happy else (),
        blamed=() if happy else said.drivers,
        comment=said.comment,
        language=occasion.language if said.comment is not None else None,
        wants_call_back=said.wants_call_back,
    )
