"""Ways of asking side by side: what is alike, by how far they lie apart, and never one figure for all."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Cast
from tests.factories import a_channel, a_touchpoint
from tests.reports.a_year import YEAR, Answers
from tests.reports.jobs import READ, folded
from tracker.core.db import db, transaction
from tracker.interviews.models import Encounter
from tracker.organisation.models import Person
from tracker.reports import mode_words as words
from tracker.reports.modes import build
from tracker.reviews.models import Review
from tracker.statistics.proportions import newcombe, sums_of

MAY, JUNE = date(2026, 5, 12), date(2026, 6, 12)
_numbers = count(1)


def stored(year: Answers) -> dict[str, Any]:
    year.store()
    folded()
    return build(YEAR)


def interview(person: Person, stars: int, on: date, *, touchpoint_id: int | None, **values: Any) -> Encounter:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    found = Encounter(
        kind="interview",
        person_id=person.id,
        by_id=person.id,
        touchpoint_id=touchpoint_id,
        form_key=f"k{next(_numbers)}",
        happened_at=at,
        happened_on=on,
        written_at=at,
        stars=stars,
        **values,
    )
    db.session.add(found)
    return found


def review(stars: int | None, on: date, *, touchpoint_id: int | None) -> None:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    number = f"v{next(_numbers)}"
    db.session.add(
        Review(source="s", external_id=number, text="x", stars=stars, received_at=at, touchpoint_id=touchpoint_id)
    )


def test_ratings_weigh_as_the_interviews_are_spread(year: Answers) -> None:
    """Three interviews in May for one in June: the ratings of May, of which 4 in 10 are happy, weigh three times those of June."""
    year.add(60, 2, on=MAY)
    year.add(40, 5, on=MAY)
    year.add(100, 4, on=JUNE)
    with transaction():
        tills = a_touchpoint().id
        for person in year.people:
            for _each in range(5):
                interview(person, 5, MAY, touchpoint_id=tills)
        for person in [*year.people, *year.people[:4]]:
            interview(person, 2, JUNE, touchpoint_id=tills)
        interview(year.people[0], 5, date(2026, 7, 1), touchpoint_id=tills)  # nobody rated in July
        interview(year.people[0], 5, JUNE, touchpoint_id=None)
        interview(year.people[0], 1, JUNE, touchpoint_id=tills, taken_back_at=READ)
    found = stored(year)["interview"]
    assert (found["all"], found["alike"]) == ([42, 32], [40, 30])
    share, size = found["survey"]
    assert share == pytest.approx(0.75 * 0.4 + 0.25 * 1.0)
    assert size == pytest.approx(1 / (0.75**2 / 100 + 0.25**2 / 100), rel=0.35)  # less what chance groups cost
    assert size <= 160.001
    apart = words.apart_in(found)
    assert apart is not None
    assert apart.points == 20
    low, high = newcombe(30, 40, share * size, size)
    assert (apart.low, apart.high) == (pytest.approx(100 * low, abs=1), pytest.approx(100 * high, abs=1))


def test_interviews_about_few_people_are_hidden(year: Answers) -> None:
    year.add(60, 4, on=MAY)
    with transaction():
        for person in year.people[:4]:
            for _each in range(20):
                interview(person, 5, MAY, touchpoint_id=a_touchpoint().id)
    found = stored(year)
    assert found["interview"] == {"hidden": True}
    assert "Interviews are about fewer than 5 people, so nothing of them is shown." in words.headline(found)
    assert words.tables(found)[0].rows[1][:3] == ["Interviews", "hidden to protect people", None]


def test_reviews_are_counted_by_month_with_their_stars_only(year: Answers) -> None:
    year.add(60, 4, on=MAY)
    with transaction():
        tills = a_touchpoint().id
        for stars in (5, 1, 3, None):
            review(stars, MAY, touchpoint_id=tills)
        review(4, date(2025, 5, 1), touchpoint_id=tills)  # the year before
    found = stored(year)
    assert (found["review"]["all"], found["review"]["alike"]) == ([3, 1], [3, 1])
    assert words.headline(found)[2] == (
        "Public reviews: too few to hold against ratings of the same touchpoints and months: 3, it takes 30 of each."
    )


def test_channels_have_each_their_own_share_and_one_persons_is_hidden(year: Answers, cast: Cast) -> None:
    with transaction():
        kiosk, desk = a_channel("Kiosk"), a_channel("Desk tablet")
    year.add(50, 5, on=MAY)
    year.add(50, 2, on=MAY, channel_id=kiosk.id)
    few = Answers([cast.amina], year.team_id)
    few.add(40, 2, on=MAY, channel_id=desk.id)
    few.store()
    rows = words.tables(stored(year))[1].rows
    assert [row[:3] for row in rows] == [
        ["Desk tablet", "hidden to protect people", None],
        ["Kiosk", 50, 0],
        ["Mailed link", "hidden to protect people", None],  # or the desk’s would be what is left
    ]


def test_a_company_without_answers_is_told_so(cast: Cast) -> None:
    assert words.headline(build(YEAR))[0] == (
        "Customers’ own ratings are too few to tell: 0, it takes 30 from 20 customers."
    )


@st.composite
def mode_drawn(draw: Any) -> dict[str, Any]:
    if draw(st.integers(0, 9)) == 0:
        return {"hidden": True}
    n = draw(st.integers(0, 300))
    alike = draw(st.integers(0, n))
    happy = draw(st.integers(0, alike))
    survey = [draw(st.floats(0, 1)), draw(st.floats(1, 5000))] if alike else None
    return {
        "hidden": False,
        "all": [n, happy + draw(st.integers(0, n - alike))],
        "alike": [alike, happy],
        "survey": survey,
    }


@settings(max_examples=200, deadline=None)
@given(interviews=mode_drawn(), reviews=mode_drawn(), ratings=st.integers(0, 900))
def test_no_sentence_says_more_than_its_range(
    session_app: Flask, interviews: dict[str, Any], reviews: dict[str, Any], ratings: int
) -> None:
    sums = sums_of([1] * ratings, [1] * (ratings // 3) + [0] * (ratings - ratings // 3))
    kept = [sums.customers, sums.ratings, sums.happy, sums.happy_squared, sums.happy_by_ratings, sums.ratings_squared]
    figures = {"survey": kept, "channels": [], "interview": interviews, "review": {**reviews, "hidden": False}}
    figures["review"].setdefault("alike", [0, 0])
    figures["review"].setdefault("all", [0, 0])
    figures["review"].setdefault("survey", None)
    with session_app.app_context():
        said = words.headline(figures)
        assert words.tables(figures)
        words.drawn(figures)
    assert f"{ratings:,}" in said[0]
    for sentence, one in zip(said[1:], (interviews, figures["review"]), strict=True):
        _check(sentence, one)


def _check(sentence: str, one: dict[str, Any]) -> None:
    if one["hidden"]:
        assert "nothing of them is shown" in sentence
        return
    n, happy = one["alike"]
    assert f"{n:,}" in sentence
    if one["survey"] is None or min(n, one["survey"][1]) < 30:
        assert "too few" in sentence
        return
    share, size = one["survey"]
    low, high = newcombe(happy, n, share * size, size)
    if "clearly happier" in sentence:
        assert low > 0
    elif "clearly less happy" in sentence:
        assert high < 0
    else:
        assert "we cannot tell" in sentence
        assert low < 0.011
        assert high > -0.011
