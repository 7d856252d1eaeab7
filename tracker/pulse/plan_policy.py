"""Who plans what is done about a result, does it and reads of it; who answers comments, and who hides one that names somebody."""

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.audience import Viewer
from tracker.organisation.policy import by_role, cell, teams_led_and_beneath
from tracker.pulse.models import PulseComment, PulseNode, PulsePlan, PulseResult
from tracker.pulse.policy import comments_seen_by, own_teams_upwards, results_seen_by


def plans_seen_by(viewer: Viewer) -> Select[PulsePlan]:
    """Those of the groups whose results the viewer reads, and the viewer's own."""
    by_hr = true() if "hr" in viewer.roles and cell("pulse_plan.read", "hr") == "G" else false()
    beneath = PulsePlan.team_id.in_(_led(viewer)) if cell("pulse_plan.read", "mgr_now") == "G" else false()
    return select(PulsePlan).where(or_(by_hr, beneath, _of_own_tree(viewer), _owns(viewer, "pulse_plan.read")))


def plans_told_to(viewer: Viewer) -> Select[PulsePlan]:
    """Those of the viewer's own group and everything above it: what everybody is told, whatever else they read by office."""
    return select(PulsePlan).where(_of_own_tree(viewer))


def plans_managed_by(viewer: Viewer) -> Select[PulsePlan]:
    """Those that the viewer gives to somebody else and gives up."""
    return select(PulsePlan).where(_may(viewer, "pulse_plan.make", PulsePlan.team_id))


def plans_done_by(viewer: Viewer) -> Select[PulsePlan]:
    """Those of which the viewer says what was done: their own, and those of groups they lead."""
    return select(PulsePlan).where(
        or_(_may(viewer, "pulse_plan.do", PulsePlan.team_id), _owns(viewer, "pulse_plan.do"))
    )


def results_planned_by(viewer: Viewer) -> Select[PulseResult]:
    """Published cells about which the viewer may make a plan."""
    is_there = or_(PulseNode.kind != "team", PulseNode.team_id.is_not(None))
    return results_seen_by(viewer).where(_may(viewer, "pulse_plan.make", PulseNode.team_id), is_there)


def comments_answered_by(viewer: Viewer) -> Select[PulseComment]:
    return comments_seen_by(viewer).where(_may(viewer, "pulse_reply.write", PulseNode.team_id))


def comments_hidden_by(viewer: Viewer) -> Select[PulseComment]:
    """Those that the viewer may hide, and show again."""
    may = true() if by_role("pulse_comment.hide", viewer) else false()
    return select(PulseComment).where(may).order_by(PulseComment.k)


def _may(viewer: Viewer, action: str, team_id: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """By role, or for groups that the viewer leads today and all beneath."""
    if by_role(action, viewer):
        return true()
    return team_id.in_(_led(viewer)) if cell(action, "mgr_now") == "A" else false()


def _led(viewer: Viewer) -> Select[int]:
    return select(teams_led_and_beneath(viewer).c.id)


def _owns(viewer: Viewer, action: str) -> ColumnElement[bool]:
    is_theirs = cell(action, "assignee") == "A" and not viewer.by_pin
    return PulsePlan.owner_id == viewer.person_id if is_theirs else false()


def _of_own_tree(viewer: Viewer) -> ColumnElement[bool]:
    """Of the viewer's own group, those they lead, and everything above; whoever leads a team was asked with the managers."""
    if cell("pulse_plan.read", "self") != "G" or viewer.by_pin:
        return false()
    managers = and_(PulsePlan.kind == "managers", literal(viewer.manages))
    return or_(PulsePlan.team_id.in_(own_teams_upwards(viewer)), PulsePlan.kind == "company", managers)
