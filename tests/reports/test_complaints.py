"""Complaints by month: for each thousand ratings, with ranges, and no claim beyond them."""

from datetime import UTC, date, datetime, timedelta
from math import ceil, floor, isinf
from typing import Any

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conftest import Cast
from tests.factories import a_customer, a_person, a_touchpoint
from tests.reports.a_year import YEAR, Answers
from tests.reports.jobs import folded
from tracker.core.db import db, transaction
from tracker.ratings.models import Interaction
from tracker.recovery.models import RecoveryCase
from tracker.reports import complaint_words as words
from tracker.reports.complaints import build
from tracker.statistics.rates import events_range, times_as_many_after


def stored(year: Answers) -> dict[str, Any]:
    year.store()
    folded()
    return build(YEAR)


def complaint(
    on: date, *, outcome: str | None = None, touchpoint_id: int | None = None, team_id: int | None = None
) -> None:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    closed = at + timedelta(hours=1) if outcome else None
    db.session.add(
        RecoveryCase(
            opened_at=at,
            opened_on=on,
            customer_id=a_customer().id,
            touchpoint_id=touchpoint_id,
            team_id=team_id,
            outcome=outcome,
            closed_at=closed,
        )
    )


def test_a_month_has_its_complaints_and_ratings_from_the_first_whole_month_on(year: Answers) -> None:
    year.add(50, 4, on=date(2026, 9, 8))
    year.add(40, 4, on=date(2026, 10, 8))
    with transaction():
        complaint(date(2026, 8, 20))
        complaint(date(2026, 9, 1))
        complaint(date(2026, 10, 31))
        complaint(date(2026, 10, 30), outcome="solved")
        complaint(date(2026, 10, 29), outcome="taken_back")
        complaint(date(2026, 11, 1))
    months = stored(year)["months"]
    assert [(one["month"], one["complaints"], one["ratings"]) for one in months] == [
        ("2026-09-01", 1, 50),
        ("2026-10-01", 2, 40),
    ]
    low, high = events_range(2)
    assert words.tables({"hidden": False, "months": months})[0].rows[1][3:6] == [
        50.0,
        floor(250 * low) / 10,
        ceil(250 * high) / 10,
    ]


def test_times_served_count_only_where_a_system_tells_of_them(year: Answers, cast: Cast) -> None:
    year.add(40, 4, on=date(2026, 10, 8))
    with transaction():
        tills, desk = a_touchpoint(), a_touchpoint("Desk")
        at = {"ended_at": datetime(2026, 10, 9, 9, tzinfo=UTC), "ended_on": date(2026, 10, 9)}
        rows = [
            Interaction(touchpoint_id=tills.id, team_id=year.team_id, source="till system", external_id=str(one), **at)
            for one in range(60)
        ]
        db.session.add_all([*rows, Interaction(touchpoint_id=desk.id, **at)])
        complaint(date(2026, 10, 1), touchpoint_id=tills.id, team_id=year.team_id)
        complaint(date(2026, 10, 2), touchpoint_id=desk.id, team_id=year.team_id)
        complaint(date(2026, 10, 2), touchpoint_id=tills.id, team_id=cast.floor.id)  # which has no till system
    one = stored(year)["months"][0]
    assert (one["complaints"], one["served"], one["of_served"]) == (3, 60, 1)


def test_without_a_system_the_times_served_are_not_known(year: Answers) -> None:
    year.add(40, 4, on=date(2026, 10, 8))
    with transaction():
        complaint(date(2026, 10, 1))
    found = stored(year)
    assert (found["months"][0]["served"], words.tables(found)[0].rows[0][6]) == (None, "not known")
    assert "(1 complaint, 40 ratings)" in words.headline(found)[0]


def test_before_a_whole_month_it_is_too_early(year: Answers) -> None:
    year.add(40, 4, on=date(2026, 10, 8))
    with transaction():
        complaint(date(2026, 10, 2))
    assert words.headline(stored(year)) == [
        "Too early to tell: no whole month since the first complaint was taken here."
    ]


def test_where_fewer_than_five_were_rated_nothing_is_shown(year: Answers, cast: Cast) -> None:
    few = Answers([cast.amina, cast.kevin], year.team_id)
    few.add(60, 4, on=date(2026, 10, 8))
    few.store()
    with transaction():
        complaint(date(2026, 9, 1))
    found = stored(year)
    assert found == {"hidden": True, "months": []}
    assert words.tables(found) == []


