"""Cards and trends: what the pages show, against falls.check and the plain loops."""

import dataclasses

import numpy as np
import pytest

from tests.statistics import oracle
from tests.statistics.test_falls import as_tuples, random_rows
from tracker.statistics.cards import cards, trend
from tracker.statistics.falls import Parameters, WeekRows, cell_means, check

TEAM = np.arange(12) // 4


def by_person(rows, on, weeks):
    """n, mean and histogram of each person over the last weeks, by loops."""
    stars = np.zeros((12, 5), int)
    for person, week, _, counts in as_tuples(rows):
        if on - weeks < week <= on:
            stars[person] += counts
    n = stars.sum(axis=1)
    return n, stars @ np.arange(1, 6) / np.maximum(n, 1), stars


@pytest.mark.parametrize("seed", range(3))
def test_the_score_is_the_raw_mean_of_the_shortest_period_with_ten_ratings(seed):
    rows = random_rows(seed)
    found = cards(rows, TEAM, 79)
    (n4, mean4, stars4), (n13, mean13, stars13) = by_person(rows, 79, 4), by_person(rows, 79, 13)
    for i in range(12):
        weeks = 4 if n4[i] >= 10 else 13 if n13[i] >= 10 else 0
        assert found.weeks[i] == weeks
        assert found.n[i] == (n4[i] if weeks == 4 else n13[i])
        assert found.needed[i] == (0 if weeks else 10 - n13[i])
        score, stars = {4: (mean4, stars4), 13: (mean13, stars13), 0: (mean4 * np.nan, stars4 * 0)}[weeks]
        assert found.score[i] == pytest.approx(score[i], nan_ok=True)
        assert found.stars[i].tolist() == stars[i].tolist()


def test_all_three_kinds_of_card_occur_in_these_data():
    kinds = np.concatenate([cards(random_rows(seed), TEAM, 79).weeks for seed in range(3)])
    assert set(kinds.tolist()) == {0, 4, 13}


@pytest.mark.parametrize("seed", range(3))
def test_the_expected_range_is_that_of_the_fall_check(seed):
    rows = random_rows(seed)
    found = cards(rows, TEAM, 79)
    for weeks in (4, 13):
        plain = oracle.check(as_tuples(rows), TEAM.tolist(), 79, windows=(weeks,), min_n=10, min_n0=0)
        for i in np.flatnonzero(found.weeks == weeks):
            _, _, expected, sd, *_ = plain[i]
            assert found.low[i] == pytest.approx(max(expected - 2.33 * sd, 1), rel=1e-9)
            assert found.high[i] == pytest.approx(min(expected + 2.33 * sd, 5), rel=1e-9)
    assert np.isnan(found.low[found.weeks == 0]).all()
    assert not np.isnan(found.low[found.weeks > 0]).any()


def test_with_few_ratings_before_the_range_leans_on_others_and_is_there_all_the_same():
    person, week = np.repeat(np.arange(12), 80), np.tile(np.arange(80), 12)
    since = np.array([0, 0, 0, 70, 76, 72, 73, 0, 0, 0, 0, 79])  # 4 ratings a week: 24, 0, 16 and 12 before the window
    rows = WeekRows(person, week, person * 0, np.tile([0, 0, 1, 1, 2], (len(week), 1))).of(week >= since[person])
    found = cards(rows, TEAM, 79)
    assert np.flatnonzero(found.lean).tolist() == [4, 6]
    assert np.flatnonzero(found.weeks == 0).tolist() == [11]
    assert found.needed[11] == 6
    assert np.isfinite(found.low[:11]).all()
    assert found.high[4] - found.low[4] > found.high[3] - found.low[3]


def test_the_working_puts_the_persons_own_figures_into_the_formula():
    rows, on = random_rows(2), 79
    found = cards(rows, TEAM, on).working
    mu = oracle.means(as_tuples(rows), on)
    figures = oracle.sums(as_tuples(rows), 12, mu, [on - 52] * 12, [on] * 12)
    sigma2, tau2 = oracle.fit(figures)
    assert (found.company.sigma2, found.company.tau2) == pytest.approx((sigma2, tau2))
    standard = sum(x for *_, x in figures) / sum(n for n, *_ in figures)
    assert found.standard_mean == pytest.approx(standard)
    for i, (n, s, _, x) in enumerate(figures):
        assert found.n[i] == n
        assert (found.mean[i], found.expected_mean[i]) == pytest.approx((s / n, x / n))
        weight = sigma2 / tau2
        effect, sd = (s - x + weight * found.prior[i]) / (n + weight), (sigma2 / (n + weight)) ** 0.5
        assert (found.effect[i], found.sd[i]) == pytest.approx((effect, sd))
        assert found.score[i] == pytest.approx(standard + effect)
        assert found.low[i] == pytest.approx(max(standard + effect - 1.96 * sd, 1))
        assert found.high[i] == pytest.approx(min(standard + effect + 1.96 * sd, 5))
    assert len(set(found.prior.round(12).tolist())) == 12


