"""The perception gap drawn: one picture a stage, all on one scale."""

from collections.abc import Sequence
from functools import partial

from flask_babel import gettext as _
from markupsafe import Markup

from tracker.charts import Pair, dumbbell, lowest_of
from tracker.core.language import number
from tracker.reports import perception_sentences as say
from tracker.reports.perception import Stage
from tracker.reports.perception_rules import Finding, Gap
from tracker.reports.pictures import Drawn, drawn_twice

WIDE = 940  # pixels: as wide as the page
CLEAR = {Finding.STAFF_HIGHER, Finding.CUSTOMERS_HIGHER}


def drawn(stages: Sequence[Stage], *, five: bool) -> dict[str, Drawn]:
    """Stage -> its picture, where there is anything to draw."""
    gaps = [gap for stage in stages for gap in stage.rows]
    lowest = lowest_of([share.percent for gap in gaps for share in (gap.staff, gap.customers) if share])
    return {
        stage.key: drawn_twice(partial(_picture, stage, lowest, five=five), wide=WIDE) for stage in stages if stage.rows
    }


def _picture(stage: Stage, lowest: int, width: int, *, five: bool) -> Markup:
    return dumbbell(
        prefix=f"{stage.key}-{width}",
        title=_("%(stage)s: staff against customers", stage=say.stage_heading(stage)),
        description=say.headline(stage, five=five),
        rows=[_pair(gap) for gap in stage.rows],
        disc_label=_("customers: five of five") if five else _("customers: 4 or 5"),
        square_label=_("staff who agree"),
        number=lambda percent: number(percent, 0),
        lowest=lowest,
        width=width,
    )


def _pair(gap: Gap) -> Pair:
    return Pair(
        label=say.group_name(gap),
        disc=gap.customers.percent if gap.customers else None,
        square=gap.staff.percent,
        tone="clear" if gap.finding in CLEAR else "grey",
    )
