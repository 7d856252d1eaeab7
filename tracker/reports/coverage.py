"""Where customers were met and where they were asked: touchpoints that nobody ever asks about are blind spots."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from tracker.core.db import db
from tracker.core.language import number
from tracker.ratings.models import STAGES, Interaction, Touchpoint
from tracker.ratings.month_models import TeamMonth
from tracker.reports.periods import Year
from tracker.reports.sections import Figures, Section, Table


def build(year: Year) -> dict[str, Any]:
    """Touchpoints in the order of the customers' way, then by name: ratings, those of 4 or 5, and times somebody was served."""
    rated = {
        touchpoint: (int(ratings), int(happy))
        for touchpoint, ratings, happy in db.session.execute(
            select(TeamMonth.touchpoint_id, func.sum(_ratings()), func.sum(TeamMonth.n4 + TeamMonth.n5))
            .where(TeamMonth.month >= year.since, TeamMonth.month < year.until)
            .group_by(TeamMonth.touchpoint_id)
        )
    }
    within = (Interaction.ended_on >= year.since, Interaction.ended_on < year.until)
    times = select(Interaction.touchpoint_id, func.count()).where(*within).group_by(Interaction.touchpoint_id)
    served = dict(iter(db.session.execute(times)))
    rows = [
        {
            "name": touchpoint.name,
            "stage": touchpoint.stage,
            "ratings": rated.get(touchpoint.id, (0, 0))[0],
            "happy": rated.get(touchpoint.id, (0, 0))[1],
            "served": served.get(touchpoint.id, 0),
        }
        for touchpoint in db.session.scalars(select(Touchpoint))
    ]
    return {"touchpoints": sorted(rows, key=lambda row: (STAGES.index(row["stage"]), row["name"]))}


def _ratings() -> Any:
    return TeamMonth.n1 + TeamMonth.n2 + TeamMonth.n3 + TeamMonth.n4 + TeamMonth.n5


def heading() -> str:
    return _("Where nobody asks")


def headline(figures: Figures) -> list[str]:
    touchpoints = figures["touchpoints"]
    never = [row["name"] for row in touchpoints if row["ratings"] == 0]
    if not touchpoints:
        return [_("No touchpoint is set up yet.")]
    if not never:
        return [_("Every touchpoint was rated at least once in these twelve months.")]
    said = ngettext(
        "One touchpoint of %(all)s was never rated in these twelve months: %(names)s.",
        "%(num)d touchpoints of %(all)s were never rated in these twelve months: %(names)s.",
        len(never),
        all=len(touchpoints),
        names=", ".join(never),
    )
    return [said]


def tables(figures: Figures) -> list[Table]:
    headings = [_("Touchpoint"), _("Stage"), _("Times served"), _("Ratings"), _("With 4 or 5")]
    rows = [
        [row["name"], stage_name(row["stage"]), row["served"], row["ratings"], row["happy"]]
        for row in figures["touchpoints"]
    ]
    return [Table(heading(), headings, rows)]


def method() -> str:
    return _("Times served: as tills and helpdesks tell us of them. Where none do, ratings alone are counted.")


def stage_name(stage: str) -> str:
    names = {"pre_purchase": _("Before buying"), "purchase": _("Buying"), "post_purchase": _("After buying")}
    return names[stage]


def count(value: int) -> str:
    return number(value, 0)


SECTION = Section("coverage", "reports/_plain.html", build, heading, headline, tables, method)
