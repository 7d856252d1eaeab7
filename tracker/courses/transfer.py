"""A whole course as one file, out and in: course.json, and beside it its texts and files. docs/courses.md has the format."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from flask_babel import gettext as _

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.courses.actions import begin_course, save_draft
from tracker.courses.content import Content, Lesson, Question
from tracker.courses.file_kinds import KINDS, MEGABYTE
from tracker.courses.files import Sent, add_file, files_of, read
from tracker.courses.forms import LONGEST_TEXT
from tracker.courses.markdown import FOLDER
from tracker.courses.models import Course, CourseVersion
from tracker.courses.packing import COURSE, FolderSource, Source, ZipSource
from tracker.courses.ports import drivers
from tracker.courses.transfer_checking import EDITION, FORMAT, CourseGiven, checked

EARLIEST = (1980, 1, 1, 0, 0, 0)  # every entry's date: the same course gives the same bytes


@dataclass(frozen=True)
class Exported:
    """course.json, the texts by place, and the files to put beside them: name -> (id, bytes)."""

    course: Mapping[str, Any]
    texts: Mapping[str, str]
    files: Mapping[str, tuple[int, int]]


def exported(version: CourseVersion) -> Exported:
    """What a version's file holds; everything is read that stands beside the bytes of its files."""
    files = files_of(version.course_id)
    names = {file.token: file.name for file in files}
    texts: dict[str, str] = {}
    lessons = [_lesson(number, one, names, texts) for number, one in enumerate(Content(version.content).lessons, 1)]
    course = {
        "format": FORMAT,
        "edition": EDITION,
        **{name: getattr(version, name) for name in ("title", "summary", "language", "drivers", "pass_mark")},
        **{name: getattr(version, name) for name in ("attempts", "certificate_months")},
        "lessons": lessons,
    }
    return Exported(course, texts, {file.name: (file.id, file.size) for file in files})


def write(course: Exported) -> BinaryIO:
    """The zip, in a file of its own that is gone once it is closed."""
    target = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - whoever sends it closes it
    with ZipFile(target, "w") as archive:
        _put(archive, COURSE, [json.dumps(course.course, ensure_ascii=False, indent=1).encode()])
        for place, text in course.texts.items():
            _put(archive, place, [text.encode()])
        for name, (file_id, size) in course.files.items():
            _put(archive, FOLDER + name, read(file_id, 0, size - 1), method=ZIP_STORED)
    target.seek(0)
    return target


def read_zip(stream: BinaryIO, *, team_id: int | None, by: int, at: datetime) -> CourseVersion:
    """A new course's draft from what somebody sent. Invalid with one sentence when it is no course."""
    return _read(ZipSource(stream), team_id=team_id, by=by, at=at)


def read_folder(folder: Path, *, team_id: int | None, by: int, at: datetime) -> CourseVersion:
    """The same from a folder in which the zip was unpacked."""
    return _read(FolderSource(folder), team_id=team_id, by=by, at=at)


def _read(source: Source, *, team_id: int | None, by: int, at: datetime) -> CourseVersion:
    given = checked(_course_json(source))
    known = {driver.key for driver in drivers()}
    if unknown := next((key for key in given.drivers if key not in known), None):
        raise Invalid(_("The course: “%(key)s” is no driver here.", key=unknown))
    _refuse_missing(given, source)
    values = given.model_dump(exclude={"format", "edition", "lessons"})
    draft = begin_course({**values, "content": {}}, team_id=team_id, by=by, at=at)
    tokens = {
        place: _take_file(draft, source, place, by=by, at=at) for place in source.places if place.startswith(FOLDER)
    }
    lessons = [_stored(lesson.model_dump(exclude_unset=True), source, tokens) for lesson in given.lessons]
    save_draft(draft, {"content": {"lessons": lessons}}, revision=draft.revision, by=by, at=at)
    record("course.imported", by=by, about=db.session.get_one(Course, draft.course_id), at=at)
    return draft


def _course_json(source: Source) -> Any:
    if COURSE not in source.places:
        raise Invalid(_("This ZIP holds no course.json, so it is no course."))
    try:
        with source.open(COURSE, most=2 * MEGABYTE) as file:
            given = json.loads(file.read().decode())
        _plain(given)
    except (ValueError, RecursionError):
        raise Invalid(_("course.json can’t be read: it is no JSON in UTF-8.")) from None
    return given


