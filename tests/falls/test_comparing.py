"""The checks that ran, worked out again: the same where nothing changed, and the cause named where something did."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from tests.coaching.test_check_falls import CHECKED, MONDAY, fallen  # noqa: F401 - a fixture is used by its name
from tests.conftest import Cast
from tests.factories import a_channel, a_history, a_touchpoint, many_ratings
from tracker.coaching.actions import close_case
from tracker.coaching.jobs import check_falls, share_cards
from tracker.coaching.models import CoachingCase
from tracker.core import clock
from tracker.core.db import db, reading, transaction
from tracker.falls.comparing import Comparison, compare
from tracker.falls.history import load_history
from tracker.falls.replaying import Track, replay
from tracker.organisation.actions import move_person
from tracker.organisation.models import Membership, Person
from tracker.ratings.actions import (
    Submission,
    check_again,
    edit_rating,
    erase_rating,
    exclude_rating,
    include_rating,
    leave_out_of_checks,
    reassign_rating,
    record_rating,
)
from tracker.ratings.models import CellWeek, Fall, Rating, ScoreCard
from tracker.ratings.thresholds import STANDARD
from tracker.ratings.weekly import check_company, load_company

ON = clock.last_complete_week(MONDAY)
LATER = CHECKED + timedelta(days=2)
Change = Callable[[Cast], None]


def compared(first: int = ON - 12, last: int = ON, **values: Any) -> Comparison:
    with reading():
        history = load_history(first, last)
        assert history is not None
        return compare(history, **values)


def causes_of(found: Comparison) -> set[tuple[str, str]]:
    return {(cause.cause, cause.of) for one in found.differences for cause in one.causes}


def ratings_of(person: Person, *, stars: int | None = None) -> list[Rating]:
    """Of the last four weeks."""
    rows = select(Rating).where(Rating.person_id == person.id, Rating.rated_on >= MONDAY - timedelta(weeks=4))
    rows = rows.where(Rating.rated_on < MONDAY)
    return list(db.session.scalars(rows if stars is None else rows.where(Rating.stars == stars)))


def test_a_year_of_checks_is_found_again_alert_by_alert(fallen: Cast) -> None:  # noqa: F811 - the fixture
    for weeks in range(12, -1, -1):
        check_falls(CHECKED - timedelta(weeks=weeks))
    found = compared()
    assert len(found.checks) == 13
    assert [alert.person for alert in found.agreed] == [fall.person_id for fall in falls_stored()]
    assert len(found.agreed) >= 1
    assert found.differences == []


def falls_stored() -> list[Fall]:
    return list(db.session.scalars(select(Fall).order_by(Fall.week, Fall.person_id)))


def test_through_an_open_case_its_frozen_baseline_and_after_its_close(fallen: Cast) -> None:  # noqa: F811 - the fixture
    """Kevin's ratings stay low for twelve weeks more. While the case is open his baseline stays where it was, so that the fall does not
    become the new normal; the first check after its close looks at the whole year before again."""
    with transaction():
        mates = list(db.session.scalars(select(Person).where(Person.name.like("Person%"))))
        a_history([fallen.amina, *mates], until=MONDAY + timedelta(weeks=12), weeks=12, seed=8)
        low = [MONDAY + timedelta(days=2 * n) for n in range(42)]
        many_ratings([(fallen.kevin, 1 + n % 3, day) for n, day in enumerate(low)])
    for week in range(-4, 9):
        check_falls(CHECKED + timedelta(weeks=week))
    fall, case = falls_stored()[0], db.session.scalars(select(CoachingCase)).one()
    frozen, free = kevins_p(fallen, 8, {fallen.kevin.id: fall.week - fall.window_weeks}), kevins_p(fallen, 8, {})
    assert stored_p(fallen) == pytest.approx(frozen)
    assert frozen < free
    with transaction():
        close_case(
            db.session.get_one(CoachingCase, case.id), because="held", by=None, at=CHECKED + timedelta(weeks=8, days=2)
        )
    check_falls(CHECKED + timedelta(weeks=9))
    assert stored_p(fallen) == pytest.approx(kevins_p(fallen, 9, {}))
    for week in range(10, 13):
        check_falls(CHECKED + timedelta(weeks=week))
    found = compared(ON - 4, ON + 12)
    assert len(found.agreed) == len(falls_stored()) >= 2
    assert found.differences == []


def stored_p(cast: Cast) -> float:
    card = db.session.scalars(select(ScoreCard).where(ScoreCard.person_id == cast.kevin.id)).one()
    db.session.refresh(card)
    return float(card.figures["check"]["p"])


def kevins_p(cast: Cast, week: int, baseline_ends: dict[int, int]) -> float:
    company = load_company(ON + week, baseline_ends=baseline_ends)
    assert company is not None
    return float(check_company(company).p[company.people.index(cast.kevin.id)])


def late(cast: Cast) -> None:
    for day in range(1, 28):
        five_stars(cast.kevin, MONDAY - timedelta(days=day), at=LATER)


def five_stars(person: Person, on: date, *, at: datetime) -> None:
    rated_at = datetime.combine(on, datetime.min.time(), UTC) + timedelta(hours=9)
    given = {"person_id": person.id, "touchpoint_id": a_touchpoint().id, "channel_id": a_channel().id}
    key = f"late-{person.id}-{on}"
    record_rating(Submission("test", key, rated_at, 5, "5", **given), at=at)


def late_of_a_team_mate(cast: Cast) -> None:
    for day in range(1, 28):
        five_stars(cast.amina, MONDAY - timedelta(days=day), at=LATER)


def late_of_another_team(cast: Cast) -> None:
    other = db.session.scalars(select(Membership.person_id).where(Membership.team_id == cast.floor.id).limit(1)).one()
    for day in range(1, 28):
        five_stars(db.session.get_one(Person, other), MONDAY - timedelta(days=day), at=LATER)


def edited(cast: Cast) -> None:
    for rating in ratings_of(cast.kevin):
        edit_rating(rating, stars=5, comment=None, emotions=[], drivers=[], effort=None, at=LATER)


def excluded(cast: Cast) -> None:
    for rating in ratings_of(cast.kevin, stars=1):
        exclude_rating(rating, by=cast.chloe.id, reason="Not about service.", at=LATER)


def erased(cast: Cast) -> None:
    for rating in ratings_of(cast.kevin):
        erase_rating(rating, at=LATER)


def credited(cast: Cast) -> None:
    for rating in ratings_of(cast.kevin):
        reassign_rating(rating, cast.amina, by=cast.chloe.id, reason="Amina stood there.", at=LATER)


def moved(cast: Cast) -> None:
    move_person(cast.kevin, cast.floor, since=MONDAY - timedelta(weeks=3), by=cast.ruth.id, at=LATER)


def a_case_that_is_told_to_have_been_open(cast: Cast) -> None:
    case = db.session.scalars(select(CoachingCase)).one()
    case.opened_at = CHECKED - timedelta(days=3)
    case.fall_id = None


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (late, ("late", "person")),
        (late_of_a_team_mate, ("late", "team")),
        (late_of_another_team, ("late", "company")),
        (edited, ("edited", "person")),
        (excluded, ("excluded", "person")),
        (erased, ("erased", "person")),
        (credited, ("credited", "person")),
        (moved, ("moved", "person")),
        (a_case_that_is_told_to_have_been_open, ("case", "person")),
    ],
)
def test_what_changed_after_the_check_is_named(fallen: Cast, change: Change, cause: tuple[str, str]) -> None:  # noqa: F811
    check_falls(CHECKED)
    share_cards(CHECKED + timedelta(days=2))
    assert compared().differences == []
    with transaction():
        change(fallen)
    found = compared()
    assert (fallen.kevin.id, ON) in {(one.person, one.week) for one in found.differences}
    assert cause in causes_of(found)
    assert ("unknown", "person") not in causes_of(found)


def test_a_second_look_open_then_and_answered_since_is_named(fallen: Cast) -> None:  # noqa: F811 - the fixture
    with transaction():
        for rating in ratings_of(fallen.kevin, stars=1):
            leave_out_of_checks(rating, at=CHECKED - timedelta(days=2))
    check_falls(CHECKED)
    assert compared().differences == []
    with transaction():
        for rating in ratings_of(fallen.kevin, stars=1):
            check_again(rating)
    found = compared()
    assert [one.person for one in found.differences] == [fallen.kevin.id]
    assert ("second_look", "person") in causes_of(found)


def test_a_second_look_asked_for_after_the_check_changes_nothing(fallen: Cast) -> None:  # noqa: F811 - the fixture
    check_falls(CHECKED)
    with transaction():
        for rating in ratings_of(fallen.kevin, stars=1):
            leave_out_of_checks(rating, at=LATER)
    assert compared().differences == []


def test_an_alert_that_only_today_s_ratings_show_is_listed_too(fallen: Cast) -> None:  # noqa: F811 - the fixture
    with transaction():
        for rating in ratings_of(fallen.kevin):
            exclude_rating(rating, by=fallen.chloe.id, reason="A mistake of the till.", at=CHECKED - timedelta(days=1))
        earlier = MONDAY - timedelta(weeks=13)
        for rating in db.session.scalars(
            select(Rating).where(Rating.person_id == fallen.kevin.id, Rating.rated_on >= earlier)
        ):
            if rating.excluded_at is None and rating.stars <= 3:
                exclude_rating(rating, by=fallen.chloe.id, reason="The same.", at=CHECKED - timedelta(days=1))
    check_falls(CHECKED)
    assert falls_stored() == []
    with transaction():
        for rating in db.session.scalars(select(Rating).where(Rating.excluded_at.is_not(None))):
            include_rating(rating, by=fallen.chloe.id, reason="It was none.", at=LATER)
    found = compared()
    assert [(one.person, one.kind) for one in found.differences] == [(fallen.kevin.id, "only_replayed")]
    assert ("excluded", "person") in causes_of(found)


def test_other_parameters_are_a_cause_of_their_own(fallen: Cast) -> None:  # noqa: F811 - the fixture
    check_falls(CHECKED)
    found = compared(goes_by=STANDARD.parameters.__class__(min_fall=3.9))
    assert causes_of(found) == {("settings", "company")}


def test_means_that_are_not_frozen_are_worked_out_as_the_check_did(fallen: Cast) -> None:  # noqa: F811 - the fixture
    for weeks in range(4, -1, -1):
        check_falls(CHECKED - timedelta(weeks=weeks))
    with transaction():
        db.session.execute(delete(CellWeek))
    assert compared().differences == []


def test_checks_that_are_not_known_to_have_run_are_not_compared(fallen: Cast) -> None:  # noqa: F811 - the fixture
    found = compared()
    assert (found.checks, found.agreed, found.differences) == ([], [], [])


def test_a_track_with_the_settings_that_held_finds_the_alerts_that_were(fallen: Cast) -> None:  # noqa: F811 - the fixture
    for weeks in range(12, -1, -1):
        check_falls(CHECKED - timedelta(weeks=weeks))
    with reading():
        history = load_history(ON - 12, ON)
        assert history is not None
        track = Track(STANDARD.parameters, history)
        assert list(replay(history, [track])) == list(range(ON - 12, ON + 1))
    assert [(one.person, one.week) for one in track.alerts] == [(fall.person_id, fall.week) for fall in falls_stored()]
    assert track.tested[-1] == 10


def test_the_command_tells_the_comparison(app: Flask, fallen: Cast) -> None:  # noqa: F811 - the fixture
    check_falls(CHECKED)
    with transaction():
        excluded(fallen)
    arguments = ["falls", "replay", "--compare", "--to", "2026-11-20"]
    result = app.test_cli_runner().invoke(args=[*arguments, "--json"])
    told = json.loads(result.output)
    assert (told["checks"], told["agreed"]) == (1, 0)
    (difference,) = told["differences"]
    assert difference["person"] == fallen.kevin.staff_number
    assert difference["on"] == "2026-11-16"
    assert {"cause": "excluded", "of": "person"} in difference["causes"]
    assert difference["stored"]["n"] > 0
    text = app.test_cli_runner().invoke(args=arguments).output
    assert "1 checks, 0 alerts the same, 1 differences." in text
    assert "excluded of the person" in text
    assert app.test_cli_runner().invoke(args=["falls", "replay"]).exit_code == 2
    assert db.session.scalar(select(func.count()).select_from(Fall)) == 1
