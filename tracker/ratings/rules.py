"""What the figures of a card mean: the mark, the headline, the sentence's parts. Pure."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from tracker.core.clock import monday_of
from tracker.statistics.cards import Cards, Trend
from tracker.statistics.falls import Checks, one_check_in
from tracker.statistics.signal import Signal

FEWEST_RATINGS = 10
CLEAR = 1.96
EMOTIONS = ("cared_for", "at_ease", "delighted", "rushed", "confused", "frustrated")
LOW_STARS = 3  # three stars and fewer speak of something to mend


def figures_of(
    position: int, on: int, *, checks: Checks, cards: Cards, trend: Trend, sample: Signal | None = None
) -> dict[str, Any]:
    """One person's figures as plain JSON: what ScoreCard.figures holds. Numbers that do not exist are null."""
    return {
        "score": _number(cards.score[position]),
        "n": int(cards.n[position]),
        "weeks": int(cards.weeks[position]),
        "needed": int(cards.needed[position]),
        "low": _number(cards.low[position]),
        "high": _number(cards.high[position]),
        "lean": bool(cards.lean[position]),
        "stars": [int(count) for count in cards.stars[position]],
        "gap": bool(cards.long_standing_gap[position]),
        "trend": [
            [
                monday_of(on - trend.n.shape[1] + 1 + point).isoformat(),
                _number(trend.score[position, point]),
                _number(trend.low[position, point]),
                _number(trend.high[position, point]),
                int(trend.n[position, point]),
            ]
            for point in range(trend.n.shape[1])
        ],
        "check": _check(position, on, checks) if checks.tested[position] else None,
        "sample": asdict(sample) if sample else None,
        "working": _working(position, cards),
    }


def _working(position: int, cards: Cards) -> dict[str, Any]:
    working = cards.working
    return {
        "n": int(working.n[position]),
        "mean": _number(working.mean[position]),
        "expected_mean": _number(working.expected_mean[position]),
        "prior": _number(working.prior[position]),
        "effect": _number(working.effect[position]),
        "score": _number(working.score[position]),
        "low": _number(working.low[position]),
        "high": _number(working.high[position]),
        "prior_weight": _number(working.company.prior_weight),
        "sigma2": _number(working.company.sigma2),
        "standard_mean": _number(working.standard_mean),
    }


def _check(position: int, on: int, checks: Checks) -> dict[str, Any]:
    weeks = int(checks.window_weeks[position])
    return {
        "weeks": weeks,
        "since": monday_of(on - weeks + 1).isoformat(),
        "n": int(checks.n[position]),
        "observed": _number(checks.observed[position]),
        "expected": _number(checks.expected[position]),
        "fall": _number(checks.fall[position]),
        "p": float(checks.p[position]),
        "one_in": one_check_in(float(checks.p[position])),
        "watch": bool(checks.watch[position]),
        "alert": bool(checks.alert[position]),
    }


def _number(value: Any) -> float | None:
    number = float(value)
    return None if math.isnan(number) else round(number, 4)


@dataclass(frozen=True)
class Figures:
    """A card's figures with what they mean. `stored` is what figures_of made."""

    stored: dict[str, Any]

    @property
    def score(self) -> float | None:
        found: float | None = self.stored["score"]
        return found

    @property
    def n(self) -> int:
        return int(self.stored["n"])

    @property
    def mark(self) -> str | None:
        """inside, below or above the expected range, by geometry; None without a score."""
        score, low, high = self.score, self.stored["low"], self.stored["high"]
        if score is None or low is None:
            return None
        return "below" if score < low else "above" if score > high else "inside"

    @property
    def grade(self) -> str | None:
        """A to D: how good a sample of the customers served these ratings are; None where nothing is known about that."""
        sample = self.stored.get("sample")  # cards of before have none
        found: str | None = sample["grade"] if sample else None
        return found

    @property
    def grade_reasons(self) -> list[dict[str, Any]]:
        sample = self.stored.get("sample")
        return list(sample["reasons"]) if sample else []

    @property
    def team_fall(self) -> dict[str, Any] | None:
        """What is said of the person’s whole team when it fell (team_falls.as_said); None when it did not."""
        found: dict[str, Any] | None = self.stored.get("team_fall")  # cards of before have none
        return found

    @property
    def touchpoints(self) -> list[dict[str, Any]]:
        """By touchpoint, over 13 weeks: {id, name or None, n, mean, low, high}; the last three are None under 10 ratings."""
        return list(self.stored.get("parts", {}).get("touchpoints", ()))  # cards of before have none

    @property
    def drivers(self) -> list[dict[str, Any]]:
        """By driver, over 13 weeks: {key, name, praised, wished, of}; empty when fewer than 10 ratings name anything."""
        return list(self.stored.get("parts", {}).get("drivers", ()))

    @property
    def is_watched(self) -> bool:
        check = self.stored["check"]
        return bool(check and (check["watch"] or check["alert"]))

    @property
    def is_alerted(self) -> bool:
        return bool(self.stored["check"] and self.stored["check"]["alert"])

    @property
    def headline(self) -> str:
        """too_few, below, above, a_little_under, rising or inside: one whole sentence stands behind each."""
        if self.is_watched:
            return "below"
        match self.mark:
            case None:
                return "too_few"
            case "above":
                return "above"
            case "below":
                return "a_little_under"
        return "rising" if self.is_rising else "inside"

    @property
    def is_rising(self) -> bool:
        """Whether the last 4 weeks lie clearly above the first 4 of the twelve: two windows that share no rating."""
        points = self.stored["trend"]
        if len(points) < 12:
            return False
        (_, first, _, _, n_first), (_, last, _, _, n_last) = points[-9], points[-1]
        if first is None or last is None:
            return False
        noise = math.sqrt(self.stored["working"]["sigma2"] * (1 / n_first + 1 / n_last))
        return bool(last - first > CLEAR * noise)


def theme(ratings: list[tuple[int, list[str]]]) -> tuple[str, int, int] | None:
    """What low ratings are mostly about: (driver, how often, of how many low ratings), when it is 3 or more and half of those
    that say anything. `ratings`: (stars, drivers) each."""
    low = [drivers for stars, drivers in ratings if stars <= LOW_STARS]
    counts: dict[str, int] = {}
    for drivers in low:
        for driver in drivers:
            counts[driver] = counts.get(driver, 0) + 1
    if not counts:
        return None
    driver, times = max(counts.items(), key=lambda item: (item[1], item[0]))
    return (driver, times, len(low)) if times >= 3 and times * 2 >= sum(1 for drivers in low if drivers) else None
