"""What stands in the way for pages: the board by team, one cause with its answers, and what waits for the viewer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.obstacles.policy import causes_answered_by, causes_seen_by, obstacles_seen_by
from tracker.obstacles.report import Period, Said, Tally, by_cause, period_of, said_in, tally
from tracker.obstacles.rules import State, state_of
from tracker.organisation.models import Team, Tenure
from tracker.organisation.policy import holds_on
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import ANSWERS, Cause, CauseEntry, Obstacle


@dataclass(frozen=True)
class Row:
    """One thing that stands in the way. `tally` None: named by fewer than five people, or not in this period."""

    cause: Cause
    answer: CauseEntry | None
    tally: Tally | None

    @property
    def state(self) -> State:
        return state_of(
            is_owned=self.cause.owner_id is not None, answer=self._kind, is_asked_again=self._is_asked_again
        )

    def is_late(self, today: date) -> bool:
        return self.state.is_open and self.cause.due_on is not None and self.cause.due_on < today

    def days_open(self, today: date) -> int:
        return max(0, (today - self.cause.opened_at.date()).days)

    @property
    def _kind(self) -> str | None:
        return self.answer.kind if self.answer else None

    @property
    def _is_asked_again(self) -> bool:
        return bool(self.answer and self.cause.owned_at and self.cause.owned_at > self.answer.at)


@dataclass(frozen=True)
class Group:
    """What one team answers for (None: nobody yet). `tally`: of the rows that have one, together."""

    team: Team | None
    rows: list[Row]
    tally: Tally | None


@dataclass(frozen=True)
class Board:
    """Team by team. `total`: all that is shown, together; so no sum says more than the rows.

    `hidden`: how many were named in the period by fewer than five people. `unnamed`: where only the kind was said."""

    period: Period
    groups: list[Group]
    total: Tally | None
    hidden: int
    unnamed: Tally | None

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]


def board(viewer: Viewer) -> Board:
    """Four queries, whatever was said."""
    period = period_of(viewer.today)
    said = by_cause(said_in(period))
    rows = [Row(row.cause, row.answer, tally(said[row.cause.id])) for row in _rows(causes_seen_by(viewer))]
    groups = [Group(team, found, tally(_counted(found, said))) for team, found in _by_team(rows)]
    hidden = sum(row.tally is None and bool(said[row.cause.id]) for row in rows)
    return Board(period, groups, tally(_counted(rows, said)), hidden, tally(said[None]))


def _counted(rows: Iterable[Row], said: Mapping[int | None, list[Said]]) -> list[Said]:
    return [one for row in rows if row.tally for one in said[row.cause.id]]


def waiting_rows(viewer: Viewer) -> list[Row]:
    """What the viewer’s teams are to say something about now, the most urgent first."""
    rows = _rows(causes_answered_by(viewer).where(_led_directly(viewer), _waits(viewer)))
    return sorted(rows, key=lambda row: (row.cause.due_on or date.max, row.cause.name_key))


def waiting_count(viewer: Viewer) -> ColumnElement[int]:
    """How many: a number to be asked for together with others."""
    if not viewer.manages:
        return literal(0)
    waiting = causes_answered_by(viewer).where(_led_directly(viewer), _waits(viewer))
    return waiting.with_only_columns(func.count(Cause.id)).scalar_subquery()


def row_of(cause: Cause, said: Iterable[Said]) -> Row:
    return Row(cause, last_answers([cause.id]).get(cause.id), tally(said))


def with_details(ratings: Select[Rating]) -> Select[Rating]:
    """With all that a rating’s card shows."""
    shown = (Rating.touchpoint, Rating.channel, Rating.survey, Rating.person)
    return ratings.options(*(joinedload(part) for part in shown))


def with_owner(causes: Select[Cause]) -> Select[Cause]:
    return causes.options(joinedload(Cause.owner))


def last_answers(causes: Iterable[int] | None = None) -> dict[int, CauseEntry]:
    """Cause id -> its standing answer, with the team that gave it. None asks for all."""
    found = select(CauseEntry).where(CauseEntry.kind.in_(ANSWERS)).options(joinedload(CauseEntry.team))
    if causes is not None:
        found = found.where(CauseEntry.cause_id.in_(list(causes)))
    return {entry.cause_id: entry for entry in db.session.scalars(found.order_by(CauseEntry.id))}


def history_of(cause: Cause) -> list[CauseEntry]:
    """What happened to it and to those that became a part of it, newest first."""
    parts = select(Cause.id).where(or_(Cause.id == cause.id, Cause.merged_into_id == cause.id))
    found = select(CauseEntry).where(CauseEntry.cause_id.in_(parts)).options(joinedload(CauseEntry.team))
    return list(db.session.scalars(found.order_by(CauseEntry.at.desc(), CauseEntry.id.desc())))


def parts_of(cause: Cause) -> list[str]:
    """Under which other names it was known."""
    found = select(Cause.name).where(Cause.merged_into_id == cause.id)
    return list(db.session.scalars(found.order_by(Cause.name_key)))


def said_by(viewer: Viewer, cause: Cause) -> list[tuple[Obstacle, Rating]]:
    """What the viewer said about it, with the ratings that are still theirs, newest first."""
    parts = select(Cause.id).where(or_(Cause.id == cause.id, Cause.merged_into_id == cause.id))
    own = (Obstacle.said_by_id == viewer.person_id, Obstacle.case_id.is_(None), Obstacle.cause_id.in_(parts))
    found = (
        obstacles_seen_by(viewer)
        .add_columns(Rating)
        .join(Rating, (Rating.id == Obstacle.rating_id) & (Rating.person_id == viewer.person_id))
        .where(*own)
    )
    return list(db.session.execute(found.order_by(Rating.rated_at.desc(), Rating.id.desc())))


def has_said(person_id: int, cause_id: int) -> bool:
    """Whether somebody named it, or something that has become a part of it."""
    parts = select(Cause.id).where(or_(Cause.id == cause_id, Cause.merged_into_id == cause_id))
    found = select(Obstacle.id).where(Obstacle.said_by_id == person_id, Obstacle.cause_id.in_(parts))
    return db.session.scalar(found.limit(1)) is not None


def led_teams_choices(day: date) -> list[tuple[int, str]]:
    """(id, name) of every team that somebody leads on a day: only they can answer."""
    led = select(Tenure.team_id).where(*holds_on(Tenure, day))
    found = select(Team.id, Team.name).where(Team.id.in_(led), Team.closed_on.is_(None)).order_by(Team.name, Team.id)
    return list(db.session.execute(found))


def _rows(causes: Select[Cause]) -> list[Row]:
    answers = last_answers()
    standing = with_owner(causes.where(Cause.merged_into_id.is_(None)))
    return [Row(cause, answers.get(cause.id), None) for cause in db.session.scalars(standing)]


def _by_team(rows: list[Row]) -> list[tuple[Team | None, list[Row]]]:
    """Nobody’s first, then teams by name; within one what is open first, and what was named most."""

    def order(row: Row) -> tuple[str, int, bool, int, str]:
        owner = row.cause.owner
        ratings = row.tally.ratings if row.tally else 0
        return (
            owner.name if owner else "",
            owner.id if owner else 0,
            not row.state.is_open,
            -ratings,
            row.cause.name_key,
        )

    grouped = groupby(sorted(rows, key=order), key=lambda row: row.cause.owner)
    return [(team, list(found)) for team, found in grouped]


def _led_directly(viewer: Viewer) -> ColumnElement[bool]:
    """Whose board it is on: who leads the team itself. Those above may answer too, but are not asked."""
    led = select(Tenure.team_id).where(Tenure.person_id == viewer.person_id, *holds_on(Tenure, viewer.today))
    return Cause.owner_id.in_(led)


def _waits(viewer: Viewer) -> ColumnElement[bool]:
    """For an answer; or for news, when the day of a promised change has come."""
    answered = exists(
        select(CauseEntry.id).where(
            CauseEntry.cause_id == Cause.id, CauseEntry.kind.in_(ANSWERS), CauseEntry.at >= Cause.owned_at
        )
    ).correlate(Cause)
    return Cause.due_on.is_not(None) & (~answered | (Cause.due_on <= viewer.today))
