"""Empowered, as the books say it: what customers were given when a complaint was put right, and whether somebody had to be asked.

Counted for whoever closed the complaint, where they lead or belong on the last day of the year, so that nobody counts in two teams.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from tracker.core.db import db
from tracker.organisation.models import Tenure
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import teams_of_everybody
from tracker.recovery.giving_rules import KINDS_OF_WORTH
from tracker.recovery.limit_models import Given
from tracker.recovery.limits import limits_at
from tracker.recovery.models import RecoveryCase, RecoveryEntry
from tracker.reports.group_sums import Groups, shown_sums
from tracker.reports.periods import Year

SOLVED = ("solved", "partly")
NO_TEAM = -1  # of people without one: they count for the company
Counts = dict[int, tuple[int, ...]]


def given_on_the_spot(year: Year, groups: Groups, *, otherwise: str) -> dict[str, Any]:
    """Group -> [people, count, …], each of three parts shown where five people or more are behind that very part, and no group from
    which a smaller one could be worked out.

    closed: people who closed complaints, complaints. said: people who said what was given, complaints of which they did, those
    solved with something given. known: people who gave something with a limit set, complaints, those within it without asking.
    limits: group -> what staff and who leads could give at the end, in `currency`. Three queries, and those of the limits.
    """
    closed, said, known = _by_team(year)
    limits = limits_at(year.ends_at)
    return {
        "closed": shown_sums(groups, closed, otherwise=otherwise),
        "said": shown_sums(groups, said, otherwise=otherwise),
        "known": shown_sums(groups, known, otherwise=otherwise),
        "limits": {
            key: [limits.amount(group["team"], "staff"), limits.amount(group["team"], "leads")]
            for key, group in groups.items()
            if group["team"] is None or group["team"] in limits.tree.teams
        },
        "currency": limits.currency,
    }


def _by_team(year: Year) -> tuple[Counts, Counts, Counts]:
    home = _homes(year)
    closed: Counts = {}
    said: Counts = {}
    known: Counts = {}
    for person, *counts in db.session.execute(_by_person(year)):
        team = home.get(person, NO_TEAM)
        cases, told, solved_with, held, within = (int(count or 0) for count in counts)
        _add(closed, team, (1, cases))
        if told:
            _add(said, team, (1, told, solved_with))
        if held:
            _add(known, team, (1, held, within))
    return closed, said, known


def _add(counts: Counts, team: int, more: tuple[int, ...]) -> None:
    before = counts.get(team, (0,) * len(more))
    counts[team] = tuple(one + other for one, other in zip(before, more, strict=True))


def _by_person(year: Year) -> Select[*tuple[Any, ...]]:
    """Who closed, and of their complaints: all, those of which it was said, solved with something, held against a limit, within it."""
    gifts = (
        select(
            Given.case_id,
            func.sum(case((RecoveryEntry.kind == "closed", 1), else_=0)).label("said"),
            func.sum(case((Given.kind.in_(KINDS_OF_WORTH), 1), else_=0)).label("things"),
            func.sum(case((Given.is_within.is_not(None), 1), else_=0)).label("known"),
            func.sum(case((Given.is_within.is_(True), 1), else_=0)).label("within"),
        )
        .join(RecoveryEntry, RecoveryEntry.id == Given.entry_id)
        .group_by(Given.case_id)
        .subquery()
    ).c
    is_held = and_(gifts.things > 0, gifts.known == gifts.things)
    solved_with = and_(gifts.said > 0, gifts.things > 0, RecoveryCase.outcome.in_(SOLVED))
    counted = (gifts.said > 0, solved_with, is_held, and_(is_held, gifts.within == gifts.things))
    return (
        select(RecoveryCase.closed_by_id, func.count(), *(func.sum(case((one, 1), else_=0)) for one in counted))
        .outerjoin(gifts.case_id.table, gifts.case_id == RecoveryCase.id)
        .where(
            RecoveryCase.closed_at >= year.begins_at,
            RecoveryCase.closed_at < year.ends_at,
            RecoveryCase.closed_by_id.is_not(None),
            RecoveryCase.outcome != "taken_back",
        )
        .group_by(RecoveryCase.closed_by_id)
    )


def _homes(year: Year) -> Mapping[int, int]:
    """Person -> the team they lead, else the one they are in."""
    led = select(Tenure.person_id, Tenure.team_id).where(Tenure.kind == "manager", *holds_on(Tenure, year.last))
    rows = db.session.execute(led.order_by(Tenure.team_id.desc()))  # of several the first one’s number
    return {**teams_of_everybody(year.last), **dict(rows.all())}
