"""What the pages of results show: the map of all groups, one group with its questions, and the attack on one’s own answers."""

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
from tracker.pulse.try_to_find import Found, Search


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
    text: str  # the question, where its label is another’s too
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


@dataclass(frozen=True)
class Step:
    """One question of the attack: what is shown around somebody, what can be taken off, what is left."""

    label: str
    left: int | None
    lines: list[str]


def map_lines(table: Table, *, sort: str | None, own: int | None) -> list[Line]:
    """In the order of the tree, or by one question (`-key`: highest first); hidden cells last."""
    rows: Sequence[Row] = table.rows
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
            [_cell(answer) for answer in row.answers],
            row.node.id == own,
        )
        for row in rows
    ]


def columns(table: Table, *, sort: str | None) -> list[Column]:
    return [_column(table, item, sort) for item in table.round.items]


def moved(table: Table) -> list[Moved]:
    """Clear changes first, then those that may be chance; in each by the order of the tree."""
    found = [(row, answer) for row in table.rows for answer in row.answers if answer.change]
    order = [Verdict.CLEAR, Verdict.MAYBE]
    return [
        Moved(
            row.node.id,
            name_of(row.node),
            label_of(answer.item),
            say.verdict_words(verdict),
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


def steps(search: Search) -> list[Step]:
    return [_step(found) for found in search.questions]


def find_sentence(search: Search) -> str:
    if search.own is None:
        return _("You weren’t asked in this round, so nothing in it is yours.")
    if search.smallest is None:
        return _("Nothing is shown that could hold an answer of yours.")
    return _(
        "With everything that anyone can see, the smallest group that your answers can be narrowed to is %(count)s.",
        count=number(search.smallest, 0),
    )


def _cell(answer: Answered) -> Cell:
    label = label_of(answer.item)
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


def _column(table: Table, item: Item, sort: str | None) -> Column:
    order = {item.key: "ascending", f"-{item.key}": "descending"}.get(sort or "")
    turned = f"-{item.key}" if order == "ascending" else item.key
    url = url_for("pulse_results.of_round", id=table.round.id, sort=turned)
    is_alone = [label_of(other) for other in table.round.items].count(label_of(item)) == 1
    return Column(label_of(item), "" if is_alone else item.text(LANGUAGE), url, order)


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
        pill=say.verdict_words(answer.change.verdict) if answer.change else None,
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


def _step(found: Found) -> Step:
    label = label_of(found.item)
    if found.remainder is None or found.around is None:
        return Step(label, None, [_("Nothing is shown of this question that could hold an answer of yours.")])
    lines = [_("%(group)s is hidden, so nothing starts there.", group=name_of(node)) for node in found.hidden]
    lines.append(
        _(
            "The smallest group around you that is shown is %(group)s: %(n)s answers.",
            group=name_of(found.around),
            n=number(found.remainder.n, 0),
        )
    )
    if found.remainder.within:
        lines.append(
            ngettext(
                "Within it one group is shown without you: %(taken)s answers can be taken off.",
                "Within it %(num)d groups are shown without you: %(taken)s answers can be taken off.",
                len(found.remainder.within),
                taken=number(found.remainder.taken, 0),
            )
        )
    lines.append(_("That leaves %(left)s, and nothing that is shown tells these apart.", left=found.remainder.left))
    return Step(label, found.remainder.left, lines)
