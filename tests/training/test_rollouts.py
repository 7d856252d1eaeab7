"""Rollouts in waves: drawn once by lot, each team on its day, nobody twice, ended with a reason; HR's alone."""

import re
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_course, a_person, a_team, is_away, joins, leads
from tests.training.conftest import NOW
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict
from tracker.notifications.models import Message
from tracker.organisation.models import Membership, Person, Team, Tenure
from tracker.training import rule_actions
from tracker.training.jobs import follow_rules
from tracker.training.models import Assignment
from tracker.training.rollout_actions import Plan, begin_rollout, end_rollout
from tracker.training.rollout_jobs import tell_turns
from tracker.training.rollout_models import RolloutTeam, TrainingRollout
from tracker.training.rollout_rules import days_of, drawn, is_enough

pytestmark = pytest.mark.usefixtures("now")
TODAY = date(2026, 11, 18)  # a Wednesday
MONDAY = date(2026, 11, 23)


def some_teams(count: int) -> list[Team]:
    return [a_team(f"Shop {number:02}") for number in range(count)]


def a_rollout(teams: list[Team], *, by: Person, seed: int = 7, **values: Any) -> TrainingRollout:
    given = {"course_id": a_course(title="Calm").course_id, "waves": 2, "weeks_apart": 4, "first_on": MONDAY}
    plan = Plan(**{**given, "days": 21, "team_ids": frozenset(team.id for team in teams), **values})  # type: ignore[arg-type]  # by name
    return begin_rollout(plan, seed=seed, by=by.id, at=NOW, today=TODAY)


def in_order(rollout: TrainingRollout) -> list[RolloutTeam]:
    of_rollout = select(RolloutTeam).where(RolloutTeam.rollout_id == rollout.id).order_by(RolloutTeam.position)
    return list(db.session.scalars(of_rollout))


def on(day: date) -> None:
    """The jobs of that noon; twice, as two processes run them."""
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    for _time in range(2):
        tell_turns(at)
        follow_rules(at)
        at += timedelta(hours=2)


def assigned() -> list[Assignment]:
    db.session.rollback()
    return list(db.session.scalars(select(Assignment).order_by(Assignment.id)))


def told(kind: str) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Message.person_id).where(Message.kind == kind).order_by(Message.id)))


def fields(course: int, teams: list[Team], **changes: Any) -> dict[str, Any]:
    given = {"course": str(course), "teams": [str(team.id) for team in teams], "waves": "2", "weeks_apart": "4"}
    return {**given, "first_on": MONDAY.isoformat(), "days": "21", "words": "For the summer.", **changes}


def test_the_draw_can_be_made_again_from_the_audit(app: Flask, cast: Cast) -> None:
    with transaction():
        teams = some_teams(9)
        rollout = a_rollout(teams, by=cast.chloe, seed=123_456_789)
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "rollout.drawn"))
    order = list(entry.details["teams"])
    Random(entry.details["seed"]).shuffle(order)
    assert order == entry.details["order"] == [place.team_id for place in in_order(rollout)]
    assert order != sorted(order)
    assert sorted(order) == sorted(team.id for team in teams)
    assert entry.details["starts"] == [place.starts_on.isoformat() for place in in_order(rollout)]
    assert entry.by_id == cast.chloe.id


def test_every_place_in_the_order_is_equally_likely() -> None:
    first = [drawn(range(4), seed)[0] for seed in range(4_000)]
    assert all(900 < first.count(team) < 1_100 for team in range(4))


def test_waves_hold_as_many_teams_each_and_begin_on_mondays() -> None:
    days = days_of(7, 3, first_on=MONDAY, weeks_apart=5)
    assert days == sorted(days)
    assert [days.count(day) for day in sorted(set(days))] == [3, 2, 2]
    assert sorted(set(days)) == [MONDAY + timedelta(weeks=weeks) for weeks in (0, 5, 10)]


@pytest.mark.parametrize(
    ("teams", "waves", "weeks", "enough"),
    [(12, 4, 4, False), (12, 4, 12, True), (12, 6, 4, True), (8, 6, 4, True), (6, 6, 4, False), (24, 2, 4, False)],
)
def test_a_plan_says_beforehand_whether_it_can_tell(teams: int, waves: int, weeks: int, enough: bool) -> None:
    assert is_enough(days_of(teams, waves, first_on=MONDAY, weeks_apart=weeks)) is enough


