"""Weekly checks worked out again, week by week, as one setting or another would have them.

Two ways to go: a track follows its own alerts, so that it says what a setting would have done; the record follows the alerts and
cases that there were, so that each check can be compared with the one that ran.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from tracker.core.clock import monday_of
from tracker.falls.history import CaseThen, FallThen, History
from tracker.statistics.falls import Checks, Parameters, check_sums, edges, one_check_in
from tracker.statistics.weeks import IntArray, sum_weeks


@dataclass(frozen=True)
class Alert:
    """Somebody whom a replayed check alerts: the week, the window that showed it, and its figures."""

    person: int
    week: int
    window: int
    n: int
    observed: float
    expected: float
    p: float


class Way(Protocol):
    """How a replay goes on: by which parameters, whose baselines are frozen where, and who is left alone."""

    def parameters(self, week: int) -> Parameters: ...
    def frozen(self, week: int, at: datetime) -> dict[int, int]: ...
    def resting(self, week: int, at: datetime) -> dict[int, str]: ...
    def take(self, alerts: list[Alert], tested: int) -> None: ...


@dataclass
class Track:
    """What one setting would have done. An alert that there was is followed by the case that there was; of one that there was not, nobody
    knows what would have come of it, so it counts as a talk that is open for the cool-down."""

    chosen: Parameters
    history: History
    alerts: list[Alert] = field(default_factory=list)
    tested: list[int] = field(default_factory=list)
    _weeks: dict[int, list[Alert]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._real = {(fall.person, fall.week) for fall in self.history.falls}
        self._before = {fall.person: fall for fall in self.history.falls if fall.week < self.history.weeks.start}
        self._found: set[tuple[int, int]] = set()

    def parameters(self, week: int) -> Parameters:
        return self.chosen

    def frozen(self, week: int, at: datetime) -> dict[int, int]:
        made_up = {
            one.person: one.week - one.window for one in self._recent(week) if (one.person, one.week) not in self._real
        }
        return made_up | _frozen_by(self._followed(at))

    def resting(self, week: int, at: datetime) -> dict[int, str]:
        before = [one.person for one in self._before.values() if one.week > week - self.chosen.cooldown_weeks]
        cool_down = dict.fromkeys([*before, *(one.person for one in self._recent(week))], "cool_down")
        return cool_down | dict.fromkeys((case.person for case in self._followed(at)), "case")

    def take(self, alerts: list[Alert], tested: int) -> None:
        self.alerts += alerts
        self.tested.append(tested)
        self._found |= {(one.person, one.week) for one in alerts}

    def _recent(self, week: int) -> list[Alert]:
        return [one for one in self.alerts if one.week > week - self.chosen.cooldown_weeks]

    def _followed(self, at: datetime) -> list[CaseThen]:
        """The cases open then, without those of alerts that this setting would not have raised."""
        first = self.history.weeks.start
        return [
            case
            for case in self.history.cases
            if case.is_open(at) and (case.week is None or case.week < first or (case.person, case.week) in self._found)
        ]


@dataclass
class Record:
    """The checks as they ran: `goes_by` gives each week's parameters; who rested, and whose baseline was frozen, as the record has it."""

    goes_by: Callable[[int], Parameters]
    history: History
    alerts: list[Alert] = field(default_factory=list)

    def parameters(self, week: int) -> Parameters:
        return self.goes_by(week)

    def frozen(self, week: int, at: datetime) -> dict[int, int]:
        return _frozen_by(self._open(at))

    def resting(self, week: int, at: datetime) -> dict[int, str]:
        weeks = self.goes_by(week).cooldown_weeks
        recent = (fall.person for fall in self.history.falls if week - weeks < fall.week < week)
        return dict.fromkeys(recent, "cool_down") | dict.fromkeys((case.person for case in self._open(at)), "case")

    def take(self, alerts: list[Alert], tested: int) -> None:
        self.alerts += alerts

    def _open(self, at: datetime) -> list[CaseThen]:
        return [case for case in self.history.cases if case.is_open(at)]


def _frozen_by(cases: Sequence[CaseThen]) -> dict[int, int]:
    return {case.person: case.week - case.window for case in cases if case.week is not None and case.window is not None}


def replay(history: History, ways: Sequence[Way]) -> Iterator[int]:
    """Work out every week for each way; yields each week when it is done, so that the caller can tell how far it is, or stop."""
    for week in history.weeks:
        rows, checked = history.rows_of(week)
        if len(rows.week):
            at = history.ran_at(week)
            frozen = [_positions(history, way.frozen(week, at)) for way in ways]
            parameters = [way.parameters(week) for way in ways]
            wanted = [edges(week, chosen, ends) for chosen, ends in zip(parameters, frozen, strict=True)]
            mu = history.means_of(week, rows)
            sums = sum_weeks(checked, len(history.people), np.concatenate(wanted), on=week, mu=mu)
            for way, chosen, ends in zip(ways, parameters, frozen, strict=True):
                checks = check_sums(sums, history.team[week], week, chosen, baseline_end=ends)
                resting = way.resting(week, at)
                found = [one for one in alerts_of(history, week, checks) if one.person not in resting]
                way.take(found, int(checks.tested.sum()))
        yield week


def alerts_of(history: History, week: int, checks: Checks) -> list[Alert]:
    """Whom a check alerts, before anybody is left alone."""
    return [
        Alert(
            history.people[i],
            week,
            int(checks.window_weeks[i]),
            int(checks.n[i]),
            float(checks.observed[i]),
            float(checks.expected[i]),
            float(checks.p[i]),
        )
        for i in np.flatnonzero(checks.alert)
    ]


def is_same(alert: Alert, fall: FallThen) -> bool:
    """Whether a replayed alert is the stored one: the same window and ratings, and figures that are equal when they are rounded."""
    return (alert.window, alert.n) == (fall.window, fall.n) and all(
        abs(mine - theirs) < 1e-4 for mine, theirs in ((alert.observed, fall.observed), (alert.expected, fall.expected))
    )


def alert_as_check(alert: Alert) -> dict[str, Any]:
    """In the shape of a card's check, so that it is said in the same words."""
    return {
        "weeks": alert.window,
        "since": monday_of(alert.week - alert.window + 1).isoformat(),
        "n": alert.n,
        "observed": round(alert.observed, 4),
        "expected": round(alert.expected, 4),
        "fall": round(alert.expected - alert.observed, 4),
        "p": alert.p,
        "one_in": one_check_in(alert.p),
        "watch": True,
        "alert": True,
    }


def _positions(history: History, ends: dict[int, int]) -> IntArray | None:
    if not ends:
        return None
    values = np.full(len(history.people), -1, dtype=np.int64)
    for person, end in ends.items():
        if person in history.place:
            values[history.place[person]] = end
    return values
