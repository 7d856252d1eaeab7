"""Lines of a chart that have a name each: beside the marks on a laptop, above them on a phone. All in pixels."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from tracker.charts.scale import Scale
from tracker.charts.svg import beside, element, label, shown


@dataclass(frozen=True, kw_only=True)
class Spacing:
    """How lines are set, from `top` down. beside, stacked: how tall one is with its name beside or above; drop: from the foot of a
    stacked one up to its marks; lift: from these up to its name."""

    top: float
    beside: float
    stacked: float
    drop: float
    lift: float


@dataclass(frozen=True)
class NamedLines:
    """names: how wide the column of names is; 0 where they stand above."""

    spacing: Spacing
    names: float

    @property
    def are_beside(self) -> bool:
        return self.names > 0

    def middle(self, place: int) -> float:
        """How far down the marks of a line are, counted from 0."""
        return self.foot(place + 1) - (self.spacing.beside / 2 if self.are_beside else self.spacing.drop)

    def name_at(self, place: int) -> float:
        return self.middle(place) + (4 if self.are_beside else -self.spacing.lift)

    def foot(self, count: int) -> float:
        """Where so many lines end."""
        return self.spacing.top + (self.spacing.beside if self.are_beside else self.spacing.stacked) * count


def named_lines(labels: Iterable[str], width: float, spacing: Spacing) -> NamedLines:
    """labels: with as many spaces as there is to be room between them and the marks. width: of the picture."""
    return NamedLines(spacing, beside(labels, width))


def percent_line(scale: Scale, percent: int, *, top: float, foot: float) -> list[Markup]:
    """A line of the grid, with its number underneath."""
    x = scale.at(percent)
    return [
        element("path", class_="grid", d=f"M{shown(x)} {shown(top)}V{shown(foot)}"),
        label(f"{percent}%", x=x, y=foot + 16, class_="q sm", anchor="middle"),
    ]