def _plain(value: Any) -> None:
    """ValueError for texts that no database and no page takes: NUL, and halves of a letter."""
    if isinstance(value, str):
        value.encode()
        if "\x00" in value:
            raise ValueError("NUL")
    elif isinstance(value, dict):
        for part in (*value, *value.values()):
            _plain(part)
    elif isinstance(value, list):
        for part in value:
            _plain(part)


def _refuse_missing(given: CourseGiven, source: Source) -> None:
    """Every text and file that a lesson names must be there."""
    for number, lesson in enumerate(given.lessons, start=1):
        wanted = [("lessons/", getattr(lesson, "text", None)), (FOLDER, getattr(lesson, "file", None))]
        for folder, place in wanted:
            if place is not None and (place not in source.places or not place.startswith(folder)):
                raise Invalid(_("Lesson %(lesson)d: “%(place)s” is not in the file.", lesson=number, place=place))


def _take_file(draft: CourseVersion, source: Source, place: str, *, by: int, at: datetime) -> str:
    """Keep a file; its token. It must be what its name says."""
    name = place.removeprefix(FOLDER)
    kind = KINDS.get(name.rpartition(".")[2])
    if kind is None:
        raise Invalid(_("“%(place)s” is nothing that a course can hold.", place=place))
    with source.open(place, most=kind.most) as stream:
        file = add_file(draft.course_id, Sent(stream, name), groups=[kind.group], by=by, at=at)
    if file.name != name or file.media_type != kind.media_type:
        raise Invalid(
            _(
                "“%(place)s” has a name that does not fit: small letters, digits and hyphens, and the ending of its kind.",
                place=place,
            )
        )
    return file.token


def _stored(lesson: dict[str, Any], source: Source, tokens: Mapping[str, str]) -> dict[str, Any]:
    """A lesson as a version keeps it: with its text itself, and the token of its file."""
    kept = {name: value for name, value in lesson.items() if value is not None and name not in {"text", "file"}}
    if text := lesson.get("text"):
        kept["text"] = _text(source, str(text))
    if file := lesson.get("file"):
        kept["file"] = tokens[str(file)]
    return kept


def _text(source: Source, place: str) -> str:
    try:
        with source.open(place, most=4 * LONGEST_TEXT) as file:
            text = file.read().decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise Invalid(_("“%(place)s” is no text in UTF-8.", place=place)) from None
    if len(text) > LONGEST_TEXT or "\x00" in text:
        raise Invalid(_("“%(place)s” is no text of %(most)d characters at most.", place=place, most=LONGEST_TEXT))
    return text


def _lesson(number: int, lesson: Lesson, names: Mapping[str, str], texts: dict[str, str]) -> dict[str, Any]:
    kept: dict[str, Any] = {"key": lesson.key, "kind": lesson.kind, "title": lesson.title, "minutes": lesson.minutes}
    if lesson.link:
        kept["link"] = lesson.link
    if lesson.file is not None and lesson.file in names:
        kept["file"] = FOLDER + names[lesson.file]
    if lesson.text:
        kept["text"] = f"lessons/{number:02}-{lesson.key}.md"
        texts[kept["text"]] = lesson.text
    if lesson.kind == "quiz":
        questions = [_question(question) for question in lesson.questions]
        kept |= {"practice": lesson.is_practice, "draw": lesson.draw, "questions": questions}
    return kept


def _question(question: Question) -> dict[str, Any]:
    kept: dict[str, Any] = {"key": question.key, "kind": question.kind, "text": question.text}
    if question.explanation:
        kept["explanation"] = question.explanation
    if question.kind == "free":
        return kept
    is_order = question.kind == "order"
    choices = [
        {"text": one.text} | ({} if is_order else {"right": one.is_right, "says": one.says}) for one in question.choices
    ]
    return {**kept, "confidence": question.asks_confidence, "choices": choices}


def _put(archive: ZipFile, place: str, parts: Any, *, method: int = ZIP_DEFLATED) -> None:
    entry = ZipInfo(place, EARLIEST)
    entry.compress_type, entry.external_attr = method, 0o644 << 16
    with archive.open(entry, "w") as target:
        for part in cast(Iterator[bytes], parts):
            target.write(part)
