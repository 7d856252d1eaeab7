"""Listening: each step from what is on record, people protected, and ranges that count people apart."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_customer
from tests.reports.a_year import YEAR, Answers
from tracker.core.db import db, transaction
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Cause, CauseEntry, Obstacle
from tracker.ratings.own_models import Acknowledgement, RatingSide
from tracker.recovery.models import RecoveryAnswer, RecoveryCase, RecoveryRating
from tracker.reports import listening_words as words
from tracker.reports import ranges
from tracker.reports.listening import build
from tracker.reviews.models import Review
from tracker.statistics.proportions import effective_n_of, sums_of, wilson

DAY = date(2026, 5, 12)
AT = datetime(2026, 5, 12, 9, tzinfo=UTC)
_numbers = count(1)


def ratings(year: Answers, how_many: int, stars: int, comment: str | None = "Words.") -> list[Rating]:
    """Stored on one day; the newest ones."""
    year.add(how_many, stars, on=DAY, comment=comment)
    year.store()
    found = select(Rating).order_by(Rating.id.desc()).limit(how_many)
    return list(db.session.scalars(found))


def read(rating: Rating, *, by: int | None = None, after: int = 5) -> None:
    person = by or rating.person_id or 0
    db.session.add(Acknowledgement(rating_id=rating.id, person_id=person, read_at=AT + timedelta(hours=after)))


def case_of(rating: Rating, **values: Any) -> RecoveryCase:
    case = RecoveryCase(opened_at=AT, opened_on=DAY, customer_id=a_customer().id, **values)
    db.session.add(case)
    db.session.flush()
    db.session.add(RecoveryRating(rating_id=rating.id, case_id=case.id))
    return case


def obstacle_of(rating: Rating, kind: str, *, case: RecoveryCase | None = None) -> None:
    key = f"cause {next(_numbers)}"
    cause = Cause(kind="policy", name=key, name_key=key, opened_at=AT)
    db.session.add(cause)
    db.session.flush()
    change = DAY if kind == "planned" else None
    later = AT + timedelta(days=2)
    db.session.add(CauseEntry(cause_id=cause.id, at=later, kind=kind, change_on=change))
    db.session.add(
        Obstacle(
            kind="policy",
            cause_id=cause.id,
            rating_id=rating.id if case is None else None,
            case_id=case.id if case else None,
            rated_on=DAY,
            stars=rating.stars,
            said_by_id=rating.person_id,
            said_at=AT,
        )
    )


def done(figures: dict[str, Any], step: str) -> list[int]:
    """[how many, how many of these]"""
    return list(figures["low"][step][1:3])


def test_read_is_what_those_it_is_about_marked_or_wrote(year: Answers, cast: Cast) -> None:
    mine = ratings(year, 12, 5)
    silent = ratings(year, 6, 5, comment=None)
    with transaction():
        read(mine[0])
        read(mine[1])
        db.session.add(RatingSide(rating_id=mine[1].id, person_id=mine[1].person_id, text="So it was.", written_at=AT))
        db.session.add(RatingSide(rating_id=mine[2].id, person_id=mine[2].person_id, text="So it was.", written_at=AT))
        read(mine[3], by=cast.brian.id)  # credited to somebody else since
        read(silent[0])
        mine[4].words_hidden_at = AT
    assert build(YEAR)["words"][1:3] == [11, 3]


def test_answered_acted_and_told_follow_the_complaint(year: Answers) -> None:
    low = ratings(year, 12, 2)
    with transaction():
        case_of(low[0])
        case_of(low[1], contacted_at=AT)
        case_of(low[2], contacted_at=AT, closed_at=AT, outcome="unsolved")
        case_of(low[3], contacted_at=AT, closed_at=AT, outcome="partly", survey_sent_at=AT)
        answered = case_of(low[4], contacted_at=AT, closed_at=AT, outcome="solved")
        db.session.add(RecoveryAnswer(case_id=answered.id, answered_at=AT, solved="yes", stars=5))
    found = build(YEAR)
    assert [done(found, step) for step in ("answered", "acted", "told")] == [[12, 4], [12, 2], [12, 2]]


def test_what_stood_in_the_way_is_acted_on_when_a_change_comes_and_told_when_it_is_answered(year: Answers) -> None:
    low = ratings(year, 12, 3)
    with transaction():
        for rating, kind in zip(low, ("planned", "done", "declined", "given"), strict=False):
            obstacle_of(rating, kind)
        obstacle_of(low[5], "done", case=case_of(low[5]))
    found = build(YEAR)
    assert [done(found, step) for step in ("answered", "acted", "told")] == [[12, 0], [12, 3], [12, 4]]


def test_happy_ratings_count_for_no_step_of_low_ones(year: Answers) -> None:
    happy = ratings(year, 12, 4)
    with transaction():
        for rating in happy:
            read(rating)
            case_of(rating, contacted_at=AT, closed_at=AT, outcome="solved")
    found = build(YEAR)
    assert [done(found, step) for step in words.STEPS] == [[0, 0]] * 4
    assert found["times"]["answered"] is None


def test_the_middle_is_of_those_that_came_to_the_step_with_a_range(year: Answers) -> None:
    found = ratings(year, 60, 5)
    with transaction():
        for number, rating in enumerate(found, start=1):
            read(rating, after=number)
    n, middle, low, high = build(YEAR)["times"]["read"]
    assert (n, middle) == (60, 30)
    assert low <= 24
    assert high >= 37  # ranks 22 and 39 of a plain sample


def test_under_thirty_there_is_no_middle(year: Answers) -> None:
    found = ratings(year, 40, 5)
    with transaction():
        for rating in found[:29]:
            read(rating)
    assert build(YEAR)["times"]["read"] is None


@pytest.mark.parametrize(("people", "is_told"), [(4, False), (5, True)])
def test_a_middle_takes_five_people(year: Answers, people: int, is_told: bool) -> None:
    found = ratings(year, 60, 5)
    of = {person.id for person in year.people[:people]}
    with transaction():
        for rating in found:
            if rating.person_id in of:
                read(rating)
    assert (build(YEAR)["times"]["read"] is not None) == is_told


def test_under_five_people_nothing_is_shown(year: Answers, cast: Cast) -> None:
    few = Answers([cast.amina, cast.kevin], year.team_id)
    ratings(few, 40, 2)
    found = build(YEAR)
    assert found == {"hidden": True}
    assert words.headline(found) == ["Customers rated fewer than 5 people, so nothing is shown."]
    assert words.tables(found) == []


def test_groups_stand_beneath_the_top_and_small_ones_are_hidden(year: Answers, cast: Cast) -> None:
    ratings(year, 60, 2)
    elsewhere = Answers([cast.chloe, cast.ruth], cast.root.id)
    ratings(elsewhere, 40, 2)
    rows = words.tables(build(YEAR))[1].rows
    assert [row[:2] for row in rows] == [
        ["Nairobi Central", "hidden to protect people"],  # or the rest would be two people
        ["Zawadora", "hidden to protect people"],
    ]
    others = Answers([cast.brian, cast.dora, cast.faith], cast.root.id)
    ratings(others, 30, 2)
    rows = words.tables(build(YEAR))[1].rows
    assert [row[:2] for row in rows] == [["Nairobi Central", 60], ["Zawadora", 70]]


def test_one_who_reads_all_and_one_who_reads_none_widen_the_range(year: Answers) -> None:
    found = ratings(year, 240, 5)
    readers = {person.id for person in year.people[:3]}
    with transaction():
        for rating in found:
            if rating.person_id in readers:
                read(rating)
    share = ranges.share_by_people(build(YEAR)["words"])
    assert share is not None
    low, high = wilson(120, 240)
    assert share.percent == 50
    assert share.high - share.low > 3 * 100 * (high - low)


def test_reviews_answered_are_counted_apart(year: Answers) -> None:
    ratings(year, 12, 2)
    with transaction():
        for number in range(40):
            answered = {"outcome": "answer", "answered_at": AT + timedelta(hours=number)} if number < 35 else {}
            db.session.add(Review(source="s", external_id=str(number), text="x", received_at=AT, **answered))
    found = build(YEAR)
    reviews = found["reviews"]
    assert (reviews["n"], reviews["answered"], reviews["time"][:2]) == (40, 35, [35, 17.0])
    assert words.headline(found)[-1].endswith("% were answered (n = 40).")


@st.composite
def people_drawn(draw: Any, ratings: list[int]) -> list[int]:
    """Sums of people who have so many each."""
    done = [draw(st.integers(0, many)) for many in ratings]
    sums = sums_of(ratings, done)
    return [sums.customers, sums.ratings, sums.happy, sums.happy_squared, sums.happy_by_ratings, sums.ratings_squared]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_sentence_says_more_than_its_range(session_app: Flask, data: st.DataObject) -> None:
    each = data.draw(st.lists(st.integers(1, 60), min_size=1, max_size=12))
    figures = {
        "hidden": False,
        "words": data.draw(people_drawn(each)),
        "low": {step: data.draw(people_drawn(each)) for step in words.STEPS},
        "times": {step: [sum(each), 10.0, 4.0, 12.0] for step in words.STEPS},
        "groups": [],
        "reviews": {"n": 7, "answered": 3, "time": None},
    }
    with session_app.app_context():
        said = words.headline(figures)
        assert words.tables(figures)
        words.drawn(figures)
    if sum(each) < 30 or len(each) < 5:
        assert "too few" in said[0]
        assert "too few" in said[1]
        return
    assert f"n = {sum(each)}" in said[0]
    _check(said[0], figures["words"])
    for step in words.STEPS[1:]:
        _check(said[1], figures["low"][step])


def _check(sentence: str, kept: list[int]) -> None:
    """The range in the sentence holds all of the real one."""
    sums = ranges.sums_kept(kept)
    size = effective_n_of(sums)
    low, high = wilson(size * sums.happy / sums.ratings, size)
    pairs = [part.split(" to ") for part in sentence.replace(",", "").split(" %")[:-1]]
    said = [(int(pair[0].split()[-1]), int(pair[1])) for pair in pairs]
    assert any(first <= 100 * low + 1e-6 and last >= 100 * high - 1e-6 for first, last in said)
