"""Who prepares rounds, who answers, and who reads which published cells. Nobody reads a ballot: there is no scope for one."""

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, select, true

from tracker.core.audience import Viewer
from tracker.organisation.models import Membership, Team
from tracker.organisation.policy import allowed, by_role, cell, holds_on, teams_led_and_beneath, teams_led_by
from tracker.pulse.models import PulseComment, PulseMember, PulseNode, PulseResult, PulseRound


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
        .where(or_(_of_own_tree(viewer), _led(viewer, "pulse_result.read"), _all(viewer, "pulse_result.read")))
    )


def comments_seen_by(viewer: Viewer) -> Select[PulseComment]:
    """In an order that says nothing. For HR, and for whoever leads the group; what is hidden for nobody."""
    return (
        select(PulseComment)
        .join(PulseNode, PulseNode.id == PulseComment.node_id)
        .where(or_(_led(viewer, "pulse_comment.read"), _all(viewer, "pulse_comment.read")))
        .where(PulseComment.hidden_because.is_(None))
        .order_by(PulseComment.k)
    )


def _all(viewer: Viewer, action: str) -> ColumnElement[bool]:
    return true() if "hr" in viewer.roles and cell(action, "hr") == "G" else false()


def _led(viewer: Viewer, action: str) -> ColumnElement[bool]:
    """Groups that the viewer leads today, or that lie beneath one."""
    led = (
        teams_led_and_beneath(viewer) if cell(action, "skip") == "G" else teams_led_by(viewer).order_by(None).subquery()
    )
    return PulseNode.team_id.in_(select(led.c.id)) if cell(action, "mgr_now") == "G" else false()


def _of_own_tree(viewer: Viewer) -> ColumnElement[bool]:
    """The viewer's own group and everything above it; whoever manages a team was asked with the managers."""
    if cell("pulse_result.read", "self") != "G" or viewer.by_pin:
        return false()
    own = (
        select(Team.id, Team.parent_id)
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.person_id == viewer.person_id, *holds_on(Membership, viewer.today))
        .cte(recursive=True)
    )
    own = own.union(select(Team.id, Team.parent_id).join(own, Team.id == own.c.parent_id))
    managers = and_(PulseNode.kind == "managers", literal(viewer.manages))
    return or_(PulseNode.team_id.in_(select(own.c.id)), PulseNode.kind == "company", managers)
