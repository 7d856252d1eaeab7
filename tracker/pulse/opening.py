"""Opening a round: the tree and who is asked are frozen, the key is made, and everybody is told, all in one transaction."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, and_, case, cast, exists, func, insert, literal, or_, select, update

from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict
from tracker.notifications.models import Message
from tracker.organisation.models import Membership, Person, Team, Tenure
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import calendars_of_teams, the_organisation
from tracker.pulse.keys import destroy_key, make_key
from tracker.pulse.models import PulseMember, PulseNode, PulseRound

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
    tell_everybody(pulse_round, kind="pulse.open", at=at)


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


def tell_everybody(pulse_round: PulseRound, *, kind: str, at: datetime, step: int = 0) -> None:
    """A message for everybody who is asked, in the same words whether or not they have answered; at the next working moment
    of each team. One statement for all teams with the same one: 100,000 people are told without making an object of any."""
    for moment, node_ids in _moments(pulse_round.id, at).items():
        message = {
            "key": literal(f"{kind}|{pulse_round.id}|{step}|") + cast(PulseMember.person_id, String),
            "person_id": PulseMember.person_id,
            "kind": literal(kind),
            "about_id": literal(pulse_round.id),
            "parameters": literal({}, Message.parameters.type),
            "is_urgent": literal(False),
            "created_at": literal(at, Message.created_at.type),
            "visible_at": literal(moment, Message.visible_at.type),
        }
        asked = select(*message.values()).where(
            PulseMember.round_id == pulse_round.id, PulseMember.node_id.in_(node_ids)
        )
        told = upsert(Message).from_select(list(message), asked)
        db.session.execute(told.on_conflict_do_nothing(index_elements=["key"]))


def _moments(round_id: int, at: datetime) -> dict[datetime, list[int]]:
    """From when on a message shows, and to the people of which nodes."""
    nodes = db.session.execute(select(PulseNode.id, PulseNode.team_id).where(PulseNode.round_id == round_id)).all()
    hours = calendars_of_teams({team_id for _node_id, team_id in nodes}, at.date())
    found: dict[datetime, list[int]] = defaultdict(list)
    for node_id, team_id in nodes:
        found[hours[team_id].next_working_moment(at)].append(node_id)
    return found
