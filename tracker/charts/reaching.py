"""A figure on its way to a line that it is to reach: a dot with its likely range each time, gaps where it is hidden."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tracker.charts.scale import Scale, is_known, known_range
from tracker.charts.svg import element, label, picture, shown, text_width, within

TOP, BELOW, LEFT = 16.0, 24.0, 14.0
LABEL_WIDTH = 46.0


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One round: its name on the axis ("Nov"), its figure and likely range; None where it is hidden. is_joined: whether a line may
    lead here from the one before."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    is_joined: bool = True


def reaching(
    *,
    prefix: str,
    title: str,
    description: str,
    points: Sequence[Reading],
    axis: Sequence[float],
    number: Callable[[float], str],
    aim: float | None = None,
    aim_label: str = "",
    width: float = 326,
    height: float = 150,
) -> Markup:
    """Likely ranges are lines, never a band; the newest known dot carries its number.

    points: oldest first. axis: the values at its steps, lowest first. width, height: pixels of its column.
    """
    right = width - max(text_width(number(axis[0])), text_width(number(axis[-1]))) - 10
    x = Scale(0, max(len(points) - 1, 1), LEFT, right - LEFT)
    y = Scale(axis[0], axis[-1], height - BELOW - 6, TOP)
    parts = [
        *_grid(y, axis, right=right, number=number),
        *_ranges(x, y, points),
        *_aim(y, aim, right=right, words=aim_label),
        *_lines(x, y, points),
        *_dots(x, y, points, right=right, number=number),
        *_names(x, points, y=height - 6, right=right),
    ]
    return picture(parts, prefix=prefix, title=title, description=description, width=width, height=height)


def _grid(y: Scale, axis: Sequence[float], *, right: float, number: Callable[[float], str]) -> Iterator[Markup]:
    for step in axis:
        yield element("path", class_="grid", d=f"M0 {shown(y.at(step))}H{shown(right)}")
        yield label(number(step), x=right + 6, y=y.at(step) + 4, class_="q sm")


def _aim(y: Scale, aim: float | None, *, right: float, words: str) -> Iterator[Markup]:
    if aim is not None:
        yield element("path", class_="flag", d=f"M0 {shown(y.at(aim))}H{shown(right)}")
        yield label(words, x=0, y=y.at(aim) - 5, class_="sm halo")


def _ranges(x: Scale, y: Scale, points: Sequence[Reading]) -> Iterator[Markup]:
    for index, point in enumerate(points):
        if likely := known_range(point.low, point.high):
            yield element(
                "path", class_="wh qt", d=f"M{shown(x.at(index))} {shown(y.at(likely[0]))}V{shown(y.at(likely[1]))}"
            )


def _lines(x: Scale, y: Scale, points: Sequence[Reading]) -> Iterator[Markup]:
    for index, (before, here) in enumerate(itertools.pairwise(points)):
        if here.is_joined and is_known(before.value) and is_known(here.value):
            start, end = f"{shown(x.at(index))} {shown(y.at(before.value))}", shown(x.at(index + 1))
            yield element("path", class_="ln", d=f"M{start}L{end} {shown(y.at(here.value))}")


def _dots(
    x: Scale, y: Scale, points: Sequence[Reading], *, right: float, number: Callable[[float], str]
) -> Iterator[Markup]:
    newest = max((index for index, point in enumerate(points) if is_known(point.value)), default=None)
    for index, point in enumerate(points):
        if is_known(point.value):
            yield element(
                "circle", class_="pt", cx=x.at(index), cy=y.at(point.value), r=6.0 if index == newest else 4.0
            )
    if newest is not None and is_known(value := points[newest].value):
        middle = within(x.at(newest), number(value), left=0, right=right)
        yield label(number(value), x=middle, y=y.at(value) - 11, class_="lab halo", anchor="middle")


def _names(x: Scale, points: Sequence[Reading], *, y: float, right: float) -> Iterator[Markup]:
    """As many as there is room for, the newest among them."""
    every = max(1, round(len(points) * LABEL_WIDTH / max(right, 1.0)))
    for index, point in enumerate(points):
        if (len(points) - 1 - index) % every == 0:
            middle = within(x.at(index), point.label, left=0, right=right)
            yield label(point.label, x=middle, y=y, class_="q sm", anchor="middle")
