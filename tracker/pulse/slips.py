"""Slips of paper for staff without a mail address: drawn, shown once, kept as hashes. Nobody writes down who takes which."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from tracker.audit.actions import record
from tracker.audit.models import AuditEntry
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.pulse.answering import code_hash
from tracker.pulse.codes import new_code
from tracker.pulse.models import PulseCode, PulseRound
from tracker.pulse.round_queries import slips_by_node

MADE = "pulse.slips_made"
PAPER_JAMS = timedelta(minutes=10)  # or the button is pressed twice


@dataclass(frozen=True)
class TeamSlips:
    """As many codes as people of the team answer on paper."""

    team: str
    codes: list[str]


def make_slips(pulse_round: PulseRound, *, by: int, at: datetime) -> list[TeamSlips]:
    """New codes for every team; those of an earlier printing are worth nothing from then on.

    Conflict once the first was used. Whoever used it could take a second one, and to print only as many as are left would say how
    many of a team have answered. Where fewer answer by slips than may ever be told of, also ten minutes after they were made first:
    whether it still worked would tell of those few whether one has answered.
    """
    db.session.refresh(pulse_round, with_for_update={"of": PulseRound})
    if pulse_round.state != "open":
        raise Conflict("Slips are made while the round is open.")
    nodes = slips_by_node(pulse_round.id)
    if sum(count for _node, _name, count in nodes) < pulse_round.k_score and _too_late(pulse_round.id, at):
        raise Conflict("So few answer by slips that they can be made anew for ten minutes only.")
    db.session.execute(delete(PulseCode).where(PulseCode.round_id == pulse_round.id, PulseCode.used.is_(False)))
    if _are_made(pulse_round.id):
        raise Conflict("A slip has been used already, so no new ones can be made: somebody could answer twice.")
    made = [(node_id, TeamSlips(name, [new_code() for _slip in range(count)])) for node_id, name, count in nodes]
    rows = [
        {"hash": code_hash(code), "round_id": pulse_round.id, "node_id": node_id, "used": False}
        for node_id, team in made
        for code in team.codes
    ]
    if rows:
        db.session.execute(insert(PulseCode), rows)
    record("pulse.slips_made", by=by, about=pulse_round, at=at, slips=len(rows))
    return [team for _node_id, team in made]


def _too_late(round_id: int, at: datetime) -> bool:
    made = select(func.min(AuditEntry.at)).where(
        AuditEntry.action == MADE, AuditEntry.about_kind == PulseRound.__tablename__, AuditEntry.about_id == round_id
    )
    first = db.session.scalar(made)
    return first is not None and at >= first + PAPER_JAMS


def _are_made(round_id: int) -> bool:
    return db.session.scalar(select(PulseCode.hash).where(PulseCode.round_id == round_id).limit(1)) is not None
