"""What a card says, numbers and sentences together: for files, the API and mails, in the very words of the pages."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.core.clock import monday_of
from tracker.ratings import sentences
from tracker.ratings.models import Fall, ScoreCard
from tracker.ratings.rules import Figures
from tracker.statistics.falls import one_check_in


@dataclass(frozen=True)
class CardContents:
    """One card. `week`: the Monday of the last week it rests on. `n` ratings in the last `weeks`: 4 or 13.

    score, low and high are None where it is too early to say; `needed` is then how many more ratings it takes, else 0.
    verdict: too_few, below, above, a_little_under, rising or inside. check: what the weekly test for falls says, where it is
    mentioned at all; gap: the long-standing level, where it is said.
    """

    week: date
    n: int
    weeks: int
    score: float | None
    needed: int
    low: float | None
    high: float | None
    verdict: str
    headline: str
    rests_on: str
    expected_range: str | None
    range_source: str | None
    check: str | None
    gap: str | None


def contents_of(card: ScoreCard, *, name: str | None) -> CardContents:
    """A card's contents; `name`: the first name of whose card it is, when somebody else reads it."""
    figures = Figures(card.figures)
    stored, has_score = figures.stored, figures.score is not None
    return CardContents(
        week=monday_of(card.week),
        n=figures.n,
        weeks=stored["weeks"] or 13,
        score=figures.score,
        needed=stored["needed"],
        low=stored["low"] if has_score else None,
        high=stored["high"] if has_score else None,
        verdict=figures.headline,
        headline=sentences.headline_about(figures, name) if name else sentences.headline(figures),
        rests_on=sentences.resting_on(figures),
        expected_range=sentences.expected_range(figures) if has_score and stored["low"] is not None else None,
        range_source=sentences.range_source(figures, name) if has_score else None,
        check=sentences.fall_sentence(stored["check"], name) if figures.is_watched else None,
        gap=sentences.gap_sentence(name) if stored["gap"] and not figures.is_watched else None,
    )


def check_of(fall: Fall) -> dict[str, Any]:
    """An alert in the shape of a card's check, for `fall_sentence`: it says for ever what was known when it was raised."""
    return {
        "since": monday_of(fall.week - fall.window_weeks + 1).isoformat(),
        "n": fall.n,
        "observed": fall.observed,
        "expected": fall.expected,
        "one_in": one_check_in(fall.p),
    }
