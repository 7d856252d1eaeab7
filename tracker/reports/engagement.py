"""Engagement beside what customers said, for the whole company and all its groups: worked out by the job, kept as JSON.

Of staff it holds published cells of the pulse and nothing else. Of customers it holds sums by team and month; which group’s sums are
shown is decided here as well, so that every reader’s share comes from one decision. What a reader gets is cut out of it
(engagement_share.py), never worked out anew. Groups are named by their team’s id as text, the whole company by "0", managers by "-1".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import func, select

from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Team
from tracker.organisation.queries import the_organisation
from tracker.pulse.bank import AGREEMENT, INPUTS
from tracker.pulse.queries import Node, ResultCell, results, trees
from tracker.pulse.result_rules import favourable_range
from tracker.pulse.result_table import Answered, ClosedRound, closed_rounds, table
from tracker.ratings.month_models import TeamMonth
from tracker.reports.cover import covered
from tracker.reports.given import given_on_the_spot
from tracker.reports.group_sums import shown_of, sums_beneath
from tracker.reports.link_rules import linked
from tracker.reports.models import ReportFigures
from tracker.reports.perception import Stage, perception
from tracker.reports.perception_rules import Gap
from tracker.reports.periods import Year
from tracker.reports.policy import whole_company
from tracker.reports.rated import HAPPY, RATINGS, totals_in
from tracker.reports.rated_people import people_once
from tracker.statistics.scores import FloatArray

COMPANY, MANAGERS = "0", "-1"
EVERYWHERE = "0"  # all touchpoints together
KIND = "engagement"
FORM = 2  # of the figures as kept: another one lets them be made anew, and nobody reads the older
ENGAGEMENT = "engagement"  # the mean of the three inputs, where all three are published
Moods = Mapping[tuple[str, str, date], tuple[float, float]]  # (driver, group, month) -> mean, answers
# (team, month) -> ratings, those of 4 or 5, stars above what is usual
Sums = Mapping[tuple[int, date], tuple[int, int, float]]


def build(year: Year) -> dict[str, Any]:
    """groups: name, the group above, its team. cells: driver -> group -> its cell in the round that asked last. cover, stars: group ->
    sums, where shown; people: of all groups how many are behind these, for `engagement_share`. given: as `given_on_the_spot` says.
    links: touchpoint -> driver -> as `link_rules.linked` says. perception: a row for each stage that was asked about."""
    viewer = whole_company(year.ends_at)
    rounds = _rounds(year, viewer)
    groups = _groups(year)
    moods = _moods(rounds, viewer)
    sums = _sums(year)
    stars = sums_beneath(groups, _rated(sums, people_once(year.month), year.month), otherwise=COMPANY)
    cover = sums_beneath(groups, covered(year), otherwise=COMPANY)
    stages = [_stage(stage) for stage in perception(viewer, until=year.ends_at)]
    touchpoints = sorted(db.session.scalars(select(TeamMonth.touchpoint_id).where(*totals_in(year)).distinct()))
    return {
        "form": FORM,
        "groups": groups,
        "months": [month.isoformat() for month in year.months],
        "round": _round(rounds),
        "rounds": len(rounds),
        "cells": _cells(rounds, viewer, groups),
        "cover": shown_of(groups, cover),
        "stars": {key: _star_sums(sums) for key, sums in shown_of(groups, stars).items() if sums[1]},
        "people": {"stars": _people_in(stars), "cover": _people_in(cover)},
        "given": given_on_the_spot(year, groups, otherwise=COMPANY),
        "links": {
            EVERYWHERE: _links(groups, moods, sums, year),
            **{str(one): _links(groups, moods, _sums(year, touchpoint=one), year) for one in touchpoints if one},
        },
        "perception": stages,
    }


def _rounds(year: Year, viewer: Viewer) -> list[ClosedRound]:
    """Those that closed in the year, the latest first."""
    return [one for one in closed_rounds(viewer) if year.since <= _closed_on(one) < year.until]


def _groups(year: Year) -> dict[str, dict[str, Any]]:
    """As they stood when the month was worked out for the first time, by the names of today: whoever moved a small team and held the
    two states of a month against each other would have its sums."""
    kept = db.session.get(ReportFigures, (year.month, KIND))
    if kept is None or "groups" not in kept.figures:
        return _groups_today(year)
    names: dict[int | None, str] = dict(iter(db.session.execute(select(Team.id, Team.name))))
    groups: dict[str, dict[str, Any]] = kept.figures["groups"]
    return {key: {**group, "name": names.get(group["team"], group["name"])} for key, group in groups.items()}


def _groups_today(year: Year) -> dict[str, dict[str, Any]]:
    """Group -> its name and the group above, without teams that were closed before. Under a company with one tree its top is the
    company."""
    teams = list(db.session.scalars(select(Team).order_by(Team.name, Team.id)))
    parents = {team.id: team.parent_id for team in teams}
    tops = [team for team in teams if team.parent_id is None]
    only = tops[0].id if len(tops) == 1 else None
    kept = {team.id for team in teams if team.closed_on is None or team.closed_on > year.since}
    found: dict[str, dict[str, Any]] = {COMPANY: {"name": tops[0].name if only else "", "above": None, "team": only}}
    for team in teams:
        if team.id in kept and team.id != only:
            above = team.parent_id
            while above is not None and above not in kept:
                above = parents[above]
            under_top = above is None or above == only
            found[str(team.id)] = {"name": team.name, "above": COMPANY if under_top else str(above), "team": team.id}
    return found


def _round(rounds: Sequence[ClosedRound]) -> dict[str, Any] | None:
    """The latest: of it the map and the changes are."""
    if not rounds:
        return None
    latest = rounds[0]
    return {
        "id": latest.id,
        "month": latest.month.isoformat(),
        "closed": _closed_on(latest).isoformat(),
        "invited": latest.invited,
        "answered": latest.answered,
        "k": latest.k_score,
    }


def _closed_on(one: ClosedRound) -> date:
    """By the company's clock: a round belongs to the month in which it closes."""
    company = the_organisation()
    return clock.local_day(one.closed_at, company.time_zone if company else "UTC")


