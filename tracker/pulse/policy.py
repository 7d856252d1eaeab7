"""Who prepares rounds, who answers, and who reads which published cells. Nobody reads a ballot: there is no scope for one."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, select, true

from tracker.core.audience import Viewer
from tracker.organisation.models import Membership, Team
from tracker.organisation.policy import allowed, by_role, cell, holds_on, teams_led_and_beneath, teams_led_by
from tracker.pulse.models import PulseComment, PulseMember, PulseNode, PulsePlan, PulseResult, PulseRound


def rounds_managed_by(viewer: Viewer) -> Select[PulseRound]:
    """Newest first."""
    may = true() if by_role("pulse_round.manage", viewer) else false()
    return select(PulseRound).where(may).order_by(PulseRound.opens_at.desc(), PulseRound.id.desc())


def rounds_asking(viewer: Viewer) -> Select[PulseRound]:
    """The open round, where the viewer is asked and answers signed in, whether or not they have."""
    asked = select(PulseMember.round_id).where(
        allowed("pulse_answer.create", viewer, PulseMember.person_id), PulseMember.by_code.is_(False)
    )
    return select(PulseRound).where(PulseRound.state == "open", PulseRound.id.in_(asked))


def rounds_read_by(_viewer: Viewer) -> Select[PulseRound]:
    """Rounds with results; which cells of them somebody reads is another matter. Newest first."""
    return select(PulseRound).where(PulseRound.state == "closed").order_by(PulseRound.closed_at.desc())


def results_seen_by(viewer: Viewer) -> Select[PulseResult]:
    """Published cells: for HR all; for everybody those of their own team and what is above it; for whoever leads, theirs and beneath."""
    return (
        select(PulseResult)
        .join(PulseNode, PulseNode.id == PulseResult.node_id)
        .where(_group_read_by(viewer, "pulse_result.read", PulseNode))
    )


def comments_seen_by(viewer: Viewer) -> Select[PulseComment]:
    """In an order that says nothing. For HR, and for whoever leads the group; those that are hidden for nobody."""
    return _comments(viewer, "pulse_comment.read").where(PulseComment.hidden_because.is_(None))


def comments_answered_by(viewer: Viewer) -> Select[PulseComment]:
    return _comments(viewer, "pulse_reply.write").where(PulseComment.hidden_because.is_(None))


def comments_hidden_by(viewer: Viewer) -> Select[PulseComment]:
    """Those that the viewer may hide, and show again."""
    return select(PulseComment).where(_all(viewer, "pulse_comment.hide")).order_by(PulseComment.k)


def plans_seen_by(viewer: Viewer) -> Select[PulsePlan]:
    """Plans of the groups whose results the viewer reads, and the viewer's own."""
    return select(PulsePlan).where(or_(_group_read_by(viewer, "pulse_plan.read", PulsePlan), _owns(viewer)))


def plans_managed_by(viewer: Viewer) -> Select[PulsePlan]:
    """Those that the viewer gives to somebody else and gives up."""
    return select(PulsePlan).where(
        or_(_led(viewer, "pulse_plan.make", PulsePlan), _all(viewer, "pulse_plan.make")),
    )


def plans_done_by(viewer: Viewer) -> Select[PulsePlan]:
    """Those of which the viewer says what was done: their own, and those of groups they lead."""
    is_led = or_(_led(viewer, "pulse_plan.do", PulsePlan), _all(viewer, "pulse_plan.do"))
    return select(PulsePlan).where(or_(is_led, _owns(viewer)))


def results_planned_by(viewer: Viewer) -> Select[PulseResult]:
    """Published cells about which the viewer may make a plan."""
    may = or_(_led(viewer, "pulse_plan.make", PulseNode), _all(viewer, "pulse_plan.make"))
    is_there = or_(PulseNode.kind != "team", PulseNode.team_id.is_not(None))
    return results_seen_by(viewer).where(may, is_there)


def _comments(viewer: Viewer, action: str) -> Select[PulseComment]:
    return (
        select(PulseComment)
        .join(PulseNode, PulseNode.id == PulseComment.node_id)
        .where(or_(_led(viewer, action, PulseNode), _all(viewer, action)))
        .order_by(PulseComment.k)
    )


def _group_read_by(viewer: Viewer, action: str, of: Any) -> ColumnElement[bool]:
    """`of`: what names a group by `kind` and `team_id`, a node or a plan."""
    return or_(_of_own_tree(viewer, action, of), _led(viewer, action, of), _all(viewer, action))


def _all(viewer: Viewer, action: str) -> ColumnElement[bool]:
    return true() if "hr" in viewer.roles and cell(action, "hr") in {"A", "G"} else false()


def _owns(viewer: Viewer) -> ColumnElement[bool]:
    is_own = cell("pulse_plan.read", "assignee") == "A" and not viewer.by_pin
    return PulsePlan.owner_id == viewer.person_id if is_own else false()


def _led(viewer: Viewer, action: str, of: Any) -> ColumnElement[bool]:
    """Groups that the viewer leads today, or that lie beneath one."""
    beneath = cell(action, "skip") in {"A", "G"}
    led = teams_led_and_beneath(viewer) if beneath else teams_led_by(viewer).order_by(None).subquery()
    return of.team_id.in_(select(led.c.id)) if cell(action, "mgr_now") in {"A", "G"} else false()


def _of_own_tree(viewer: Viewer, action: str, of: Any) -> ColumnElement[bool]:
    """The viewer's own group and everything above it; whoever manages a team was asked with the managers."""
    if cell(action, "self") != "G" or viewer.by_pin:
        return false()
    own = (
        select(Team.id, Team.parent_id)
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.person_id == viewer.person_id, *holds_on(Membership, viewer.today))
        .cte(recursive=True)
    )
    own = own.union(select(Team.id, Team.parent_id).join(own, Team.id == own.c.parent_id))
    managers = and_(of.kind == "managers", literal(viewer.manages))
    return or_(of.team_id.in_(select(own.c.id)), of.kind == "company", managers)
