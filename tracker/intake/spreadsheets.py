"""XLSX workbooks, read as a stream of rows.

A workbook is a ZIP archive of XML chosen by a stranger. A reader that loads the sheet whole can be made to fill the
memory by a file of a few kilobytes: two cells far apart, or one long text used by every cell. This one goes through the
XML once, keeps a row at a time, and refuses whatever no honest workbook holds.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from tracker.intake.refusals import SAVE_AS_CSV, UnreadableFile, refuse
from tracker.intake.sheet_xml import DAMAGED, MAX_DEPTH, TOO_LARGE, SharedTexts, Sheet

MAX_UNPACKED_BYTES = 500_000_000
MAX_UNPACKING_RATIO = 100
RATIO_MATTERS_FROM_BYTES = 10_000_000
MAX_DIRECTORY_BYTES = 1_000_000
MAX_ELEMENTS, MAX_NAMES, MAX_TAG_BYTES = 100_000, 5_000, 2_000_000
CHUNK_BYTES = 1 << 16
BUILT_IN_DATES = {*range(14, 18), *range(27, 32), 34, 35, 36, *range(50, 59)}
BUILT_IN_TIMES = {*range(18, 23), 32, 33, 45, 46, 47}

DECLARES_ENTITIES = "This XLSX file declares XML entities, which no spreadsheet program does. It is not read."
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    ValueError,
    IndexError,
    KeyError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
)
OTHER_DOCUMENTS = (
    ("word/", "a Word document"),
    ("ppt/", "a presentation"),
    ("xl/workbook.bin", "a binary Excel file (.xlsb)"),
    ("Index/", "a Numbers document"),
    ("content.xml", "an OpenDocument file (.ods)"),
)

Start = Callable[[str, dict[str, str]], None]
Element = tuple[str, str, dict[str, str]]


class Workbook:
    """The first visible sheet of a workbook; `records()` begins a new pass each time. Raises UnreadableFile."""

    encoding, separator, announced = "xlsx", "", False

    def __init__(self, path: Path) -> None:
        self._file = _CappedFile(path)
        try:
            self._archive = zipfile.ZipFile(self._file)
            self._names = {entry.filename: entry for entry in self._archive.infolist()}
            refuse_bombs(self._archive.infolist(), path.stat().st_size)
            self._read_plan()
        except UnreadableFile:
            self._file.close()
            raise
        except UNREADABLE as error:
            self._file.close()
            raise UnreadableFile(DAMAGED) from error

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (the sheet's row number, cells as text) for every row that holds something."""
        sheet = Sheet(self._texts, self._date_styles, self._epoch)
        try:
            with self._archive.open(self._sheet) as self._member:
                for _ in _parsed(self._member, sheet.start, sheet.end, sheet.text):
                    yield from sheet.take_rows()
        except UnreadableFile:
            raise
        except UNREADABLE as error:
            raise UnreadableFile(DAMAGED) from error

    @property
    def share_read(self) -> float:
        """How much of the sheet the present pass has read, 0 to 1, for a progress bar."""
        member = getattr(self, "_member", None)
        size = self._names[self._sheet].file_size
        return min(1.0, member.tell() / size) if member and not member.closed and size else 0.0

    def close(self) -> None:
        self._archive.close()
        self._file.close()

    def _read_plan(self) -> None:
        workbook = next((name for name in self._names if re.fullmatch(r"xl/workbook\d*\.xml", name)), None)
        if workbook is None:
            refuse(_other_document(self._names))
        parts = self._elements(workbook, {"sheet", "workbookPr"})
        relations = self._elements(f"xl/_rels/{posixpath.basename(workbook)}.rels", {"Relationship"})
        targets = {attributes.get("Id", ""): _target(attributes) for _, _, attributes in relations}
        kinds = {attributes.get("Type", "").rpartition("/")[2]: _target(attributes) for _, _, attributes in relations}
        self._sheet = _first_visible_sheet(parts, targets)
        is_1904 = any(attributes.get("date1904") in {"1", "true"} for _, _, attributes in parts)
        # Serial 60 is a 29 February 1900 that never was; counting from 30 December 1899 is right for all days after.
        self._epoch = datetime.fromisoformat("1904-01-01" if is_1904 else "1899-12-30")
        self._date_styles = self._read_date_styles(kinds.get("styles", "xl/styles.xml"))
        self._texts = self._read_texts(kinds.get("sharedStrings", "xl/sharedStrings.xml"))

    def _elements(self, name: str, wanted: set[str]) -> list[Element]:
        if name not in self._names:
            return []
        found: list[Element] = []
        path: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            path.append(name.rpartition(":")[2])
            if path[-1] in wanted:
                found.append((path[-2] if len(path) > 1 else "", path[-1], attributes))
            if len(found) > MAX_ELEMENTS or len(path) > MAX_DEPTH:
                refuse(TOO_LARGE)

        with self._archive.open(name) as member:
            for _ in _parsed(member, start, lambda _: path.pop(), lambda _: None):
                pass
        return found

    def _read_date_styles(self, name: str) -> dict[str, bool]:
        """Return {style index: whether it shows the time of day} for those styles that show a date or a time."""
        elements = self._elements(name, {"numFmt", "xf"})
        codes = {a.get("numFmtId", ""): a.get("formatCode", "") for _, kind, a in elements if kind == "numFmt"}
        cell_formats = [a.get("numFmtId", "0") for parent, kind, a in elements if kind == "xf" and parent == "cellXfs"]
        shown = {str(index): _shows_time(number, codes) for index, number in enumerate(cell_formats)}
        return {style: time for style, time in shown.items() if time is not None}

    def _read_texts(self, name: str) -> list[str]:
        if name not in self._names:
            return []
        texts = SharedTexts()
        with self._archive.open(name) as member:
            for _ in _parsed(member, texts.start, texts.end, texts.text):
                pass
        return texts.found


