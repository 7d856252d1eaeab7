"""Taking one answer, in two transactions that share nothing (PostgreSQL's row versions would link what one of them wrote).

1. Mark whoever answers as having done so, only where they have not and the round is open: of two at once one wins.
2. Put the sealed ballot into the box, under a random key, only while the round is not closed. Only now the answer is acknowledged.
3. If (2) failed, look whether the box lies there; if not, take the mark back. A process that dies between (1) and (2) leaves the
   mark: that one answer, which nobody was told had arrived, is lost. The help page says so.

There is no audit line, message, session write or limiter's entry for an answer, and nothing of it goes to the log.
"""

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Update, exists, insert, select, update

from tracker.core.db import db, reading, transaction
from tracker.pulse.boxes import Ballot, seal
from tracker.pulse.codes import bare
from tracker.pulse.keys import key
from tracker.pulse.models import KEY_BYTES, PulseBox, PulseCode, PulseMember, PulseRound


class Outcome(StrEnum):
    KEPT = "kept"
    ANSWERED = "answered"  # already, by the same person or code
    CLOSED = "closed"
    NOT_ASKED = "not asked"  # not invited, on paper instead, or no such code


@dataclass(frozen=True)
class Voter:
    """Who answers: a person who is signed in, or whoever holds a slip. Never both."""

    person_id: int | None = None
    code_hash: str | None = None


@dataclass(frozen=True)
class Answers:
    """As said: item key -> number on its scale, item key -> words; `reply_code` lets the writer ask for replies."""

    numbers: dict[str, int]
    words: dict[str, str]
    reply_code: str | None = None


def code_hash(code: str) -> str:
    """How a slip's code is kept, however it is typed. It is random and long, so that a plain hash is enough."""
    return hashlib.sha256(bare(code).encode()).hexdigest()


def reply_hash(reply_code: str, item: str) -> str:
    """Under what the writer's code finds one comment: another for each, so that they cannot be told to be of one writer."""
    return hashlib.sha256(f"{bare(reply_code)}|{item}".encode()).hexdigest()


def reply_hashes(answers: Answers) -> dict[str, str]:
    """item key -> the hash for its comment; none where the writer wants no code."""
    return {item: reply_hash(answers.reply_code, item) for item in answers.words} if answers.reply_code else {}


def answer(round_id: int, voter: Voter, answers: Answers) -> Outcome:
    """Keep an answer. Raises keys.KeyGone or boxes.TooLong before anything is written; whatever else it raises, it may be tried again."""
    with reading():
        place = _place(round_id, voter)
        pulse_round = db.session.get_one(PulseRound, round_id)
        state, key_name = pulse_round.state, pulse_round.key_name
    if place is None:
        return Outcome.NOT_ASKED
    if state != "open" or key_name is None:
        return Outcome.CLOSED
    if place.answered:
        return Outcome.ANSWERED
    k = secrets.token_bytes(KEY_BYTES)
    replies = reply_hashes(answers)
    sealed = seal(Ballot(place.node_id, answers.numbers, answers.words, replies), key=key(key_name), k=k)
    if not _mark(round_id, voter):
        return _why_not(round_id)
    return _keep(round_id, voter, k, sealed)


@dataclass(frozen=True)
class _Place:
    node_id: int
    answered: bool


def _place(round_id: int, voter: Voter) -> _Place | None:
    if voter.code_hash is not None:
        slip = db.session.execute(
            select(PulseCode.node_id, PulseCode.used).where(
                PulseCode.hash == voter.code_hash, PulseCode.round_id == round_id
            )
        ).first()
        return _Place(*slip) if slip else None
    member = db.session.execute(
        select(PulseMember.node_id, PulseMember.answered).where(
            PulseMember.round_id == round_id,
            PulseMember.person_id == voter.person_id,
            PulseMember.by_code.is_(False),
        )
    ).first()
    return _Place(*member) if member else None


def _mark(round_id: int, voter: Voter) -> bool:
    with transaction():
        is_open = exists(select(PulseRound.id).where(PulseRound.id == round_id, PulseRound.state == "open"))
        return bool(db.session.execute(_marked(round_id, voter, to=True).where(is_open)).rowcount == 1)  # type: ignore[attr-defined]  # CursorResult


def _marked(round_id: int, voter: Voter, *, to: bool) -> Update:
    """The update that says whether somebody has answered, where it is not so yet."""
    if voter.code_hash is not None:
        slip = update(PulseCode).where(PulseCode.hash == voter.code_hash, PulseCode.round_id == round_id)
        return slip.where(PulseCode.used.is_(not to)).values(used=to)
    member = update(PulseMember).where(
        PulseMember.round_id == round_id, PulseMember.person_id == voter.person_id, PulseMember.by_code.is_(False)
    )
    return member.where(PulseMember.answered.is_(not to)).values(answered=to)


def _keep(round_id: int, voter: Voter, k: bytes, sealed: bytes) -> Outcome:
    try:
        return _put_into_box(round_id, k, sealed)
    except BaseException:
        with transaction():
            if db.session.get(PulseBox, k) is not None:
                return Outcome.KEPT  # the commit had come through, only its answer had not
            db.session.execute(_marked(round_id, voter, to=False))
        raise


def _put_into_box(round_id: int, k: bytes, sealed: bytes) -> Outcome:
    with transaction():
        # Shared with other answers, but not with the close, which waits for those that are under way.
        state = db.session.scalar(select(PulseRound.state).where(PulseRound.id == round_id).with_for_update(read=True))
        if state not in {"open", "closing"}:
            return Outcome.CLOSED
        db.session.execute(insert(PulseBox).values(k=k, round_id=round_id, sealed=sealed))
    return Outcome.KEPT


def _why_not(round_id: int) -> Outcome:
    with reading():
        state = db.session.scalar(select(PulseRound.state).where(PulseRound.id == round_id))
    return Outcome.ANSWERED if state == "open" else Outcome.CLOSED
