"""Whose preparations are whose, and who looks after which kiosk."""

from sqlalchemy import Select, false, select, true

from tracker.core.audience import Viewer
from tracker.intake.models import ImportDraft, Kiosk
from tracker.organisation.models import Team
from tracker.organisation.policy import by_role, cell, teams_led_by


def drafts_of(viewer: Viewer) -> Select[ImportDraft]:
    """A file that is being prepared is its owner's alone until it is saved, and only while the owner may import."""
    may_import = any(cell("import.run", role) == "A" for role in viewer.roles)
    return select(ImportDraft).where(ImportDraft.owner_id == viewer.person_id, true() if may_import else false())


def teams_with_kiosks_of(viewer: Viewer) -> Select[Team]:
    """The teams whose kiosks the viewer looks after: those led today, for an admin every one that is not closed."""
    led = teams_led_by(viewer) if cell("kiosk.manage", "mgr_now") == "A" else select(Team).where(false())
    teams = select(Team).order_by(Team.name) if by_role("kiosk.manage", viewer) else led
    return teams.where(Team.closed_on.is_(None))


def kiosks_managed_by(viewer: Viewer) -> Select[Kiosk]:
    """Kiosks of those teams that are still on the list."""
    teams = teams_with_kiosks_of(viewer).order_by(None).with_only_columns(Team.id)
    return select(Kiosk).where(Kiosk.team_id.in_(teams), Kiosk.closed_at.is_(None))
