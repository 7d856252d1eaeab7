"""Two estimates with their likely ranges, one above the other, against the expected range."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tracker.charts.marks import mark, standing
from tracker.charts.scale import Scale, is_known, known_range, ticks
from tracker.charts.svg import element, label, picture, shown, text_width, within

TOP, ROW, BELOW, FRAME = 6.0, 40.0, 28.0, 14.0


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One row: what ("6 weeks before"), on how much ("41 ratings"), score and likely range in stars or None.

    usual_low, usual_high: where this row’s score would lie by itself, drawn as a frame around the row; usual_label names it.
    """

    label: str
    note: str
    value: float | None
    low: float | None
    high: float | None
    usual_low: float | None = None
    usual_high: float | None = None
    usual_label: str = ""


def before_after(
    *,
    prefix: str,
    title: str,
    description: str,
    rows: Sequence[Estimate],
    expected_low: float | None,
    expected_high: float | None,
    range_label: str,
    number: Callable[[float], str],
    width: float = 586,
) -> Markup:
    """The expected range is a band, each likely range a line, what would come by itself a frame: never the same look. Rows in the
    order given."""
    figures = [figure for row in rows for figure in (row.value, row.low, row.high, row.usual_low, row.usual_high)]
    axis = ticks([*figures, expected_low, expected_high])
    left = max([text_width(words) for row in rows for words in (row.label, row.note)], default=0.0) + 14
    scale = Scale(axis[0], axis[-1], left, width - 14.0)
    bottom = TOP + 18 + ROW * len(rows) + sum(FRAME for row in rows if _has_usual(row))
    parts = [
        *_grid(scale, axis, bottom=bottom, number=number),
        *_expected(scale, expected_low, expected_high, bottom=bottom, words=range_label),
    ]
    middle = TOP + 39 - ROW
    for row in rows:
        middle += ROW
        parts.extend(_usual(scale, row, middle=middle))
        parts.extend(_row(scale, row, middle=middle, low=expected_low, high=expected_high, number=number))
        middle += FRAME if _has_usual(row) else 0.0
    return picture(parts, prefix=prefix, title=title, description=description, width=width, height=bottom + BELOW)


def _grid(scale: Scale, axis: Sequence[float], *, bottom: float, number: Callable[[float], str]) -> Iterator[Markup]:
    for tick in axis:
        x = scale.at(tick)
        yield element("path", class_="grid", d=f"M{shown(x)} {shown(TOP)}V{shown(bottom)}")
        yield label(number(tick), x=x, y=bottom + 18, class_="q sm", anchor="middle")


def _expected(scale: Scale, low: float | None, high: float | None, *, bottom: float, words: str) -> Iterator[Markup]:
    expected = known_range(low, high)
    if expected is None:
        return
    start, end = map(scale.at, expected)
    yield element("rect", class_="band", x=start, y=TOP, width=max(end - start, 2.0), height=bottom - TOP)
    x = within((start + end) / 2, words, left=scale.start, right=scale.end + 14)
    yield label(words, x=x, y=TOP + 12, class_="bl sm", anchor="middle")


def _has_usual(row: Estimate) -> bool:
    return known_range(row.usual_low, row.usual_high) is not None


def _usual(scale: Scale, row: Estimate, *, middle: float) -> Iterator[Markup]:
    if usual := known_range(row.usual_low, row.usual_high):
        start, end = map(scale.at, usual)
        yield element("rect", class_="bandedge", x=start, y=middle - 9, width=max(end - start, 2.0), height=18, rx=5)
        x = within((start + end) / 2, row.usual_label, left=scale.start, right=scale.end + 14)
        yield label(row.usual_label, x=x, y=middle + 22, class_="q sm", anchor="middle")


def _row(
    scale: Scale,
    row: Estimate,
    *,
    middle: float,
    low: float | None,
    high: float | None,
    number: Callable[[float], str],
) -> Iterator[Markup]:
    yield label(row.label, x=0, y=middle - 3, class_="lab")
    yield label(row.note, x=0, y=middle + 12, class_="q sm")
    if not is_known(row.value):
        return
    where = standing(row.value, low=low, high=high)
    tone = "wh at" if where == "below" else "wh"
    if likely := known_range(row.low, row.high):
        start, end = map(scale.at, likely)
        yield element("path", class_=tone, d=f"M{shown(start)} {shown(middle)}H{shown(end)}")
    x = scale.at(row.value)
    yield mark(where, x=x, y=middle, size=7.0)
    yield label(number(row.value), x=x, y=middle - 12, class_="lab halo", anchor="middle")
