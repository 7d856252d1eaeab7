"""Did coaching help? Figures against an oracle written apart, and every edge at which nothing may be said."""

import math
from dataclasses import astuple
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.statistics import coached_oracle as oracle
from tracker.statistics.dips import Rows
from tracker.statistics.effects import (
    SPREAD,
    Counterfactual,
    Effect,
    Group,
    coaching_effect,
    counterfactual_effect,
    verdict,
)

NAMES = ("b", "dev", "n_window", "after", "n_after", "team")
SIGMA2 = 0.9


def drawn(seed: int, rows: int, *, teams: int = 12, fewest: int = 0) -> dict[str, np.ndarray]:
    """Made-up dips with a recovery of their own; the last column says who was coached."""
    rng = np.random.default_rng(seed)
    b, dev = rng.normal(0, 0.3, rows), -np.abs(rng.normal(0.6, 0.3, rows)) - 0.01
    n_after = rng.integers(fewest, 60, rows)
    after = b + 0.4 * dev + rng.normal(0, 0.3, rows)
    table = {"b": b, "dev": dev, "n_window": rng.integers(8, 90, rows), "after": after, "n_after": n_after}
    return table | {"team": rng.integers(0, teams, rows), "coached": (rng.random(rows) < 0.5).astype(int)}


def as_rows(table: dict[str, np.ndarray]) -> list[dict[str, float]]:
    return [{name: float(column[place]) for name, column in table.items()} for place in range(len(table["b"]))]


def group(table: dict[str, Any]) -> Group:
    return Group(*(table[name] for name in NAMES))


def by_a(table: dict[str, Any], **values: Any) -> Effect:
    return coaching_effect(**{**{name: table[name] for name in (*NAMES, "coached")}, "sigma2": SIGMA2, **values})


def same(effect: Effect, expected: tuple[float, ...]) -> bool:
    return astuple(effect) == pytest.approx(expected, rel=1e-7, abs=1e-9, nan_ok=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(24, 90), st.integers(6, 30))
def test_against_those_not_coached_as_the_oracle_says(seed: int, rows: int, teams: int) -> None:
    table = drawn(seed, rows, teams=teams)
    assert same(by_a(table), oracle.coached(as_rows(table), SIGMA2))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.integers(150, 320), st.integers(3, 30))
def test_against_the_pool_as_the_oracle_says(seed: int, rows: int, treated: int) -> None:
    pool, people = drawn(seed, rows), drawn(seed + 1, treated, fewest=5)
    found = counterfactual_effect(pool=group(pool), treated=group(people), sigma2=SIGMA2)
    assert same(found, oracle.counterfactual(as_rows(pool), as_rows(people), SIGMA2))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([SPREAD, 0.2]), st.floats(-2.5, 2.5))
def test_a_verdict_is_what_the_oracles_bounds_say(seed: int, spread: float, z: float) -> None:
    pool, case = drawn(seed, 300, fewest=5), drawn(seed + 1, 1, fewest=5)
    mean, sd = oracle.expected(as_rows(case)[0], as_rows(pool), SIGMA2, spread)
    case["after"] = np.array([mean + z * sd])
    words = "Clearly better" if z > 1.96 else "Probably" if z > 1.282 else "No clear change"
    expected = "Lower than expected" if z < -1.96 else words
    assert verdict(group(case), group(pool), SIGMA2, spread=spread) == expected


def test_the_four_bounds_of_a_verdict() -> None:
    pool, case = drawn(1, 400, fewest=5), drawn(2, 1, fewest=5)
    mean, sd = oracle.expected(as_rows(case)[0], as_rows(pool), SIGMA2, SPREAD)

    def at(z: float) -> str:
        return verdict(group({**case, "after": [mean + z * sd]}), group(pool), SIGMA2)

    assert (at(1.961), at(1.959)) == ("Clearly better", "Probably")
    assert (at(1.283), at(1.281)) == ("Probably", "No clear change")
    assert (at(-1.959), at(-1.961)) == ("No clear change", "Lower than expected")


def test_it_is_too_early_with_199_months_or_4_ratings() -> None:
    pool, case = drawn(1, 200, fewest=5), drawn(2, 1, fewest=5)
    assert verdict(group(case), group(pool), SIGMA2) != "Too early to say"
    fewer = {name: column[:199] for name, column in pool.items()}
    assert verdict(group(case), group(fewer), SIGMA2) == "Too early to say"
    few = {**case, "n_after": [4], "after": [float("nan")]}
    assert verdict(group(few), group(pool), SIGMA2) == "Too early to say"


