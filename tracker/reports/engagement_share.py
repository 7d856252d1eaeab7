"""What one reader gets of the report: their groups, cut out of what was worked out once for all. HR gets everything."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Team
from tracker.organisation.policy import teams_led_and_beneath
from tracker.pulse.queries import groups_seen, nodes_of
from tracker.reports.engagement import COMPANY, MANAGERS, group_of
from tracker.reports.engagement_rules import given_of
from tracker.reports.group_sums import Groups, tells_of_few, ways_above
from tracker.reports.perception_rules import Finding
from tracker.reports.policy import reads_company
from tracker.reports.sections import Figures

UNSAID = {"ratings": None, "raters": None, "customers": None, "gap": None, "finding": Finding.HIDDEN.value}


def share_of(viewer: Viewer, figures: Figures) -> dict[str, Any]:
    """The same figures without the groups that the viewer does not read. At most three queries.

    Cells of the pulse: as its own results page shows them to the viewer. Customers and training: of the teams the viewer leads and those
    beneath, and of the whole company, unless what is left of it without these teams, whom they know one by one, is of few. Links are
    sought over all teams, so they are HR’s. "home": the group that the page begins with.
    """
    if reads_company(viewer):
        return {**figures, "people": {}, "home": COMPANY}
    mine = {str(team) for team in db.session.scalars(select(teams_led_and_beneath(viewer).c.id))}
    led = mine | {COMPANY}
    asked = _asked(viewer, figures)
    cut = dict(figures)
    tops = _tops(figures["groups"], mine)
    for part in ("stars", "cover"):
        is_few = COMPANY not in tops and tells_of_few(figures["people"][part], COMPANY, tops)
        cut[part] = _only(figures[part], led - {COMPANY} if is_few else led)
    given, shown = given_of(figures), mine | ({COMPANY} & set(tops))  # nobody takes their own from the company’s
    parts = {part: _only(given[part], shown) for part in ("closed", "said", "known", "limits")}
    cut["given"] = {**given, **parts, "is_of_company": COMPANY in shown}
    cut["cells"] = {driver: _only(cells, asked) for driver, cells in figures["cells"].items()}
    cut["perception"] = [_stage_for(stage, tops, asked, figures["groups"]) for stage in figures["perception"]]
    cut["groups"] = _with_above(figures["groups"], led | asked)
    cut["links"], cut["people"] = {}, {}
    cut["home"] = tops[0] if len(tops) == 1 else COMPANY
    return cut


def reads_group(viewer: Viewer, key: str) -> bool:
    """Whether a group may be in the reader’s share of some month, by the teams there are today. One query."""
    if not key.isascii() or not key.isdecimal():
        return False
    teams = select(Team.id) if reads_company(viewer) else select(teams_led_and_beneath(viewer).c.id)
    return int(key) in set(db.session.scalars(teams))


def _tops(groups: Groups, mine: set[str]) -> list[str]:
    if str(groups[COMPANY]["team"]) in mine:
        return [COMPANY]
    return [key for key in mine & set(groups) if not mine & set(ways_above(groups, key))]


def _stage_for(stage: Figures, tops: Collection[str], asked: set[str], groups: Groups) -> dict[str, Any]:
    """What customers say of a group above the viewer’s own is hidden where the rest of it would be of few."""
    shown = {}
    for key, gap in _only(stage["groups"], asked).items():
        within = [top for top in tops if key in (*ways_above(groups, top), MANAGERS)]
        of = COMPANY if key == MANAGERS else key
        is_few = tells_of_few(stage["people"], of, within) if within else False
        shown[key] = {**gap, **UNSAID} if is_few else gap
    return {**stage, "groups": shown, "people": {}}


def _asked(viewer: Viewer, figures: Figures) -> set[str]:
    """Groups whose cells the viewer reads, by the latest round."""
    if figures["round"] is None:
        return set()
    seen, nodes = groups_seen(viewer, figures["round"]["id"]), nodes_of(figures["round"]["id"])
    return {key for node_id in seen if (key := group_of(nodes[node_id])) is not None}


def _only(values: Any, wanted: set[str]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key in wanted}


def _with_above(groups: Any, wanted: Iterable[str]) -> dict[str, Any]:
    """The groups and all above them: a name says nothing that the directory does not."""
    kept: dict[str, Any] = {}
    for key in wanted:
        at: str | None = key
        while at is not None and at != MANAGERS and at in groups:
            kept[at] = groups[at]
            at = groups[at]["above"]
    return {key: group for key, group in groups.items() if key in kept}
