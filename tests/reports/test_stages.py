"""The same customers at two stages, and new ones against those who come again: against plain Python, and in honest words."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Cast
from tests.factories import a_customer, a_touchpoint
from tests.reports.customers import YEAR, Visit, store, worked_out
from tests.reports.jobs import READ
from tracker.core import clock
from tracker.core.db import transaction
from tracker.ratings.models import STAGES
from tracker.reports import repeat, repeat_drawings, repeat_words, stage_drawings, stage_words, stages
from tracker.reports.sections import Section
from tracker.statistics.paired import paired_difference
from tracker.statistics.proportions import effective_n_of, newcombe, sums_of

PROPERTY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = [("pre_purchase", "purchase"), ("pre_purchase", "post_purchase"), ("purchase", "post_purchase")]
LEAST = {"four": 4, "five": 5}


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


@pytest.fixture
def visits(cast: Cast) -> list[Visit]:
    """Two years of sixty customers, some of whom rate often; few moments, so that some fall together."""
    random = Random(8)
    with transaction():
        places = [a_touchpoint(f"At {stage} {number}", stage).id for stage in STAGES for number in range(2)]
        customers = [a_customer().id for _number in range(60)]
        start = datetime(2025, 8, 15, 9, tzinfo=UTC)
        made = [
            Visit(
                customer=random.choice([None, *customers, *customers[:10]]),
                stars=random.choice([1, 3, 4, 4, 5, 5]),
                at=start + timedelta(days=30 * random.randrange(18)),
                touchpoint=random.choice([None, *places]),
                person=random.choice([cast.amina.id, cast.kevin.id]),
                is_excluded=random.random() < 0.1,
            )
            for _number in range(300)
        ]
        store(made)
    return made


def of_customers(visits: list[Visit]) -> dict[int, list[Visit]]:
    """Each one's ratings that count, the oldest first; later in the list is later at the same moment."""
    mine: dict[int, list[Visit]] = {}
    for visit in sorted(visits, key=lambda visit: visit.at):
        if visit.customer and not visit.is_excluded:
            mine.setdefault(visit.customer, []).append(visit)
    return mine


def in_year(visit: Visit) -> bool:
    return YEAR.since <= visit.at.date() < YEAR.until


def at_stages(visits: list[Visit], places: dict[int, str]) -> dict[str, int]:
    """Stage -> stars of the latest of these ratings there."""
    return {places[visit.touchpoint]: visit.stars for visit in visits if in_year(visit) and visit.touchpoint}


def test_the_database_pairs_the_latest_ratings_of_each_customer(cast: Cast, visits: list[Visit]) -> None:
    places = {a_touchpoint(f"At {stage} {number}").id: stage for stage in STAGES for number in range(2)}
    latest = [at_stages(mine, places) for mine in of_customers(visits).values()]
    found = stages.build(YEAR)
    for name, least in LEAST.items():
        for pair in found[name]:
            both = [
                (one[pair["first"]] >= least, one[pair["second"]] >= least)
                for one in latest
                if pair["first"] in one and pair["second"] in one
            ]
            ways = [(True, True), (True, False), (False, True), (False, False)]
            assert pair["counts"] == [both.count(way) for way in ways]
    assert sum(sum(pair["counts"]) for pair in found["four"]) > 30, "else this would prove nothing"


def test_the_database_tells_first_ratings_from_later_ones(cast: Cast, visits: list[Visit]) -> None:
    found = repeat.build(YEAR)
    firsts: list[int] = []
    later: list[list[int]] = []
    every = {visit.customer for visit in visits if visit.at.date() < YEAR.since}  # known, also by one that was left out
    for customer, mine in of_customers(visits).items():
        stars = [visit.stars for visit in mine if in_year(visit)]
        if customer not in every:
            firsts += stars[:1]
            stars = stars[1:]
        later += [stars] if stars else []
    assert len(firsts) > 5
    for name, least in LEAST.items():
        assert (found["new"]["ratings"], found["new"][name]) == (len(firsts), sum(star >= least for star in firsts))
        m, y = [len(stars) for stars in later], [sum(star >= least for star in stars) for stars in later]
        sums = [len(m), sum(m), sum(y), sum(b * b for b in y), sum(a * b for a, b in zip(m, y, strict=True))]
        assert found["again"][name] == [*sums, sum(a * a for a in m)]
    assert found["since"] == min(visit.at for visit in visits if visit.customer).date().isoformat()


