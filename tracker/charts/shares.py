"""Shares of several groups with their likely ranges, one a line, from 0 to 100 percent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tracker.charts.named_lines import Spacing, named_lines, percent_line
from tracker.charts.scale import Scale
from tracker.charts.svg import element, fitting, inside, label, picture, shown

MARGIN, BELOW = 16.0, 26.0
SPACING = Spacing(top=8.0, beside=34.0, stacked=46.0, drop=12.0, lift=16.0)
SIZE = 6.5
STEP = 25


@dataclass(frozen=True, kw_only=True)
class ShareRow:
    """One line, in percent: a share and the ends of its likely range. is_quiet: drawn in grey, for what is there to compare with.
    by_chance: what chance alone would give, a dashed line; None for none."""

    label: str
    value: float
    low: float
    high: float
    is_quiet: bool = False
    by_chance: float | None = None


def shares(
    *,
    prefix: str,
    title: str,
    description: str,
    rows: Sequence[ShareRow],
    number: Callable[[float], str],
    width: float = 326,
) -> Markup:
    """All on one scale, whole from 0 to 100, so that no share looks larger than it is. Rows in the order given."""
    lines = named_lines([f"{row.label}  " for row in rows], width, SPACING)
    scale, foot = Scale(0.0, 100.0, lines.names + MARGIN, width - MARGIN), lines.foot(len(rows))
    parts = [
        part for percent in range(0, 101, STEP) for part in percent_line(scale, percent, top=SPACING.top, foot=foot)
    ]
    for place, row in enumerate(rows):
        name = fitting(row.label, lines.names or 0.9 * width)
        parts.append(label(name, x=0, y=lines.name_at(place), class_="lab halo"))
        parts.extend(_row(scale, row, lines.middle(place), number))
    return picture(parts, prefix=prefix, title=title, description=description, width=width, height=foot + BELOW)


def _row(scale: Scale, row: ShareRow, middle: float, number: Callable[[float], str]) -> Iterator[Markup]:
    quiet = " qt" if row.is_quiet else ""
    if row.by_chance is not None:
        chance = shown(scale.at(row.by_chance))
        yield element("path", class_="flag", d=f"M{chance} {shown(middle - 11)}V{shown(middle + 11)}")
    start, end, x = scale.at(row.low), scale.at(row.high), scale.at(row.value)
    yield element("path", class_=f"wh{quiet}", d=f"M{shown(start)} {shown(middle)}H{shown(end)}")
    yield element("circle", class_=f"pt{quiet}", cx=x, cy=middle, r=inside(end - start, SIZE))
    is_left = end > scale.end - 24
    at = min(start, x - SIZE) - 5 if is_left else max(end, x + SIZE) + 5
    yield label(number(row.value), x=at, y=middle + 4, class_="sm halo", anchor="end" if is_left else "start")
