"""Shares and how far they lie apart, in whole percents as all words and tables show them."""

from enum import StrEnum

from tracker.core.language import number, signed
from tracker.reports.rules import Apart, Share, outwards
from tracker.statistics.proportions import wilson


class Verdict(StrEnum):
    """All that may be claimed of a difference: which way, only where its range, rounded outwards, leaves out none at all."""

    MORE = "more"
    LESS = "less"
    UNCLEAR = "unclear"


def share_of(happy: float, n: float) -> Share:
    """Of n that are worth as many, more than none, with Wilson’s range."""
    return Share(round(100 * happy / n), *outwards(*wilson(happy, n)))


def apart_of(difference: float, likely: tuple[float, float]) -> Apart:
    """difference and the two ends of its range as parts of 1."""
    return Apart(round(100 * difference), *outwards(*likely))


def verdict(apart: Apart) -> Verdict:
    if apart.low > 0:
        return Verdict.MORE
    return Verdict.LESS if apart.high < 0 else Verdict.UNCLEAR


def ends(apart: Apart) -> dict[str, str]:
    """`low` and `high` for a sentence: the sizes alone where the way is clear, the smaller first; else each with its sign."""
    if verdict(apart) is Verdict.UNCLEAR:
        return {"low": signed(apart.low, 0), "high": signed(apart.high, 0)}
    low, high = sorted((abs(apart.low), abs(apart.high)))
    return {"low": number(low, 0), "high": number(high, 0)}
