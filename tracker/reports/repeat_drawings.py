"""New customers and those who come again, drawn: two shares with their likely ranges."""

from flask_babel import gettext as _
from markupsafe import Markup

from tracker.charts import ShareRow, shares
from tracker.core.language import number
from tracker.reports import repeat_words as say
from tracker.reports.pictures import Drawn, drawn_twice
from tracker.reports.ranges import Share
from tracker.reports.sections import Figures


def drawn(figures: Figures) -> Drawn | None:
    """None where either has too few ratings."""
    found = say.compared(figures)
    if found.new is None or found.again is None:
        return None
    rows = [_row(_("First ratings"), found.new), _row(_("Later ratings"), found.again)]
    return drawn_twice(lambda width: _picture(figures, rows, width))


def _row(label: str, share: Share) -> ShareRow:
    return ShareRow(label=label, value=share.percent, low=share.low, high=share.high)


def _picture(figures: Figures, rows: list[ShareRow], width: int) -> Markup:
    return shares(
        prefix=f"repeat-{width}",
        title=say.heading(),
        description=say.headline(figures)[0],
        rows=rows,
        number=lambda percent: number(percent, 0),
        width=width,
    )
