"""Opening a round: the tree and who is asked are frozen, the key is made, and word to everybody is set going, all in one transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, insert, literal, or_, select, update

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.organisation.models import Membership, Person, Team, Tenure
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import the_organisation
from tracker.pulse.keys import destroy_key, make_key
from tracker.pulse.models import PulseMember, PulseNode, PulseRound
from tracker.pulse.telling import tell_in_turns

MANAGERS = "Managers"


def open_round(pulse_round: PulseRound, *, by: int | None, today: date, at: datetime) -> None:
    """Open it. Conflict where another is open, or where somebody else has just opened it.

    Everybody who works here today is asked, in the team of today; whoever manages a team is in the node of the managers instead.
    """
    # The key is there before anything says that it is: a process that dies in between leaves a file that nobody misses.
    name = make_key()
    try:
        _open_under(name, pulse_round, today=today, at=at)
    except BaseException:
        destroy_key(name)  # the timetable tries again each minute
        raise
    record("pulse.opened", by=by, about=pulse_round, at=at, invited=pulse_round.invited, threshold=pulse_round.k_score)


def _open_under(key_name: str, pulse_round: PulseRound, *, today: date, at: datetime) -> None:
    began = update(PulseRound).where(PulseRound.id == pulse_round.id, PulseRound.state.in_(["draft", "planned"]))
    running = select(PulseRound.id).where(PulseRound.is_running.is_(True))
    values = {"state": "open", "is_running": True, "opened_at": at, "key_name": key_name}
    moved = began.where(~exists(running)).values(**values).returning(PulseRound.id)
    if db.session.scalar(moved) is None:
        raise Conflict("Another round is open, or this one has just been opened.")
    db.session.refresh(pulse_round)
    nodes = _freeze_tree(pulse_round.id)
    pulse_round.invited = _freeze_members(pulse_round, nodes, today)
    tell_in_turns(pulse_round, kind="pulse.open", at=at)


def _freeze_tree(round_id: int) -> dict[int | None, int]:
    """Node by team; None stands for the top, where those in no team are. Under a company with several trees there is one top."""
    teams = list(db.session.scalars(select(Team).order_by(Team.id)))
    tops = [team for team in teams if team.parent_id is None]
    company = the_organisation()
    only = tops[0] if len(tops) == 1 else None
    top = PulseNode(
        round_id=round_id,
        kind="team" if only else "company",
        team_id=only.id if only else None,
        name=only.name if only else (company.name if company else ""),
    )
    made = {team.id: top if team is only else _node(round_id, team) for team in teams}
    db.session.add_all([top, *made.values()])
    db.session.flush()
    for team in teams:
        if team is not only:
            made[team.id].parent_id = made[team.parent_id].id if team.parent_id else top.id
    db.session.add(PulseNode(round_id=round_id, kind="managers", name=MANAGERS, parent_id=top.id))
    db.session.flush()
    return {None: top.id, **{team_id: node.id for team_id, node in made.items()}}


def _node(round_id: int, team: Team) -> PulseNode:
    return PulseNode(round_id=round_id, kind="team", team_id=team.id, name=team.name)


def _freeze_members(pulse_round: PulseRound, nodes: Mapping[int | None, int], today: date) -> int:
    """One statement for everybody; how many there are."""
    node = PulseNode.__table__.alias()
    managers = select(node.c.id).where(node.c.round_id == pulse_round.id, node.c.kind == "managers").scalar_subquery()
    leads = exists(
        select(Tenure.id).where(Tenure.person_id == Person.id, Tenure.kind == "manager", *holds_on(Tenure, today))
    )
    placed = case((leads, managers), else_=func.coalesce(node.c.id, nodes[None]))
    by_code = and_(literal(pulse_round.uses_codes), Person.email.is_(None))
    people = (
        select(literal(pulse_round.id), Person.id, placed, literal(False), by_code)
        .outerjoin(Membership, and_(Membership.person_id == Person.id, *holds_on(Membership, today)))
        .outerjoin(node, and_(node.c.team_id == Membership.team_id, node.c.round_id == pulse_round.id))
        .where(*works_on(today))
    )
    columns = ["round_id", "person_id", "node_id", "answered", "by_code"]
    db.session.execute(insert(PulseMember).from_select(columns, people))
    asked = select(func.count()).where(PulseMember.round_id == pulse_round.id)
    return db.session.scalar(asked) or 0


def works_on(day: date) -> tuple[Any, Any]:
    """The conditions that somebody works here on a day."""
    return (
        or_(Person.started_on.is_(None), Person.started_on <= day),
        or_(Person.ended_on.is_(None), Person.ended_on > day),
    )
