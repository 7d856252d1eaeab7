"""The ready figures that pages show for each person: score, expected range, trend, and how they are worked out.

Source: STATISTICS.md section 1b. One function makes them for board, My feedback, case, mail, export and API.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.statistics.falls import Checks, Parameters, baseline_ends, check_sums, edges, people
from tracker.statistics.scores import Company, fit, ratio, score, team_priors
from tracker.statistics.weeks import BoolArray, FloatArray, IntArray, WeekRows, WeekSums, sum_weeks

FEWEST_RATINGS = 10
FEWEST_BASELINE_RATINGS = 15
RANGE_WIDTH = 2.33
INTERVAL_WIDTH = 1.96
LONG_STANDING_GAP = -0.2
LOWEST_STAR, HIGHEST_STAR = 1.0, 5.0
SHORT, LONG, HALF_YEAR, YEAR = 4, 13, 26, 52


@dataclass(frozen=True)
class Working:
    """ "How this is worked out": section 1 over the trailing 52 weeks, with each person's own figures.

    n (P,) ratings; mean (P,) their mean and expected_mean (P,) = X/n, nan without ratings; prior (P,) shrunk mean of
    the teammates' effects (0 in a company of one team); effect (P,) = (S - X + K prior)/(n + K) and sd (P,);
    score (P,) = standard_mean + effect with its 95 % interval low, high (P,), all three clipped to [1, 5].
    company: the constants, K = company.prior_weight. standard_mean: the company's mean over the standard mix, which is
    the company's own shares of cells, each at its frozen mean; nan if nobody has ratings.
    """

    n: IntArray
    mean: FloatArray
    expected_mean: FloatArray
    prior: FloatArray
    effect: FloatArray
    sd: FloatArray
    score: FloatArray
    low: FloatArray
    high: FloatArray
    company: Company
    standard_mean: float


@dataclass(frozen=True)
class Cards:
    """One card for each person, arrays of shape (P,) unless said otherwise.

    score: raw mean of the last 4 complete weeks if they hold 10 ratings or more, else of the last 13, else nan.
    weeks: 4, 13 or 0 (too early to say). n: ratings in the weeks shown, or in the last 13 if none are shown.
    needed: ratings still needed, 0 where a score is shown. low, high: the expected range, nan where no score is shown.
    lean: the range rests on fewer than 15 baseline ratings and so leans on the team's and the company's record.
    stars (P, 5): histogram of the weeks shown, zeros where none are. long_standing_gap: the level, not a fall, lies
    clearly (95 %) more than 0.2 under what the same work usually gets, over the trailing 26 weeks.
    """

    score: FloatArray
    n: IntArray
    weeks: IntArray
    needed: IntArray
    low: FloatArray
    high: FloatArray
    lean: BoolArray
    stars: IntArray
    long_standing_gap: BoolArray
    working: Working


@dataclass(frozen=True)
class Trend:
    """Weekly points, oldest first, arrays (P, weeks); each the trailing 4 weeks. n is always the count of ratings;
    score, low and high are nan where it is under 10."""

    score: FloatArray
    low: FloatArray
    high: FloatArray
    n: IntArray


def cards(
    rows: WeekRows,
    team: npt.ArrayLike,
    on: int,
    *,
    mu: FloatArray | None = None,
    baseline_end: npt.ArrayLike | None = None,
) -> Cards:
    """Everybody's card as of week `on`, inclusive; rows, team, mu, baseline_end and errors as in falls.check."""
    members, ends = people(team, baseline_end)
    wanted = [edges(on, _range_parameters(weeks), ends) for weeks in (SHORT, LONG)]
    spans = np.array([on, on - HALF_YEAR, on - YEAR])
    sums = sum_weeks(rows, len(members), np.concatenate([*wanted, spans]), on=on, mu=mu)
    short, long = (_ranges(sums, members, on, weeks, ends) for weeks in (SHORT, LONG))
    use_short, shown = short.tested, short.tested | long.tested
    n = np.where(use_short, sums.between(on - SHORT, on)[0], sums.between(on - LONG, on)[0]).astype(np.int64)
    low, high = (np.where(use_short, *pair) for pair in zip(_bounds(short), _bounds(long), strict=True))
    weeks = np.where(use_short, SHORT, np.where(shown, LONG, 0))
    working = _working(sums, members, on)
    return Cards(
        np.where(use_short, short.observed, long.observed),
        n,
        weeks,
        np.where(shown, 0, FEWEST_RATINGS - n),
        low,
        high,
        _leans(sums, on, weeks, ends),
        _histograms(rows, weeks, on),
        _long_standing_gaps(sums, on, working.company),
        working,
    )


