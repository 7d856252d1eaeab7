"""What whoever writes a course learns from it: whether each step helped, and which questions are answered wrongly, in sums."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from sqlalchemy import Integer, cast, func, select

from tracker.core.db import db
from tracker.courses.content import Content, Lesson, Question
from tracker.courses.models import CourseVersion
from tracker.training.learning_models import CourseRun, LessonDone, QuizAnswer, QuizAttempt

FEWEST = 5  # learners: sums of fewer would speak of somebody
WORDS_SHOWN = 20


@dataclass(frozen=True)
class Answered:
    """A question of a check: by how many learners, and of their first answers how many were wrong, and wrong although sure."""

    question: Question
    learners: int
    wrong: int
    sure_and_wrong: int

    @property
    def is_shown(self) -> bool:
        return self.learners >= FEWEST


@dataclass(frozen=True)
class LessonLearned:
    """A step: how many it helped, a little, not really; what they wrote, the newest first; the questions of a check."""

    lesson: Lesson
    helped: int
    a_little: int
    not_really: int
    words: list[str]
    questions: list[Answered] = field(default_factory=list)

    @property
    def rated(self) -> int:
        return self.helped + self.a_little + self.not_really


def what_was_learned(version: CourseVersion) -> list[LessonLearned]:
    """By step of this version; what was said of the same step in earlier ones counts too. Three queries."""
    rated, words, answers = _rated(version.course_id), _words(version.course_id), _answers(version.course_id)
    return [
        LessonLearned(
            lesson,
            rated[lesson.key][3],
            rated[lesson.key][2],
            rated[lesson.key][1],
            words[lesson.key][:WORDS_SHOWN],
            [_answered(question, answers) for question in lesson.questions] if lesson.is_check else [],
        )
        for lesson in Content(version.content).lessons
    ]


def _answered(question: Question, answers: dict[str, tuple[int, int, int]]) -> Answered:
    return Answered(question, *answers.get(question.key, (0, 0, 0)))


def _rated(course_id: int) -> dict[str, Counter[int]]:
    rows = db.session.execute(
        select(LessonDone.lesson_key, LessonDone.helped, func.count())
        .join(CourseRun, CourseRun.id == LessonDone.run_id)
        .where(CourseRun.course_id == course_id, LessonDone.helped.is_not(None))
        .group_by(LessonDone.lesson_key, LessonDone.helped)
    )
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for key, helped, count in rows:
        found[key][helped or 0] = count
    return found


def _words(course_id: int) -> dict[str, list[str]]:
    rows = db.session.execute(
        select(LessonDone.lesson_key, LessonDone.words)
        .join(CourseRun, CourseRun.id == LessonDone.run_id)
        .where(CourseRun.course_id == course_id, LessonDone.words.is_not(None))
        .order_by(LessonDone.done_at.desc())
    )
    found: dict[str, list[str]] = defaultdict(list)
    for key, words in rows:
        found[key].append(words or "")
    return found


def _answers(course_id: int) -> dict[str, tuple[int, int, int]]:
    """Question -> learners, wrong, sure and wrong: of everybody’s first go. Practice is nobody else’s business."""
    is_wrong = QuizAnswer.is_right.is_(False)
    rows = db.session.execute(
        select(
            QuizAnswer.question_key,
            func.count(),
            func.sum(cast(is_wrong, Integer)),
            func.sum(cast(is_wrong & QuizAnswer.is_sure.is_(True), Integer)),
        )
        .join(QuizAttempt, QuizAttempt.id == QuizAnswer.attempt_id)
        .join(CourseRun, CourseRun.id == QuizAttempt.run_id)
        .where(CourseRun.course_id == course_id, QuizAttempt.number == 1, QuizAnswer.is_right.is_not(None))
        .group_by(QuizAnswer.question_key)
    )
    return {key: (learners, wrong or 0, sure or 0) for key, learners, wrong, sure in rows}
