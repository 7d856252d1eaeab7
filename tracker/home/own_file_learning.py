"""What one's own file says of talks and training."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from tracker.coaching.effect_contents import Contents
from tracker.coaching.effect_told import effects_told
from tracker.coaching.models import CoachingAction, CoachingCase, CoachingSession
from tracker.coaching.policy import agreed_actions_seen_by, cases_seen_by, sessions_seen_by
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.courses.models import CourseVersion
from tracker.home.own_file_lines import Line, Section, rows
from tracker.ratings import sentences
from tracker.ratings.card_contents import check_of
from tracker.ratings.models import Fall
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.learning_models import CourseRun, QuizAnswer, QuizAttempt, RepeatCard
from tracker.training.models import Assignment, CourseWish


def _cases(viewer: Viewer) -> Iterable[Line]:
    """One's own talks, with what the check said when each began, and what the page of the talk says of before and after."""
    found = cases_seen_by(viewer).where(CoachingCase.person_id == viewer.person_id).order_by(CoachingCase.id)
    with_fall = found.add_columns(Fall).outerjoin(Fall, Fall.id == CoachingCase.fall_id)
    plain = ("opened_at", "shares_at", "reply", "replied_at", "closed_at", "closed_because")
    found_with_fall = db.session.execute(with_fall).all()
    effects = effects_told([case for case, _fall in found_with_fall], viewer)
    return [
        {"number": case.id, "check": sentences.fall_sentence(check_of(fall)) if fall else None}
        | ({"n": fall.n, "observed": fall.observed, "expected": fall.expected, "chance": fall.p} if fall else {})
        | {name: getattr(case, name) for name in plain}
        | _effect(effects.get(case.id))
        for case, fall in found_with_fall
    ]


def _effect(told: Contents | None) -> dict[str, Any]:
    """Empty until a talk was held."""
    if told is None:
        return dict.fromkeys(("verdict", "verdict_on", "before_and_after", "before_and_after_figures"))
    return {
        "verdict": told.word,
        "verdict_on": told.on,
        "before_and_after": " ".join([told.headline, *told.sentences]),
        "before_and_after_figures": [" · ".join(row) for row in told.rows],
    }


def _talks(viewer: Viewer) -> Iterable[Line]:
    of = CoachingSession
    columns = (of.case_id.label("talk"), of.kind, of.starts_at, of.minutes, of.place, of.held_at, of.note)
    mine = sessions_seen_by(viewer).where(CoachingCase.person_id == viewer.person_id)
    return rows(mine.with_only_columns(*columns))


def _agreed(viewer: Viewer) -> Iterable[Line]:
    of = CoachingAction
    mine = agreed_actions_seen_by(viewer).where(CoachingCase.person_id == viewer.person_id)
    return rows(mine.with_only_columns(of.case_id.label("talk"), of.text, of.due_on, of.created_at, of.done_at))


def _assigned(viewer: Viewer) -> Iterable[Line]:
    of = Assignment
    columns = (of.course_id.label("course"), of.why, of.words, of.driver, of.assigned_at, of.due_on, of.is_paid)
    more = (of.ended_at, of.outcome, of.reason)
    return rows(select(*columns, *more).where(of.person_id == viewer.person_id).order_by(of.id))


def _runs(viewer: Viewer) -> Iterable[Line]:
    of = CourseRun
    columns = (of.course_id.label("course"), CourseVersion.title, of.started_at, of.seen_at, of.ended_at, of.outcome)
    found = select(*columns).join(CourseVersion, CourseVersion.id == of.version_id)
    return rows(found.where(of.person_id == viewer.person_id).order_by(of.id))


def _answers(viewer: Viewer) -> Iterable[Line]:
    of = QuizAnswer
    columns = (CourseRun.course_id.label("course"), QuizAttempt.lesson_key, QuizAttempt.number, of.question_key)
    more = (of.given, of.is_sure, of.is_right, of.tries, of.answered_at, of.mark_words)
    found = select(*columns, *more).join(QuizAttempt, QuizAttempt.id == of.attempt_id).join(CourseRun)
    return rows(found.where(CourseRun.person_id == viewer.person_id).order_by(of.id))


def _repeats(viewer: Viewer) -> Iterable[Line]:
    of = RepeatCard
    columns = (of.course_id.label("course"), of.question_key, of.due_on, of.times, of.wrong_at, of.answered_at)
    return rows(select(*columns).where(of.person_id == viewer.person_id).order_by(of.course_id, of.question_key))


def _completed(viewer: Viewer) -> Iterable[Line]:
    of = Completion
    columns = (of.course_id.label("course"), CourseVersion.title, of.how, of.completed_at, of.score, of.words)
    found = select(*columns, of.ended_at).join(CourseVersion, CourseVersion.id == of.version_id)
    return rows(found.where(of.person_id == viewer.person_id).order_by(of.id))


def _certificates(viewer: Viewer) -> Iterable[Line]:
    of = Certificate
    columns = (of.number, of.title, of.issued_on, of.expires_on, of.ended_on)
    return rows(select(*columns).where(of.person_id == viewer.person_id).order_by(of.id))


def _wishes(viewer: Viewer) -> Iterable[Line]:
    of = CourseWish
    columns = (of.course_id.label("course"), of.words, of.wished_at)
    return rows(select(*columns).where(of.person_id == viewer.person_id).order_by(of.id))


SECTIONS = (
    Section("talks", ("coaching_case", "fall", "case_effect"), _cases),
    Section("talks_held", ("coaching_session",), _talks),
    Section("talks_agreed", ("coaching_action",), _agreed),
    Section("courses_assigned", ("assignment",), _assigned),
    Section("courses_begun", ("course_run",), _runs),
    Section("course_answers", ("quiz_answer",), _answers),
    Section("course_repeats", ("repeat_card",), _repeats),
    Section("courses_finished", ("completion",), _completed),
    Section("certificates", ("certificate",), _certificates),
    Section("courses_wished_for", ("course_wish",), _wishes),
)
