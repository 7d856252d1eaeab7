"""A score over time, with the expected range behind it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tracker.charts.lines import band, last_known, last_mark, line, runs
from tracker.charts.scale import Scale, is_known, known_range, ticks
from tracker.charts.svg import element, label, picture, shown, text_width

LEFT, TOP, BELOW = 26.0, 12.0, 24.0
LABEL_HEIGHT = 18.0


@dataclass(frozen=True, kw_only=True)
class TrendPoint:
    """One week: its date as it is to be read ("5 Oct"), its score and expected range in stars, None where not known."""

    label: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class _Plot:
    points: Sequence[TrendPoint]
    x: Scale
    y: Scale
    marks: list[float]

    @property
    def values(self) -> list[float | None]:
        return [point.value for point in self.points]

    @property
    def low(self) -> list[float | None]:
        return [point.low for point in self.points]

    @property
    def high(self) -> list[float | None]:
        return [point.high for point in self.points]


def trend(
    *,
    prefix: str,
    title: str,
    description: str,
    points: Sequence[TrendPoint],
    range_label: str,
    number: Callable[[float], str],
    event: tuple[int, str] | None = None,
    width: float = 326,
    height: float = 126,
) -> Markup:
    """The line breaks at gaps; the newest known point carries its number; the axis is in halves or whole stars.

    points: oldest first. event: at most one flag, as (position, words). width, height: pixels of its column.
    """
    plot = _plot(points, number=number, width=width, height=height)
    parts = [
        *_grid(plot, number=number),
        *band(plot.x, plot.y, plot.low, plot.high),
        *_flag(plot, event),
        *line(plot.x, plot.y, plot.values),
        *last_mark(plot.x, plot.y, plot.values, plot.low, plot.high, size=6.0),
        *_last_number(plot, number=number),
        *_range_label(plot, range_label),
        *_dates(plot),
    ]
    return picture(parts, prefix=prefix, title=title, description=description, width=width, height=height)


def _plot(points: Sequence[TrendPoint], *, number: Callable[[float], str], width: float, height: float) -> _Plot:
    everything = [figure for point in points for figure in (point.value, point.low, point.high)]
    axis = ticks(everything)
    room = max(text_width(number(axis[0])), text_width(number(axis[-1]))) + 10
    x = Scale(0, max(len(points) - 1, 1), LEFT, width - room)
    return _Plot(points=points, x=x, y=Scale(axis[0], axis[-1], height - BELOW, TOP), marks=axis)


def _grid(plot: _Plot, *, number: Callable[[float], str]) -> Iterator[Markup]:
    for tick in plot.marks:
        y = plot.y.at(tick)
        yield element("path", class_="grid", d=f"M{shown(plot.x.start)} {shown(y)}H{shown(plot.x.end)}")
        yield label(number(tick), x=plot.x.start - 6, y=y + 4, class_="q sm", anchor="end")


def _flag(plot: _Plot, event: tuple[int, str] | None) -> Iterator[Markup]:
    if event is None or not 0 <= event[0] < len(plot.points):
        return
    x = plot.x.at(event[0])
    yield element("path", class_="flag", d=f"M{shown(x)} {shown(plot.y.end)}V{shown(plot.y.start)}")
    fits_right = x + 5 + text_width(event[1]) <= plot.x.end
    side, anchor = (x + 5, "start") if fits_right else (x - 5, "end")
    yield label(event[1], x=side, y=plot.y.start - 6, class_="q sm halo", anchor=anchor)


def _last_number(plot: _Plot, *, number: Callable[[float], str]) -> Iterator[Markup]:
    index = last_known(plot.values)
    if index is None or not is_known(value := plot.points[index].value):
        return
    yield label(number(value), x=plot.x.at(index) + 10, y=plot.y.at(value) + 4, class_="lab halo")


def _range_label(plot: _Plot, words: str) -> Iterator[Markup]:
    """Inside the band where it begins, on the side the line leaves free; above the band if the band is too thin."""
    ranges = [known_range(point.low, point.high) for point in plot.points]
    stretches = runs([ends is not None for ends in ranges])
    if not stretches or not words:
        return
    start, end = plot.x.at(stretches[0][0]), plot.x.at(stretches[0][-1])
    under = [index for index in stretches[0] if plot.x.at(index) <= start + text_width(words)]
    edges = [ends for index in under if (ends := ranges[index])]
    top, bottom = max(plot.y.at(high) for _, high in edges), min(plot.y.at(low) for low, _ in edges)
    inside = end - start >= text_width(words) and bottom - top >= LABEL_HEIGHT
    y = _free_baseline(plot, under, top=top, bottom=bottom, inside=inside)
    yield label(words, x=start + 5, y=y, class_="bl sm")


def _free_baseline(plot: _Plot, under: Sequence[int], *, top: float, bottom: float, inside: bool) -> float:
    """Where the words are crossed by no line and stay in the plot: the first of four places, or the least bad one."""
    line_heights = [plot.y.at(value) for index in under if is_known(value := plot.points[index].value)]
    places = ([top + 14, bottom - 5] if inside else []) + [top - 5, bottom + 14]
    fitting = [y for y in places if LABEL_HEIGHT - 4 <= y <= plot.y.start - 2]
    clear = [y for y in fitting if not any(y - LABEL_HEIGHT + 3 <= height <= y + 4 for height in line_heights)]
    return (clear or fitting or [top + 14])[0]


def _dates(plot: _Plot) -> Iterator[Markup]:
    last = len(plot.points) - 1
    if last < 0:
        return
    wanted = max(2, min(last + 1, int((plot.x.end - plot.x.start) // 80)))
    for index in sorted({round(last * step / (wanted - 1) - 0.01) for step in range(wanted)} | {last}):
        anchor = "start" if index == 0 else "end" if index == last else "middle"
        yield label(plot.points[index].label, x=plot.x.at(index), y=plot.y.start + 18, class_="q sm", anchor=anchor)
