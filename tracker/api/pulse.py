"""Results of the pulse as the API gives them: the same table as the pages, with every hidden cell as hidden."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from tracker.core.audience import Viewer
from tracker.pulse.exports import ResultLine, result_lines
from tracker.pulse.result_table import ClosedRound, closed_rounds, table

MOST_ROUNDS = 5  # a page; each holds all its groups and questions


class PulseResultOut(BaseModel):
    """One question in one group. Where `hidden` is true no figure is given, and none can be worked out."""

    group: str
    under: str = Field(description="The group above it, as far as it may be read; else empty")
    question: str = Field(description="The key of the question")
    about: str = Field(description="Its driver in words")
    text: str
    hidden: bool = Field(description="Hidden to protect people")
    n: int | None = Field(description="How many answered")
    mean: float | None = Field(description="1 to 5, where 5 is the good end; of recommending the eNPS, -100 to 100")
    mean_low: float | None = Field(description="Its likely range (95 %)")
    mean_high: float | None
    range_of_company: bool | None = Field(description="Whether the range rests on the whole company’s spread")
    favourable: int | None = Field(description="The percent at the good end")
    favourable_low: int | None = Field(description="Its likely range (95 %, Wilson)")
    favourable_high: int | None
    counts: list[int] | None = Field(
        description="How many gave each answer, worst first; of recommending 0 to 6, none, 7 or 8, none, 9 or 10"
    )


class PulseRoundOut(BaseModel):
    id: int
    month: date = Field(description="The first day of the month it is named after")
    closed_at: datetime
    invited: int
    answered: int | None = Field(description="Null where too few answered to say")
    smallest_group: int = Field(description="From how many answers a group may be shown")
    results: list[PulseResultOut]


class PulseResultPage(BaseModel):
    data: list[PulseRoundOut]
    next_cursor: str | None = Field(description="Where the next page begins; null at the end")


def pulse_page(viewer: Viewer, *, after: int, limit: int) -> tuple[list[PulseRoundOut], int | None]:
    """Closed rounds in the order in which they were made, and the one after which the next page begins."""
    rounds = closed_rounds(viewer)
    left = sorted((one for one in rounds if one.id > after), key=lambda one: one.id)
    shown = left[: min(limit, MOST_ROUNDS)]
    made = [_round(one, [_result(line) for line in result_lines(table(viewer, one, rounds))]) for one in shown]
    return made, shown[-1].id if len(left) > len(shown) else None


def _round(one: ClosedRound, results: list[PulseResultOut]) -> PulseRoundOut:
    return PulseRoundOut(
        id=one.id,
        month=one.month,
        closed_at=one.closed_at,
        invited=one.invited,
        answered=one.answered,
        smallest_group=one.k_score,
        results=results,
    )


def _result(line: ResultLine) -> PulseResultOut:
    return PulseResultOut(
        group=line.group,
        under=line.under,
        question=line.question,
        about=line.about,
        text=line.text,
        hidden=line.is_hidden,
        n=line.n,
        mean=line.mean,
        mean_low=line.mean_low,
        mean_high=line.mean_high,
        range_of_company=line.range_of_company,
        favourable=line.favourable,
        favourable_low=line.favourable_low,
        favourable_high=line.favourable_high,
        counts=None if line.counts is None else list(line.counts),
    )
