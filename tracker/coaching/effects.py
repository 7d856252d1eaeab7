"""From the rollup to what became of ratings after an alert, for each case and for the company. One pass over the ratings of
four years, some dozens of numbers for each person and week that matters; pages read what is stored.

1. Everybody at every fourth week of two years: the months that dips are learned from, unless alerted then or in the 16 weeks before.
2. Whoever was alerted, by the window that was stored with the alert.
3. The company by (a) or (b) of STATISTICS.md section 3, whichever the data allow; each case against (b).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select

from tracker.coaching.effect_models import CaseEffect
from tracker.coaching.effect_rules import (
    COACHED_WITHIN,
    FEWEST_AFTER,
    KINDS,
    Z95,
    CaseFigures,
    CompanyFigures,
    alerted_on,
    is_coached,
    is_lately,
    weeks_after,
)
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.coaching.turn_models import CoachingPlace
from tracker.core import clock
from tracker.core.db import db
from tracker.organisation.queries import teams_of_everybody
from tracker.ratings import weekly
from tracker.ratings.models import Fall
from tracker.statistics.dips import Rows
from tracker.statistics.effects import Counterfactual, Effect, Group, coaching_effect, counterfactual_effect
from tracker.statistics.falls import Parameters
from tracker.statistics.followed import SKIPPED_WEEKS, VERDICT_WEEKS, Followed, edges_needed, follow
from tracker.statistics.scores import fit
from tracker.statistics.weeks import BoolArray, FloatArray, IntArray, WeekSums, sum_weeks

PAST_WEEKS = 104  # alerts and months of two years
POOL_EVERY = 4
TREATED_WEEKS = 16  # so long a case may be open
COLUMNS = ("b", "dev", "n_window", "after", "n_after", "team")


@dataclass(frozen=True)
class Alerted:
    """One stored alert with its case, and the local day of its first talk that was held."""

    case_id: int
    person: int
    fall: Fall
    talked_on: date | None
    is_drawn: bool


@dataclass(frozen=True)
class Found:
    """Figures as of week `on`: of the company, and of each case that has no verdict yet, by its id."""

    on: int
    company: CompanyFigures
    cases: dict[int, CaseFigures]


def found_as_of(on: int, *, at: datetime) -> Found | None:
    """Everything as of week `on`; None when there are no ratings. Reads only."""
    weeks = PAST_WEEKS + weekly.WEEKS_NEEDED + weekly.WEEKS_BEFORE
    company = weekly.load_company(on, weeks=weeks)
    return _Work(company, _alerted(on), at).found() if company else None


def _alerted(on: int) -> list[Alerted]:
    held = (
        select(CoachingSession.case_id, func.min(CoachingSession.starts_on).label("day"))
        .where(CoachingSession.held_at.is_not(None), CoachingSession.kind == "talk")
        .group_by(CoachingSession.case_id)
        .subquery()
    )
    rows = db.session.execute(
        select(CoachingCase, Fall, held.c.day, CoachingPlace.case_id)
        .join(Fall, Fall.id == CoachingCase.fall_id)
        .outerjoin(held, held.c.case_id == CoachingCase.id)
        .outerjoin(CoachingPlace, CoachingPlace.case_id == CoachingCase.id)
        .where(Fall.week > on - PAST_WEEKS, Fall.week <= on)
        .order_by(CoachingCase.id)
    )
    return [Alerted(case.id, case.person_id, fall, day, place is not None) for case, fall, day, place in rows]


class _Work:
    """One run. `place`: person id -> position in every array."""

    def __init__(self, company: weekly.Company, alerted: list[Alerted], at: datetime) -> None:
        self.company, self.on, self.at = company, company.on, at
        self.place = {person: position for position, person in enumerate(company.people)}
        self.alerted = [one for one in alerted if one.person in self.place]
        self.months = range(-(-(self.on - PAST_WEEKS + 1) // POOL_EVERY) * POOL_EVERY, self.on + 1, POOL_EVERY)
        self.sums = self._sums()
        n, s, q, x = self.sums.between(self.on - company.parameters.baseline_weeks, self.on)
        self.sigma2 = fit(n, s, q, x).sigma2

    def found(self) -> Found:
        pool = self._pool()
        learned = Counterfactual.learned_from(pool, self.sigma2)
        rows = self._rows_of_alerted()
        known = {row.case_id: row for row in db.session.scalars(select(CaseEffect))}
        cases = {
            one.case_id: self._case(one, rows[one.case_id], learned, known.get(one.case_id))
            for one in self.alerted
            if one.case_id in rows and self._is_open(one, known.get(one.case_id))
        }
        return Found(self.on, self._company(rows, pool, learned), cases)

    def _is_open(self, one: Alerted, known: CaseEffect | None) -> bool:
        """Whether its figures are still to be found, or may change: before its verdict, and not for ever where there can be none."""
        return known is None or (known.decided_on is None and is_lately(one.fall.week, self.on))

    def _sums(self) -> WeekSums:
        company, weeks = self.company, {*self.months, *(one.fall.week for one in self.alerted)}
        year = company.parameters.baseline_weeks
        wanted = [edges_needed(week, company.parameters, last=self.on) for week in weeks]
        begins = [min(one.fall.week + SKIPPED_WEEKS, self.on) for one in self.alerted]
        edges = np.concatenate([*wanted, begins, [self.on - year, self.on]]).astype(np.int64)
        return sum_weeks(company.rows, len(company.people), edges, on=self.on, mu=company.mu)

    def _team(self, week: int) -> IntArray:
        """(P,) everybody’s team on the Monday after a week; whoever is in none has a number of their own."""
        team = teams_of_everybody(alerted_on(week))
        return np.array([team.get(person, -person) for person in self.company.people], dtype=np.int64)

    def _alerted_within(self, first: int, last: int) -> BoolArray:
        """(P,) who had an alert in these weeks, both inclusive."""
        alerted = np.zeros(len(self.company.people), dtype=bool)
        alerted[[self.place[one.person] for one in self.alerted if first <= one.fall.week <= last]] = True
        return alerted

    def _follow(self, week: int, team: IntArray, parameters: Parameters) -> Followed:
        """Nobody’s coaching counts but that of the alert of this very week: whoever is alerted later is followed until coaching begins
        to count, and whoever was alerted within the year before moves nobody’s comparison."""
        touched = self._alerted_within(week - parameters.baseline_weeks, week - VERDICT_WEEKS)
        ends = np.full(len(self.company.people), self.on)
        for one in sorted(self.alerted, key=lambda one: -one.fall.week):
            if one.fall.week > week:
                ends[self.place[one.person]] = min(one.fall.week + SKIPPED_WEEKS, self.on)
        return follow(self.sums, team, week, parameters, last=self.on, ends=ends, untouched=~touched)

    def _pool(self) -> Group:
        parts = []
        for week in self.months:
            if week + VERDICT_WEEKS > self.on:
                continue
            team = self._team(week)
            found = self._follow(week, team, self.company.parameters)
            dips = found.check.tested & ~found.check.alert & (np.nan_to_num(found.dev) < 0)
            dips &= ~self._alerted_within(week - TREATED_WEEKS, week)
            parts.append(_columns(found, team, np.flatnonzero(dips)))
        return _group(parts)

    def _rows_of_alerted(self) -> dict[int, FloatArray]:
        """Case id -> the columns of a Group and the sd of what was expected, by the window stored with the alert."""
        by_check: dict[tuple[int, int], list[Alerted]] = defaultdict(list)
        for one in self.alerted:
            by_check[one.fall.week, one.fall.window_weeks].append(one)
        rows = {}
        for (week, window), people in sorted(by_check.items()):
            team = self._team(week)
            parameters = replace(self.company.parameters, windows_weeks=(window,))
            found = self._follow(week, team, parameters)
            for one in people:
                position = self.place[one.person]
                if found.check.tested[position]:  # not if its ratings have meanwhile been left out
                    columns = _columns(found, team, np.array([position]))[:, 0]
                    rows[one.case_id] = np.append(columns, found.check.sd[position])
        return rows

    def _case(
        self, one: Alerted, row: FloatArray, learned: Counterfactual | None, known: CaseEffect | None
    ) -> CaseFigures:
        fixed = known.figures if known else dict(zip(("b", "dev", "sd"), (row[0], row[1], row[6]), strict=True))
        row = np.array([fixed["b"], fixed["dev"], one.fall.n, *row[3:6]])
        fall, until, n_after = one.fall, clock.monday_of(self.on + 1), int(row[4])
        talked = is_coached(fall.week, one.talked_on, until=until)
        shown, usual, kind = n_after >= FEWEST_AFTER, None, "early"
        if learned and learned.is_enough:
            alone = Rows.all_of(Group(*(row[place] for place in range(6))))
            spread = learned.spread_at(float(row[1]))
            usual = learned.expected_of(alone, spread=spread) if shown else None
            if fall.week + VERDICT_WEEKS <= self.on:
                kind = KINDS[learned.verdict(alone, spread=spread)]
        if talked is not True and until > alerted_on(fall.week) + COACHED_WITHIN:
            kind = "none"
        return CaseFigures(
            fall.week,
            fall.window_weeks,
            fall.n,
            _number(fall.observed),
            _number(fall.expected),
            _number(fixed["sd"]),
            _number(row[0]),
            _number(row[1]),
            _number(row[3]) if shown else None,
            n_after,
            weeks_after(fall.week, self.on),
            _number(self.sigma2),
            _number(usual.mean) if usual else None,
            _number(usual.sd) if usual else None,
            learned.rows if learned else 0,
            talked,
            kind,
        )

    def _company(self, rows: Mapping[int, FloatArray], pool: Group, learned: Counterfactual | None) -> CompanyFigures:
        until = clock.monday_of(self.on + 1)
        # The head start holds for groups as well: who is away for months has not heard of the alert yet.
        known = [one for one in self.alerted if one.case_id in rows and one.fall.shares_at <= self.at]
        old = [one for one in known if one.fall.week + VERDICT_WEEKS <= self.on]
        sides = {one.case_id: is_coached(one.fall.week, one.talked_on, until=until) for one in old}
        compared = [one for one in old if sides[one.case_id] is not None]
        table = _table(rows[one.case_id][:6] for one in compared)
        coached = np.array([sides[one.case_id] is True for one in compared], dtype=bool)
        counts = table[4] >= FEWEST_AFTER
        design, effect = _compared(table, coached, pool, self.sigma2)
        change = (table[3] - table[0] - table[1])[coached & counts]
        naive = _naive(change)
        days = [alerted_on(one.fall.week).isoformat() for one in old] or [until.isoformat()]
        return CompanyFigures(
            design=design,
            estimate=_known(effect.estimate),
            low=_known(effect.low),
            high=_known(effect.high),
            enough=effect.enough,
            coached=int((coached & counts).sum()),
            waited=int((~coached & counts).sum()),
            pool=learned.rows if learned else 0,
            teams=len(np.unique(table[5][coached & counts])),
            falls=len(old),
            late=sum(1 for side in sides.values() if side is None),
            silent=int((~counts).sum()),
            young=len(known) - len(old),
            naive=naive[0],
            naive_low=naive[1],
            naive_high=naive[2],
            drawn=sum(1 for one in compared if one.is_drawn),
            days=(min(days), until.isoformat()),
        )


def _columns(found: Followed, team: IntArray, who: IntArray | BoolArray) -> FloatArray:
    """(6, people): the columns of a Group."""
    figures = (found.b, found.dev, found.check.n, found.after, found.n_after, team)
    return np.array([np.asarray(column, dtype=np.float64)[who] for column in figures])


def _table(rows: Iterable[FloatArray]) -> FloatArray:
    """(6, rows)"""
    found = list(rows)
    return np.array(found).T if found else np.zeros((6, 0))


def _group(parts: list[FloatArray]) -> Group:
    return Group(*np.concatenate([np.zeros((6, 0)), *parts], axis=1))


def _compared(table: FloatArray, coached: BoolArray, pool: Group, sigma2: float) -> tuple[str, Effect]:
    """By (a) where there are enough who were not coached, else by (b)."""
    columns: dict[str, Any] = dict(zip(COLUMNS, table, strict=True))
    against_others = coaching_effect(coached=coached, **columns, sigma2=sigma2)
    if against_others.enough:
        return "a", against_others
    return "b", counterfactual_effect(pool=pool, treated=Group(*table[:, coached]), sigma2=sigma2)


def _naive(change: FloatArray) -> tuple[float | None, float | None, float | None]:
    """After minus before, with the range that every dashboard would print."""
    if len(change) < 2:
        return (None, None, None)
    mean, half = float(change.mean()), Z95 * float(change.std(ddof=1)) / len(change) ** 0.5
    return _known(mean), _known(mean - half), _known(mean + half)


def _number(value: float) -> float:
    return round(float(value), 4)


def _known(value: float) -> float | None:
    return _number(value) if np.isfinite(value) else None
