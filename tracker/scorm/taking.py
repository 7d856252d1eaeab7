"""A zip that came with a course, unpacked into the database, where every host and every backup has it."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import IO

from flask import Flask
from sqlalchemy import insert, select

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.courses.models import CourseFile, CourseFilePart
from tracker.courses.ports import plug_packages
from tracker.scorm.archive import Archive
from tracker.scorm.manifest import place_of_manifest, read_manifest
from tracker.scorm.manifest_xml import MOST_BYTES as MOST_MANIFEST_BYTES
from tracker.scorm.media_types import media_type_of
from tracker.scorm.models import Package, PackageMember, PackageMemberPart

PART_BYTES = 262_144
IN_MEMORY_BYTES = 16_000_000


def start(app: Flask) -> None:
    """What an author sends is read at once, so that they hear what is wrong with it, and no learner does."""
    plug_packages(app, _read)


def _read(file: CourseFile, by: int | None, at: datetime) -> None:
    take_package(file, by=by, at=at)


def take_package(file: CourseFile, *, by: int | None, at: datetime) -> Package:
    """The package that a file of a course holds; read now, when it was not yet. UnreadablePackage says what is wrong with it."""
    db.session.refresh(file, with_for_update={"of": CourseFile})  # of two that open it first, the second finds it read
    found = db.session.scalar(select(Package).where(Package.course_file_id == file.id))
    if found is not None:
        return found
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as zipped:
        for part in _parts_of(file):
            zipped.write(part)
        package = _unpacked(file, zipped, at=at)
    record("package.read", by=by, about=package, at=at)
    return package


def _parts_of(file: CourseFile) -> Iterator[bytes]:
    """One at a time: a file may be larger than what there is of memory."""
    positions = select(CourseFilePart.position).where(CourseFilePart.file_id == file.id)
    for position in db.session.scalars(positions.order_by(CourseFilePart.position)).all():
        this = (CourseFilePart.file_id == file.id, CourseFilePart.position == position)
        yield db.session.execute(select(CourseFilePart.bytes).where(*this)).scalar_one()


def _unpacked(file: CourseFile, zipped: IO[bytes], *, at: datetime) -> Package:
    archive = Archive(zipped)
    place = place_of_manifest(archive.paths)
    body = archive.bytes_of(place, MOST_MANIFEST_BYTES)
    manifest = read_manifest(body, folder=place[: place.rfind("/") + 1], paths=archive.paths)
    package = Package(
        course_file_id=file.id,
        standard=manifest.standard,
        title=manifest.title[:200],
        items=[asdict(item) for item in manifest.items],
        read_at=at,
    )
    db.session.add(package)
    db.session.flush()
    for path in archive.paths:
        _store(package, path, archive)
    return package


def _store(package: Package, path: str, archive: Archive) -> None:
    values = {
        "package_id": package.id,
        "path": path,
        "folded": path.casefold(),
        "media_type": media_type_of(path),
        "size": archive.size(path),
        "sha256": "",
    }
    member = PackageMember(**values)
    db.session.add(member)
    db.session.flush()
    found = hashlib.sha256()
    for position, part in enumerate(archive.parts(path, PART_BYTES)):
        found.update(part)
        row = {"member_id": member.id, "position": position, "bytes": part}
        db.session.execute(insert(PackageMemberPart), row)
    member.sha256 = found.hexdigest()
    db.session.flush()
    db.session.expunge(member)  # thousands of them: none is needed again
