"""Going through a course: the step somebody is at, on whatever device."""

from random import SystemRandom
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from tracker.core import clock
from tracker.core.audience import find_or_404, members, viewer
from tracker.core.db import db
from tracker.core.pages import notice
from tracker.courses import sentences as course_words
from tracker.courses.content import Content, Lesson
from tracker.courses.files import files_of
from tracker.courses.models import Course, CourseVersion
from tracker.courses.policy import courses_read_by
from tracker.courses.showing import show
from tracker.training import learning, quizzes, sentences
from tracker.training.assign_page import driver_names
from tracker.training.blueprint import bp
from tracker.training.forms import AnswerForm, LessonRatingForm
from tracker.training.learning_models import CourseRun, QuizAttempt
from tracker.training.policy import attempts_of, runs_of
from tracker.training.run_page import RunPage, run_page

CHANCE = SystemRandom()


@bp.post("/courses/<int:id>/runs")
@members
def start(id: int) -> ResponseReturnValue:
    course: Course = find_or_404(courses_read_by(viewer()), id)
    run = learning.start_run(course, by=viewer().person_id, day=viewer().today, at=clock.now())
    return redirect(url_for(".run", id=run.id), 303)


@bp.get("/runs/<int:id>")
@members
def run(id: int) -> ResponseReturnValue:
    """`?lesson=` and `?question=` look at one of them; without them the page is where the learner stopped."""
    found: CourseRun = find_or_404(runs_of(viewer()), id)
    page = run_page(found, lesson_key=request.args.get("lesson"), question_key=request.args.get("question"))
    return _page(page)


@bp.post("/runs/<int:id>/lessons/<key>/completion")
@members
def finish(id: int, key: str) -> ResponseReturnValue:
    """A lesson that is read or watched. A quiz is finished by answering it, a package by itself."""
    found: CourseRun = find_or_404(runs_of(viewer()), id)
    lesson = _lesson(found, key)
    if lesson.kind in {"quiz", "package"}:
        raise NotFound
    learning.finish_lesson(found, lesson, by=viewer().person_id, day=viewer().today, at=clock.now())
    return redirect(url_for(".run", id=id), 303)


@bp.post("/runs/<int:id>/lessons/<key>/rating")
@members
def rate(id: int, key: str) -> ResponseReturnValue:
    found: CourseRun = find_or_404(runs_of(viewer()), id)
    lesson, form = _lesson(found, key), LessonRatingForm()
    if not form.validate():
        return _page(run_page(found, lesson_key=key, question_key=None), rating=form), 422
    learning.rate_lesson(found, lesson, helped=int(form.helped.data), words=form.words.data)
    notice(_("Thank you. Whoever writes the course reads it, without your name."))
    return redirect(url_for(".run", id=id, lesson=key), 303)


@bp.post("/runs/<int:id>/lessons/<key>/attempts")
@members
def begin_quiz(id: int, key: str) -> ResponseReturnValue:
    found: CourseRun = find_or_404(runs_of(viewer()), id)
    lesson = _lesson(found, key)
    if lesson.kind != "quiz":
        raise NotFound
    quizzes.start_attempt(found, lesson, at=clock.now(), chance=CHANCE)
    return redirect(url_for(".run", id=id, lesson=key), 303)


@bp.post("/attempts/<int:id>/answers/<key>")
@members
def answer(id: int, key: str) -> ResponseReturnValue:
    """One answer. Sent twice, or later from a phone that had no signal, it is taken once."""
    attempt: QuizAttempt = find_or_404(attempts_of(viewer()), id)
    found = db.session.get_one(CourseRun, attempt.run_id)
    question = _lesson(found, attempt.lesson_key).question(key)
    if question is None:
        raise NotFound
    form = AnswerForm(question, quizzes.order_of(attempt, key), request.form)
    if not form.validate():
        return _page(run_page(found, lesson_key=attempt.lesson_key, question_key=key), answer=form), 422
    person = viewer()
    quizzes.answer_question(
        attempt, question, form.answer(), is_sure=form.is_sure(), by=person.person_id, day=person.today, at=clock.now()
    )
    return redirect(url_for(".run", id=found.id, lesson=attempt.lesson_key, question=key), 303)


def _lesson(run: CourseRun, key: str) -> Lesson:
    lesson = Content(db.session.get_one(CourseVersion, run.version_id).content).lesson(key)
    if lesson is None:
        raise NotFound
    return lesson


def _page(page: RunPage, **forms: Any) -> str:
    """The page of a step, with the forms that were sent and not taken."""
    shown = show(page.lesson, files_of(page.version.course_id))
    empty = {"rating": LessonRatingForm(formdata=None), "answer": None, "drivers": driver_names()}
    return render_template(
        "training/run.html", page=page, words=sentences, course_words=course_words, shown=shown, **{**empty, **forms}
    )
