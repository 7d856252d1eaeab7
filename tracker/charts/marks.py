"""The mark for a score. Its shape says where it lies; colour only repeats it."""

from typing import Literal

from markupsafe import Markup

from tracker.charts.scale import is_known, known_range
from tracker.charts.svg import element, shown

Standing = Literal["inside", "below", "above", "unknown"]


def standing(value: float | None, *, low: float | None, high: float | None) -> Standing:
    """Where a value lies by geometry alone; the ends belong to the range. Unknown when a number is missing."""
    ends = known_range(low, high)
    if ends is None or not is_known(value):
        return "unknown"
    if value < ends[0]:
        return "below"
    return "above" if value > ends[1] else "inside"


def mark(where: Standing, *, x: float, y: float, size: float) -> Markup:
    """Disc inside (or without a range), diamond below, triangle above. ``size`` is the disc's radius in pixels."""
    if where == "below":
        return element("path", class_="pt at", d=_diamond(x, y, size * 1.15))
    if where == "above":
        return element("path", class_="pt", d=_triangle(x, y, size * 1.15))
    return element("circle", class_="pt", cx=x, cy=y, r=size)


def _diamond(x: float, y: float, reach: float) -> str:
    return (
        f"M{shown(x)} {shown(y - reach)}L{shown(x + reach)} {shown(y)}L{shown(x)} {shown(y + reach)}"
        f"L{shown(x - reach)} {shown(y)}Z"
    )


def _triangle(x: float, y: float, reach: float) -> str:
    base = y + reach * 0.72
    return f"M{shown(x)} {shown(y - reach)}L{shown(x + reach)} {shown(base)}L{shown(x - reach)} {shown(base)}Z"
