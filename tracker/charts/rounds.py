"""A published figure from round to round: a point with its likely range each time, joined only where that is allowed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from tracker.charts.scale import Scale
from tracker.charts.svg import element, label, picture, shown, text_width

LEFT, TOP, BELOW, END = 30.0, 14.0, 26.0, 42.0


@dataclass(frozen=True, kw_only=True)
class RoundPoint:
    """One round: its month as it is to be read, the figure and its likely range; all None where it is hidden.

    is_joined: whether a line may lead here from the point before.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    is_joined: bool = True


def over_rounds(
    *,
    prefix: str,
    title: str,
    description: str,
    points: Sequence[RoundPoint],
    axis: Sequence[float],
    number: Callable[[float], str],
    width: float = 326,
    height: float = 132,
) -> Markup:
    """points: oldest first. axis: the labelled ticks, lowest first; what lies outside is drawn at the nearer end.

    The likely range is a line, never a band: a band would be an expected range. The newest point carries its number.
    """
    x = Scale(0, max(len(points) - 1, 1), LEFT + 6, width - END)
    y = Scale(axis[0], axis[-1], height - BELOW, TOP)
    parts = [
        *_grid(axis, number, y, right=width - END + 6),
        *_lines(points, x, y),
        *_points(points, x, y),
        *_newest(points, x, y, number),
        *_months(points, x, baseline=height - 8),
    ]
    return picture(parts, prefix=prefix, title=title, description=description, width=width, height=height)


def _grid(axis: Sequence[float], number: Callable[[float], str], y: Scale, *, right: float) -> Iterator[Markup]:
    for tick in axis:
        yield element("path", class_="grid", d=f"M{shown(LEFT)} {shown(y.at(tick))}H{shown(right)}")
        yield label(number(tick), x=LEFT - 6, y=y.at(tick) + 4, class_="q sm", anchor="end")


def _lines(points: Sequence[RoundPoint], x: Scale, y: Scale) -> Iterator[Markup]:
    for place in range(1, len(points)):
        before, here = points[place - 1], points[place]
        if before.value is None or here.value is None or not here.is_joined:
            continue
        start, end = (x.at(place - 1), y.at(before.value)), (x.at(place), y.at(here.value))
        path = f"M{shown(start[0])} {shown(start[1])}L{shown(end[0])} {shown(end[1])}"
        yield element("path", class_="ln", d=path)


def _points(points: Sequence[RoundPoint], x: Scale, y: Scale) -> Iterator[Markup]:
    for place, point in enumerate(points):
        if point.value is None:
            continue
        if point.low is not None and point.high is not None:
            across = shown(x.at(place))
            yield element("path", class_="bandedge", d=f"M{across} {shown(y.at(point.low))}V{shown(y.at(point.high))}")
        yield element("circle", class_="pt", cx=x.at(place), cy=y.at(point.value), r=5)


def _newest(points: Sequence[RoundPoint], x: Scale, y: Scale, number: Callable[[float], str]) -> Iterator[Markup]:
    place = len(points) - 1
    if place >= 0 and (value := points[place].value) is not None:
        yield label(number(value), x=x.at(place) + 10, y=y.at(value) + 4, class_="lab halo")


def _months(points: Sequence[RoundPoint], x: Scale, *, baseline: float) -> Iterator[Markup]:
    """The last, and before it every one, every second or every third: as many as fit, always as far apart."""
    last = len(points) - 1
    widest = max((text_width(point.label) for point in points), default=1.0) + 12
    fitting = max(1, int((x.end - x.start) // widest))
    for place in range(last, -1, -max(1, ceil(last / fitting))):
        yield label(points[place].label, x=x.at(place), y=baseline, class_="q sm", anchor="middle")