@pytest.mark.parametrize(("people", "is_hidden"), [(4, True), (5, False)])
def test_a_year_is_told_from_five_people_in_a_month_on(year: Answers, people: int, is_hidden: bool) -> None:
    some = Answers(year.people[:people], year.team_id)
    some.add(40, 4, on=date(2026, 5, 5))
    assert stored(some)["hidden"] == is_hidden


def test_a_month_in_which_few_were_rated_is_left_out_among_others_too(year: Answers) -> None:
    few = Answers(year.people[:4], year.team_id)
    few.add(60, 4, on=date(2026, 9, 8))
    few.store()
    year.add(40, 4, on=date(2026, 10, 8))
    with transaction():
        for on in (date(2026, 8, 1), date(2026, 9, 3), date(2026, 9, 4), date(2026, 10, 3)):
            complaint(on)
    months = stored(year)["months"]
    assert [(one["month"], one["complaints"]) for one in months] == [("2026-08-01", 1), ("2026-10-01", 1)]


@pytest.mark.parametrize(("alone", "others"), [(1, 6), (6, 1)], ids=["one tells", "one does not"])
def test_times_served_tell_of_no_single_person(year: Answers, cast: Cast, alone: int, others: int) -> None:
    """One of both teams has a till system; the till’s complaints, or the rest, would be one person’s."""
    with transaction():
        people = [a_person(f"Desk {number}", team=cast.floor) for number in range(7)]
        tills = a_touchpoint()
        at = {"ended_at": datetime(2026, 10, 9, 9, tzinfo=UTC), "ended_on": date(2026, 10, 9)}
        told = {"touchpoint_id": tills.id, "team_id": cast.floor.id, "source": "till system", "external_id": "1"}
        db.session.add(Interaction(**told, **at))
        complaint(date(2026, 10, 1), touchpoint_id=tills.id, team_id=cast.floor.id)
    for team, many in ((cast.floor.id, alone), (year.team_id, others)):
        given = Answers(people[:many], team)
        given.add(40, 4, on=date(2026, 10, 8))
        given.store()
    one = stored(year)["months"][0]
    assert (one["complaints"], one["served"], one["of_served"]) == (1, None, None)


MONTHS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 900)), max_size=12)


@settings(max_examples=300, deadline=None)
@given(counts=MONTHS)
@example(counts=[(2, 12)] * 9 + [(2, 9)] * 3)
@example(counts=[(0, 9)] * 3 + [(2, 400)] * 3)
def test_no_sentence_says_more_than_its_range(session_app: Flask, counts: list[tuple[int, int]]) -> None:
    months = [
        {"month": f"2026-{number:02}-01", "complaints": many, "ratings": ratings, "served": None, "of_served": None}
        for number, (many, ratings) in enumerate(counts, start=1)
    ]
    figures = {"hidden": False, "months": months}
    with session_app.app_context():
        said = words.headline(figures)
        words.tables(figures)
        words.drawn(figures)
    complaints, ratings = sum(one[0] for one in counts), sum(one[1] for one in counts)
    if not counts or ratings < 30:
        assert len(said) == 1
        assert said[0].startswith("Too ")
        return
    assert f"({complaints:,} complaints, {ratings:,} ratings)" in said[0]
    _check_trend(said[1], counts)


def _check_trend(sentence: str, counts: list[tuple[int, int]]) -> None:
    (later, of_later), (earlier, of_earlier) = (
        [sum(one[place] for one in part) for place in (0, 1)] for part in (counts[-3:], counts[:-3])
    )
    if len(counts) < 6 or min(of_later, of_earlier) < 30:
        assert "too early" in sentence
        missing = f"there are {len(counts)}." if len(counts) < 6 else f"there are {of_later:,} and {of_earlier:,}."
        assert sentence.endswith(missing)
        return
    low, high = times_as_many_after(counts[-3:], counts[:-3])
    assert f"({later:,}, before {earlier:,})" in sentence
    if "clearly more" in sentence:
        assert low > 1
    elif "clearly fewer" in sentence:
        assert high < 1
    else:
        assert "we cannot tell" in sentence
        assert low < 1.011
        assert isinf(high) or high > 0.989


def test_no_complaint_at_all_is_not_told_as_a_range_from_none_to_none() -> None:
    """Rounded to the nearest tenth it would be “0.0 to 0.0”."""
    assert words.per_thousand(0, 400_000) == (0.0, 0.1)
