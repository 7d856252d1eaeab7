"""What courses changed: from ratings over the rollup to a figure, and to a sentence that never says more than its interval."""

import re
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_course, a_person, a_rating, a_team, an_author, joins, many_ratings
from tests.statements import statements
from tests.training.companies import FIRST_MONDAY, FIRST_WAVE, LAST_SUNDAY, NIGHT, a_company, rolled_out
from tracker.coaching.jobs import check_falls
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.courses.models import CourseVersion
from tracker.organisation.models import Membership, Person
from tracker.ratings.actions import exclude_rating
from tracker.ratings.models import CellWeek, Rating
from tracker.statistics.effects import rollout_effect
from tracker.training import effect_sentences as say
from tracker.training.completing import complete
from tracker.training.effect import PERIODS, Figures, figures_of_courses
from tracker.training.rollout_actions import end_rollout
from tracker.training.rollout_jobs import work_out_effects
from tracker.training.rollout_models import RolloutTeam, TrainingEffect

pytestmark = pytest.mark.usefixtures("now")
ON = clock.week_of(LAST_SUNDAY)
TODAY = NIGHT.date()
ZONE = "Africa/Nairobi"


def stored() -> dict[int, Figures]:
    db.session.rollback()
    return {row.course_id: Figures(**row.figures) for row in db.session.scalars(select(TrainingEffect))}


def figures_now() -> dict[int, Figures]:
    db.session.rollback()
    return figures_of_courses(ON, today=TODAY, zone=ZONE)


def finishes(person: Person, version: CourseVersion, on: date) -> None:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    complete(person.id, version, score=100, by=person.id, at=at, day=on)


def test_an_effect_that_is_there_is_found(app: Flask, cast: Cast, browse: Any) -> None:
    a_company(effect=True, seed=11)
    assert work_out_effects(NIGHT) == 1
    [found] = stored().values()
    assert found.enough
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < 0.4 < found.high
    assert (found.trained, found.waiting, found.n, found.by_lot) == (12, 0, 6, True)
    assert say.verdict(found) == "higher"
    page = browse(cast.chloe, at=NIGHT).get("/training/effects").text
    assert say.headline(found) in page
    assert "drawn by lot" in page
    assert "Shop 0" not in page, "groups only: no team by name"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_nothing_changed_nothing_is_found(app: Flask, cast: Cast, seed: int) -> None:
    a_company(effect=False, seed=seed)
    work_out_effects(NIGHT)
    [found] = stored().values()
    assert found.enough
    assert say.verdict(found) == "unclear"
    assert say.headline(found).startswith("No clear difference")


