"""How many ratings had how many stars."""

from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup

from tracker.charts.svg import element, label, picture, text_width

ROW, BAR = 22.0, 12.0


def star_bars(
    *,
    prefix: str,
    title: str,
    description: str,
    rows: Sequence[tuple[str, int]],
    number: Callable[[int], str],
    width: float = 326,
) -> Markup:
    """One row for each pair of words and count ("5 stars", 29), in the order given; bars start at 0.

    The fullest row fills the track; the count stands at the end. With no ratings at all only empty tracks are drawn.
    """
    left = max((text_width(words) for words, _ in rows), default=0.0) + 6
    right = max((text_width(number(count)) for _, count in rows), default=0.0) + 12
    most = max((count for _, count in rows), default=0)
    full = width - left - right
    parts: list[Markup] = []
    for index, (words, count) in enumerate(rows):
        parts.extend(_row(words, count, number=number, y=5 + ROW * index, left=left, full=full, most=most))
    height = ROW * len(rows)
    return picture(parts, prefix=prefix, title=title, description=description, width=width, height=height)


def _row(
    words: str, count: int, *, number: Callable[[int], str], y: float, left: float, full: float, most: int
) -> Iterator[Markup]:
    yield label(words, x=0, y=y + 10)
    yield element("rect", class_="track", x=left, y=y, width=full, height=BAR, rx=3)
    if count > 0:
        yield element("rect", class_="bar", x=left, y=y, width=full * count / most, height=BAR, rx=3)
    yield label(number(count), x=left + full + 12 + text_width(number(most)), y=y + 10, class_="lab", anchor="end")