def test_a_page_without_customers_says_so(cast: Cast, browse: Any) -> None:
    worked_out()
    page = browse(cast.chloe).get("/reports/customers").text
    assert "Too few customers rated at two stages: 0 at the most in any pair, it takes 30." in page
    assert "Too few: 0 first ratings, 0 later ones of 0 customers. It takes 30 of each, of 20." in page


def test_the_picture_of_the_stages_shows_what_the_words_say(app: Flask) -> None:
    counts = [[40, 30, 10, 20], [50, 21, 19, 10], [5, 5, 5, 5]]
    pairs = [{"first": one, "second": two, "counts": count} for (one, two), count in zip(NAMES, counts, strict=True)]
    with app.test_request_context():
        drawn = stage_drawings.drawn({"four": pairs, "five": pairs})
        none = stage_drawings.drawn({"four": pairs[2:], "five": pairs[2:]})
    assert drawn is not None
    assert none is None
    assert (drawn.phone.count('class="wh"'), drawn.phone.count('class="wh qt"')) == (1, 1), "the third is too few"
    assert re.findall(r'halo" [^>]*>(\d+)<', drawn.phone) == ["70", "50", "71", "69"]


def test_the_picture_of_who_comes_again_shows_both_ranges(app: Flask) -> None:
    again = [30, 60, 40, 70, 90, 120]
    enough = {"new": {"ratings": 90, "four": 45, "five": 0}, "again": {"four": again}, "since": None}
    few = {"new": {"ratings": 29, "four": 9, "five": 0}, "again": {"four": again}, "since": None}
    with app.test_request_context():
        drawn, none = repeat_drawings.drawn(enough), repeat_drawings.drawn(few)
    assert drawn is not None
    assert none is None
    assert re.findall(r'halo" [^>]*>(\d+)<', drawn.wide) == ["50", "67"]
    assert drawn.wide.count('class="wh"') == 2


COUNTS = st.lists(st.integers(0, 40), min_size=4, max_size=4)


@PROPERTY
@given(three=st.lists(COUNTS, min_size=3, max_size=3), only_five=st.booleans())
def test_stages_are_told_apart_only_where_the_range_does(app: Flask, three: list[list[int]], only_five: bool) -> None:
    pairs = [
        {"first": first, "second": second, "counts": counts}
        for (first, second), counts in zip(NAMES, three, strict=True)
    ]
    figures = {"four": pairs, "five": pairs, "only_five": only_five}
    with app.test_request_context():
        said, [table] = stage_words.headline(figures), stage_words.tables(figures)
    enough = [counts for counts in three if sum(counts) >= 30]
    if not enough:
        assert said == [
            f"Too few customers rated at two stages: {max(map(sum, three))} at the most in any pair, it takes 30."
        ]
    assert len(said) == max(1, len(enough))
    for sentence, counts in zip(said, enough, strict=False):
        low, high = paired_difference(*counts)
        n = sum(counts)
        assert (
            f"{round(100 * (counts[0] + counts[1]) / n)} % and {round(100 * (counts[0] + counts[2]) / n)} %" in sentence
        )
        assert f"same {n} customers" in sentence
        claims_no_more(sentence, low, high, more="Clearly fewer", less="Clearly more")
    for row, counts in zip(table.rows, three * 2, strict=True):
        assert row[2] == sum(counts)
        assert (row[5] is None) == (sum(counts) < 30)


