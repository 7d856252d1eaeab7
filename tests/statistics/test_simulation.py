"""The acceptance figures of the fall check, on simulated companies of 5,000 people (STATISTICS.md section 2)."""

import numpy as np
import pytest

from tests.statistics import simulation
from tests.statistics.simulation import NEVER, Alerts, Setting
from tracker.statistics.falls import Parameters, cell_means, check

SEEDS = (201, 202, 203, 204, 205)
SMALL = Setting(people=400)


@pytest.fixture(scope="session")
def companies():
    return [simulation.simulate(seed) for seed in SEEDS]


@pytest.fixture(scope="session")
def figures(companies):
    """{figure: its values over the seeds}"""
    runs = [simulation.figures(company, simulation.alerts(company)) for company in companies]
    return {name: np.array([run[name] for run in runs]) for name in runs[0]}


def error(values):
    return values.std(ddof=1) / np.sqrt(len(values))


@pytest.mark.parametrize(("figure", "limit"), [("false_alerts", 6.0), ("moved_blamed", 3.0), ("shock_blamed", 0.7)])
def test_few_are_alerted_without_a_fall(figures, figure, limit):
    values = figures[figure]
    assert values.mean() - 2 * error(values) <= limit, values


@pytest.mark.parametrize(
    ("figure", "limit"), [("precision", 50.0), ("falls_caught", 24.0), ("large_busy_falls_caught", 65.0)]
)
def test_true_falls_are_found(figures, figure, limit):
    values = figures[figure]
    assert values.mean() + 2 * error(values) >= limit, values


def test_the_company_is_the_one_described(companies):
    stars = sum(company.rows.stars.sum(axis=0) for company in companies)
    np.testing.assert_allclose(stars / stars.sum(), simulation.SHARES, atol=0.012)
    ratings = [company.rows.stars.sum() for company in companies]
    assert np.mean(ratings) == pytest.approx(1_460_000, rel=0.03)
    assert np.mean([np.median(company.monthly) for company in companies]) == pytest.approx(12, rel=0.03)
    assert np.mean([(company.fall_day < NEVER).mean() for company in companies]) == pytest.approx(0.12, abs=0.01)


def test_where_nothing_changes_alerts_are_rarer_still():
    calm = Setting(
        people=2000, team_shock=0, company_shock=0, true_falls=0, new_mix=0, drift_sd_a_year=0, team_day_sd=0
    )
    counts = [len(simulation.alerts(simulation.simulate(seed, calm)).day) for seed in (1, 2, 3)]
    assert 0 < np.mean(counts) / 20 < 4.5


def test_the_chance_is_calibrated_on_people_without_a_fall(companies):
    """Share of weekly checks with P under 1/100, 1/400 and 1/1000; the whole noise of the year is in it."""
    company = companies[0]
    mu, unchanged = cell_means(company.rows), company.fall_day == NEVER
    checks = [check(company.rows, company.team, on, mu=mu) for on in range(30, simulation.WEEKS, 12)]
    p = np.concatenate([found.p[unchanged & found.tested] for found in checks])
    assert (p < 1 / 100).mean() * 100 == pytest.approx(0.9, abs=0.4)
    assert (p < 1 / 400).mean() * 400 == pytest.approx(0.9, abs=0.5)


def test_alerts_of_the_year_equal_the_single_checks():
    company = simulation.simulate(7, SMALL)
    raised = simulation.alerts(company, Parameters(cooldown_weeks=1, alert_p=0.02))
    for on in (26, 50, 77):
        single = np.flatnonzero(check(company.rows, company.team, on, Parameters(alert_p=0.02)).alert)
        assert raised.person[raised.day == (on + 1) * 7].tolist() == single.tolist()


def test_nobody_is_alerted_again_within_the_cool_down():
    raised = simulation.alerts(simulation.simulate(8, SMALL), Parameters(alert_p=0.2))
    order = np.lexsort((raised.day, raised.person))
    gaps = np.diff(raised.day[order])[np.diff(raised.person[order]) == 0]
    assert gaps.min() == 56


def test_an_alert_counts_as_true_until_two_weeks_after_the_fall():
    company = simulation.simulate(9, SMALL)
    someone = int(np.flatnonzero(company.fall_day < NEVER)[0])
    start, other = company.fall_day[someone], int(np.flatnonzero(company.fall_day == NEVER)[0])
    raised = Alerts(np.array([someone, someone, someone, other]), start + np.array([0, 134, 135, 1]))
    found = simulation.figures(company, raised)
    assert found["precision"] == 25
    assert found["false_alerts"] == pytest.approx(100 / (company.fall_day == NEVER).sum())
    assert found["falls_caught"] == 0


def test_a_fall_of_so_many_stars_lowers_the_mean_by_as_many():
    latent = np.random.default_rng(1).normal(0, 0.4, 200_000)
    noise = np.random.default_rng(2).standard_normal(200_000)
    cuts = np.quantile(latent + noise, np.cumsum(simulation.SHARES)[:-1])
    for stars in simulation.FALLS:
        shift = simulation.latent_falls(np.array([stars]), latent, cuts)[0]
        before, after = (np.searchsorted(cuts, latent + noise - moved).mean() for moved in (0, shift))
        assert before - after == pytest.approx(stars, abs=0.03)


def test_the_same_seed_makes_the_same_company():
    one, other = (simulation.simulate(3, SMALL) for _ in range(2))
    assert (one.rows.stars == other.rows.stars).all()
    assert one.rows.stars.sum() != simulation.simulate(4, SMALL).rows.stars.sum()
