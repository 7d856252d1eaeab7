"""The operator's lists."""

from typing import Any

from sqlalchemy import Select, case, false, or_, select, true
from sqlalchemy.orm import aliased

from tracker.audit.models import AuditEntry
from tracker.coaching.appointments import MAIL as TALK_MAIL
from tracker.core.audience import Viewer
from tracker.core.models import OutboxMail
from tracker.organisation.models import Person
from tracker.organisation.policy import cell


def mails_seen_by(viewer: Viewer) -> Select[OutboxMail, str]:
    """Envelopes only: recipient, kind, time and error. What a mail says is never stored.

    That a talk is in somebody's calendar is not for the office (alert.read): such a mail is here only while it is in trouble.
    """
    is_admin = "admin" in viewer.roles
    is_in_trouble = or_(OutboxMail.dead_at.is_not(None), OutboxMail.last_error.is_not(None))
    return (
        select(OutboxMail, Person.name)
        .outerjoin(Person, Person.id == OutboxMail.person_id)
        .where(true() if is_admin else false(), or_(OutboxMail.kind != TALK_MAIL, is_in_trouble))
        .order_by(OutboxMail.id.desc())
    )


def audit_seen_by(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    """The trail with the names as they are today; an entry about somebody who is gone keeps its number."""
    reads = any(role in viewer.roles and cell("audit.read", role) == "A" for role in ("hr", "admin"))
    actor, concerned = aliased(Person), aliased(Person)
    # Whom a talk is about is not for the office (alert.read): it reads that there was one, and who led it.
    # The same goes for whom an interview or an observation is about (interview.read), who said what stood in the way,
    # what people keep of their own, and to whom something kind was said or who would rather not have it shown (kudos.read).
    areas = ("coaching.", "interview.", "obstacle.", "own.", "praise.", "story.", "thanks.", "wall.")
    hidden = or_(*(AuditEntry.action.startswith(area, autoescape=True) for area in areas))
    by_employee = hidden & (AuditEntry.by_id == AuditEntry.person_id)
    return (
        select(
            AuditEntry,
            case((by_employee, None), else_=actor.name),
            case((hidden, None), else_=concerned.name),
            hidden.label("hidden"),
            by_employee.label("by_employee"),
        )
        .outerjoin(actor, actor.id == AuditEntry.by_id)
        .outerjoin(concerned, concerned.id == AuditEntry.person_id)
        # A role never applies to one's own record: what others did about oneself is shown on one's own pages.
        .where(
            true() if reads else false(), or_(AuditEntry.person_id.is_(None), AuditEntry.person_id != viewer.person_id)
        )
        .order_by(AuditEntry.id.desc())
    )
