"""What somebody adds to their own feedback. The audit keeps that it was done, never a word of it."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict
from tracker.core.rows import hold
from tracker.organisation.models import Person
from tracker.ratings.actions import lock
from tracker.ratings.models import Rating
from tracker.ratings.own_models import Acknowledgement, RatingSide, SavedRating, TalkPoint

MOST_POINTS = 50


def write_side(rating: Rating, text: str, *, by: int, at: datetime) -> RatingSide:
    """The own words of whom it counts for; written again they take the place of the earlier ones."""
    lock(rating)  # of two who write at once, the second finds what the first wrote
    side = _side(rating, by)
    if side is None:
        side = RatingSide(rating_id=rating.id, person_id=by, text=text, written_at=at)
        db.session.add(side)
    elif side.text != text:
        side.text, side.changed_at = text, at
    else:
        return side
    record("own.side_written", by=by, about=rating, person=by, at=at)
    return side


def take_back_side(rating: Rating, *, by: int, at: datetime) -> None:
    """Nothing of it stays. Without one nothing happens."""
    lock(rating)
    side = _side(rating, by)
    if side is not None:
        db.session.delete(side)
        record("own.side_taken_back", by=by, about=rating, person=by, at=at)


def save_for_talk(rating: Rating, *, by: int, at: datetime) -> None:
    """Keep it for the next talk; a second time changes nothing."""
    values = {"rating_id": rating.id, "person_id": by, "saved_at": at}
    if _inserted(SavedRating, [values]):
        record("own.rating_saved", by=by, about=rating, person=by, at=at)


def let_go(rating: Rating, *, by: int, at: datetime) -> None:
    """No longer kept for a talk."""
    saved = SavedRating.rating_id == rating.id, SavedRating.person_id == by
    if db.session.scalars(delete(SavedRating).where(*saved).returning(SavedRating.id)).first() is not None:
        record("own.rating_let_go", by=by, about=rating, person=by, at=at)


def acknowledge_ratings(ratings: Sequence[int], *, by: int, at: datetime) -> int:
    """“I have read them”; how many were new. Read once is read."""
    new = _inserted(Acknowledgement, [{"rating_id": id, "person_id": by, "read_at": at} for id in sorted(set(ratings))])
    if new:
        record("own.ratings_read", by=by, about="rating", person=by, at=at, count=new)
    return new


def acknowledge_case(case_id: int, *, is_shared: bool, by: int, at: datetime) -> None:
    """“I have read it”, of a case. The audit is silent until the case is shared: it has readers, and the employee is first."""
    new = _inserted(Acknowledgement, [{"case_id": case_id, "person_id": by, "read_at": at}])
    if new and is_shared:
        record("own.case_read", by=by, about="coaching_case", person=by, at=at, case=case_id)


def add_point(text: str, *, by: int, at: datetime, form_key: str | None = None) -> TalkPoint:
    """Something to bring to a talk: the same form sent twice is one point. Conflict when too many are open already."""
    db.session.execute(select(Person.id).where(Person.id == by).with_for_update(key_share=True))  # one at a time
    made = TalkPoint.person_id == by, TalkPoint.form_key == form_key
    if form_key is not None and (sent := db.session.scalar(select(TalkPoint).where(*made))) is not None:
        return sent
    kept = select(func.count()).where(TalkPoint.person_id == by, TalkPoint.done_at.is_(None))
    if db.session.scalars(kept).one() >= MOST_POINTS:
        raise Conflict(_("There are %(num)d points already. Tick some off first.", num=MOST_POINTS))
    point = TalkPoint(person_id=by, text=text, added_at=at, form_key=form_key)
    db.session.add(point)
    record("own.point_added", by=by, about=point, person=by, at=at)
    return point


def tick_point(point: TalkPoint, *, is_done: bool, at: datetime) -> None:
    """Spoken about, or not after all."""
    hold(point)
    if (point.done_at is not None) != is_done:
        point.done_at = at if is_done else None
        if is_done:
            record("own.point_done", by=point.person_id, about=point, person=point.person_id, at=at)
        else:
            record("own.point_reopened", by=point.person_id, about=point, person=point.person_id, at=at)


def remove_point(point: TalkPoint, *, at: datetime) -> None:
    hold(point)
    record("own.point_removed", by=point.person_id, about=point, person=point.person_id, at=at)
    db.session.delete(point)


def _side(rating: Rating, person: int) -> RatingSide | None:
    mine = RatingSide.rating_id == rating.id, RatingSide.person_id == person
    return db.session.scalar(select(RatingSide).where(*mine))


def _inserted(model: type[SavedRating] | type[Acknowledgement], rows: list[dict[str, object]]) -> int:
    """How many of these rows were not there yet."""
    made = upsert(model).on_conflict_do_nothing().returning(model.id)
    return sum(db.session.scalar(made, row) is not None for row in rows)
