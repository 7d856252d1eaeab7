"""Engagement beside customers’ ratings, in sentences that say no more than their ranges."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import long_month, number, plain_day
from tracker.pulse.bank import drivers
from tracker.reports.coverage_words import stage_name
from tracker.reports.engagement import COMPANY, ENGAGEMENT
from tracker.reports.engagement_rules import HALF_A_POINT, Gap, Link, Moved, largest_gap, links
from tracker.reports.rules import Finding

Figures = Mapping[str, Any]
TIMES = 10  # “about 4 times in 10”


def findings(figures: Figures, touchpoint: str) -> list[tuple[str, str]]:
    """What a board reads first: a finding and what stands behind it, for each of links, groups and perception."""
    found = [link_finding(figures, touchpoint)] if figures["links"] else []
    return [*found, group_finding(figures), perception_finding(figures)]


def link_finding(figures: Figures, touchpoint: str) -> tuple[str, str]:
    every = links(figures, touchpoint=touchpoint)
    if not every:
        return _("We cannot tell yet whether engagement and customers go together."), _(
            "No round of the pulse has closed."
        )
    link = next((one for one in every if one.found), every[0])
    if link.slope is None:
        return _("We cannot tell whether engaged teams have happier customers: too few teams or months."), too_few(link)
    if link.found and link.slope > 0:
        said = _("Customers feel it a month later: %(driver)s.", driver=driver_name(link.driver))
    elif link.found:
        said = _("Ratings move the other way a month later: %(driver)s.", driver=driver_name(link.driver))
    else:
        said = _("We cannot tell whether engaged teams have happier customers.")
    return said, f"{slope_words(link)} {_('A pattern over months, no proof of a cause.')}"


def too_few(link: Link) -> str:
    return _(
        "%(basis)s; it takes 10 and 12, or 20 and 6. With so many a real link of 0.3 would be seen about %(times)s times in 10.",
        basis=basis(link),
        times=number(round(TIMES * link.power), 0),
    )


def basis(link: Link) -> str:
    teams = ngettext("%(num)d team", "%(num)d teams", link.teams)
    months = ngettext("%(num)d month", "%(num)d months", link.months)
    return _("%(teams)s and %(months)s", teams=teams, months=months)


def slope_words(link: Link) -> str:
    """Per half a point, since a whole one is more than teams ever move."""
    if link.slope is None or link.low is None or link.high is None:
        return too_few(link)
    values = {
        name: signed(HALF_A_POINT * value, 2)
        for name, value in (("by", link.slope), ("low", link.low), ("high", link.high))
    }
    return _(
        "When a team’s score for “%(driver)s” was 0.5 above its own usual, its customers’ ratings a month later "
        "moved by %(by)s stars (%(low)s to %(high)s).",
        driver=driver_name(link.driver),
        **values,
    )


def driver_name(driver: str) -> str:
    if driver == ENGAGEMENT:
        return _("All three inputs")
    known = drivers().get(driver)
    return known.names["en"] if known else driver


def group_finding(figures: Figures) -> tuple[str, str]:
    gap = largest_gap(figures)
    if gap is None:
        return (
            _("No group here stands out clearly in what staff say."),
            _("Where they differ, it is by no more than chance makes among so many figures."),
        )
    return (
        _("%(group)s: first of all %(driver)s.", group=gap.name, driver=driver_name(gap.driver).lower()),
        gap_words(gap),
    )


def gap_words(gap: Gap) -> str:
    return _(
        "%(percent)s %% agree there, %(company)s %% elsewhere: %(low)s to %(high)s points less. %(answers)s.",
        percent=number(gap.percent, 0),
        company=number(gap.company, 0),
        low=number(gap.low, 0),
        high=number(gap.high, 0),
        answers=answers(gap.n),
    )


def perception_finding(figures: Figures) -> tuple[str, str]:
    """The stage at which the company is furthest apart for sure; else that it cannot be told."""
    known = [(stage, stage["groups"][COMPANY]) for stage in figures["perception"] if COMPANY in stage["groups"]]
    surely = [(stage, gap) for stage, gap in known if gap["gap"] and (gap["gap"][1] > 0 or gap["gap"][2] < 0)]
    if not known:
        return _("Not asked yet what staff think of customers’ experience."), _("The pulse asks it once a quarter.")
    if not surely:
        return _("We cannot tell whether staff and customers see it differently."), perception_words(*known[0])
    stage, gap = max(surely, key=lambda one: min(abs(one[1]["gap"][1]), abs(one[1]["gap"][2])))
    name = stage_name(stage["stage"]).lower()
    if gap["gap"][1] > 0:
        said = _("We think better of it than customers do, most of all %(stage)s.", stage=name)
    else:
        said = _("Customers think better of it than we do, most of all %(stage)s.", stage=name)
    return said, perception_words(stage, gap)


def perception_words(stage: Figures, gap: Figures) -> str:
    if gap["finding"] == Finding.HIDDEN.value:
        return _("%(stage)s: hidden, customers rated too few people.", stage=stage_name(stage["stage"]))
    if gap["customers"] is None or gap["gap"] is None:
        return _("%(stage)s: too few ratings.", stage=stage_name(stage["stage"]))
    return _(
        "%(stage)s: %(staff)s %% of staff say it is excellent, %(customers)s %% of customers’ ratings agree; "
        "%(low)s to %(high)s points apart.",
        stage=stage_name(stage["stage"]),
        staff=number(gap["staff"][0], 0),
        customers=number(gap["customers"][0], 0),
        low=signed(gap["gap"][1], 0),
        high=signed(gap["gap"][2], 0),
    )


def moved_words(moved: Moved) -> tuple[str, str]:
    """What moved, and how surely."""
    about = driver_name(moved.driver) if moved.driver else _("happy customers")
    places = 1 if moved.driver else 0
    unit = _("points of 5") if moved.driver else _("percentage points")
    said = _("%(about)s %(by)s", about=about, by=signed(moved.difference, places))
    likely = _(
        "likely %(low)s to %(high)s %(unit)s",
        low=signed(moved.low, places),
        high=signed(moved.high, places),
        unit=unit,
    )
    return said, likely if moved.verdict == "clear" else _("Could be chance, %(likely)s", likely=likely)


def answers(n: int) -> str:
    return ngettext("%(num)d answer", "%(num)d answers", n)


def method(figures: Figures) -> str:
    """What everything here rests on."""
    company, asked = figures["stars"].get(COMPANY), figures["round"]
    said = []
    if asked:
        said.append(
            _(
                "Pulse of %(month)s, closed %(closed)s: %(answered)s of %(invited)s answered.",
                month=long_month(date.fromisoformat(asked["month"])),
                closed=plain_day(date.fromisoformat(asked["closed"])),
                answered="–" if asked["answered"] is None else number(asked["answered"], 0),
                invited=number(asked["invited"], 0),
            )
        )
    if company:
        said.append(
            ngettext(
                "%(count)s customer rating of the month.",
                "%(count)s customer ratings of the month.",
                company["n"],
                count=number(company["n"], 0),
            )
        )
    said.append(_("Happy means 4 or 5 of 5. Likely range: 95 %."))
    return " ".join(said)


def signed(value: float, places: int) -> str:
    words = number(abs(value), places)
    if float(f"{abs(value):.{places}f}") == 0:
        return words
    return f"+{words}" if value > 0 else f"−{words}"
