"""Scores as the API gives them: the card of each person that the maker of the token reads in the pages, what the page of their talk
says, and no other figure."""

from datetime import date
from datetime import date as Day  # noqa: N812 - a field has the plain name
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Select

from tracker.coaching.effect_contents import Contents
from tracker.coaching.effect_told import effects_told, newest_cases
from tracker.coaching.models import CoachingCase
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Person
from tracker.ratings.card_contents import contents_of
from tracker.ratings.models import ScoreCard

Verdict = Literal["too_few", "below", "above", "a_little_under", "rising", "inside"]
TalkVerdict = Literal["better", "probably", "unclear", "lower", "early", "none"]


class TalkOut(BaseModel):
    """The newest talk. Never an effect as a number: one person’s is none."""

    state: Literal["open", "closed"]
    verdict: TalkVerdict | None = Field(description="What became of the ratings since; null until a talk was held")
    words: str | None = Field(description="The verdict in words, as the page of the talk says it")
    sentence: str | None = Field(description="The same as a sentence, with its day or what is missing")
    date: Day | None = Field(description="The day of the verdict, or on which one comes; null where none comes")


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
    talk: TalkOut | None = Field(
        description="The newest talk after a check that mentioned the person, as far as it can be read"
    )


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
    cards = db.session.execute(found).all()
    cases = newest_cases([person.id for _card, person in cards], viewer)
    told = effects_told(list(cases.values()), viewer)
    rows = [_out(card, person, viewer, _talk(cases.get(person.id), told)) for card, person in cards]
    return rows[:limit], rows[limit - 1].person_id if len(rows) > limit else None


def _talk(case: CoachingCase | None, told: dict[int, Contents]) -> TalkOut | None:
    if case is None:
        return None
    state: Any = "open" if case.closed_at is None else "closed"
    said = told.get(case.id)
    if said is None:
        return TalkOut(state=state, verdict=None, words=None, sentence=None, date=None)
    verdict: Any = said.verdict
    return TalkOut(state=state, verdict=verdict, words=said.word, sentence=said.sentences[0], date=said.on)


def _out(card: ScoreCard, person: Person, viewer: Viewer, talk: TalkOut | None) -> ScoreOut:
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
        talk=talk,
    )
