"""Two shares of several groups, one group a line: a disc for the one, a square for the other, and what lies between."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from tracker.charts.named_lines import Spacing, named_lines, percent_line
from tracker.charts.scale import Scale
from tracker.charts.svg import element, fitting, label, picture, shown, text_width

MARGIN, BELOW = 26.0, 26.0
SPACING = Spacing(top=24.0, beside=34.0, stacked=48.0, drop=14.0, lift=15.0)
SIZE, STEP = 6.5, 10


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One line, in percent. disc None: too little is known of it, and the square stands alone. Grey unless the two are surely apart."""

    label: str
    disc: float | None
    square: float
    tone: Literal["clear", "grey"]


def dumbbell(
    *,
    prefix: str,
    title: str,
    description: str,
    rows: Sequence[Pair],
    disc_label: str,
    square_label: str,
    number: Callable[[float], str],
    lowest: int = 0,
    width: float = 326,
) -> Markup:
    """From `lowest` to 100 percent (see `lowest_of`); give all pictures of a page the same `lowest`. Rows in the order given."""
    lines = named_lines([f"{row.label}  " for row in rows], width, SPACING)
    scale, foot = Scale(float(lowest), 100.0, lines.names + MARGIN, width - MARGIN), lines.foot(len(rows))
    parts = [*_key(disc_label, square_label), *_grid(scale, lowest, foot)]
    for place, row in enumerate(rows):
        name = fitting(row.label, lines.names or 0.9 * width)
        parts.append(label(name, x=0, y=lines.name_at(place), class_="lab halo"))
        parts.extend(_row(scale, row, lines.middle(place), number))
    return picture(parts, prefix=prefix, title=title, description=description, width=width, height=foot + BELOW)


def lowest_of(values: Sequence[float | None]) -> int:
    """Where an axis begins: at the tens below the least value, never above 50."""
    least = min((value for value in values if value is not None), default=100.0)
    return max(0, min(50, int((least - 1) // STEP) * STEP))


def _key(disc_label: str, square_label: str) -> Iterator[Markup]:
    yield element("circle", class_="pt", cx=7, cy=8, r=SIZE)
    yield label(disc_label, x=18, y=12, class_="sm")
    x = 18 + text_width(disc_label) + 16
    yield _square(x, 8.0, "pt at")
    yield label(square_label, x=x + 11, y=12, class_="sm")


def _grid(scale: Scale, lowest: int, foot: float) -> Iterator[Markup]:
    step = 2 * STEP if 100 - lowest > 5 * STEP else STEP
    for percent in range(100, lowest - 1, -step):
        yield from percent_line(scale, percent, top=SPACING.top, foot=foot)


def _row(scale: Scale, row: Pair, middle: float, number: Callable[[float], str]) -> Iterator[Markup]:
    square = scale.at(row.square)
    if row.disc is None:
        yield _square(square, middle, "pt qt")
        yield _beside(number(row.square), square, middle, is_left=square > scale.end - 30)
        return
    disc = scale.at(row.disc)
    tone = "wh" if row.tone == "clear" else "wh qt"
    yield element("path", class_=tone, d=f"M{shown(min(disc, square))} {shown(middle)}H{shown(max(disc, square))}")
    yield element("circle", class_="pt", cx=disc, cy=middle, r=SIZE)
    yield _square(square, middle, "pt at")
    yield _beside(number(row.disc), disc, middle, is_left=disc <= square)
    yield _beside(number(row.square), square, middle, is_left=disc > square)


def _beside(words: str, x: float, middle: float, *, is_left: bool) -> Markup:
    side = -11.0 if is_left else 11.0
    return label(words, x=x + side, y=middle + 4, class_="sm halo", anchor="end" if is_left else "start")


def _square(x: float, middle: float, class_: str) -> Markup:
    half = SIZE - 0.5
    return element("rect", class_=class_, x=x - half, y=middle - half, width=2 * half, height=2 * half, rx=2)
