"""The report’s tables: the one source of its charts’ tables, files and programs."""

from collections.abc import Iterable, Sequence
from datetime import date

from flask_babel import gettext as _

from tracker.core.language import month
from tracker.reports.coverage_words import stage_name
from tracker.reports.engagement import COMPANY, EVERYWHERE, MANAGERS
from tracker.reports.engagement_changes import changes
from tracker.reports.engagement_rules import (
    GroupShare,
    Standing,
    agree,
    given_of,
    half_a_point,
    happy,
    settled,
    shown_groups,
    solved_with,
    standing_out,
    trained,
)
from tracker.reports.engagement_sentences import driver_name, rated_in
from tracker.reports.link_rules import LAGS, REVERSED
from tracker.reports.ranges import range_headings
from tracker.reports.sections import Figures, Table, Value


def teams(shown: Iterable[Standing]) -> Table:
    headings = [
        _("Group"),
        _("Staff who agree, %"),
        *range_headings(),
        _("Answers of staff"),
        _("Happy customers, %"),
        *range_headings(),
    ]
    headings += [_("Ratings"), _("People rated")]
    rows = [[one.name, *_share(one.staff), *_share(one.customers), one.people] for one in shown]
    return Table(_("Engaged teams, happy customers"), headings, rows)


def inputs(figures: Figures, columns: Sequence[str]) -> Table:
    """The three inputs of good service beside what customers say: motivated, trained, able to put things right."""
    parts = [
        _("Motivated, %"),
        _("Trained, as they say, %"),
        _("Nothing overdue in training, %"),
        _("Able to fix things, %"),
        _("Settled within the own limit, %"),
        _("Happy customers, %"),
    ]
    headings = [_("Group"), *(heading for part in parts for heading in (part, *range_headings(), _("n")))]
    rows: list[list[Value]] = []
    for key in columns:
        shares = [share for _name, share in input_shares(figures, key)]
        if any(shares):
            rows.append([group_name(figures, key), *(value for share in shares for value in _share(share))])
    return Table(_("Three inputs beside what customers say"), headings, rows)


def given(figures: Figures, columns: Sequence[str]) -> Table:
    """What customers were given on the spot, and what could be given; empty cells where too few people are behind a figure."""
    kept = given_of(figures)
    headings = [_("Group"), _("Complaints closed"), _("Solved with something given, %"), *range_headings(), _("n")]
    headings += [_("Settled within the own limit, %"), *range_headings(), _("n")]
    headings += [
        _("Staff may give, %(currency)s", currency=kept["currency"] or "–"),
        _("Who leads may give, %(currency)s", currency=kept["currency"] or "–"),
    ]
    rows: list[list[Value]] = []
    for key in columns:
        limits, closed = kept["limits"].get(key, [None, None]), kept["closed"].get(key)
        if closed or any(limit is not None for limit in limits):
            shares = [value for share in (solved_with(figures, key), settled(figures, key)) for value in _share(share)]
            rows.append([group_name(figures, key), closed[1] if closed else None, *shares, *limits])
    return Table(_("What could be given on the spot, and what was"), headings, rows)


def input_shares(figures: Figures, key: str) -> list[tuple[str, GroupShare | None]]:
    return [
        (_("Motivated"), agree(figures, "motivation", key)),
        (_("Trained, as they say"), agree(figures, "trained", key)),
        (_("Nothing overdue in training"), trained(figures, key)),
        (_("Able to fix things"), agree(figures, "power", key)),
        (_("Settled within the own limit"), settled(figures, key)),
        (_("Happy customers"), happy(figures, key)),
    ]


def beside(figures: Figures, columns: Sequence[str]) -> list[tuple[str, list[GroupShare | None]]]:
    """What stands beside the drivers, for each group of the map."""
    return [
        (_("Happy customers"), [happy(figures, key) for key in columns]),
        (_("Nothing overdue in training"), [trained(figures, key) for key in columns]),
    ]


