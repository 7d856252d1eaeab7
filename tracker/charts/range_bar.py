"""One score inside (or outside) its expected range: large with words, small for tables."""

from collections.abc import Callable, Iterator

from markupsafe import Markup

from tracker.charts.marks import mark, standing
from tracker.charts.scale import Scale, is_known, known_range, scale_ends
from tracker.charts.svg import element, label, picture, shown, small_picture, within

Ends = tuple[float, float]


def range_bar(
    *,
    prefix: str,
    title: str,
    description: str,
    value: float | None,
    low: float | None,
    high: float | None,
    value_label: str,
    range_label: str,
    number: Callable[[float], str],
    ends: Ends | None = None,
    width: float = 326,
) -> Markup:
    """The large bar. ``value_label`` reads "you 4.5", ``range_label`` "expected 4.2 to 4.6".

    value, low, high: stars, or None when not known (then the mark or the band is left out, with its words).
    ends: the track's two ends; by default 3 and 5, or 1 and 5 when a number lies under 3. width: pixels.
    """
    first, last = ends or scale_ends((value, low, high))
    scale = Scale(first, last, 0.0, float(width))
    parts = [*_bar(scale, value, low, high, middle=30.0, thickness=10.0, size=8.0)]
    if is_known(value):
        x = within(scale.at(value), value_label, left=0, right=width)
        parts.append(label(value_label, x=x, y=14, class_="lab", anchor="middle"))
    if expected := known_range(low, high):
        x = within((scale.at(expected[0]) + scale.at(expected[1])) / 2, range_label, left=16, right=width - 16)
        parts.append(label(range_label, x=x, y=56, class_="bl", anchor="middle"))
    parts.append(label(number(first), x=0, y=56, class_="q sm"))
    parts.append(label(number(last), x=width, y=56, class_="q sm", anchor="end"))
    return picture(parts, prefix=prefix, title=title, description=description, width=width, height=64)


def range_bar_small(
    *,
    sentence: str,
    value: float | None,
    low: float | None,
    high: float | None,
    ends: Ends | None = None,
    width: float = 150,
) -> Markup:
    """The same without words, for a table cell.

    ``sentence`` says it in full: "Amina 4.5, inside the expected range 4.2 to 4.6".
    Give all rows of a table the same ``ends`` (see scale_ends).
    """
    first, last = ends or scale_ends((value, low, high))
    scale = Scale(first, last, 0.0, float(width))
    parts = _bar(scale, value, low, high, middle=11.0, thickness=10.0, size=6.0)
    return small_picture(parts, label=sentence, width=width, height=22)


def _bar(
    scale: Scale,
    value: float | None,
    low: float | None,
    high: float | None,
    *,
    middle: float,
    thickness: float,
    size: float,
) -> Iterator[Markup]:
    top = middle - thickness / 2
    yield element("rect", class_="track", x=0, y=top, width=scale.end, height=thickness, rx=thickness / 2)
    if expected := known_range(low, high):
        yield from _band(scale.at(expected[0]), scale.at(expected[1]), top=top - 4, height=thickness + 8)
    if is_known(value):
        # The disc's own radius is the margin: a mark at an end of the scale stays whole.
        x = min(max(scale.at(value), size), scale.end - size)
        yield mark(standing(value, low=low, high=high), x=x, y=middle, size=size)


def _band(left: float, right: float, *, top: float, height: float) -> Iterator[Markup]:
    wide = max(right - left, 2.0)
    yield element("rect", class_="band", x=left, y=top, width=wide, height=height, rx=min(5.0, wide / 2))
    bottom = shown(height)
    path = f"M{shown(left)} {shown(top)}v{bottom}M{shown(left + wide)} {shown(top)}v{bottom}"
    yield element("path", class_="bandedge", d=path)
