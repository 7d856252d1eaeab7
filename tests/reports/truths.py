"""A company with the demo’s truths (tracker/demo/pulse.py) and more teams: rows as ratings’ months and closed rounds leave them.

How much power to fix things a team feels follows from how its customers rate it the month after; one team is short of staff in the
latest four rounds, and says so; all else is chance. Answers are whole numbers of single people, each with a mood of their own.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from sqlalchemy import insert, select

from tests.pulse.rounds import a_round
from tests.reports.companies import Many, many_teams
from tracker.core.db import db, transaction
from tracker.organisation.models import Team
from tracker.pulse.bank import Item, items, next_items
from tracker.pulse.models import PulseNode, PulseResult

USUAL, LINK, SHORT, NOISE, MOOD = 3.7, 0.6, -0.9, 0.6, 0.5
STAFFING, TROUBLE = "staffing_1", 4
STARS = 0.25  # sd of what moves a team’s ratings of a month
MEANS = np.arange(1, 6)


@dataclass(frozen=True)
class Truths:
    """short: the team that is short of staff; is_linked: whether power has to do with ratings at all; leads: by how many months."""

    teams: int = 24
    months: int = 12
    people: int = 9
    short: int | None = 7
    is_linked: bool = True
    leads: int = 1


def a_company_of_truths(seed: int, truths: Truths) -> Many:
    rng = np.random.default_rng(seed)
    stars = rng.normal(0, STARS, (truths.teams, truths.months + truths.leads))
    moods = rng.normal(0, MOOD, (truths.teams, truths.people))
    made = many_teams(
        truths.teams,
        truths.months,
        lambda _team, _month: USUAL,
        lambda team, month: stars[team, month],
        people=truths.people,
        asks=False,
    )
    asked: list[list[str]] = []
    for place, month in enumerate(made.months):
        is_short = place >= truths.months - TROUBLE
        questions = _questions(asked, is_short=is_short)
        asked.append([item.key for item in questions])
        later = stars[:, place + truths.leads] / STARS if truths.is_linked else np.zeros(truths.teams)
        lifts = {"power": LINK * np.clip(later, -2, 2)}
        if is_short and truths.short is not None:
            lifts["staffing"] = np.where(np.arange(truths.teams) == truths.short, SHORT, 0.0)
        with transaction():
            _a_round(rng, month, made, questions, moods, lifts)
    return made


def _questions(asked: list[list[str]], *, is_short: bool) -> list[Item]:
    chosen = next_items(asked)
    return [*chosen, items()[STAFFING]] if is_short and STAFFING not in {item.key for item in chosen} else list(chosen)


def _a_round(
    rng: np.random.Generator,
    month: date,
    made: Many,
    questions: list[Item],
    moods: np.ndarray,
    lifts: dict[str, np.ndarray],
) -> None:
    opens = datetime.combine(month + timedelta(days=4), time(5), UTC)
    row = a_round(items=questions, opens_at=opens)
    row.state, row.opened_at, row.closed_at, row.cleaned_at = "closed", opens, opens + timedelta(days=7), opens
    row.invited = row.answered = moods.size
    top = db.session.scalars(select(Team).where(Team.parent_id.is_(None))).one()
    root = PulseNode(round_id=row.id, kind="team", team_id=top.id, name=top.name)
    db.session.add(root)
    db.session.flush()
    nodes = [
        PulseNode(round_id=row.id, kind="team", team_id=id, name=f"Team {id}", parent_id=root.id)
        for id in made.team_ids
    ]
    db.session.add_all(nodes)
    db.session.flush()
    for item in questions:
        lift = lifts.get(item.driver or "", np.zeros(len(moods)))[:, None]
        said = np.clip(np.round(USUAL + moods + lift + rng.normal(0, NOISE, moods.shape)), 1, 5).astype(int)
        cells = [_cell(row.id, root.id, item.key, said.ravel())]
        cells += [_cell(row.id, node.id, item.key, own) for node, own in zip(nodes, said, strict=True)]
        db.session.execute(insert(PulseResult), [cell for cell in cells if cell])


def _cell(round_id: int, node_id: int, item: str, said: np.ndarray) -> dict[str, object] | None:
    """As a close publishes it: hidden where few agree in everything."""
    counts = [int((said == point).sum()) for point in MEANS]
    n, happy = len(said), counts[3] + counts[4]
    if n < 10 and (max(counts) == n or happy in {0, n}):
        return None
    return {
        "round_id": round_id,
        "node_id": node_id,
        "item": item,
        "n": n,
        "mean": round(float(said.mean()), 1),
        "favourable": round(100 * happy / n),
        **dict(zip(("h1", "h2", "h3", "h4", "h5"), counts, strict=True)),
    }
