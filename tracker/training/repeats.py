"""Spaced repeats: what somebody got wrong comes again, a minute a day, until they know it. The dates are FSRS's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any

from fsrs import Card, Rating, Scheduler
from sqlalchemy import func, select, update

from tracker.core.db import db, upsert
from tracker.courses.content import Choice, Content, Question
from tracker.courses.queries import current_versions
from tracker.training.learning_models import RepeatCard

A_DAY = 3  # questions: about a minute
KNOWN_DAYS = 120  # what would come again only after so long is known
# Days instead of minutes: nobody comes back within the hour. Without chance, so that the same answers give the same days.
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True)
class Repeat:
    """A question that comes again, with its choices as shown, (place in the version, choice), and its course's title.

    The order of the choices follows from `due_on`, the day it was due when it was shown."""

    card: RepeatCard
    due_on: date | None
    question: Question
    choices: list[tuple[int, Choice]]
    title: str


def due_repeats(person_id: int, day: date) -> list[Repeat]:
    """What is left for today, the longest due first; empty when the day's share is done."""
    left = A_DAY - _answered_on(person_id, day)
    if left <= 0:
        return []
    due = (RepeatCard.person_id == person_id, RepeatCard.due_on <= day)
    cards = db.session.scalars(select(RepeatCard).where(*due).order_by(RepeatCard.due_on, RepeatCard.question_key))
    return _with_questions(cards.all())[:left]


def repeat_of(person_id: int, course_id: int, question_key: str, *, due_on: date | None) -> Repeat | None:
    """One card with its question as the course asks it today, as it was shown; None when it is not asked any more."""
    card = db.session.get(RepeatCard, (person_id, course_id, question_key))
    return next(iter(_with_questions([card], due_on)), None) if card else None


def answer_repeat(repeat: Repeat, *, is_right: bool, is_sure: bool, day: date, at: datetime) -> None:
    """Right and sure: much later. Right by luck: a little later. Wrong: tomorrow. An answer a day counts, the first."""
    card = repeat.card
    db.session.refresh(card, with_for_update={"of": RepeatCard})
    if card.due_on is None or card.due_on > day:
        return
    rating = Rating.Again if not is_right else Rating.Good if is_sure else Rating.Hard
    card.memory, card.due_on = _reviewed(card.memory, rating, day)
    card.times += 1
    card.answered_on, card.answered_at = day, at


def remember_wrong(person_id: int, course_id: int, question_key: str, *, day: date, at: datetime) -> None:
    """A question that was answered wrongly comes again from tomorrow on."""
    memory, due_on = _reviewed({}, Rating.Again, day)
    row = {
        "person_id": person_id, "course_id": course_id, "question_key": question_key,
        "memory": memory, "due_on": due_on, "times": 0, "wrong_at": at,
    }  # fmt: skip
    again = {"memory": memory, "due_on": due_on, "wrong_at": at}
    known = ["person_id", "course_id", "question_key"]
    db.session.execute(upsert(RepeatCard).on_conflict_do_update(index_elements=known, set_=again), row)


def forget_learned(person_id: int, course_id: int, question_keys: Sequence[str]) -> None:
    """What somebody knew at once in a later check needs no repeating."""
    mine = (RepeatCard.person_id == person_id, RepeatCard.course_id == course_id)
    known = RepeatCard.question_key.in_(question_keys)
    db.session.execute(update(RepeatCard).where(*mine, known).values(due_on=None))


def _reviewed(memory: dict[str, Any], rating: Rating, day: date) -> tuple[dict[str, Any], date | None]:
    """The memory after an answer of that day, and when the question comes again (None: it is known)."""
    card = Card.from_dict(memory) if memory else Card(card_id=1)  # type: ignore[arg-type]  # the JSON is what to_dict gave
    reviewed, _log = _SCHEDULER.review_card(card, rating, datetime.combine(day, time(), UTC))
    days = (reviewed.due.date() - day).days
    return dict(reviewed.to_dict()), reviewed.due.date() if days < KNOWN_DAYS else None


def _with_questions(cards: Sequence[RepeatCard], due_on: date | None = None) -> list[Repeat]:
    """Each with its question; those that their course asks no more are left out."""
    versions = current_versions(card.course_id for card in cards)
    found = []
    for card in cards:
        version = versions.get(card.course_id)
        question = Content(version.content).question(card.question_key) if version else None
        if version and question and question.kind != "free":
            shown = due_on or card.due_on
            found.append(Repeat(card, shown, question, _shuffled(card, question, shown), version.title))
    return found


def _shuffled(card: RepeatCard, question: Question, due_on: date | None) -> list[tuple[int, Choice]]:
    """In another order each time it comes, and the same however often the page is opened."""
    choices = list(enumerate(question.choices))
    Random(f"{card.person_id}|{card.question_key}|{due_on}").shuffle(choices)  # noqa: S311 - no secret
    if question.kind == "order" and [place for place, _choice in choices] == question.right:
        choices.reverse()  # the right order would be an answer without a thought
    return choices


def _answered_on(person_id: int, day: date) -> int:
    mine = (RepeatCard.person_id == person_id, RepeatCard.answered_on == day)
    return db.session.scalar(select(func.count()).select_from(RepeatCard).where(*mine)) or 0
