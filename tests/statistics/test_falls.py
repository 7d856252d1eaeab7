"""The fall check against hand-worked figures, an independent oracle, and everything that must not matter."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.special import gammaincc

from tests.statistics import oracle, simulation
from tracker.statistics import baselines, falls, weeks
from tracker.statistics.falls import Parameters, WeekRows, check

FIGURES = ("n", "observed", "expected", "sd", "fall", "p", "window_weeks")


def random_rows(seed, *, people=12, last=80, cells=3, share=0.5, first=0):
    """Ragged weekly rows: a person has a row for a week and cell with probability `share`."""
    rng = np.random.default_rng(seed)
    person, week, cell = (grid.ravel() for grid in np.meshgrid(np.arange(people), np.arange(last), np.arange(cells)))
    kept = rng.random(len(person)) < share * rng.random(people)[person]
    person, week, cell = person[kept], week[kept], cell[kept]
    shares = np.array([[0.09, 0.04, 0.08, 0.19, 0.60], [0.2, 0.1, 0.1, 0.2, 0.4], [0.05, 0.05, 0.1, 0.3, 0.5]])
    stars = rng.multinomial(rng.integers(0, 5, len(person)), shares[cell % 3])
    return WeekRows(person, week + first, cell, stars)


def as_tuples(rows):
    return list(zip(rows.person.tolist(), rows.week.tolist(), rows.cell.tolist(), rows.stars.tolist(), strict=True))


def assert_same(checks, expected):
    for i, figures in enumerate(expected):
        if figures is None:
            assert not checks.tested[i]
            assert (checks.p[i], checks.window_weeks[i]) == (1.0, 0)
            assert np.isnan([getattr(checks, name)[i] for name in ("n", "observed", "expected", "sd", "fall")]).all()
            continue
        assert checks.tested[i]
        for name, value in zip(FIGURES, figures, strict=True):
            assert getattr(checks, name)[i] == pytest.approx(value, rel=1e-9, abs=1e-9), (i, name)


def assert_equal_checks(one, other, order=None):
    for field in dataclasses.fields(one):
        values = getattr(other, field.name)
        np.testing.assert_allclose(getattr(one, field.name), values if order is None else values[order], atol=1e-9)


TEAMS = {
    "teams of four": lambda people: np.arange(people) // 4,
    "everybody alone": lambda people: np.arange(people) * 7 - 20,
    "one team": lambda people: np.full(people, 900),
    "ragged teams": lambda people: np.array([5, 5, 5, 5, 5, 5, 5, -3, -3, 2**40, 1, 1][:people]),
}


@pytest.mark.parametrize("teams", TEAMS)
@pytest.mark.parametrize("seed", range(4))
def test_every_figure_equals_the_plain_loops(teams, seed):
    rows, team = random_rows(seed), TEAMS[teams](12)
    for on in (79, 71, 30):
        checks = check(rows, team, on)
        assert_same(checks, oracle.check(as_tuples(rows), team.tolist(), on))
    assert check(rows, team, 79).tested.sum() > 3


@pytest.mark.parametrize("seed", range(3))
def test_frozen_baselines_equal_the_plain_loops(seed):
    rows, team = random_rows(seed, people=9), np.arange(9) // 3
    ends = [-1, 40, 75, -1, 66, 79, 10, -1, 71]
    checks = check(rows, team, 79, baseline_end=np.array(ends))
    assert_same(checks, oracle.check(as_tuples(rows), team.tolist(), 79, baseline_end=ends))
    assert not np.allclose(checks.expected, check(rows, team, 79).expected, equal_nan=True)


def test_other_windows_and_minimums_equal_the_plain_loops():
    rows, team = random_rows(5), np.arange(12) // 5
    for windows in ((4,), (13,), (1, 26)):
        parameters = Parameters(windows_weeks=windows, min_window_n=2, min_baseline_n=0, tolerance=0.0)
        expected = oracle.check(as_tuples(rows), team.tolist(), 60, windows=windows, min_n=2, min_n0=0, tolerance=0.0)
        assert_same(check(rows, team, 60, parameters), expected)


def test_team_mates_without_ratings_in_the_window_leave_the_team_shift_unknown():
    rows = random_rows(6, people=6, share=1.0)
    silent = (rows.week > 60) & np.isin(rows.person, [1, 2])
    rows, team = rows.of(~silent), np.array([0, 0, 0, 1, 1, 1])
    checks = check(rows, team, 79)
    assert_same(checks, oracle.check(as_tuples(rows), team.tolist(), 79))
    assert checks.tested.tolist() == [True, False, False, True, True, True]


def test_given_means_are_used_as_they_are():
    rows, team = random_rows(7), np.arange(12) // 4
    mu = 3 + np.random.default_rng(1).random((3, 80))
    table = {(cell, week): mu[cell, week] for cell in range(3) for week in range(80)}
    assert_same(check(rows, team, 79, mu=mu), oracle.check(as_tuples(rows), team.tolist(), 79, mu=table))


def test_one_person_by_hand():
    """30 ratings before (10 of 4 and 20 of 5), 10 of 2 stars in the window, nobody else.

    The cell's mean before is 14/3 at first and stays so. fit: m = 1, so sigma2 = 1, tau2 = 1/17.8. No teammate:
    prior = c0 = 0, b = 0, vb = 1/(30 + 17.8). D = 20 - X, so c takes up the whole fall: expected = 2, T_g = 0 and
    tu2 = .05^2. kappa = (660 - 140^2/30)/(29 * 11/3 * 1/3).
    """
    rows = WeekRows(
        np.zeros(2, int), np.array([0, 10]), np.zeros(2, int), np.array([[0, 0, 0, 10, 20], [0, 10, 0, 0, 0]])
    )
    checks = check(rows, np.array([0]), 10)
    kappa = (660 - 140**2 / 30) / (29 * max(11 / 3 * 1 / 3, 0.3))
    v = kappa * 1 * 3 / 10 + 1 / 47.8 + 0.05**2 + 0.01
    assert checks.expected[0] == pytest.approx(2.0, abs=1e-12)
    assert checks.sd[0] == pytest.approx(math.sqrt(v), abs=1e-12)
    assert checks.window_weeks[0] == 4
    assert not checks.watch[0]


def test_a_fall_of_one_among_steady_teams_is_an_alert():
    stars = np.zeros((40 * 78, 5), int)
    stars[:, 4], stars[:, 3] = 2, 1
    person, week = np.repeat(np.arange(40), 78), np.tile(np.arange(78), 40)
    stars[(person == 7) & (week > 64)] = [1, 1, 1, 0, 0]
    checks = check(WeekRows(person, week, person % 2, stars), np.arange(40) // 8, 77)
    assert np.flatnonzero(checks.alert).tolist() == [7]
    assert np.flatnonzero(checks.watch).tolist() == [7]
    assert checks.window_weeks[7] == 13
    assert checks.observed[7] == pytest.approx(2.0)


def test_the_tail_is_the_upper_incomplete_gamma_function():
    expected, n = np.array([4.5, 4.5, 2.0, 4.9]), np.array([8.0, 8.0, 30.0, 9.0])
    fall, variance = np.array([1.0, -3.0, 0.4, 2.0]), np.array([0.2, 0.2, 0.05, 0.04])
    p = falls._tail(fall, variance, expected, n)
    g = max(1.1 * 3.5 * 0.5 * 1.5 / 64 / 0.2**1.5, 0.02)
    assert p[0] == pytest.approx(gammaincc(4 / g**2, 4 / g**2 + 1 / math.sqrt(0.2) * 2 / g), rel=1e-12)
    assert p[1] > 0.999
    assert p[2] == pytest.approx(oracle.tail(2.0, 1.6, 0.05, 30), rel=1e-9)
    assert p[3] == pytest.approx(oracle.tail(4.9, 2.9, 0.04, 9), rel=1e-9)
    assert falls._tail(np.array([-40.0]), variance[:1], expected[:1], n[:1])[0] == 1.0


def test_cell_means_by_hand():
    """Week 0: cell 0 has 10 ratings of 5, cell 1 has 10 of 2; week 5: cell 0 has 20 of 1. M of week 0 is 3.5."""
    rows = WeekRows(
        np.zeros(3, int),
        np.array([0, 0, 5]),
        np.array([0, 1, 0]),
        np.array([[0, 0, 0, 0, 10], [0, 10, 0, 0, 0], [20, 0, 0, 0, 0]]),
    )
    mu = falls.cell_means(rows, through=6)
    first = [(50 + 70) / 30, (20 + 70) / 30]
    np.testing.assert_allclose(mu[:, :6], np.repeat([first], 6, axis=0).T)
    overall = (50 + 20 + 20) / 40
    np.testing.assert_allclose(mu[:, 6], [(70 + 20 * overall) / 50, (20 + 20 * overall) / 30])
    np.testing.assert_allclose(falls.cell_means(rows, through=6, company_cell=1)[1, 6], overall)
    np.testing.assert_allclose(falls.cell_means(rows, through=6, cells=[1, 4])[:, 6], [mu[1, 6], overall])


def test_cell_means_look_back_26_weeks_and_over_a_silence_to_the_last_26_rated_weeks():
    week = np.r_[np.arange(0, 60, 2), 200]
    rows = WeekRows(np.zeros(31, int), week, np.zeros(31, int), np.eye(5, dtype=int)[np.arange(31) % 5])
    mu, table = falls.cell_means(rows), oracle.means(as_tuples(rows), 200)
    np.testing.assert_allclose(mu[0], [table[0, at] for at in range(201)])
    last_26 = np.arange(4, 30) % 5 + 1  # the 26 rated weeks 8, 10 .. 58
    assert mu[0, 150] == pytest.approx(last_26.mean())
    assert mu[0, 40] == pytest.approx((np.arange(7, 20) % 5 + 1).mean())  # weeks 14 .. 38, shrunk to their own mean


def test_checking_with_means_frozen_beforehand_changes_nothing():
    rows, team = random_rows(8), np.arange(12) // 4
    assert_equal_checks(check(rows, team, 79), check(rows, team, 79, mu=falls.cell_means(rows)))
    scattered = dataclasses.replace(rows, cell=rows.cell * 10**6 + 17)
    assert_equal_checks(check(rows, team, 79), check(scattered, team, 79, mu=falls.cell_means(scattered)))


def test_rows_after_the_week_are_ignored():
    rows, team = random_rows(9), np.arange(12) // 4
    assert_equal_checks(check(rows, team, 70), check(rows.of(rows.week <= 70), team, 70))


def test_people_and_companies_without_ratings_are_not_tested():
    nothing = WeekRows([], [], [], [])
    for team in (np.array([], int), np.array([3]), np.array([1, 1, 2])):
        checks = check(nothing, team, 10)
        assert len(checks.p) == len(team)
        assert not checks.tested.any()
        assert not checks.alert.any()
    unrated = WeekRows(np.array([0]), np.array([0]), np.array([0]), np.zeros((1, 5), int))
    assert not check(unrated, np.array([0]), 5, Parameters(min_window_n=0, min_baseline_n=0)).tested.any()
    rows = random_rows(10, people=4)
    assert not check(rows, np.array([0, 0, 1, 1, 1, 2]), 79).tested[4:].any()
    assert not check(rows, np.arange(4), -5).tested.any()


def test_ratings_that_are_all_the_same_star_raise_nothing():
    rows = random_rows(11, share=1.0)
    same = dataclasses.replace(rows, stars=np.eye(5, dtype=int)[np.full(len(rows.week), 4)] * 3)
    checks = check(same, np.arange(12) // 4, 79)
    assert checks.tested.any()
    assert np.isfinite(checks.sd[checks.tested]).all()
    assert not checks.watch.any()
    assert_same(checks, oracle.check(as_tuples(same), (np.arange(12) // 4).tolist(), 79))


def test_a_baseline_of_single_ratings_has_the_usual_kappa():
    assert baselines._kappa(np.ones(3), np.full(3, 4.0), np.full(3, 16.0)) == 0.55


def test_a_spread_near_the_top_is_measured_against_three_tenths():
    """100 ratings, 97 of 5 and 3 of 4: (m - 1)(5 - m) = 3.97 * .03 is under .3; Q - S^2/n = 2.91."""
    assert baselines._kappa(np.array([100.0]), np.array([497.0]), np.array([2473.0])) == pytest.approx(
        2.91 / (99 * 0.3)
    )


def test_far_apart_weeks_cost_no_calendar():
    rows = WeekRows(
        np.zeros(3, int),
        np.array([-(10**12), 10**12 - 20, 10**12]),
        np.array([5, 10**15, 5]),
        np.array([[0, 0, 0, 0, 9], [0, 0, 0, 0, 20], [9, 0, 0, 0, 0]]),
    )
    assert check(rows, np.array([4]), 10**12).n[0] == 9


WRONG = {
    "person must lie": lambda rows: check(rows, np.array([0]), 5),
    "mu must have the shape": lambda rows: check(rows, np.arange(12), 79, mu=np.zeros(3)),
    "a row for each cell": lambda rows: check(rows, np.arange(12), 79, mu=np.zeros((2, 80))),
    "a column for each week": lambda rows: check(rows, np.arange(12), 79, mu=np.zeros((3, 79))),
    "a number for each cell": lambda rows: check(rows, np.arange(12), 79, mu=np.full((3, 80), np.nan)),
    "baseline_end must": lambda rows: check(rows, np.arange(12), 79, baseline_end=np.zeros(3, int)),
    "team must": lambda rows: check(rows, np.zeros((2, 6), int), 79),
    "one length": lambda rows: WeekRows(rows.person[1:], rows.week, rows.cell, rows.stars),
    "the shape": lambda rows: WeekRows(rows.person, rows.week, rows.cell, rows.stars[:, 1:]),
    "zero or more": lambda rows: WeekRows(rows.person, rows.week, rows.cell, rows.stars - 9),
    "week must be": lambda rows: WeekRows(rows.person, rows.week + 0.5, rows.cell, rows.stars),
}


@pytest.mark.parametrize("message", WRONG)
def test_what_does_not_fit_is_refused_with_a_sentence(message):
    with pytest.raises(ValueError, match=message):
        WRONG[message](random_rows(0, people=12))


@pytest.mark.parametrize("settings", [{"windows_weeks": ()}, {"windows_weeks": (4, 0)}, {"baseline_weeks": 0}])
def test_periods_shorter_than_a_week_are_refused(settings):
    with pytest.raises(ValueError, match="at least one"):
        Parameters(**settings)


@pytest.mark.parametrize("p", [float("nan"), -0.1, 1.1])
def test_what_is_no_probability_is_refused(p):
    with pytest.raises(ValueError, match="a probability"):
        falls.one_check_in(p)


@pytest.mark.parametrize(
    ("p", "checks"),
    [
        (1, 1),
        (0.6, 1),
        (0.5, 2),
        (1 / 3, 3),
        (1 / 49, 40),
        (1 / 400, 400),
        (1 / 399, 300),
        (1 / 999.9, 900),
        (1 / 7000, 7000),
        (1 / 10_000, 10_000),
        (1e-9, 10_000),
        (0.0, 10_000),
        (5e-324, 10_000),
    ],
)
def test_one_check_in_is_rounded_down_to_one_figure(p, checks):
    assert falls.one_check_in(p) == checks


def test_strict_mode_is_benjamini_hochberg_at_a_fifth():
    p = np.array([0.03, 0.9, 0.05, 0.001, 1.0, 0.08, 0.2])
    tested = np.array([True, True, True, True, False, True, True])
    # Ranks of six: .001 <= .033, .03 <= .067, .05 <= .1, .08 <= .133, .2 > .167, .9 > .2: the first four.
    assert falls.discoveries(p, tested).tolist() == [True, False, True, True, False, True, False]
    assert not falls.discoveries(np.ones(3), np.zeros(3, bool)).any()
    # A small p further on saves the larger ones before it: .15 > .1 at rank 1, but .19 <= .2 at rank 2.
    assert falls.discoveries(np.array([0.15, 0.19]), np.ones(2, bool)).all()


@pytest.fixture(scope="module")
def company():
    return simulation.simulate(1, simulation.Setting(people=1500))


def test_watch_and_alert_follow_p_and_the_size_of_the_fall(company):
    parameters = Parameters(alert_p=0.02, watch_p=0.05, min_fall=0.7)
    found = check(company.rows, company.team, 60, parameters)
    assert (found.alert == ((found.p < 0.02) & (found.fall >= 0.7))).all()
    assert (found.watch == ((found.p < 0.05) & (found.fall >= 0.7))).all()
    assert ((found.p < 0.02) & (found.fall < 0.7)).any()
    usual = check(company.rows, company.team, 60)
    assert (usual.alert == ((usual.p < 1 / 400) & (usual.fall >= 0.2))).all()
    assert (usual.watch == ((usual.p < 1 / 100) & (usual.fall >= 0.2))).all()
    assert (usual.alert.sum(), usual.watch.sum()) == (((usual.p < 1 / 400).sum()), (usual.p < 1 / 100).sum())
    assert 0 < usual.alert.sum() < ((usual.p < 1 / 200).sum()) < usual.watch.sum()


def test_strict_mode_still_asks_for_a_fall(company):
    usual = check(company.rows, company.team, 60)
    among = falls.discoveries(usual.p, usual.tested)
    assert among.any()
    for least in (0.2, 0.7):
        strict = check(company.rows, company.team, 60, Parameters(strict=True, min_fall=least))
        assert (strict.alert == (among & (usual.fall >= least))).all()
        assert (strict.watch == ((usual.p < 0.01) & (usual.fall >= least))).all()
    assert (among & (usual.fall < 0.7)).any()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32 - 1), offset=st.integers(-(10**6), 10**6))
def test_order_splitting_and_labels_change_nothing(seed, offset):
    rng = np.random.default_rng(seed)
    rows, team = random_rows(seed, share=0.8), np.arange(12) // 4
    plain = check(rows, team, 79)

    order = rng.permutation(len(rows.week))
    assert_equal_checks(plain, check(rows.of(order), team, 79))

    part = rng.integers(0, rows.stars + 1)
    halves = [dataclasses.replace(rows, stars=stars) for stars in (part, rows.stars - part)]
    columns = [np.concatenate([getattr(half, field.name) for half in halves]) for field in dataclasses.fields(rows)]
    assert_equal_checks(plain, check(WeekRows(*columns), team, 79))

    label = rng.permutation(12)
    moved = np.empty(12, int)
    moved[label] = team
    assert_equal_checks(plain, check(dataclasses.replace(rows, person=label[rows.person]), moved, 79), label)

    names = rng.choice(10**6, 3, replace=False) - 500
    renamed = dataclasses.replace(rows, cell=names[rows.cell], week=rows.week + offset)
    assert_equal_checks(plain, check(renamed, names[team], 79 + offset))


def test_short_blocks_of_rows_change_nothing(monkeypatch):
    rows, team = random_rows(14), np.arange(12) // 4
    whole, means = check(rows, team, 79), falls.cell_means(rows)
    monkeypatch.setattr(weeks, "BLOCK", 7)
    monkeypatch.setattr(weeks, "SMALL_PRODUCT", 3)
    assert_equal_checks(whole, check(rows, team, 79))
    np.testing.assert_allclose(means, falls.cell_means(rows), atol=1e-12)


def test_running_totals_equal_direct_sums():
    rows = random_rows(13)
    sums = weeks.sum_weeks(rows, 12, [3, 10, 40], on=40, mu=np.full((3, 80), 4.0))
    chosen = (rows.week > 3) & (rows.week <= 40)
    n = np.bincount(rows.person[chosen], rows.stars[chosen].sum(axis=1), 12)
    np.testing.assert_allclose(sums.between(3, 40)[0], n)
    np.testing.assert_allclose(sums.between(3, 40)[3], 4 * n)
