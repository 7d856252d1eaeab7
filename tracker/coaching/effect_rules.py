"""Whether coaching helped: who counts as coached, what may be said when, and the figures that are stored. Pure.

Source: STATISTICS.md section 3. Day 0 is the Monday of the check that alerted; all periods are whole weeks from there.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tracker.core import clock
from tracker.statistics.followed import AFTER_WEEKS, SKIPPED_WEEKS, VERDICT_WEEKS

COACHED_WITHIN = timedelta(days=28)
UNCOACHED_UNTIL = timedelta(days=84)
UNDECIDED_WEEKS = 26  # a case without a verdict by then stays without one
FEWEST_AFTER = 5
Z95 = 1.96
TOLD_FROM = 0.05  # stars: a change smaller than this is told as none
LOOKED_AHEAD = timedelta(weeks=26)
KINDS = {
    "Clearly better": "better",
    "Probably": "probably",
    "No clear change": "unclear",
    "Lower than expected": "lower",
    "Too early to say": "early",
}
DECIDED = {"better", "probably", "unclear", "lower"}


def alerted_on(week: int) -> date:
    """Day 0: the Monday on which the check of that week ran."""
    return clock.monday_of(week + 1)


def verdict_on(week: int) -> date:
    """Day 84, a Monday: from then on it can be said what became of it."""
    return alerted_on(week) + timedelta(weeks=VERDICT_WEEKS)


def after_from(week: int) -> date:
    """The first day of the ratings that count as after."""
    return alerted_on(week) + timedelta(weeks=SKIPPED_WEEKS)


def weeks_after(week: int, on: int) -> int:
    """How many of the weeks after have come by the end of week `on`."""
    return min(max(on - week - SKIPPED_WEEKS, 0), AFTER_WEEKS)


def is_lately(week: int, on: int) -> bool:
    """Whether an alert is so young that its figures may still change, and that it is news."""
    return week + UNDECIDED_WEEKS > on


def is_coached(week: int, talked_on: date | None, *, until: date) -> bool | None:
    """True: the first talk was held within 28 days of the alert. False: none by day 84. None: it counts on neither side, because the
    talk came in between, or because that is not known yet on the day `until`."""
    if talked_on is not None and talked_on <= alerted_on(week) + COACHED_WITHIN:
        return True
    by = alerted_on(week) + UNCOACHED_UNTIL
    return False if until >= by and (talked_on is None or talked_on > by) else None


@dataclass(frozen=True)
class CaseFigures:
    """What is stored of one case, figures in stars; None where there is nothing yet.

    window_weeks, n, observed, expected: as stored with the alert; sd: of the expected mean. b, dev: see statistics.dips.Group, both
    fixed when they are first worked out. after, n_after, weeks_after: mean residual and ratings of the weeks after so far.
    sigma2: the variance of one rating. usual, usual_sd: what `after` would be without coaching, and its sd with as many ratings.
    pool: months that this was learned from. talked: as is_coached. verdict: a value of KINDS, or “none”: no talk in time.
    """

    week: int
    window_weeks: int
    n: int
    observed: float
    expected: float
    sd: float
    b: float
    dev: float
    after: float | None
    n_after: int
    weeks_after: int
    sigma2: float
    usual: float | None
    usual_sd: float | None
    pool: int
    talked: bool | None
    verdict: str

    @property
    def level(self) -> float:
        """What turns mean residuals into stars: what customers like those of the window give everybody."""
        return self.observed - self.b - self.dev

    @property
    def has_after(self) -> bool:
        return self.after is not None and self.n_after >= FEWEST_AFTER

    @property
    def after_score(self) -> float:
        """The mean after, as if with the customers of the window and without what moved the whole company."""
        return self.level + (self.after or 0.0)

    @property
    def usual_rise(self) -> float | None:
        """By how much the score would have changed without coaching."""
        return None if self.usual is None else self.usual - self.b - self.dev

    @property
    def change(self) -> float:
        return self.after_score - self.observed

    @property
    def change_half(self) -> float:
        """Half the likely range of the change."""
        return Z95 * math.sqrt(self.sigma2 * (1 / self.n + 1 / self.n_after))

    def likely(self, mean: float, n: int) -> tuple[float, float]:
        """The 95 % range of a mean of n ratings, within 1 to 5."""
        return _within(mean, Z95 * math.sqrt(self.sigma2 / n))

    @property
    def expected_range(self) -> tuple[float, float]:
        """As everywhere: 2.33 standard deviations around what was expected at the alert."""
        return _within(self.expected, 2.33 * self.sd)

    @property
    def usual_range(self) -> tuple[float, float] | None:
        """Where the mean after would lie without coaching, in 95 of 100 such dips."""
        if self.usual is None or self.usual_sd is None or not self.has_after:
            return None
        return _within(self.level + self.usual, Z95 * self.usual_sd)

    @property
    def more_ratings(self) -> int | None:
        """How many more ratings would tell this change from chance if it stayed as it is; 0 when it can be told already, None when
        no number would."""
        if not self.has_after:
            return None
        wanted = (self.change / Z95) ** 2 / self.sigma2 - 1 / self.n
        if wanted <= 0:
            return None
        return max(0, math.ceil(1 / wanted) - self.n_after)

    def told_by(self, more: int, *, today: date) -> date | None:
        """About when that many ratings will have come, at the present pace; None when that takes longer than half a year."""
        if not self.n_after or not self.weeks_after:
            return None
        weeks = math.ceil(more * self.weeks_after / self.n_after)
        day = clock.monday_of(clock.week_of(today)) + timedelta(weeks=weeks)
        return day if day <= today + LOOKED_AHEAD else None


def _within(mean: float, half: float) -> tuple[float, float]:
    return max(1.0, mean - half), min(5.0, mean + half)


@dataclass(frozen=True)
class CompanyFigures:
    """What is stored of the company. design: “a”, against those not coached, or “b”, against how dips come back.

    estimate, low, high, enough: see statistics.intervals.Effect. coached, waited: people on either side with ratings enough after;
    pool: months without an alert. teams: of the coached. falls: alerts old enough to tell; late: of these with the first talk on days
    29 to 84; silent: with under 5 ratings after; young: alerts not old enough. naive, naive_low, naive_high: after minus before of
    the coached. drawn: alerts whose order was drawn by lot. days: first and last, ISO.
    """

    design: str
    estimate: float | None
    low: float | None
    high: float | None
    enough: bool
    coached: int
    waited: int
    pool: int
    teams: int
    falls: int
    late: int
    silent: int
    young: int
    naive: float | None
    naive_low: float | None
    naive_high: float | None
    drawn: int
    days: tuple[str, str]

    @classmethod
    def stored(cls, figures: dict[str, Any]) -> "CompanyFigures":
        return cls(**{**figures, "days": tuple(figures["days"])})
