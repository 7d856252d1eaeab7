"""Quizzes: drawing the questions, taking an answer once, the score at the end, and free answers that somebody marks."""

from collections.abc import Sequence
from datetime import date, datetime
from random import Random
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.courses.content import Content, Lesson, Question
from tracker.courses.models import CourseVersion
from tracker.notifications.actions import tell
from tracker.training.leaders import tell_who_acts
from tracker.training.learning import finish_lesson, is_over
from tracker.training.learning_models import CourseRun, QuizAnswer, QuizAttempt
from tracker.training.repeats import forget_learned, remember_wrong


def start_attempt(run: CourseRun, lesson: Lesson, *, at: datetime, chance: Random) -> QuizAttempt:
    """Another go at a quiz, or the one that is open. Conflict when a check has no go left."""
    db.session.refresh(run, with_for_update={"of": CourseRun})
    if run.ended_at is not None:
        raise is_over(run)
    attempt = latest_attempt(run.id, lesson.key)
    if attempt and (attempt.finished_at is None or attempt.passed or is_waiting(attempt, lesson)):
        return attempt
    number = attempt.number + 1 if attempt else 1
    drawn = chance.sample(range(len(lesson.questions)), lesson.asked) if lesson.draw else range(lesson.asked)
    asked = [_asked(lesson.questions[place], chance) for place in drawn]
    started = QuizAttempt(run_id=run.id, lesson_key=lesson.key, number=number, asked=asked, started_at=at)
    db.session.add(started)
    run.seen_at, run.place = at, lesson.key
    db.session.flush()
    return started


def latest_attempt(run_id: int, lesson_key: str) -> QuizAttempt | None:
    """With its answers."""
    of_lesson = (QuizAttempt.run_id == run_id, QuizAttempt.lesson_key == lesson_key)
    return db.session.scalar(
        select(QuizAttempt)
        .where(*of_lesson)
        .options(joinedload(QuizAttempt.answers))
        .order_by(QuizAttempt.number.desc())
        .limit(1)
    )


def is_waiting(attempt: QuizAttempt, lesson: Lesson) -> bool:
    """Whether its result waits for somebody to mark a free answer."""
    return attempt.finished_at is not None and attempt.passed is None and lesson.is_check


def answer_question(
    attempt: QuizAttempt, question: Question, given: Any, *, is_sure: bool | None, by: int, day: date, at: datetime
) -> QuizAnswer:
    """Take an answer: places of choices, or {"words": ...}. In a check the first one stands, however often it is sent.

    In practice a wrong one may be tried again. With the last answer the attempt has its result."""
    run, version, lesson = _lock(attempt)
    present = db.session.scalar(
        select(QuizAnswer).where(QuizAnswer.attempt_id == attempt.id, QuizAnswer.question_key == question.key)
    )
    if run.ended_at is not None:
        if present and present.given == given:  # the answer that ended it, sent twice
            return present
        raise is_over(run)
    if present and (lesson.is_check or present.is_right):
        return present
    is_right = None if question.kind == "free" else question.is_right(given)
    if present:
        present.given, present.is_right, present.answered_at = given, is_right, at
        present.tries += 1
        return present
    answer = QuizAnswer(
        attempt_id=attempt.id,
        question_key=question.key,
        given=given,
        is_sure=is_sure if question.asks_confidence else None,
        # Nobody marks practice: there it is enough to have thought of something.
        is_right=True if is_right is None and lesson.is_practice else is_right,
        answered_at=at,
    )
    db.session.add(answer)
    db.session.flush()
    run.seen_at, run.place = at, lesson.key
    if is_right is False:
        remember_wrong(run.person_id, run.course_id, question.key, day=day, at=at)
    _finish_if_answered(attempt, run, version, lesson, by=by, day=day, at=at)
    return answer


def order_of(attempt: QuizAttempt, question_key: str) -> list[int]:
    """The place in the version of each choice of a question, as this attempt shows them; Invalid when it does not ask it."""
    for asked in attempt.asked:
        if asked["key"] == question_key:
            return list(asked["order"])
    raise Invalid(_("This question is not asked here."))


