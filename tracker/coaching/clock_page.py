"""What a case page shows about time: what was put off and why, and what can be done about a time."""

from typing import Any

from sqlalchemy import func, or_, select

from tracker.coaching.appointments import is_day_off
from tracker.coaching.clock_forms import ClosingForm, SnoozeForm
from tracker.coaching.clock_words import closing_reason, snooze_reason
from tracker.coaching.models import CoachingCase, CoachingSession, CoachingSnooze
from tracker.coaching.rules import FOLLOW_UP_STEP, NEXT_LEADER, SNOOZES_AT_MOST
from tracker.core.audience import Viewer
from tracker.core.db import db


def clock_of(
    case: CoachingCase, planned: CoachingSession | None, viewer: Viewer, forms: dict[str, Any]
) -> dict[str, Any]:
    """For the template `coaching/_clock.html`; `forms` are those that came back with errors."""
    snoozes, standing = _snoozes(case)
    is_ahead = planned is not None and planned.starts_at > viewer.at
    leads = viewer.person_id != case.person_id and case.closed_at is None
    is_put_off = case.snoozed_until is not None and case.snoozed_until > viewer.today
    may_snooze = leads and planned is None and not is_put_off and len(snoozes) < SNOOZES_AT_MOST
    return {
        "put_off": [(snooze.until, snooze_reason(snooze.reason)) for snooze in standing] if planned is None else [],
        "snooze": forms.get("snooze") or SnoozeForm(formdata=None) if may_snooze else None,
        "closing": forms.get("closing") or ClosingForm(formdata=None) if leads else None,
        "is_follow_up": case.clock_from % NEXT_LEADER >= FOLLOW_UP_STEP,
        "may_call_off": leads and planned is not None,
        "may_ask": is_ahead and viewer.person_id == case.person_id and case.closed_at is None,
        "is_day_off": bool(planned and is_ahead and is_day_off(case.person_id, planned.led_by_id, planned.starts_at)),
        "closed_words": closing_reason(case.closed_because),
    }


def _snoozes(case: CoachingCase) -> tuple[list[CoachingSnooze], list[CoachingSnooze]]:
    """All of them, and those that still stand: what was put off and is held since is put off no more."""
    of_case = CoachingSession.case_id == case.id
    held_at = select(func.max(CoachingSession.held_at)).where(of_case).scalar_subquery()
    found = select(CoachingSnooze, or_(held_at.is_(None), CoachingSnooze.at > held_at))
    rows = db.session.execute(found.where(CoachingSnooze.case_id == case.id).order_by(CoachingSnooze.id)).all()
    return [snooze for snooze, _stands in rows], [snooze for snooze, stands in rows if stands]
