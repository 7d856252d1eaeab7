"""Shares drawn with their ranges, the same for phone and laptop. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from tracker.charts import ShareBar, share_bars
from tracker.core.language import number
from tracker.reports.pictures import Drawn, drawn_twice
from tracker.reports.ranges import Share


@dataclass(frozen=True)
class Bar:
    """One line; n: how many the share rests on, or how many it is of, as the heading says."""

    label: str
    share: Share
    n: int


def bars(kind: str, *, title: str, description: str, rows: Sequence[Bar]) -> Drawn:
    """kind: the section, which makes the ids of its pictures unique on the page."""
    lines = [
        ShareBar(
            label=row.label,
            words=_("n = %(n)s", n=number(row.n, 0)),
            value=row.share.percent,
            low=row.share.low,
            high=row.share.high,
        )
        for row in rows
    ]

    def picture(width: int) -> Markup:
        return share_bars(
            prefix=f"{kind}-{width}", title=title, description=description, rows=lines, percent="{}%", width=width
        )

    return drawn_twice(picture)