class _CappedFile(io.FileIO):
    """zipfile reads the directory of an archive in one go, however long it says it is: not longer than this."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_DIRECTORY_BYTES:
            refuse(TOO_LARGE)
        return super().read(-1 if size is None else size) or b""


def refuse_bombs(entries: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    """Refuse by the archive's directory. zipfile never hands out more of a member than is declared there."""
    if any(entry.flag_bits & 1 for entry in entries):
        refuse("This XLSX file is locked with a password. Save it without one and import it again.")
    if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
        refuse(DAMAGED)
    unpacked = sum(entry.file_size for entry in entries)
    too_dense = unpacked > RATIO_MATTERS_FROM_BYTES and unpacked > MAX_UNPACKING_RATIO * packed_bytes
    if unpacked > MAX_UNPACKED_BYTES or too_dense:
        refuse(TOO_LARGE)


def _parsed(member: IO[bytes], start: Start, end: Callable[[str], Any], text: Callable[[str], None]) -> Iterator[None]:
    """Feed a member to the XML parser, pausing after each chunk."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = lambda *_: refuse(DECLARES_ENTITIES)
    fed = 0
    while chunk := member.read(CHUNK_BYTES):
        fed += len(chunk)
        parser.Parse(chunk)
        # What the parser itself keeps: the unfinished tag, and every name it ever saw.
        if fed - max(parser.CurrentByteIndex, 0) > MAX_TAG_BYTES or len(parser.intern) > MAX_NAMES:
            refuse(TOO_LARGE)
        yield
    parser.Parse(b"", True)  # the end: an unfinished document is an error
    yield


def _shows_time(number: str, codes: dict[str, str]) -> bool | None:
    if number in codes:
        shown = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', "", codes[number].casefold())
        shown = "" if shown == "general" else shown.partition(";")[0]
        return bool(re.search("[hs]", shown)) if re.search("[dmyhs]", shown) else None
    identity = int(number)
    return identity in BUILT_IN_TIMES if identity in BUILT_IN_DATES | BUILT_IN_TIMES else None


def _first_visible_sheet(parts: list[Element], targets: dict[str, str]) -> str:
    for _, kind, attributes in parts:
        relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        target = targets.get(relation, "")
        if kind == "sheet" and attributes.get("state", "visible") == "visible" and "/worksheets/" in target:
            return target
    raise UnreadableFile("This workbook has no visible sheet. Show the sheet to import and save it again.")


def _target(attributes: dict[str, str]) -> str:
    return posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")


def _other_document(names: dict[str, zipfile.ZipInfo]) -> str:
    for beginning, kind in OTHER_DOCUMENTS:
        if any(name.startswith(beginning) for name in names):
            return f"This file is {kind}, not a table that can be read here. {SAVE_AS_CSV}"
    return "This file is a ZIP archive, not a table. Unpack it and import the table inside."
