"""What is due is claimed once, one failure stops nobody else, and a stopped alarm clock is wound again."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.core.smtp_sink import wait_until
from tracker.core import tasks
from tracker.core.db import db, transaction
from tracker.core.tasks import Job, Timetable, advance, done_until, last_beat, run_due

AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
NEXT = AT + timedelta(weeks=1)


@pytest.mark.parametrize("since", [None, AT])
def test_a_slot_is_won_by_exactly_one_of_two(app: Flask, since: datetime | None) -> None:
    """Both have read the same watermark; the second finds it moved, on either database."""
    if since:
        with transaction():
            advance("rule", since=None, to=since)
    db.session.rollback()
    won: list[bool] = []
    start = threading.Barrier(4)

    def compete() -> None:
        with app.app_context():
            start.wait()
            with transaction():
                won.append(advance("rule", since=since, to=NEXT))

    together(compete, 4)
    assert sorted(won) == [False, False, False, True]
    assert done_until("rule") == NEXT
    db.session.rollback()


def together(what: object, count: int) -> None:
    threads = [threading.Thread(target=what) for _ in range(count)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)


def test_a_slot_that_is_rolled_back_is_still_due(app: Flask) -> None:
    with transaction():
        advance("rule", since=None, to=AT)
    with transaction():
        assert advance("rule", since=AT, to=NEXT)
        db.session.rollback()
    assert done_until("rule") == AT
    with transaction():
        assert advance("rule", since=AT, to=NEXT)
    assert done_until("rule") == NEXT
    db.session.rollback()


def test_a_job_that_fails_does_not_stop_the_others_and_leaves_nothing(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails_half_way(at: datetime) -> int:
        advance("half", since=None, to=at)
        raise ZeroDivisionError("Amina")

    def works(at: datetime) -> int:
        with transaction():
            advance("whole", since=None, to=at)
        return 1

    done = run_due(app, [Job("bad", "", fails_half_way), Job("good", "", works)], at=AT)
    assert done == {"bad": -1, "good": 1}
    assert (done_until("half"), done_until("whole"), last_beat()) == (None, AT, AT)
    assert "job_failed" in capsys.readouterr().err
    db.session.rollback()


def test_each_job_begins_with_a_clean_session(app: Flask) -> None:
    seen: list[bool] = []

    def leaves_a_mess(_at: datetime) -> int:
        db.session().info["read_only"] = True
        done_until("x")
        return 0

    def looks(_at: datetime) -> int:
        seen.append(db.session().in_transaction() or db.session().info.get("read_only", False))
        return 0

    run_due(app, [Job("a", "", leaves_a_mess), Job("b", "", looks)], at=AT)
    assert seen == [False]


def test_a_process_whose_clock_is_off_decides_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no clock of its own")
    ran: list[datetime] = []
    job = Job("x", "", lambda at: ran.append(at) or 1)
    monkeypatch.setattr(tasks, "MAX_CLOCK_SKEW", timedelta(0))
    assert run_due(app, [job]) == {}
    monkeypatch.setattr(tasks, "MAX_CLOCK_SKEW", timedelta(seconds=60))
    assert run_due(app, [job]) == {"x": 1}
    assert len(ran) == 1


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "TICK_SECONDS", 0.05)


def test_the_timetable_runs_at_once_and_again_and_stops_when_told(app: Flask, quick: None) -> None:
    ran: list[datetime] = []
    timetable = Timetable(app, [Job("count", "", lambda at: ran.append(at) or 1)])
    timetable.start()
    wait_until(lambda: len(ran) > 2)
    timetable.stop()
    count = len(ran)
    assert not threading.Event().wait(0.3)
    assert len(ran) == count
    assert last_beat() is not None
    db.session.rollback()


def test_the_watchdog_winds_a_stopped_clock_again(app: Flask, quick: None, capsys: pytest.CaptureFixture[str]) -> None:
    ran: list[datetime] = []
    timetable = Timetable(app, [Job("count", "", lambda at: ran.append(at) or 1)])
    timetable.start()
    wait_until(lambda: len(ran) > 1)
    timetable._scheduler.shutdown(wait=True)
    count = len(ran)
    wait_until(lambda: len(ran) > count + 1)
    timetable.stop()
    assert "timetable_stopped" in capsys.readouterr().err


def test_a_tick_that_fails_altogether_is_followed_by_the_next(app: Flask, quick: None) -> None:
    """As when the database is away for a moment: the heartbeat itself cannot be written."""
    ticks: list[int] = []
    original = tasks._beat

    def away(at: datetime) -> None:
        ticks.append(1)
        if len(ticks) < 3:
            raise ConnectionError
        original(at)

    timetable = Timetable(app, [])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "_beat", away)
        timetable.start()
        wait_until(lambda: len(ticks) > 4)
        timetable.stop()
    assert last_beat() is not None
    db.session.rollback()
