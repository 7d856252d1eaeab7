"""What a published cell says and what it does not: likely ranges, changes between rounds, gaps to the company. Pure.

Everything here rests on published figures alone. Where a cell’s histogram is published, its spread is its own; where it is not, the
spread of the whole company’s answers to that question in that round stands in for it, and whoever shows the range says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import erfc, sqrt

from tracker.pulse.bank import AGREEMENT, RECOMMENDING
from tracker.pulse.queries import ResultCell
from tracker.statistics.contrast import student_quantile
from tracker.statistics.proportions import wilson

POINTS = {AGREEMENT: (1.0, 2.0, 3.0, 4.0, 5.0), RECOMMENDING: (-100.0, -50.0, 0.0, 50.0, 100.0)}
LEAST_SD = {
    AGREEMENT: 0.5,
    RECOMMENDING: 25.0,
}  # an eighth of the scale: a few answers that agree do not know the next one
PLACES = {AGREEMENT: 1, RECOMMENDING: 0}
ROUNDING = {AGREEMENT: 0.05, RECOMMENDING: 0.5}  # how far a published mean may lie from the exact one
LARGE_GAP = {AGREEMENT: 0.5, RECOMMENDING: 20.0}
CONFIDENCE = 0.95
FEW = 10  # answers, below which somebody who comes or goes could be guessed from a change


class Verdict(StrEnum):
    CLEAR = "clear"
    MAYBE = "maybe"
    STEADY = "steady"


@dataclass(frozen=True)
class Estimate:
    """A published mean with its likely range (95 %), rounded as it is, on the question’s own scale. of_company: the range rests on
    the company’s spread."""

    n: int
    value: float
    low: float
    high: float
    of_company: bool


@dataclass(frozen=True)
class Change:
    """How much higher the later mean is; the range, rounded as it is read, is widened for how many questions are looked at together."""

    difference: float
    low: float
    high: float
    verdict: Verdict


@dataclass(frozen=True)
class _Sample:
    n: int
    mean: float
    rounding: float
    variance: float
    freedom: float
    of_company: bool


def estimate(cell: ResultCell, company: ResultCell | None, scale: str) -> Estimate | None:
    """company: the whole company’s cell of the same question and round. None where neither has a published histogram."""
    sample = _sample(cell, company, scale)
    if sample is None:
        return None
    half = student_quantile(sample.freedom, (1 + CONFIDENCE) / 2) * sqrt(sample.variance / sample.n) + sample.rounding
    lowest, highest = POINTS[scale][0], POINTS[scale][-1]
    low, high = max(lowest, sample.mean - half), min(highest, sample.mean + half)
    places = PLACES[scale]
    return Estimate(cell.n, cell.mean, round(low, places), round(high, places), sample.of_company)


def favourable_range(cell: ResultCell) -> tuple[int, int]:
    """Wilson’s range of the share at the good end, in whole percent."""
    low, high = wilson(_favourable_count(cell), cell.n)
    return round(100 * low), round(100 * high)


def change(
    before: tuple[ResultCell, ResultCell | None],
    after: tuple[ResultCell, ResultCell | None],
    scale: str,
    *,
    looks: int,
) -> Change | None:
    """Each: a group’s cell with the company’s of the same round. looks: how many questions of the group are compared.

    Welch’s range (1947), wrong once in twenty for all looks together (Bonferroni): beyond 0 it is Clear. Maybe: a single look would
    call it so. None where a range is missing. The same people answer twice and mostly alike, so the range is rather too wide.
    """
    first, second = (_sample(cell, company, scale) for cell, company in (before, after))
    if first is None or second is None:
        return None
    parts = [(sample.variance / sample.n, sample.freedom) for sample in (first, second)]
    total = sum(part for part, _freedom in parts)
    freedom = total**2 / sum(part**2 / own for part, own in parts)
    difference, slack = second.mean - first.mean, first.rounding + second.rounding
    wide, plain = (_half(freedom, total, count) + slack for count in (max(looks, 1), 1))
    places = PLACES[scale]
    low, high = round(difference - wide, places), round(difference + wide, places)
    verdict = Verdict.STEADY
    if abs(difference) > plain:
        verdict = (
            Verdict.CLEAR if low > 0 or high < 0 else Verdict.MAYBE
        )  # as it is read: an end of 0.0 is none of a clear change
    return Change(after[0].mean - before[0].mean, low, high, verdict)


def gap_tone(cell: ResultCell, company: ResultCell | None, scale: str) -> str:
    """ "" where a group’s mean may be the company’s by chance (19 times in 20); else p1 or p2 above it, m1 or m2 below it.

    The group is part of the company, so the variance of the gap is s²/n times the share of the company that lies outside it.
    """
    sample = _sample(cell, company, scale)
    if sample is None or company is None or company.n <= cell.n:
        return ""
    outside = 1 - cell.n / company.n
    half = student_quantile(sample.freedom, (1 + CONFIDENCE) / 2) * sqrt(sample.variance * outside / cell.n)
    gap = cell.mean - company.mean
    if abs(gap) <= half + 2 * ROUNDING[scale]:
        return ""
    size = 2 if abs(gap) >= LARGE_GAP[scale] else 1
    return f"{'p' if gap > 0 else 'm'}{size}"


def gap_chance(cell: ResultCell, company: ResultCell | None, scale: str) -> float | None:
    """How often chance alone would part a group’s mean from everybody else’s so far, if the group answered as all do: for many looks
    at once. None where the company’s histogram is not published.

    By the spread of all answers, since a few say little of their own; as if rounding had made the gap as large as it can.
    """
    if company is None or company.n <= cell.n or company.histogram is None:
        return None
    mean, rounding = (_mean(cell.histogram, scale), 0.0) if cell.histogram else (cell.mean, ROUNDING[scale])
    variance = max(_variance(company.histogram, scale), LEAST_SD[scale] ** 2) * (1 - cell.n / company.n) / cell.n
    gap = max(abs(mean - _mean(company.histogram, scale)) - rounding, 0.0)
    return erfc(gap / sqrt(2 * variance))


def guessable(before: int, after: int, *, differing: int) -> bool:
    """Whether somebody who knows who came or went could guess an answer from the change (STATISTICS.md section 5).

    before, after: answers in the two rounds; differing: how many people are in one of the two groups only.
    """
    return min(before, after) < FEW and 1 <= differing <= 2


def weighted_mean(cells: Iterable[ResultCell]) -> float | None:
    """A driver’s score: the mean of its published questions of one scale, each as heavy as its answers."""
    found = list(cells)
    total = sum(cell.n for cell in found)
    return sum(cell.mean * cell.n for cell in found) / total if total else None


def _favourable_count(cell: ResultCell) -> int:
    """Exact where it is published; else from the whole percent, which up to 100 answers gives it exactly."""
    return sum(cell.histogram[3:]) if cell.histogram else round(cell.favourable * cell.n / 100)


def _half(freedom: float, variance: float, looks: int) -> float:
    return student_quantile(freedom, 1 - (1 - CONFIDENCE) / (2 * looks)) * sqrt(variance)


def _sample(cell: ResultCell, company: ResultCell | None, scale: str) -> _Sample | None:
    of_company = cell.histogram is None
    histogram = company.histogram if of_company and company is not None else cell.histogram
    if histogram is None:
        return None
    spread, freedom = _variance(histogram, scale), sum(histogram) - 1
    mean, rounding = (cell.mean, ROUNDING[scale]) if of_company else (_mean(histogram, scale), 0.0)
    return _Sample(cell.n, mean, rounding, max(spread, LEAST_SD[scale] ** 2), freedom, of_company)


def _mean(histogram: tuple[int, ...], scale: str) -> float:
    return sum(count * point for count, point in zip(histogram, POINTS[scale], strict=True)) / sum(histogram)


def _variance(histogram: tuple[int, ...], scale: str) -> float:
    n, mean = sum(histogram), _mean(histogram, scale)
    squares = sum(count * (point - mean) ** 2 for count, point in zip(histogram, POINTS[scale], strict=True))
    return squares / (n - 1)
