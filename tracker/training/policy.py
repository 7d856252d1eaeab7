"""Who sees whose training, who assigns, waives and marks: from the matrix, in SQL."""

from sqlalchemy import ColumnElement, Select, false, or_, select

from tracker.core.audience import Viewer
from tracker.courses.models import CourseVersion
from tracker.courses.queries import CURRENT
from tracker.organisation.models import Person, Team
from tracker.organisation.policy import allowed, by_role, cell, manages, teams_led_by
from tracker.training.leaders import stood_in_for
from tracker.training.learning_models import CourseRun, QuizAnswer, QuizAttempt
from tracker.training.models import Assignment, TrainingRule


def runs_of(viewer: Viewer) -> Select[CourseRun]:
    """What the viewer goes through: nobody does it for somebody else."""
    return select(CourseRun).where(CourseRun.person_id == viewer.person_id)


def attempts_of(viewer: Viewer) -> Select[QuizAttempt]:
    return select(QuizAttempt).join(CourseRun).where(CourseRun.person_id == viewer.person_id)


def runs_read_by(viewer: Viewer) -> Select[CourseRun]:
    """Whose answers and results the viewer reads: those of checks; practice is nobody else's business."""
    return select(CourseRun).where(allowed("training.read", viewer, CourseRun.person_id))


def answers_marked_by(viewer: Viewer) -> Select[QuizAnswer]:
    """Free answers that wait for somebody to mark them: whoever leads the learner, or stands in where nobody does."""
    waiting = (QuizAnswer.is_right.is_(None), CourseRun.ended_at.is_(None))
    learners = (
        select(CourseRun.person_id)
        .join(QuizAttempt, QuizAttempt.run_id == CourseRun.id)
        .join(QuizAnswer, QuizAnswer.attempt_id == QuizAttempt.id)
        .where(*waiting)
    )
    stands_in = CourseRun.person_id.in_(stood_in_for(viewer, learners))
    return (
        select(QuizAnswer)
        .join(QuizAttempt, QuizAttempt.id == QuizAnswer.attempt_id)
        .join(CourseRun, CourseRun.id == QuizAttempt.run_id)
        .where(*waiting, or_(allowed("training.mark", viewer, CourseRun.person_id), stands_in))
    )


def assignments_read_by(viewer: Viewer) -> Select[Assignment]:
    return select(Assignment).where(allowed("assignment.read", viewer, Assignment.person_id))


def assignments_waived_by(viewer: Viewer) -> Select[Assignment]:
    """Open ones that the viewer may take back or waive."""
    return select(Assignment).where(
        Assignment.ended_at.is_(None), allowed("training.waive", viewer, Assignment.person_id)
    )


def people_assigned_by(viewer: Viewer) -> Select[Person]:
    """To whom the viewer may assign a course, by name."""
    return select(Person).where(allowed("training.assign", viewer, Person.id)).order_by(Person.name, Person.id)


def people_reopened_by(viewer: Viewer) -> Select[int] | None:
    """The ids of whom a new version of the viewer's may ask to do a course once more; None = everybody."""
    return None if assigns(viewer) else people_assigned_by(viewer).order_by(None).with_only_columns(Person.id)


def assigns(viewer: Viewer) -> bool:
    """Whether the viewer assigns to people all over the company."""
    return by_role("training.assign", viewer)


def runs_given_more_by(viewer: Viewer) -> Select[CourseRun]:
    """Runs without a go left, to which the viewer may add one: of whom they lead or stand in for, and HR to everybody's."""
    may = allowed("training.assign", viewer, CourseRun.person_id)
    return failed_runs().where(or_(may, _stood_in_for_failed(viewer)))


def runs_waiting_for(viewer: Viewer) -> Select[CourseRun]:
    """The same without those that somebody nearer looks after: HR is asked only for whom nobody leads."""
    leads = manages(viewer, CourseRun.person_id)
    return runs_given_more_by(viewer).where(or_(leads, _stood_in_for_failed(viewer)))


def failed_runs() -> Select[CourseRun]:
    """Runs without a go left where one more would help: the course is still asked for, and there is no newer version to begin."""
    asked = select(Assignment.id).where(
        Assignment.person_id == CourseRun.person_id,
        Assignment.course_id == CourseRun.course_id,
        Assignment.ended_at.is_(None),
    )
    current = select(CourseVersion.id).where(CourseVersion.id == CourseRun.version_id, *CURRENT)
    return select(CourseRun).where(CourseRun.outcome == "failed", asked.exists(), current.exists())


def rules_edited_by(viewer: Viewer) -> Select[TrainingRule]:
    """Rules of teams that the viewer leads; HR's every one, those of the whole company too. A rollout's belongs to the rollout."""
    if by_role("training_rule.edit", viewer):
        return select(TrainingRule).where(TrainingRule.kind != "wave")
    led = teams_led_by(viewer).order_by(None).with_only_columns(Team.id)
    return select(TrainingRule).where(
        TrainingRule.team_id.in_(led) if cell("training_rule.edit", "mgr_now") == "A" else false()
    )


def _stood_in_for_failed(viewer: Viewer) -> ColumnElement[bool]:
    learners = select(CourseRun.person_id).where(CourseRun.outcome == "failed")
    return CourseRun.person_id.in_(stood_in_for(viewer, learners))
