"""Going through a course: begin, finish a lesson, say whether it helped. What is done is kept at once, for any device."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Refused
from tracker.core.language import plain_day
from tracker.courses.content import Content, Lesson
from tracker.courses.models import Course, CourseVersion
from tracker.courses.queries import current_version
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.certificate_rules import renewable_from
from tracker.training.completing import complete
from tracker.training.learning_models import CourseRun, LessonDone, QuizAttempt
from tracker.training.models import Assignment, CourseWish


def start_run(course: Course, *, by: int, day: date, at: datetime) -> CourseRun:
    """Begin a course, or go on with it. Who begins by themselves gets it into their list, without a day.

    Refused when what they have done still stands, and says from when it can be renewed."""
    if run := open_run(course.id, by):
        _put_on_list(course.id, by, at)
        return run
    # A version that is being published at this moment is waited for.
    db.session.execute(select(Course.id).where(Course.id == course.id).with_for_update())
    version = current_version(course.id)
    if version is None or (course.retired_at is not None and not _open_assignment(course.id, by)):
        raise Conflict(_("This course is not taught any more."))
    _refuse_too_early(course.id, by, day)
    _refuse_without_attempts(version, by)
    first = Content(version.content).keys[0]
    row = {"person_id": by, "course_id": course.id, "version_id": version.id, "place": first}
    # Of two windows that begin at once, both go on with the same.
    db.session.execute(upsert(CourseRun).on_conflict_do_nothing(), {**row, "started_at": at, "seen_at": at})
    _put_on_list(course.id, by, at)
    # What somebody wished for they now have.
    db.session.execute(delete(CourseWish).where(CourseWish.course_id == course.id, CourseWish.person_id == by))
    run = open_run(course.id, by)
    if run is None:  # ended in between, in another window
        raise Conflict(_("You have just finished this course in another window."))
    return run


def _put_on_list(course_id: int, by: int, at: datetime) -> None:
    """Also what was waived and is gone on with all the same."""
    common = {"person_id": by, "course_id": course_id, "by_id": by}
    own = {**common, "why": "own", "assigned_at": at, "is_paid": False, "step": 0}
    db.session.execute(upsert(Assignment).on_conflict_do_nothing(), own)


def open_run(course_id: int, person_id: int) -> CourseRun | None:
    mine = (CourseRun.course_id == course_id, CourseRun.person_id == person_id, CourseRun.ended_at.is_(None))
    return db.session.scalar(select(CourseRun).where(*mine))


def finish_lesson(run: CourseRun, lesson: Lesson, *, by: int, day: date, at: datetime) -> Completion | None:
    """Note that a lesson was gone through; the place moves on. The completion, when it was the last thing missing.

    Twice is once. A check is finished by passing it (training.quizzes)."""
    version = _lock(run, lesson)
    if version is None:
        return None
    done = {"run_id": run.id, "lesson_key": lesson.key, "done_at": at}
    db.session.execute(upsert(LessonDone).on_conflict_do_nothing(), done)
    content = Content(version.content)
    finished = set(db.session.scalars(select(LessonDone.lesson_key).where(LessonDone.run_id == run.id)))
    run.seen_at, run.place = at, _place_after(content, lesson.key, finished)
    if not finished.issuperset(content.keys):
        return None
    run.ended_at, run.outcome = at, "completed"
    return complete(run.person_id, version, score=_score(run), by=by, at=at, day=day)


def rate_lesson(run: CourseRun, lesson: Lesson, *, helped: int, words: str | None) -> None:
    """Whether a lesson that was gone through helped; saying it again replaces it."""
    rated = (
        update(LessonDone)
        .where(LessonDone.run_id == run.id, LessonDone.lesson_key == lesson.key)
        .values(helped=helped, words=words or None)
        .returning(LessonDone.run_id)
    )
    if db.session.scalar(rated) is None:
        raise Conflict(_("Go through the lesson first."))


def _refuse_too_early(course_id: int, person_id: int, day: date) -> None:
    """What was finished and still stands is not done again, but where somebody asks for it or a certificate can be renewed."""
    if _open_assignment(course_id, person_id):
        return
    mine = (Completion.person_id == person_id, Completion.course_id == course_id, Completion.ended_at.is_(None))
    if db.session.scalar(select(Completion.id).where(*mine).limit(1)) is None:
        return
    owned = (
        Certificate.person_id == person_id,
        Certificate.course_id == course_id,
        Certificate.renewed_by_id.is_(None),
    )
    certificate = db.session.scalar(select(Certificate).where(*owned))
    if certificate is None or certificate.expires_on is None:
        raise Refused(_("You have finished this course. You can look into it whenever you like."))
    if (opens_on := renewable_from(certificate.expires_on)) > day:
        raise Refused(_("Your certificate is valid. You can renew it from %(day)s on.", day=plain_day(opens_on)))


def _refuse_without_attempts(version: CourseVersion, person_id: int) -> None:
    failed = (CourseRun.person_id == person_id, CourseRun.version_id == version.id, CourseRun.outcome == "failed")
    if db.session.scalar(select(CourseRun.id).where(*failed).limit(1)):
        raise Refused(_("You have used every go at this course. Whoever leads your team can give you another."))


def _open_assignment(course_id: int, person_id: int) -> int | None:
    mine = (Assignment.course_id == course_id, Assignment.person_id == person_id, Assignment.ended_at.is_(None))
    return db.session.scalar(select(Assignment.id).where(*mine))


def _lock(run: CourseRun, lesson: Lesson) -> CourseVersion | None:
    """The version of a run that is still open, with the run locked: of two devices the second finds what the first did.

    None when the run is over and the lesson was gone through in it: it was said twice."""
    db.session.refresh(run, with_for_update={"of": CourseRun})
    if run.ended_at is None:
        return db.session.get_one(CourseVersion, run.version_id)
    if db.session.get(LessonDone, (run.id, lesson.key)) is None:
        raise is_over(run)
    return None


def is_over(run: CourseRun) -> Conflict:
    """Why nothing is taken any more in a run that has ended, to whoever goes through it."""
    if run.outcome == "replaced":
        return Conflict(
            _("A newer version has replaced this one, so nothing more counts in it. Begin the course again.")
        )
    if run.outcome == "failed":
        return Conflict(_("You have used every go at this course. Whoever leads your team can give you another."))
    return Conflict(_("You have finished this course already."))


def _place_after(content: Content, key: str, finished: set[str]) -> str:
    """The next lesson that is not finished, from this one on and then from the start; this one when there is none."""
    at = content.keys.index(key)
    ahead = [*content.keys[at + 1 :], *content.keys[:at]]
    return next((other for other in ahead if other not in finished), key)


def _score(run: CourseRun) -> int | None:
    """The lowest of the checks that were passed, in per cent; None without a check."""
    passed = select(QuizAttempt.score).where(QuizAttempt.run_id == run.id, QuizAttempt.passed.is_(True))
    return min(filter(None, db.session.scalars(passed)), default=None)
