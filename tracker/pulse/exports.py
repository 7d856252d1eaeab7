"""One round’s results as rows: for XLSX, CSV and the API, from the same table as the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from flask_babel import gettext as _

from tracker.core import sheets
from tracker.core.sheets import Line
from tracker.pulse.result_rules import favourable_range
from tracker.pulse.result_sentences import basis, method
from tracker.pulse.result_table import LANGUAGE, Answered, Row, Table, label_of, name_of


@dataclass(frozen=True)
class ResultLine:
    """One question in one group. Where it is hidden every figure is None."""

    group: str
    under: str
    question: str
    about: str
    text: str
    is_hidden: bool
    n: int | None = None
    mean: float | None = None
    mean_low: float | None = None
    mean_high: float | None = None
    range_of_company: bool | None = None
    favourable: int | None = None
    favourable_low: int | None = None
    favourable_high: int | None = None
    counts: tuple[int, ...] | None = None


def result_lines(table: Table) -> Iterator[ResultLine]:
    """By group in the order of the tree, by question in the order in which it was asked."""
    names = {row.node.id: name_of(row.node) for row in table.rows}
    for row in table.rows:
        for answer in row.answers:
            yield _line(row, answer, under=names.get(row.node.parent_id or 0, ""))


def _line(row: Row, answer: Answered, *, under: str) -> ResultLine:
    item, cell, found = answer.item, answer.cell, answer.estimate
    says = (name_of(row.node), under, item.key, label_of(item), item.text(LANGUAGE))
    if cell is None:
        return ResultLine(*says, is_hidden=True)
    low, high = favourable_range(cell)
    return ResultLine(
        *says,
        is_hidden=False,
        n=cell.n,
        mean=cell.mean,
        mean_low=found.low if found else None,
        mean_high=found.high if found else None,
        range_of_company=found.of_company if found else None,
        favourable=cell.favourable,
        favourable_low=low,
        favourable_high=high,
        counts=cell.histogram,
    )


def headings() -> list[str]:
    return [
        _("Group"),
        _("Under"),
        _("About"),
        _("Question"),
        _("Shown"),
        _("Answers"),
        _("Mean, or eNPS"),
        _("Likely from"),
        _("Likely to"),
        _("Range rests on"),
        _("At the good end, percent"),
        _("Likely from, percent"),
        _("Likely to, percent"),
        _("Worst answer (eNPS: 0 to 6)"),
        _("Second worst"),
        _("Middle (eNPS: 7 or 8)"),
        _("Second best"),
        _("Best answer (eNPS: 9 or 10)"),
    ]


def as_file(kind: str, table: Table) -> tuple[IO[bytes], int]:
    """The file at its beginning, and how many rows it holds. In XLSX a second sheet says how every figure came about."""
    notes = [basis(table.round), *method(table.round)]
    rows = (_cells(line) for line in result_lines(table))
    return sheets.as_file(kind, _("Pulse results"), headings(), rows, notes=(_("How it is worked out"), notes))


def _cells(line: ResultLine) -> Line:
    shown = _("hidden to protect people") if line.is_hidden else _("yes")
    rests = {None: "", True: _("the whole company’s spread"), False: _("the group’s own answers")}
    return [
        line.group,
        line.under,
        line.about,
        line.text,
        shown,
        line.n,
        line.mean,
        line.mean_low,
        line.mean_high,
        rests[line.range_of_company],
        line.favourable,
        line.favourable_low,
        line.favourable_high,
        *(line.counts or (None,) * 5),
    ]
