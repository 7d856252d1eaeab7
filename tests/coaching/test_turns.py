"""Turns by lot: drawn where there are more falls than talks, the same again from their seed, silent in anybody’s 24 hours."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_person
from tests.home.cards import ON, fallen
from tracker.audit.models import AuditEntry
from tracker.coaching.actions import open_case, share_case
from tracker.coaching.models import CoachingCase
from tracker.coaching.turn_jobs import draw_and_tell
from tracker.coaching.turn_models import CoachingCapacity, CoachingDraw, CoachingPlace
from tracker.coaching.turn_rules import weeks_of
from tracker.coaching.turns import draw_turns, set_capacity
from tracker.core.db import db, transaction
from tracker.ratings.actions import store_fall
from tracker.ratings.models import CellWeek

CHECKED = datetime(2026, 11, 16, 1, tzinfo=UTC)
SHARES = datetime(2026, 11, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("places", "talks", "wait", "taken", "weeks"),
    [
        (5, 2, 8, {}, [0, 0, 1, 1, 2]),
        (5, 2, 1, {}, [0, 0, 1, 1, 1]),
        (3, 2, 8, {0: 2, 1: 1}, [1, 2, 2]),
        (2, 1, 8, {0: 5, 1: 3, 2: 1}, [3, 4]),
        (0, 3, 8, {}, []),
    ],
)
def test_each_place_gets_the_first_week_with_a_talk_left(
    places: int, talks: int, wait: int, taken: dict[int, int], weeks: list[int]
) -> None:
    assert weeks_of(places, talks_a_week=talks, longest_wait=wait, taken=taken) == weeks


@pytest.fixture
def five(cast: Cast) -> list[int]:
    """Ids of the cases of five people whom the check of one week found."""
    with transaction():
        cases = []
        for _person in range(5):
            person = a_person(team=cast.tills)
            fall = store_fall(
                person.id,
                ON,
                fallen()["check"],
                team_id=cast.tills.id,
                parameters={},
                formula="three-window/1",
                shares_at=SHARES,
                at=CHECKED,
            )
            cases.append(open_case(fall, reminds_at=SHARES, at=CHECKED))
        db.session.add(CellWeek(touchpoint_id=1, channel_id=1, week=ON, mu=4.2))
        return [case.id for case in cases]


def switched_on(cast: Cast, *, talks: int = 2, longest_wait: int = 8) -> None:
    with transaction():
        set_capacity(talks_a_week=talks, longest_wait=longest_wait, by=cast.chloe.id, at=CHECKED)


def entries(action: str) -> list[AuditEntry]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def places() -> list[CoachingPlace]:
    db.session.rollback()
    return list(db.session.scalars(select(CoachingPlace).order_by(CoachingPlace.position)))


def test_off_by_default_nobody_waits(five: list[int]) -> None:
    assert draw_and_tell(CHECKED) == 0
    assert {case.reminds_at for case in db.session.scalars(select(CoachingCase))} == {SHARES}


def test_more_falls_than_talks_are_put_into_an_order_that_its_seed_makes_again(five: list[int], cast: Cast) -> None:
    switched_on(cast)
    assert draw_and_tell(CHECKED) == 5
    found, draw = places(), db.session.scalars(select(CoachingDraw)).one()
    again = sorted(five)
    Random(draw.seed).shuffle(again)
    assert [place.case_id for place in found] == again
    assert [place.weeks for place in found] == [0, 0, 1, 1, 2]
    cases = {case.id: case for case in db.session.scalars(select(CoachingCase))}
    assert [cases[id].reminds_at for id in again] == [
        SHARES, SHARES, *[SHARES + timedelta(weeks=1)] * 2, SHARES + timedelta(weeks=2)
    ]  # fmt: skip


def test_as_many_talks_as_falls_draw_nothing(five: list[int], cast: Cast) -> None:
    switched_on(cast, talks=5)
    assert draw_and_tell(CHECKED) == 0
    assert places() == []


def test_a_second_run_draws_nothing_again(five: list[int], cast: Cast) -> None:
    switched_on(cast)
    draw_and_tell(CHECKED)
    before = [(place.case_id, place.turn_at) for place in places()]
    assert draw_and_tell(CHECKED + timedelta(hours=3)) == 0
    assert [(place.case_id, place.turn_at) for place in places()] == before


def test_of_whom_a_leader_was_reminded_already_nobody_waits(five: list[int], cast: Cast) -> None:
    switched_on(cast)
    with transaction():
        for case in db.session.scalars(select(CoachingCase)):
            case.reminders_sent = 1
    assert draw_and_tell(CHECKED) == 0


def test_the_audit_is_silent_until_everybody_drawn_has_had_their_24_hours(five: list[int], cast: Cast) -> None:
    switched_on(cast)
    draw_and_tell(CHECKED)
    draw_and_tell(CHECKED + timedelta(hours=1))
    assert entries("coaching.turns_drawn") == []
    with transaction():
        for case in db.session.scalars(select(CoachingCase)):
            share_case(case, at=SHARES)
    draw_and_tell(SHARES)
    draw_and_tell(SHARES + timedelta(hours=1))
    [entry] = entries("coaching.turns_drawn")
    assert sorted(entry.details["order"]) == sorted(five)
    assert entry.details["seed"] == db.session.scalars(select(CoachingDraw.seed)).one()


def test_a_later_draw_leaves_room_for_those_who_wait_already(five: list[int], cast: Cast) -> None:
    switched_on(cast, talks=1, longest_wait=2)
    with transaction():
        assert draw_turns(ON, seed=1, at=CHECKED) == 5
    assert [place.weeks for place in places()] == [0, 1, 2, 2, 2], "nobody waits longer than it is set"


def test_the_setting_has_a_page_for_hr_and_admins_and_an_audit_line(cast: Cast, browse: Any) -> None:
    assert "/coaching/turns" in browse(cast.ruth).get("/settings").text
    for person in (cast.chloe, cast.ruth):
        assert "What it means" in browse(person).get("/coaching/turns").text
    for person in (cast.brian, cast.kevin, cast.dora):
        assert browse(person).get("/coaching/turns").status_code in {403, 404}
        assert browse(person).post("/coaching/turns", {"talks_a_week": "3", "longest_wait": "8"}).status_code in {
            403,
            404,
        }
    assert db.session.get(CoachingCapacity, 1) is None
    hr = browse(cast.chloe)
    assert hr.post("/coaching/turns", {"talks_a_week": "3", "longest_wait": "6"}).status_code == 303
    found = db.session.get_one(CoachingCapacity, 1)
    assert (found.talks_a_week, found.longest_wait) == (3, 6)
    assert "3 talks a week" in hr.get("/coaching/effect").text
    assert hr.post("/coaching/turns", {"talks_a_week": "", "longest_wait": "6"}).status_code == 303
    assert "Off: every leader is reminded at once." in hr.get("/coaching/effect").text
    assert [entry.details["talks_a_week"] for entry in entries("coaching.turns_set")] == [3, None]


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"talks_a_week": "0", "longest_wait": "8"}, "From 1 to 1,000 talks"),
        ({"talks_a_week": "many", "longest_wait": "8"}, "problem"),
        ({"talks_a_week": "3", "longest_wait": "13"}, "From 1 to 12 weeks"),
        ({"talks_a_week": "3", "longest_wait": ""}, "Say how many weeks"),
    ],
)
def test_bad_input_comes_back_with_what_is_wrong(cast: Cast, browse: Any, form: dict[str, str], problem: str) -> None:
    answer = browse(cast.chloe).post("/coaching/turns", form)
    assert answer.status_code == 422
    assert problem in answer.text
    assert db.session.get(CoachingCapacity, 1) is None
