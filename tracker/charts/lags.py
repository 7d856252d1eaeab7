"""The strength of a link by how many months lie between: a disc with its likely range each, grey where it may be chance."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tracker.charts.scale import Scale
from tracker.charts.svg import element, label, picture, shown

LEFT, RIGHT, TOP, BELOW, HEIGHT = 44.0, 44.0, 16.0, 30.0, 190.0
LEAST = 0.1  # each way, where nothing ever moved


@dataclass(frozen=True, kw_only=True)
class Lag:
    """One distance in months, as it is to be read, and the link there with its range."""

    label: str
    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        return self.low > 0 or self.high < 0


def by_lag(
    *,
    prefix: str,
    title: str,
    description: str,
    lags: Sequence[Lag],
    number: Callable[[float], str],
    width: float = 326,
) -> Markup:
    """Lags in the order given; the axis reaches as far both ways as the widest range."""
    end = max((abs(value) for lag in lags for value in (lag.low, lag.high)), default=0.0) or LEAST
    y = Scale(-end, end, HEIGHT - BELOW, TOP)
    x = Scale(0, max(len(lags) - 1, 1), LEFT + 22, width - RIGHT)
    parts = [
        *_grid(y, end, number, width),
        *(part for place, lag in enumerate(lags) for part in _lag(x.at(place), y, lag, number)),
    ]
    return picture(parts, prefix=prefix, title=title, description=description, width=width, height=HEIGHT)


def _grid(y: Scale, end: float, number: Callable[[float], str], width: float) -> Iterator[Markup]:
    for value in (end, 0.0, -end):
        line = "bandedge" if value == 0 else "grid"
        yield element("path", class_=line, d=f"M{shown(LEFT)} {shown(y.at(value))}H{shown(width)}")
        yield label(number(value), x=LEFT - 6, y=y.at(value) + 4, class_="q sm", anchor="end")


def _lag(x: float, y: Scale, lag: Lag, number: Callable[[float], str]) -> Iterator[Markup]:
    tone = "" if lag.is_clear else " qt"
    yield element("path", class_=f"wh{tone}", d=f"M{shown(x)} {shown(y.at(lag.low))}V{shown(y.at(lag.high))}")
    yield element("circle", class_=f"pt{tone}", cx=x, cy=y.at(lag.value), r=6)
    yield label(number(lag.value), x=x + 10, y=y.at(lag.value) + 4, class_="bl sm" if lag.is_clear else "q sm")
    yield label(lag.label, x=x, y=HEIGHT - 8, class_="sm", anchor="middle")
