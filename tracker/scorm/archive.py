"""A stranger’s zip as a list of files with safe paths, or one sentence why not. Sizes are checked before anything is unpacked."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from flask_babel import gettext as _

from tracker.scorm.refusals import UnreadablePackage

MOST_FILES = 20_000
MOST_BYTES = 1_000_000_000
MOST_RATIO, RATIO_FROM_BYTES = 200, 10_000_000
LONGEST_PATH = 400
DIRECTORY_BYTES = MOST_FILES * (LONGEST_PATH + 100)
END_OF_ZIP = b"PK\x05\x06"
IGNORED = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|\._)")
DRIVE = re.compile(r"^[A-Za-z]:")


class Archive:
    """The files of a zip by their paths, folders and droppings of operating systems left out."""

    def __init__(self, file: IO[bytes]) -> None:
        _refuse_long_directory(file)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise UnreadablePackage(_("This file is no zip, or it breaks off.")) from error
        self._files = _checked(self._zip.infolist())

    @property
    def paths(self) -> list[str]:
        return list(self._files)

    def size(self, path: str) -> int:
        return self._files[path].file_size

    def parts(self, path: str, length: int) -> Iterator[bytes]:
        """The bytes of a file, `length` at a time."""
        try:
            with self._zip.open(self._files[path]) as file:
                while part := file.read(length):
                    yield part
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise UnreadablePackage(_("“%(path)s” in the package is damaged.", path=path)) from error

    def bytes_of(self, path: str, most: int) -> bytes:
        """The whole of a small file; one byte more than `most` of a longer one."""
        read = b""
        for part in self.parts(path, most + 1):
            read += part
            if len(read) > most:
                break
        return read


def _refuse_long_directory(file: IO[bytes]) -> None:
    """Before the zip's directory is read into memory: what it says of its own length."""
    file.seek(0, 2)
    length = file.tell()
    file.seek(max(0, length - 65_557))
    tail = file.read()
    place = tail.rfind(END_OF_ZIP)
    if place < 0 or len(tail) < place + 22:
        raise UnreadablePackage(_("This file is no zip, or it breaks off."))
    count, directory = struct.unpack("<HI", tail[place + 10 : place + 16])
    if count > MOST_FILES or directory > DIRECTORY_BYTES:
        raise UnreadablePackage(_("The package has more than %(most)d files.", most=MOST_FILES))


def _checked(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    files: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        path = _path(entry)
        if entry.filename.endswith(("/", "\\")) or IGNORED.search(path):
            continue
        _refuse_entry(entry, path)
        if path in files:
            raise UnreadablePackage(_("“%(path)s” is in the package twice.", path=path))
        files[path] = entry
    if len(files) > MOST_FILES:
        raise UnreadablePackage(_("The package has more than %(most)d files.", most=MOST_FILES))
    if sum(entry.file_size for entry in files.values()) > MOST_BYTES:
        raise UnreadablePackage(_("The package is larger than 1 GB when it is unpacked."))
    return files


def _path(entry: zipfile.ZipInfo) -> str:
    """With slashes; refused when it leads out of the package."""
    path = _name(entry).replace("\\", "/").removeprefix("./")
    is_odd = any(ord(sign) < 32 or ord(sign) == 127 for sign in path) or len(path) > LONGEST_PATH
    pieces = path.rstrip("/").split("/")
    if is_odd or path.startswith("/") or DRIVE.match(path) or not {"", ".", ".."}.isdisjoint(pieces):
        raise UnreadablePackage(_("The package holds a file under a path that leads out of it or is none."))
    return path


def _name(entry: zipfile.ZipInfo) -> str:
    """Tools write UTF-8 without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _refuse_entry(entry: zipfile.ZipInfo, path: str) -> None:
    if entry.flag_bits & 1:
        raise UnreadablePackage(_("The package is locked with a password. Save it without one."))
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise UnreadablePackage(_("“%(path)s” is a link to another file, not a file.", path=path))
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UnreadablePackage(_("“%(path)s” is packed in a way that browsers’ tools do not use.", path=path))
    is_large = entry.file_size > RATIO_FROM_BYTES
    if is_large and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        raise UnreadablePackage(_("“%(path)s” unpacks to far more than is in it. It is not unpacked.", path=path))