def trend(
    rows: WeekRows,
    team: npt.ArrayLike,
    on: int,
    *,
    weeks: int = 12,
    mu: FloatArray | None = None,
    baseline_end: npt.ArrayLike | None = None,
) -> Trend:
    """The last `weeks` weekly points up to week `on`, each the trailing 4 weeks with its expected range.

    Arguments and errors as in falls.check; ValueError unless weeks is 1 or more. Each point equals the card of its
    week, except that mu is the one known on `on`, and a frozen baseline is held for every point.
    """
    if weeks < 1:
        raise ValueError("weeks must be 1 or more.")
    members, ends = people(team, baseline_end)
    points = range(on - weeks + 1, on + 1)
    wanted = np.concatenate([edges(point, _range_parameters(SHORT), ends) for point in points])
    sums = sum_weeks(rows, len(members), wanted, on=on, mu=mu)
    checks = [_ranges(sums, members, point, SHORT, ends) for point in points]
    bounds = [_bounds(figures) for figures in checks]
    n = np.stack([sums.between(point - SHORT, point)[0] for point in points], axis=1).astype(np.int64)
    score_, low, high = (
        np.stack(column, axis=1) for column in ([figures.observed for figures in checks], *zip(*bounds, strict=True))
    )
    return Trend(score_, low, high, n)


def _range_parameters(weeks: int) -> Parameters:
    return Parameters(windows_weeks=(weeks,), min_window_n=FEWEST_RATINGS, min_baseline_n=0)


def _ranges(sums: WeekSums, team: IntArray, on: int, weeks: int, baseline_end: IntArray | None) -> Checks:
    """The check of section 2 on one window, for its expected mean and sd; its p and flags are not for pages."""
    return check_sums(sums, team, on, _range_parameters(weeks), baseline_end=baseline_end)


def _bounds(figures: Checks) -> tuple[FloatArray, FloatArray]:
    """Low and high end of the expected range."""
    return _interval(figures.expected, RANGE_WIDTH * figures.sd)


def _interval(centre: FloatArray, half: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.clip(centre - half, LOWEST_STAR, HIGHEST_STAR), np.clip(centre + half, LOWEST_STAR, HIGHEST_STAR)


def _leans(sums: WeekSums, on: int, weeks: IntArray, baseline_end: IntArray | None) -> BoolArray:
    lean = np.zeros(len(weeks), dtype=bool)
    for window in (SHORT, LONG):
        end = baseline_ends(on - window, baseline_end, len(weeks))
        n = sums.between(end - YEAR, end)[0]
        lean |= (weeks == window) & (n < FEWEST_BASELINE_RATINGS)
    return lean


def _histograms(rows: WeekRows, weeks: IntArray, on: int) -> IntArray:
    """(P, 5) stars of the weeks each person is shown."""
    recent = rows.of((rows.week > on - LONG) & (rows.week <= on))
    recent = recent.of(recent.week > on - weeks[recent.person])
    counts = [np.bincount(recent.person, recent.stars[:, star], len(weeks)) for star in range(5)]
    return np.stack(counts, axis=1).astype(np.int64)


def _long_standing_gaps(sums: WeekSums, on: int, company: Company) -> BoolArray:
    n, s, _, x = sums.between(on - HALF_YEAR, on)
    level = score(company, n, s, x, 0.0)
    return np.asarray(level.effect + INTERVAL_WIDTH * level.sd < LONG_STANDING_GAP)


def _working(sums: WeekSums, team: IntArray, on: int) -> Working:
    n, s, q, x = sums.between(on - YEAR, on)
    company = fit(n, s, q, x)
    several = len(np.unique(team)) > 1
    prior = team_priors(company, n, s - x, team).mean if several else np.zeros(len(n))
    shrunk = score(company, n, s, x, prior)
    total = float(n.sum())
    standard = float(x.sum()) / total if total > 0 else float("nan")
    low, high = _interval(standard + shrunk.effect, INTERVAL_WIDTH * shrunk.sd)
    mean, expected = (np.where(n > 0, ratio(sum_, n), np.nan) for sum_ in (s, x))
    return Working(
        n.astype(np.int64),
        mean,
        expected,
        prior,
        shrunk.effect,
        shrunk.sd,
        np.clip(standard + shrunk.effect, LOWEST_STAR, HIGHEST_STAR),
        low,
        high,
        company,
        standard,
    )
