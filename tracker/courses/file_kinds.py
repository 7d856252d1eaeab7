"""What a file is, by looking into it: never by its name or by what the browser says. Pure."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from io import SEEK_END, SEEK_SET
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, is_zipfile

PART_BYTES = 512 * 1024
MOST_COURSE_BYTES = 1_000_000_000
MEGABYTE = 1_000_000
LONGEST_NAME = 60
NAME = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
# What a browser would read as a page, wherever it stands in the first bytes of a picture.
MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?xml)", re.IGNORECASE)


@dataclass(frozen=True)
class FileKind:
    """`group`: what it is used as. `extension`: how its name ends. `most`: bytes."""

    group: str
    media_type: str
    extension: str
    most: int


PICTURES = tuple(
    FileKind("picture", f"image/{name}", extension, 5 * MEGABYTE)
    for name, extension in (("png", "png"), ("jpeg", "jpg"), ("webp", "webp"), ("gif", "gif"))
)
FILMS = tuple(FileKind("film", f"video/{name}", name, 200 * MEGABYTE) for name in ("mp4", "webm"))
PDF = FileKind("pdf", "application/pdf", "pdf", 20 * MEGABYTE)
PACKAGE = FileKind("package", "application/zip", "zip", 200 * MEGABYTE)
KINDS = {kind.extension: kind for kind in (*PICTURES, *FILMS, PDF, PACKAGE)}
GROUPS = {kind.media_type: kind.group for kind in KINDS.values()}
MOST_BYTES = max(kind.most for kind in KINDS.values())


def kind_of(stream: BinaryIO) -> FileKind | None:
    """What these bytes are; None when they are nothing that a course may hold, or two things at once."""
    stream.seek(0)
    start = stream.read(1024)
    kind = _by_start(start)
    if kind is None:
        return None
    if kind is PACKAGE:
        return kind if _opens_as_zip(stream) else None
    if kind.group == "picture" and MARKUP.search(start):
        return None
    stream.seek(0)
    return None if is_zipfile(stream) else kind


def size_of(stream: BinaryIO) -> int:
    size = stream.seek(0, SEEK_END)
    stream.seek(0, SEEK_SET)
    return size


def name_for(sent: str, kind: FileKind, *, taken: Collection[str]) -> str:
    """A name that can stand in an address: without folders, in plain letters, ending as its kind does, once in a course."""
    own = re.split(r"[\\/]", sent)[-1].rpartition(".")
    plain = unicodedata.normalize("NFKD", own[0] or own[2]).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain)[: LONGEST_NAME - 10].strip("-") or kind.group
    names = (f"{stem}.{kind.extension}", *(f"{stem}-{number}.{kind.extension}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _by_start(start: bytes) -> FileKind | None:
    signs = (
        (start.startswith(b"\x89PNG\r\n\x1a\n"), "png"),
        (start.startswith(b"\xff\xd8\xff"), "jpg"),
        (start.startswith((b"GIF87a", b"GIF89a")), "gif"),
        (start.startswith(b"RIFF") and start[8:12] == b"WEBP", "webp"),
        (start[4:8] == b"ftyp", "mp4"),
        (start.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in start[:64], "webm"),
        (start.startswith(b"%PDF-"), "pdf"),
        (start.startswith(b"PK\x03\x04"), "zip"),
    )
    return next((KINDS[extension] for found, extension in signs if found), None)


def _opens_as_zip(stream: BinaryIO) -> bool:
    stream.seek(0)
    try:
        with ZipFile(stream) as package:
            return bool(package.infolist())
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return False