def test_a_case_is_one_person_given_as_numbers_or_as_arrays_of_one() -> None:
    pool, case = drawn(1, 300, fewest=5), drawn(2, 1, fewest=5)
    plain = {name: column[0] for name, column in case.items()}
    assert verdict(group(plain), group(pool), SIGMA2) == verdict(group(case), group(pool), SIGMA2)
    with pytest.raises(ValueError, match="one person"):
        verdict(group(drawn(2, 2)), group(pool), SIGMA2)


def of_sizes(coached: int, waiting: int, *, teams: int) -> dict[str, np.ndarray]:
    table = drawn(7, coached + waiting, teams=teams, fewest=5)
    table["coached"] = np.arange(coached + waiting) < coached
    table["team"] = np.arange(coached + waiting) % teams
    return table


@pytest.mark.parametrize(("coached", "waiting", "enough"), [(15, 15, True), (14, 40, False), (40, 14, False)])
def test_a_number_needs_fifteen_on_either_side(coached: int, waiting: int, enough: bool) -> None:
    found = by_a(of_sizes(coached, waiting, teams=10))
    assert (found.enough, found.n) == (enough, coached)
    assert math.isfinite(found.low), "the range is there all the same"


def test_fewer_than_six_teams_have_no_range() -> None:
    assert by_a(of_sizes(30, 30, teams=6)).enough
    found = by_a(of_sizes(30, 30, teams=5))
    assert math.isfinite(found.estimate)
    assert (math.isnan(found.low), math.isnan(found.high), found.enough) == (True, True, False)


def test_whoever_has_four_ratings_after_counts_on_neither_side() -> None:
    table = of_sizes(16, 16, teams=8)
    few = {**table, "n_after": table["n_after"].copy(), "after": table["after"].copy()}
    few["n_after"][[0, 1, 20, 21]], few["after"][[0, 1, 20, 21]] = 4, np.nan
    kept = np.ones(32, bool)
    kept[[0, 1, 20, 21]] = False
    without = {name: column[kept] for name, column in table.items()}
    assert same(by_a(few), astuple(by_a(without)))
    assert by_a(few).n == 14


def test_nobody_on_one_side_or_nobody_at_all_says_nothing() -> None:
    table = of_sizes(30, 0, teams=8)
    assert same(by_a(table), (math.nan, math.nan, math.nan, 30, False))
    nobody = {name: np.zeros(0) for name in (*NAMES, "coached")}
    assert same(by_a(nobody), (math.nan, math.nan, math.nan, 0, False))
    empty = group(nobody)
    assert same(counterfactual_effect(pool=empty, treated=empty, sigma2=1.0), (math.nan,) * 3 + (0, False))


@pytest.mark.parametrize(("pool", "treated", "enough"), [(200, 15, True), (199, 15, False), (200, 14, False)])
def test_the_pool_needs_200_months_and_15_people(pool: int, treated: int, enough: bool) -> None:
    months, people = drawn(3, pool, fewest=5), drawn(4, treated, fewest=5)
    found = counterfactual_effect(pool=group(months), treated=group(people), sigma2=SIGMA2)
    assert (found.enough, found.n) == (enough, treated)
    assert math.isfinite(found.low)


@pytest.mark.parametrize("side", ["pool", "treated"])
def test_one_team_on_either_side_has_no_range(side: str) -> None:
    tables = {"pool": drawn(3, 300, fewest=5), "treated": drawn(4, 20, fewest=5)}
    tables[side]["team"] = np.zeros(len(tables[side]["b"]), int)
    found = counterfactual_effect(pool=group(tables["pool"]), treated=group(tables["treated"]), sigma2=SIGMA2)
    assert math.isfinite(found.estimate)
    assert (math.isnan(found.low), found.enough) == (True, False)


def test_the_pool_learns_from_dips_of_eight_ratings_only() -> None:
    pool, people = drawn(3, 300, fewest=5), drawn(4, 20, fewest=5)
    wider = {name: np.concatenate([column, column[:40]]) for name, column in pool.items()}
    wider["dev"][300:320], wider["n_window"][320:] = 0.4, 7
    found = [counterfactual_effect(pool=group(p), treated=group(people), sigma2=SIGMA2) for p in (pool, wider)]
    assert same(found[0], astuple(found[1]))


