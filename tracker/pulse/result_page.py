"""What the pages of results show: the map of all groups, and one group with its questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from tracker.charts import RoundPoint
from tracker.core.audience import Viewer
from tracker.core.language import month, number
from tracker.pulse import drawings
from tracker.pulse import result_sentences as say
from tracker.pulse.bank import AGREEMENT, Item
from tracker.pulse.queries import ResultCell, Said, comments
from tracker.pulse.result_rules import Verdict, weighted_mean
from tracker.pulse.result_table import LANGUAGE, Answered, Row, Table, label_of, name_of
from tracker.pulse.trends import Point, trends


@dataclass(frozen=True)
class Cell:
    """One cell of the map: its figure and how many answered, or hidden."""

    label: str
    figure: str | None
    n: str
    tone: str


@dataclass(frozen=True)
class Line:
    """One group of the map."""

    id: int
    name: str
    indent: str  # a class
    cells: list[Cell]
    is_own: bool = False


@dataclass(frozen=True)
class Column:
    label: str
    url: str
    order: str | None  # what aria-sort says


@dataclass(frozen=True)
class Moved:
    """A change worth a line: in which group, of what, in words."""

    id: int
    group: str
    about: str
    pill: tuple[str, str]
    words: str


@dataclass(frozen=True)
class Question:
    """One question in one group, ready to show. figure: None where it is hidden."""

    key: str
    label: str
    text: str
    is_reversed: bool
    figure: str | None
    scale: str
    answers: str = ""
    range: str = ""
    favourable: str = ""
    company: str | None = None
    pill: tuple[str, str] | None = None
    change: str = ""
    bars: Markup | None = None
    counts: list[tuple[str, int]] = field(default_factory=list)
    chart: Markup | None = None
    chart_wide: Markup | None = None
    history: list[list[str]] = field(default_factory=list)
    comments: list[Said] = field(default_factory=list)


def map_lines(table: Table, *, sort: str | None, own: int | None) -> list[Line]:
    """In the order of the tree, or by one question (`-key`: highest first); hidden cells last."""
    rows: Sequence[Row] = table.rows
    titles = _titles(table)
    key = (sort or "").removeprefix("-")
    place = next((at for at, item in enumerate(table.round.items) if item.key == key), None)
    if place is not None:
        downwards = (sort or "").startswith("-")
        rows = sorted(rows, key=lambda row: _rank(row.answers[place], downwards))
    return [
        Line(
            row.node.id,
            name_of(row.node),
            f"in{min(row.depth, 4)}" if place is None else "in0",
            [_cell(answer, title) for answer, title in zip(row.answers, titles, strict=True)],
            row.node.id == own,
        )
        for row in rows
    ]


def columns(table: Table, *, sort: str | None) -> list[Column]:
    return [_column(table, item, title, sort) for item, title in zip(table.round.items, _titles(table), strict=True)]


def moved(table: Table) -> list[Moved]:
    """Clear changes first, then those that may be chance; in each by the order of the tree."""
    found = [(row, answer) for row in table.rows for answer in row.answers if answer.change]
    order = [Verdict.CLEAR, Verdict.MAYBE]
    return [
        Moved(
            row.node.id,
            name_of(row.node),
            label_of(answer.item),
            say.pill_words(answer.change),
            say.change_words(answer),
        )
        for verdict in order
        for row, answer in found
        if answer.change and answer.change.verdict is verdict
    ]


def steady_words(table: Table) -> str:
    """How many compared figures did not move; empty where nothing is compared."""
    compared = [answer.change for row in table.rows for answer in row.answers if answer.change]
    steady = sum(change.verdict is Verdict.STEADY for change in compared)
    if not compared:
        return ""
    return ngettext(
        "One figure that can be compared shows ups and downs of the usual size.",
        "%(num)d figures that can be compared show ups and downs of the usual size.",
        steady,
    )


def questions(viewer: Viewer, row: Row, rounds: Any) -> tuple[list[Question], bool]:
    """Every question of a group, and whether the viewer reads its comments."""
    history = trends(viewer, row.node, [answer.item for answer in row.answers], rounds)
    heard = comments(viewer, row.node.id)
    made = [
        _question(row, answer, history[answer.item.key], [one for one in heard or () if one.item == answer.item.key])
        for answer in row.answers
    ]
    return made, heard is not None


def _titles(table: Table) -> list[str]:
    """What each question is about; with the question itself where several are about the same."""
    about = [label_of(item) for item in table.round.items]
    return [
        label if about.count(label) == 1 else _("%(about)s: %(question)s", about=label, question=item.text(LANGUAGE))
        for label, item in zip(about, table.round.items, strict=True)
    ]


def _cell(answer: Answered, label: str) -> Cell:
    if answer.cell is None:
        return Cell(label, None, "", "hid")
    n = _("n %(count)s", count=number(answer.cell.n, 0))
    return Cell(label, say.mean_words(answer.item, answer.cell), n, answer.tone)


def _rank(answer: Answered, downwards: bool) -> tuple[bool, float]:
    if answer.cell is None:
        return True, 0.0
    return False, -answer.cell.mean if downwards else answer.cell.mean


def driver_scores(row: Row) -> list[str]:
    """A sentence for each driver of which several questions are shown."""
    shown: dict[str, list[ResultCell]] = {}
    for answer in row.answers:
        if answer.cell and answer.item.driver and answer.item.scale == AGREEMENT:
            shown.setdefault(label_of(answer.item), []).append(answer.cell)
    return [
        _(
            "%(driver)s as a whole: %(mean)s of 5, from %(count)s questions, each as heavy as its answers.",
            driver=driver,
            mean=number(mean),
            count=len(cells),
        )
        for driver, cells in shown.items()
        if len(cells) > 1 and (mean := weighted_mean(cells)) is not None
    ]


def _column(table: Table, item: Item, title: str, sort: str | None) -> Column:
    order = {item.key: "ascending", f"-{item.key}": "descending"}.get(sort or "")
    turned = f"-{item.key}" if order == "ascending" else item.key
    url = url_for("pulse_results.of_round", id=table.round.id, sort=turned)
    return Column(title, url, order)


def _question(row: Row, answer: Answered, points: Sequence[Point], heard: list[Said]) -> Question:
    item, cell = answer.item, answer.cell
    says: dict[str, Any] = {
        "key": item.key,
        "label": label_of(item),
        "text": item.text(LANGUAGE),
        "is_reversed": item.is_reversed,
        "scale": say.of_scale(item),
        "comments": heard,
        **_drawn(row, item, points),
    }
    if cell is None:
        return Question(figure=None, **says)
    company = answer.company if row.node.parent_id is not None else None
    return Question(
        figure=say.mean_words(item, cell),
        answers=ngettext("one answer", "%(count)s answers", cell.n, count=number(cell.n, 0)),
        range=say.range_words(item, answer.estimate),
        favourable=say.favourable_words(item, cell),
        company=say.mean_words(item, company) if company else None,
        pill=say.pill_words(answer.change) if answer.change else None,
        change=say.change_words(answer),
        bars=drawings.bars(item, cell, title=_("How many gave each answer: %(what)s", what=label_of(item))),
        counts=drawings.answer_counts(item, cell),
        **says,
    )


def _drawn(row: Row, item: Item, points: Sequence[Point]) -> dict[str, Any]:
    """The question from round to round, where there are two rounds or more that show it."""
    if sum(point.cell is not None for point in points) < 2:
        return {}
    drawn = [
        RoundPoint(
            label=month(point.month),
            value=point.cell.mean if point.cell else None,
            low=point.estimate.low if point.estimate else None,
            high=point.estimate.high if point.estimate else None,
            is_joined=point.is_joined,
        )
        for point in points
    ]
    title = _("%(what)s from round to round, %(group)s", what=label_of(item), group=name_of(row.node))
    history = [_history(item, point) for point in points]
    says = {"title": title, "description": _("The newest is %(last)s.", last=history[-1][1])}
    return {
        "chart": drawings.over_time(item, drawn, **says),
        "chart_wide": drawings.over_time(item, drawn, **says, width=drawings.COLUMN),
        "history": history,
    }


def _history(item: Item, point: Point) -> list[str]:
    """Month, figure, likely range, answers."""
    if point.cell is None:
        return [month(point.month), _("hidden to protect people"), "", ""]
    found = say.range_words(item, point.estimate)
    return [month(point.month), say.mean_words(item, point.cell), found, number(point.cell.n, 0)]
