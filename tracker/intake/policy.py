"""Whose preparations are whose, and who looks after which kiosk."""

from sqlalchemy import Select, false, select, true

from tracker.core.audience import Viewer
from tracker.intake.models import ImportDraft, Kiosk, SetAsideVote
from tracker.organisation.models import Team
from tracker.organisation.policy import allowed, by_role, cell, teams_led_by
from tracker.ratings.models import Interaction, SurveyLink


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


def set_aside_votes_seen_by(viewer: Viewer) -> Select[SetAsideVote]:
    """Those that wait for a decision; nobody sees one about their own service."""
    return _votes().where(
        SetAsideVote.closed_at.is_(None), allowed("set_aside_vote.read", viewer, Interaction.person_id)
    )


def set_aside_votes_decided_by(viewer: Viewer) -> Select[SetAsideVote]:
    """The same whether open or not: deciding twice is a Conflict, and no missing page."""
    return _votes().where(allowed("set_aside_vote.decide", viewer, Interaction.person_id))


def _votes() -> Select[SetAsideVote]:
    link = SurveyLink.id == SetAsideVote.link_id
    return select(SetAsideVote).join(SurveyLink, link).join(Interaction, Interaction.id == SurveyLink.interaction_id)
