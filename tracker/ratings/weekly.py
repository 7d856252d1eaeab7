"""The weekly run: from the rollup to everybody's figures. The arithmetic is in tracker.statistics; this loads and stores.

A week's figures rest on the rollup up to that week and on cell means frozen when their week began, so the same week can be
worked out again later (after an exclusion, say) and changes only by what changed underneath.
"""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from typing import Any, cast

import numpy as np
from sqlalchemy import func, select, update

from tracker.core import clock
from tracker.core.db import db, upsert
from tracker.organisation.queries import teams_of_everybody
from tracker.ratings.fall_models import WeeklyCheck
from tracker.ratings.fall_queries import thresholds_on
from tracker.ratings.models import CellWeek, ScoreCard, ScoreWeek
from tracker.ratings.parts import parts_stored
from tracker.ratings.queries import unchecked
from tracker.ratings.rules import Figures, figures_of
from tracker.ratings.samples import samples
from tracker.ratings.team_falls import teams_fallen
from tracker.statistics.cards import cards, trend
from tracker.statistics.falls import Checks, Parameters, check
from tracker.statistics.merging import merge_cells
from tracker.statistics.signal import signal_of
from tracker.statistics.weeks import FloatArray, IntArray, WeekRows, cell_means

WEEKS_NEEDED = 12 + 4 + 52  # the oldest point of the trend, its window, its baseline
WEEKS_BEFORE = 26  # what a cell's mean looks back on
WEEKS_LOADED = WEEKS_NEEDED + WEEKS_BEFORE
FORMULA = "three-window/1"


@dataclass(frozen=True)
class Company:
    """Everything the formulas need of one week: position i of every array is people[i]."""

    on: int
    people: list[int]
    team: IntArray
    rows: WeekRows
    checked: WeekRows  # the same without the ratings that the checks for a fall leave out
    cells: list[tuple[int, int]]
    mu: FloatArray
    first_week: int
    baseline_end: IntArray | None
    parameters: Parameters
    left_out: list[int]  # ids of the ratings that `checked` is without


def load_company(
    on: int,
    *,
    baseline_ends: Mapping[int, int] | None = None,
    parameters: Parameters | None = None,
    weeks: int = WEEKS_LOADED,
) -> Company | None:
    """The company as of week `on`; None when it has no ratings by then. `baseline_ends`: person id -> last week of a frozen baseline.

    `parameters`: those chosen for the Monday after `on`, unless others are given; `weeks`: how many weeks of ratings."""
    data = rollup_between(on - weeks, on)
    if not len(data):
        return None
    people, person = np.unique(data[:, 0], return_inverse=True)
    pairs, cell = distinct_cells(data[:, 2], data[:, 3])
    rows = WeekRows(person=person, week=data[:, 1], cell=cell, stars=data[:, 4:9])
    team_by_person = teams_of_everybody(clock.monday_of(on + 1))
    team = team_numbers(people, team_by_person)
    first_week = int(data[:, 1].min())
    ends = None
    if baseline_ends:
        ends = np.array([baseline_ends.get(int(p), -1) for p in people], dtype=np.int64)
    frozen = frozen_table(pairs, first_week, on)
    mu = np.where(np.isnan(frozen), means(rows, team, pairs, on), frozen)
    ids = [int(p) for p in people]
    checked, left_out = _without_unchecked(rows, ids, pairs)
    parameters = parameters or thresholds_on(clock.monday_of(on + 1)).parameters
    return Company(on, ids, team, rows, checked, pairs, mu, first_week, ends, parameters, left_out)


def team_numbers(people: IntArray, team_by_person: Mapping[int, int]) -> IntArray:
    """(P,) everybody's team. Somebody in no team has no teammates: a number of their own."""
    return np.array([team_by_person.get(int(p), -int(p)) for p in people], dtype=np.int64)


def rollup_between(after: int, through: int) -> IntArray:
    """(rows, 9): person, week, touchpoint, channel, n1..n5 of the weeks after < week <= through."""
    columns = (ScoreWeek.person_id, ScoreWeek.week, ScoreWeek.touchpoint_id, ScoreWeek.channel_id)
    counts = (ScoreWeek.n1, ScoreWeek.n2, ScoreWeek.n3, ScoreWeek.n4, ScoreWeek.n5)
    # Plus nothing: these weeks are most of the table, and by the index on weeks SQLite would fetch each row from somewhere else.
    week = ScoreWeek.week + 0
    statement = select(*columns, *counts).where(week > after, week <= through)
    db.session.flush()
    # The driver's own rows: millions of them, each nine plain numbers. And number by number: handed whole rows, numpy would
    # first try each for being an array itself.
    with closing(db.session.connection().execute(statement)) as result:
        return np.fromiter(chain.from_iterable(cast(Any, result.cursor)), dtype=np.int64).reshape(-1, 9)