def test_a_company_of_one_team_has_no_team_prior():
    assert (cards(random_rows(2), np.zeros(12, int), 79).working.prior == 0).all()


def test_a_long_standing_gap_is_a_level_that_stays_clearly_under_the_same_work():
    stars = np.tile([1, 0, 1, 2, 6], (40 * 60, 1))
    person, week = np.repeat(np.arange(40), 60), np.tile(np.arange(60), 40)
    stars[person == 5] = [4, 2, 1, 1, 2]
    stars[person == 6] = [1, 1, 1, 2, 5]
    rows = WeekRows(person, week, person * 0, stars)
    found = cards(rows, np.arange(40) // 8, 59)
    assert np.flatnonzero(found.long_standing_gap).tolist() == [5]
    assert not cards(rows.of((person != 5) | (week < 33)), np.arange(40) // 8, 59).long_standing_gap.any()


def test_nobody_and_nothing_make_empty_cards():
    nothing = WeekRows([], [], [], [])
    found = cards(nothing, np.array([1, 1]), 10)
    assert found.weeks.tolist() == [0, 0]
    assert found.needed.tolist() == [10, 10]
    assert found.stars.shape == (2, 5)
    assert np.isnan(found.working.standard_mean)
    assert np.isnan(found.working.mean).all()
    assert cards(nothing, np.array([], int), 10).score.shape == (0,)
    assert trend(nothing, np.array([1, 1]), 10).score.shape == (2, 12)


@pytest.mark.parametrize("seed", range(2))
def test_each_point_of_the_trend_is_the_check_of_its_week(seed):
    rows, mu = random_rows(seed), cell_means(random_rows(seed))
    found = trend(rows, TEAM, 79, mu=mu)
    assert found.score.shape == (12, 12)
    for column, on in enumerate(range(68, 80)):
        n, mean, _ = by_person(rows, on, 4)
        assert found.n[:, column].tolist() == n.tolist()
        shown = n >= 10
        np.testing.assert_allclose(found.score[shown, column], mean[shown])
        assert np.isnan(found.score[~shown, column]).all()
        single = check(rows, TEAM, on, Parameters(windows_weeks=(4,), min_window_n=10, min_baseline_n=0), mu=mu)
        np.testing.assert_allclose(found.low[:, column], np.clip(single.expected - 2.33 * single.sd, 1, 5), rtol=1e-9)
        np.testing.assert_allclose(found.high[:, column], np.clip(single.expected + 2.33 * single.sd, 1, 5), rtol=1e-9)
    assert np.isfinite(found.score).any()


def test_the_last_point_of_the_trend_is_the_card():
    rows = random_rows(0, share=1.0)
    card, line = cards(rows, TEAM, 79), trend(rows, TEAM, 79, weeks=3)
    shown = card.weeks == 4
    assert shown.any()
    for name in ("score", "low", "high", "n"):
        np.testing.assert_allclose(getattr(card, name)[shown], getattr(line, name)[shown, -1], rtol=1e-12)


def test_a_frozen_baseline_keeps_the_range_where_it_was():
    rows = random_rows(0, share=1.0)
    ends = np.where(np.arange(12) == 2, 60, -1)
    free, frozen = cards(rows, TEAM, 79), cards(rows, TEAM, 79, baseline_end=ends)
    assert free.low[2] != frozen.low[2]
    expected = oracle.check(
        as_tuples(rows),
        TEAM.tolist(),
        79,
        windows=(int(frozen.weeks[2]),),
        min_n=10,
        min_n0=0,
        baseline_end=ends.tolist(),
    )[2]
    assert frozen.low[2] == pytest.approx(expected[2] - 2.33 * expected[3])
    assert frozen.weeks[2] == 4
    assert trend(rows, TEAM, 79, weeks=1, baseline_end=ends).low[2, 0] == pytest.approx(frozen.low[2])


def test_the_order_of_rows_changes_no_card():
    rows = random_rows(4)
    order = np.random.default_rng(1).permutation(len(rows.week))
    one, other = cards(rows, TEAM, 79), cards(rows.of(order), TEAM, 79)
    for field in dataclasses.fields(one):
        if field.name != "working":
            np.testing.assert_allclose(getattr(one, field.name), getattr(other, field.name), atol=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rows: cards(rows, np.zeros((3, 4), int), 79), "team must"),
        (lambda rows: cards(rows, TEAM, 79, baseline_end=np.zeros(2, int)), "baseline_end must"),
        (lambda rows: trend(rows, TEAM, 79, weeks=0), "1 or more"),
        (lambda rows: cards(rows, TEAM[:5], 79), "person must"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(random_rows(0))
