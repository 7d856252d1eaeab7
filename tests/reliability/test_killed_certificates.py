"""Certificates that end, under two timetables that are killed: every step told once, every renewal assigned once."""

import os
import random
from contextlib import ExitStack
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.core.smtp_sink import smtp_sink
from tests.factories import a_person, a_team, is_away
from tests.reliability.databases import copied
from tests.reliability.living import live
from tests.reliability.processes import an_app
from tests.training.certificates import a_certificate, a_certified_course
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.training.certificate_models import Certificate
from tracker.training.certificate_rules import TOLD_DAYS
from tracker.training.models import Assignment

KILLS = int(os.environ.get("RELIABILITY_KILLS", "6"))
ISSUED, ENDS = date(2026, 3, 2), date(2027, 3, 2)
# Four moments on each day on which something is due somewhere: the day begins in Auckland while it is yesterday in Nairobi.
MOMENTS = [
    datetime.combine(ENDS - timedelta(days=before), time(9), UTC) + timedelta(hours=hours)
    for before in TOLD_DAYS
    for hours in (-22, -8, 0, 8)
]
PEOPLE = 6


def test_a_storm_tells_and_assigns_each_once(app: Flask, cast: Cast, database_url: str, tmp_path: Path) -> None:
    _certified_people(cast)
    with ExitStack() as stack:
        calm, storm = (tmp_path / name for name in ("calm", "storm"))
        calm.mkdir()
        storm.mkdir()
        urls = [stack.enter_context(copied(database_url, folder)) for folder in (calm, storm)]
        sinks = [stack.enter_context(smtp_sink()) for _ in urls]
        live(MOMENTS, urls[0], calm, sinks[0], processes=1, kills=[])
        hits = live(MOMENTS, urls[1], storm, sinks[1], processes=2, kills=_plan())
        expected, found = _rows(urls[0], calm), _rows(urls[1], storm)
    print(f"{KILLS} kills, {hits} in the middle of a run")  # noqa: T201
    for name in expected:
        assert found[name] == expected[name], name
    # Each of the six hears of six steps, but whoever was away of one less.
    assert len(found["told"]) == PEOPLE * len(TOLD_DAYS) - 1
    assert [row[1] for row in found["assigned"]] == ["renewal"] * PEOPLE
    assert len(found["lapsed"]) == PEOPLE


def _certified_people(cast: Cast) -> None:
    with transaction():
        night = a_team("Auckland", parent=cast.root, time_zone="Pacific/Auckland", led_by=cast.ruth)
        people = [cast.amina, cast.kevin, *(a_person(team=night) for _number in range(PEOPLE - 2))]
        is_away(cast.amina, ENDS - timedelta(days=61), ENDS - timedelta(days=29))
    course = a_certified_course()
    for person in people:
        a_certificate(person, course, on=ISSUED)
    db.session.rollback()


def _plan() -> list[datetime]:
    chance = random.Random(7)
    return [chance.choice(MOMENTS) for _ in range(KILLS)]


def _rows(url: str, folder: Path) -> dict[str, list[Any]]:
    with an_app(url, folder, KEY_DIR=str(folder / "keys")).app_context():
        told = (Message.person_id, Message.kind, Message.visible_at, Message.key)
        lapsed = select(AuditEntry.person_id).where(AuditEntry.action == "certificate.lapsed")
        rows = {
            "certificates": _all(select(Certificate.id, Certificate.step, Certificate.remind_on)),
            "told": _all(select(*told).where(Message.kind.in_(("certificate.ending", "certificate.lapsed")))),
            "leaders": _all(select(*told).where(Message.kind == "certificate.team")),
            "assigned": _all(
                select(Assignment.person_id, Assignment.why, Assignment.certificate_id, Assignment.due_on)
            ),
            "lapsed": _all(lapsed),
        }
        db.session.remove()
        db.engine.dispose()
    return rows


def _all(statement: Any) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in db.session.execute(statement))