def _without_unchecked(rows: WeekRows, people: list[int], cells: list[tuple[int, int]]) -> tuple[WeekRows, list[int]]:
    """Without the ratings at which somebody takes a second look, and the ids of these: they are few, and count everywhere else."""
    found = db.session.execute(unchecked()).all()
    if not found:
        return rows, []
    stars, left_out = rows.stars.copy(), []
    person_at, cell_at = {p: i for i, p in enumerate(people)}, {cell: i for i, cell in enumerate(cells)}
    for person, day, touchpoint, channel, star, rating, _since in found:
        cell = cell_at.get((touchpoint, channel), -1)
        same = (rows.person == person_at.get(person, -1)) & (rows.week == clock.week_of(day)) & (rows.cell == cell)
        stars[same, star - 1] -= 1
        left_out += [rating] if same.any() else []
    return WeekRows(person=rows.person, week=rows.week, cell=rows.cell, stars=stars), left_out


def distinct_cells(touchpoint: IntArray, channel: IntArray) -> tuple[list[tuple[int, int]], IntArray]:
    """The distinct pairs in ascending order, and each row's place among them."""
    width = int(channel.max()) + 1
    codes, place = np.unique(touchpoint * width + channel, return_inverse=True)  # of pairs it would sort far slower
    return [(int(code // width), int(code % width)) for code in codes], place


def means(rows: WeekRows, team: IntArray, cells: list[tuple[int, int]], on: int) -> FloatArray:
    """Cell means (cells x weeks) worked out from the rows, each cell through the wider cell it merges into."""
    pairs = np.array(cells, dtype=np.int64)
    teams, place = np.unique(team, return_inverse=True)
    # Merging asks which teams serve a cell at all, so each of them is named once, not once a row.
    served = np.flatnonzero(np.bincount(place[rows.person] * len(cells) + rows.cell))
    cell = served % len(cells)
    merged = merge_cells(teams[served // len(cells)], pairs[cell, 0], pairs[cell, 1])
    count = int(merged.cell.max()) + 1
    of_cell = np.zeros(len(cells), dtype=np.int64)
    of_cell[cell] = merged.cell
    wide = WeekRows(person=rows.person, week=rows.week, cell=of_cell[rows.cell], stars=rows.stars)
    company_cell = merged.company_cell if merged.company_cell >= 0 else None
    found = cell_means(wide, cells=np.arange(count), through=on, company_cell=company_cell)
    return np.asarray(found[of_cell], dtype=np.float64)


def frozen_table(cells: list[tuple[int, int]], first_week: int, on: int) -> FloatArray:
    """(cells x weeks) from `first_week` to `on`: the frozen means, which hold over any worked out later, and nan where there is none.
    What was expected then does not change because of what came later."""
    place, table = {cell: row for row, cell in enumerate(cells)}, np.full((len(cells), on - first_week + 1), np.nan)
    frozen = select(CellWeek.touchpoint_id, CellWeek.channel_id, CellWeek.week, CellWeek.mu)
    for touchpoint, channel, week, mu in db.session.execute(
        frozen.where(CellWeek.week >= first_week, CellWeek.week <= on)
    ):
        if (touchpoint, channel) in place:
            table[place[touchpoint, channel], week - first_week] = mu
    return table


def freeze_means(company: Company) -> None:
    """Keep the cell means of every week not frozen yet; existing ones stay as they are."""
    since = db.session.scalar(select(func.max(CellWeek.week)))
    start = company.first_week if since is None else min(since + 1, company.on)
    rows = [
        {
            "touchpoint_id": cell[0],
            "channel_id": cell[1],
            "week": week,
            "mu": float(company.mu[position, week - company.first_week]),
        }
        for position, cell in enumerate(company.cells)
        for week in range(max(start, company.first_week), company.on + 1)
    ]
    if rows:
        db.session.execute(upsert(CellWeek).on_conflict_do_nothing(), rows)


def last_frozen_week() -> int | None:
    """The last week whose means are frozen. After a change of the past they end earlier, until the weekly run has been there."""
    return db.session.scalar(select(func.max(CellWeek.week)))


def check_company(company: Company) -> Checks:
    """The test for falls, as of the company's week."""
    return check(
        company.checked, company.team, company.on, company.parameters, mu=company.mu, baseline_end=company.baseline_end
    )


def everybodys_figures(company: Company, checks: Checks) -> dict[int, dict[str, Any]]:
    """Person id -> what the card stores: one figure for board, My feedback, case, mail, export and API."""
    shown = cards(company.rows, company.team, company.on, mu=company.mu, baseline_end=company.baseline_end)
    signals = {person: signal_of(sample) for person, sample in samples(company.on).items()}
    points = trend(company.rows, company.team, company.on, mu=company.mu, baseline_end=company.baseline_end)
    sigma2 = shown.working.company.sigma2
    apart = parts_stored(company.people, company.rows, company.cells, on=company.on, sigma2=sigma2)
    fallen = teams_fallen(
        company.checked, company.team, company.on, company.parameters, mu=company.mu, baseline_end=company.baseline_end
    )
    return {
        person: figures_of(position, company.on, checks=checks, cards=shown, trend=points, sample=signals.get(person))
        | {"team_fall": fallen.get(int(company.team[position])), "parts": apart[person]}
        for position, person in enumerate(company.people)
    }


def write_cards(
    figures: Mapping[int, Mapping[str, Any]], *, on: int, audience: str, shares_at: Mapping[int, datetime]
) -> None:
    """Replace the cards of these people for one audience. A card that waits to be made anew goes on waiting."""
    rows = [
        {
            "person_id": person,
            "audience": audience,
            "week": on,
            "figures": dict(card),
            "shares_at": shares_at.get(person),
            "rewrite_at": None,
        }
        for person, card in figures.items()
    ]
    if rows:
        made = upsert(ScoreCard)
        new = {name: getattr(made.excluded, name) for name in ("week", "figures", "shares_at")}
        db.session.flush()
        # As plain SQL: to the session each of many thousand rows would be an object on its way.
        db.session.connection().execute(
            made.on_conflict_do_update(index_elements=["person_id", "audience"], set_=new), rows
        )


def share_due_cards(at: datetime) -> int:
    """Give everybody else the cards whose head start is over; the number of cards."""
    due = list(
        db.session.scalars(
            select(ScoreCard)
            .where(ScoreCard.audience == "own", ScoreCard.shares_at <= at)
            .with_for_update(skip_locked=True)
        )
    )
    for week in {card.week for card in due}:
        cards_of_week = {card.person_id: card.figures for card in due if card.week == week}
        write_cards(cards_of_week, on=week, audience="shared", shares_at={})
    stale = [card.person_id for card in due if card.rewrite_at]
    db.session.execute(
        update(ScoreCard).where(ScoreCard.person_id.in_(stale), ScoreCard.audience == "shared").values(rewrite_at=at)
    )
    for card in due:
        card.shares_at = None
    return len(due)


def rewrite_cards(at: datetime, *, baseline_ends: Mapping[int, int] | None = None) -> int:
    """Make anew, for the week each shows, the cards whose ratings were excluded, re-attributed or taken back."""
    stale = list(
        db.session.scalars(select(ScoreCard).where(ScoreCard.rewrite_at <= at).with_for_update(skip_locked=True))
    )
    for week in sorted({card.week for card in stale}):
        company = load_company(week, baseline_ends=baseline_ends)
        figures = everybodys_figures(company, check_company(company)) if company else {}
        for card in (card for card in stale if card.week == week):
            if card.person_id in figures:
                card.figures = figures[card.person_id]
                card.rewrite_at = None
            else:
                db.session.delete(card)  # nothing is left to show
    return len(stale)


def note_check(company: Company, figures: Mapping[int, Mapping[str, Any]], *, at: datetime) -> None:
    """Keep that the check of this week ran, and by what."""
    tested = sum(1 for card in figures.values() if card["check"])
    values = {
        "week": company.on,
        "ran_at": at,
        "tested": tested,
        "parameters": parameters_stored(company.parameters),
        "formula": FORMULA,
        "left_out": company.left_out,
    }
    db.session.execute(upsert(WeeklyCheck).on_conflict_do_nothing(), [values])


def parameters_stored(parameters: Parameters) -> dict[str, Any]:
    """The parameters as kept with an alert, so that it can be understood years later."""
    return asdict(parameters)


def people_with_new_ratings(on: int) -> dict[int, tuple[int, int]]:
    """Person id -> ratings in week `on`, and how many of them had five stars."""
    total = func.sum(ScoreWeek.n1 + ScoreWeek.n2 + ScoreWeek.n3 + ScoreWeek.n4 + ScoreWeek.n5)
    counts = select(ScoreWeek.person_id, total, func.sum(ScoreWeek.n5)).where(ScoreWeek.week == on)
    rows: Iterable[Any] = db.session.execute(counts.group_by(ScoreWeek.person_id))
    return {person: (int(count), int(praised)) for person, count, praised in rows}


def people_on_watch() -> set[int]:
    """People whose own card, as it stands, says watch or alert."""
    own = select(ScoreCard.person_id, ScoreCard.figures).where(ScoreCard.audience == "own")
    return {person for person, figures in db.session.execute(own) if Figures(figures).is_watched}
