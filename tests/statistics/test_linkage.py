"""The link between engagement and customers' ratings: an oracle, figures worked by hand, and all that must not matter."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.statistics import linkage_oracle as oracle
from tracker.statistics.linkage import Slope, found_among, lagged_slope, p_value, power, team_averages

NAN = math.nan


@st.composite
def panels(draw: st.DrawFn, *, full: bool = False) -> dict[str, Any]:
    """Any company, with hidden months and months without ratings."""
    teams, months = draw(st.sampled_from([4, 6, 10, 12, 20, 3])), draw(st.sampled_from([6, 4, 8, 12, 13]))
    hidden = 0.0 if full else draw(st.sampled_from([0.0, 0.2, 0.6]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    engagement = np.round(rng.normal(3.6, 0.5, (teams, months)), 1)
    engagement[rng.random((teams, months)) < hidden] = np.nan
    n = rng.integers(0 if hidden else 1, 60, (teams, months)).astype(float)
    satisfaction = np.where(n > 0, rng.normal(0, 0.4, (teams, months)), np.nan)
    return {"engagement": engagement, "satisfaction": satisfaction, "n": n}


@settings(max_examples=150, deadline=None)
@given(panels(), st.sampled_from([1, 0, -1, 2, 3]))
def test_every_figure_equals_least_squares_with_a_column_for_each_team_and_month(
    drawn: dict[str, Any], lag: int
) -> None:
    found = oracle.rows(*(drawn[key].tolist() for key in ("engagement", "satisfaction", "n")), lag)
    slope = lagged_slope(**drawn, lag=lag)
    assert slope.teams == len({row[0] for row in found})
    assert slope.pairs == len(found)
    assert slope.months == (len({row[1] for row in found}) + abs(lag) if found else 0)
    assume(slope.teams > 2)
    expected = oracle.interval(found)
    assert (slope.estimate, slope.low, slope.high) == pytest.approx(expected, rel=1e-6, abs=1e-8, nan_ok=True)


@settings(max_examples=50, deadline=None)
@given(panels(), st.integers(0, 2**32))
def test_lasting_differences_of_teams_and_months_of_everybody_do_not_matter(drawn: dict[str, Any], seed: int) -> None:
    rng = np.random.default_rng(seed)
    teams, months = drawn["engagement"].shape
    moved = {
        "engagement": drawn["engagement"] + rng.normal(0, 2, (teams, 1)) + rng.normal(0, 2, (1, months)),
        "satisfaction": drawn["satisfaction"] + rng.normal(0, 2, (teams, 1)) + rng.normal(0, 2, (1, months)),
        "n": drawn["n"],
    }
    one, other = lagged_slope(**drawn), lagged_slope(**moved)
    assert (one.estimate, one.low, one.high) == pytest.approx(
        (other.estimate, other.low, other.high), rel=1e-6, abs=1e-8, nan_ok=True
    )


@settings(max_examples=50, deadline=None)
@given(panels(), st.randoms())
def test_the_order_of_teams_does_not_matter(drawn: dict[str, Any], random: Any) -> None:
    order = list(range(len(drawn["n"])))
    random.shuffle(order)
    one, other = lagged_slope(**drawn), lagged_slope(**{key: values[order] for key, values in drawn.items()})
    assert (one.estimate, one.high) == pytest.approx((other.estimate, other.high), rel=1e-6, abs=1e-8, nan_ok=True)


def company(teams: int, months: int, slope: float, *, noise: float = 0.0) -> dict[str, Any]:
    rng = np.random.default_rng(7)
    engagement = rng.normal(3.6, 0.3, (teams, months))
    satisfaction = rng.normal(0, noise, (teams, months)) if noise else np.zeros((teams, months))
    satisfaction[:, 1:] += slope * engagement[:, :-1]
    return {"engagement": engagement, "satisfaction": satisfaction, "n": np.full((teams, months), 50.0)}


def test_an_exact_link_is_found_exactly() -> None:
    given = company(10, 12, 0.3)
    given["satisfaction"][:, 0] = np.nan  # the month before the first is not known
    slope = lagged_slope(**given)
    assert (slope.estimate, slope.low, slope.high) == pytest.approx((0.3, 0.3, 0.3))
    assert (slope.teams, slope.months, slope.enough) == (10, 12, True)


@pytest.mark.parametrize(
    ("teams", "months", "enough"),
    [(10, 12, True), (9, 12, False), (10, 11, False), (20, 6, True), (19, 6, False), (20, 5, False), (19, 12, True)],
)
@pytest.mark.parametrize("lag", [1, 0, -1, 2])
def test_below_the_minimum_nothing_is_enough(teams: int, months: int, enough: bool, lag: int) -> None:
    slope = lagged_slope(**company(teams, months, 0.3, noise=0.1), lag=lag)
    assert (slope.teams, slope.months, slope.enough) == (teams, months, enough)


def test_a_hidden_team_and_an_empty_month_do_not_count() -> None:
    given = company(10, 12, 0.3, noise=0.1)
    given["engagement"][0, 1:] = NAN
    assert lagged_slope(**given).teams == 9
    given = company(10, 12, 0.3, noise=0.1)
    given["engagement"][:, 11] = NAN
    given["n"][:, 11] = 0
    assert lagged_slope(**given).months == 11


def test_a_later_month_explains_nothing_earlier() -> None:
    given = company(12, 12, 0.3, noise=0.05)
    forward, backward = lagged_slope(**given), lagged_slope(**given, lag=-1)
    assert forward.low > 0.2
    assert backward.low < 0 < backward.high


def test_the_reversed_slope_is_of_engagement_on_the_stars_before() -> None:
    rng = np.random.default_rng(3)
    satisfaction = rng.normal(0, 0.2, (12, 12))
    engagement = np.full((12, 12), np.nan)
    engagement[:, 1:] = 3 + 1.5 * satisfaction[:, :-1]
    slope = lagged_slope(engagement, satisfaction, np.full((12, 12), 30.0), lag=-1)
    assert slope.estimate == pytest.approx(1.5)


@pytest.mark.parametrize("shape", [(0, 0), (0, 12), (1, 12), (2, 1), (12, 0), (5, 2)])
def test_next_to_nothing_is_not_enough(shape: tuple[int, int]) -> None:
    slope = lagged_slope(np.full(shape, 3.0), np.zeros(shape), np.ones(shape))
    assert math.isnan(slope.estimate)
    assert not slope.enough


def test_where_engagement_never_moves_there_is_no_slope() -> None:
    rng = np.random.default_rng(1)
    engagement = rng.normal(3, 1, (20, 1)) + rng.normal(0, 1, (1, 12))
    slope = lagged_slope(engagement, rng.normal(0, 1, (20, 12)), np.full((20, 12), 40.0))
    assert math.isnan(slope.estimate)
    assert not slope.enough


def test_where_one_team_alone_moves_there_is_no_range() -> None:
    given = company(12, 12, 0.3, noise=0.1)
    given["engagement"][1:] = 3.0
    slope = lagged_slope(**given)
    assert math.isnan(slope.low)
    assert not slope.enough


@pytest.mark.parametrize("wrong", ["shape", "flat", "counts"])
def test_what_cannot_be_is_refused(wrong: str) -> None:
    given = company(3, 4, 0.0)
    if wrong == "shape":
        given["n"] = given["n"][:, 1:]
    elif wrong == "flat":
        given = {key: values[0] for key, values in given.items()}
    else:
        given["n"][0, 0] = -1
    with pytest.raises(ValueError, match="must be"):
        lagged_slope(**given)


def made(p: float, *, enough: bool = True, teams: int = 12) -> Slope:
    t = float(stats.t.isf(p / 2, teams - 1)) / float(stats.t.isf(0.025, teams - 1))
    return Slope(t, t - 1, t + 1, teams, 12, enough)


@pytest.mark.parametrize("p", [0.9, 0.31, 0.05, 0.002])
def test_the_chance_of_a_slope_is_of_students_t(p: float) -> None:
    assert p_value(made(p)) == pytest.approx(p, rel=1e-6)


def test_several_links_at_once_are_held_to_benjamini_and_hochberg_and_each_to_its_own_range() -> None:
    rng = np.random.default_rng(5)
    several = set()
    for _ in range(200):
        p = np.minimum(rng.random(12) ** 3 + 1e-9, 1)
        slopes = [made(float(value)) for value in p]
        adjusted = stats.false_discovery_control(p)
        expected = (adjusted <= 0.10) & (p < 0.05) & (adjusted.min() <= 0.05)
        assert found_among(slopes) == expected.tolist()
        several.add((bool((adjusted <= 0.10).any()), bool(expected.any())))
    assert several == {(True, True), (True, False), (False, False)}


@pytest.mark.parametrize("p", [0.06, 0.09])
def test_a_single_link_whose_range_holds_none_is_not_found(p: float) -> None:
    """One in ten alone would let it through."""
    assert made(p).low < 0
    assert found_among([made(p)]) == [False]
    assert found_among([made(0.04)]) == [True]


def test_links_below_the_minimum_are_neither_found_nor_counted() -> None:
    many = [made(1e-6, enough=False)] * 20
    assert found_among([*many, made(0.04)]) == [False] * 20 + [True]
    assert found_among([]) == []


def every(step: int, given: dict[str, Any]) -> dict[str, Any]:
    """Asked in one of so many months."""
    asked = np.full_like(given["engagement"], np.nan)
    asked[:, ::step] = given["engagement"][:, ::step]
    return {**given, "engagement": asked}


@pytest.mark.parametrize(
    ("teams", "step", "months", "enough"), [(10, 2, 7, False), (20, 2, 7, True), (20, 3, 5, False)]
)
def test_a_year_of_which_every_second_month_was_asked_is_no_year(
    teams: int, step: int, months: int, enough: bool
) -> None:
    slope = lagged_slope(**every(step, company(teams, 12, 0.3, noise=0.1)))
    assert (slope.teams, slope.months, slope.pairs, slope.enough) == (teams, months, teams * (months - 1), enough)


def test_a_round_that_was_skipped_is_a_month_less() -> None:
    given = company(10, 12, 0.3, noise=0.1)
    given["engagement"][:, 5] = NAN
    assert (lagged_slope(**given).months, lagged_slope(**given).enough) == (11, False)
    given["engagement"][0, 5] = 3.0
    assert (lagged_slope(**given).months, lagged_slope(**given).enough) == (12, True)


def test_a_team_with_one_pair_of_months_is_none() -> None:
    given = company(10, 12, 0.3, noise=0.1)
    given["engagement"][0, 1:] = NAN
    assert (lagged_slope(**given).teams, lagged_slope(**given).enough) == (9, False)
    given["engagement"][0, 1] = 3.2
    assert (lagged_slope(**given).teams, lagged_slope(**given).enough) == (10, True)


def test_a_slope_without_a_range_is_never_a_link() -> None:
    assert p_value(Slope(0.3, NAN, NAN, 1, 12, False)) == 1
    assert p_value(Slope(0.0, 0.0, 0.0, 12, 12, True)) == 1
    assert p_value(Slope(0.3, 0.3, 0.3, 12, 12, True)) == 0


def test_averages_of_teams_equal_the_textbooks_correlation() -> None:
    rng = np.random.default_rng(9)
    engagement, n = rng.normal(3.5, 0.4, (14, 9)), rng.integers(1, 60, (14, 9)).astype(float)
    satisfaction = 0.2 * engagement.mean(axis=1, keepdims=True) + rng.normal(0, 0.3, (14, 9))
    effect = team_averages(engagement, satisfaction, n)
    stars = (satisfaction * n).sum(axis=1) / n.sum(axis=1)
    expected = stats.pearsonr(engagement.mean(axis=1), stars)
    interval = expected.confidence_interval()
    assert (effect.estimate, effect.low, effect.high) == pytest.approx((expected.statistic, *interval), abs=1e-6)
    assert (effect.n, effect.enough) == (14, True)


def test_averages_skip_teams_that_lack_either_and_say_nothing_of_few() -> None:
    given = company(10, 12, 0.3, noise=0.2)
    given["engagement"][0] = NAN
    given["n"][1] = 0
    effect = team_averages(**given)
    assert (effect.n, effect.enough) == (8, False)
    assert math.isnan(team_averages(**company(3, 12, 0.3, noise=0.2)).estimate)
    assert math.isnan(team_averages(np.full((10, 3), 3.0), np.zeros((10, 3)), np.ones((10, 3))).estimate)


def test_more_teams_and_months_see_more() -> None:
    assert 0.35 < power(14, 9) < 0.5  # STATISTICS.md: about 4 times in 10
    assert power(20, 12) > power(20, 9) > power(10, 9) > power(3, 9)
    assert power(500, 12) == pytest.approx(1)
    assert power(1, 12) == power(20, 2) == 0
