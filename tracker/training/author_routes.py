"""What the learners of a course say, for whoever writes it."""

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from tracker.core.audience import find_or_404, members, viewer
from tracker.courses.models import Course
from tracker.courses.policy import courses_edited_by
from tracker.courses.queries import current_version
from tracker.training.author_page import FEWEST, what_was_learned
from tracker.training.blueprint import bp


@bp.get("/courses/<int:id>/learned")
@members
def learned(id: int) -> ResponseReturnValue:
    """Whether each step helped, and which questions are answered wrongly: sums, and words without a name."""
    course: Course = find_or_404(courses_edited_by(viewer()), id)
    version = current_version(course.id)
    if version is None:
        raise NotFound
    return render_template("training/learned.html", version=version, lessons=what_was_learned(version), fewest=FEWEST)
