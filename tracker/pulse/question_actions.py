"""Questions that HR writes, beside those of the bank."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.pulse.models import PulseItem
from tracker.pulse.round_actions import freshen, was_asked
from tracker.pulse.round_queries import OWN, item_of

MOST_QUESTIONS = 200


def write_question(texts: Mapping[str, str], *, is_reversed: bool, by: int, at: datetime) -> PulseItem:
    """Add one; the same texts twice are one question. Conflict where there are too many to look through."""
    kept = {language: text for language, text in texts.items() if text}
    for there in db.session.scalars(select(PulseItem).where(PulseItem.retired_at.is_(None))):
        if there.text == kept and there.is_reversed == is_reversed:
            return there
    if (db.session.scalar(select(func.count()).select_from(PulseItem)) or 0) >= MOST_QUESTIONS:
        raise Conflict(f"There are {MOST_QUESTIONS} questions already.")
    question = PulseItem(text=kept, is_reversed=is_reversed, made_at=at)
    db.session.add(question)
    record("pulse_question.written", by=by, about=question, at=at, languages=sorted(kept))
    return question


def reword_question(question: PulseItem, texts: Mapping[str, str], *, is_reversed: bool, by: int, at: datetime) -> None:
    """Only until somebody has been asked: a figure over rounds must be of one question."""
    db.session.refresh(question, with_for_update={"of": PulseItem})
    if question.retired_at is not None:
        raise Conflict("This question is retired.")
    if was_asked(question.id):
        raise Conflict("Staff have been asked this already. Retire it, and write another one.")
    question.text = {language: text for language, text in texts.items() if text}
    question.is_reversed = is_reversed
    freshen({f"{OWN}{question.id}": item_of(question)})
    record("pulse_question.reworded", by=by, about=question, at=at, languages=sorted(question.text))


def retire_question(question: PulseItem, *, by: int, at: datetime) -> None:
    """No round asks it any more, from those on that are not open yet. What it has brought stays."""
    db.session.refresh(question, with_for_update={"of": PulseItem})
    if question.retired_at is not None:
        return
    question.retired_at = at
    freshen({f"{OWN}{question.id}": None})
    record("pulse_question.retired", by=by, about=question, at=at)
