"""Who sees a coaching case. For 24 hours after the employee's morning, the employee alone."""

from sqlalchemy import ColumnElement, Select, or_, select

from tracker.coaching.models import CoachingAction, CoachingCase, CoachingSession
from tracker.core.audience import Viewer
from tracker.organisation.policy import allowed


def cases_seen_by(viewer: Viewer) -> Select[CoachingCase]:
    """One's own cases at once; those of people one leads when the head start is over."""
    return select(CoachingCase).where(_is_open_to(viewer), allowed("alert.read", viewer, CoachingCase.person_id))


def cases_led_by(viewer: Viewer) -> Select[CoachingCase]:
    """Cases in which the viewer may write: of people led today, never one's own."""
    return select(CoachingCase).where(
        CoachingCase.shares_at <= viewer.at, allowed("coaching_note.write", viewer, CoachingCase.person_id)
    )


def cases_snoozed_by(viewer: Viewer) -> Select[CoachingCase]:
    """Cases of which the viewer may put the reminders off (`coaching_reminder.snooze`)."""
    return select(CoachingCase).where(
        CoachingCase.shares_at <= viewer.at, allowed("coaching_reminder.snooze", viewer, CoachingCase.person_id)
    )


def sessions_seen_by(viewer: Viewer) -> Select[CoachingSession]:
    """Talks of cases one sees, without those called off.

    What was written down is for the person, and for who leads them now only from the present tenure.
    """
    readable = allowed("coaching_note.read", viewer, CoachingCase.person_id, dated=CoachingSession.starts_on)
    return (
        select(CoachingSession)
        .join(CoachingCase, CoachingCase.id == CoachingSession.case_id)
        .where(
            CoachingSession.called_off_at.is_(None),
            _is_open_to(viewer),
            allowed("alert.read", viewer, CoachingCase.person_id),
            or_(CoachingSession.held_at.is_(None), readable),
        )
        .order_by(CoachingSession.id)
    )


def sessions_led_by(viewer: Viewer) -> Select[CoachingSession]:
    return (
        select(CoachingSession)
        .join(CoachingCase, CoachingCase.id == CoachingSession.case_id)
        .where(CoachingCase.shares_at <= viewer.at, allowed("coaching_note.write", viewer, CoachingCase.person_id))
    )


def agreed_actions_seen_by(viewer: Viewer) -> Select[CoachingAction]:
    """What was agreed: open points travel with the case, done ones are history and follow the tenure rule."""
    readable = allowed("coaching_note.read", viewer, CoachingCase.person_id, dated=CoachingAction.created_on)
    return (
        select(CoachingAction)
        .join(CoachingCase, CoachingCase.id == CoachingAction.case_id)
        .where(
            _is_open_to(viewer),
            allowed("alert.read", viewer, CoachingCase.person_id),
            or_(CoachingAction.done_at.is_(None), readable),
        )
        .order_by(CoachingAction.id)
    )


def _is_open_to(viewer: Viewer) -> ColumnElement[bool]:
    return or_(CoachingCase.person_id == viewer.person_id, CoachingCase.shares_at <= viewer.at)
