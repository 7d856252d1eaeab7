"""Whole teams that fall: by plain loops, and in simulated companies with known shocks."""

import sys

import numpy as np
import pytest

from tests.statistics.simulation import (
    CHECKED_WEEKS,
    HISTORY_WEEKS,
    NEVER,
    WEEK,
    WEEKS,
    Setting,
    simulate,
)
from tracker.statistics.falls import WeekRows, cell_means, check, team_falls
from tracker.statistics.scores import fit, team_priors
from tracker.statistics.weeks import sum_weeks

COOL_DOWN = 8


def company(
    seed: int = 7, *, people: int = 80, size: int = 8, weeks: int = 60, fallen: int | None = 2
) -> tuple[WeekRows, np.ndarray]:
    """Everybody is rated five times a week; from four weeks before the end on one team gets a star less."""
    rng = np.random.default_rng(seed)
    team = np.arange(people) // size
    person, week = np.divmod(np.arange(people * weeks), weeks)
    mean = 4.3 - 1.0 * ((team[person] == fallen) & (week >= weeks - 4))
    star = np.clip(np.rint(mean[:, None] + 0.9 * rng.standard_normal((len(person), 5))), 1, 5).astype(int) - 1
    stars = (star[:, :, None] == np.arange(5)).sum(axis=1)
    return WeekRows(person, week, person % 2, stars), team


def test_each_figure_equals_the_formula_written_out() -> None:
    rows, team = company()
    found = team_falls(rows, team, 59)
    sums = sum_weeks(rows, 80, [3, 55, 59], on=59, mu=None)
    (n0, s0, q0, x0), (n, s, _q, x) = sums.between(3, 55), sums.between(55, 59)
    constants = fit(n0, s0, q0, x0)
    prior = team_priors(constants, n0, s0 - x0, team)
    weight = constants.sigma2 / prior.variance
    b, vb = (s0 - x0 + weight * prior.mean) / (n0 + weight), constants.sigma2 / (n0 + weight)
    change = s - x - n * b
    company_shift = change.sum() / n.sum()
    shift, variance = [], []
    for which in range(10):
        mine = team == which
        total = n[mine].sum()
        shift.append((change[mine] - n[mine] * company_shift).sum() / total)
        variance.append(constants.sigma2 / total + (n[mine] ** 2 * vb[mine]).sum() / total**2)
    usual = max((1.4826 * np.median(np.abs(shift))) ** 2 - np.median(variance), 0.05**2)
    np.testing.assert_allclose(found.shift, shift)
    np.testing.assert_allclose(found.sd, np.sqrt(variance))
    np.testing.assert_allclose(found.z, np.array(shift) / np.sqrt(np.array(variance) + usual))
    assert np.flatnonzero(found.fell).tolist() == [2]
    assert (found.n.tolist(), found.people.tolist()) == ([160] * 10, [8] * 10)


def test_a_team_that_fell_as_a_whole_blames_nobody_in_it() -> None:
    rows, team = company()
    assert not check(rows, team, 59).alert.any()


def test_nothing_is_said_of_a_team_of_four() -> None:
    rows, _team = company()
    team = np.arange(80) // 4
    found = team_falls(rows, team, 59)
    assert not found.fell.any()
    assert np.isnan(found.z).all()


def test_people_without_ratings_in_the_window_do_not_make_a_team_larger() -> None:
    rows, team = company()
    silent = (rows.person % 8 < 4) & (rows.week >= 56)
    found = team_falls(rows.of(~silent), team, 59)
    assert found.people.tolist() == [4] * 10
    assert not found.fell.any()


def test_what_moves_everybody_is_no_fall_of_a_team() -> None:
    rows, team = company(fallen=None)
    worse = np.roll(rows.stars, -1, axis=1)
    stars = np.where((rows.week >= 56)[:, None], worse, rows.stars)
    assert not team_falls(WeekRows(rows.person, rows.week, rows.cell, stars), team, 59).fell.any()


def test_a_company_of_one_team_and_one_without_ratings_say_nothing() -> None:
    rows, _team = company()
    assert not team_falls(rows, np.zeros(80, int), 59).fell.any()
    none = WeekRows(np.zeros(0, int), np.zeros(0, int), np.zeros(0, int), np.zeros((0, 5)))
    assert not team_falls(none, np.zeros(6, int), 59).fell.any()


def notices(seed: int, setting: Setting) -> tuple[float, float]:
    """Share of the team shocks that are noticed while they last (and three weeks after, while the window still holds half of them), and
    notices to teams without a shock per 100 teams and year; the cool-down of 8 weeks kept."""
    made = simulate(seed, setting)
    teams = made.team[-1] + 1
    first = np.searchsorted(made.team, np.arange(teams))
    start, end = made.shock_start[first], made.shock_end[first]
    mu = cell_means(made.rows)
    quiet_until, noticed, false = np.zeros(teams), np.zeros(teams, bool), 0
    for on in range(HISTORY_WEEKS, WEEKS):
        day = (on + 1) * WEEK
        fell = team_falls(made.rows, made.team, on, mu=mu).fell & (on >= quiet_until)
        quiet_until[fell] = on + COOL_DOWN
        during = (day > start) & (day <= end + 3 * WEEK)
        noticed |= fell & during
        false += int((fell & ~during).sum())
    shocked = start < NEVER
    return noticed[shocked].mean() if shocked.any() else np.nan, 100 * false / teams * 52 / CHECKED_WEEKS


@pytest.mark.parametrize(
    ("people", "seeds"), [(2_000, range(201, 204)), (300, range(211, 217)), (100, range(221, 231))]
)
def test_simulated_shocks_are_noticed_and_quiet_teams_are_left_alone(people: int, seeds: range) -> None:
    """Printed for the help: teams of ten, a fifth of them half a latent step down for 30 to 60 days, all nuisances of section 2."""
    noticed, false = np.nanmean([notices(seed, Setting(people=people)) for seed in seeds], axis=0)
    sys.stdout.write(
        f"\n{people} people: {noticed:.0%} of the shocks noticed, {false:.1f} notices a year to 100 teams without one\n"
    )
    assert noticed >= 0.75
    assert false <= 10


def test_without_any_shock_notices_are_rare() -> None:
    setting = Setting(people=1_000, shocked_teams=0)
    false = np.mean([notices(seed, setting)[1] for seed in range(241, 244)])
    sys.stdout.write(f"\nnothing happens to any team: {false:.1f} notices a year to 100 teams\n")
    assert false <= 15
