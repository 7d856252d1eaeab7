"""A difference with its likely range, against no difference: a line, and a disc where there is an estimate."""

from collections.abc import Callable, Iterator

from markupsafe import Markup

from tracker.charts.marks import mark
from tracker.charts.scale import Scale, is_known, known_range
from tracker.charts.svg import element, label, picture, shown

MARGIN, MIDDLE, BOTTOM, HEIGHT = 22.0, 20.0, 36.0, 56.0


def difference(
    *,
    prefix: str,
    title: str,
    description: str,
    value: float | None,
    low: float | None,
    high: float | None,
    end: float,
    zero_label: str,
    number: Callable[[float], str],
    width: float = 326,
) -> Markup:
    """From -end to +end stars; give all differences of a page the same `end`. What lies beyond it runs out of the scale.

    value None: the range alone, where there is too little for an estimate. No range: the empty scale."""
    scale = Scale(-end, end, MARGIN, width - MARGIN)
    parts = [*_axis(scale, zero_label, number)]
    if likely := known_range(low, high):
        first = scale.at(likely[0]) if likely[0] >= -end else 0.0
        last = scale.at(likely[1]) if likely[1] <= end else float(width)
        ends = f"M{shown(first)} {shown(MIDDLE)}H{shown(last)}"
        parts.append(element("path", class_="wh" if is_known(value) else "wh qt", d=ends))
        if is_known(value):
            parts.append(mark("inside", x=scale.at(value), y=MIDDLE, size=7.0))
    return picture(parts, prefix=prefix, title=title, description=description, width=width, height=HEIGHT)


def _axis(scale: Scale, zero_label: str, number: Callable[[float], str]) -> Iterator[Markup]:
    for value, words in ((scale.low, number(scale.low)), (0.0, zero_label), (scale.high, number(scale.high))):
        x = scale.at(value)
        line = "grid" if value else "bandedge"
        yield element("path", class_=line, d=f"M{shown(x)} 4V{shown(BOTTOM)}")
        yield label(words, x=x, y=BOTTOM + 16, class_="q sm", anchor="middle")
