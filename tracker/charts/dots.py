"""A share as so many of a hundred: dots, filled one by one, so that one percent is somebody."""

from collections.abc import Iterator

from markupsafe import Markup

from tracker.charts.svg import element, picture

TOTAL, A_ROW = 100, 25
STEP, RADIUS = 13.4, 4.6


def dots(*, prefix: str, title: str, description: str, filled: int) -> Markup:
    """Four rows of 25, of which the first `filled` (0 to 100) are filled; ValueError for any other number."""
    if not 0 <= filled <= TOTAL:
        raise ValueError("none to all of a hundred")
    size = {"width": STEP * A_ROW, "height": STEP * (TOTAL // A_ROW)}
    return picture(_dots(filled), prefix=prefix, title=title, description=description, **size)


def _dots(filled: int) -> Iterator[Markup]:
    for number in range(TOTAL):
        row, column = divmod(number, A_ROW)
        look, radius = ("pt", RADIUS + 1) if number < filled else ("bandedge", RADIUS)  # a filled one has a pale edge
        x, y = STEP * (column + 0.5), STEP * (row + 0.5)
        yield element("circle", class_=look, cx=x, cy=y, r=radius)
