"""Who sees which invitations, and who sees an address."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from tracker.core.audience import Viewer
from tracker.invitations.models import Invitation
from tracker.organisation.policy import allowed, by_role
from tracker.ratings.models import Interaction


def invitations_seen_by(viewer: Viewer) -> Select[Invitation]:
    """About people led, within the present tenure; for HR and admins about everybody but themselves."""
    seen = allowed("invitation.read", viewer, Interaction.person_id, dated=Interaction.ended_on)
    return select(Invitation).join(Interaction, Interaction.id == Invitation.interaction_id).where(seen)


def address_is_seen_by(viewer: Viewer) -> ColumnElement[Any]:
    """The clause for one row: whoever leads the person who served, within the tenure. HR would need to break glass."""
    return allowed("customer_contact.read", viewer, Interaction.person_id, dated=Interaction.ended_on)


def may_create_invitations(viewer: Viewer) -> bool:
    """Many at once, about anybody; one by one they come with the right to make a link."""
    return by_role("invitation.create", viewer)


def may_read_invitations(viewer: Viewer) -> bool:
    return viewer.manages or by_role("invitation.read", viewer)
