"""Complaints after engagement, drawn by how many months lie between."""

from flask_babel import gettext as _
from markupsafe import Markup

from tracker.charts import Lag, by_lag
from tracker.core.language import signed
from tracker.reports import complaint_link_words as say
from tracker.reports.link_rules import LAGS
from tracker.reports.link_words import lag_label
from tracker.reports.pictures import Drawn, drawn_twice
from tracker.reports.sections import Figures

facts = say.facts


def drawn(figures: Figures) -> Drawn | None:
    """Of the question that the finding is about; None below the minimum. The other way round has another unit, and words of its own."""
    found = say.findings(figures)
    if not found:
        return None
    link = figures["links"][found[0].driver]
    shown = [
        Lag(label=lag_label(lag), value=one.estimate, low=one.low, high=one.high)
        for lag in LAGS
        if lag >= 0 and link["lags"][str(lag)]
        for one in [say.moved(found[0].driver, link["lags"][str(lag)], found=link["found"])]
    ]

    def picture(width: int) -> Markup:
        return by_lag(
            prefix=f"complaint-links-{width}",
            title=_("Complaints more for each 1,000 ratings, after half a point more of engagement"),
            description=say.sentence(found[0]),
            lags=shown,
            number=lambda value: signed(value, 1),
            width=width,
        )

    return drawn_twice(picture)
