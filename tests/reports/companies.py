"""A company of many teams with months of ratings and rounds, put together quickly: rows as the product’s own jobs leave them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from sqlalchemy import insert, select

from tests.factories import a_team
from tests.pulse.rounds import a_round
from tests.reports.jobs import READ
from tracker.core.clock import week_of
from tracker.core.db import db, transaction
from tracker.organisation.models import Team
from tracker.pulse.bank import INPUTS, drivers
from tracker.pulse.models import PulseNode, PulseResult
from tracker.ratings.fall_models import WeeklyCheck
from tracker.ratings.month_models import FoldedMonth, TeamMonth, TeamMonthPeople
from tracker.ratings.months import next_month

LAST = date(2026, 10, 1)


@dataclass(frozen=True)
class Many:
    """team_ids in the order of their numbers; months, the oldest first."""

    team_ids: list[int]
    months: list[date]


def month_end(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def a_check(last: date, at: datetime) -> None:
    """The weekly check of the week in which a day lies."""
    check = WeeklyCheck(week=week_of(last), ran_at=at, tested=0, parameters={}, formula="test", left_out=[])
    db.session.merge(check)


def months_until(last: date, count: int) -> list[date]:
    first = last.year * 12 + last.month - count
    return [date((first + step) // 12, (first + step) % 12 + 1, 1) for step in range(count)]


def many_teams(
    teams: int,
    months: int,
    mood: Callable[[int, int], float],
    stars: Callable[[int, int], float],
    *,
    answers: int = 8,
    people: int = 8,
    ratings: int = 40,
    asks: bool = True,
    every: int = 1,
) -> Many:
    """mood: the mean of each input of a team in a month, 1 to 5; stars: the mean of its ratings above what is usual (4).

    The teams lie under the company’s top. Every round publishes all of them; `answers` each; asks: whether
    there are rounds at all; every: in how many months there is one.
    """
    found = months_until(LAST, months)
    with transaction():
        top = db.session.scalars(select(Team).where(Team.parent_id.is_(None))).first() or a_team("All")
        made = [a_team(f"Team {number:03d}", parent=top) for number in range(teams)]
        ids = [team.id for team in made]
        a_check(month_end(LAST), READ - timedelta(days=2))
        for place, month in enumerate(found):
            if asks and place % every == 0:
                a_published_round(
                    month, [*zip(ids, (mood(team, place) for team in range(teams)), strict=True)], top, answers
                )
            db.session.add(FoldedMonth(month=month, version=1, checked_at=READ))
            rows = [_ratings_of(month, id, stars(team, place), ratings) for team, id in enumerate(ids)]
            db.session.execute(insert(TeamMonth), rows)
            heads = [{"month": month, "team_id": id, "people": people} for id in ids]
            db.session.execute(insert(TeamMonthPeople), heads)
    return Many(ids, found)


def a_published_round(month: date, moods: list[tuple[int, float]], top: Team, answers: int) -> None:
    """A closed round of the three inputs. moods: (team, mean of each input), all of them published, and the top."""
    opens = datetime.combine(month + timedelta(days=4), time(5), UTC)
    items = [drivers()[driver].items[0] for driver in INPUTS]
    made = a_round(items=items, opens_at=opens)
    made.state, made.opened_at, made.closed_at, made.cleaned_at = "closed", opens, opens + timedelta(days=7), opens
    made.invited = made.answered = answers * len(moods)
    root = PulseNode(round_id=made.id, kind="team", team_id=top.id, name=top.name)
    db.session.add(root)
    db.session.flush()
    nodes = [
        PulseNode(round_id=made.id, kind="team", team_id=id, name=f"Team {id}", parent_id=root.id)
        for id, _mood in moods
    ]
    db.session.add_all(nodes)
    db.session.flush()
    everybody = sum(mood for _id, mood in moods) / len(moods)
    cells = [(root.id, everybody, answers * len(moods))]
    cells += [(node.id, mood, answers) for node, (_id, mood) in zip(nodes, moods, strict=True)]
    for item in items:
        db.session.execute(insert(PulseResult), [_cell(made.id, node, item.key, *said) for node, *said in cells])


def _cell(round_id: int, node_id: int, item: str, mean: float, n: int) -> dict[str, object]:
    """Published as a close would: mean to one digit, the share who agree in whole percent."""
    happy = round(min(max((mean - 1) / 4, 0), 1) * n)
    counts = dict(zip(("h1", "h2", "h3", "h4", "h5"), (0, n - happy, 0, happy, 0), strict=True))
    figures = {"n": n, "mean": round(mean, 1), "favourable": round(100 * happy / n)}
    return {"round_id": round_id, "node_id": node_id, "item": item, **figures, **counts}


def _ratings_of(month: date, team_id: int, above: float, n: int) -> dict[str, object]:
    happy = round(min(max(0.75 + above / 4, 0), 1) * n)
    stars = 5 * happy + (n - happy)
    return {
        "month": month,
        "team_id": team_id,
        "touchpoint_id": 1,
        "channel_id": 1,
        "n1": n - happy,
        "n2": 0,
        "n3": 0,
        "n4": 0,
        "n5": happy,
        "expected": stars - n * above,
    }


def noise(seed: int, teams: int, months: int, sd: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).normal(0, sd, (teams, months))
