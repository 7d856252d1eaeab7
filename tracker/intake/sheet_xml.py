"""What the XML inside a workbook means: shared texts, rows, and cells as the person sees them."""

import re
from datetime import datetime, timedelta

from tracker.intake.refusals import MAX_CELL_CHARACTERS, MAX_COLUMNS, SAVE_AS_CSV, refuse

MAX_ROW = 1_048_576
MAX_TEXTS, MAX_TEXT_CHARACTERS = 1_500_000, 64_000_000
MAX_DEPTH = 64

DAMAGED = f"This XLSX file is damaged. {SAVE_AS_CSV}"
TOO_LARGE = f"This XLSX file holds more than can be read safely. {SAVE_AS_CSV}"


class SharedTexts:
    """Collects the texts that cells refer to by number; phonetic hints (rPh) are no part of a text."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._path: list[str] = []
        self._characters = 0

    def start(self, name: str, _: dict[str, str]) -> None:
        self._path.append(name.rpartition(":")[2])
        if len(self._path) > MAX_DEPTH:
            refuse(TOO_LARGE)

    def text(self, text: str) -> None:
        if self._path[-1] == "t" and "rPh" not in self._path:
            self._parts.append(text)
            self._characters += len(text)
            if self._characters > MAX_TEXT_CHARACTERS:
                refuse(TOO_LARGE)

    def end(self, _: str) -> None:
        if self._path.pop() == "si":
            self.found.append(unescaped("".join(self._parts)))
            self._parts.clear()
            if len(self.found) > MAX_TEXTS or len(self.found[-1]) > MAX_CELL_CHARACTERS:
                refuse(TOO_LARGE)


class Sheet:
    """Collects rows from a sheet's XML events; take_rows() empties it.

    Four events come for every cell, so the handlers ask for the commonest name first and call little.
    """

    def __init__(self, texts: list[str], date_styles: dict[str, bool], epoch: datetime) -> None:
        self._texts, self._date_styles, self._epoch = texts, date_styles, epoch
        self._rows: list[tuple[int, list[str]]] = []
        self._cells: list[str] = []
        self._parts: list[str] = []
        self._columns: dict[str, int] = {}
        self._number = self._depth = self._column = self._characters = 0
        self._type: str | None = None
        self._style: str | None = None
        self._in_row = self._in_cell = self._in_text = self._in_hint = False

    def take_rows(self) -> list[tuple[int, list[str]]]:
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name if ":" not in name else name.rpartition(":")[2]
        if kind == "v" or kind == "t":
            if self._in_text:
                refuse(DAMAGED)
            self._in_text = True
        elif kind == "c":
            self._begin_cell(attributes)
        elif kind == "row":
            self._begin_row(attributes)
        else:
            self._in_hint = self._in_hint or kind == "rPh"
            self._go_down()

    def text(self, text: str) -> None:
        if self._in_text and not self._in_hint:
            self._parts.append(text)
            self._characters += len(text)
            if self._characters > MAX_CELL_CHARACTERS:
                refuse(f"Row {self._number} has a cell of over 1 MB. Shorten it and import the file again.")

    def end(self, name: str) -> None:
        kind = name if ":" not in name else name.rpartition(":")[2]
        if kind == "v" or kind == "t":
            self._in_text = False
        elif kind == "c":
            self._in_cell = False
            if self._parts:
                self._place(self._value("".join(self._parts)))
        elif kind == "row":
            self._in_row = False
            if any(self._cells):
                self._rows.append((self._number, self._cells))
        else:
            self._in_hint = self._in_hint and kind != "rPh"
            self._depth -= 1

    def _go_down(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            refuse(TOO_LARGE)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._number = int(attributes.get("r", self._number + 1))
        if self._in_row or not 0 < self._number <= MAX_ROW:
            refuse(DAMAGED)
        self._in_row, self._cells, self._column = True, [], -1

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if self._in_cell:
            refuse(DAMAGED)
        self._in_cell, self._parts, self._characters = True, [], 0
        self._type, self._style = attributes.get("t"), attributes.get("s")
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        try:
            self._column = self._columns[letters]
        except KeyError:
            self._column = self._columns[letters] = column_index(letters)

    def _place(self, text: str) -> None:
        missing = self._column - len(self._cells)
        if missing == 0:
            self._cells.append(text)
        elif missing < 0:
            self._cells[self._column] = text
        else:
            self._cells += [""] * min(missing, MAX_COLUMNS) + [text]
        if self._column >= MAX_COLUMNS:
            refuse(f"Row {self._number} has more than {MAX_COLUMNS} columns. Keep only the columns to import.")

    def _value(self, text: str) -> str:
        if self._type == "s":
            return self._texts[int(text)]
        if self._type is None or self._type == "n":
            shows_time = self._date_styles.get(self._style) if self._style else None
            return number_text(text) if shows_time is None else date_text(float(text), self._epoch, shows_time)
        if self._type == "b":
            return "TRUE" if text == "1" else "FALSE"
        return unescaped(text)


def column_index(letters: str) -> int:
    """Return the index of a column from 0: A is 0, Z is 25, AA is 26."""
    if not re.fullmatch("[A-Z]{1,3}", letters):
        refuse(DAMAGED)
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def number_text(text: str) -> str:
    """Write a number as the person sees it: 4.0999999999999996 is 4.1, 4.0 is 4."""
    if text.isdecimal():
        return text
    value = float(text)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def date_text(serial: float, epoch: datetime, shows_time: bool) -> str:
    """Turn a serial day number into ISO text, to the second; a time of day alone stays one."""
    at = epoch + timedelta(seconds=round(serial * 86_400))
    if shows_time and 0 <= serial < 1:
        return at.time().isoformat()
    return at.isoformat() if shows_time or serial % 1 else at.date().isoformat()


def unescaped(text: str) -> str:
    """Undo the workbook's own escapes for characters that XML cannot hold: _x000D_ is a carriage return."""
    if "_x" not in text:
        return text
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text)