def test_each_team_gets_the_course_on_its_day(app: Flask, cast: Cast) -> None:
    with transaction():
        teams = some_teams(4)
        people = {team.id: {a_person(team=team).id, a_person(team=team).id} for team in teams}
        rollout = a_rollout(teams, by=cast.chloe, words="For the summer.")
    order = [place.team_id for place in in_order(rollout)]
    on(MONDAY - timedelta(days=1))
    assert assigned() == []
    on(MONDAY)
    assert {one.person_id for one in assigned()} == people[order[0]] | people[order[1]]
    assert {(one.why, one.words, one.due_on) for one in assigned()} == {
        ("wave", "For the summer.", MONDAY + timedelta(days=21))
    }
    on(MONDAY + timedelta(days=27))
    assert len(assigned()) == 4
    on(MONDAY + timedelta(days=28))
    assert sorted(one.person_id for one in assigned()) == sorted(set().union(*people.values()))


def test_who_comes_later_gets_it_and_whoever_is_away_when_back(app: Flask, cast: Cast) -> None:
    with transaction():
        teams = some_teams(2)
        first = a_rollout(teams, by=cast.chloe)
        team = db.session.get_one(Team, in_order(first)[0].team_id)
        away = a_person("Away", team=team)
        is_away(away, MONDAY - timedelta(days=3), MONDAY + timedelta(days=4))
        later = a_person("Later", team=team, since=MONDAY + timedelta(days=10))
    on(MONDAY + timedelta(days=3))
    assert assigned() == []
    on(MONDAY + timedelta(days=4))
    assert [one.person_id for one in assigned()] == [away.id]
    on(MONDAY + timedelta(days=9))
    assert len(assigned()) == 1
    on(MONDAY + timedelta(days=10))
    assert [one.person_id for one in assigned()] == [away.id, later.id]


def test_who_has_finished_it_is_left_out_and_who_waits_is_not_given_it_by_moving(app: Flask, cast: Cast) -> None:
    with transaction():
        teams = some_teams(2)
        rollout = a_rollout(teams, by=cast.chloe)
        now, waits = (db.session.get_one(Team, place.team_id) for place in in_order(rollout))
        person = a_person("Moves", team=now)
    on(MONDAY)
    moved = MONDAY + timedelta(days=2)
    with transaction():
        db.session.scalars(select(Membership).where(Membership.person_id == person.id)).one().ended_on = moved
        joins(person, waits, since=moved)
    on(moved)
    assert [one.outcome for one in assigned()] == ["withdrawn"]
    on(MONDAY + timedelta(weeks=4))
    assert [one.outcome for one in assigned()] == ["withdrawn", None]
    with transaction():
        mine = db.session.get_one(Assignment, assigned()[1].id)
        mine.ended_at, mine.outcome = NOW, "completed"
    on(MONDAY + timedelta(weeks=5))
    assert len(assigned()) == 2


def test_who_leaves_the_company_has_it_taken_back(app: Flask, cast: Cast) -> None:
    with transaction():
        teams = some_teams(2)
        rollout = a_rollout(teams, by=cast.chloe)
        person = a_person("Leaves", team=db.session.get_one(Team, in_order(rollout)[0].team_id))
    on(MONDAY)
    with transaction():
        db.session.get_one(Person, person.id).ended_on = MONDAY + timedelta(days=2)
    on(MONDAY + timedelta(days=2))
    assert [one.outcome for one in assigned()] == ["withdrawn"]


def test_killed_half_way_nothing_is_missed_and_nothing_comes_twice(app: Flask, cast: Cast) -> None:
    with transaction():
        teams = some_teams(2)
        rollout = a_rollout(teams, by=cast.chloe, waves=1)
        people = {a_person(team=team).id for team in teams}
    at = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 9, tzinfo=UTC)
    with pytest.raises(KeyboardInterrupt):
        _killed_before_its_commit(db.session.merge(rollout).rule_id, at=at)
    assert assigned() == []
    on(MONDAY)
    assert {one.person_id for one in assigned()} == people
    assert len(assigned()) == 2
    assert len(told("training.assigned")) == 2


