"""Complaints that nobody takes care of, under two timetables that are killed: every step at its time, none twice, none missed.

A week around the night when Berlin's clocks go back, with a holiday, owners who go away, a deputy, a handler who moves to
another team, and a clock of the machine that jumps. Lived once in peace and once in a storm, and both compared with the minutes
counted by hand.
"""

import os
import random
from contextlib import ExitStack
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.core.smtp_sink import smtp_sink
from tests.factories import a_person, a_rating, a_team, account_of, is_away, leads
from tests.reliability.databases import copied
from tests.reliability.living import live, without_sequence
from tests.reliability.processes import an_app
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.notifications.models import Message
from tracker.organisation.models import Holiday, Membership, Person, Team
from tracker.recovery import rules
from tracker.recovery.models import RecoveryCase, RecoveryEntry, RecoveryHelper, RecoveryStep
from tracker.recovery.opening import open_case

KILLS = int(os.environ.get("RELIABILITY_KILLS", "10"))
FRIDAY, HOLIDAY = date(2026, 10, 23), date(2026, 10, 26)
BEGUN = datetime(2026, 10, 23, 13, 40, tzinfo=UTC)  # Friday, 16:40 in Nairobi
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Every sixth hour from before the first step to after the last, and minutes around the night of the change.
PLAIN = [BEGUN + 6 * HOUR * number for number in range(1, 25)]
NIGHT = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1, 2, 3)]
# The machine's clock jumps a day ahead on Tuesday, comes back, and goes on.
JUMP = datetime(2026, 10, 27, 8, 0, 1, tzinfo=UTC)
MOMENTS = sorted({*PLAIN, *NIGHT, JUMP, JUMP + 3 * MINUTE})
MOMENTS.insert(MOMENTS.index(JUMP) + 1, JUMP + timedelta(days=1))


@pytest.fixture
def unhappy(cast: Cast) -> Cast:
    """Four complaints on Friday afternoon: at the tills, on the floor whose leader goes away, in Berlin by night, and of nobody."""
    with transaction():
        db.session.add(Holiday(on=HOLIDAY, name="A day off"))
        for person in vars(cast).values():
            if isinstance(person, Person):
                account_of(person)
        jana = a_person("Jana Weber")
        account_of(jana)
        night = a_team(
            "Night shift", parent=cast.root, time_zone="Europe/Berlin", working_days="567", work_starts=time(0),
            work_ends=time(8), led_by=jana,
        )  # fmt: skip
        floor = a_person("Njeri Kariuki", team=cast.floor)
        is_away(cast.dora, date(2026, 10, 27), date(2026, 11, 6))
        leads(cast.ruth, cast.floor, since=date(2026, 10, 28), kind="deputy")
        for handler in (cast.amina, floor, a_person("Karl", team=night), None):
            open_case(a_rating(handler, 1, at=BEGUN), contact="0722 417 318", at=BEGUN)
        _moves(cast.amina, cast, on=date(2026, 10, 27))
    return cast


def _moves(person: Person, cast: Cast, *, on: date) -> None:
    membership = db.session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
    membership.ended_on = on - timedelta(days=1)
    db.session.add(Membership(person_id=person.id, team_id=cast.floor.id, started_on=on))


def test_a_storm_changes_no_step(app: Flask, unhappy: Cast, database_url: str, tmp_path: Path) -> None:
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
    assert hits >= KILLS // 4
    for name in expected:
        assert found[name] == expected[name], name
    _every_step_at_its_time(found)
    assert sorted(map(without_sequence, set(sinks[1].ids()))) == sorted(map(without_sequence, sinks[0].ids()))
    assert len(sinks[0].ids()) == len(set(sinks[0].ids())) > 5


def _plan() -> list[datetime]:
    chance = random.Random(5)
    return [chance.choice(MOMENTS) for _ in range(KILLS)]


def _every_step_at_its_time(found: dict[str, list[Any]]) -> None:
    """The first three steps of each case are due after 4, 8 and 16 hours of work, counted minute by minute; no step is missing."""
    for case_id, zone, days, starts, ends in found["hours"]:
        steps = {step: due for case, step, due in found["steps"] if case == case_id}
        assert sorted(steps) == list(range(len(steps)))
        assert len(steps) >= len(rules.DUE)
        for step, length in enumerate(rules.DUE):
            assert steps[step] == _counted(length, ZoneInfo(zone), days, starts, ends), (zone, step)


def _counted(length: timedelta, zone: ZoneInfo, days: str, starts: time, ends: time) -> datetime:
    now, worked = BEGUN, timedelta()
    while worked < length:
        local = now.astimezone(zone)
        if str(local.isoweekday()) in days and local.date() != HOLIDAY and starts <= local.time() < ends:
            worked += MINUTE
        now += MINUTE
    return now


def _rows(url: str, folder: Path) -> dict[str, list[Any]]:
    """What was decided, by names that do not depend on sequences."""
    with an_app(url, folder, KEY_DIR=str(folder / "keys")).app_context():
        cases = db.session.scalars(select(RecoveryCase).order_by(RecoveryCase.id)).all()
        rows = {
            "cases": _all(RecoveryCase.id, RecoveryCase.owner_id, RecoveryCase.step, RecoveryCase.clock_at),
            "steps": [tuple(row) for row in db.session.execute(_steps())],
            "taken": _all(RecoveryStep.case_id, RecoveryStep.step, RecoveryStep.due_at, RecoveryStep.taken_at),
            "helpers": _all(RecoveryHelper.case_id, RecoveryHelper.person_id, RecoveryHelper.since),
            "entries": _all(RecoveryEntry.case_id, RecoveryEntry.kind, RecoveryEntry.at, RecoveryEntry.to_id),
            "messages": _all(Message.person_id, Message.kind, Message.visible_at, Message.key, Message.about_id),
            "mails": sorted(
                (without_sequence(key), *rest) for key, *rest in _all(OutboxMail.key, OutboxMail.person_id)
            ),
            "hours": [_hours_of(case) for case in cases],
        }
        db.session.remove()
        db.engine.dispose()
    return rows


def _steps() -> Any:
    """By case, not in the order of their ids: two steps due in the same minute may be taken either way round."""
    step = RecoveryStep
    return select(step.case_id, step.step, step.due_at).order_by(step.case_id, step.step)


def _hours_of(case: RecoveryCase) -> tuple[int, str, str, time, time]:
    """A complaint of nobody counts by the company's hours."""
    from_team = db.session.get(Team, case.team_id) if case.team_id else None
    if from_team is None:
        return case.id, "Africa/Nairobi", "12345", time(8), time(17)
    return case.id, from_team.time_zone, from_team.working_days, from_team.work_starts, from_team.work_ends


def _all(*columns: Any) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in db.session.execute(select(*columns)))
