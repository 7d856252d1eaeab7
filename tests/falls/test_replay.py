"""A replay beside the request, in two processes, killed, stopped; and what it may count."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.coaching.test_check_falls import CHECKED, MONDAY, SHARED, fallen  # noqa: F401 - a fixture is used by its name
from tests.conftest import NOW, Cast
from tests.factories import a_history, a_person, a_team, many_ratings
from tracker.coaching.jobs import check_falls, share_cards
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict
from tracker.falls import actions, running
from tracker.falls.jobs import run_replays
from tracker.falls.models import FallReplay
from tracker.falls.queries import known_to_others, last_week_to_replay
from tracker.falls.rules import counted, month_of, months_of
from tracker.notifications.models import Message
from tracker.ratings.thresholds import Thresholds

ON = clock.last_complete_week(MONDAY)
AT = datetime(2026, 11, 18, 9, tzinfo=UTC)


def asked(cast: Cast, chosen: Thresholds | None = None, *, at: datetime = AT, last_week: int = ON) -> int:
    with transaction():
        replay = actions.ask_replay(chosen or Thresholds(600), last_week=last_week, by=cast.ruth.id, at=at)
        return replay.id


def the(replay_id: int) -> FallReplay:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(FallReplay, replay_id)


@pytest.fixture
def six_fallen(cast: Cast) -> Cast:
    """Six people in six teams of four fall at once, after a steady year."""
    with transaction():
        teams = [a_team(parent=cast.root) for _ in range(6)]
        people = [[a_person(team=team) for _ in range(4)] for team in teams]
        everybody = [one for team in people for one in team]
        a_history(everybody, until=MONDAY - timedelta(weeks=8), weeks=54, seed=3)
        a_history([one for team in people for one in team[1:]], until=MONDAY, weeks=8, seed=4)
        low = [MONDAY - timedelta(days=1 + 2 * n) for n in range(26)]
        many_ratings([(team[0], 1 + n % 3, day) for team in people for n, day in enumerate(low)])
    return cast


def test_six_people_are_counted_and_nobody_is_named(six_fallen: Cast, browse: Any) -> None:
    replay_id = asked(six_fallen)
    assert run_replays(AT) == 1
    found = the(replay_id).result
    assert found is not None
    assert found["asked"]["people"] == 6
    assert found["present"]["people"] == 7  # 1 in 400 finds one more, by chance
    (period,) = found["asked"]["periods"]
    assert period[2:] == [6, found["asked"]["alerts"]]
    page = browse(six_fallen.ruth).get(f"/settings/checks/replays/{replay_id}").text
    assert "6 people would have been alerted" in page
    assert "of these alerts can be expected by chance alone" in page
    assert "With those that held" in page


def test_a_head_start_is_in_no_count(six_fallen: Cast) -> None:
    check_falls(CHECKED)
    assert len(known_to_others()) == 24
    before = asked(six_fallen)
    run_replays(AT)
    assert the(before).result["asked"]["people"] is None  # type: ignore[index]
    share_cards(SHARED + timedelta(days=1))
    after = asked(six_fallen)
    run_replays(AT)
    assert the(after).result["asked"]["people"] == 6  # type: ignore[index]


def test_a_week_that_no_check_has_judged_is_not_replayed(fallen: Cast) -> None:  # noqa: F811 - the fixture
    early = CHECKED - timedelta(hours=1)
    check_falls(early)
    assert last_week_to_replay(CHECKED) == ON - 1
    check_falls(CHECKED)
    assert last_week_to_replay(CHECKED + timedelta(days=6)) == ON


def test_before_the_first_check_the_latest_week_stays_out(cast: Cast) -> None:
    assert last_week_to_replay(AT) == ON - 1


def test_of_two_processes_one_works_it_out(fallen: Cast) -> None:  # noqa: F811 - the fixture
    replay_id = asked(fallen)
    with transaction():
        assert actions.claim(replay_id, "the other", at=AT)
    assert run_replays(AT + timedelta(seconds=30)) == 0
    assert the(replay_id).finished_at is None
    with transaction():
        assert actions.finish(replay_id, "the other", {"asked": {}}, at=AT)
    assert run_replays(AT + timedelta(hours=1)) == 0


def test_killed_half_way_it_is_begun_anew_when_the_lease_is_over(fallen: Cast) -> None:  # noqa: F811 - the fixture
    replay_id = asked(fallen)
    with transaction():
        actions.claim(replay_id, "dead", at=AT)
        actions.note_progress(replay_id, "dead", weeks_done=31, at=AT)
    assert run_replays(AT + actions.LEASE) == 0
    assert run_replays(AT + actions.LEASE + timedelta(seconds=1)) == 1
    done = the(replay_id)
    assert done.result is not None
    with transaction():
        assert not actions.note_progress(replay_id, "dead", weeks_done=52, at=AT)
        assert not actions.finish(replay_id, "dead", {"wrong": True}, at=AT)
    assert "wrong" not in the(replay_id).result  # type: ignore[operator]


def test_one_that_always_dies_is_given_up(fallen: Cast) -> None:  # noqa: F811 - the fixture
    replay_id = asked(fallen)
    at = AT
    for n in range(actions.MOST_ATTEMPTS):
        with transaction():
            assert actions.claim(replay_id, f"dead {n}", at=at)
        at += timedelta(hours=1)
    assert run_replays(at) == 0
    assert the(replay_id).problem == "stopped"
    with transaction():
        assert actions.ask_replay(Thresholds(300), last_week=ON, by=fallen.ruth.id, at=at)


def test_stopped_it_ends_at_the_next_week(fallen: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    replay_id = asked(fallen)
    monkeypatch.setattr(running, "TOLD_EVERY_SECONDS", 0.0)
    weeks: list[int] = []

    def stops_after_three(history: Any, ways: Any) -> Iterator[int]:
        for week in original(history, ways):
            weeks.append(week)
            if len(weeks) == 3:
                with transaction():
                    actions.stop_replay(db.session.get_one(FallReplay, replay_id), by=fallen.ruth.id, at=AT)
            yield week

    original = running.replay
    monkeypatch.setattr(running, "replay", stops_after_three)
    assert run_replays(AT) == 0
    assert len(weeks) == 3
    stopped = the(replay_id)
    assert (stopped.result, stopped.finished_at, stopped.weeks_done) == (None, None, 2)
    with transaction(), pytest.raises(Conflict, match="over already"):
        actions.stop_replay(the(replay_id), by=fallen.ruth.id, at=AT)
    page = browse(fallen.ruth).get(f"/settings/checks/replays/{replay_id}").text
    assert "nothing of it is kept" in page


def test_the_page_of_a_running_one_tells_how_far_it_is_and_stops_it(fallen: Cast, browse: Any) -> None:  # noqa: F811
    replay_id = asked(fallen)
    with transaction():
        actions.claim(replay_id, "ours", at=AT)
        actions.note_progress(replay_id, "ours", weeks_done=13, at=AT)
    ruth = browse(fallen.ruth)
    page = ruth.get(f"/settings/checks/replays/{replay_id}").text
    assert "13 of 52 weekly checks" in page
    assert "data-running" in page
    again = ruth.post("/settings/checks/replays", {"alert_one_in": "100", "least_fall": "0.2", "cooldown_weeks": "8"})
    assert again.status_code == 409
    assert "running already" in again.text
    assert ruth.post(f"/settings/checks/replays/{replay_id}/stopping").status_code == 303
    assert ruth.post(f"/settings/checks/replays/{replay_id}/stopping").status_code == 409


def test_who_waited_for_it_hears_that_it_is_done(fallen: Cast, browse: Any) -> None:  # noqa: F811 - the fixture
    replay_id = asked(fallen, at=NOW - timedelta(minutes=5))
    assert run_replays(NOW) == 1
    message = db.session.scalars(select(Message).where(Message.kind == "falls.replayed")).one()
    assert (message.person_id, message.about_id) == (fallen.ruth.id, replay_id)


def test_one_that_is_quick_says_nothing(fallen: Cast) -> None:  # noqa: F811 - the fixture
    asked(fallen, at=NOW)
    assert run_replays(NOW) == 1
    assert db.session.scalars(select(Message).where(Message.kind == "falls.replayed")).all() == []


WEEKS = range(ON - 51, ON + 1)
some_alerts = st.lists(st.tuples(st.integers(1, 30), st.sampled_from(WEEKS)), max_size=60)


@given(alerts=some_alerts)
def test_no_count_is_of_fewer_than_five_nor_can_one_be_worked_out(alerts: list[tuple[int, int]]) -> None:
    found = counted(alerts, [10, 20], months_of(WEEKS))
    people = {person for person, _week in alerts}
    assert found["tested"] == 15
    if len(people) < 5:
        assert (found["people"], found["alerts"], found["periods"]) == (None, None, [])
        return
    assert (found["people"], found["alerts"]) == (len(people), len(alerts))
    periods = found["periods"]
    assert sum(period[3] for period in periods) == len(alerts)
    for first, last, counted_people, times in periods:
        inside = [one for one, week in alerts if first <= month_of(week).isoformat() <= last]
        assert (counted_people, times) == (len(set(inside)), len(inside))
        assert counted_people >= 5
    covered = [period[:2] for period in periods]
    assert covered[0][0] == months_of(WEEKS)[0].isoformat()
    assert covered[-1][1] == months_of(WEEKS)[-1].isoformat()


def test_a_week_counts_in_the_month_of_its_check() -> None:
    assert month_of(clock.week_of(date(2026, 10, 26))) == date(2026, 11, 1)
