"""The one place in which a package finishes its lesson."""

from datetime import datetime

from tracker.core.db import db, upsert
from tracker.courses.content import Lesson
from tracker.scorm.models import Package
from tracker.scorm.queries import is_finished, items_of, states_of
from tracker.training.learning_models import CourseRun, LessonDone


def finish_if_done(run: CourseRun, lesson: Lesson, package: Package, *, at: datetime) -> bool:
    """Whether every item is completed and none failed; then the lesson counts as gone through. Twice is once."""
    states = states_of(run.id, lesson.key)
    if not all(is_finished(states.get(item.key)) for item in items_of(package)):
        return False
    if run.ended_at is None:
        done = {"run_id": run.id, "lesson_key": lesson.key, "done_at": at}
        db.session.execute(upsert(LessonDone).on_conflict_do_nothing(), done)
    return True
