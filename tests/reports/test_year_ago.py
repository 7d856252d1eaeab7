"""A year ago: told where both years have enough and every month of them was rated, and never more than its range says."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import isinf
from typing import Any

import numpy as np
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from tests.conftest import Cast
from tests.factories import NOON, a_customer, a_person, a_touchpoint
from tests.reports.a_year import YEAR, Answers
from tests.reports.companies import a_check
from tests.reports.jobs import READ, all_worked_out
from tests.reports.test_complaints import complaint
from tests.reports.test_ways_out import book_of, sentences_of_page, taken
from tracker.core import clock
from tracker.core.clock import week_of
from tracker.core.db import db, transaction
from tracker.ratings.models import CellWeek, Rating
from tracker.ratings.own_models import Acknowledgement
from tracker.reports import complaint_since, listening, listening_since, repeat_since, stage_since, year_ago
from tracker.reports.year_ago import Counted
from tracker.statistics.many import chance_by_range, passes
from tracker.statistics.paired import change_of_difference
from tracker.statistics.proportions import newcombe, sums_of
from tracker.statistics.rates import times_as_many_by_month

PROPERTY = settings(max_examples=200, deadline=None)
PAGE = "/reports/customers"
OF_A_YEAR_AGO = ("In the same", "a year ago", "On record by the end of either year")


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


def two_years(
    cast: Cast, *, since: date, happy: tuple[int, int] = (10, 38), complaints: tuple[int, int] = (8, 2)
) -> None:
    """Forty customers a year at two stages, each of whom comes again. happy: how many of them are at the second, a year ago and now;
    complaints a month; since: from when on there are ratings of every week."""
    with transaction():
        found, calls = a_touchpoint(), a_touchpoint("Calls", stage="post_purchase")
        people = [cast.amina, cast.kevin, *(a_person(team=cast.tills) for _each in range(5))]
        made = Answers(people, cast.tills.id)
        # Somebody rated long before, so that who looks new is new.
        made.add(1, 5, on=date(2023, 9, 1), touchpoint_id=found.id)
        for year, satisfied, many in zip((YEAR.before, YEAR), happy, complaints, strict=True):
            for number in range(40):
                customer = a_customer().id
                day = year.months[number % 12].replace(day=8)
                stars = 5 if number < satisfied else 2
                for later, (star, place) in enumerate(((5, found), (stars, calls), (stars, calls))):
                    made.add(
                        1,
                        star,
                        on=day + timedelta(days=later),
                        customer_id=customer,
                        touchpoint_id=place.id,
                        comment="So.",
                    )
            for month in year.months:
                for _each in range(many):
                    complaint(month.replace(day=12), team_id=cast.tills.id, outcome="solved")
        complaint(date(2024, 10, 5), outcome="solved")
        weeks = range(week_of(since), week_of(YEAR.last) + 2)
        channel = made.rows[0]["channel_id"]
        cells = [{"touchpoint_id": found.id, "channel_id": channel, "week": week, "mu": 4.0} for week in weeks]
        db.session.execute(insert(CellWeek), cells)
        a_check(YEAR.last, READ - timedelta(days=2))
    made.store()
    all_worked_out()


def told(page: str) -> list[str]:
    return [said for said in sentences_of_page(page) if any(words in said for words in OF_A_YEAR_AGO)]


def test_two_whole_years_are_compared_on_the_page_and_in_the_file(cast: Cast, browse: Any) -> None:
    two_years(cast, since=YEAR.before.since)
    chloe = browse(cast.chloe)
    page = chloe.get(PAGE).text
    stages, first, later, complained, listened = told(page)[-5:]
    assert (
        "a year ago 100 % and 25 % of the same 40 customers. The second has clearly gained against the first" in stages
    )
    assert "First ratings with 4 or 5 stars: a year ago 100 % of 40" in first
    assert "cannot tell whether that has changed" in first
    assert "Later ratings with 4 or 5 stars: a year ago 25 % of 80" in later
    assert "Clearly more now" in later
    assert "In the same 12 months a year before" in complained
    assert "(96 complaints, 120 ratings): clearly fewer now (24 complaints, 120 ratings)" in complained
    assert "Ratings with words, read: a year ago 0 % of 120" in listened
    book = book_of(taken(chloe, "xlsx"))
    headed = {name: rows for name, rows in book.items() if "year ago" in str(rows[0]) or "A year ago" in str(rows)}
    assert len(headed) >= 4
    assert book["Complaints against a year ago"][2][:4] == ["A year ago", 12.0, 96.0, 120.0]
    [row, *_more] = [row for rows in book.values() for row in rows if row[0] == "Later ratings with 4 or 5 stars"]
    assert row[-1] == "clearly more"


def test_a_year_that_was_not_rated_in_all_of_its_months_is_not_compared(cast: Cast, browse: Any) -> None:
    two_years(cast, since=YEAR.before.since + timedelta(days=45))
    page = browse(cast.chloe).get(PAGE).text
    assert told(page) == []
    assert "against a year ago" not in page
    assert "The same customers at two stages" in page


def test_what_was_done_after_the_year_counts_for_neither(cast: Cast) -> None:
    with transaction():
        people = [cast.amina, cast.kevin, *(a_person(team=cast.tills) for _each in range(4))]
        made = Answers(people, cast.tills.id)
        made.add(12, 2, on=date(2026, 10, 30), comment="So.")
    made.store()
    ends = datetime.combine(YEAR.until, NOON.replace(hour=0, minute=0))
    with transaction():
        for place, rating in enumerate(db.session.scalars(select(Rating).order_by(Rating.id))):
            at = ends + timedelta(seconds=-1 if place < 5 else 0)
            db.session.add(Acknowledgement(rating_id=rating.id, person_id=rating.person_id, read_at=at))
    found = listening.build(YEAR)
    assert (found["words"][1:3], found["by_end"]["words"][1:3]) == ([12, 12], [12, 5])
    assert (found["low"]["read"][2], found["by_end"]["low"]["read"][2]) == (12, 5)
    assert found["by_end"]["low"]["told"][2] == 0


def test_figures_kept_before_ends_of_years_were_are_not_compared() -> None:
    assert listening_since.changes({"hidden": False}, {"hidden": False, "by_end": {}}) == []


COUNTED = st.integers(30, 400).flatmap(lambda n: st.integers(0, n).map(lambda part: Counted(part, n, n)))


@PROPERTY
@given(pairs=st.lists(st.tuples(COUNTED, COUNTED), min_size=1, max_size=5))
def test_a_share_is_said_to_have_changed_only_where_its_range_does(session_app: Flask, pairs: list[Any]) -> None:
    with session_app.app_context():
        found = year_ago.changes([(f"Number {place}", *pair) for place, pair in enumerate(pairs)])
        sentences, [*rows] = [year_ago.sentence(change) for change in found], year_ago.table("T", found).rows
    for (now, then), said, row, change in zip(pairs, sentences, rows, found, strict=True):
        low, high = newcombe(now.part, now.size, then.part, then.size)
        assert f"a year ago {round(100 * then.part / then.size)} % of {then.n}" in said
        _claims_no_more(said, low, high, more="Clearly more", less="Clearly less")
        assert ("clearly" in str(row[-1])) == change.is_clear == ("Clearly" in said)


def _claims_no_more(said: str, low: float, high: float, *, more: str, less: str) -> None:
    assert (more in said) <= (low > 0)
    assert (less in said) <= (high < 0)
    assert ("cannot tell" in said) == (more not in said and less not in said)
    written = re.findall(r"([+−]?\d+) to ([+−]?\d+) points", said)
    assert len(written) == 1
    first, last = (int(value.replace("−", "-")) for value in written[0])
    if "cannot tell" in said:
        assert first <= 100 * low + 1e-9
        assert last >= 100 * high - 1e-9
    else:
        nearer, further = sorted((abs(low), abs(high)))
        assert 1 <= first <= 100 * nearer + 1e-9
        assert last >= 100 * further - 1e-9


def test_of_several_looks_one_in_ten_pages_at_most_finds_what_is_not_there() -> None:
    """Five shares that have not changed: one at a time, every fifth page would say that one has."""
    random, pages, runs = np.random.default_rng(17), 0, 600
    for _run in range(runs):
        parts = random.binomial(200, 0.6, (5, 2))
        looks = [("A", Counted(int(one), 200, 200), Counted(int(other), 200, 200)) for one, other in parts]
        pages += any(change.is_clear for change in year_ago.changes(looks))
    assert pages / runs <= 0.1 + 2 * (0.1 * 0.9 / runs) ** 0.5


MONTHS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 300)), min_size=12, max_size=12)


def _year_of(counts: list[tuple[int, int]], year: int, missing: int = 0) -> dict[str, Any]:
    months = [
        {"month": f"{year}-{number:02}-01", "complaints": many, "ratings": ratings}
        for number, (many, ratings) in enumerate(counts, start=1)
    ]
    return {"hidden": False, "months": months[missing:]}


@PROPERTY
@given(now=MONTHS, then=MONTHS, missing=st.integers(0, 12))
def test_complaints_are_said_to_have_changed_only_where_the_range_does(
    session_app: Flask, now: list[tuple[int, int]], then: list[tuple[int, int]], missing: int
) -> None:
    with session_app.app_context():
        said, tables = complaint_since.since(_year_of(now, 2026), _year_of(then, 2025, missing))
    later, earlier = now[missing:], then[missing:]
    sums = [[sum(one[place] for one in side) for place in (0, 1)] for side in (later, earlier)]
    if len(later) < 3 or min(sums[0][1], sums[1][1]) < 30 or sums[0][0] + sums[1][0] == 0:
        assert (said, tables) == ([], [])
        return
    low, high = times_as_many_by_month(later, earlier)
    assert f"In the same {len(later)} months" in said[0]
    assert f"({sums[1][0]:,} complaints, {sums[1][1]:,} ratings)" in said[0]
    assert f"({sums[0][0]:,} complaints, {sums[0][1]:,} ratings)" in said[0]
    assert ("clearly more" in said[0]) <= (low > 1)
    assert ("clearly fewer" in said[0]) <= (high < 1)
    assert ("cannot tell" in said[0]) == ("clearly" not in said[0])
    ends = f"{tables[0].rows[0][-3]:.2f} " + ("or more" if isinf(high) else f"to {tables[0].rows[0][-2]:.2f}")
    assert f"{ends} times as many" in said[0]
    assert tables[0].rows[0][-3] <= low
    assert isinf(high) == (tables[0].rows[0][-2] is None)


COUNTS = st.lists(st.integers(0, 60), min_size=4, max_size=4)


@PROPERTY
@given(now=st.lists(COUNTS, min_size=3, max_size=3), then=st.lists(COUNTS, min_size=3, max_size=3))
def test_stages_are_said_to_have_moved_only_where_the_range_does(
    session_app: Flask, now: list[list[int]], then: list[list[int]]
) -> None:
    names = [("pre_purchase", "purchase"), ("pre_purchase", "post_purchase"), ("purchase", "post_purchase")]
    years = [
        {
            way: [{"first": a, "second": b, "counts": counts} for (a, b), counts in zip(names, year, strict=True)]
            for way in ("four", "five")
        }
        for year in (now, then)
    ]
    with session_app.app_context():
        said, tables = stage_since.since(*years)
    both = [(one, other) for one, other in zip(now, then, strict=True) if min(sum(one), sum(other)) >= 30]
    assert len(said) == len(both)
    assert len(tables) == bool(both)
    changes = [change_of_difference(*pair) for pair in both]
    found = passes([chance_by_range(*change) for change in changes])
    for sentence, (_by, low, high), is_found in zip(said, changes, found, strict=True):
        _claims_no_more(sentence, low, high, more="clearly lost", less="clearly gained")
        assert is_found or "cannot tell" in sentence


AGAIN = list(sums_of([2] * 40, [2] * 20 + [0] * 20).__dict__.values())


@pytest.mark.parametrize(("since", "is_told"), [("2023-10-01", True), ("2024-06-01", False)])
def test_who_looked_new_a_year_ago_only_because_ratings_began_is_not_compared(
    session_app: Flask, since: str, is_told: bool
) -> None:
    both = {"new": {"ratings": 60, "four": 30, "five": 20}, "again": {"four": AGAIN, "five": AGAIN}, "since": since}
    with session_app.app_context():
        said, tables = repeat_since.since({**both, "until": "2026-10-31"}, {**both, "until": "2025-10-31"})
    assert (len(said), len(tables)) == ((2, 1) if is_told else (0, 0))
    assert all("cannot tell" in one for one in said)


def test_how_often_chance_lies_so_far_is_read_from_a_range() -> None:
    assert chance_by_range(1.96, 0.0, 3.0) == pytest.approx(0.05, abs=1e-3)
    assert chance_by_range(-1.96, -9.0, 0.0) == pytest.approx(0.05, abs=1e-3)
    assert chance_by_range(0.0, -1.0, 1.0) == 1.0
    assert chance_by_range(float("nan"), float("nan"), float("nan")) == 1.0
    assert (chance_by_range(0.0, 0.0, 0.0), chance_by_range(0.3, 0.3, 0.3)) == (1.0, 0.0)
