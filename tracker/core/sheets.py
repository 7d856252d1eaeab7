"""Rows as a file: XLSX with real dates and numbers, or CSV in which no text is a formula. Read as they are written."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from xlsxwriter import Workbook

from tracker.core.formulas import inert

Line = list[Any]  # texts, numbers and dates
IN_MEMORY = 2_000_000
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


Notes = tuple[str, Sequence[str]]  # what a further sheet is called, and its lines


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
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    book = Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "remove_timezone": True})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, 18)
    bold, count = book.add_format({"bold": True}), 0
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for count, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(count, column, value)
            elif isinstance(value, int | float):
                sheet.write_number(count, column, value)
            elif value:
                sheet.write_string(count, column, value)
    if notes:
        _write_notes(book, *notes)
    book.close()
    file.seek(0)
    return file, count


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
