"""Simulated companies in which people who fall are coached, with a true effect that is known; through our own weekly check.

On top of the setting of simulation.py. After an alert the ratings of whoever was coached become better by `effect` stars, from four
weeks after it on: single ratings are raised by one star, so they stay whole stars between 1 and 5. In setting (a) leaders coach some,
those who fell furthest more often; in (b) everybody. A person is followed from the first alert; who was flagged is in no pool.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tests.statistics import simulation
from tests.statistics.simulation import HISTORY_WEEKS, WEEKS, Setting
from tracker.statistics.dips import SPREAD, Rows
from tracker.statistics.effects import Counterfactual, Effect, Group, coaching_effect, counterfactual_effect
from tracker.statistics.falls import STANDARD, cell_means
from tracker.statistics.followed import VERDICT_WEEKS, Followed, edges_needed, follow
from tracker.statistics.scores import fit
from tracker.statistics.weeks import WeekRows, WeekSums, sum_weeks

LARGE, SMALL = Setting(people=1000, healing=True), Setting(people=300, true_falls=0.3, healing=True)
LAST = WEEKS - 1
CHECKED = range(HISTORY_WEEKS, LAST - VERDICT_WEEKS + 1)
POOL_EVERY = 4
FEWEST_AFTER = 5


@dataclass(frozen=True)
class Run:
    """One company: its people who fell (who, depth and what came of them), the pool, sigma2, the true effect on those coached."""

    flagged: Group
    coached: np.ndarray
    pool: Group
    sigma2: float
    truth: float


def simulate(seed: int, setting: Setting, *, effect: float, all_coached: bool) -> Run:
    company, rng = simulation.simulate(seed, setting), np.random.default_rng(seed + 10**6)
    means, people = cell_means(company.rows), len(company.team)
    sums = totals(company.rows, people, means)
    person, week = first_alerts(sums, company.team)
    depth = np.array([follow(sums, company.team, w, last=LAST).dev[p] for p, w in zip(person, week, strict=True)])
    coached = np.ones(len(person), bool) if all_coached else chosen_by_leaders(depth, rng)
    rows, added = better(company.rows, person[coached], week[coached], effect, rng)
    sums = totals(rows, people, means)
    n, s, q, x = sums.between(LAST - STANDARD.baseline_weeks, LAST)
    sigma2 = fit(n, s, q, x).sigma2
    found = {int(w): follow(sums, company.team, int(w), last=LAST) for w in {*week, *CHECKED[::POOL_EVERY]}}
    flagged = joined([of(found[int(w)], company.team, np.array([p])) for p, w in zip(person, week, strict=True)])
    pool = joined([pool_of(found[w], company.team, person[week <= w]) for w in CHECKED[::POOL_EVERY]])
    return Run(flagged, coached, pool, sigma2, added)


def totals(rows: WeekRows, people: int, means: np.ndarray) -> WeekSums:
    wanted = np.concatenate([edges_needed(week, last=LAST) for week in CHECKED] + [[LAST - 52, LAST]])
    return sum_weeks(rows, people, wanted, on=LAST, mu=means)


def first_alerts(sums: WeekSums, team: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first = np.full(len(team), -1)
    for week in CHECKED:
        first[(first < 0) & follow(sums, team, week, last=LAST).check.alert] = week
    person = np.flatnonzero(first >= 0)
    return person, first[person]


def chosen_by_leaders(depth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The deepest fall is coached in 4 of 5 cases, the smallest in 1 of 5, and in between evenly."""
    rank = np.argsort(np.argsort(-depth)) / max(len(depth) - 1, 1)
    return rng.random(len(depth)) < 0.2 + 0.6 * rank


def better(
    rows: WeekRows, person: np.ndarray, week: np.ndarray, effect: float, rng: np.random.Generator
) -> tuple[WeekRows, float]:
    """The rows with `effect` stars more in the weeks after for these people; and how much more it came to be."""
    since = np.full(int(rows.person.max()) + 1, 10**6)
    since[person] = week + 4
    late = np.flatnonzero(rows.week > since[rows.person])
    stars = np.array(rows.stars)
    each = stars[late].sum(axis=1)
    wanted = rng.binomial(each, effect) if effect else np.zeros(len(late), int)
    raised = 0
    owed = 0  # what a row of five stars only could not take is carried to the next of the same person
    for place, row in enumerate(late):
        same = place > 0 and rows.person[late[place - 1]] == rows.person[row]
        owed = (owed if same else 0) + int(wanted[place])
        for star in (0, 1, 2, 3):
            take = min(owed, int(stars[row, star]))
            stars[row, star] -= take
            stars[row, star + 1] += take
            owed, raised = owed - take, raised + take
    total = int(each.sum())
    return replace(rows, stars=stars), raised / total if total else 0.0


def of(found: Followed, team: np.ndarray, who: np.ndarray) -> Group:
    return Group(found.b[who], found.dev[who], found.check.n[who], found.after[who], found.n_after[who], team[who])


def pool_of(found: Followed, team: np.ndarray, flagged: np.ndarray) -> Group:
    dips = found.check.tested & ~found.check.alert & (found.dev < 0)
    dips[flagged] = False
    return of(found, team, np.flatnonzero(dips))


def joined(groups: list[Group]) -> Group:
    names = ("b", "dev", "n_window", "after", "n_after", "team")
    empty = [np.zeros(0)]
    return Group(*(np.concatenate([getattr(group, name) for group in groups] or empty) for name in names))


def effect_a(run: Run) -> Effect:
    f = run.flagged
    return coaching_effect(
        coached=run.coached,
        b=f.b,
        dev=f.dev,
        n_window=f.n_window,
        after=f.after,
        n_after=f.n_after,
        team=f.team,
        sigma2=run.sigma2,
    )


def effect_b(run: Run) -> Effect:
    return counterfactual_effect(pool=run.pool, treated=part(run.flagged, run.coached), sigma2=run.sigma2)


def naive(run: Run) -> Effect:
    """What every dashboard prints: after minus before of those who were coached, with a plain interval."""
    rows = part(run.flagged, run.coached & (np.asarray(run.flagged.n_after) >= FEWEST_AFTER))
    change = np.asarray(rows.after) - np.asarray(rows.b) - np.asarray(rows.dev)
    if len(change) < 2:  # one in a thousand small companies: nobody could print an interval
        return Effect(np.nan, np.nan, np.nan, len(change), False)
    half = 1.96 * change.std(ddof=1) / np.sqrt(len(change))
    return Effect(float(change.mean()), change.mean() - half, change.mean() + half, len(change), True)


def part(group: Group, chosen: np.ndarray) -> Group:
    names = ("b", "dev", "n_window", "after", "n_after", "team")
    return Group(*(np.asarray(getattr(group, name))[chosen] for name in names))


def verdicts(run: Run, *, learned_spread: bool) -> Iterator[str]:
    """One for each flagged person with ratings enough after."""
    learned = Counterfactual.learned_from(run.pool, run.sigma2)
    rows = Rows.of(run.flagged)
    for place in range(len(rows)):
        row = rows.where(np.arange(len(rows)) == place)
        if learned:
            yield learned.verdict(row, spread=learned.spread_at(float(row.dev[0])) if learned_spread else SPREAD)
