"""Opening a file as a table: a stream of rows with the line each one stands on."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from tracker.intake.refusals import UnreadableFile, refuse
from tracker.intake.separated import SeparatedText
from tracker.intake.spreadsheets import Workbook

__all__ = ["Table", "UnreadableFile", "open_table"]


class Source(Protocol):
    """What a table reads from: text or a workbook."""

    @property
    def encoding(self) -> str: ...
    @property
    def separator(self) -> str: ...
    @property
    def announced(self) -> bool: ...
    @property
    def share_read(self) -> float: ...
    def records(self) -> Iterator[tuple[int, list[str]]]: ...
    def close(self) -> None: ...


def open_table(path: str | Path) -> "Table":
    """Open a CSV (plain or gzipped) or XLSX file. Raises UnreadableFile with one sentence for the person."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            is_workbook = file.read(4) == b"PK\x03\x04"
        source: Source = Workbook(path) if is_workbook else SeparatedText(path)
    except OSError as error:
        raise UnreadableFile(f"The file “{path.name}” cannot be opened: {error.strerror or error}.") from error
    try:
        return Table(source)
    except UnreadableFile:
        source.close()
        raise


class Table:
    """A file's rows. `rows()` begins a new pass each time; one pass at a time.

    `headers` are stripped; `encoding` is "xlsx" for workbooks, `separator` then "". For text in plain ASCII so far the
    encoding is certain only after a whole pass. `share_read` (0 to 1) is for a progress bar.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        records = self._after_announcement()
        self.headers = checked_headers(next(records, (1, []))[1])
        if next(records, None) is None:
            refuse("This file has column names but no rows.")

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (line, cells) after the header; line 1 is the file's first line or the sheet's first row.

        A row may have fewer or more cells than there are headers. Raises UnreadableFile where the file breaks off.
        """
        records = self._after_announcement()
        next(records)
        return records

    def _after_announcement(self) -> Iterator[tuple[int, list[str]]]:
        records = self._source.records()
        if self._source.announced:  # the line "sep=;" before the header
            next(records)
        return records

    @property
    def encoding(self) -> str:
        return self._source.encoding

    @property
    def separator(self) -> str:
        return self._source.separator

    @property
    def share_read(self) -> float:
        return self._source.share_read

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def checked_headers(cells: list[str]) -> list[str]:
    """Return the column names, stripped; refuse names that are missing, repeated or no names at all."""
    headers = [cell.strip("\ufeff \t\r\n\xa0") for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    if len(headers) < 2:
        refuse("This file has only one column, or its first line is not the line with the column names.")
    if not any(re.search(r"[^\W\d_]", header) for header in headers):
        refuse("The first line holds values, not names of columns. Add a first line that names them.")
    _refuse_unnamed_and_repeated(headers)
    return headers


def _refuse_unnamed_and_repeated(headers: list[str]) -> None:
    seen: set[str] = set()
    for position, header in enumerate(headers, start=1):
        if not header:
            refuse(f"Column {position} has no name in the first line. Name it or delete the column.")
        if header.casefold() in seen:
            refuse(f"The column name “{header[:80]}” stands twice. Give each column a name of its own.")
        seen.add(header.casefold())
