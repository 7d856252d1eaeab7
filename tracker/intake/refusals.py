"""Why a file cannot be read: one sentence that says what it is and what to do."""

from typing import Never


class UnreadableFile(ValueError):
    """A file nobody can import as it is; `sentence` is for the person who chose it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def refuse(sentence: str) -> Never:
    raise UnreadableFile(sentence)


MAX_COLUMNS = 500
MAX_CELL_CHARACTERS = 1_000_000
SAVE_AS_CSV = "Open it in a spreadsheet program and save it as CSV."
EXPORT_AGAIN = "Export the table as CSV or XLSX and import that."

KINDS_BY_FIRST_BYTES = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel file (.xls), or one locked with a password",
        "Open it in a spreadsheet program and save it as .xlsx or CSV, without a password.",
    ),
    (b"PK\x03\x04", "a ZIP archive", "Unpack it and import the table inside."),
    (b"PK\x05\x06", "an empty ZIP archive", EXPORT_AGAIN),
    (b"\x1f\x8b", "packed twice", "Unpack it once and import the result."),
    (b"BZh", "a bzip2 archive", "Unpack it and import the table inside."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it and import the table inside."),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", "Unpack it and import the table inside."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it and import the table inside."),
    (b"Rar!", "a RAR archive", "Unpack it and import the table inside."),
    (b"\x89PNG", "a picture (PNG)", EXPORT_AGAIN),
    (b"\xff\xd8\xff", "a picture (JPEG)", EXPORT_AGAIN),
    (b"GIF8", "a picture (GIF)", EXPORT_AGAIN),
    (b"%PDF", "a PDF document", EXPORT_AGAIN),
    (b"{\\rtf", "a text document (RTF)", EXPORT_AGAIN),
    (b"SQLite format 3", "a database (SQLite)", EXPORT_AGAIN),
    (b"PAR1", "a Parquet file", EXPORT_AGAIN),
    (b"\x7fELF", "a program", EXPORT_AGAIN),
)

KINDS_BY_FIRST_WORDS = (
    (("<!doctype html", "<html", "<table", "<head", "<body"), "a web page (HTML)"),
    (("<?xml", "<workbook", "<svg"), "an XML document"),
    (("{", "["), "JSON"),
    (("from:", "return-path:", "received:"), "an e-mail message"),
)


def refuse_other_kinds(head: bytes) -> None:
    """Raise UnreadableFile when the first bytes of a file say that it is no table of text."""
    if not head:
        refuse("This file is empty.")
    for magic, kind, remedy in KINDS_BY_FIRST_BYTES:
        if head.startswith(magic):
            refuse(f"This file is {kind}, not a table. {remedy}")
    _refuse_marked_up_text(head[:200].decode("utf-8-sig", "ignore").lstrip().casefold())
    # More than one control character in a hundred: pictures, sound, programs. A stray one in a comment is fine.
    controls = len(head) - len(head.translate(None, bytes([*range(1, 9), *range(14, 27)])))
    if controls > len(head) / 100 and b"\0" not in head:
        refuse(f"This file is not a table of text. {EXPORT_AGAIN}")


def _refuse_marked_up_text(opening: str) -> None:
    for openings, kind in KINDS_BY_FIRST_WORDS:
        if opening.startswith(openings):
            refuse(f"This file is {kind}, not a table. {EXPORT_AGAIN}")
