"""The shrunk score against the raw mean on real ratings of lecturers, which lie outside the repository."""

import csv
import gzip
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from tracker.statistics.scores import fit, score

BESIDE = Path(__file__).parents[2].parent / "shared" / "data" / "university-ratings.csv.gz"
FEWEST_HELD_OUT = 30
SPLITS = 20


@pytest.fixture(scope="module")
def ratings():
    """(lecturer 0..L-1, stars), one entry for each rating."""
    path = Path(os.environ.get("UNIVERSITY_RATINGS", BESIDE))
    if not path.is_file():
        reason = f"NOT CHECKED ON REAL DATA: {path.name} was not found; set UNIVERSITY_RATINGS to its path."
        pytest.skip(reason)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        lines = [(line["lecturer"], int(line["stars"])) for line in csv.DictReader(file)]
    return np.unique([name for name, _ in lines], return_inverse=True)[1], np.array([stars for _, stars in lines])


def errors(ratings, known, seed):
    """Root mean square errors of the raw mean and of the shrunk score, and how many lecturers they rest on.

    `known` ratings of each lecturer are drawn at random; the mean of the others is predicted. The prior is the
    company's mean residual, as there are no teams here; the company's constants come from the known ratings alone.
    """
    lecturer, stars = ratings
    order = np.lexsort((np.random.default_rng(seed).random(len(stars)), lecturer))
    lecturer, stars = lecturer[order], stars[order].astype(float)
    total = np.bincount(lecturer)
    rank = np.arange(len(stars)) - (np.cumsum(total) - total)[lecturer]
    chosen = (total >= known + FEWEST_HELD_OUT)[lecturer]
    seen, unseen = chosen & (rank < known), chosen & (rank >= known)
    n, s, q = (np.bincount(lecturer[seen], weights) for weights in (None, stars[seen], stars[seen] ** 2))
    held = np.bincount(lecturer[unseen], minlength=len(n)) > 0
    truth = np.bincount(lecturer[unseen], stars[unseen])[held] / np.bincount(lecturer[unseen])[held]
    n, s, q = n[held], s[held], q[held]
    centre = s.sum() / n.sum()
    shrunk = centre + score(fit(n, s, q, centre * n), n, s, centre * n, 0.0).effect
    return *(np.sqrt(np.mean((guess - truth) ** 2)) for guess in (s / n, shrunk)), len(truth)


# The last entry: raw -> shrunk on all of the data, of which this file holds a half (STATISTICS.md section 1).
@pytest.mark.parametrize(("known", "least", "table"), [(5, 0.25, ".549 -> .391"), (10, 0.14, ".422 -> .347")])
def test_the_shrunk_score_predicts_the_other_ratings_better_than_the_raw_mean(ratings, known, least, table, capsys):
    raw, shrunk, lecturers = np.mean([errors(ratings, known, seed) for seed in range(SPLITS)], axis=0)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{lecturers:.0f} lecturers, {known} ratings known: error {raw:.3f} -> {shrunk:.3f} "
            f"({1 - shrunk / raw:.0%} less; all of the data: {table})\n"
        )
    assert shrunk <= (1 - least) * raw
