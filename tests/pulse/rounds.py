"""Rounds of the pulse for tests: made, opened, answered by everybody, closed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from tracker.core.db import db, transaction
from tracker.pulse.answering import Answers, Outcome, Voter, answer
from tracker.pulse.bank import Item, next_items
from tracker.pulse.closing import clean, close_round
from tracker.pulse.models import PulseMember, PulseNode, PulseRound
from tracker.pulse.opening import open_round
from tracker.pulse.telling import tell_due

OPENS = datetime(2026, 11, 9, 5, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=7)


def a_round(
    *,
    items: Iterable[Item] = (),
    opens_at: datetime = OPENS,
    k_score: int = 5,
    k_comment: int = 8,
    uses_codes: bool = False,
) -> PulseRound:
    """A planned round of five questions, unless others are given."""
    made = PulseRound(
        state="planned",
        month=opens_at.date().replace(day=1),
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=7),
        items=[item.stored() for item in list(items) or next_items([])],
        k_score=k_score,
        k_comment=k_comment,
        uses_codes=uses_codes,
        made_at=opens_at - timedelta(days=7),
    )
    db.session.add(made)
    db.session.flush()
    return made


def an_open_round(*, today: date | None = None, **given: object) -> int:
    """Made and opened, and everybody told; its id."""
    with transaction():
        made = a_round(**given)  # type: ignore[arg-type]
        open_round(made, by=None, today=today or made.opens_at.date(), at=made.opens_at)
        round_id, opened_at = made.id, made.opens_at
    tell_due(opened_at)
    return round_id


Say = Callable[[int], Mapping[str, int]]


def everybody_answers(round_id: int, say: Say, *, words: Mapping[int, Mapping[str, str]] | None = None) -> None:
    """Everybody who is asked and answers signed in. `say` gives the numbers of a person by the person's id."""
    asked = select(PulseMember.person_id).where(PulseMember.round_id == round_id, PulseMember.by_code.is_(False))
    for person_id in list(db.session.scalars(asked.order_by(PulseMember.person_id))):
        said = Answers(dict(say(person_id)), dict((words or {}).get(person_id, {})))
        assert answer(round_id, Voter(person_id=person_id), said) == Outcome.KEPT


def closed(round_id: int, *, at: datetime = CLOSES) -> None:
    assert close_round(round_id, by=None, at=at)
    clean(round_id, at=at)


def node_named(round_id: int, name: str) -> int:
    return db.session.scalars(select(PulseNode.id).where(PulseNode.round_id == round_id, PulseNode.name == name)).one()
