"""What somebody has to learn, has begun and has finished; what waits to be marked; results for whoever leads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.courses.models import CourseVersion
from tracker.courses.policy import courses_read_by
from tracker.courses.queries import current_versions, offered
from tracker.organisation.models import Person
from tracker.organisation.queries import still_here
from tracker.training.certificate_models import Completion
from tracker.training.learning_models import CourseRun, LessonDone, QuizAnswer, QuizAttempt
from tracker.training.models import Assignment, CourseWish
from tracker.training.policy import answers_marked_by, runs_waiting_for
from tracker.training.repeats import Repeat, due_repeats


@dataclass(frozen=True)
class Task:
    """A course in somebody's list. `run` None: not begun; `done` lessons of `lessons`."""

    assignment: Assignment
    version: CourseVersion
    run: CourseRun | None
    done: int

    @property
    def lessons(self) -> int:
        return len(self.version.content["lessons"])


@dataclass(frozen=True)
class MyTraining:
    """The learner's first page. `others`: current versions of courses that are not in the list; `wished`: ids of those asked for.

    `failed`: version id -> the run in which no go is left, so that it cannot be begun."""

    tasks: list[Task]
    repeats: list[Repeat]
    finished: list[Completion]
    others: list[CourseVersion]
    wished: set[int]
    failed: dict[int, int]


def my_training(viewer: Viewer) -> MyTraining:
    """A few queries, the same number whatever there is."""
    tasks = tasks_of(viewer.person_id)
    finished = db.session.scalars(
        select(Completion)
        .where(Completion.person_id == viewer.person_id, Completion.ended_at.is_(None))
        .options(joinedload(Completion.version))
        .order_by(Completion.completed_at.desc())
    ).all()
    mine = {task.assignment.course_id for task in tasks} | {completion.course_id for completion in finished}
    others = [
        version for version in db.session.scalars(offered(courses_read_by(viewer))) if version.course_id not in mine
    ]
    wished = select(CourseWish.course_id).where(CourseWish.person_id == viewer.person_id)
    failed = select(CourseRun.version_id, CourseRun.id)
    failed = failed.where(CourseRun.person_id == viewer.person_id, CourseRun.outcome == "failed")
    return MyTraining(
        tasks,
        due_repeats(viewer.person_id, viewer.today),
        list(finished),
        others,
        {course for course in db.session.scalars(wished) if course is not None},
        {row.version_id: row.id for row in db.session.execute(failed)},
    )


def tasks_of(person_id: int) -> list[Task]:
    """Open courses of a person: what is due first, then what has no day."""
    open_ones = (Assignment.person_id == person_id, Assignment.ended_at.is_(None))
    rows = db.session.execute(
        select(Assignment, CourseRun, _lessons_done())
        .outerjoin(
            CourseRun,
            (CourseRun.person_id == Assignment.person_id)
            & (CourseRun.course_id == Assignment.course_id)
            & CourseRun.ended_at.is_(None),
        )
        .where(*open_ones)
        .options(joinedload(Assignment.by))
        .order_by(Assignment.due_on.is_(None), Assignment.due_on, Assignment.id)
    ).all()
    versions = versions_shown([(assignment, run) for assignment, run, _done in rows])
    return [
        Task(assignment, versions[assignment.id], run, done)
        for assignment, run, done in rows
        if assignment.id in versions
    ]


def versions_shown(pairs: Iterable[tuple[Assignment, CourseRun | None]]) -> dict[int, CourseVersion]:
    """Assignment id -> the version that somebody goes through, or would. Two queries."""
    pairs = list(pairs)
    current = current_versions(assignment.course_id for assignment, _run in pairs)
    begun = {run.version_id for _assignment, run in pairs if run}
    older = {v.id: v for v in db.session.scalars(select(CourseVersion).where(CourseVersion.id.in_(begun)))}
    found = ((a.id, older[run.version_id] if run else current.get(a.course_id)) for a, run in pairs)
    return {assignment_id: version for assignment_id, version in found if version}


def waiting_count(viewer: Viewer) -> ColumnElement[int]:
    """How many courses of one's own are open with a day: a number to be asked for together with others."""
    mine = (Assignment.person_id == viewer.person_id, Assignment.ended_at.is_(None), Assignment.due_on.is_not(None))
    return select(func.count(Assignment.id)).where(*mine).scalar_subquery()


def late_count(person_id: Any, today: date) -> ColumnElement[int]:
    """How many courses of each person of a statement are overdue: a column of it."""
    late = (Assignment.person_id == person_id, Assignment.ended_at.is_(None), Assignment.due_on < today)
    return select(func.count(Assignment.id)).where(*late).correlate(Person).scalar_subquery()


def to_mark(viewer: Viewer) -> list[QuizAnswer]:
    """Free answers that wait for the viewer, the oldest first, with their attempt, run, version and learner."""
    whole = (
        contains_eager(QuizAnswer.attempt).contains_eager(QuizAttempt.run),
        contains_eager(QuizAnswer.attempt).contains_eager(QuizAttempt.run).joinedload(CourseRun.version),
        contains_eager(QuizAnswer.attempt).contains_eager(QuizAttempt.run).joinedload(CourseRun.person),
    )
    return list(db.session.scalars(answers_marked_by(viewer).options(*whole).order_by(QuizAnswer.answered_at)))


def last_failed(viewer: Viewer) -> list[CourseRun]:
    """Runs without a go left of people still here, which wait for the viewer."""
    waiting = still_here(runs_waiting_for(viewer).join(CourseRun.person), viewer.today)
    whole = (contains_eager(CourseRun.person), joinedload(CourseRun.version))
    return list(db.session.scalars(waiting.options(*whole).order_by(CourseRun.ended_at)))


def done_within(course_id: int, person_ids: Iterable[int] | Select[int], since: date) -> set[int]:
    """Who of these finished the course since then, so that it still stands."""
    done = (Completion.course_id == course_id, Completion.ended_at.is_(None), Completion.completed_on >= since)
    return set(db.session.scalars(select(Completion.person_id).where(*done, Completion.person_id.in_(person_ids))))


def _lessons_done() -> ColumnElement[int]:
    counted = select(func.count()).where(LessonDone.run_id == CourseRun.id)
    return func.coalesce(counted.correlate(CourseRun).scalar_subquery(), 0)
