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
    """A question of a check: its first answers by how many people, how many were wrong, and wrong although sure."""

    question: Question
    people: int
    learners: int
    wrong: int
    sure_and_wrong: int

    @property
    def is_shown(self) -> bool:
        return self.people >= FEWEST


@dataclass(frozen=True)
class LessonLearned:
    """A step: how many it helped, a little, not really; what they wrote, the newest first; the questions of a check.

    Until FEWEST `people` have said something, neither sums nor words are shown: they were promised that no name goes with it."""

    lesson: Lesson
    people: int
    helped: int
    a_little: int
    not_really: int
    words: list[str]
    questions: list[Answered] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        return self.people >= FEWEST


def what_was_learned(version: CourseVersion) -> list[LessonLearned]:
    """By step of this version; what was said of the same step in earlier ones counts too. Four queries."""
    people = _people(version.course_id)
    rated, words, answers = _rated(version.course_id), _words(version.course_id), _answers(version.course_id)
    return [
        LessonLearned(
            lesson,
            people.get(lesson.key, 0),
            rated[lesson.key][3],
            rated[lesson.key][2],
            rated[lesson.key][1],
            words[lesson.key][:WORDS_SHOWN],
            [_answered(question, answers) for question in lesson.questions] if lesson.is_check else [],
        )
        for lesson in Content(version.content).lessons
    ]


def _answered(question: Question, answers: dict[str, tuple[int, int, int, int]]) -> Answered:
    return Answered(question, *answers.get(question.key, (0, 0, 0, 0)))


def _people(course_id: int) -> dict[str, int]:
    """Step -> how many people have said something of it."""
    rows = db.session.execute(
        select(LessonDone.lesson_key, func.count(CourseRun.person_id.distinct()))
        .join(CourseRun, CourseRun.id == LessonDone.run_id)
        .where(CourseRun.course_id == course_id, LessonDone.helped.is_not(None))
        .group_by(LessonDone.lesson_key)
    )
    return dict(rows.all())


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


def _answers(course_id: int) -> dict[str, tuple[int, int, int, int]]:
    """Question -> people, answers, wrong, sure and wrong: of each first go. Practice is nobody else’s business."""
    is_wrong = QuizAnswer.is_right.is_(False)
    rows = db.session.execute(
        select(
            QuizAnswer.question_key,
            func.count(CourseRun.person_id.distinct()),
            func.count(),
            func.sum(cast(is_wrong, Integer)),
            func.sum(cast(is_wrong & QuizAnswer.is_sure.is_(True), Integer)),
        )
        .join(QuizAttempt, QuizAttempt.id == QuizAnswer.attempt_id)
        .join(CourseRun, CourseRun.id == QuizAttempt.run_id)
        .where(CourseRun.course_id == course_id, QuizAttempt.number == 1, QuizAnswer.is_right.is_not(None))
        .group_by(QuizAnswer.question_key)
    )
    return {key: (people, learners, wrong or 0, sure or 0) for key, people, learners, wrong, sure in rows}
