"""Shares of a whole, one a line: a bar from 0, and its likely range as a line over the end of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tracker.charts.named_lines import Spacing, named_lines
from tracker.charts.scale import Scale
from tracker.charts.svg import element, fitting, inside, label, picture, shown, text_width

SPACING = Spacing(top=6.0, beside=30.0, stacked=44.0, drop=12.0, lift=14.0)
RIGHT, BELOW, THICK, STEPS = 12.0, 24.0, 12.0, 4
BOLD = 1.1  # as wide as other text


@dataclass(frozen=True, kw_only=True)
class ShareBar:
    """Percents. `words` stand at the end of the name’s line: how many."""

    label: str
    words: str
    value: float
    low: float
    high: float


def share_bars(
    *, prefix: str, title: str, description: str, rows: Sequence[ShareBar], percent: str, width: float = 326
) -> Markup:
    """From 0 to the tens above the highest end. percent: how a number on the axis is written, as “{}%”. Rows in the order given."""
    lines = named_lines([f"{row.label}      {row.words}" for row in rows], width, SPACING)
    scale = Scale(0.0, _end(rows), lines.names + 12 if lines.are_beside else 2.0, width - RIGHT)
    foot, right = lines.foot(len(rows)), scale.start - 12 if lines.are_beside else width - RIGHT
    parts = [*_grid(scale, foot, percent)]
    for place, row in enumerate(rows):
        y = lines.name_at(place)
        parts.append(label(fitting(row.label, (right - text_width(row.words)) / BOLD - 8), x=0, y=y, class_="lab halo"))
        parts.append(label(row.words, x=right, y=y, class_="q sm halo", anchor="end"))
        parts.extend(_bar(scale, row, lines.middle(place), percent))
    return picture(parts, prefix=prefix, title=title, description=description, width=width, height=foot + BELOW)


def _end(rows: Sequence[ShareBar]) -> float:
    highest = max((row.high for row in rows), default=0.0)
    return min(100.0, max(20.0, -(-highest // 20) * 20))


def _grid(scale: Scale, foot: float, percent: str) -> Iterator[Markup]:
    for number in range(STEPS + 1):
        value = scale.high * number / STEPS
        x, anchor = scale.at(value), "start" if number == 0 else "end" if number == STEPS else "middle"
        yield element("path", class_="grid", d=f"M{shown(x)} {shown(SPACING.top)}V{shown(foot)}")
        yield label(percent.format(shown(value)), x=x, y=foot + 16, class_="q sm", anchor=anchor)


def _bar(scale: Scale, row: ShareBar, middle: float, percent: str) -> Iterator[Markup]:
    start = scale.at(0)
    yield element(
        "rect", class_="band", x=start, y=middle - THICK / 2, width=scale.at(row.value) - start, height=THICK, rx=2
    )
    first, last = scale.at(row.low), scale.at(row.high)
    yield element("path", class_="wh", d=f"M{shown(first)} {shown(middle)}H{shown(last)}")
    yield element("circle", class_="pt", cx=scale.at(row.value), cy=middle, r=inside(last - first, 4.0))
    is_left = last > scale.end - 36
    at, anchor = (first - 6, "end") if is_left else (last + 6, "start")
    yield label(percent.format(shown(row.value)), x=at, y=middle + 4, class_="sm halo", anchor=anchor)
