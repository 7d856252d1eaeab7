"""Who sees a coaching case. For 24 hours after the employee's morning, the employee alone."""

from sqlalchemy import ColumnElement, Select, or_, select

from tracker.coaching.models import CoachingAction, CoachingCase, CoachingSession
from tracker.coaching.page_models import AgendaPoint, HandOverNote, PrivateNote
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


def points_seen_by(viewer: Viewer) -> Select[AgendaPoint]:
    """Points for a talk. The person's open ones wait for whoever leads it; the others are notes and follow the tenure rule."""
    readable = allowed("coaching_note.read", viewer, CoachingCase.person_id, dated=AgendaPoint.added_on)
    waiting = (AgendaPoint.by_id == CoachingCase.person_id) & AgendaPoint.done_at.is_(None)
    return (
        select(AgendaPoint)
        .join(CoachingCase, CoachingCase.id == AgendaPoint.case_id)
        .where(_is_open_to(viewer), allowed("alert.read", viewer, CoachingCase.person_id), or_(waiting, readable))
        .order_by(AgendaPoint.id)
    )


def points_ticked_by(viewer: Viewer) -> Select[AgendaPoint]:
    return points_seen_by(viewer).where(allowed("coaching_agenda.write", viewer, CoachingCase.person_id))


def points_of(viewer: Viewer) -> Select[AgendaPoint]:
    """One's own, which one may take back."""
    return points_ticked_by(viewer).where(AgendaPoint.by_id == viewer.person_id)


def cases_with_agenda_of(viewer: Viewer) -> Select[CoachingCase]:
    """Cases on whose agenda the viewer may put something: one's own at once, those of people led when the head start is over."""
    return cases_seen_by(viewer).where(allowed("coaching_agenda.write", viewer, CoachingCase.person_id))


def hand_overs_seen_by(viewer: Viewer) -> Select[HandOverNote]:
    """What leaders left for the next one: read by who leads now, though it is older than the tenure, and by the person."""
    return (
        select(HandOverNote)
        .join(CoachingCase, CoachingCase.id == HandOverNote.case_id)
        .where(_is_open_to(viewer), allowed("coaching_hand_over.read", viewer, CoachingCase.person_id))
        .order_by(HandOverNote.written_at, HandOverNote.id)
    )


def private_notes_of(viewer: Viewer) -> Select[PrivateNote]:
    """One's own and nobody else's, whatever role: coaching_private_note.read is D in every column. Only while one sees the case: who
    leads the person no more has lost all detail, and then nobody reads it."""
    return (
        select(PrivateNote)
        .join(CoachingCase, CoachingCase.id == PrivateNote.case_id)
        .where(
            PrivateNote.author_id == viewer.person_id,
            _is_open_to(viewer),
            allowed("alert.read", viewer, CoachingCase.person_id),
        )
    )


def _is_open_to(viewer: Viewer) -> ColumnElement[bool]:
    return or_(CoachingCase.person_id == viewer.person_id, CoachingCase.shares_at <= viewer.at)
