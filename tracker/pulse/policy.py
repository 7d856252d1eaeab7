"""Who prepares rounds, who answers, and who reads which published cells. Nobody reads a ballot: there is no scope for one."""

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, select, true

from tracker.core.audience import Viewer
from tracker.organisation.models import Membership, Team
from tracker.organisation.policy import allowed, by_role, cell, holds_on, teams_led_and_beneath, teams_led_by
from tracker.pulse.models import PulseComment, PulseItem, PulseNode, PulseResult, PulseRound


def rounds_managed_by(viewer: Viewer) -> Select[PulseRound]:
    """Newest first."""
    may = true() if by_role("pulse_round.manage", viewer) else false()
    return select(PulseRound).where(may).order_by(PulseRound.opens_at.desc(), PulseRound.id.desc())


def questions_managed_by(viewer: Viewer) -> Select[PulseItem]:
    """Those that HR wrote: whoever prepares rounds looks after them."""
    return select(PulseItem).where(true() if by_role("pulse_round.manage", viewer) else false())


def rounds_open(viewer: Viewer) -> Select[PulseRound]:
    """The open round: that there is one is no secret among those who work here."""
    may = allowed("pulse_answer.create", viewer, literal(viewer.person_id))
    return select(PulseRound).where(PulseRound.state == "open", may)


def rounds_read_by(_viewer: Viewer) -> Select[PulseRound]:
    """Rounds with results; which cells of them somebody reads is another matter. Newest first."""
    return select(PulseRound).where(PulseRound.state == "closed").order_by(PulseRound.closed_at.desc())


def results_seen_by(viewer: Viewer) -> Select[PulseResult]:
    """Published cells of the groups that the viewer reads about."""
    return select(PulseResult).join(PulseNode, PulseNode.id == PulseResult.node_id).where(_reads_about(viewer))


def groups_seen_by(viewer: Viewer) -> Select[PulseNode]:
    """Groups of closed rounds whose cells the viewer reads, also those of which none is published."""
    closed = select(PulseRound.id).where(PulseRound.state == "closed")
    return select(PulseNode).where(PulseNode.round_id.in_(closed), _reads_about(viewer))


def _reads_about(viewer: Viewer) -> ColumnElement[bool]:
    """HR of all groups; everybody of their own and what is above it; whoever leads of theirs, what is above and what is beneath."""
    return or_(_of_own_tree(viewer), _led(viewer, "pulse_result.read"), _all(viewer, "pulse_result.read"))


def comments_seen_by(viewer: Viewer) -> Select[PulseComment]:
    """In an order that says nothing. For HR, and for whoever leads the group; what is hidden for nobody."""
    return (
        select(PulseComment)
        .join(PulseNode, PulseNode.id == PulseComment.node_id)
        .where(or_(_led(viewer, "pulse_comment.read"), _all(viewer, "pulse_comment.read")))
        .where(PulseComment.hidden_because.is_(None))
        .order_by(PulseComment.k)
    )


def groups_heard_by(viewer: Viewer) -> Select[PulseNode]:
    """Groups whose comments the viewer reads, whether or not there are any."""
    return select(PulseNode).where(or_(_led(viewer, "pulse_comment.read"), _all(viewer, "pulse_comment.read")))


def _all(viewer: Viewer, action: str) -> ColumnElement[bool]:
    return true() if "hr" in viewer.roles and cell(action, "hr") == "G" else false()


def _led(viewer: Viewer, action: str) -> ColumnElement[bool]:
    """Groups that the viewer leads today, or that lie beneath one."""
    led = (
        teams_led_and_beneath(viewer) if cell(action, "skip") == "G" else teams_led_by(viewer).order_by(None).subquery()
    )
    return PulseNode.team_id.in_(select(led.c.id)) if cell(action, "mgr_now") == "G" else false()


def _of_own_tree(viewer: Viewer) -> ColumnElement[bool]:
    """The viewer's own group, those they lead, and everything above; whoever manages a team was asked with the managers.

    The top is everybody's: also whoever is in no team was asked there.
    """
    if cell("pulse_result.read", "self") != "G" or viewer.by_pin:
        return false()
    managers = and_(PulseNode.kind == "managers", literal(viewer.manages))
    return or_(PulseNode.team_id.in_(own_teams_upwards(viewer)), PulseNode.parent_id.is_(None), managers)


def own_teams_upwards(viewer: Viewer) -> Select[int]:
    """The team that the viewer is in today, those they lead, and every one above."""
    member = select(Membership.team_id).where(
        Membership.person_id == viewer.person_id, *holds_on(Membership, viewer.today)
    )
    led = teams_led_by(viewer).order_by(None).with_only_columns(Team.id)
    own = select(Team.id, Team.parent_id).where(or_(Team.id.in_(member), Team.id.in_(led))).cte(recursive=True)
    own = own.union(select(Team.id, Team.parent_id).join(own, Team.id == own.c.parent_id))
    return select(own.c.id)
