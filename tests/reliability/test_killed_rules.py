"""Rules that assign, under two timetables that are killed: each occasion answered once, none missed, and taken back in time."""

import os
import random
from contextlib import ExitStack
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.core.smtp_sink import smtp_sink
from tests.factories import a_course, a_person, a_team
from tests.reliability.databases import copied
from tests.reliability.living import live
from tests.reliability.processes import an_app
from tests.training.histories import a_place_each_day, lives, owed
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.training.models import Assignment
from tracker.training.rule_actions import make_rule

KILLS = int(os.environ.get("RELIABILITY_KILLS", "6"))
DAYS, PEOPLE = 10, 12
TODAY = NOW.date()
# Three moments a day, so that two fall into each hour in which the rules have been followed already.
MOMENTS = [
    datetime.combine(TODAY + timedelta(days=day), time(hour, minute), UTC)
    for day in range(DAYS)
    for hour, minute in ((6, 0), (6, 20), (12, 0))
]


def test_a_storm_assigns_and_takes_back_once_each(app: Flask, cast: Cast, database_url: str, tmp_path: Path) -> None:
    expected = _histories(cast)
    with ExitStack() as stack:
        calm, storm = (tmp_path / name for name in ("calm", "storm"))
        calm.mkdir()
        storm.mkdir()
        urls = [stack.enter_context(copied(database_url, folder)) for folder in (calm, storm)]
        sinks = [stack.enter_context(smtp_sink()) for _ in urls]
        live(MOMENTS, urls[0], calm, sinks[0], processes=1, kills=[])
        hits = live(MOMENTS, urls[1], storm, sinks[1], processes=2, kills=_plan())
        rows, told = _rows(urls[0], calm)
        assert _rows(urls[1], storm) == (rows, told)
    print(f"{KILLS} kills, {hits} in the middle of a run")  # noqa: T201
    assert {id: given for id, given in rows.items() if given or id in expected} == expected
    assert sum(map(len, rows.values())) > PEOPLE / 2, "the histories hold something"


def _histories(cast: Cast) -> dict[int, list[tuple[int, int | None]]]:
    """People who come, move, are away and leave; what each is owed."""
    chance = random.Random(3)
    with transaction():
        version = a_course()
        values = {
            "kind": "joined",
            "course_id": version.course_id,
            "team_id": cast.tills.id,
            "days": 14,
            "since": TODAY,
        }
        make_rule(values, by=cast.chloe.id, at=NOW)  # HR: the teams beneath too
        inside = [cast.tills, a_team("Till 9", parent=cast.tills)]
        found = {}
        for _person in range(PEOPLE):
            person = a_person()
            place = a_place_each_day([None, *inside, cast.floor], DAYS, chance)
            away = {day for day in range(DAYS) if chance.random() < 0.15}
            lives(person, place, away, TODAY)
            found[person.id] = owed([team in inside for team in place], away)
    db.session.rollback()
    return found


def _plan() -> list[datetime]:
    chance = random.Random(7)
    return [chance.choice(MOMENTS) for _ in range(KILLS)]


def _rows(url: str, folder: Path) -> tuple[dict[int, list[tuple[int, int | None]]], list[tuple[int, str]]]:
    """Person -> (day assigned, day taken back) each; and who was told what."""
    with an_app(url, folder, KEY_DIR=str(folder / "keys")).app_context():
        rows = db.session.execute(
            select(Assignment.person_id, Assignment.assigned_at, Assignment.ended_at).order_by(Assignment.id)
        ).all()
        found: dict[int, list[tuple[int, int | None]]] = {
            id: [] for id in db.session.scalars(select(Person.id).where(Person.staff_number.like("T-%")))
        }
        for person, assigned_at, ended_at in rows:
            ended = (ended_at.date() - TODAY).days if ended_at else None
            found[person].append(((assigned_at.date() - TODAY).days, ended))
        kinds = ("training.assigned", "training.withdrawn")
        told = db.session.execute(select(Message.person_id, Message.kind).where(Message.kind.in_(kinds))).all()
        db.session.remove()
        db.engine.dispose()
    return found, sorted((person, kind) for person, kind in told)
