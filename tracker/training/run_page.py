"""What the page of a course in progress shows: the step somebody is at, what they have done, and what comes next."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.courses.content import Choice, Content, Lesson, Question
from tracker.courses.models import CourseVersion
from tracker.training.certificate_models import Certificate
from tracker.training.learning_models import CourseRun, LessonDone, QuizAnswer, QuizAttempt
from tracker.training.models import Assignment
from tracker.training.quizzes import is_waiting, latest_attempt


@dataclass(frozen=True)
class QuestionShown:
    """A question of an attempt with its choices as drawn: (place in the version, choice). `number` of `count`."""

    question: Question
    choices: list[tuple[int, Choice]]
    number: int
    count: int
    answer: QuizAnswer | None

    @property
    def is_open(self) -> bool:
        """Whether it can be answered: not yet, or again in practice."""
        return self.answer is None


@dataclass(frozen=True)
class QuizShown:
    """A quiz as it stands: the attempt (None: not begun), the question to show (None: an overview), the tries left (None: any)."""

    attempt: QuizAttempt | None
    shown: QuestionShown | None
    left: int | None
    is_waiting: bool
    questions: list[QuestionShown]

    @property
    def wrong(self) -> list[QuestionShown]:
        return [question for question in self.questions if question.answer and question.answer.is_right is False]

    @property
    def next_key(self) -> str | None:
        """The first question without an answer."""
        return next((shown.question.key for shown in self.questions if shown.answer is None), None)


@dataclass(frozen=True)
class RunPage:
    """One step of a run, and the list of all."""

    run: CourseRun
    version: CourseVersion
    content: Content
    lesson: Lesson
    done: dict[str, LessonDone]
    quiz: QuizShown | None
    assignment: Assignment | None
    certificate: Certificate | None
    newer: CourseRun | None  # what was begun since this run was replaced

    @property
    def number(self) -> int:
        return self.content.keys.index(self.lesson.key) + 1

    @property
    def minutes_left(self) -> int:
        return sum(lesson.minutes for lesson in self.content.lessons if lesson.key not in self.done)

    @property
    def next_lesson(self) -> Lesson | None:
        """The next one that is not done, else the one that follows."""
        after = [*self.content.lessons[self.number :], *self.content.lessons[: self.number - 1]]
        return next((lesson for lesson in after if lesson.key not in self.done), None)


def run_page(run: CourseRun, *, lesson_key: str | None, question_key: str | None) -> RunPage:
    """Seven queries at most. An unknown lesson or question is the place where the learner is."""
    version = db.session.get_one(CourseVersion, run.version_id)
    content = Content(version.content)
    lesson = content.lesson(lesson_key or run.place) or content.lesson(run.place) or content.lessons[0]
    done = db.session.scalars(select(LessonDone).where(LessonDone.run_id == run.id))
    quiz = _quiz(run, version, lesson, question_key) if lesson.kind == "quiz" else None
    return RunPage(
        run=run,
        version=version,
        content=content,
        lesson=lesson,
        done={finished.lesson_key: finished for finished in done},
        quiz=quiz,
        assignment=_assignment(run),
        certificate=_certificate(run) if run.outcome == "completed" else None,
        newer=_newer(run) if run.outcome == "replaced" else None,
    )


def _quiz(run: CourseRun, version: CourseVersion, lesson: Lesson, question_key: str | None) -> QuizShown:
    attempt = latest_attempt(run.id, lesson.key)
    used = attempt.number if attempt else 0
    left = None if version.attempts is None or lesson.is_practice else version.attempts + run.more_attempts - used
    if attempt is None:
        return QuizShown(None, None, left, is_waiting=False, questions=[])
    questions = questions_of(attempt, lesson)
    if run.ended_at is not None:  # nothing is answered any more
        questions = [shown for shown in questions if shown.answer]
    is_asked = next((shown for shown in questions if shown.question.key == question_key), None)
    first_open = next((shown for shown in questions if shown.answer is None), None)
    return QuizShown(attempt, is_asked or first_open, left, is_waiting(attempt, lesson), questions)


def questions_of(attempt: QuizAttempt, lesson: Lesson) -> list[QuestionShown]:
    """Those of an attempt, in the order and with the choices as drawn. `attempt.answers` must be loaded."""
    answers = {answer.question_key: answer for answer in attempt.answers}
    found = []
    for number, asked in enumerate(attempt.asked, start=1):
        question = lesson.question(asked["key"])
        if question is not None:
            choices = [(place, question.choices[place]) for place in asked["order"]]
            found.append(QuestionShown(question, choices, number, len(attempt.asked), answers.get(question.key)))
    return found


def _assignment(run: CourseRun) -> Assignment | None:
    """Why they do it: the open one, else the last."""
    return db.session.scalar(
        select(Assignment)
        .where(Assignment.person_id == run.person_id, Assignment.course_id == run.course_id)
        .options(joinedload(Assignment.by))
        .order_by(Assignment.ended_at.is_not(None), Assignment.assigned_at.desc())
        .limit(1)
    )


def _certificate(run: CourseRun) -> Certificate | None:
    newest = (Certificate.person_id == run.person_id, Certificate.course_id == run.course_id)
    return db.session.scalar(select(Certificate).where(*newest, Certificate.renewed_by_id.is_(None)))


def _newer(run: CourseRun) -> CourseRun | None:
    later = (CourseRun.person_id == run.person_id, CourseRun.course_id == run.course_id, CourseRun.id > run.id)
    return db.session.scalar(select(CourseRun).where(*later).order_by(CourseRun.id.desc()).limit(1))
