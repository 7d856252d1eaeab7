"""Rows as a file: XLSX with real dates and numbers, or CSV in which no text is a formula. Read as they are written."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from xlsxwriter import Workbook

from tracker.core.formulas import inert

Line = list[Any]  # texts, numbers and dates
IN_MEMORY = 2_000_000
WIDTH, WRAPS_FROM = 18, 60
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}

Notes = tuple[str, Sequence[str]]  # what a further sheet is called, and its lines


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file that holds several."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Line]
    widths: Sequence[int] = ()  # of its columns, in characters; a wide one wraps


def as_file(
    kind: str, name: str, headings: Sequence[str], rows: Iterable[Line], *, notes: Notes | None = None
) -> tuple[IO[bytes], int]:
    """The file at its beginning, and how many rows it holds. `kind`: a key of MEDIA_TYPES; `name`: what a sheet is called.

    `notes` go into a second sheet; a CSV file has no place for them."""
    return as_xlsx(name, headings, rows, notes=notes) if kind == "xlsx" else as_csv(headings, rows)


def as_xlsx(
    name: str, headings: Sequence[str], rows: Iterable[Line], *, notes: Notes | None = None
) -> tuple[IO[bytes], int]:
    """Texts are written as texts, so nothing in them is a formula."""
    return _book([Sheet(name, headings, rows)], notes)


def as_book(sheets: Iterable[Sheet]) -> tuple[IO[bytes], int]:
    """XLSX with a sheet for each; and how many rows they hold together."""
    return _book(sheets, None)


def _book(sheets: Iterable[Sheet], notes: Notes | None) -> tuple[IO[bytes], int]:
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    book = Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "remove_timezone": True})
    bold = book.add_format({"bold": True})
    count = sum(_write_rows(book, sheet, bold) for sheet in sheets)
    if notes:
        _write_notes(book, *notes)
    book.close()
    file.seek(0)
    return file, count


def _write_rows(book: Workbook, sheet: Sheet, bold: Any) -> int:
    page, count = book.add_worksheet(sheet.name), 0
    page.freeze_panes(1, 0)
    page.set_column(0, len(sheet.headings) - 1, WIDTH)
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width, book.add_format({"text_wrap": True}) if width >= WRAPS_FROM else None)
    for column, heading in enumerate(sheet.headings):
        page.write_string(0, column, heading, bold)
    for count, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(count, column, value)
            elif isinstance(value, int | float):
                page.write_number(count, column, value)
            elif value:
                page.write_string(count, column, value)
    return count


def _write_notes(book: Workbook, name: str, lines: Sequence[str]) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 110)
    wrapped = book.add_format({"text_wrap": True})
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, wrapped)


def as_csv(headings: Sequence[str], rows: Iterable[Line]) -> tuple[IO[bytes], int]:
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    write, count = csv.writer(text), 0
    write.writerow(headings)
    for row in rows:
        count += 1
        write.writerow(["" if value is None else inert(value) if isinstance(value, str) else value for value in row])
    text.detach()
    file.seek(0)
    return file, count
