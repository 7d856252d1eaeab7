"""Scores as the API gives them: the card of each person that the maker of the token reads in the pages, and no other figure."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Person
from tracker.ratings.card_contents import contents_of
from tracker.ratings.models import ScoreCard

Verdict = Literal["too_few", "below", "above", "a_little_under", "rising", "inside"]


class ScoreOut(BaseModel):
    person_id: int
    staff_number: str
    week: date = Field(description="The Monday of the last week it rests on")
    n: int = Field(description="How many ratings it rests on")
    weeks: int = Field(description="In how many weeks: 4, or 13 where 4 hold too few")
    score: float | None = Field(description="The mean of the stars; null under 10 ratings")
    needed: int = Field(description="How many more ratings it takes until there is a score; else 0")
    expected_low: float | None = Field(description="The expected range, from the person’s own record")
    expected_high: float | None
    verdict: Verdict
    sentence: str = Field(description="The same in words, as the pages say it")
    check: str | None = Field(description="What the weekly check says, where it is mentioned")


class ScorePage(BaseModel):
    data: list[ScoreOut]
    next_cursor: str | None = Field(description="Where the next page begins; null at the end")


def score_page(
    scope: Select[ScoreCard], viewer: Viewer, *, after: int, limit: int
) -> tuple[list[ScoreOut], int | None]:
    """Cards in the order in which people were added, and the person after whom the next page begins.

    One's own card is one's own as soon as it is made; those of others come when they are shared."""
    found = (
        scope.add_columns(Person)
        .join(Person, Person.id == ScoreCard.person_id)
        .where(ScoreCard.person_id > after)
        .order_by(ScoreCard.person_id)
        .limit(limit + 1)
    )
    rows = [_out(card, person, viewer) for card, person in db.session.execute(found)]
    return rows[:limit], rows[limit - 1].person_id if len(rows) > limit else None


def _out(card: ScoreCard, person: Person, viewer: Viewer) -> ScoreOut:
    said = contents_of(card, name=None if person.id == viewer.person_id else person.first_name)
    verdict: Any = said.verdict
    return ScoreOut(
        person_id=person.id,
        staff_number=person.staff_number,
        week=said.week,
        n=said.n,
        weeks=said.weeks,
        score=said.score,
        needed=said.needed,
        expected_low=said.low,
        expected_high=said.high,
        verdict=verdict,
        sentence=said.headline,
        check=said.check,
    )
