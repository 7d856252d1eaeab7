"""What the weekly run finds out about how the customers behind a score were chosen."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.factories import a_customer, a_rating
from tracker.coaching.jobs import check_falls, share_cards
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.ratings.models import Interaction, ScoreCard
from tracker.ratings.samples import samples
from tracker.statistics.signal import signal_of

MONDAY = date(2026, 11, 16)
WEEK = clock.last_complete_week(MONDAY)
AT = datetime(2026, 11, 16, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.set_to(AT):
        yield


def served(person: Person, outcome: str, number: int, *, asked: bool, source: str | None = "pos") -> Interaction:
    ended_at = datetime(2026, 10, 5, 9, tzinfo=UTC) + timedelta(hours=6 * number)
    made = Interaction(
        person_id=person.id,
        source=source,
        external_id=f"{person.id}-{outcome}-{number}" if source else None,
        outcome=outcome,
        ended_at=ended_at,
        ended_on=ended_at.date(),
        invited_at=ended_at if asked else None,
    )
    db.session.add(made)
    db.session.flush()
    return made


def choosing(person: Person, *, sold: tuple[int, int], refund: tuple[int, int]) -> None:
    """Customers served and asked, by outcome; every second one asked answers."""
    for outcome, (count, asked) in {"sold": sold, "refund": refund}.items():
        for number in range(count):
            made = served(person, outcome, number, asked=number < asked)
            if number < asked and number % 2 == 0:
                a_rating(person, 5, at=made.ended_at + timedelta(hours=1), interaction_id=made.id)


def test_who_was_served_asked_and_answered_is_counted(app: Flask, cast: Cast) -> None:
    with transaction():
        choosing(cast.amina, sold=(40, 38), refund=(30, 4))
    sample = samples(WEEK)[cast.amina.id]
    assert (sample.served, sample.asked) == ({"sold": 40, "refund": 30}, {"sold": 38, "refund": 4})
    assert (sample.answered, sample.ratings) == (21, 21)
    assert signal_of(sample).grade == "D"


def test_links_of_our_own_and_systems_that_do_not_say_whom_they_asked_tell_nothing(app: Flask, cast: Cast) -> None:
    with transaction():
        for number in range(30):
            served(cast.amina, "sold", number, asked=True, source=None)
            served(cast.amina, "sold", number, asked=False, source="helpdesk")
        a_rating(cast.amina, 5, on=date(2026, 11, 10))
    sample = samples(WEEK)[cast.amina.id]
    assert (sample.served, sample.asked, sample.answered) == ({}, {}, 0)


def test_floods_and_loud_customers_are_counted(app: Flask, cast: Cast) -> None:
    with transaction():
        loud = a_customer("C-1")
        for number in range(12):
            in_a_row, apart = (
                datetime(2026, 11, 10, 9, number, tzinfo=UTC),
                datetime(2026, 11, 9, 6 + number, tzinfo=UTC),
            )
            at = in_a_row if number < 5 else apart
            a_rating(cast.amina, 1, at=at, customer_id=loud.id if number < 4 else None)
        a_rating(cast.kevin, 5, on=date(2026, 11, 10))
    sample = samples(WEEK)[cast.amina.id]
    assert (sample.ratings, sample.most_in_an_hour, sample.most_by_a_customer) == (12, 5, 4)
    assert [reason.kind for reason in signal_of(sample).reasons] == ["dominated", "flooded"]


def test_what_is_older_than_thirteen_weeks_or_left_out_counts_nowhere(app: Flask, cast: Cast) -> None:
    with transaction():
        a_rating(cast.amina, 5, on=MONDAY - timedelta(weeks=13, days=1))
        out = a_rating(cast.amina, 5, on=MONDAY - timedelta(days=3))
        out.excluded_at = AT
    assert samples(WEEK) == {}


def test_the_grade_stands_with_the_score_and_on_the_board(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        choosing(cast.amina, sold=(40, 38), refund=(30, 4))
        choosing(cast.kevin, sold=(40, 36), refund=(30, 27))
    check_falls(AT)
    own = browse(cast.amina, at=AT).get("/me").text
    assert "Sample: D" in own
    assert "Asked were 38 of 40 customers with the outcome “sold”, and 4 of 30 with “refund”." in own
    assert "Sample: A" in browse(cast.kevin, at=AT).get("/me").text
    later = AT + timedelta(days=3)
    with clock.set_to(later):
        share_cards(later)
        board = browse(cast.brian, at=later).get("/board").text
        assert board.count("Sample: D") == 1
        assert "Sample: A" not in board
        page = browse(cast.brian, at=later).get(f"/people/{cast.amina.id}/feedback").text
        assert "Not a fair picture of all customers Amina served." in page


def test_cards_of_before_say_nothing_about_it(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        choosing(cast.amina, sold=(40, 38), refund=(30, 4))
    check_falls(AT)
    with transaction():
        card = db.session.get_one(ScoreCard, (cast.amina.id, "own"))
        card.figures = {key: value for key, value in card.figures.items() if key != "sample"}
    assert "Sample:" not in browse(cast.amina, at=AT).get("/me").text
