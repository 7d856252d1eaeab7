"""Two timetables on one database, killed again and again: everybody hears of everything exactly once.

The same simulated fortnight is lived twice on two copies of one database: once by one process in peace, once by two that are
killed at random moments. Both must end with the same rows. Mails are at least once, under the same Message-ID.
"""

import os
import random
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.coaching.test_check_falls import CHECKED, fallen  # noqa: F401 - a fixture is used by its name
from tests.conftest import Cast
from tests.core.smtp_sink import smtp_sink
from tests.reliability.databases import copied
from tests.reliability.living import live, without_sequence
from tests.reliability.processes import an_app
from tracker.audit.jobs import anchor_file
from tracker.audit.models import AuditEntry
from tracker.audit.queries import verify
from tracker.coaching.models import CoachingCase, CoachingReminder
from tracker.core.db import db
from tracker.core.models import OutboxMail, Watermark
from tracker.notifications.models import Message
from tracker.ratings.models import Fall, ScoreCard

KILLS = int(os.environ.get("RELIABILITY_KILLS", "20"))
DAYS = 11
HOURS = (1, 5, 9)  # UTC: when the check is due, when a working day begins in Nairobi, and at its noon
MOMENTS = [
    moment
    for day in range(DAYS)
    for moment in (CHECKED + timedelta(days=day, hours=hour - CHECKED.hour) for hour in HOURS)
]


def test_twenty_kills_of_two_timetables_change_nothing(
    app: Flask,
    fallen: Cast,  # noqa: F811 - the fixture
    database_url: str,
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        calm, storm = (tmp_path / name for name in ("calm", "storm"))
        calm.mkdir()
        storm.mkdir()
        urls = [stack.enter_context(copied(database_url, folder)) for folder in (calm, storm)]
        sinks = [stack.enter_context(smtp_sink()) for _ in urls]
        live(MOMENTS, urls[0], calm, sinks[0], processes=1, kills=[])
        hits = live(MOMENTS, urls[1], storm, sinks[1], processes=2, kills=_plan())
        expected, found = _rows(urls[0], calm), _rows(urls[1], storm)
    repeated = len(sinks[1].ids()) - len(set(sinks[1].ids()))
    print(f"{KILLS} kills, {hits} in the middle of a run, {repeated} of {len(sinks[1].ids())} mails repeated")  # noqa: T201
    assert hits >= KILLS // 4
    for name in expected:
        assert found[name] == expected[name], name
    assert {name: len(expected[name]) for name in ("Fall", "CoachingCase", "CoachingReminder")} == {
        "Fall": 1,
        "CoachingCase": 1,
        "CoachingReminder": 3,
    }
    assert sorted(map(without_sequence, set(sinks[1].ids()))) == sorted(map(without_sequence, sinks[0].ids()))
    assert len(sinks[0].ids()) == len(set(sinks[0].ids())) > 10
    assert repeated <= KILLS


def _plan() -> list[datetime]:
    """When to kill: several times while the weekly checks run and the reminders are due, the rest anywhere."""
    chance = random.Random(7)
    busy = [CHECKED, CHECKED, CHECKED, CHECKED + timedelta(weeks=1), *(m for m in MOMENTS if m.hour == 5)]
    plan = busy[:KILLS]
    return plan + [chance.choice(MOMENTS) for _ in range(KILLS - len(plan))]


def _rows(url: str, folder: Path) -> dict[str, list[Any]]:
    """What was decided, without ids: sequences may have gaps. Keys made of data hold ids and are counted instead."""
    with an_app(url, folder, KEY_DIR=str(folder / "keys")).app_context():
        rows = {
            "Fall": _all(Fall.person_id, Fall.week, Fall.window_weeks, Fall.n, Fall.observed, Fall.p, Fall.found_at),
            "CoachingCase": _all(
                CoachingCase.person_id,
                CoachingCase.opened_at,
                CoachingCase.shares_at,
                CoachingCase.shared_at,
                CoachingCase.reminders_sent,
                CoachingCase.reminds_at,
                CoachingCase.closed_at,
            ),
            "CoachingReminder": _all(
                CoachingReminder.step, CoachingReminder.recipient_id, CoachingReminder.due_at, CoachingReminder.sent_at
            ),
            "ScoreCard": _all(ScoreCard.person_id, ScoreCard.week, ScoreCard.audience, ScoreCard.shares_at),
            "Message": _all(
                Message.person_id, Message.kind, Message.created_at, Message.visible_at, Message.mailed_at
            ),
            "OutboxMail": _all(
                OutboxMail.kind, OutboxMail.person_id, OutboxMail.created_at,  # quiet hours move when it is due
                OutboxMail.sent_to, OutboxMail.dead_at, OutboxMail.dropped_at,
            ),
            "unsent": _all(OutboxMail.id, where=OutboxMail.sent_at.is_(None)),
            "AuditEntry": _all(AuditEntry.action, AuditEntry.at, AuditEntry.person_id, AuditEntry.about_kind),
            "Watermark": _all(Watermark.rule, Watermark.done_until),
            "verdict": verify(at=datetime(2026, 11, 27, tzinfo=UTC), anchor=anchor_file()).problems,
        }  # fmt: skip
        db.session.remove()
        db.engine.dispose()
    return rows


def _all(*columns: Any, where: Any = True) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in db.session.execute(select(*columns).where(where)))
