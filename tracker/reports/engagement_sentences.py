"""Engagement beside customers’ ratings, in sentences that say no more than their ranges."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import long_month, number, plain_day, signed
from tracker.pulse.bank import drivers
from tracker.reports.coverage_words import stage_name
from tracker.reports.engagement import COMPANY, ENGAGEMENT
from tracker.reports.engagement_changes import Moved
from tracker.reports.engagement_rules import DriverGap, Link, figures_looked_at, half_a_point, largest_gap, links
from tracker.reports.link_rules import LAGS, LATER
from tracker.reports.perception_rules import Finding
from tracker.reports.sections import Figures

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
    link = every[0]
    if link.slope is None:
        return _("We cannot tell whether engaged teams have happier customers: too few teams or months."), too_few(link)
    said = _what_is_found([one for one in every if one.found])
    behind = [slope_words(link), _how_many(every), _other_lags(link) if link.found else seen(link)]
    return said, " ".join([*behind, _("A pattern over months, no proof of a cause.")])


def _what_is_found(found: Sequence[Link]) -> str:
    """The drivers that move the way of the surest one. All three inputs are named only where none of them is found by itself."""
    if not found or found[0].slope is None:
        return _("We cannot tell whether engaged teams have happier customers.")
    is_up = found[0].slope > 0
    alike = [one for one in found if one.slope is not None and (one.slope > 0) == is_up]
    named = [driver_name(one.driver) for one in alike if one.driver != ENGAGEMENT or len(alike) == 1]
    if is_up:
        return _("Customers feel it a month later: %(drivers)s.", drivers=", ".join(named))
    return _("Ratings move the other way a month later: %(drivers)s.", drivers=", ".join(named))


def _how_many(every: Sequence[Link]) -> str:
    """Of how many looks what is found was taken."""
    looked, found = sum(one.slope is not None for one in every), sum(one.found for one in every)
    if looked == 1:
        return ""
    return ngettext(
        "Of %(looked)s things looked at one is clear among all.",
        "Of %(looked)s things looked at %(num)d are clear among all.",
        found,
        looked=number(looked, 0),
    )


def _other_lags(link: Link) -> str:
    """What the other lags say, for whoever asks which moves first."""
    if not link.also:
        return _("Neither in another month nor the other way round is it as clear.")
    if min(link.also) < 0:
        return _("The other way round it is clear as well, ratings first: which of the two comes first we cannot tell.")
    others = ", ".join(lag_name(lag) for lag in LAGS if lag in link.also and lag != LATER)
    return _("It is clear as well: %(others)s. Which month matters most we cannot tell.", others=others)


def lag_name(lag: int) -> str:
    if lag == 0:
        return _("in the same month")
    return ngettext("%(num)d month later", "%(num)d months later", lag)


def seen(link: Link) -> str:
    """How often so much data would show a link, so that nobody takes “cannot tell” for “there is none”."""
    times = round(TIMES * link.power)
    if times == 0:
        return _("With so many a real link of 0.3 would hardly ever be seen.")
    if times == TIMES:
        return _("With so many a real link of 0.3 would nearly always be seen.")
    return ngettext(
        "With so many a real link of 0.3 would be seen about once in 10 times.",
        "With so many a real link of 0.3 would be seen about %(num)d times in 10.",
        times,
    )


def too_few(link: Link) -> str:
    return " ".join([_("%(basis)s; it takes 10 and 12, or 20 and 6.", basis=basis(link)), seen(link)])


def basis(link: Link) -> str:
    return basis_of(link.teams, link.months)


def basis_of(teams: int, months: int) -> str:
    many = ngettext("%(num)d team", "%(num)d teams", teams)
    long = ngettext("%(num)d month", "%(num)d months", months)
    return _("%(teams)s and %(months)s", teams=many, months=long)


def slope_words(link: Link) -> str:
    """Per half a point, since a whole one is more than teams ever move."""
    told = half_a_point((link.slope, link.low, link.high)) if link.slope is not None else None  # type: ignore[arg-type]
    if told is None:
        return too_few(link)
    by, low, high = (signed(value, 2) for value in told)
    return _(
        "When a team’s score for “%(driver)s” was 0.5 above its own usual, its customers’ ratings a month later "
        "moved by %(by)s stars (%(low)s to %(high)s).",
        driver=driver_name(link.driver),
        by=by,
        low=low,
        high=high,
    )


def driver_name(driver: str) -> str:
    if driver == ENGAGEMENT:
        return _("All three inputs")
    known = drivers().get(driver)
    return known.names["en"] if known else driver


def group_finding(figures: Figures) -> tuple[str, str]:
    gap = largest_gap(figures)
    if gap is not None and gap.is_clear:
        about = driver_name(gap.driver).lower()
        return _("%(group)s: first of all %(driver)s.", group=placed(figures, gap), driver=about), gap_words(gap)
    looked = figures_looked_at(figures)
    if not looked:
        return _("We cannot tell whether groups differ in what staff say."), _(
            "It takes two groups or more whose answers are published."
        )
    said = _("No group here stands out clearly in what staff say.")
    if gap is None:
        return said, ngettext(
            "One figure was looked at: it differs by no more than chance makes. That is no proof that nothing differs.",
            "%(num)d figures were looked at: they differ by no more than chance makes among so many. That is no proof that "
            "nothing differs.",
            looked,
        )
    return said, furthest_words(gap, placed(figures, gap))


def placed(figures: Figures, gap: DriverGap) -> str:
    """The group and what it is in: the map of the whole company has no column for what lies a step further in."""
    above = figures["groups"][gap.key]["above"]
    if above in (None, COMPANY) or gap.key == figures.get("home"):
        return gap.name
    return _("%(group)s in %(above)s", group=gap.name, above=figures["groups"][above]["name"])


def furthest_words(gap: DriverGap, group: str) -> str:
    """What the colours of the map point at, for what it is worth."""
    return _(
        "Furthest from the others: %(group)s, %(driver)s. %(percent)s %% agree there, %(company)s %% elsewhere: likely "
        "%(low)s to %(high)s points. %(answers)s; among %(looked)s such figures that may be chance.",
        group=group,
        driver=driver_name(gap.driver).lower(),
        percent=number(gap.percent, 0),
        company=number(gap.company, 0),
        answers=answers(gap.n),
        low=signed(-gap.high, 0),
        high=signed(-gap.low, 0),
        looked=number(gap.looked, 0),
    )


def gap_words(gap: DriverGap) -> str:
    return _(
        "%(percent)s %% agree there, %(company)s %% elsewhere: %(low)s to %(high)s points less. %(answers)s; picked as the "
        "furthest of %(looked)s such figures, so that it is rather less.",
        percent=number(gap.percent, 0),
        company=number(gap.company, 0),
        low=number(gap.low, 0),
        high=number(gap.high, 0),
        answers=answers(gap.n),
        looked=number(gap.looked, 0),
    )


def perception_finding(figures: Figures) -> tuple[str, str]:
    """The stage at which the company is furthest apart for sure; else that it cannot be told."""
    known = [(stage, stage["groups"][COMPANY]) for stage in figures["perception"] if COMPANY in stage["groups"]]
    surely = [(stage, gap) for stage, gap in known if is_apart(gap)]
    if not known:
        return _("Not asked yet what staff think of customers’ experience."), _("The pulse asks it once a quarter.")
    if not surely:
        return _("We cannot tell whether staff and customers see it differently."), perception_words(*known[0])
    stage, gap = max(surely, key=lambda one: min(abs(one[1]["gap"][1]), abs(one[1]["gap"][2])))
    name = stage_name(stage["stage"]).lower()
    if gap["gap"][1] > 0:
        said = _("We think better of it than customers do: %(stage)s.", stage=name)
    else:
        said = _("Customers think better of it than we do: %(stage)s.", stage=name)
    held = sum(one["gap"] is not None for _stage, one in known)
    clear = ngettext(
        "Clear at %(num)d of %(held)s stages.", "Clear at %(num)d of %(held)s stages.", len(surely), held=held
    )
    return said, f"{perception_words(stage, gap)} {clear}"


def is_apart(gap: Figures) -> bool:
    """Whether staff and customers surely see it differently. gap: one group’s at one stage, as kept; its own gap may be None."""
    return gap["gap"] is not None and (gap["gap"][1] > 0 or gap["gap"][2] < 0)


def perception_words(stage: Figures, gap: Figures) -> str:
    about = _("%(stage)s, %(period)s", stage=stage_name(stage["stage"]), period=rated_in(stage))
    if gap["finding"] == Finding.HIDDEN.value:
        return _("%(about)s: hidden, customers rated too few people.", about=about)
    if gap["customers"] is None or gap["gap"] is None:
        return _("%(about)s: too few ratings.", about=about)
    return _(
        "%(about)s: %(staff)s %% of staff say it is excellent (%(answers)s), %(customers)s %% of customers’ ratings agree "
        "(n = %(ratings)s); %(low)s to %(high)s points apart.",
        about=about,
        answers=answers(gap["answers"]),
        ratings=number(gap["ratings"], 0),
        staff=number(gap["staff"][0], 0),
        customers=number(gap["customers"][0], 0),
        low=signed(gap["gap"][1], 0),
        high=signed(gap["gap"][2], 0),
    )


def perception_basis(figures: Figures) -> str:
    """Of which weeks the stages are; nothing where rounds apart asked about them, and each row of the table says its own."""
    periods = {rated_in(stage) for stage in figures["perception"]}
    if len(periods) != 1:
        return ""
    return _("Customers’ ratings of %(period)s, and the round of the pulse after them.", period=periods.pop())


def rated_in(stage: Figures) -> str:
    """The weeks whose ratings stand beside what staff said: asked once a quarter, they may lie months before the report’s own."""
    first, last = (date.fromisoformat(stage[end]) for end in ("since", "last"))
    return _("%(first)s to %(last)s", first=plain_day(first), last=plain_day(last))


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
    said.append(
        _(
            "Happy means 4 or 5 of 5. Likely range: 95 %. After an unusual month a more usual one mostly follows by itself."
        )
    )
    return " ".join(said)
