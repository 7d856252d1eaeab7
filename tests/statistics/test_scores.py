"""Company constants and shrunk scores: by hand, at the edges, and against data made with known constants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.statistics import oracle
from tracker.statistics.scores import Company, fit, score, team_priors


def test_the_constants_by_hand():
    """Two people with 20 ratings each: ten 3s and ten 5s; ten 2s and ten 4s. Expected 4 and 3.5 a rating.

    sigma2 = (20 + 20)/(40 - 2); residual means 0 and -.5, grand -.25, n* = (40 - 800/40)/1 = 20,
    between = 20 * .0625 * 2 = 2.5.
    """
    company = fit([20, 20], [80, 60], [340, 200], [80, 70])
    sigma2 = 40 / 38
    assert company.sigma2 == pytest.approx(sigma2, rel=1e-12)
    assert company.tau2 == pytest.approx((2.5 - sigma2) / 20, rel=1e-12)
    assert company.prior_weight == pytest.approx(sigma2 / ((2.5 - sigma2) / 20), rel=1e-12)


def test_people_without_ratings_are_ignored():
    assert fit([20, 0, 20, 0], [80, 0, 60, 0], [340, 0, 200, 0], [80, 0, 70, 9]) == fit(
        [20, 20], [80, 60], [340, 200], [80, 70]
    )


@pytest.mark.parametrize("n", [[], [0, 0], [500], [500, 0], [15, 16], [1] * 200])
def test_too_little_data_gives_the_usual_constants(n):
    n = np.array(n, float)
    company = fit(n, 4 * n, 17 * n, 4.2 * n)
    assert (company.sigma2, company.tau2) == (1.0, 1 / 17.8)
    assert company.prior_weight == pytest.approx(17.8)


def test_thirty_degrees_of_freedom_are_enough():
    n = np.array([16.0, 16.0])
    assert fit(n, 4 * n, 17 * n, 4 * n).sigma2 == pytest.approx(32 / 30)


def test_ratings_all_alike_reach_the_floors():
    n = np.full(10, 30.0)
    company = fit(n, 5 * n, 25 * n, 5 * n)
    assert (company.sigma2, company.tau2) == (0.05, 1e-6)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)), max_size=30))
def test_the_constants_equal_the_plain_loops(counts):
    people = [(a + b + c, a + 3 * b + 5 * c, a + 9 * b + 25 * c, 4.1 * (a + b + c)) for a, b, c in counts]
    columns = np.array(people, float).reshape(-1, 4).T
    company = fit(*columns)
    assert (company.sigma2, company.tau2) == pytest.approx(oracle.fit(people), rel=1e-9)


def test_the_constants_find_the_truth_in_made_up_data():
    rng = np.random.default_rng(4)
    ability, n = rng.normal(0, 0.3, 4000), rng.integers(5, 60, 4000)
    person = np.repeat(np.arange(4000), n)
    ratings = ability[person] + rng.normal(0, 1.2, len(person))
    company = fit(n, np.bincount(person, ratings), np.bincount(person, ratings**2), 0.0 * n)
    assert company.sigma2 == pytest.approx(1.44, rel=0.02)
    assert company.tau2 == pytest.approx(0.09, rel=0.08)
    shrunk = score(company, n, np.bincount(person, ratings), 0.0 * n, 0.0)
    inside = np.abs(shrunk.effect - ability) < 1.96 * shrunk.sd
    assert inside.mean() == pytest.approx(0.95, abs=0.012)


def test_the_score_by_hand():
    company = Company(sigma2=1.2, tau2=0.1, prior_weight=12.0)
    found = score(company, [8, 0], [32, 0], [36, 0], [0.1, -0.2])
    np.testing.assert_allclose(found.effect, [(-4 + 1.2) / 20, -0.2])
    np.testing.assert_allclose(found.sd, [np.sqrt(1.2 / 20), np.sqrt(0.1)])


def test_a_single_prior_serves_everybody():
    company = Company(1.0, 0.05, 20.0)
    one, each = (score(company, [3, 9], [12, 30], [12, 40], prior) for prior in (0.1, [0.1, 0.1]))
    np.testing.assert_array_equal(one.effect, each.effect)


def test_a_single_rating_moves_the_effect_by_its_share():
    company = Company(1.0, 1 / 19, 19.0)
    assert score(company, [1], [1], [4.5], 0.0).effect[0] == pytest.approx(-3.5 / 20)


def test_a_prior_leaves_the_person_out():
    """Teams {0, 1, 2}, {3}: tau2 = .1, so .02 between teams and .08 within; sigma2 = 1."""
    company = Company(1.0, 0.1, 10.0)
    n, residual = np.array([10.0, 20.0, 0.0, 10.0]), np.array([5.0, -4.0, 0.0, 3.0])
    prior = team_priors(company, n, residual, np.array([7, 7, 7, -1]))
    centre = 4 / 40
    trust = 0.02 / (0.02 + 0.08 / 1 + 1 / 20)  # person 0: only person 1 has ratings
    assert prior.mean[0] == pytest.approx(centre + trust * (-4 / 20 - centre))
    assert prior.variance[0] == pytest.approx(0.08 + 0.02 * (1 - trust))
    trust = 0.02 / (0.02 + 0.08 / 2 + 1 / 30)  # person 2: both others
    assert prior.mean[2] == pytest.approx(centre + trust * (1 / 30 - centre))
    assert (prior.mean[3], prior.variance[3]) == (pytest.approx(centre), pytest.approx(0.1))


@pytest.mark.parametrize(
    "call",
    [
        lambda: fit([1, 2], [1], [1, 2], [1, 2]),
        lambda: fit([[1]], [[1]], [[1]], [[1]]),
        lambda: score(Company(1, 1, 1), [1], [1, 2], [1], 0.0),
        lambda: score(Company(1, 1, 1), [1], [1], [1], [0.0, 1.0]),
    ],
)
def test_shapes_that_differ_are_refused(call):
    with pytest.raises(ValueError, match=r"one length|per person"):
        call()
