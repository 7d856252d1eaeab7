"""Ratings by a kind of work: the counts of plain loops, nothing under ten, and ranges that hold what they promise."""

import numpy as np
import pytest

from tests.statistics.test_falls import as_tuples, random_rows
from tracker.statistics.cards import cards
from tracker.statistics.parts import parts
from tracker.statistics.weeks import WeekRows

SHARES = np.array([0.09, 0.04, 0.08, 0.19, 0.60])  # of stars, as customers give them (STATISTICS.md, simulation)
STARS = np.arange(1, 6)


@pytest.mark.parametrize("seed", range(3))
def test_n_and_mean_are_those_of_plain_loops(seed):
    rows = random_rows(seed)
    cells = int(rows.cell.max()) + 1
    kind = np.arange(cells) % 2
    stars = np.zeros((12, 2, 5), int)
    for person, week, cell, counts in as_tuples(rows):
        if 79 - 13 < week <= 79:
            stars[person, kind[cell]] += counts
    found = parts(rows, kind, (12, 2), 79, sigma2=0.9)
    n = stars.sum(axis=2)
    assert found.n.tolist() == n.tolist()
    expected = np.where(n >= 10, stars @ STARS / np.maximum(n, 1), np.nan)
    assert found.mean == pytest.approx(expected, nan_ok=True)
    assert (np.isnan(found.low) == (n < 10)).all()


def test_one_kind_for_all_is_the_score_of_13_weeks():
    rows = random_rows(1)
    everything = parts(rows, np.zeros(int(rows.cell.max()) + 1, int), (12, 1), 79, sigma2=0.9)
    card = cards(rows, np.arange(12) // 4, 79)
    long = card.weeks == 13
    assert everything.mean[long, 0] == pytest.approx(card.score[long])
    assert everything.n[long, 0].tolist() == card.n[long].tolist()


@pytest.mark.parametrize("n", [10, 20, 40])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_likely_range_holds_the_truth_as_often_as_it_says(n, seed):
    """20,000 people whose true mean is known, with the spread pooled over all of them, as the weekly run pools it."""
    people = 20_000
    counts = np.random.default_rng(seed).multinomial(n, SHARES, size=people)
    rows = WeekRows(np.arange(people), np.full(people, 79), np.zeros(people, int), counts)
    truth = float(STARS @ SHARES)
    sigma2 = float(STARS**2 @ SHARES) - truth**2
    found = parts(rows, [0], (people, 1), 79, sigma2=sigma2)
    inside = float(((found.low <= truth) & (truth <= found.high)).mean())
    assert 0.93 <= inside <= 0.97


def test_no_end_of_a_range_leaves_the_scale():
    rows = WeekRows(
        np.array([0, 1]), np.array([79, 79]), np.array([0, 0]), np.array([[0, 0, 0, 0, 12], [12, 0, 0, 0, 0]])
    )
    found = parts(rows, [0], (2, 1), 79, sigma2=0.9)
    assert (found.high[0, 0], found.low[1, 0]) == (5.0, 1.0)
    assert found.low[0, 0] < 5.0
