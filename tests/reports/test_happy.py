"""Happy every time: what is counted, against plain Python; and no sentence that claims more than its range."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from tests.conftest import Cast
from tests.factories import a_customer, a_touchpoint
from tests.reports.customers import YEAR, Visit, come_again, store, worked_out
from tests.reports.jobs import READ
from tracker.core import clock
from tracker.core.db import transaction
from tracker.reports import happy, happy_words
from tracker.reports.happy_drawings import shown
from tracker.statistics.proportions import newcombe

PROPERTY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


def some_visits(cast: Cast, seed: int) -> list[Visit]:
    """Customers with none to eight ratings over two years; some at the same moment, left out, in the tray, or at no touchpoint."""
    random = Random(seed)
    places = [None, *(a_touchpoint(f"Place {number}").id for number in range(4))]
    customers = [None, *(a_customer().id for _number in range(60))]
    start = datetime(2025, 8, 15, 9, tzinfo=UTC)
    return [
        Visit(
            customer=random.choice(customers),
            stars=random.choice([1, 3, 4, 4, 5, 5, 5]),
            at=start + timedelta(days=30 * random.randrange(18)),  # few moments, so that some fall together
            touchpoint=random.choice(places),
            person=random.choice([cast.amina.id, cast.amina.id, cast.kevin.id, None]),
            is_excluded=random.random() < 0.1,
        )
        for _number in range(420)
    ]


def in_plain_python(visits: list[Visit], least: int) -> dict[str, Any]:
    """What `build` finds, one customer after the other. Later in the list is later at the same moment."""
    mine: dict[int, list[Visit]] = {}
    for visit in sorted(visits, key=lambda visit: visit.at):
        counts = visit.person and not visit.is_excluded and YEAR.since <= visit.at.date() < YEAR.until
        if counts and visit.customer:
            mine.setdefault(visit.customer, []).append(visit)
    by_happy, journey = [0] * 4, [0] * 4
    ways: Counter[tuple[int | None, ...]] = Counter()
    for last in (found[-3:] for found in mine.values() if len(found) >= 3):
        low = [visit.touchpoint for visit in last if visit.stars < least]
        by_happy[3 - len(low)] += 1
        journey[3 - len(low)] += len({visit.touchpoint for visit in last} - {None}) >= 2
        ways[tuple(low)] += 1
    return {"customers": len(mine), "by_happy": by_happy, "journey": journey, "ways": ways}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("name", "least"), [("four", 4), ("five", 5)])
def test_the_database_finds_what_plain_python_finds(cast: Cast, seed: int, name: str, least: int) -> None:
    with transaction():
        visits = some_visits(cast, seed)
        store(visits)
    found, expected = happy.build(YEAR), in_plain_python(visits, least)
    assert found["customers"] == expected["customers"]
    assert (found[name]["by_happy"], found[name]["journey"]) == (expected["by_happy"], expected["journey"])
    ways, plan = expected["ways"], found[name]["plan"]
    assert plan["unknown"] == sum(count for low, count in ways.items() if None in low)
    assert plan["reachable"] == sum(count for low, count in ways.items() if low and None not in low)
    assert sum(row["alone"] for row in plan["touchpoints"]) == sum(
        count for low, count in ways.items() if len(set(low)) == 1 and None not in low
    )
    places = {place for low in ways for place in low if place and None not in low}
    assert len(plan["touchpoints"]) == len(places)
    assert sum(row["ratings"] for row in plan["touchpoints"]) == sum(
        count * sum(place in places for place in low) for low, count in ways.items()
    )
    followed = [visit for visit in visits if visit.person and not visit.is_excluded]
    followed = [visit for visit in followed if YEAR.since <= visit.at.date() < YEAR.until]
    assert found["ratings"] == len(followed)
    assert found["followed"] == sum(visit.customer is not None for visit in followed)


def test_the_fewest_touchpoints_that_make_five_points_are_named(cast: Cast, browse: Any) -> None:
    """Of 40, ten are happy every time, and 5 points are two more. No touchpoint wins two alone; of two the best are Desk and Chat."""
    come_again(cast.amina, [(5, 4, 5)] * 10 + [(5, 3, 5)] * 1, places=("Tills", "Phone"))
    come_again(cast.amina, [(2, 5, 5)] * 1 + [(1, 2, 5)] * 28, places=("Desk", "Chat"))
    worked_out()
    page = browse(cast.chloe).get("/reports/customers").text.replace("\u00a0", " ")
    assert "25 % of 40 customers who came again gave 4 or 5 stars all of their last three times" in page
    assert "With no rating below 4 at Desk and Chat it would be 98 % of 40 (likely 87 to 100 %)." in page
    assert "That makes 5 points or more. It is arithmetic about the past, no promise." in page


def test_where_no_touchpoint_is_on_record_none_is_named(cast: Cast) -> None:
    with transaction():
        at = datetime(2026, 10, 5, 9, tzinfo=UTC)
        store([Visit(a_customer().id, 2, at, None, cast.amina.id) for _number in range(3)])
        for _number in range(40):
            customer = a_customer().id
            store([Visit(customer, star, at, None, cast.amina.id) for star in (5, 5, 2)])
    found = happy.build(YEAR)
    assert found["four"]["plan"] == {
        "touchpoints": [],
        "gained": 0,
        "reachable": 0,
        "is_smallest": True,
        "unknown": 40,
    }


def test_five_stars_alone_are_another_question_by_the_same_page(cast: Cast, browse: Any) -> None:
    come_again(cast.amina, [(4, 5, 5)] * 30 + [(5, 5, 5)] * 10)
    worked_out()
    browser = browse(cast.chloe)
    assert "100 % of 40 customers" in browser.get("/reports/customers").text
    page = browser.get("/reports/customers?happy=5").text
    assert "25 % of 40 customers who came again gave 5 stars all of their last three times" in page
    assert 'aria-current="true">5 stars only' in page


def test_thirty_customers_make_a_share_and_twenty_nine_do_not(cast: Cast, browse: Any) -> None:
    come_again(cast.amina, [(5, 5, 5)] * 29)
    worked_out()
    page = browse(cast.chloe).get("/reports/customers").text
    assert "29 customers rated three times or more in the twelve months, it takes 30" in page
    assert 'id="happy-dots-title"' not in page
    come_again(cast.amina, [(5, 5, 5)])
    [main, *_rest] = happy_words.headline(happy.build(YEAR))
    assert main.startswith("100 % of 30 customers")


def test_with_nobody_it_says_so(cast: Cast, browse: Any) -> None:
    worked_out()
    page = browse(cast.chloe).get("/reports/customers").text
    assert "Nobody whom we could tell apart has rated." in page
    assert "0 customers rated three times or more" in page


def test_the_picture_the_words_and_the_table_show_the_same(cast: Cast) -> None:
    come_again(cast.amina, [(5, 4, 5)] * 17 + [(5, 3, 5)] * 33)
    figures = happy.build(YEAR)
    drawn = shown(figures).drawn
    assert drawn is not None
    assert (drawn.hundred.count('class="pt"'), drawn.hundred.count('class="bandedge"')) == (34, 66)
    assert drawn.percent == "34 %"
    assert happy_words.tables(figures)[0].rows[0] == ["4 or 5 stars", 50, 17, 34, 22, 48, 47]
    assert "34 % of 50 customers" in happy_words.headline(figures)[0]
    assert "(likely 22 to 48 %)" in happy_words.headline(figures)[0]


COUNTS = st.lists(st.integers(0, 60), min_size=4, max_size=4)


@st.composite
def kept(draw: st.DrawFn, year_ago: bool = True) -> dict[str, Any]:
    """Figures as `build` would keep them, with or without those of a year ago."""
    ways = {}
    for name in ("four", "five"):
        by_happy = draw(COUNTS)
        reachable = draw(st.integers(0, sum(by_happy[:3])))
        needed = -(-sum(by_happy) * 5 // 100)
        rows = [
            {"name": place, "ratings": 9, "customers": 8, "alone": 7, "chosen": place == "Till" and reachable >= needed}
            for place in ("Desk", "Till")
        ]
        gained = draw(st.integers(needed, reachable)) if reachable >= needed else 0
        plan = {"touchpoints": rows, "gained": gained, "reachable": reachable, "unknown": 3}
        journey = [draw(st.integers(0, most)) for most in by_happy]
        ways[name] = {"by_happy": by_happy, "journey": journey, "plan": plan | {"is_smallest": draw(st.booleans())}}
    more = {"customers": 400, "followed": 900, "ratings": 1000, "months": draw(st.sampled_from([11, 12]))}
    before = draw(st.none() | kept(year_ago=False)) if year_ago else None
    return {**ways, **more, "only_five": draw(st.booleans()), "year_ago": before}


@PROPERTY
@given(figures=kept())
def test_no_sentence_claims_more_than_its_range(app: Flask, figures: dict[str, Any]) -> None:
    name = "five" if figures["only_five"] else "four"
    by_happy, n = figures[name]["by_happy"], sum(figures[name]["by_happy"])
    with app.test_request_context():
        said = happy_words.headline(figures)
    if n < 30:
        assert len(said) == 1
        assert f": {n} customers rated three times or more in the twelve months, it takes 30." in said[0]
        assert "%" not in said[0]
        return
    main, since, planned = said
    assert f"of {n} customers" in main
    holds(main, by_happy[3], n)
    about_a_year_ago(since, by_happy[3], n, figures["year_ago"], name)
    plan = figures[name]["plan"]
    chosen = any(row["chosen"] for row in plan["touchpoints"])
    holds(planned, by_happy[3] + (plan["gained"] if chosen else plan["reachable"]), n)
    assert ("at Till" in planned) == chosen == ("5 points or more. " in planned)
    assert f"of {n} " in planned
    if chosen:
        assert plan["gained"] * 20 >= n
        assert planned.endswith("It is arithmetic about the past, no promise.")


def holds(sentence: str, happy_ones: int, n: int) -> None:
    """The percent is the share’s, and the range is no narrower than scipy’s."""
    found = re.search(r"(\d+) % of .*\(likely (\d+) to (\d+) %\)", sentence)
    assert found
    percent, low, high = map(int, found.groups())
    expected = binomtest(happy_ones, n).proportion_ci(method="wilson")
    assert abs(percent - 100 * happy_ones / n) <= 0.5
    assert low <= 100 * expected.low + 0.01
    assert high >= 100 * expected.high - 0.01
    assert high - low <= 100 * (expected.high - expected.low) + 2.01


def about_a_year_ago(sentence: str, now: int, n: int, year_ago: dict[str, Any] | None, name: str) -> None:
    assert not re.search(r"clear", sentence) or "cannot tell" not in sentence
    if year_ago is None or year_ago["months"] < 12:
        assert "nothing to compare with" in sentence
        return
    before, of = year_ago[name]["by_happy"][3], sum(year_ago[name]["by_happy"])
    assert f" {of}" in sentence
    if of < 30:
        assert "too few to compare" in sentence
        return
    low, high = newcombe(now, n, before, of)
    assert ("clearly more" in sentence) <= (low > 0)
    assert ("clearly less" in sentence) <= (high < 0)
    assert ("cannot tell" in sentence) == ("clearly" not in sentence)
    said = [int(value.replace("−", "-")) for value in re.findall(r"[+−]?\d+", sentence.split("by ")[1])]
    if "cannot tell" in sentence:
        assert said[0] <= 100 * low + 1e-9
        assert said[1] >= 100 * high - 1e-9
        assert said[0] <= 0 <= said[1]
    else:
        assert said[0] >= 1, "what is clear is one point or more"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([0, 0, 80, 20], "A year ago it was 20 % of 100 (likely 13 to 29 %): clearly more now, by"),
        ([0, 0, 10, 90], "A year ago it was 90 % of 100 (likely 82 to 95 %): clearly less now, by"),
        (
            [0, 0, 50, 50],
            "A year ago it was 50 % of 100 (likely 40 to 60 %). We cannot tell whether it has changed: likely by −14 to ",
        ),
        ([0, 0, 10, 10], "A year ago 20 customers were too few to compare with, it takes 30."),
    ],
)
def test_a_year_ago_is_compared_in_words(app: Flask, before: list[int], expected: str) -> None:
    plan = {"touchpoints": [], "gained": 0, "reachable": 0, "unknown": 0, "is_smallest": True}
    now, then = (
        {"four": {"by_happy": by_happy, "journey": [0] * 4, "plan": plan}, "months": 12}
        for by_happy in ([0, 0, 50, 50], before)
    )
    with app.test_request_context():
        assert happy_words.headline({**now, "year_ago": then})[1].startswith(expected)


def test_the_same_data_are_kept_as_the_same(cast: Cast) -> None:
    with transaction():
        store(some_visits(cast, 3))
    assert happy.build(YEAR) == happy.build(YEAR)


def test_five_points_are_rounded_up_to_whole_customers(cast: Cast) -> None:
    """Of 21 customers one is 4.8 points."""
    come_again(cast.amina, [(5, 5, 5)] * 20 + [(5, 5, 2)])
    plan = happy.build(YEAR)["four"]["plan"]
    assert (plan["reachable"], plan["gained"]) == (1, 0)
    assert not any(row["chosen"] for row in plan["touchpoints"])
