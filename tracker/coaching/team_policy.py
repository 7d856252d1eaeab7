"""Who reads that a whole team fell: who leads above it, never by way of the team's own figures."""

from sqlalchemy import Select, false, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Team
from tracker.organisation.policy import cell, teams_led_by
from tracker.organisation.queries import team_tree
from tracker.ratings.fall_models import TeamFall


def team_falls_seen_by(viewer: Viewer) -> Select[TeamFall]:
    """Notices that were told, of teams beneath those the viewer leads today."""
    if cell("team_fall.read", "skip") != "A":
        return select(TeamFall).where(false())
    tree, led = team_tree(), set(db.session.scalars(teams_led_by(viewer).with_only_columns(Team.id)))
    beneath = {below for team in led for below in tree.beneath(team) if below != team}
    return select(TeamFall).where(TeamFall.told_at <= viewer.at, TeamFall.team_id.in_(beneath))
