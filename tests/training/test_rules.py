"""Rules assign by themselves: once an occasion, under moves, leave, return and double runs; what lost its reason is taken back."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_course, a_person, a_rating, a_team, is_away, joins, leads
from tests.training.conftest import NOW
from tests.training.histories import a_place_each_day, lives, owed
from tracker.access.actions import set_roles
from tracker.core.db import db, transaction
from tracker.courses.actions import retire
from tracker.courses.models import Course
from tracker.organisation.models import Membership, Person, Team, Tenure
from tracker.training.jobs import follow_rules
from tracker.training.models import Assignment, TrainingRule
from tracker.training.rule_actions import make_rule

pytestmark = pytest.mark.usefixtures("now")

TODAY = date(2026, 11, 18)


def a_rule(
    team: Team | None, *, by: Person, kind: str = "joined", since: date = TODAY, **values: object
) -> TrainingRule:
    given = {"kind": kind, "course_id": a_course().course_id, "days": 14, "since": since}
    return make_rule({**given, "team_id": team.id if team else None, **values}, by=by.id, at=NOW)


def assigned() -> list[Assignment]:
    db.session.rollback()
    return list(db.session.scalars(select(Assignment).order_by(Assignment.id)))


def on(day: int) -> None:
    """The hourly job, `day` days after today; twice, as two processes do it."""
    at = NOW + timedelta(days=day)
    for _time in range(2):
        follow_rules(at)
        at += timedelta(hours=2)


def test_who_comes_into_the_team_gets_the_course_once(app: Flask, cast: Cast) -> None:
    with transaction():
        rule = a_rule(cast.tills, by=cast.brian, words="Welcome!")
        newcomer = a_person("Zawadi Newcomer", team=cast.tills, since=TODAY)
    on(0)
    on(1)
    [one] = assigned()
    assert (one.person_id, one.rule_id, one.why, one.words) == (newcomer.id, rule.id, "joined", "Welcome!")
    assert one.due_on == TODAY + timedelta(days=14)


def test_a_rule_sent_twice_is_one_and_after_its_end_another(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        course = a_course().course_id
    brian = browse(cast.brian, at=NOW)
    sent = {"course": str(course), "kind": "joined", "team": str(cast.tills.id), "days": "5"}
    for _time in range(2):
        assert brian.post("/training/rules", sent).status_code == 303
    assert brian.post("/training/rules", {**sent, "days": "6"}).status_code == 303
    db.session.rollback()
    rules = list(db.session.scalars(select(TrainingRule).order_by(TrainingRule.id)))
    assert [rule.days for rule in rules] == [5, 6]
    assert brian.post(f"/training/rules/{rules[0].id}/end").status_code == 303
    assert brian.post("/training/rules", sent).status_code == 303
    db.session.rollback()
    assert len(list(db.session.scalars(select(TrainingRule.id)))) == 3


def test_who_was_there_before_the_rule_is_left_alone(app: Flask, cast: Cast) -> None:
    with transaction():
        a_rule(cast.root, by=cast.chloe)
    on(0)
    assert assigned() == []


def test_a_move_within_the_rules_teams_is_no_coming(app: Flask, cast: Cast) -> None:
    with transaction():
        a_rule(cast.root, by=cast.chloe)
        newcomer = a_person("Zawadi Newcomer", team=cast.tills, since=TODAY)
    on(0)
    with transaction():
        membership = db.session.scalars(select(Membership).where(Membership.person_id == newcomer.id)).one()
        membership.ended_on = TODAY + timedelta(days=3)
        joins(
            db.session.merge(newcomer),
            a_team("Elsewhere", parent=db.session.merge(cast.root)),
            since=TODAY + timedelta(days=3),
        )
    on(4)
    [one] = assigned()
    assert one.ended_at is None


def test_who_moves_away_has_it_taken_back_and_on_return_gets_it_anew(app: Flask, cast: Cast) -> None:
    with transaction():
        a_rule(cast.tills, by=cast.brian)
        newcomer = a_person("Zawadi Newcomer", team=cast.tills, since=TODAY)
        elsewhere = a_team("Elsewhere")
    on(0)
    with transaction():
        db.session.scalars(select(Membership).where(Membership.person_id == newcomer.id)).one().ended_on = date(
            2026, 11, 20
        )
        away = joins(newcomer, elsewhere, since=date(2026, 11, 20), until=date(2026, 11, 25))
    on(3)
    assert [one.outcome for one in assigned()] == ["withdrawn"]
    with transaction():
        joins(db.session.merge(newcomer), db.session.merge(cast.tills), since=db.session.merge(away).ended_on)
    on(8)
    assert [one.outcome for one in assigned()] == ["withdrawn", None]


def test_who_is_away_gets_it_on_the_first_day_back(app: Flask, cast: Cast) -> None:
    with transaction():
        a_rule(cast.tills, by=cast.brian)
        newcomer = a_person("Zawadi Newcomer", team=cast.tills, since=TODAY)
        is_away(newcomer, TODAY, TODAY + timedelta(days=5))
    on(4)
    assert assigned() == []
    on(5)
    assert [one.due_on for one in assigned()] == [TODAY + timedelta(days=19)]


def test_a_third_open_course_waits_until_one_is_done(app: Flask, cast: Cast) -> None:
    with transaction():
        rules = [a_rule(cast.tills, by=cast.brian).id for _rule in range(3)]
        a_person("Zawadi Newcomer", team=cast.tills, since=TODAY)
    on(0)
    assert [one.rule_id for one in assigned()] == rules[:2]
    with transaction():
        first = assigned()[0]
        first = db.session.get(Assignment, first.id)
        first.ended_at, first.outcome = NOW, "completed"
    on(1)
    assert rules[2] in [one.rule_id for one in assigned()]


def test_a_waived_course_is_not_given_again_for_the_same_occasion(app: Flask, cast: Cast) -> None:
    with transaction():
        a_rule(cast.tills, by=cast.brian)
        a_person("Zawadi Newcomer", team=cast.tills, since=TODAY)
    on(0)
    with transaction():
        one = db.session.get(Assignment, assigned()[0].id)
        one.ended_at, one.outcome, one.reason = NOW, "waived", "Knows it"
    on(1)
    assert len(assigned()) == 1


def test_who_leaves_the_company_has_nothing_open(app: Flask, cast: Cast) -> None:
    with transaction():
        a_rule(cast.tills, by=cast.brian)
        newcomer = a_person("Zawadi Newcomer", team=cast.tills, since=TODAY)
    on(0)
    with transaction():
        db.session.merge(newcomer).ended_on = TODAY + timedelta(days=2)
    on(2)
    assert [one.outcome for one in assigned()] == ["withdrawn"]


def test_who_begins_to_lead_gets_the_leaders_course_and_deputies_do_not(app: Flask, cast: Cast) -> None:
    with transaction():
        a_rule(None, by=cast.chloe, kind="leads")
        leads(cast.amina, a_team("New team"), since=TODAY)
        leads(cast.kevin, cast.tills, since=TODAY, kind="deputy")
    on(0)
    assert [one.person_id for one in assigned()] == [cast.amina.id]


def test_three_customers_who_wish_for_the_same_bring_the_course_and_older_ones_do_not(app: Flask, cast: Cast) -> None:
    with transaction():
        a_rule(cast.tills, by=cast.brian, kind="low", driver="speed", since=TODAY - timedelta(days=90))
        for days in (1, 2):
            a_rating(cast.amina, stars=2, on=TODAY - timedelta(days=days), drivers=["speed"])
        a_rating(cast.amina, stars=2, on=TODAY - timedelta(weeks=9), drivers=["speed"])
        a_rating(cast.amina, stars=5, on=TODAY - timedelta(days=3), drivers=["speed"])
        a_rating(cast.kevin, stars=1, on=TODAY - timedelta(days=3), drivers=["friendliness"])
    on(0)
    assert assigned() == []
    with transaction():
        a_rating(db.session.merge(cast.amina), stars=3, on=TODAY, drivers=["speed", "friendliness"])
    on(1)
    [one] = assigned()
    assert (one.person_id, one.why, one.driver) == (cast.amina.id, "low", "speed")
    on(20)
    assert len(assigned()) == 1


def test_a_leaders_rule_holds_in_the_team_led_alone_whatever_becomes_of_the_maker(app: Flask, cast: Cast) -> None:
    with transaction():
        store = db.session.get_one(Team, cast.tills.parent_id)
        rules = {a_rule(store, by=cast.faith).id: "Faith", a_rule(store, by=cast.chloe).id: "Chloe"}
        a_person("Zawadi Beneath", team=cast.tills, since=TODAY)
        near = a_person("Zawadi Near", team=store, since=TODAY)
    on(0)
    found = [(rules[one.rule_id or 0], one.person_id == near.id) for one in assigned()]
    assert sorted(found) == [("Chloe", False), ("Chloe", True), ("Faith", True)]
    with transaction():
        set_roles(db.session.merge(cast.faith), {"hr"}, by=None, at=NOW)
        tenure = db.session.scalars(select(Tenure).where(Tenure.person_id == cast.faith.id)).one()
        tenure.ended_on = TODAY + timedelta(days=1)
        db.session.merge(cast.chloe).ended_on = TODAY + timedelta(days=1)
    on(2)
    assert [one.outcome for one in assigned()] == [None] * 3


def test_who_begins_to_lead_is_in_the_leaders_own_team(app: Flask, cast: Cast) -> None:
    with transaction():
        store = db.session.get_one(Team, cast.tills.parent_id)
        a_rule(store, by=cast.faith, kind="leads")
        near, beneath = a_person("Zawadi Near", team=store), a_person("Zawadi Beneath", team=cast.tills)
        leads(near, a_team("New team", parent=store), since=TODAY)
        leads(beneath, a_team("Another", parent=cast.tills), since=TODAY)
    on(0)
    assert [one.person_id for one in assigned()] == [near.id]
    with transaction():
        membership = db.session.scalars(select(Membership).where(Membership.person_id == near.id)).one()
        membership.ended_on = TODAY + timedelta(days=1)
        joins(db.session.merge(near), db.session.merge(cast.tills), since=TODAY + timedelta(days=1))
    on(1)
    assert [one.outcome for one in assigned()] == ["withdrawn"]


def test_a_retired_course_is_assigned_to_nobody_any_more(app: Flask, cast: Cast) -> None:
    with transaction():
        rule = a_rule(cast.tills, by=cast.brian)
        retire(db.session.get_one(Course, rule.course_id), by=cast.chloe.id, at=NOW)
        a_person("Zawadi Newcomer", team=cast.tills, since=TODAY)
    on(0)
    assert assigned() == []


def test_the_job_works_once_an_hour(app: Flask, cast: Cast) -> None:
    with transaction():
        a_rule(cast.tills, by=cast.brian)
    follow_rules(NOW)
    with transaction():
        a_person("Zawadi Newcomer", team=cast.tills, since=TODAY)
    assert follow_rules(NOW + timedelta(minutes=59)) == 0
    assert follow_rules(NOW + timedelta(minutes=60)) == 1


@pytest.mark.parametrize("maker", ["brian", "chloe"])
def test_any_history_of_moves_and_absences_gives_what_a_plain_walk_through_the_days_gives(
    app: Flask, cast: Cast, maker: str
) -> None:
    """A leader's rule holds in exactly the team, HR's in the teams beneath it too."""
    chance, days, people = Random(7), 14, 60
    with transaction():
        rule = a_rule(cast.tills, by=getattr(cast, maker))
        beneath = a_team("Till 9", parent=cast.tills)
        inside = [cast.tills, beneath] if maker == "chloe" else [cast.tills]
        teams = [cast.tills, beneath, cast.floor]
        persons = [a_person(f"Person {n}") for n in range(people)]
    places = {person.id: a_place_each_day([None, *teams], days, chance) for person in persons}
    absences = {person.id: {day for day in range(days) if chance.random() < 0.15} for person in persons}
    with transaction():
        for person_id, place in places.items():
            lives(db.session.get_one(Person, person_id), place, absences[person_id], TODAY)
    for day in range(days):
        on(day)
    found: dict[int, list[tuple[int, int | None]]] = {person.id: [] for person in persons}
    for one in assigned():
        ended = (one.ended_at.date() - TODAY).days if one.ended_at else None
        found[one.person_id].append(((one.assigned_at.date() - TODAY).days, ended))
    names = {team.id for team in inside}
    assert found == {
        id: owed([t.id in names if t else False for t in place], absences[id]) for id, place in places.items()
    }
    assert sum(map(len, found.values())) > 30, "the histories hold something"
    assert {one.rule_id for one in assigned()} == {rule.id}
