"""What people would like to learn: read by whoever leads them, when they assign."""

from datetime import datetime

from sqlalchemy import select

from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.courses.models import Course
from tracker.organisation.models import Person
from tracker.training.models import CourseWish


def wish_for_course(course: Course, *, by: int, at: datetime) -> None:
    """Twice is once."""
    wish = {"person_id": by, "course_id": course.id, "wished_at": at}
    db.session.execute(upsert(CourseWish).on_conflict_do_nothing(), wish)
    record("training.wished", by=by, about=course, person=by, at=at)


def wish_for(words: str, *, by: int, at: datetime) -> None:
    """Something that there is no course about yet. The same words twice are one wish, also at once."""
    db.session.execute(select(Person.id).where(Person.id == by).with_for_update(key_share=True))
    if db.session.scalar(select(CourseWish.id).where(CourseWish.person_id == by, CourseWish.words == words)):
        return
    wish = CourseWish(person_id=by, words=words, wished_at=at)
    db.session.add(wish)
    record("training.wished", by=by, about=wish, person=by, at=at)
