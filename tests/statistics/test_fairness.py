"""One group against everybody else: ranges that know teams and people, and which of many findings may be claimed."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.stats import false_discovery_control, ttest_ind

from tracker.statistics.fairness import FEWEST_TEAMS, mean_of, means_apart, share_of, times_as_often
from tracker.statistics.many import passes

TEAMS = np.arange(80) % 8


def halves(count: int = 80) -> np.ndarray:
    return np.arange(count) // (count // 2) == 0


def test_the_other_side_says_the_same_with_the_other_sign() -> None:
    rng = np.random.default_rng(1)
    value, weight = rng.normal(0, 1, 80), rng.uniform(0.1, 1, 80)
    one, other = (means_apart(value, weight, TEAMS, side) for side in (halves(), ~halves()))
    assert (one.value, one.low, one.high) == pytest.approx((-other.value, -other.high, -other.low))
    assert one.p == pytest.approx(other.p)
    events, of = rng.poisson(1, 80).astype(float), np.full(80, 50.0)
    one, other = (times_as_often(events, of, TEAMS, side) for side in (halves(), ~halves()))
    assert (one.value, one.low, one.high) == pytest.approx((1 / other.value, 1 / other.high, 1 / other.low))
    assert one.p == pytest.approx(other.p)


def test_with_a_team_for_everybody_it_is_the_usual_test_of_two_means() -> None:
    rng = np.random.default_rng(2)
    value = rng.normal(0, 1, 4000)
    inside = halves(4000)
    found = means_apart(value, np.ones(4000), np.arange(4000), inside)
    usual = ttest_ind(value[inside], value[~inside], equal_var=False)
    assert found.p == pytest.approx(usual.pvalue, abs=0.01)
    assert found.value == pytest.approx(value[inside].mean() - value[~inside].mean())


def test_a_range_leaves_no_difference_out_exactly_when_chance_is_under_five_percent() -> None:
    for seed in range(200):
        rng = np.random.default_rng(seed)
        events = rng.poisson(np.where(halves(), 0.5, 1.0)).astype(float)
        apart = times_as_often(events, np.full(80, 40.0), np.arange(80), halves())
        assert (apart.low > 1 or apart.high < 1) == (apart.p < 0.05)


def test_one_person_three_times_is_less_than_three_people() -> None:
    of, team = np.full(80, 40.0), np.arange(80)
    three = np.where(np.isin(np.arange(80), [1, 2, 3, 50, 51, 52]), 1.0, 0.0)
    one = np.where(np.isin(np.arange(80), [1, 50]), 3.0, 0.0)
    assert times_as_often(one, of, team, halves()).low < times_as_often(three, of, team, halves()).low
    assert share_of(one, of, team).high > share_of(three, of, team).high


def test_one_team_with_all_of_them_is_less_than_many_teams() -> None:
    of = np.full(80, 40.0)
    events = np.where(np.arange(80) % 8 == 0, 1.0, 0.0)
    assert share_of(events, of, np.arange(80) % 8).high > share_of(events, of, np.arange(80) // 8).high


@pytest.mark.parametrize(("teams", "enough"), [(FEWEST_TEAMS - 1, False), (FEWEST_TEAMS, True)])
def test_what_few_teams_differ_by_is_never_enough(teams: int, enough: bool) -> None:
    team = np.where(halves(), np.arange(80) % teams, np.arange(80) % 10)
    rng = np.random.default_rng(3)
    assert means_apart(rng.normal(0, 1, 80), np.ones(80), team, halves()).enough == enough
    assert times_as_often(rng.poisson(1, 80).astype(float), np.full(80, 9.0), team, halves()).enough == enough


def test_nothing_to_compare_has_no_range() -> None:
    nobody = np.zeros(80, dtype=bool)
    apart = means_apart(np.ones(80), np.ones(80), TEAMS, nobody)
    assert (apart.p, apart.enough, isnan(apart.low)) == (1.0, False, True)
    never = times_as_often(np.zeros(80), np.full(80, 9.0), TEAMS, halves())
    assert (never.p, never.enough, isnan(never.low)) == (1.0, False, True)
    assert isnan(mean_of(np.ones(5), np.ones(5), np.zeros(5, dtype=int)).low)
    assert isnan(share_of(np.zeros(5), np.zeros(5), np.zeros(5, dtype=int)).value)


def test_the_least_that_is_seen_is_seen_four_times_in_five() -> None:
    rng, seen, said = np.random.default_rng(4), 0, []
    inside, of, team = halves(400), np.full(400, 50.0), np.arange(400)
    for _run in range(400):
        events = rng.poisson(np.where(inside, 0.2 * 1.9**0.5, 0.2 / 1.9**0.5)).astype(float)
        apart = times_as_often(events, of, team, inside)
        seen += apart.low > 1
        said.append(apart.least)
    assert np.median(said) == pytest.approx(1.9, abs=0.15)
    assert 0.72 < seen / 400 < 0.90


@given(some.lists(some.floats(0, 1), max_size=30))
def test_claims_are_those_of_benjamini_and_hochberg(p: list[float]) -> None:
    expected = false_discovery_control(p) <= 0.1 if p else np.zeros(0, bool)
    close = np.abs(false_discovery_control(p) - 0.1) < 1e-9 if p else expected
    assert (np.array(passes(p), bool) == expected)[~close].all()