def lags(figures: Figures, touchpoint: str) -> Table:
    """For half a point of engagement; of the other way round the row says which month comes first."""
    headings = [
        _("Asked about"),
        _("Months later"),
        _("Teams"),
        _("Months"),
        _("Stars for half a point"),
        *range_headings(),
    ]
    rows: list[list[Value]] = []
    for driver, link in figures["links"].get(touchpoint, {}).items():
        for lag in LAGS:
            kept = link["lags"][str(lag)]
            if lag < 0:
                continue  # in points a star: a table of its own
            values = half_a_point(kept) or [None] * 3
            rows.append([driver_name(driver), lag, link["teams"], link["months"], *values])
    return Table(_("Which moves first?"), headings, rows)


def reversed_links(figures: Figures, touchpoint: str) -> Table:
    headings = [_("Asked about"), _("Points a month after half a star"), *range_headings()]
    rows = [
        [driver_name(driver), *(half_a_point(link["lags"][str(REVERSED)]) or [None] * 3)]
        for driver, link in figures["links"].get(touchpoint, {}).items()
    ]
    return Table(_("The other way round: ratings first"), headings, rows)


def averages(figures: Figures) -> Table:
    headings = [_("Asked about"), _("Teams"), _("Correlation"), *range_headings()]
    rows = [
        [driver_name(driver), link["averaged"], *(link["averages"] or [None] * 3)]
        for driver, link in figures["links"].get(EVERYWHERE, {}).items()
    ]
    return Table(_("Teams compared with teams: no evidence of a cause"), headings, rows)


def driver_map(figures: Figures, top: str) -> Table:
    """One line for a driver and a group; empty where it is hidden to protect people."""
    headings = [_("Driver"), _("Asked in"), _("Group"), _("Staff who agree, %"), *range_headings(), _("Answers")]
    rows: list[list[Value]] = []
    for driver, cells in figures["cells"].items():
        for key in map_columns(figures, top):
            cell = cells.get(key)
            if cell is not None:
                shown = [cell["agree"], cell["low"], cell["high"], cell["n"]] if cell["n"] else [None] * 4
                asked = month(date.fromisoformat(cell["month"]))
                rows.append([driver_name(driver), asked, group_name(figures, key), *shown])
    return Table(_("What staff say, group by group"), headings, rows)


def map_columns(figures: Figures, top: str, most: int | None = None) -> list[str]:
    """The company, the groups right beneath the one that is looked into, managers. most: so many groups at the most."""
    shown = [key for key in shown_groups(figures, top) if key != COMPANY]
    shown = standing_out(figures, shown, most) if most and len(shown) > most else shown
    has_managers = any(MANAGERS in cells for cells in figures["cells"].values())
    return [COMPANY, *shown, *([MANAGERS] if has_managers and top == COMPANY else [])]


def group_name(figures: Figures, key: str) -> str:
    if key == MANAGERS:
        return _("Managers")
    return figures["groups"][key]["name"] or _("Company")


def perception(figures: Figures) -> Table:
    headings = [_("Stage"), _("Group"), _("Staff who agree, %"), *range_headings(), _("Answers of staff")]
    headings += [
        _("Customers with 4 or 5, %"),
        *range_headings(),
        _("Ratings"),
        _("Rated"),
        _("Gap, points"),
        *range_headings(),
    ]
    rows: list[list[Value]] = [
        [
            stage_name(stage["stage"]),
            group_name(figures, key),
            *gap["staff"],
            gap["answers"],
            *(gap["customers"] or [None] * 3),
            gap["ratings"],
            rated_in(stage),
            *(gap["gap"] or [None] * 3),
        ]
        for stage in figures["perception"]
        for key, gap in stage["groups"].items()
        if key == MANAGERS or key in figures["groups"]
    ]
    return Table(_("We think, they feel"), headings, rows)


def moved(figures: Figures, top: str) -> Table:
    headings = [_("Group"), _("What"), _("Change"), *range_headings(), _("How surely")]
    words = {"clear": _("clear"), "maybe": _("maybe")}
    rows: list[list[Value]] = [
        [
            one.name,
            driver_name(one.driver) if one.driver else _("Happy customers, percentage points"),
            one.difference,
            one.low,
            one.high,
            words[one.verdict],
        ]
        for one in changes(figures, [COMPANY, *[key for key in shown_groups(figures, top) if key != COMPANY]])
    ]
    return Table(_("What changed"), headings, rows)


def _share(share: GroupShare | None) -> list[Value]:
    return [share.percent, share.low, share.high, share.n] if share else [None] * 4
