"""How somebody did in the checks of a course: what whoever leads them reads, and they themselves. Practice is not in it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.courses.content import Content, Lesson
from tracker.training.learning_models import CourseRun, QuizAttempt
from tracker.training.models import Assignment
from tracker.training.policy import runs_read_by
from tracker.training.run_page import QuestionShown, questions_of


@dataclass(frozen=True)
class AttemptShown:
    """A go at a check, and of its questions those answered wrongly and those answered in own words."""

    attempt: QuizAttempt
    wrong: list[QuestionShown]
    in_words: list[QuestionShown]


@dataclass(frozen=True)
class CheckShown:
    """A check with every go at it, the newest first."""

    lesson: Lesson
    attempts: list[AttemptShown]


@dataclass(frozen=True)
class RunShown:
    """One time through a version of the course."""

    run: CourseRun
    checks: list[CheckShown]


def results_of(person_id: int, course_id: int, viewer: Viewer) -> list[RunShown]:
    """Every time that somebody went through a course, the newest first. Three queries."""
    mine = (CourseRun.person_id == person_id, CourseRun.course_id == course_id)
    whole = (joinedload(CourseRun.version), joinedload(CourseRun.person))
    runs = list(db.session.scalars(runs_read_by(viewer).where(*mine).options(*whole).order_by(CourseRun.id.desc())))
    attempts = db.session.scalars(
        select(QuizAttempt)
        .where(QuizAttempt.run_id.in_([run.id for run in runs]))
        .options(selectinload(QuizAttempt.answers))
        .order_by(QuizAttempt.number.desc())
    ).all()
    return [_run_shown(run, [attempt for attempt in attempts if attempt.run_id == run.id]) for run in runs]


def readable_run(assignment: Assignment, viewer: Viewer) -> int | None:
    """The newest run of what was assigned, if the viewer may read how it went."""
    mine = (CourseRun.person_id == assignment.person_id, CourseRun.course_id == assignment.course_id)
    found = runs_read_by(viewer).where(*mine).with_only_columns(CourseRun.id)
    return db.session.scalar(found.order_by(CourseRun.id.desc()).limit(1))


def _run_shown(run: CourseRun, attempts: list[QuizAttempt]) -> RunShown:
    checks = Content(run.version.content).checks
    return RunShown(
        run,
        [
            CheckShown(check, [_attempt_shown(one, check) for one in attempts if one.lesson_key == check.key])
            for check in checks
        ],
    )


def _attempt_shown(attempt: QuizAttempt, check: Lesson) -> AttemptShown:
    answered = [shown for shown in questions_of(attempt, check) if shown.answer]
    in_words = [shown for shown in answered if shown.question.kind == "free"]
    wrong = [shown for shown in answered if shown.answer and shown.answer.is_right is False and shown not in in_words]
    return AttemptShown(attempt, wrong, in_words)
