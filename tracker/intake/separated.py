"""Tables as text: CSV with any usual separator and encoding, plain or gzipped, read as a stream of records."""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from tracker.intake.refusals import (
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    UnreadableFile,
    refuse,
    refuse_other_kinds,
)

CHUNK_BYTES = 1 << 18
SAMPLE_BYTES = 1 << 16
MAX_RECORD_BYTES = 4_000_000
MAX_UNPACKED_BYTES = 40_000_000_000
MAX_UNPACKING_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 2_000_000
SEPARATORS = (",", ";", "\t", "|")
UNREADABLE_GZIP = (EOFError, zlib.error, gzip.BadGzipFile)

BYTE_ORDER_MARKS = (  # UTF-32 first: its little-endian mark begins like UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

CUT_SHORT = "This file is cut short or damaged after line {last}. Make or download it again; nothing was saved."
BOMB = "This file unpacks to far more than a table holds. Unpack it and look at what is inside."
HAS_NUL = "Line {line} holds a NUL byte, which no table of text does. Export the file again as CSV."
MIXED = (
    "Line {line} is not written in {encoding} like what stands before it. "
    "Save the whole file as UTF-8 and import it again."
)
ENDLESS = (
    "The row that starts on line {start} does not end within 4 MB, or not at all: is a closing quotation mark missing?"
)
NOTHING = "After line {last} there are millions of empty lines. Delete them and import the file again."
CELL_TOO_LONG = "The row that starts on line {start} has a cell of over 1 MB: is a closing quotation mark missing?"


class _Interruption(Exception):
    """The bytes stop making sense here; the reader of records knows which line that is."""


class SeparatedText:
    """A table as text. `records()` begins a new pass each time; memory does not grow with the file.

    `encoding` is what was chosen. A file in plain ASCII so far counts as UTF-8 and turns into windows-1252 at the
    first line that is not UTF-8, so it is certain only after a whole pass. Raises UnreadableFile.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._size = path.stat().st_size
        try:
            sample = self._sample()
        finally:
            self.close()
        refuse_other_kinds(sample)
        self._first_encoding = self.encoding = encoding_of(sample)
        self.separator, self.announced = separator_of(_sample_text(sample, self.encoding))

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (physical line the record starts on, cells); empty lines are passed over."""
        csv.field_size_limit(MAX_CELL_CHARACTERS)  # one limit for the whole process: that is how csv has it
        self._start = 1
        self._reader = csv.reader(
            chain.from_iterable(io.StringIO(block, newline="") for block in self._blocks()), delimiter=self.separator
        )
        try:
            yield from self._counted()
        except _Interruption as stop:
            last = self._reader.line_num
            refuse(str(stop).format(line=last + 1, last=last, start=self._start, encoding=self.encoding.upper()))
        except csv.Error:
            refuse(CELL_TOO_LONG.format(start=self._start))

    def _counted(self) -> Iterator[tuple[int, list[str]]]:
        reader = self._reader
        for cells in reader:
            if any(cells):  # spreadsheet programs leave lines of commas behind the last row
                yield self._start, cells
            self._start = reader.line_num + 1

    @property
    def share_read(self) -> float:
        """How much of the file the present pass has read, 0 to 1, for a progress bar."""
        return min(1.0, self._file.tell() / self._size) if self._file and not self._file.closed else 0.0

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _blocks(self) -> Iterator[str]:
        """Yield decoded blocks of whole lines.

        Ending on whole lines lets an interruption name its line: all lines before it have been handed on by then.
        """
        self.encoding, self._seen_utf8 = self._first_encoding, self._first_encoding == "utf-8-sig"
        start, waiting = 0, 0
        for block in _whole_lines(self._unpacked_text()):
            has_moved = start != self._start and not block.isspace()
            start, waiting = self._start, len(block) if has_moved else waiting + len(block)
            if waiting > MAX_RECORD_BYTES + CHUNK_BYTES:
                raise _Interruption(NOTHING if block.isspace() else ENDLESS)
            sound, trouble = self._sound_part(block)
            yield self._decoded(sound)
            if trouble:
                raise _Interruption(trouble)
        if self._start <= self._reader.line_num:  # the reader wants more lines for a record it has not finished
            raise _Interruption(ENDLESS)

    def _sound_part(self, block: bytes) -> tuple[bytes, str]:
        for position, trouble in ((block.find(b"\0"), HAS_NUL), (self._first_undecodable(block), MIXED)):
            if position >= 0:
                return block[: max(block.rfind(b"\n", 0, position), block.rfind(b"\r", 0, position)) + 1], trouble
        return block, ""

    def _first_undecodable(self, block: bytes) -> int:
        if self.encoding == "windows-1252" or block.isascii():
            return -1
        try:
            block.decode()
        except UnicodeDecodeError as error:
            if self._seen_utf8 or not block[: error.start].isascii():
                return error.start
            self.encoding = "windows-1252"
        else:
            self._seen_utf8 = True
        return -1

    def _decoded(self, block: bytes) -> str:
        if self.encoding != "windows-1252":
            return block.decode()
        try:
            return block.decode("windows-1252")
        except UnicodeDecodeError:  # five bytes mean nothing in windows-1252; every byte means something in latin-1
            return block.decode("latin-1")

    def _unpacked_text(self) -> Iterator[bytes]:
        """Yield the file's bytes, UTF-16 and UTF-32 turned into UTF-8, without a byte order mark."""
        chunks = self._unpacked()
        if not self.encoding.startswith(("utf-16", "utf-32")):
            first = next(chunks, b"")
            yield first.removeprefix(codecs.BOM_UTF8)
            yield from chunks
            return
        decoder = codecs.getincrementaldecoder(self.encoding)()
        try:
            for chunk in chunks:
                yield decoder.decode(chunk).encode()
            decoder.decode(b"", final=True)
        except UnicodeError as error:
            raise _Interruption(CUT_SHORT) from error

    def _unpacked(self) -> Iterator[bytes]:
        self.close()
        self._file = file = self._path.open("rb")
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if not packed:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
            return
        try:
            yield from _unpacked_gzip(file)
        except UNREADABLE_GZIP as error:
            raise _Interruption(CUT_SHORT) from error

    def _sample(self) -> bytes:
        sample = b""
        try:
            for chunk in self._unpacked():
                sample += chunk
                if len(sample) >= SAMPLE_BYTES:
                    break
        except _Interruption:
            if not sample:
                raise UnreadableFile("This gzip file is damaged from the start. Make or download it again.") from None
        return sample


def _unpacked_gzip(file: BinaryIO) -> Iterator[bytes]:
    total = 0
    with gzip.GzipFile(fileobj=file) as unpacked:
        while chunk := unpacked.read1(CHUNK_BYTES):  # not read(): it would lose what came before a broken place
            total += len(chunk)
            too_dense = total > RATIO_MATTERS_FROM_BYTES and total > MAX_UNPACKING_RATIO * file.tell()
            if too_dense or total > MAX_UNPACKED_BYTES:
                raise _Interruption(BOMB)
            yield chunk


def _whole_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    carry = b""
    for chunk in chunks:
        carry += chunk
        # A last CR stays: the LF that belongs to it may be the first byte of the next chunk.
        end = max(carry.rfind(b"\n"), carry.rfind(b"\r", 0, len(carry) - 1)) + 1
        if end:
            yield carry[:end]
            carry = carry[end:]
        if len(carry) > MAX_RECORD_BYTES:
            raise _Interruption(ENDLESS)
    if carry:
        yield carry


def encoding_of(sample: bytes) -> str:
    """Name the encoding by its byte order mark or, for UTF-16 without one, by where its zero bytes stand."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return encoding
    pairs = len(sample) // 2
    if sample[1::2].count(0) > 0.4 * pairs and not sample[0::2].count(0):
        return "utf-16-le"
    if sample[0::2].count(0) > 0.4 * pairs and not sample[1::2].count(0):
        return "utf-16-be"
    return "utf-8"


def _sample_text(sample: bytes, encoding: str) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeError:
        return sample.decode("latin-1")


def separator_of(text: str) -> tuple[str, bool]:
    """Choose the separator: of those the first line holds, the one by which most lines have equally many cells.

    A first line `sep=;`, as some spreadsheet programs write it, settles it: then the second value is True.
    """
    announced = re.match(r"\ufeff?sep=([,;\t|])\s*[\r\n]", text, re.IGNORECASE)
    if announced:
        return announced[1], True
    agreements = {separator: _agreement(text, separator) for separator in SEPARATORS}
    best = max(agreements, key=lambda separator: agreements[separator])
    if agreements[best] == (0, 0):
        refuse(
            "This file has only one column, so it is not a table of ratings. "
            "Export it with one column for each fact, separated by commas."
        )
    if agreements[best][1] > MAX_COLUMNS:
        refuse(f"This file has more than {MAX_COLUMNS} columns. Keep only the columns to import.")
    if agreements[best][0] < 0.3:
        refuse("The lines of this file do not have the same columns, so it is not a table. Export it as CSV or XLSX.")
    return best, False


def _agreement(text: str, separator: str) -> tuple[float, int]:
    """Return (share of lines with the commonest number of cells, cells in the first line); (0, 0) if that has one."""
    first, *others = _cell_counts(text, separator) or [0]
    if first < 2:
        return 0, 0
    if len(others) < 4:  # too few lines to tell prose from a table by
        return 0.3 + 0.7 * others.count(first) / max(1, len(others)), first
    commonest, lines = Counter(others).most_common(1)[0]
    return (lines / len(others) if commonest > 1 else 0.1), first


def _cell_counts(text: str, separator: str) -> list[int]:
    lines = io.StringIO(text[:SAMPLE_BYTES], newline="")
    try:
        counts = [len(cells) for cells in islice(csv.reader(lines, delimiter=separator), 200) if cells]
    except csv.Error:
        return []
    # A sample that is not the whole file ends in the middle of its last line.
    return counts[:-1] if len(text) >= SAMPLE_BYTES and len(counts) > 2 else counts
