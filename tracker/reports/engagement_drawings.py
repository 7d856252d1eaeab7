"""The report’s pictures, for a phone and for a laptop’s column."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from tracker.charts import Lag, Pair, Spot, by_lag, dumbbell, lowest_of, scatter
from tracker.core.language import number, signed
from tracker.reports import engagement_sentences as say
from tracker.reports.coverage_words import stage_name
from tracker.reports.engagement import COMPANY
from tracker.reports.engagement_page import EngagementReport
from tracker.reports.engagement_rules import GroupShare, Standing, half_a_point
from tracker.reports.link_rules import LAGS
from tracker.reports.link_words import lag_label
from tracker.reports.pictures import PHONE, Drawn, drawn_twice

WIDE, NARROW, SIDE = 556, 520, 336  # pixels of the laptop’s columns


def teams(report: EngagementReport) -> Drawn | None:
    """None where no group is published on both sides."""
    shown = report.standings
    if not shown:
        return None
    return Drawn(_scatter(report, shown, PHONE, 320), _scatter(report, shown, WIDE, 420))


def _scatter(report: EngagementReport, shown: Sequence[Standing], width: int, height: int) -> Markup:
    company = report.company
    middle = (company.staff.percent, company.customers.percent) if company.staff and company.customers else None
    return scatter(
        prefix=f"teams-{width}",
        title=_("Engagement and happy customers by group"),
        description=teams_in_words(shown),
        spots=[_spot(one) for one in shown],
        middle=middle,
        x_label=_("Staff who agree with all three →"),
        y_label=_("↑ Happy customers"),
        number=lambda percent: number(percent, 0),
        width=width,
        height=height,
    )


def teams_in_words(shown: Sequence[Standing]) -> str:
    above, below = ([one.name for one in shown if one.tone == tone] for tone in ("above", "below"))
    said = [ngettext("%(num)d group.", "%(num)d groups.", len(shown))]
    said += [_("Happier customers than elsewhere: %(names)s.", names=", ".join(above))] if above else []
    said += [_("Less happy customers than elsewhere: %(names)s.", names=", ".join(below))] if below else []
    said += [] if above or below else [_("In none are customers clearly happier or less happy than elsewhere.")]
    return " ".join(said)


def _spot(one: Standing) -> Spot:
    return Spot(
        label=one.name,
        x=_ends(one.staff),
        y=_ends(one.customers),
        tone=one.tone,  # type: ignore[arg-type]  # above, below or nothing
    )


def _ends(share: GroupShare | None) -> tuple[float, float, float]:
    if share is None or share.low is None or share.high is None:
        raise ValueError("a group that is not published on both sides is not drawn")
    return (share.percent, share.low, share.high)


def lags(report: EngagementReport) -> Markup | None:
    """Of the chosen driver; None below the minimum. The other way round has another unit, and a sentence of its own."""
    kept = report.figures["links"][report.touchpoint].get(report.driver) if report.figures else None
    if kept is None or report.link is None or report.link.slope is None:
        return None
    told = {lag: half_a_point(kept["lags"][str(lag)]) for lag in LAGS if lag >= 0}
    shown = [Lag(label=lag_label(lag), value=one[0], low=one[1], high=one[2]) for lag, one in told.items() if one]
    return by_lag(
        prefix="lags",
        title=_("Ratings after half a point more of “%(driver)s”", driver=say.driver_name(report.driver)),
        description=say.slope_words(report.link),
        lags=shown,
        number=lambda value: signed(value, 2),
        width=SIDE,
    )


def perception(figures: Mapping[str, Any]) -> Drawn | None:
    """The whole company, one stage a line."""
    known = [(stage, stage["groups"][COMPANY]) for stage in figures["perception"] if COMPANY in stage["groups"]]
    if not known:
        return None
    lowest = lowest_of([share[0] for _stage, gap in known for share in (gap["staff"], gap["customers"]) if share])
    return drawn_twice(lambda width: _dumbbell(known, lowest, width), wide=NARROW)


def _dumbbell(known: Sequence[tuple[Any, Any]], lowest: int, width: int) -> Markup:
    return dumbbell(
        prefix=f"perception-{width}",
        title=_("Staff against customers, by stage"),
        description=" ".join(say.perception_words(stage, gap) for stage, gap in known),
        rows=[
            Pair(
                label=stage_name(stage["stage"]),
                disc=gap["customers"][0] if gap["customers"] else None,
                square=gap["staff"][0],
                tone="clear" if say.is_apart(gap) else "grey",
            )
            for stage, gap in known
        ],
        disc_label=_("customers: 4 or 5"),
        square_label=_("staff who agree"),
        number=lambda percent: number(percent, 0),
        lowest=lowest,
        width=width,
    )
