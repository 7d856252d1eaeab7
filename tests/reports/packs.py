"""Reading the works-council pack as a person reads it: its tables, row by row, from the page."""

from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

BREAKS = {"br", "p", "li", "div"}


class _Cells(HTMLParser):
    """Each section of the page by the id of its heading: rows of cells, each its text with one space between words."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[list[str]]] = {}
        self.links: list[str] = []
        self._section, self._cell = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"h2", "h3"} and given.get("id"):
            self._section = given["id"] or ""
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag == "tr":
            self.rows.setdefault(self._section, []).append([])
        if tag in {"td", "th"}:
            self.rows[self._section][-1].append("")
            self._cell = True
        if tag in BREAKS and self._cell:
            self._add("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._cell = False
            row = self.rows[self._section][-1]
            row[-1] = "\n".join(" ".join(line.split()) for line in row[-1].split("\n")).strip()

    def handle_data(self, data: str) -> None:
        if self._cell:
            self._add(data)

    def _add(self, text: str) -> None:
        self.rows[self._section][-1][-1] += text


def rows_of(page: str) -> dict[str, list[list[str]]]:
    """Section -> the rows of its tables, without their headings."""
    parser = _Cells()
    parser.feed(page)
    return {section: list(_bodies(rows)) for section, rows in parser.rows.items()}


def links_of(page: str) -> list[str]:
    parser = _Cells()
    parser.feed(page)
    return parser.links


def _bodies(rows: list[list[str]]) -> Iterator[list[str]]:
    headings = {"What", "Who", "Figure", "Setting", "Part of the product", "What it does"}
    yield from (row for row in rows if row and row[0] not in headings)


def sheets_of(file: bytes) -> dict[str, list[list[Any]]]:
    """A workbook of ours: sheet -> rows of cells (texts, whole numbers, None where there is nothing), its headings first."""
    book = CalamineWorkbook.from_filelike(BytesIO(file))
    return {
        name: [[_plain(one) for one in row] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) else value or None
