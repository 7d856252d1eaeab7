"""What the two want to talk about: points of either, put down, taken back, talked about."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.audit.actions import record
from tracker.coaching.locking import still_open
from tracker.coaching.models import CoachingCase
from tracker.coaching.page_models import AgendaPoint
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.core.rows import hold
from tracker.organisation.queries import calendar_of

MOST_POINTS = 20


def add_to_agenda(
    case: CoachingCase,
    *,
    by: int,
    text: str,
    rating_id: int | None = None,
    form_key: str | None = None,
    at: datetime,
) -> AgendaPoint:
    """Put a point on the agenda of an open case. The same rating twice is one point, with the words of the last time.

    `text` may be empty where a rating says it. `form_key`: the same form sent twice is one point too. The caller has checked that
    `by` may read the rating. Conflict when the case is closed, or when `by` has twenty points open."""
    still_open(case)
    if not text and rating_id is None:
        raise Invalid(_("Say what you want to talk about."))
    point = _about_rating(case, by, rating_id)
    if point is not None:
        point.text, point.done_at = text or point.text, None
        return point
    if (sent := _of_form(case, by, form_key)) is not None:
        return sent
    if _open_points(case, by) >= MOST_POINTS:
        raise Conflict(
            _("There are twenty points of yours already. Take one back first, or keep this one for the next talk.")
        )
    day = clock.local_day(at, calendar_of(by, at.date()).zone)
    point = AgendaPoint(
        case_id=case.id, by_id=by, text=text, rating_id=rating_id, added_at=at, added_on=day, form_key=form_key
    )
    db.session.add(point)
    db.session.flush()
    note("coaching.point_added", case, by=by, at=at)
    return point


def take_back(point: AgendaPoint, case: CoachingCase, *, at: datetime) -> None:
    """One's own point, as if it had not been put down."""
    still_open(case)
    hold(point)
    db.session.delete(point)
    note("coaching.point_taken_back", case, by=point.by_id, at=at)


def tick_point(point: AgendaPoint, case: CoachingCase, *, done: bool, by: int, at: datetime) -> None:
    """Talked about, or not yet after all. Either of the two says so; said again it changes nothing."""
    still_open(case)
    hold(point)
    if (point.done_at is not None) == done:
        return
    point.done_at = at if done else None
    note("coaching.point_done" if done else "coaching.point_reopened", case, by=by, at=at)


def note(action: str, case: CoachingCase, *, by: int, at: datetime) -> None:
    """Into the audit, once the case is shared: before, only the person may know that there is one."""
    if case.shared_at is not None:
        record(action, by=by, about=case, person=case.person_id, at=at)


def _about_rating(case: CoachingCase, by: int, rating_id: int | None) -> AgendaPoint | None:
    if rating_id is None:
        return None
    same = (AgendaPoint.case_id == case.id, AgendaPoint.by_id == by, AgendaPoint.rating_id == rating_id)
    return db.session.scalar(select(AgendaPoint).where(*same))


def _of_form(case: CoachingCase, by: int, form_key: str | None) -> AgendaPoint | None:
    if form_key is None:
        return None
    same = (AgendaPoint.case_id == case.id, AgendaPoint.by_id == by, AgendaPoint.form_key == form_key)
    return db.session.scalar(select(AgendaPoint).where(*same))


def _open_points(case: CoachingCase, by: int) -> int:
    mine = (AgendaPoint.case_id == case.id, AgendaPoint.by_id == by, AgendaPoint.done_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(AgendaPoint).where(*mine)) or 0
