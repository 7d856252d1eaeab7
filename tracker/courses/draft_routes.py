"""Writing a course: its facts and its lessons, one page each, beside the learner's phone."""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import members, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError, Invalid
from tracker.core.headers import framing, may_be_framed
from tracker.core.pages import notice
from tracker.courses import sentences, writing
from tracker.courses.blueprint import bp
from tracker.courses.content import MOST_LESSONS, QUESTION_KINDS, Content, Lesson
from tracker.courses.faults import faults
from tracker.courses.files import Sent, add_file, files_of
from tracker.courses.forms import AddLessonForm, FactsForm, LessonForm, RevisionForm
from tracker.courses.models import CourseVersion
from tracker.courses.opening import (
    draft_to_write,
    lesson_to_write,
    let_authors_send_large_files,
    save,
    told,
)
from tracker.courses.page_queries import described
from tracker.courses.ports import drivers
from tracker.courses.queries import current_version
from tracker.courses.showing import show

# What a lesson of each kind may hold. Pictures in the text of a film or a PDF are brought in on the page of files.
UPLOADED = {"text": "picture", "video": "film", "pdf": "pdf", "package": "package"}
SHOWN_GROUPS = {"video": "video/", "pdf": "application/pdf", "package": "application/zip"}

bp.url_value_preprocessor(let_authors_send_large_files)


@bp.get("/courses/<int:id>/draft")
@members
def draft(id: int) -> ResponseReturnValue:
    version = draft_to_write(id)
    form = AddLessonForm(formdata=None, data={"revision": version.revision})
    return _draft_page(version, form)


@bp.get("/courses/<int:id>/draft/facts")
@members
def edit_facts(id: int) -> ResponseReturnValue:
    version = draft_to_write(id)
    return _facts_page(version, FactsForm.showing(version))


@bp.post("/courses/<int:id>/draft/facts")
@members
def save_facts(id: int) -> ResponseReturnValue:
    version = draft_to_write(id)
    form = FactsForm(version)
    if not form.validate():
        return _facts_page(version, form), 422
    try:
        save(version, form.values(), form)
    except Conflict as error:
        db.session.rollback()
        told(form, error, id)
        return _facts_page(draft_to_write(id), form), int(error.status)
    notice(_("Saved."))
    return redirect(url_for(".draft", id=id), 303)


@bp.post("/courses/<int:id>/draft/lessons")
@members
def add_lesson(id: int) -> ResponseReturnValue:
    version = draft_to_write(id)
    form = AddLessonForm()
    if not form.validate():
        return _draft_page(version, form), 422
    if len(Content(version.content).lessons) >= MOST_LESSONS:
        raise Invalid(_("A course has %(most)d lessons at most.", most=MOST_LESSONS))
    lesson = {"kind": form.kind.data, "title": form.title.data, "minutes": 3}
    taken = writing.lesson_keys(_published(id))
    content, key = writing.add_lesson(version.content, lesson, taken=taken)
    try:
        save(version, {"content": content}, form)
    except Conflict as error:
        db.session.rollback()
        told(form, error, id)
        return _draft_page(draft_to_write(id), form), int(error.status)
    return redirect(url_for(".edit_lesson", id=id, key=key), 303)


@bp.get("/courses/<int:id>/lessons/<key>")
@members
def edit_lesson(id: int, key: str) -> ResponseReturnValue:
    version, lesson = lesson_to_write(id, key)
    form = LessonForm(formdata=None, data=_given(version, lesson))
    return _lesson_page(version, lesson, form)


@bp.post("/courses/<int:id>/lessons/<key>")
@members
def save_lesson(id: int, key: str) -> ResponseReturnValue:
    version, lesson = lesson_to_write(id, key)
    form = LessonForm()
    form.offer_files(_offered(version, lesson))
    if not form.validate():
        return _lesson_page(version, lesson, form, 422)
    try:
        values = {**form.values(lesson.kind), **_brought_in(version, lesson, form)}
        save(version, {"content": writing.change_lesson(version.content, key, values)}, form)
    except DomainError as error:
        db.session.rollback()
        version, lesson = lesson_to_write(id, key)
        if isinstance(error, Conflict):
            told(form, error, id)
        else:
            form.upload.errors = [error.sentence]
        return _lesson_page(version, lesson, form, int(error.status))
    notice(_("Saved."))
    return redirect(url_for(".edit_lesson", id=id, key=key), 303)


@bp.post("/courses/<int:id>/lessons/<key>/place")
@members
def move_lesson(id: int, key: str) -> ResponseReturnValue:
    version, _lesson = lesson_to_write(id, key)
    return _changed(version, writing.move_lesson(version.content, key, up=request.form.get("to") == "up"))


