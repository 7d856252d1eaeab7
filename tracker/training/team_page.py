"""Who has what open, for whoever leads them and for HR: late ones first."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.courses.models import CourseVersion
from tracker.organisation.models import Membership, Person
from tracker.organisation.policy import allowed, holds_on
from tracker.organisation.queries import still_here, team_tree
from tracker.training.learning_models import CourseRun
from tracker.training.models import Assignment, CourseWish
from tracker.training.policy import answers_marked_by, assignments_read_by, runs_read_by
from tracker.training.queries import last_failed, versions_shown


@dataclass(frozen=True)
class TeamRow:
    """An open assignment with the learner, what it is and how far they are."""

    assignment: Assignment
    version: CourseVersion
    run: CourseRun | None


@dataclass(frozen=True)
class Waits:
    """What waits beside: answers to read, people without a go left, wishes for what there is no course about."""

    to_mark: int
    failed: list[CourseRun]
    wishes: list[CourseWish]
    late: int
    readable: set[int]  # ids of those of `failed` whose answers the viewer reads


def open_assignments(viewer: Viewer, team_id: int | None) -> Select[Assignment]:
    """Of others still here whom the viewer may see, by the day they are due; their own choice only with a day."""
    found = (
        still_here(assignments_read_by(viewer).join(Assignment.person), viewer.today)
        .where(Assignment.ended_at.is_(None), Assignment.person_id != viewer.person_id, Assignment.due_on.is_not(None))
        .options(contains_eager(Assignment.person), joinedload(Assignment.by))
        .order_by(Assignment.due_on, Assignment.id)
    )
    if team_id is None:
        return found
    teams = team_tree().beneath(team_id)
    members = select(Membership.person_id).where(Membership.team_id.in_(teams), *holds_on(Membership, viewer.today))
    return found.where(Assignment.person_id.in_(members))


def rows_of(assignments: list[Assignment]) -> list[TeamRow]:
    """Three queries for a page of them."""
    people = {assignment.person_id for assignment in assignments}
    runs = {
        (run.person_id, run.course_id): run
        for run in db.session.scalars(
            select(CourseRun).where(CourseRun.person_id.in_(people), CourseRun.ended_at.is_(None))
        )
    }
    found = [(one, runs.get((one.person_id, one.course_id))) for one in assignments]
    versions = versions_shown(found)
    return [TeamRow(one, versions[one.id], run) for one, run in found if one.id in versions]


def whole(assignment: Assignment) -> Assignment:
    """The same with the people it names, ready to show."""
    loaded = select(Assignment).where(Assignment.id == assignment.id)
    options = (joinedload(Assignment.person), joinedload(Assignment.by))
    return db.session.scalars(loaded.options(*options).execution_options(populate_existing=True)).one()


def waits(viewer: Viewer) -> Waits:
    marked = answers_marked_by(viewer).order_by(None).subquery()
    led = select(Person.id).where(allowed("training.read", viewer, Person.id), Person.id != viewer.person_id)
    wishes = (
        select(CourseWish)
        .where(CourseWish.person_id.in_(led), CourseWish.words.is_not(None))
        .options(joinedload(CourseWish.person))
        .order_by(CourseWish.wished_at.desc())
        .limit(20)
    )
    late = open_assignments(viewer, None).order_by(None).where(Assignment.due_on < viewer.today).subquery()
    failed = last_failed(viewer)
    read = runs_read_by(viewer).with_only_columns(CourseRun.id).where(CourseRun.id.in_([run.id for run in failed]))
    return Waits(
        db.session.scalar(select(func.count()).select_from(marked)) or 0,
        failed,
        list(db.session.scalars(wishes)),
        db.session.scalar(select(func.count()).select_from(late)) or 0,
        set(db.session.scalars(read)) if failed else set(),
    )
