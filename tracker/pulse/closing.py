"""Closing a round, in steps that can each be taken again by whoever comes next, should the process die anywhere.

1. `closing`: from here on nobody can begin an answer; what is under way may still arrive.
2. One transaction, which waits for those: count, suppress, write what may be shown, fold who has answered into numbers, delete the
   ballots and who was asked, `closed`. A second process finds it closed.
3. Destroy the key, then have the database overwrite what was deleted; `cleaned_at` says that it is done.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import delete, func, insert, select, text, update

from tracker.audit.actions import record
from tracker.core.db import db, reading, transaction
from tracker.pulse.bank import item_from
from tracker.pulse.boxes import Ballot, Broken, opened
from tracker.pulse.keys import KeyGone, destroy_key, key
from tracker.pulse.models import (
    PulseBox,
    PulseCode,
    PulseComment,
    PulseMember,
    PulseNode,
    PulseResult,
    PulseRound,
)
from tracker.pulse.opening import tell_everybody
from tracker.pulse.publishing import Cell, Count, tree_of

log = structlog.get_logger()
AT_A_TIME = 500


class StillRead(Exception):
    """Somebody was reading, so the log of changes could not be cut; it is tried again."""


class TooManyBallots(Exception):
    """More boxes are there than people have answered: somebody has put in others. Nothing is counted."""


def close_round(round_id: int, *, by: int | None, at: datetime) -> bool:
    """Close it, whatever has been done of it already; False where it was not open. Raises KeyGone and TooManyBallots, with the
    round still closing."""
    with transaction():
        ended = update(PulseRound).where(PulseRound.id == round_id, PulseRound.state == "open")
        if db.session.scalar(ended.values(state="closing").returning(PulseRound.id)) is not None:
            record("pulse.closing", by=by, about=db.session.get_one(PulseRound, round_id), at=at)
    with transaction():
        return _count_and_publish(round_id, at)


def _count_and_publish(round_id: int, at: datetime) -> bool:
    pulse_round = db.session.scalar(select(PulseRound).where(PulseRound.id == round_id).with_for_update())
    if pulse_round is None or pulse_round.state != "closing":
        return False
    count = Count(tree_of(_nodes(round_id)), [item_from(stored) for stored in pulse_round.items])
    broken = _count(pulse_round, count)
    answered = _answered(round_id)
    if count.ballots + broken > answered:
        raise TooManyBallots(f"{count.ballots + broken} boxes, {answered} answers")
    _publish(pulse_round, count)
    pulse_round.answered, pulse_round.missing = count.ballots, answered - count.ballots
    tell_everybody(pulse_round, kind="pulse.results", at=at)
    _forget_who(round_id)
    pulse_round.state, pulse_round.is_running, pulse_round.closed_at = "closed", None, at
    counts: dict[str, Any] = {"invited": pulse_round.invited, **_sayable(pulse_round), "missing": pulse_round.missing}
    record("pulse.closed", by=None, about=pulse_round, at=at, **counts)
    return True


def _count(pulse_round: PulseRound, count: Count) -> int:
    """Adds up what can be read, and gives how many boxes are damaged: they count as missing, so that one of them does not take
    everybody’s answers with it. KeyGone where not one can be read: then the key is another one, and nothing may be destroyed."""
    broken = 0
    for ballot in _ballots(pulse_round):
        if ballot is None:
            broken += 1
        else:
            count.add(ballot)
    if broken and not count.ballots:
        raise KeyGone
    if broken:
        log.error("pulse_boxes_broken", round=pulse_round.id, boxes=broken)
    return broken


def _sayable(pulse_round: PulseRound) -> dict[str, Any]:
    """How many have answered, where the audit may say so: it is read by people, and no count below the smallest group is."""
    answered = pulse_round.answered or 0
    return {"answered": answered} if answered >= pulse_round.k_score else {}


def _nodes(round_id: int) -> dict[int, int | None]:
    nodes = select(PulseNode.id, PulseNode.parent_id).where(PulseNode.round_id == round_id)
    return dict(db.session.execute(nodes).all())


def _ballots(pulse_round: PulseRound) -> Iterator[Ballot | None]:
    """In the order of their random keys, a few at a time; None for a box that the key does not open."""
    secret = key(pulse_round.key_name) if pulse_round.key_name else None
    if secret is None:
        raise KeyGone
    boxes = select(PulseBox.k, PulseBox.sealed).where(PulseBox.round_id == pulse_round.id).order_by(PulseBox.k)
    for k, sealed in db.session.execute(boxes.execution_options(yield_per=AT_A_TIME)):
        try:
            yield opened(sealed, key=secret, k=k)
        except Broken:
            yield None


def _answered(round_id: int) -> int:
    members = select(func.count()).where(PulseMember.round_id == round_id, PulseMember.answered.is_(True))
    codes = select(func.count()).where(PulseCode.round_id == round_id, PulseCode.used.is_(True))
    return (db.session.scalar(members) or 0) + (db.session.scalar(codes) or 0)


def _publish(pulse_round: PulseRound, count: Count) -> None:
    cells = [
        _row(pulse_round.id, cell) for cell in count.cells(k_score=pulse_round.k_score, k_comment=pulse_round.k_comment)
    ]
    if cells:
        db.session.execute(insert(PulseResult), cells)
    rows = [
        PulseComment(round_id=pulse_round.id, **vars(comment))
        for comment in count.comments(k_comment=pulse_round.k_comment)
    ]
    db.session.add_all(rows)
    db.session.flush()


def _row(round_id: int, cell: Cell) -> dict[str, object]:
    detail = cell.histogram or (None,) * 5
    return {
        "round_id": round_id,
        **{name: getattr(cell, name) for name in ("node_id", "item", "n", "mean", "favourable")},
        **{f"h{number}": count for number, count in enumerate(detail, start=1)},
    }


def _forget_who(round_id: int) -> None:
    """At most one round runs, so on PostgreSQL the tables can be emptied whole, and their old files go with the commit."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("TRUNCATE pulse_box, pulse_member, pulse_code"))
        return
    for table in (PulseBox, PulseMember, PulseCode):
        db.session.execute(delete(table).where(table.round_id == round_id))