def group_of(node: Node) -> str | None:
    """The group that a node of a round stands for; None where its team is gone."""
    if node.parent_id is None:
        return COMPANY
    if node.kind == "managers":
        return MANAGERS
    return str(node.team_id) if node.team_id is not None else None


def _cells(
    rounds: Sequence[ClosedRound], viewer: Viewer, groups: Mapping[str, Any]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Driver -> group -> its published cell in the round that asked about it last, with what changed since it was asked before.
    A team that has become the company’s top since has no group of its own any more."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for one in rounds:
        fresh = {item.driver for item in one.items if item.driver} - set(found)
        if not fresh:
            continue
        for row in table(viewer, one, rounds).rows:
            key = group_of(row.node)
            for answer in row.answers:
                if key in {*groups, MANAGERS} and answer.item.driver in fresh:
                    found.setdefault(answer.item.driver or "", {})[str(key)] = _cell(answer, one.month)
    return found


def _cell(answer: Answered, month: date) -> dict[str, Any]:
    """Hidden: the month alone."""
    cell = answer.cell
    if cell is None:
        return {"month": month.isoformat(), "n": None}
    low, high = favourable_range(cell)
    moved = answer.change
    return {
        "month": month.isoformat(),
        "n": cell.n,
        "agree": cell.favourable,
        "low": low,
        "high": high,
        "tone": answer.tone,
        "chance": None if answer.chance is None else round(answer.chance, 6),
        "change": [round(moved.difference, 1), moved.low, moved.high, moved.verdict.value] if moved else None,
        "guessable": answer.is_guessable,
    }


def _moods(rounds: Sequence[ClosedRound], viewer: Viewer) -> Moods:
    """A round belongs to the month it closes in; several in a month: the mean of published cells by their answers."""
    month_of = {one.id: _closed_on(one).replace(day=1) for one in rounds}
    driver_of = {(one.id, item.key): item for one in rounds for item in one.items if item.driver}
    forest = trees(month_of)
    sums: dict[tuple[str, str, date], list[float]] = defaultdict(lambda: [0.0, 0.0])
    cells: Iterable[ResultCell] = results(viewer, month_of) if month_of else ()
    for cell in cells:
        item, key = driver_of.get((cell.round_id, cell.item)), group_of(forest[cell.round_id][cell.node_id])
        if item is None or key is None or item.scale != AGREEMENT:
            continue
        total = sums[(item.driver or "", key, month_of[cell.round_id])]
        total[0] += cell.n * cell.mean
        total[1] += cell.n
    return {place: (total / n, n) for place, (total, n) in sums.items()}


def _sums(year: Year, *, touchpoint: int | None = None) -> Sums:
    at = () if touchpoint is None else (TeamMonth.touchpoint_id == touchpoint,)
    stars = TeamMonth.n1 + 2 * TeamMonth.n2 + 3 * TeamMonth.n3 + 4 * TeamMonth.n4 + 5 * TeamMonth.n5
    sums = (func.sum(RATINGS), func.sum(HAPPY), func.sum(stars - TeamMonth.expected))
    rows = (
        select(TeamMonth.team_id, TeamMonth.month, *sums)
        .where(*totals_in(year), *at)
        .group_by(TeamMonth.team_id, TeamMonth.month)
    )
    return {
        (team, month): (int(n), int(happy), float(above)) for team, month, n, happy, above in db.session.execute(rows)
    }


def _rated(sums: Sums, people: Mapping[int, int], month: date) -> dict[int, tuple[int, int, int]]:
    """Team -> people whose ratings of the month count, ratings, those of 4 or 5. Each month’s report has its own month alone: what is
    compared with comes out of the report of the month before (engagement_before.py), since fewer may have been rated then."""
    teams = {team for team, when in sums if when == month} | set(people)
    return {team: (people.get(team, 0), *sums.get((team, month), (0, 0, 0.0))[:2]) for team in teams}


def _star_sums(counts: Sequence[int]) -> dict[str, int]:
    return dict(zip(("people", "n", "happy"), counts, strict=True))


def _people_in(sums: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """Of every group, also the hidden ones: for engagement_share.py, which hides it from everybody."""
    return {key: counts[0] for key, counts in sums.items()}


def _links(groups: Mapping[str, Mapping[str, Any]], moods: Moods, sums: Sums, year: Year) -> dict[str, Any]:
    teams, months = _lowest(groups), year.months
    n, stars = np.zeros((len(teams), len(months))), np.full((len(teams), len(months)), np.nan)
    for row, team in enumerate(teams.values()):
        for column, month in enumerate(months):
            ratings, _happy, above_usual = sums.get((team, month), (0, 0, 0.0))
            if ratings:
                n[row, column], stars[row, column] = ratings, above_usual / ratings
    return linked(_panels(teams, moods, months), stars, n)


def panels_of(year: Year) -> tuple[list[int], dict[str, FloatArray]]:
    """Teams, and each driver’s published mean by team and month of the year, nan where there is none: for whatever may follow it."""
    viewer = whole_company(year.ends_at)
    teams = _lowest(_groups(year))
    return list(teams.values()), _panels(teams, _moods(_rounds(year, viewer), viewer), year.months)


def _lowest(groups: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """Groups with nobody beneath them, so that nobody counts twice, and their teams."""
    above = {group["above"] for group in groups.values()}
    return {name: group["team"] for name, group in groups.items() if name not in above and group["team"]}


def _panels(names: Iterable[str], moods: Moods, months: Sequence[date]) -> dict[str, FloatArray]:
    """All three inputs together first, then driver by driver."""
    groups = list(names)
    panels = {
        driver: np.array([[moods.get((driver, name, month), (np.nan, 0))[0] for month in months] for name in groups])
        for driver in sorted({driver for driver, _group, _month in moods})
    }
    if groups and all(driver in panels for driver in INPUTS):
        panels = {ENGAGEMENT: np.mean([panels[driver] for driver in INPUTS], axis=0), **panels}
    return panels


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "stage": stage.key,
        "since": stage.period.since.isoformat(),
        "last": stage.period.last.isoformat(),
        "people": {key: many for node, many in stage.people if (key := group_of(node)) is not None},
        "groups": {_key_of(gap): _gap(gap) for gap in stage.rows},
    }


def _key_of(gap: Gap) -> str:
    return COMPANY if gap.is_top else MANAGERS if gap.kind == "managers" else str(gap.team_id)


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "answers": gap.answers,
        "staff": [gap.staff.percent, gap.staff.low, gap.staff.high],
        "ratings": None if gap.is_hidden else gap.ratings,
        "raters": None if gap.is_hidden else gap.raters,
        "customers": [gap.customers.percent, gap.customers.low, gap.customers.high] if gap.customers else None,
        "gap": [gap.apart.points, gap.apart.low, gap.apart.high] if gap.apart else None,
        "finding": gap.finding.value,
    }