@bp.post("/courses/<int:id>/lessons/<key>/removal")
@members
def remove_lesson(id: int, key: str) -> ResponseReturnValue:
    version, lesson = lesson_to_write(id, key)
    return _changed(
        version, writing.remove_lesson(version.content, key), _("“%(title)s” is taken out.", title=lesson.title)
    )


@bp.get("/courses/<int:id>/lessons/<key>/preview")
@members
def preview(id: int, key: str) -> ResponseReturnValue:
    """The lesson as it was saved last, as a learner sees it."""
    version, lesson = lesson_to_write(id, key)
    return _on_the_phone(version, lesson)


@bp.post("/courses/<int:id>/lessons/<key>/preview")
@members
def preview_typed(id: int, key: str) -> ResponseReturnValue:
    """The same of what stands in the editor. Nothing is saved."""
    version, lesson = lesson_to_write(id, key)
    form = LessonForm()
    form.offer_files(_offered(version, lesson))
    typed = {name: value for name, value in form.values(lesson.kind).items() if value is not None or name != "minutes"}
    content = writing.change_lesson(version.content, key, {**typed, "title": typed["title"] or lesson.title})
    return _on_the_phone(version, Content(content).lesson(key) or lesson)


def _changed(version: CourseVersion, content: dict[str, Any], sentence: str | None = None) -> ResponseReturnValue:
    """A change by one button: what came in between is said on the page that it was pressed on."""
    course_id = version.course_id
    try:
        save(version, {"content": content}, RevisionForm())
    except Conflict as error:
        db.session.rollback()
        notice(error.sentence, kind="attn")
    else:
        if sentence:
            notice(sentence)
    return redirect(url_for(".draft", id=course_id), 303)


def _brought_in(version: CourseVersion, lesson: Lesson, form: LessonForm) -> dict[str, Any]:
    """What a file that came with the form changes: a picture goes to the end of the text, everything else is the lesson's file."""
    sent = form.upload.data
    if not sent or not sent.filename or lesson.kind not in UPLOADED:
        return {}
    if lesson.kind == "text" and not form.shows.data:
        raise Invalid(_("Say what the picture shows, for who cannot see it."))
    group = UPLOADED[lesson.kind]
    name = sent.filename
    at, by = clock.now(), viewer().person_id
    file = add_file(version.course_id, Sent(sent.stream, name), groups=[group], by=by, at=at)
    if lesson.kind != "text":
        return {"file": file.token} | ({"link": None} if lesson.kind == "video" else {})
    shows = "".join(letter for letter in form.shows.data if letter not in "[]\\`*_<>")
    text = form.values("text")["text"] or ""
    return {"text": f"{text}\n\n![{shows}](files/{file.name})".strip()}


def _published(course_id: int) -> dict[str, Any]:
    current = current_version(course_id)
    return current.content if current else {}


def _offered(version: CourseVersion, lesson: Lesson) -> list[Any]:
    wanted = SHOWN_GROUPS.get(lesson.kind)
    return [file for file in files_of(version.course_id) if wanted and file.media_type.startswith(wanted)]


def _given(version: CourseVersion, lesson: Lesson) -> dict[str, Any]:
    kept = {name: getattr(lesson, name) for name in ("title", "minutes", "text", "file", "link", "draw")}
    return {**kept, "practice": lesson.is_practice, "revision": version.revision}


def _draft_page(version: CourseVersion, form: AddLessonForm) -> str:
    return render_template(
        "courses/draft.html",
        whole=described(version.course),
        version=version,
        lessons=Content(version.content).lessons,
        faults=faults(version),
        form=form,
        driver_names={one.key: one.name for one in drivers()},
        words=sentences,
    )


def _facts_page(version: CourseVersion, form: FactsForm) -> str:
    return render_template("courses/facts.html", version=version, form=form)


def _lesson_page(version: CourseVersion, lesson: Lesson, form: LessonForm, status: int = 200) -> ResponseReturnValue:
    form.offer_files(_offered(version, lesson))
    page = render_template(
        "courses/lesson.html",
        version=version,
        lesson=lesson,
        form=form,
        faults=[fault for fault in faults(version) if fault.lesson == lesson.key],
        kinds=QUESTION_KINDS,
        words=sentences,
    )
    return framing(make_response(page, status))


def _on_the_phone(version: CourseVersion, lesson: Lesson) -> ResponseReturnValue:
    shown = show(lesson, files_of(version.course_id))
    return may_be_framed(make_response(render_template("courses/preview.html", shown=shown, words=sentences)))
