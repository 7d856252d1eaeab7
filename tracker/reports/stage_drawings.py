"""The same customers at two stages, drawn: a disc for the first, a square for the second."""

from flask_babel import gettext as _
from markupsafe import Markup

from tracker.charts import Pair, dumbbell, lowest_of
from tracker.core.language import number
from tracker.reports import stage_words as say
from tracker.reports.pictures import Drawn, drawn_twice
from tracker.reports.ranges import is_clear
from tracker.reports.sections import Figures


def drawn(figures: Figures) -> Drawn | None:
    """None where no two stages have customers enough."""
    pairs = [pair for one in say.compared(figures) if (pair := _pair(one))]
    return drawn_twice(lambda width: _picture(figures, pairs, width)) if pairs else None


def _pair(one: say.Compared) -> Pair | None:
    if one.percents is None or one.apart is None:
        return None
    first, second = one.percents
    return Pair(label=say.stages(one), disc=first, square=second, tone="clear" if is_clear(one.apart) else "grey")


def _picture(figures: Figures, pairs: list[Pair], width: int) -> Markup:
    return dumbbell(
        prefix=f"stages-{width}",
        title=say.heading(),
        description=" ".join(say.headline(figures)),
        rows=pairs,
        disc_label=_("the first stage"),
        square_label=_("the second stage"),
        number=lambda percent: number(percent, 0),
        lowest=lowest_of([share for pair in pairs for share in (pair.disc, pair.square)]),
        width=width,
    )
