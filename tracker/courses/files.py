"""Files of a course: stored in parts, read in parts, so that no film is ever whole in memory."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.courses.content import Content
from tracker.courses.file_kinds import MEGABYTE, MOST_COURSE_BYTES, PACKAGE, PART_BYTES, kind_of, name_for, size_of
from tracker.courses.markdown import pictures_in
from tracker.courses.models import Course, CourseFile, CourseFilePart, CourseVersion
from tracker.courses.ports import read_package


@dataclass(frozen=True)
class Sent:
    """A file as it arrives: its bytes, to be read once more, and its name there."""

    stream: BinaryIO
    name: str


def add_file(course_id: int, sent: Sent, *, groups: Iterable[str], by: int | None, at: datetime) -> CourseFile:
    """Keep a file of a course. `groups`: what it may be (see file_kinds). Invalid with one sentence when it is something else."""
    db.session.execute(select(Course.id).where(Course.id == course_id).with_for_update())
    kind, size = kind_of(sent.stream), size_of(sent.stream)
    if size == 0:
        raise Invalid(_("“%(name)s” is empty.", name=sent.name))
    if kind is None or kind.group not in set(groups):
        raise Invalid(_("“%(name)s” is %(wanted)s.", name=sent.name, wanted=_not_wanted(groups)))
    if size > kind.most:
        most = kind.most // MEGABYTE
        raise Invalid(_("“%(name)s” is too large: %(most)d MB at most for this kind.", name=sent.name, most=most))
    if bytes_of(course_id) + size > MOST_COURSE_BYTES:
        raise Invalid(_("The files of this course would take more than 1 GB. Take one out first."))
    file = CourseFile(
        course_id=course_id,
        token=secrets.token_urlsafe(18),
        name=name_for(sent.name, kind, taken=names_of(course_id)),
        media_type=kind.media_type,
        size=size,
        sha256="",
        added_at=at,
        added_by_id=by,
    )
    db.session.add(file)
    db.session.flush()
    file.sha256 = _store(file.id, sent.stream)
    record("course.file_added", by=by, about=file, at=at, course=course_id, media_type=file.media_type, size=size)
    if kind is PACKAGE:
        read_package(file, by=by, at=at)
    return file


def remove_file(file: CourseFile, *, by: int, at: datetime) -> None:
    """Take out a file that no version of its course shows. Conflict when one does."""
    db.session.execute(select(Course.id).where(Course.id == file.course_id).with_for_update())
    if file.name in used_names(file.course_id):
        raise Conflict(_("“%(name)s” is shown in a lesson. Take it out there first.", name=file.name))
    record("course.file_removed", by=by, about=file, at=at, course=file.course_id)
    db.session.execute(delete(CourseFile).where(CourseFile.id == file.id))


def files_of(course_id: int) -> list[CourseFile]:
    return list(
        db.session.scalars(select(CourseFile).where(CourseFile.course_id == course_id).order_by(CourseFile.name))
    )


def names_of(course_id: int) -> set[str]:
    return set(db.session.scalars(select(CourseFile.name).where(CourseFile.course_id == course_id)))


def bytes_of(course_id: int) -> int:
    return db.session.scalar(select(func.sum(CourseFile.size)).where(CourseFile.course_id == course_id)) or 0


def used_names(course_id: int) -> set[str]:
    """The names of the files that any version of a course shows, also one that was replaced."""
    names = {file.token: file.name for file in files_of(course_id)}
    used: set[str] = set()
    for content in db.session.scalars(select(CourseVersion.content).where(CourseVersion.course_id == course_id)):
        for lesson in Content(content).lessons:
            used |= {*pictures_in(lesson.text), *([names[lesson.file]] if lesson.file in names else [])}
    return used


def read(file_id: int, first: int, last: int) -> Iterator[bytes]:
    """The bytes from place `first` to `last`, both counted in. Between two parts no transaction stays open: a client may be slow."""
    for position in range(first // PART_BYTES, last // PART_BYTES + 1):
        part = db.session.scalar(
            select(CourseFilePart.bytes).where(CourseFilePart.file_id == file_id, CourseFilePart.position == position)
        )
        db.session.rollback()
        start = position * PART_BYTES
        yield (part or b"")[max(first - start, 0) : last - start + 1]


def _store(file_id: int, stream: BinaryIO) -> str:
    """Write the bytes away in parts; their SHA-256."""
    digest, position = hashlib.sha256(), 0
    while part := stream.read(PART_BYTES):
        digest.update(part)
        db.session.execute(
            insert(CourseFilePart.__table__),  # type: ignore[arg-type]  # not through the session: it would keep every part
            [{"file_id": file_id, "position": position, "bytes": part}],
        )
        position += 1
    return digest.hexdigest()


def _not_wanted(groups: Iterable[str]) -> str:
    words = {
        "picture": _("no picture (PNG, JPEG, WebP or GIF)"),
        "film": _("no film (MP4 or WebM)"),
        "pdf": _("no PDF"),
        "package": _("no package (ZIP)"),
    }
    wanted = [words[group] for group in groups]
    return _("nothing that a course can hold: pictures, films, PDF or packages") if len(wanted) > 1 else wanted[0]