def clean(round_id: int, *, at: datetime) -> None:
    """Destroy the key of a round that is over, and what the database still holds of deleted rows; until it has worked once."""
    clean_all([round_id], at=at)


def clean_all(round_ids: Collection[int], *, at: datetime) -> None:
    """`clean` for several rounds, with the file of the database written anew once."""
    with reading():
        names = list(db.session.scalars(select(PulseRound.key_name).where(PulseRound.id.in_(round_ids))))
    for name in filter(None, names):
        destroy_key(name)
    if db.engine.dialect.name == "sqlite":
        _rewrite_file()
    with transaction():
        done = update(PulseRound).where(PulseRound.id.in_(round_ids), PulseRound.state.in_(["closed", "lost"]))
        db.session.execute(done.values(cleaned_at=at, key_name=None))


def _rewrite_file() -> None:
    """VACUUM writes the file anew without what was deleted; the log of changes is cut to nothing after it."""
    db.session.rollback()
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only=OFF")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute("VACUUM")
        (busy, _in_log, _moved) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.close()
    finally:
        connection.close()
    if busy:
        raise StillRead


def lose_round(round_id: int, *, at: datetime) -> bool:
    """End a round that cannot be counted: its key is gone, for instance after a restore, or somebody has put in boxes. Nobody can
    ever read what was answered. Says so; False where it was not running."""
    pulse_round = db.session.get(PulseRound, round_id, with_for_update=True, populate_existing=True)
    if pulse_round is None or not pulse_round.is_running:
        return False  # a close that was under way has come to its end first
    pulse_round.answered = _answered(round_id)
    _forget_who(round_id)
    pulse_round.state, pulse_round.is_running, pulse_round.closed_at = "lost", None, at
    record("pulse.lost", by=None, about=pulse_round, at=at, **_sayable(pulse_round))
    log.error("pulse_lost", round=round_id)
    return True
