"""Whose preparations are whose."""

from sqlalchemy import Select, false, select, true

from tracker.core.audience import Viewer
from tracker.intake.models import ImportDraft
from tracker.organisation.policy import cell


def drafts_of(viewer: Viewer) -> Select[ImportDraft]:
    """A file that is being prepared is its owner's alone until it is saved, and only while the owner may import."""
    may_import = any(cell("import.run", role) == "A" for role in viewer.roles)
    return select(ImportDraft).where(ImportDraft.owner_id == viewer.person_id, true() if may_import else false())