def _killed_before_its_commit(rule_id: int, *, at: datetime) -> None:
    with transaction():
        assert rule_actions.carry_out(rule_id, day=at.date(), at=at) == 2
        raise KeyboardInterrupt


def test_leaders_hear_of_the_draw_and_a_week_before_their_turn(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        rollout = a_rollout([cast.tills, cast.floor], by=cast.chloe, seed=1)
        first, second = in_order(rollout)
    leader = {cast.tills.id: cast.brian, cast.floor.id: cast.dora}
    assert sorted(told("training.turn")) == sorted(person.id for person in leader.values())
    on(second.starts_on - timedelta(days=8))
    assert len(told("training.turn")) == 2, "the first team’s turn was close when it was drawn"
    with transaction():  # whoever leads then is told, not who led when it was drawn
        tenure = db.session.scalars(select(Tenure).where(Tenure.team_id == second.team_id)).one()
        tenure.ended_on = second.starts_on - timedelta(days=20)
        new = a_person("New Leader", team=cast.root)
        leads(new, db.session.get_one(Team, second.team_id), since=tenure.ended_on)
    on(second.starts_on - timedelta(days=7))
    on(second.starts_on - timedelta(days=6))
    assert len(told("training.turn")) == 3
    assert told("training.turn")[-1] == new.id
    browser = browse(leader[first.team_id], at=NOW)
    assert "your turn comes on Monday 23 November 2026" in browser.get("/inbox").text
    assert "comes on Monday 23 November 2026" in browser.get("/training/team").text
    stranger = browse(leader[second.team_id], at=NOW).get("/training/team").text
    assert "Monday 23 November 2026" not in stranger


def test_an_ended_rollout_gives_nothing_more_and_leaders_hear(app: Flask, cast: Cast) -> None:
    with transaction():
        a_person("Floor", team=cast.floor)
        rollout = a_rollout([cast.tills, cast.floor], by=cast.chloe, seed=1)
        last = in_order(rollout)[1]
    on(MONDAY)
    before = len(assigned())
    assert before > 0
    with transaction():
        at = datetime(2026, 11, 24, 9, tzinfo=UTC)
        end_rollout(db.session.merge(rollout), "Another course first.", by=cast.chloe.id, at=at, today=at.date())
    on(last.starts_on)
    assert len(assigned()) == before
    assert told("training.no_turn") == [(cast.brian if last.team_id == cast.tills.id else cast.dora).id]
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "rollout.ended"))
    assert entry.reason == "Another course first."


def test_one_course_is_rolled_out_once_at_a_time(app: Flask, cast: Cast) -> None:
    with transaction():
        teams = some_teams(2)
        rollout = a_rollout(teams, by=cast.chloe)
        course = db.session.merge(rollout).rule_id
    with transaction():
        course_id = assigned_course(rollout)
    with pytest.raises(Conflict), transaction():
        a_rollout(teams, by=cast.chloe, course_id=course_id)
    with transaction():
        end_rollout(db.session.merge(rollout), "Drawn for a test.", by=cast.chloe.id, at=NOW, today=TODAY)
        again = a_rollout(teams, by=cast.chloe, course_id=course_id, seed=8)
    assert again.rule_id != course
    actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("rollout.%")))
    assert sorted(actions) == ["rollout.drawn", "rollout.drawn", "rollout.ended"]


def assigned_course(rollout: TrainingRollout) -> int:
    return db.session.get_one(rule_actions.TrainingRule, rollout.rule_id).course_id


