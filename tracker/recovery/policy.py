"""Who sees a complaint, who acts on it, and who may reach the customer: only while it is open."""

from sqlalchemy import ColumnElement, Select, and_, exists, false, not_, or_, select

from tracker.core.audience import Viewer
from tracker.organisation.policy import allowed, by_role, cell
from tracker.ratings.models import Rating
from tracker.recovery.models import RecoveryCase, RecoveryHelper, RecoveryRating


def cases_seen_by(viewer: Viewer) -> Select[RecoveryCase]:
    """About one's own service; about people one leads, from the present tenure; and those one takes care of, while they are open."""
    return select(RecoveryCase).where(or_(_about("complaint.read", viewer), _holds("complaint.read", viewer)))


def cases_resolved_by(viewer: Viewer) -> Select[RecoveryCase]:
    """Open cases on which the viewer may act: never about the viewer's own service."""
    about_oneself = exists(
        select(RecoveryRating.rating_id)
        .join(Rating, Rating.id == RecoveryRating.rating_id)
        .where(RecoveryRating.case_id == RecoveryCase.id, Rating.person_id == viewer.person_id)
    ).correlate(RecoveryCase)
    acts = or_(_about("complaint.resolve", viewer), _holds("complaint.resolve", viewer))
    return select(RecoveryCase).where(RecoveryCase.closed_at.is_(None), acts, not_(about_oneself))


def contacts_read_by(viewer: Viewer) -> Select[RecoveryCase]:
    """Open cases whose customer the viewer may reach."""
    reads = or_(_about("customer_contact.read", viewer), _holds("customer_contact.read", viewer))
    return cases_resolved_by(viewer).where(reads)


def reads_report(viewer: Viewer) -> bool:
    """Counts of the whole company, in groups of five or more."""
    return by_role("complaint.summary", viewer)


def cases_credited_to(viewer: Viewer) -> Select[RecoveryCase]:
    """Those that the viewer closed: for counts and the customer’s thanks, whoever may read the case itself by now."""
    is_own = RecoveryCase.closed_by_id == viewer.person_id
    return select(RecoveryCase).where(is_own if cell("complaint.credit", "self") == "A" else false())


def _about(action: str, viewer: Viewer) -> ColumnElement[bool]:
    return exists(
        select(RecoveryRating.rating_id)
        .join(Rating, Rating.id == RecoveryRating.rating_id)
        .where(
            RecoveryRating.case_id == RecoveryCase.id,
            allowed(action, viewer, Rating.person_id, dated=Rating.rated_on),
        )
    ).correlate(RecoveryCase)


def _holds(action: str, viewer: Viewer) -> ColumnElement[bool]:
    """Takes care of it, or helps since it was escalated."""
    if cell(action, "assignee") != "A":
        return false()
    helps = exists(
        select(RecoveryHelper.case_id).where(
            RecoveryHelper.case_id == RecoveryCase.id, RecoveryHelper.person_id == viewer.person_id
        )
    ).correlate(RecoveryCase)
    return and_(RecoveryCase.closed_at.is_(None), or_(RecoveryCase.owner_id == viewer.person_id, helps))
