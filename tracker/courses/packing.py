"""Where a course in files comes from: a zip that somebody sent, looked at before anything is unpacked, or a folder of our own."""

import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from lzma import LZMAError
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Protocol, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from flask_babel import gettext as _

from tracker.core.errors import Invalid
from tracker.courses.file_kinds import MEGABYTE, MOST_COURSE_BYTES, PART_BYTES

COURSE = "course.json"
MOST_ENTRIES = 500
LEFT_BY_SYSTEMS = re.compile(r"(?:__MACOSX/.*|(?:.*/)?\.DS_Store|(?:.*/)?Thumbs\.db)")
PLACE = re.compile(r"course\.json|(?:lessons|files)/[^/\\]+")
UNREADABLE = (BadZipFile, ValueError, NotImplementedError, OSError, EOFError, RuntimeError, zlib.error, LZMAError)


class Source(Protocol):
    """Files by their place, such as lessons/01-why.md."""

    places: list[str]

    def open(self, place: str, *, most: int) -> AbstractContextManager[BinaryIO]:
        """The file, to be read and sought in. Invalid when it has more than `most` bytes."""
        ...


class ZipSource:
    """What was sent. Nothing is written under a name of its own, so no name can lead anywhere."""

    def __init__(self, stream: BinaryIO) -> None:
        try:
            self._zip = ZipFile(stream)
        except UNREADABLE:
            raise Invalid(_("This file can’t be opened. A course comes as one ZIP file.")) from None
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        entries = [entry for entry in entries if not LEFT_BY_SYSTEMS.fullmatch(entry.filename)]
        _refuse_many(entries)
        for entry in entries:
            _refuse_strange(entry)
        self._entries = {entry.filename: entry for entry in entries}
        if len(self._entries) < len(entries):
            raise Invalid(_("Two files of this ZIP have the same name."))
        self.places = sorted(self._entries)

    @contextmanager
    def open(self, place: str, *, most: int) -> Iterator[BinaryIO]:
        entry = self._entries[place]
        if entry.file_size > most:
            raise _too_large(place, most)
        with SpooledTemporaryFile(max_size=PART_BYTES) as unpacked:
            try:
                with self._zip.open(entry) as packed:
                    copyfileobj(
                        packed, unpacked, PART_BYTES
                    )  # as much as the entry says at most, and then its sum must fit
            except UNREADABLE:
                raise Invalid(_("“%(place)s” is damaged.", place=place)) from None
            unpacked.seek(0)
            yield cast(BinaryIO, unpacked)


class FolderSource:
    """The same unpacked, as the demo's courses lie in the repository."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        found = (file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
        self.places = sorted(place for place in found if PLACE.fullmatch(place))

    @contextmanager
    def open(self, place: str, *, most: int) -> Iterator[BinaryIO]:
        file = self._folder / place
        if file.stat().st_size > most:
            raise _too_large(place, most)
        with file.open("rb") as opened:
            yield opened


def _refuse_many(entries: list[ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Invalid(_("This ZIP holds more than %(most)d files, which no course does.", most=MOST_ENTRIES))
    if sum(entry.file_size for entry in entries) > MOST_COURSE_BYTES + MEGABYTE:
        raise Invalid(_("Unpacked, this ZIP has more than 1 GB."))


def _refuse_strange(entry: ZipInfo) -> None:
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if is_link or not PLACE.fullmatch(entry.filename) or ".." in entry.filename:
        raise Invalid(_("“%(place)s” does not belong into a course.", place=entry.filename[:100]))
    if entry.flag_bits & 1:
        raise Invalid(_("This ZIP is locked with a password."))


def _too_large(place: str, most: int) -> Invalid:
    return Invalid(_("“%(place)s” is too large: %(most)s at most.", place=place, most=_size(most)))


def _size(most: int) -> str:
    return _("%(number)d MB", number=most // MEGABYTE) if most >= MEGABYTE else _("%(number)d kB", number=most // 1000)
