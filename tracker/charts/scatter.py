"""Groups by two shares, each with its likely range both ways: a disc, a triangle above the rest, a diamond below it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from tracker.charts.scale import Scale
from tracker.charts.svg import element, label, picture, shown, text_width

LEFT, RIGHT, TOP, BELOW = 44.0, 14.0, 16.0, 44.0
STEP = 10
NAMED = 14  # with more groups only those that stand out bear a name: the table names all
TONES = {"above": "pt", "below": "pt at", "": "pt qt"}
LINES = {"above": "wh", "below": "wh at", "": "wh qt"}
NAMES = {"above": "halo bl", "below": "halo lab", "": "halo"}


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A group in percent: x and y with the ends of their ranges."""

    label: str
    x: tuple[float, float, float]
    y: tuple[float, float, float]
    tone: Literal["above", "below", ""]


def scatter(
    *,
    prefix: str,
    title: str,
    description: str,
    spots: Sequence[Spot],
    middle: tuple[float, float] | None,
    x_label: str,
    y_label: str,
    number: Callable[[float], str],
    width: float = 326,
    height: float = 300,
) -> Markup:
    """middle: the whole company’s two shares, as dotted lines. Axes in tens of percent around what is shown."""
    x = Scale(*_ends([end for spot in spots for end in spot.x]), LEFT, width - RIGHT)
    y = Scale(*_ends([end for spot in spots for end in spot.y]), height - BELOW, TOP)
    parts = [
        *_axes(x, y, number, x_label, y_label, width, height),
        *(_middle(x, y, middle) if middle else ()),
        *(line for spot in spots for line in _ranges(x, y, spot)),
        *(_mark(x, y, spot) for spot in spots),
        *_names(x, y, spots, width),
    ]
    return picture(parts, prefix=prefix, title=title, description=description, width=width, height=height)


def _ends(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=100.0)
    first, last = max(0, int(low // STEP) * STEP), min(100, int(-(-high // STEP)) * STEP)
    return float(first), float(max(last, first + STEP))


def _axes(
    x: Scale, y: Scale, number: Callable[[float], str], x_label: str, y_label: str, width: float, height: float
) -> Iterator[Markup]:
    step = STEP if y.high - y.low <= 6 * STEP else 2 * STEP
    for percent in range(int(y.low), int(y.high) + 1, step):
        at = y.at(percent)
        yield element("path", class_="grid", d=f"M{shown(LEFT)} {shown(at)}H{shown(width - RIGHT)}")
        yield label(f"{number(percent)}%", x=LEFT - 6, y=at + 4, class_="q sm", anchor="end")
    step = STEP if x.high - x.low <= (6 if width > 400 else 4) * STEP else 2 * STEP
    for percent in range(int(x.low), int(x.high) + 1, step):
        yield label(f"{number(percent)}%", x=x.at(percent), y=height - BELOW + 18, class_="q sm", anchor="middle")
    yield label(x_label, x=(LEFT + width - RIGHT) / 2, y=height - 6, anchor="middle")
    yield label(y_label, x=LEFT + 4, y=TOP + 10, class_="lab halo")


def _middle(x: Scale, y: Scale, middle: tuple[float, float]) -> Iterator[Markup]:
    across, up = shown(x.at(middle[0])), shown(y.at(middle[1]))
    yield element(
        "path", class_="flag", d=f"M{across} {shown(y.end)}V{shown(y.start)}M{shown(x.start)} {up}H{shown(x.end)}"
    )


def _ranges(x: Scale, y: Scale, spot: Spot) -> Iterator[Markup]:
    across, up = (x.at(value) for value in spot.x), (y.at(value) for value in spot.y)
    (at_x, low_x, high_x), (at_y, low_y, high_y) = across, up
    path = f"M{shown(low_x)} {shown(at_y)}H{shown(high_x)}M{shown(at_x)} {shown(low_y)}V{shown(high_y)}"
    yield element("path", class_=LINES[spot.tone], d=path)


def _mark(x: Scale, y: Scale, spot: Spot) -> Markup:
    """Shapes as well as colours, for who does not tell these apart and for print."""
    at_x, at_y = x.at(spot.x[0]), y.at(spot.y[0])
    if spot.tone == "above":
        path = f"M{shown(at_x)} {shown(at_y - 8)}L{shown(at_x + 8)} {shown(at_y + 6)}H{shown(at_x - 8)}Z"
    elif spot.tone == "below":
        left, right, top, foot = (shown(end) for end in (at_x - 8, at_x + 8, at_y - 8, at_y + 8))
        path = f"M{shown(at_x)} {top}L{right} {shown(at_y)}L{shown(at_x)} {foot}L{left} {shown(at_y)}Z"
    else:
        return element("circle", class_=TONES[""], cx=at_x, cy=at_y, r=6)
    return element("path", class_=TONES[spot.tone], d=path)


def _names(x: Scale, y: Scale, spots: Sequence[Spot], width: float) -> Iterator[Markup]:
    """Beside the mark where there is room; never over a name that is there already."""
    taken: list[tuple[float, float, float]] = []
    for spot in sorted(spots, key=lambda one: (not one.tone, -one.y[0])):
        if len(spots) > NAMED and not spot.tone:
            continue
        place = _place(x.at(spot.x[0]), y.at(spot.y[0]), text_width(spot.label), width, taken)
        if place is not None:
            start, base = place
            taken.append((start, start + text_width(spot.label), base))
            yield label(spot.label, x=start, y=base, class_=NAMES[spot.tone])


def _place(
    at_x: float, at_y: float, wide: float, width: float, taken: Sequence[tuple[float, float, float]]
) -> tuple[float, float] | None:
    for start, base in (
        (at_x + 11, at_y - 5),
        (at_x - 11 - wide, at_y - 5),
        (at_x + 11, at_y + 15),
        (at_x - 11 - wide, at_y + 15),
    ):
        inside = start >= LEFT and start + wide <= width
        if inside and all(
            start > last or start + wide < first or abs(base - other) > 13 for first, last, other in taken
        ):
            return start, base
    return None
