"""The report on engagement and customers, as one reader gets it: findings, charts, and the tables that go everywhere else too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import month as month_name
from tracker.pulse.bank import drivers
from tracker.ratings.models import Touchpoint
from tracker.reports import engagement_sentences as say
from tracker.reports import engagement_tables as tables
from tracker.reports import happy
from tracker.reports.engagement import COMPANY, ENGAGEMENT, EVERYWHERE, KIND
from tracker.reports.engagement_before import beside_before
from tracker.reports.engagement_changes import Moved, changes
from tracker.reports.engagement_rules import (
    Link,
    Standing,
    links,
    lowest_shown,
    shown_groups,
    standings,
)
from tracker.reports.engagement_share import reads_group, share_of
from tracker.reports.figures import kept_of
from tracker.reports.given_words import is_told
from tracker.reports.link_words import link_words
from tracker.reports.periods import Year, month_before, months_read
from tracker.reports.policy import reads_company
from tracker.reports.report_page import Part, chosen_month, part_of
from tracker.reports.sections import Table

MOST_COLUMNS = 12


@dataclass(frozen=True)
class Wanted:
    """What an address asks for: a month as 2026-10, a team, a touchpoint and a driver; None for the first there is of each."""

    month: str | None = None
    team: str | None = None
    touchpoint: str | None = None
    driver: str | None = None


@dataclass(frozen=True)
class EngagementReport:
    """month is None before the first one is over; figures is None until they are worked out."""

    month: date | None
    months: Sequence[date]
    figures: Mapping[str, Any] | None = None
    made_at: datetime | None = None
    top: str = COMPANY
    touchpoint: str = EVERYWHERE
    names: Mapping[str, str] = field(default_factory=dict)  # of touchpoints
    driver: str = ENGAGEMENT
    version: tuple[int, int] = (0, 0)  # of what is kept of the month and the one before
    happy: Part | None = None  # the customers’ section of that name, for whoever reads it
    passed_over: bool = False  # something that was chosen is not in this month

    @property
    def mark(self) -> tuple[object, ...]:
        """Differs as soon as anything on the page does: what is kept, what was chosen, and which groups are the reader’s."""
        figures = self.figures or {"groups": {}, "stars": {}, "cells": {}, "links": {}}
        mine = [sorted(part) for part in (figures["groups"], figures["stars"], *figures["cells"].values())]
        chosen = (self.month, self.top, self.touchpoint, self.driver, sorted(self.names.items()))
        return (
            *self.months,
            *chosen,
            self.version,
            self.made_at,
            sorted(figures["cells"]),
            mine,
            self.happy and self.happy.mark,
        )

    @cached_property
    def findings(self) -> list[tuple[str, str]]:
        return say.findings(self._known, self.touchpoint)

    @cached_property
    def standings(self) -> list[Standing]:
        return standings(self._known, lowest_shown(self._known, self.top))

    @cached_property
    def company(self) -> Standing:
        return standings(self._known, [COMPANY])[0]

    @cached_property
    def links(self) -> list[Link]:
        return links(self._known, touchpoint=self.touchpoint)

    @property
    def link(self) -> Link | None:
        return next((link for link in self.links if link.driver == self.driver), None)

    @property
    def link_words(self) -> list[str]:
        if self.link is None:
            return []
        return link_words(self.link, self._known["links"][self.touchpoint][self.driver])

    @cached_property
    def changes(self) -> list[Moved]:
        return changes(self._known, [COMPANY, *(key for key in shown_groups(self._known, self.top) if key != COMPANY)])

    @property
    def tables(self) -> list[Table]:
        """Everything that the page shows, for files, programs and mails. With a touchpoint chosen its links alone."""
        figures, of_links = self._known, []
        if figures["links"]:
            of_links = [tables.lags(figures, self.touchpoint), tables.reversed_links(figures, self.touchpoint)]
        if self.touchpoint != EVERYWHERE:
            return of_links
        of_links += [tables.averages(figures)] if figures["links"] else []
        of_groups = [tables.driver_map(figures, self.top), tables.perception(figures), tables.moved(figures, self.top)]
        return [
            tables.teams(self.standings),
            tables.inputs(figures, tables.map_columns(figures, self.top)),
            *([tables.given(figures, tables.map_columns(figures, self.top))] if is_told(figures) else []),
            *of_links,
            *of_groups,
            *(self.happy.tables[:1] if self.happy else []),
        ]

    @cached_property
    def columns(self) -> list[str]:
        """The groups of the map."""
        return tables.map_columns(self._known, self.top, MOST_COLUMNS)

    @property
    def left_out(self) -> int:
        """How many groups the map has no room for."""
        return len(tables.map_columns(self._known, self.top)) - len(self.columns)

    @property
    def where(self) -> str:
        return self.names.get(self.touchpoint) or tables.group_name(self._known, self.top)

    @property
    def touchpoints(self) -> list[tuple[str, str]]:
        """Those with links to look at; none where there is one alone."""
        named = [(key, self.names[key]) for key in self._known["links"] if key in self.names]
        return [(EVERYWHERE, _("All touchpoints")), *named] if len(named) > 1 else []

    def opens(self, key: str) -> bool:
        """Whether there is anything beneath a group to look into."""
        return key != self.top and any(group["above"] == key for group in self._known["groups"].values())

    def address_of(self, names: Sequence[str]) -> list[tuple[str, str]]:
        """What a form of the page hands on of what is chosen already, as its address says it."""
        now = {"month": f"{self.month:%Y-%m}", "team": self.top, "touchpoint": self.touchpoint, "driver": self.driver}
        first = {
            "month": f"{self.months[0]:%Y-%m}",
            "team": self._known["home"],
            "touchpoint": EVERYWHERE,
            "driver": ENGAGEMENT,
        }
        return [(name, now[name]) for name in names if now[name] != first[name]]

    def address(self, url_for: Callable[..., str], *, team: str) -> str:
        chosen = dict(self.address_of(["month", "driver"])) | ({"team": team} if team != self._known["home"] else {})
        return url_for("engagement_report.engagement", **chosen)

    def trail(self, url_for: Callable[..., str]) -> list[tuple[str, str | None]]:
        """From the company down to the group that is looked into."""
        found: list[tuple[str, str | None]] = [(tables.group_name(self._known, self.top), None)]
        at = self._known["groups"][self.top]["above"] if self.top != COMPANY else None
        while at is not None:
            found.insert(0, (tables.group_name(self._known, at), self.address(url_for, team=at)))
            at = self._known["groups"][at]["above"]
        return found

    def is_older(self, cells: Mapping[str, Any]) -> bool:
        """Whether a driver was asked about in an earlier round than the latest."""
        asked = self._known["round"]
        return bool(asked) and any(cell["month"] != asked["month"] for cell in cells.values())

    def asked_in(self, cells: Mapping[str, Any]) -> str:
        return month_name(date.fromisoformat(next(iter(cells.values()))["month"]))

    @property
    def _known(self) -> Mapping[str, Any]:
        if self.figures is None:
            raise ValueError("the figures of this month are not worked out yet")
        return self.figures


def engagement_report(viewer: Viewer, wanted: Wanted) -> EngagementReport:
    """NotFound for a month, team, touchpoint or driver that this reader does not find in it. At most six queries."""
    months = list(months_read(viewer.at))
    if not months:
        return EngagementReport(None, ())
    month = chosen_month(wanted.month, months)
    found = kept_of([month, month_before(month), Year(month).before.month], [KIND, happy.SECTION.kind])
    kept, before = found.get((month, KIND)), found.get((month_before(month), KIND))
    if kept is None:
        return EngagementReport(month, months)
    figures = share_of(viewer, beside_before(kept.figures, before.figures if before else None))
    names = {str(id): name for id, name in db.session.execute(select(Touchpoint.id, Touchpoint.name))}
    links = figures["links"]
    chosen = (
        _one_of(wanted.team, figures["groups"], figures["home"], elsewhere=lambda key: reads_group(viewer, key)),
        _one_of(wanted.touchpoint, links, EVERYWHERE, elsewhere=lambda key: bool(links) and key in names),
        _one_of(
            wanted.driver, links.get(EVERYWHERE, {}), ENGAGEMENT, elsewhere=lambda key: bool(links) and key in drivers()
        ),
    )
    return EngagementReport(
        month,
        months,
        figures,
        kept.made_at,
        chosen[0],
        chosen[1],
        names,
        chosen[2],
        (kept.version, before.version if before else 0),
        part_of(happy.SECTION, found, Year(month)) if reads_company(viewer) else None,
        any(
            asked not in (None, got)
            for asked, got in zip((wanted.team, wanted.touchpoint, wanted.driver), chosen, strict=True)
        ),
    )


def _one_of(wanted: str | None, known: Mapping[str, Any], otherwise: str, *, elsewhere: Callable[[str], bool]) -> str:
    """elsewhere: whether this reader finds it in other months; then choosing this month leads to the first there is."""
    if wanted is None:
        return otherwise
    if wanted in known:
        return wanted
    if not elsewhere(wanted):
        raise NotFound
    return otherwise