def test_two_waves_of_a_few_teams_are_too_few_to_tell(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        teams = [a_team(f"Shop {number}") for number in range(6)]
        people = [a_person(team=team) for team in teams]
        rolled_out(teams, seed=5, waves=2, first_on=FIRST_WAVE)
        days = [FIRST_MONDAY + timedelta(days=day) for day in range(0, 7 * 52, 5)]
        many_ratings([(person, 4, day) for person in people for day in days])
    check_falls(NIGHT)
    work_out_effects(NIGHT)
    [found] = stored().values()
    assert not found.enough
    page = browse(cast.chloe, at=NIGHT).get("/training/effects").text
    assert "Too few to tell" in page
    assert "6 teams trained, 0 not yet." in page


def test_figures_are_those_of_a_plain_walk_through_the_ratings(app: Flask, cast: Cast) -> None:
    chance = Random(3)
    with transaction():
        teams = [a_team(f"Shop {number}") for number in range(9)]
        people = [a_person(team=chance.choice(teams)) for _person in range(30)]
        for person in people[:20]:  # moves in the middle of a week; some are in no team for a while
            membership = db.session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
            membership.ended_on = FIRST_MONDAY + timedelta(days=chance.randrange(30, 300))
            joins(
                person, chance.choice(teams), since=membership.ended_on + timedelta(days=chance.choice((0, 0, 0, 40)))
            )
        days = 7 * 52
        many_ratings(
            [
                (
                    chance.choice(people),
                    chance.choices((1, 3, 4, 5), (1, 1, 2, 6))[0],
                    FIRST_MONDAY + timedelta(days=day),
                )
                for day in range(days)
                for _rating in range(6)
            ]
        )
        rollout = rolled_out(teams, seed=5, waves=5)
        starts = {place.team_id: place.starts_on for place in db.session.query(RolloutTeam)}
        excluded = db.session.scalars(select(Rating).order_by(Rating.id).limit(40)).all()
        for rating in excluded:
            exclude_rating(rating, by=an_author().id, reason="Not about us.", at=NIGHT)
    check_falls(NIGHT)
    n, residual = _walked({team.id: row for row, team in enumerate(teams)})
    first = clock.week_of(FIRST_MONDAY) - 4 * (PERIODS - 13)
    start = [(clock.week_of(starts[team.id]) - first) // 4 for team in teams]
    expected = rollout_effect(n=n, residual=residual, start=start)
    [found] = figures_now().values()
    assert found.ratings == n.sum()
    assert found.estimate == pytest.approx(expected.estimate, abs=1e-4)
    assert found.low == pytest.approx(expected.low, abs=1e-4)
    assert (found.n, found.enough) == (expected.n, expected.enough)
    assert rollout.id


def _walked(row_of: dict[int, int]) -> tuple[Any, Any]:
    """(teams, PERIODS) twice, rating by rating."""
    n, residual = np.zeros((len(row_of), PERIODS)), np.zeros((len(row_of), PERIODS))
    mu = {(row.touchpoint_id, row.channel_id, row.week): row.mu for row in db.session.scalars(select(CellWeek))}
    memberships = list(db.session.scalars(select(Membership).order_by(Membership.started_on)))
    for rating in db.session.scalars(select(Rating).where(Rating.excluded_at.is_(None))):
        week = clock.week_of(rating.rated_on)
        monday, sunday = clock.monday_of(week), clock.monday_of(week) + timedelta(days=6)
        within = [m for m in memberships if m.person_id == rating.person_id and m.started_on <= sunday]
        if not within or (within[-1].ended_on and within[-1].ended_on <= monday) or week > ON:
            continue
        place = row_of[within[-1].team_id], PERIODS - 1 - (ON - week) // 4
        n[place] += 1
        residual[place] += rating.stars - mu[rating.touchpoint_id, rating.channel_id, week]
    return n, residual


def test_a_team_counts_as_trained_once_half_of_it_has_finished(app: Flask, cast: Cast) -> None:
    with transaction():
        version = a_course()
        team, other = a_team("Shop 1"), a_team("Shop 2")
        people = [a_person(team=team) for _person in range(4)]
        stranger = a_person(team=other)
        for person in (*people, stranger):
            a_rating(person, on=LAST_SUNDAY - timedelta(days=100))
        finishes(people[0], version, LAST_SUNDAY - timedelta(days=70))
        finishes(people[0], version, LAST_SUNDAY - timedelta(days=60))  # a renewal is no second person
    check_falls(NIGHT)
    [one] = figures_now().values()
    assert (one.trained, one.waiting, one.by_lot) == (0, 2, False)
    with transaction():
        finishes(db.session.merge(people[1]), db.session.merge(version), LAST_SUNDAY - timedelta(days=40))
    [half] = figures_now().values()
    assert (half.trained, half.waiting) == (1, 1)
    assert "chosen, not drawn" in say.choice(half)


def test_who_finished_it_elsewhere_trains_no_team_by_moving_in(app: Flask, cast: Cast) -> None:
    with transaction():
        version = a_course()
        team, before = a_team("Shop 1"), a_team("Shop 2")
        person, moved = a_person(team=before, since=FIRST_MONDAY), LAST_SUNDAY - timedelta(days=80)
        a_rating(a_person(team=team), on=LAST_SUNDAY - timedelta(days=100))
        finishes(person, version, LAST_SUNDAY - timedelta(days=100))
        db.session.scalars(select(Membership).where(Membership.person_id == person.id)).one().ended_on = moved
        joins(person, team, since=moved)
    check_falls(NIGHT)
    [found] = figures_now().values()
    assert (found.trained, found.waiting) == (0, 1)


def test_where_a_lot_was_drawn_only_its_teams_are_compared(app: Flask, cast: Cast) -> None:
    a_company(effect=False, seed=2, per_period=10)
    [before] = figures_now().values()
    with transaction():
        outside = a_person(team=a_team("Chosen by somebody"))
        a_rating(outside, on=LAST_SUNDAY - timedelta(days=3))
    [after] = figures_now().values()
    assert after == before


def test_teams_whose_turn_did_not_come_wait_for_good(app: Flask, cast: Cast) -> None:
    rollout = a_company(effect=False, seed=2, per_period=10)
    third = FIRST_WAVE + timedelta(weeks=8)
    with transaction():
        at = datetime(third.year, third.month, third.day, 9, tzinfo=UTC)
        end_rollout(db.session.merge(rollout), "Enough.", by=an_author().id, at=at, today=third)
    [found] = figures_now().values()
    assert (found.trained, found.waiting, found.by_lot) == (6, 6, True)


def test_the_figures_are_made_once_a_night_and_wait_for_means_that_are_made_anew(app: Flask, cast: Cast) -> None:
    a_company(effect=False, seed=2, per_period=5)
    assert work_out_effects(NIGHT) == 1
    assert work_out_effects(NIGHT + timedelta(hours=1)) == 0
    with transaction():
        db.session.query(CellWeek).filter(CellWeek.week > ON - 20).delete()
        db.session.query(TrainingEffect).update({TrainingEffect.week: 1})
    assert work_out_effects(NIGHT + timedelta(days=1)) == 0
    assert [row.week for row in db.session.scalars(select(TrainingEffect))] == [1]


def test_nothing_is_said_before_anything_happened(app: Flask, cast: Cast, browse: Any) -> None:
    assert work_out_effects(NIGHT) == 0
    assert "Nothing to compare yet" in browse(cast.chloe, at=NIGHT).get("/training/effects").text


def test_a_course_that_nobody_can_be_compared_on_says_so(app: Flask, cast: Cast) -> None:
    with transaction():
        finishes(cast.amina, a_course(), LAST_SUNDAY - timedelta(days=40))
        a_rating(cast.amina, on=LAST_SUNDAY - timedelta(days=10))
    check_falls(NIGHT)
    work_out_effects(NIGHT)
    [found] = stored().values()
    assert (found.estimate, found.low, found.n) == (None, None, 0)
    assert say.headline(found).startswith("Too few to tell")


def test_more_courses_ask_no_more_questions(app: Flask, cast: Cast) -> None:
    def questions() -> int:
        with statements(beginning="SELECT") as asked:
            figures_now()
        return len(asked)

    a_company(effect=False, seed=2, per_period=5)
    few = questions()
    with transaction():
        for _course in range(10):
            finishes(a_person(team=cast.tills), a_course(), LAST_SUNDAY - timedelta(days=40))
    assert questions() == few <= 30


def _random_figures(chance: Random) -> Figures:
    middle, half = chance.gauss(0, 0.2), abs(chance.gauss(0, 0.2))
    if chance.random() < 0.2:  # an end close to nothing, where rounding could tell a lie
        middle = half * chance.choice((-1, 1)) + chance.gauss(0, 0.004)
    known = chance.random() < 0.8
    ends = (middle - half, middle + half) if known else (None, None)
    counts = chance.randrange(30), chance.randrange(30)
    estimate = middle if known or chance.random() < 0.5 else None
    enough = known and chance.random() < 0.7
    return Figures(estimate, *ends, counts[0], enough, *counts, 1_000, ("2026-01-05", "2026-11-15"), True)


def test_a_sentence_never_says_more_than_its_interval(app: Flask) -> None:
    chance, claims = Random(4), []
    with app.test_request_context():
        for _time in range(5_000):
            found = _random_figures(chance)
            words, claim = say.headline(found), say.verdict(found)
            claims.append(claim)
            assert words.startswith("Too few to tell") == (claim == "too few") == (not found.enough), words
            assert ("higher" in words) == (claim == "higher"), words
            assert ("lower" in words) == (claim == "lower"), words
            assert words.startswith("No clear difference") == (claim == "unclear"), words
            assert f"{found.trained} team" in words
            if claim == "too few":
                assert not re.search(r"clear|higher|lower|better|worse|no difference", words), words
                continue
            low, high = found.low or 0.0, found.high or 0.0
            assert (claim == "higher") <= (low > 0), words
            assert (claim == "lower") <= (high < 0), words
            numbers = [float(text) for text in re.findall(r"\d\.\d\d", words)]
            if claim == "unclear":
                told = [float(text.replace("−", "-")) for text in re.findall(r"[+−]?\d\.\d\d", words)]
                assert told[0] <= low <= high <= told[1], words
            else:
                by, smallest, largest = numbers
                assert smallest <= by <= largest, words
                assert smallest <= min(abs(low), abs(high)), words
                assert largest >= max(abs(low), abs(high)), words
                assert smallest > 0, words
    assert set(claims) == {"higher", "lower", "unclear", "too few"}