def claims_no_more(sentence: str, low: float, high: float, *, more: str, less: str) -> None:
    """more, less: how it says that the difference is clear."""
    assert (more in sentence) <= (low > 0)
    assert (less in sentence) <= (high < 0)
    assert ("cannot tell" in sentence) == (more not in sentence and less not in sentence)
    written = re.search(r"by ([+−]?\d+) to ([+−]?\d+) points", sentence)
    assert written
    first, last = (int(value.replace("−", "-")) for value in written.groups())
    if "cannot tell" in sentence:
        assert first <= 0 <= last
        assert first <= 100 * low + 1e-9
        assert last >= 100 * high - 1e-9
    else:
        nearer, further = sorted((abs(low), abs(high)))
        assert 1 <= first <= 100 * nearer + 1e-9
        assert last >= 100 * further - 1e-9


@pytest.mark.parametrize(("customers", "is_told"), [(29, False), (30, True)])
def test_two_stages_are_compared_from_thirty_customers_on(customers: int, is_told: bool) -> None:
    pair = {"first": "pre_purchase", "second": "purchase", "counts": [customers - 9, 6, 3, 0]}
    (found,) = stage_words.compared({"four": [pair]}, "four")
    assert found.n == customers
    assert (found.apart is not None, found.percents is not None) == (is_told, is_told)


@st.composite
def rated_again(draw: st.DrawFn) -> dict[str, Any]:
    m = draw(st.lists(st.integers(1, 6), min_size=draw(st.sampled_from([0, 20])), max_size=60))
    y = [draw(st.integers(0, times)) for times in m]
    new = draw(st.integers(draw(st.sampled_from([0, 30])), 90))
    return {"m": m, "y": y, "new": new, "happy": draw(st.integers(0, new)), "only_five": draw(st.booleans())}


@PROPERTY
@given(made=rated_again(), since=st.dates(YEAR.since.replace(year=2023), YEAR.last))
def test_who_comes_again_is_told_apart_only_where_the_range_does(app: Flask, made: dict[str, Any], since: Any) -> None:
    m, y = made["m"], made["y"]
    sums = [len(m), sum(m), sum(y), sum(b * b for b in y), sum(a * b for a, b in zip(m, y, strict=True))]
    figures = {
        "new": {"ratings": made["new"], "four": made["happy"], "five": made["happy"]},
        "again": {"four": [*sums, sum(a * a for a in m)], "five": [*sums, sum(a * a for a in m)]},
        "only_five": made["only_five"],
        "since": since.isoformat(),
        "until": YEAR.last.isoformat(),
    }
    with app.test_request_context():
        said = repeat_words.headline(figures)
    if made["new"] < 30 or sum(m) < 30 or len(m) < 20:
        assert said[0].startswith(f"Too few: {made['new']} first ratings, {sum(m)} later ones of {len(m)} customers.")
        assert "%" not in said[0]
        assert len(said) == 1
        return
    size = effective_n_of(sums_of(m, y))
    low, high = newcombe(sum(y) / sum(m) * size, size, made["happy"], made["new"])
    assert f"of {made['new']} first ratings" in said[0]
    assert f"of {sum(m)} later ones" in said[0]
    claims_no_more(said[0], low, high, more="clearly happier", less="clearly less happy")
    assert (len(said) == 2) == (since > YEAR.last - timedelta(days=730))


@pytest.mark.parametrize(("since", "cautions"), [("2024-11-02", True), ("2024-10-31", False)])
def test_where_ratings_begin_late_it_says_that_some_only_look_new(app: Flask, since: str, cautions: bool) -> None:
    again = [30, 60, 40, 70, 90, 120]
    figures = {"new": {"ratings": 90, "four": 60, "five": 30}, "again": {"four": again, "five": again}}
    with app.test_request_context():
        said = repeat_words.headline({**figures, "since": since, "until": "2026-10-31"})
    assert ("Our ratings begin in November 2024, so some who look new had been here before." in said) == cautions


@pytest.mark.parametrize("section", [stages.SECTION, repeat.SECTION], ids=lambda section: section.kind)
def test_the_same_data_are_kept_as_the_same(section: Section, visits: list[Visit]) -> None:
    assert section.build(YEAR) == section.build(YEAR)
    assert section.build(YEAR) != section.build(YEAR.before)
