"""How often the interval of a training's effect covers the truth, on simulated rollouts (STATISTICS.md section 3 (c))."""

import sys
from collections.abc import Callable

import numpy as np
import pytest

from tests.statistics import rollouts
from tests.statistics.rollouts import Figures, Interval, Rollout, Setting, naive, ours

SEEDS, RUNS = (301, 302), 1000
LOWEST_COVERAGE, LARGEST_BIAS = 0.93, 0.03


def measured(seed: int, setting: Setting, runs: int, *ways: Callable[[Rollout], Interval]) -> list[Figures]:
    """The figures of each way to estimate, on the same companies; `pytest -s` prints them one under the other."""
    companies = rollouts.simulate_many(seed, setting, runs)
    found = [rollouts.figures(way, companies, setting.effect) for way in ways]
    for way, one in zip(ways, found, strict=True):
        sys.stdout.write(
            f"\n{setting.teams:3d} teams, effect {setting.effect:.1f}, seed {seed}, {way.__name__:5s}: covers {one.coverage:.1%}, "
            f"bias {one.bias:+.3f} ± {one.bias_error:.3f}, half width {one.half_width:.3f}, enough {one.enough:.0%}"
        )
    return found


def covers(figures: Figures) -> bool:
    return figures.coverage + 2 * figures.coverage_error >= LOWEST_COVERAGE


@pytest.mark.parametrize("effect", [0.0, 0.2])
@pytest.mark.parametrize("seed", SEEDS)
def test_twelve_teams(seed: int, effect: float) -> None:
    effects, plain = measured(seed, Setting(effect=effect), RUNS, ours, naive)
    assert covers(effects), effects
    assert abs(effects.bias) - 2 * effects.bias_error <= LARGEST_BIAS, effects
    assert not covers(plain), plain


@pytest.mark.parametrize("effect", [0.0, 0.2])
@pytest.mark.parametrize(("teams", "runs"), [(8, 500), (20, 400), (50, 300)])
def test_fewer_and_more_teams(teams: int, runs: int, effect: float) -> None:
    effects, plain = measured(303, Setting(teams=teams, effect=effect), runs, ours, naive)
    assert covers(effects), effects
    assert abs(effects.bias) - 2 * effects.bias_error <= LARGEST_BIAS, effects
    assert plain.coverage < effects.coverage


def of_one_wave(trained: int, waiting: int) -> Setting:
    return Setting(teams=trained + waiting, waves=1, never=waiting / (trained + waiting))


@pytest.mark.parametrize(("trained", "waiting"), [(4, 4), (4, 20), (20, 4), (6, 100), (100, 6)])
def test_the_fewest_teams_with_which_a_number_is_shown_are_enough(trained: int, waiting: int) -> None:
    (effects,) = measured(304, of_one_wave(trained, waiting), 500, ours)
    assert covers(effects), effects
    assert effects.enough > 0.5  # the others have a team that was closed


@pytest.mark.parametrize(("trained", "waiting"), [(2, 30), (30, 2), (3, 60)])
def test_with_fewer_the_interval_would_promise_too_much(trained: int, waiting: int) -> None:
    (effects,) = measured(305, of_one_wave(trained, waiting), 600, ours)
    assert effects.enough == 0
    assert not covers(effects), effects


def test_training_those_first_who_just_did_worst_looks_like_an_effect() -> None:
    """What no arithmetic on these figures can mend, so the documents say it."""
    (drawn,) = measured(306, Setting(never=0.5, waves=1), 500, ours)
    (worst,) = measured(306, Setting(never=0.5, waves=1, worst_first=True), 500, ours)
    assert worst.bias > drawn.bias + 0.02


def test_the_company_is_the_one_described() -> None:
    setting = Setting(teams=400)
    before, after = (rollouts.simulate([307], Setting(teams=400, effect=effect)) for effect in (0.0, 0.2))
    assert np.median(before.n[before.n > 0]) == pytest.approx(setting.ratings, rel=0.1)
    assert (before.n == 0).mean() == pytest.approx(setting.closed, abs=0.01)
    assert (before.start == rollouts.NEVER).mean() == setting.never
    trained = (before.start != rollouts.NEVER)[:, None] & (np.arange(rollouts.PERIODS) > before.start[:, None])
    means = [one.residual[trained].sum() / one.n[trained].sum() for one in (before, after)]
    assert means[1] - means[0] == pytest.approx(0.2, abs=0.03)
    untrained = [one.residual[~trained].sum() / one.n[~trained].sum() for one in (before, after)]
    assert untrained[1] - untrained[0] == pytest.approx(0, abs=0.03)


def test_the_same_seed_makes_the_same_rollout() -> None:
    one, other, third = (rollouts.simulate([seed], Setting()) for seed in (308, 308, 309))
    assert (one.residual == other.residual).all()
    assert one.residual.sum() != third.residual.sum()