def mark_answer(answer: QuizAnswer, *, is_right: bool, words: str, by: int, day: date, at: datetime) -> None:
    """What whoever leads the learner says to a free answer. `day` is the learner's. Once; then the result is worked out."""
    attempt = db.session.get_one(QuizAttempt, answer.attempt_id)
    run, version, lesson = _lock(attempt)
    if run.ended_at is not None:
        raise Conflict(_("The course has ended meanwhile, so there is nothing to mark any more."))
    db.session.refresh(answer)
    if answer.is_right is not None:
        raise Conflict(_("Somebody marked this answer meanwhile."))
    answer.is_right, answer.mark_words = is_right, words
    answer.marked_by_id, answer.marked_at = by, at
    db.session.flush()
    record("training.marked", by=by, about=answer, person=run.person_id, at=at)
    tell("training.marked", to=run.person_id, key=f"training|marked|{answer.id}", at=at, about_id=run.id)
    _finish_if_answered(attempt, run, version, lesson, by=by, day=day, at=at)


def learner_of(answer: QuizAnswer) -> int:
    """The id of whoever gave it."""
    attempt = db.session.get_one(QuizAttempt, answer.attempt_id)
    return db.session.get_one(CourseRun, attempt.run_id).person_id


def allow_another(run: CourseRun, *, by: int, at: datetime) -> None:
    """Open a course again for somebody who has no go left: they get one more."""
    db.session.refresh(run, with_for_update={"of": CourseRun})
    if run.outcome != "failed":
        raise Conflict(_("This course is open already."))
    run.ended_at, run.outcome = None, None
    run.more_attempts += 1
    record("training.given_more", by=by, about=run, person=run.person_id, at=at)
    key = f"training|another|{run.id}|{run.more_attempts}"
    tell("training.another", to=run.person_id, key=key, at=at, about_id=run.course_id)


def _asked(question: Question, chance: Random) -> dict[str, Any]:
    """Choices of an order never stand in their right order: that would be an answer without a thought."""
    order = list(range(len(question.choices)))
    if question.kind != "free":
        chance.shuffle(order)
    if question.kind == "order" and order == sorted(order):
        order.reverse()
    return {"key": question.key, "order": order}


def _lock(attempt: QuizAttempt) -> tuple[CourseRun, CourseVersion, Lesson]:
    run = db.session.get_one(CourseRun, attempt.run_id)
    db.session.refresh(run, with_for_update={"of": CourseRun})
    version = db.session.get_one(CourseVersion, run.version_id)
    lesson = Content(version.content).lesson(attempt.lesson_key)
    if lesson is None:
        raise Conflict(_("This lesson is not part of the course."))
    return run, version, lesson


def _finish_if_answered(
    attempt: QuizAttempt, run: CourseRun, version: CourseVersion, lesson: Lesson, *, by: int, day: date, at: datetime
) -> None:
    answers = db.session.scalars(select(QuizAnswer).where(QuizAnswer.attempt_id == attempt.id)).all()
    if len(answers) < len(attempt.asked):
        return
    attempt.finished_at = attempt.finished_at or at
    if lesson.is_practice:
        finish_lesson(run, lesson, by=by, day=day, at=at)
        return
    if any(answer.is_right is None for answer in answers):
        tell_who_acts("training.to_mark", run.person_id, key=f"training|mark|{attempt.id}", about_id=attempt.id, at=at)
        return
    right = sum(bool(answer.is_right) for answer in answers)
    attempt.score = 100 * right // len(answers)
    attempt.passed = 100 * right >= version.pass_mark * len(answers)
    forget_learned(run.person_id, run.course_id, _known(answers))
    if attempt.passed:
        finish_lesson(run, lesson, by=by, day=day, at=at)
    elif version.attempts is not None and attempt.number >= version.attempts + run.more_attempts:
        _end_failed(run, by=by, at=at)


def _end_failed(run: CourseRun, *, by: int, at: datetime) -> None:
    """No go is left. Whoever leads the learner hears of it and can give another: talking about it first may help."""
    run.ended_at, run.outcome = at, "failed"
    record("training.failed", by=by, about=run, person=run.person_id, at=at)
    tell_who_acts(
        "training.failed", run.person_id, key=f"training|failed|{run.id}|{run.more_attempts}", about_id=run.id, at=at
    )


def _known(answers: Sequence[QuizAnswer]) -> list[str]:
    return [answer.question_key for answer in answers if answer.is_right and answer.is_sure is not False]
