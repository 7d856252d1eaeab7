"""The questions of a quiz: written, put in order, and taken over from other courses."""

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.audience import members, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.core.pages import notice
from tracker.courses import policy, sentences, writing
from tracker.courses.blueprint import bp
from tracker.courses.content import MOST_QUESTIONS, QUESTION_KINDS, Content, Lesson
from tracker.courses.faults import faults
from tracker.courses.forms import RevisionForm
from tracker.courses.models import CourseVersion
from tracker.courses.opening import draft_to_write, lesson_to_write, save, told
from tracker.courses.page_queries import with_questions
from tracker.courses.queries import current_version
from tracker.courses.question_forms import QuestionEditor


@bp.get("/courses/<int:id>/lessons/<key>/question")
@members
def new_question(id: int, key: str) -> ResponseReturnValue:
    version, lesson = _quiz(id, key)
    editor = QuestionEditor.showing(_asked_kind(), {}, version.revision)
    return _question_page(version, lesson, editor)


@bp.post("/courses/<int:id>/lessons/<key>/question")
@members
def add_question(id: int, key: str) -> ResponseReturnValue:
    version, lesson = _quiz(id, key)
    _has_room(lesson, 1)
    editor = QuestionEditor.sent(_asked_kind())
    return _kept(
        version,
        lesson,
        editor,
        lambda draft: writing.add_questions(draft.content, key, [editor.stored()], taken=_published_keys(id)),
    )


@bp.get("/courses/<int:id>/questions/<key>")
@members
def edit_question(id: int, key: str) -> ResponseReturnValue:
    version, lesson, stored = _question(id, key)
    editor = QuestionEditor.showing(stored["kind"], stored, version.revision)
    return _question_page(version, lesson, editor, key)


@bp.post("/courses/<int:id>/questions/<key>")
@members
def save_question(id: int, key: str) -> ResponseReturnValue:
    version, lesson, stored = _question(id, key)
    editor = QuestionEditor.sent(stored["kind"])
    return _kept(
        version, lesson, editor, lambda draft: writing.change_question(draft.content, key, editor.stored()), key
    )


@bp.post("/courses/<int:id>/questions/<key>/place")
@members
def move_question(id: int, key: str) -> ResponseReturnValue:
    version, lesson, _stored = _question(id, key)
    up = request.form.get("to") == "up"
    return _changed(version, lesson, writing.move_question(version.content, key, up=up))


@bp.post("/courses/<int:id>/questions/<key>/removal")
@members
def remove_question(id: int, key: str) -> ResponseReturnValue:
    version, lesson, _stored = _question(id, key)
    return _changed(version, lesson, writing.remove_question(version.content, key), _("The question is taken out."))


@bp.get("/courses/<int:id>/lessons/<key>/bank")
@members
def bank(id: int, key: str) -> ResponseReturnValue:
    """Questions of other courses to take over: first a course, `?course=7`, then ticks."""
    version, lesson = _quiz(id, key)
    return _bank_page(version, lesson, _chosen_course(request.args.get("course", type=int)))


@bp.post("/courses/<int:id>/lessons/<key>/bank")
@members
def take_questions(id: int, key: str) -> ResponseReturnValue:
    version, lesson = _quiz(id, key)
    chosen = _chosen_course(request.form.get("course", type=int)) or abort(404)
    ticked = set(request.form.getlist("question"))
    questions = [question for question in _stored_questions(chosen) if question["key"] in ticked]
    form = RevisionForm()
    if not questions:
        form.form_errors = [_("Tick the questions you would like to take over.")]
        return _bank_page(version, lesson, chosen, form), 422
    _has_room(lesson, len(questions))
    content = writing.add_questions(version.content, key, questions, taken=_published_keys(id))
    said = ngettext("%(num)d question is taken over.", "%(num)d questions are taken over.", len(questions))
    return _changed(version, lesson, content, said)


def _quiz(id: int, key: str) -> tuple[CourseVersion, Lesson]:
    version, lesson = lesson_to_write(id, key)
    return (version, lesson) if lesson.kind == "quiz" else abort(404)


def _question(id: int, key: str) -> tuple[CourseVersion, Lesson, dict[str, Any]]:
    version = draft_to_write(id)
    for lesson in version.content.get("lessons", ()):
        for stored in lesson.get("questions", ()):
            if stored["key"] == key:
                return version, Content(version.content).lesson(lesson["key"]) or abort(404), stored
    return abort(404)


def _asked_kind() -> str:
    kind = request.args.get("kind", "single")
    return kind if kind in QUESTION_KINDS else abort(404)


def _published_keys(course_id: int) -> set[str]:
    current = current_version(course_id)
    return writing.question_keys(current.content) if current else set()


def _chosen_course(course_id: int | None) -> CourseVersion | None:
    """The current version of a course that the viewer may take questions from."""
    offered = with_questions(policy.courses_read_by(viewer()))
    return next((version for version in offered if version.course_id == course_id), None)


def _stored_questions(version: CourseVersion) -> list[dict[str, Any]]:
    return [question for lesson in version.content["lessons"] for question in lesson.get("questions", ())]


def _has_room(lesson: Lesson, more: int) -> None:
    if len(lesson.questions) + more > MOST_QUESTIONS:
        raise Invalid(_("A quiz has %(most)d questions at most.", most=MOST_QUESTIONS))


def _kept(
    version: CourseVersion, lesson: Lesson, editor: QuestionEditor, change: Any, key: str | None = None
) -> ResponseReturnValue:
    """Save a question, or show its form again: with one row more when that was asked for, or with what is wrong."""
    if request.form.get("do") == "more":
        editor.grow()
        return _question_page(version, lesson, editor, key)
    if not editor.validate():
        return _question_page(version, lesson, editor, key), 422
    course_id, lesson_key = version.course_id, lesson.key
    try:
        save(version, {"content": change(version)}, editor.form)
    except Conflict as error:
        db.session.rollback()
        told(editor.form, error, course_id)
        return _question_page(draft_to_write(course_id), lesson, editor, key), int(error.status)
    notice(_("Saved."))
    return redirect(url_for(".edit_lesson", id=course_id, key=lesson_key), 303)


def _changed(
    version: CourseVersion, lesson: Lesson, content: dict[str, Any], sentence: str | None = None
) -> ResponseReturnValue:
    course_id = version.course_id
    try:
        save(version, {"content": content}, RevisionForm())
    except Conflict as error:
        db.session.rollback()
        notice(error.sentence, kind="attn")
    else:
        if sentence:
            notice(sentence)
    return redirect(url_for(".edit_lesson", id=course_id, key=lesson.key), 303)


def _question_page(version: CourseVersion, lesson: Lesson, editor: QuestionEditor, key: str | None = None) -> str:
    return render_template(
        "courses/question.html",
        version=version,
        lesson=lesson,
        editor=editor,
        form=editor.form,
        key=key,
        faults=[fault for fault in faults(version) if key and fault.question == key],
        words=sentences,
    )


def _bank_page(
    version: CourseVersion, lesson: Lesson, chosen: CourseVersion | None, form: RevisionForm | None = None
) -> str:
    offered: Sequence[CourseVersion] = with_questions(policy.courses_read_by(viewer()))
    return render_template(
        "courses/bank.html",
        version=version,
        lesson=lesson,
        chosen=chosen,
        offered=[one for one in offered if one.course_id != version.course_id],
        questions=_stored_questions(chosen) if chosen else [],
        form=form or RevisionForm(formdata=None),
        words=sentences,
    )
