"""The one place in which a package finishes its lesson."""

from datetime import datetime

from tracker.core.clock import local_day
from tracker.courses.content import Lesson
from tracker.organisation.queries import calendar_of
from tracker.scorm.models import Package
from tracker.scorm.queries import is_finished, items_of, states_of
from tracker.training.learning import finish_lesson
from tracker.training.learning_models import CourseRun


def finish_if_done(run: CourseRun, lesson: Lesson, package: Package, *, at: datetime) -> bool:
    """Whether every item is completed and none failed; then the lesson counts as gone through. Twice is once."""
    states = states_of(run.id, lesson.key)
    if not all(is_finished(states.get(item.key)) for item in items_of(package)):
        return False
    if run.ended_at is None:
        day = local_day(at, calendar_of(run.person_id, at.date()).zone)
        finish_lesson(run, lesson, by=run.person_id, day=day, at=at)
    return True