@pytest.mark.parametrize("name", ["b", "dev", "n_window", "n_after"])
def test_a_missing_number_is_refused_by_its_name(name: str) -> None:
    table = drawn(5, 40, fewest=5)
    table = {**table, name: table[name].astype(float)}
    table[name][3] = np.nan
    with pytest.raises(ValueError, match=f"^{name} must hold numbers only"):
        by_a(table)
    with pytest.raises(ValueError, match=f"^{name} must"):
        counterfactual_effect(pool=group(table), treated=group(drawn(6, 20)), sigma2=SIGMA2)


def test_after_may_be_missing_only_where_it_does_not_count() -> None:
    table = drawn(5, 40, fewest=5)
    table["after"][2] = np.nan
    with pytest.raises(ValueError, match=r"^after must hold numbers wherever n_after is 5 or more"):
        by_a(table)
    table["n_after"][2] = 4
    by_a(table)


@pytest.mark.parametrize("sigma2", [0.0, -1.0, float("nan"), float("inf")])
def test_a_variance_is_above_nothing(sigma2: float) -> None:
    table = drawn(5, 40)
    with pytest.raises(ValueError, match="sigma2"):
        by_a(table, sigma2=sigma2)
    with pytest.raises(ValueError, match="sigma2"):
        verdict(group(drawn(5, 1)), group(table), sigma2)


def test_shapes_and_marks_that_do_not_fit_are_refused() -> None:
    table = drawn(5, 40)
    with pytest.raises(ValueError, match="one length"):
        by_a({**table, "dev": table["dev"][:-1]})
    with pytest.raises(ValueError, match="true or false"):
        by_a({**table, "coached": table["coached"] * 2 + 1})
    with pytest.raises(ValueError, match="n_window must be above 0"):
        by_a({**table, "n_window": table["n_window"] * 0})


def test_the_spread_of_deep_dips_is_learned_and_never_less_than_the_usual() -> None:
    calm, wild = drawn(8, 3000, fewest=30), drawn(8, 3000, fewest=30)
    rng = np.random.default_rng(1)
    deep = wild["dev"] < np.quantile(wild["dev"], 0.1)
    calm["after"] = calm["b"] + 0.4 * calm["dev"] + rng.normal(0, np.sqrt(0.02 + SIGMA2 / calm["n_after"]))
    sd = np.sqrt(np.where(deep, 0.5, 0.02) + SIGMA2 / wild["n_after"])
    wild["after"] = wild["b"] + 0.4 * wild["dev"] + rng.normal(0, sd)
    learned = [Counterfactual.learned_from(group(table), SIGMA2) for table in (calm, wild)]
    assert learned[0] is not None
    assert learned[1] is not None
    assert learned[0].spread_at(-1.2) == SPREAD
    assert learned[1].spread_at(float(np.quantile(wild["dev"], 0.1))) == pytest.approx(0.5, abs=0.12)
    assert learned[1].spread_at(-0.1) < 0.2, "with every dip it is the pool’s average"
    assert learned[1].spread_at(-9.0) == pytest.approx(0.5, abs=0.25), "none is as deep: the deepest hundred"


def test_scaling_teams_numbers_or_the_order_of_people_changes_nothing() -> None:
    table = drawn(9, 60)
    order = np.random.default_rng(1).permutation(60)
    mixed = {name: column[order] for name, column in table.items()} | {"team": 1000 - 7 * table["team"][order]}
    assert same(by_a(mixed), astuple(by_a(table)))


def test_an_effect_that_is_added_to_everybody_coached_is_found_to_the_digit() -> None:
    table = drawn(10, 80, fewest=5)
    more = {**table, "after": table["after"] + 0.25 * table["coached"]}
    assert by_a(more).estimate - by_a(table).estimate == pytest.approx(0.25)
    pool, people = drawn(11, 300, fewest=5), drawn(12, 20, fewest=5)
    better = {**people, "after": people["after"] + 0.25}
    found = [counterfactual_effect(pool=group(pool), treated=group(p), sigma2=SIGMA2) for p in (people, better)]
    assert found[1].estimate - found[0].estimate == pytest.approx(0.25)


def test_rows_are_columns_of_numbers() -> None:
    assert len(Rows.of(group(drawn(1, 50, fewest=5)))) == len(group(drawn(1, 50))) == 50
