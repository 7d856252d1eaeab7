"""A trend without words, for a row of a list."""

from collections.abc import Sequence

from markupsafe import Markup

from tracker.charts.lines import band, last_mark, line
from tracker.charts.scale import Scale, scale_ends
from tracker.charts.svg import small_picture


def sparkline(
    *,
    sentence: str,
    values: Sequence[float | None],
    low: Sequence[float | None],
    high: Sequence[float | None],
    ends: tuple[float, float] | None = None,
    width: float = 150,
    height: float = 48,
) -> Markup:
    """Equally spaced values, oldest first, with the expected range behind. None is a gap.

    sentence says it in full: "Kevin Odhiambo: 12 weeks, from 4.3 to 3.9". ends as for range_bar: one for all rows.
    values, low and high have equal lengths. Raises ValueError if not.
    """
    if not len(values) == len(low) == len(high):
        raise ValueError("values, low and high must be equally long")
    first, last = ends or scale_ends([*values, *low, *high])
    x = Scale(0, max(len(values) - 1, 1), 3.0, width - 9.0)
    y = Scale(first, last, height - 4.0, 4.0)
    parts = [*band(x, y, low, high), *line(x, y, values), *last_mark(x, y, values, low, high, size=4.2)]
    return small_picture(parts, label=sentence, width=width, height=height)
