"""What trend and sparkline share: a line that breaks where there is no number, and the band behind it."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from tracker.charts.marks import mark, standing
from tracker.charts.scale import Scale, is_known, known_range
from tracker.charts.svg import element, points

Numbers = Sequence[float | None]


def band(x: Scale, y: Scale, low: Numbers, high: Numbers) -> Iterator[Markup]:
    """One polygon for each unbroken stretch of the expected range."""
    pairs = [known_range(*ends) for ends in zip(low, high, strict=True)]
    for run in runs([pair is not None for pair in pairs]):
        upper = [(x.at(index), y.at(pair[1])) for index in run if (pair := pairs[index])]
        lower = [(x.at(index), y.at(pair[0])) for index in run if (pair := pairs[index])]
        if len(run) == 1:
            upper, lower = _as_wide_as_a_mark(upper), _as_wide_as_a_mark(lower)
        yield element("polygon", class_="band", points=points(upper + lower[::-1]))


def line(x: Scale, y: Scale, values: Numbers) -> Iterator[Markup]:
    """One polyline for each unbroken stretch; a lone point between two gaps becomes a small disc."""
    for run in runs([is_known(value) for value in values]):
        pairs = [(x.at(index), y.at(value)) for index in run if is_known(value := values[index])]
        if len(pairs) > 1:
            yield element("polyline", class_="ln", points=points(pairs))
        elif run[0] != last_known(values):
            yield element("circle", class_="pt", cx=pairs[0][0], cy=pairs[0][1], r=3)


def last_mark(x: Scale, y: Scale, values: Numbers, low: Numbers, high: Numbers, *, size: float) -> Iterator[Markup]:
    """The mark on the newest known value, shaped by its own week's range."""
    index = last_known(values)
    if index is None or not is_known(value := values[index]):
        return
    where = standing(value, low=low[index], high=high[index])
    yield mark(where, x=x.at(index), y=y.at(value), size=size)


def last_known(values: Numbers) -> int | None:
    """The position of the newest number, or None when there is none."""
    return max((index for index, value in enumerate(values) if is_known(value)), default=None)


def runs(known: Sequence[bool]) -> list[list[int]]:
    """The unbroken stretches of positions that are known."""
    return [[index for index, _ in group] for yes, group in groupby(enumerate(known), key=lambda pair: pair[1]) if yes]


def _as_wide_as_a_mark(pairs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    (x, y) = pairs[0]
    return [(x - 4, y), (x + 4, y)]
