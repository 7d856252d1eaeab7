"""What a training did, where teams had it at different dates: figures worked by hand, an oracle, and all that must not matter."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.statistics import rollout_oracle
from tracker.statistics.effects import Effect, rollout_effect

PERIODS, NEVER = 10, -1


def rollout(start: list[int], after: dict[int, float] | None = None, *, n: float = 10) -> dict[str, Any]:
    """Teams with residual means of 0; after[team] from the period after the training on, or from period 5 if never."""
    ratings = np.full((len(start), PERIODS), n)
    means = np.zeros(ratings.shape)
    for team, mean in (after or {}).items():
        means[team, start[team] + 1 if start[team] != NEVER else 5 :] = mean
    return {"n": ratings, "residual": means * ratings, "start": np.array(start)}


@st.composite
def rollouts(draw: st.DrawFn, *, steady: bool = False) -> dict[str, Any]:
    """Any rollout, with silent periods and starts that cannot count; steady: no team’s ratings differ between periods."""
    teams, periods = draw(st.sampled_from([12, 8, 10, 6, 4, 3, 1, 0])), draw(st.sampled_from([13, 12, 10, 9, 6, 0]))
    starts, never = draw(st.sampled_from([(3, 8), (3, 11), (0, 15), (3, 4)])), draw(st.sampled_from([0.3, 0.5, 0.0]))
    most = draw(st.sampled_from([300, 30, 3, 1]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = np.broadcast_to(rng.integers(0, most + 1, (teams, 1 if steady else periods)), (teams, periods))
    start = np.where(rng.random(teams) < never, NEVER, rng.integers(*starts, teams))
    return {"n": n, "residual": n * rng.uniform(-4, 4, (teams, periods)), "start": start}


def as_figures(effect: Effect) -> tuple[float, ...]:
    return tuple(float(value) for value in dataclasses.astuple(effect))


def same(one: Effect, other: Effect) -> bool:
    return as_figures(one) == pytest.approx(as_figures(other), rel=1e-9, abs=1e-9, nan_ok=True)


def enough(trained: int, waiting: int) -> bool:
    return (trained >= 4 if waiting <= 20 else trained >= 6) and (waiting >= 4 if trained <= 20 else waiting >= 6)


@settings(max_examples=400)
@given(rollouts())
def test_every_figure_equals_the_plain_loops(drawn: dict[str, Any]) -> None:
    estimate, low, high, trained, waiting = rollout_oracle.rollout(*(drawn[key].tolist() for key in drawn))
    event("an interval" if math.isfinite(low) else "an estimate" if math.isfinite(estimate) else "nothing")
    shown = math.isfinite(low) and enough(trained, waiting)
    assert same(rollout_effect(**drawn), Effect(estimate, low, high, trained, shown))


@given(rollouts(), st.randoms())
def test_the_order_of_the_teams_does_not_matter(drawn: dict[str, Any], random: Any) -> None:
    order = list(range(len(drawn["start"])))
    random.shuffle(order)
    shuffled = {key: values[np.array(order, int)] for key, values in drawn.items()}
    assert same(rollout_effect(**shuffled), rollout_effect(**drawn))


@given(rollouts(steady=True), st.lists(st.floats(-3, 3), min_size=13, max_size=13))
def test_what_moves_all_teams_alike_in_a_period_changes_nothing(drawn: dict[str, Any], moved: list[float]) -> None:
    common = np.array(moved)[: drawn["n"].shape[1]] * drawn["n"]
    assert same(rollout_effect(**{**drawn, "residual": drawn["residual"] + common}), rollout_effect(**drawn))


@given(rollouts(), st.floats(-3, 3))
def test_a_level_changes_nothing_however_the_ratings_are_spread(drawn: dict[str, Any], level: float) -> None:
    assert same(
        rollout_effect(**{**drawn, "residual": drawn["residual"] + level * drawn["n"]}), rollout_effect(**drawn)
    )


def test_worked_by_hand() -> None:
    """Wave 3: changes .4 and .2 against 0, 0 (never) and 0 (wave 6); weight 2 x 3 / 5. Wave 6: .5 against 0, 0; 1 x 2 / 3."""
    effect = rollout_effect(**rollout([3, 3, 6, NEVER, NEVER], {0: 0.4, 1: 0.2, 2: 0.5}))
    assert effect.estimate == pytest.approx((1.2 * 0.3 + 2 / 3 * 0.5) / (1.2 + 2 / 3))
    without = [
        (0.75 * 0.2 + 2 / 3 * 0.5) / (0.75 + 2 / 3),
        (0.75 * 0.4 + 2 / 3 * 0.5) / (0.75 + 2 / 3),
        0.3,
        (1.0 * 0.3 + 0.5 * 0.5) / 1.5,
        (1.0 * 0.3 + 0.5 * 0.5) / 1.5,
    ]
    half = 2.7764451 * math.sqrt(4 / 5 * sum((one - sum(without) / 5) ** 2 for one in without))
    assert (effect.low, effect.high) == pytest.approx((effect.estimate - half, effect.estimate + half))
    assert (effect.n, effect.enough) == (3, False)


def test_busy_periods_count_for_more_within_a_team_but_teams_count_alike() -> None:
    drawn = rollout([4, 4, NEVER])
    drawn["n"][0, 5:7], drawn["residual"][0, 5:7] = (30, 10), (30, -10)  # +1 and -1: 20 / 40
    drawn["n"][1] *= 100
    assert rollout_effect(**drawn).estimate == pytest.approx((0.5 + 0) / 2)


def test_the_period_of_the_training_and_those_outside_the_windows_do_not_count() -> None:
    drawn = rollout([4, 4, NEVER, NEVER])
    plain = rollout_effect(**drawn)
    drawn["residual"][0, [0, 4, 7, 8, 9]] = 40
    assert same(rollout_effect(**drawn), plain)
    for period in (1, 2, 3, 5, 6):
        changed = drawn["residual"].copy()
        changed[0, period] = 40
        assert not same(rollout_effect(**{**drawn, "residual": changed}), plain), period


@pytest.mark.parametrize(("start", "counts"), [(0, 0), (2, 0), (3, 2), (7, 2), (8, 0), (9, 0), (10, 0), (99, 0)])
def test_a_wave_counts_when_all_its_periods_are_there(start: int, counts: int) -> None:
    effect = rollout_effect(**rollout([start, start, NEVER, NEVER]))
    assert effect.n == counts
    assert math.isfinite(effect.estimate) == math.isfinite(effect.low) == (counts > 0)


@pytest.mark.parametrize(
    ("start", "waits"), [(2, False), (3, False), (4, False), (5, False), (6, True), (99, True), (NEVER, True)]
)
def test_only_teams_trained_after_the_window_are_a_comparison(start: int, waits: bool) -> None:
    effect = rollout_effect(**rollout([3, 3, start, start]))
    assert math.isfinite(effect.estimate) == waits


def test_a_company_where_nobody_was_trained_shows_nothing() -> None:
    effect = rollout_effect(**rollout([NEVER] * 12))
    assert np.isnan([effect.estimate, effect.low, effect.high]).all()
    assert (effect.n, effect.enough) == (0, False)


@pytest.mark.parametrize("start", [[], [4], [4] * 12, [3, 4, 5] * 4])
def test_without_a_comparison_nothing_is_told(start: list[int]) -> None:
    effect = rollout_effect(**rollout(start))
    assert np.isnan([effect.estimate, effect.low, effect.high]).all()
    assert (effect.n, effect.enough) == (0, False)


@pytest.mark.parametrize("start", [[4, NEVER], [4, NEVER, NEVER, NEVER], [4, 4, 4, 4, NEVER]])
def test_what_one_team_carries_alone_has_no_interval(start: list[int]) -> None:
    effect = rollout_effect(**rollout(start, {0: 0.5}))
    assert effect.estimate == pytest.approx(0.5 / start.count(4))
    assert np.isnan([effect.low, effect.high]).all()
    assert (effect.n, effect.enough) == (start.count(4), False)


def test_one_team_may_carry_everything_though_there_are_enough() -> None:
    """All waves end without the team of wave 7: the only comparison of wave 3, as the others were silent, then trained alone."""
    drawn = rollout([3, 3, 3, 3, 7, NEVER, NEVER, NEVER], {0: 0.4})
    drawn["n"][5:, :3] = 0
    effect = rollout_effect(**drawn)
    assert effect.estimate == pytest.approx((4 / 5 * 0.1 + 0) / (4 / 5 + 3 / 4))
    assert np.isnan([effect.low, effect.high]).all()
    assert (effect.n, effect.enough) == (5, False)


def test_one_team_a_wave_has_an_interval() -> None:
    effect = rollout_effect(**rollout([3, 4, 5, 6, NEVER, NEVER, NEVER], {0: 0.1, 1: 0.3, 2: 0.2, 3: 0.2}))
    assert effect.low < effect.estimate < effect.high
    assert (effect.n, effect.enough) == (4, True)


def test_a_team_without_ratings_on_one_side_has_no_part() -> None:
    drawn = rollout([4, 4, 4, NEVER, NEVER, NEVER], {0: 0.2, 1: 0.4, 3: 0.1})
    for team, silent in ((2, slice(1, 4)), (5, slice(5, 7))):
        drawn["n"][team, silent], drawn["residual"][team, silent] = 0, np.nan
    kept = [0, 1, 3, 4]
    assert same(rollout_effect(**drawn), rollout_effect(**{key: values[kept] for key, values in drawn.items()}))
    assert rollout_effect(**drawn).n == 2


def test_a_silent_period_leaves_the_others_of_its_side() -> None:
    drawn = rollout([4, 4, NEVER, NEVER], {0: 0.2, 1: 0.4})
    drawn["n"][0, [1, 6]], drawn["residual"][0, [1, 6]] = 0, np.nan
    assert rollout_effect(**drawn).estimate == pytest.approx(0.3)


def test_teams_that_have_no_part_do_not_make_the_interval_narrower() -> None:
    drawn = rollout([4, 4, NEVER, NEVER, 0, 2, 5, 9], {0: 0.2, 1: 0.4, 6: 0.1})
    drawn["n"][[6, 7]] = 0
    assert same(rollout_effect(**drawn), rollout_effect(**{key: values[:4] for key, values in drawn.items()}))


@pytest.mark.parametrize(
    ("trained", "waiting", "is_enough"),
    [
        *[(4, 4, True), (3, 4, False), (4, 3, False), (4, 20, True), (3, 20, False), (20, 4, True), (20, 3, False)],
        *[(4, 21, False), (5, 21, False), (6, 21, True), (21, 5, False), (21, 6, True)],
    ],
)
def test_it_says_when_there_are_too_few_to_tell(trained: int, waiting: int, is_enough: bool) -> None:
    effect = rollout_effect(**rollout([4] * trained + [NEVER] * waiting, {0: 0.3}))
    assert (effect.n, effect.enough) == (trained, is_enough)
    assert math.isfinite(effect.low)


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": np.ones((3, 10))},
        {"residual": np.ones((2, 9))},
        {"n": np.ones(2), "residual": np.ones(2)},
        {"start": np.array([4, NEVER, NEVER])},
        {"start": np.array([4, -2])},
        {"start": np.array([4, 4.5])},
        {"start": np.array([4, np.nan])},
        {"start": np.array([4, np.inf])},
        {"n": np.full((2, 10), -1)},
        {"n": np.full((2, 10), np.nan)},
        {"n": np.full((2, 10), np.inf)},
        {"residual": np.full((2, 10), np.nan)},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        rollout_effect(**{**rollout([4, NEVER]), **wrong})
