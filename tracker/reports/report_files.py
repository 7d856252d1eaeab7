"""A report as a file: a workbook with a sheet for each table, or an archive with a CSV for each. Both from Contents.

CSV comes as an archive: whoever wants to look takes the workbook, and whoever takes CSV feeds a program, which wants each table
as a plain rectangle under its own headings. Tables of several shapes in one file would be neither.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO

from flask_babel import gettext as _

from tracker.core import sheets
from tracker.core.language import full_moment, long_month
from tracker.core.sheets import Line, Sheet
from tracker.reports.contents import Contents

MEDIA_TYPES = {"xlsx": sheets.MEDIA_TYPES["xlsx"], "zip": "application/zip"}
NAME_LENGTH = 31  # what a workbook allows
WIDEST = 40


def as_file(kind: str, contents: Contents) -> tuple[IO[bytes], int]:
    """The file at its beginning, and how many rows of tables it holds. `kind`: a key of MEDIA_TYPES."""
    pages = [_findings(contents), *_tables(contents), _method(contents)]
    rows = sum(len(table.rows) for _chapter, table in contents.tables())
    return (sheets.as_book(pages)[0] if kind == "xlsx" else _archive(pages)), rows


def _findings(contents: Contents) -> Sheet:
    rows: list[Line] = [[chapter.heading, said] for chapter in contents.chapters for said in chapter.sentences]
    return Sheet(_("Findings"), [_("Section"), _("Sentence")], rows, (30, 110))


def _tables(contents: Contents) -> Iterator[Sheet]:
    taken = {_("Findings").lower(), _("Method").lower()}
    for _chapter, table in contents.tables():
        rows = [list(row) for row in table.rows]
        yield Sheet(_free(table.title, taken), table.headings, rows, _widths([table.headings, *table.written()]))


def _method(contents: Contents) -> Sheet:
    lines: list[Line] = [
        [_("Report"), contents.title],
        [_("Period"), contents.about],
        [_("Month"), long_month(contents.month) if contents.month else ""],
        [_("Worked out"), full_moment(contents.made_at) if contents.made_at else ""],
        [_("Who may see it"), contents.readers],
        [_("Empty cells"), _("Hidden to protect people, or it cannot be told. The page shows a dash there.")],
    ]
    lines += [[chapter.heading, chapter.method] for chapter in contents.chapters]
    return Sheet(_("Method"), [_("What"), _("How")], lines, (30, 110))


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [min(max(len(str(cell)) for cell in column) + 2, WIDEST) for column in zip(*rows, strict=True)]


def _free(title: str, taken: set[str]) -> str:
    """A name that a workbook takes and that no other sheet has."""
    plain = _cut(" ".join(re.sub(r"[\[\]:*?/\\]", " ", title).split()).strip("'’")) or _("Table")
    name, number = plain, 2
    while name.lower() in taken:
        ending = f" {number}"
        name, number = plain[: NAME_LENGTH - len(ending)] + ending, number + 1
    taken.add(name.lower())
    return name


def _cut(title: str) -> str:
    """After a whole word, where there is one that fits."""
    if len(title) <= NAME_LENGTH:
        return title
    return title[: NAME_LENGTH + 1].rpartition(" ")[0].rstrip(" ,;’'") or title[:NAME_LENGTH]


def _archive(pages: list[Sheet]) -> IO[bytes]:
    file: IO[bytes] = SpooledTemporaryFile(max_size=sheets.IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, page in enumerate(pages, start=1):
            with sheets.as_csv(page.headings, page.rows)[0] as part:
                archive.writestr(f"{number:02d} {page.name}.csv", part.read())
    file.seek(0)
    return file
