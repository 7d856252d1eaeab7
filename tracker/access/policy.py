"""Who looks after which shared terminal."""

from sqlalchemy import Select, false, select

from tracker.access.terminal_models import SharedTerminal
from tracker.core.audience import Viewer
from tracker.organisation.models import Team
from tracker.organisation.policy import by_role, cell, teams_led_by


def teams_with_terminals_of(viewer: Viewer) -> Select[Team]:
    """The teams whose terminals the viewer looks after: those led today, for an admin every one that is not closed."""
    led = teams_led_by(viewer) if cell("terminal.manage", "mgr_now") == "A" else select(Team).where(false())
    teams = select(Team).order_by(Team.name) if by_role("terminal.manage", viewer) else led
    return teams.where(Team.closed_on.is_(None))


def terminals_managed_by(viewer: Viewer) -> Select[SharedTerminal]:
    """Terminals of those teams that are still on the list."""
    teams = teams_with_terminals_of(viewer).order_by(None).with_only_columns(Team.id)
    return select(SharedTerminal).where(SharedTerminal.team_id.in_(teams), SharedTerminal.revoked_at.is_(None))