def test_hr_sees_the_plan_then_draws_it_and_ends_it(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_person("Floor", team=cast.floor)
        course = a_course(title="Calm at the counter").course_id
    chloe = browse(cast.chloe, at=NOW)
    assert "No rollout yet" in chloe.get("/training/rollouts").text
    sent = fields(course, [cast.tills, cast.floor])
    plan = chloe.post("/training/rollouts", sent)
    assert plan.status_code == 200
    assert "Monday 23 November 2026" in plan.text
    assert "too small to tell" in plan.text
    assert db.session.scalars(select(TrainingRollout)).all() == []
    seen = re.search(r'name="seen" value="(\w+)"', plan.text).group(1)  # type: ignore[union-attr]  # there is one
    changed = chloe.post("/training/rollouts", {**sent, "days": "14", "seen": seen})
    assert changed.status_code == 200, "another plan is shown again before it is drawn"
    done = chloe.post("/training/rollouts", {**sent, "seen": seen})
    assert done.status_code == 303
    page = chloe.get(done.location).text
    assert page.count('<th scope="row">Nairobi Central') == 2
    order = [place.team_id for place in db.session.scalars(select(RolloutTeam).order_by(RolloutTeam.position))]
    assert f"assert order == {order}" in page
    assert chloe.post(f"{done.location}/end", {"reason": " "}).status_code == 422
    assert chloe.post(f"{done.location}/end", {"reason": "We changed the course."}).status_code == 303
    assert chloe.post(f"{done.location}/end", {"reason": "Once more."}).status_code == 409
    assert "We changed the course." in chloe.get(done.location).text
    assert "Ended" in chloe.get("/training/rollouts").text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"first_on": "2026-11-24"}, "Choose a Monday, from today on"),
        ({"first_on": "2026-11-16"}, "Choose a Monday, from today on"),
        ({"first_on": "2027-11-22"}, "Choose a Monday within a year"),
        ({"first_on": "9999-12-27", "weeks_apart": "26"}, "Choose a Monday"),
        ({"teams": []}, "Choose two teams or more"),
        ({"waves": "3"}, "There are only 2 teams"),
        ({"waves": "1"}, "Give a number from 2 to 100"),
        ({"weeks_apart": "27"}, "Give a number from 1 to 26"),
        ({"days": "0"}, "Give a number from 1 to 365"),
        ({"course": ""}, "Choose a course"),
        ({"course": "99999"}, "Choose one from the list"),
        ({"teams": ["99999"]}, "Choose from the list"),
        ({"teams": ["one", "two"]}, "Choose from the list"),
        ({"beneath": "99999"}, "Choose one from the list"),
    ],
)
def test_what_cannot_be_drawn_is_told(app: Flask, cast: Cast, browse: Any, changes: dict[str, Any], says: str) -> None:
    with transaction():
        a_person("Floor", team=cast.floor)
        course = a_course().course_id
    answer = browse(cast.chloe, at=NOW).post(
        "/training/rollouts", {**fields(course, [cast.tills, cast.floor]), **changes}
    )
    assert answer.status_code == 422
    assert says in answer.text


def test_all_teams_beneath_one_are_drawn_and_only_those_with_people(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        course = a_course().course_id
        a_team("Nobody here", parent=cast.root)
        a_person(team=cast.floor)
    sent = fields(course, [], beneath=str(cast.root.id))
    plan = browse(cast.chloe, at=NOW).post("/training/rollouts", sent).text
    assert "In the draw: Nairobi Central floor, Nairobi Central tills." in plan


@pytest.mark.parametrize("name", ["brian", "dora", "ruth", "amina"])
def test_only_hr_rolls_out(app: Flask, cast: Cast, browse: Any, name: str) -> None:
    with transaction():
        rollout = a_rollout([cast.tills, cast.floor], by=cast.chloe)
        end = f"/training/rollouts/{rollout.id}"
    browser = browse(getattr(cast, name), at=NOW)
    for url in ("/training/rollouts", "/training/rollouts/new", end, "/training/effects"):
        assert browser.get(url).status_code == 403, url
    assert browser.post("/training/rollouts", fields(1, [cast.tills, cast.floor])).status_code == 403
    assert browser.post(f"{end}/end", {"reason": "Because."}).status_code == 403
    assert "/training/rollouts" not in (browser.get("/training/team").text if name == "brian" else "")
    assert browse(cast.chloe, at=NOW).get("/training/rollouts/99999").status_code == 404


def test_a_rollouts_rule_is_ended_only_with_the_rollout(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        rule = a_rollout([cast.tills, cast.floor], by=cast.chloe).rule_id
    chloe = browse(cast.chloe, at=NOW)
    assert "No rule yet" in chloe.get("/training/rules").text
    assert chloe.post(f"/training/rules/{rule}/end").status_code == 404
