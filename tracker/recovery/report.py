"""How complaints go: counts for who leads people; of teams beneath, and for HR of the whole company, in groups of five or more."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Select, func, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.ratings.models import Rating, Touchpoint
from tracker.ratings.obstacle_models import Obstacle
from tracker.recovery.models import RecoveryAnswer, RecoveryCase, RecoveryRating
from tracker.recovery.policy import cases_beneath, cases_seen_by, leads_above_others, reads_report
from tracker.recovery.rules import SURVEY_OPEN_FOR
from tracker.statistics.disclosure import SMALLEST_GROUP, hidden_parts
from tracker.statistics.recovered import Recovered, recovered_range

PERIOD = timedelta(weeks=26)
FEWEST_FOR_A_MIDDLE = 5


@dataclass
class Row:
    """A group of cases. `people`: whose service they were about. `hours`: working hours to the first contact, where known."""

    opened: int = 0
    still_open: int = 0
    late: int = 0
    asked: int = 0  # closed, and the customer has answered or the time to answer is over
    answered: int = 0
    recovered: int = 0
    hours: list[float] = field(default_factory=list)
    people: set[int] = field(default_factory=set)

    @property
    def middle_hours(self) -> float | None:
        return median(self.hours) if len(self.hours) >= FEWEST_FOR_A_MIDDLE else None

    @property
    def range(self) -> Recovered | None:
        return recovered_range(self.asked, self.answered, self.recovered)


@dataclass(frozen=True)
class Report:
    """Of cases opened since `since`. Rows by name; None where a group is hidden."""

    since: date
    of: str  # company, own or beneath
    total: Row
    by_touchpoint: dict[str, Row | None]
    by_cause: dict[str, Row | None]  # "": nothing was said, or not yet
    by_obstacle: dict[str, Row | None]  # empty where none was named; "" are those without one


def offered(viewer: Viewer) -> list[str]:
    """Of whom the viewer may read a report: `company` by role, `own` people, teams `beneath`. Empty for most."""
    kinds = ["company"] if reads_report(viewer) else []
    if viewer.manages:
        kinds.append("own")
        if db.session.scalar(leads_above_others(viewer)) is not None:
            kinds.append("beneath")
    return kinds


def report(viewer: Viewer, of: str) -> Report:
    """One of those offered. In groups, unless it is about people whose complaints the viewer may read one by one."""
    since, in_groups = viewer.today - PERIOD, of != "own"
    scope = {"company": select(RecoveryCase), "own": cases_seen_by(viewer), "beneath": cases_beneath(viewer)}[of]
    but = None if of == "company" else viewer.person_id
    cases = _cases(scope.where(RecoveryCase.opened_on >= since), but=but)
    total = _row(cases, viewer.at)
    if in_groups and len(total.people) < SMALLEST_GROUP:
        return Report(since, of, Row(), {}, {}, {})
    hides = _hidden if in_groups else _nothing_hidden
    return Report(
        since,
        of,
        total,
        hides(_grouped(cases, lambda case: case.touchpoint or "", viewer.at)),
        hides(_grouped(cases, lambda case: case.cause or "", viewer.at)),
        hides(_grouped(cases, lambda case: case.obstacle or "", viewer.at)) if any(c.obstacle for c in cases) else {},
    )


def row_of(scope: Select[RecoveryCase], *, at: datetime) -> Row:
    """A whole scope as one group."""
    return _row(_cases(scope, but=None), at)


def _cases(scope: Select[RecoveryCase], *, but: int | None) -> list[Any]:
    """One plain row a case with its handlers; without those about `but`, whose own service it was."""
    ids = scope.with_only_columns(RecoveryCase.id)
    handlers: dict[int, set[int]] = defaultdict(set)
    for case_id, person in db.session.execute(
        select(RecoveryRating.case_id, Rating.person_id)
        .join(Rating, Rating.id == RecoveryRating.rating_id)
        .where(RecoveryRating.case_id.in_(ids), Rating.person_id.is_not(None))
    ):
        handlers[case_id].add(int(person or 0))
    rows = db.session.execute(
        select(
            RecoveryCase.id,
            RecoveryCase.closed_at,
            RecoveryCase.outcome,
            RecoveryCase.contact_due_at,
            RecoveryCase.contacted_at,
            RecoveryCase.contact_minutes,
            RecoveryCase.survey_due_at,
            RecoveryCase.cause,
            RecoveryCase.named_id,
            Touchpoint.name.label("touchpoint"),
            Obstacle.kind.label("obstacle"),
            RecoveryAnswer.solved,
        )
        .outerjoin(Touchpoint, Touchpoint.id == RecoveryCase.touchpoint_id)
        .outerjoin(Obstacle, Obstacle.case_id == RecoveryCase.id)
        .outerjoin(RecoveryAnswer, RecoveryAnswer.case_id == RecoveryCase.id)
        .where(RecoveryCase.id.in_(ids), func.coalesce(RecoveryCase.outcome, "") != "taken_back")
    )
    found = [_Case(**row._mapping, people=handlers[row.id] | ({row.named_id} - {None})) for row in rows]
    return [case for case in found if but not in case.people]


@dataclass(frozen=True)
class _Case:
    id: int
    closed_at: datetime | None
    outcome: str | None
    contact_due_at: datetime | None
    contacted_at: datetime | None
    contact_minutes: int | None
    survey_due_at: datetime | None
    cause: str | None
    named_id: int | None
    touchpoint: str | None
    obstacle: str | None
    solved: str | None
    people: set[int]

    def was_late(self, at: datetime) -> bool:
        return self.contact_due_at is not None and (self.contacted_at or self.closed_at or at) > self.contact_due_at

    def is_settled(self, at: datetime) -> bool:
        """Whether the customer has said if it helped, or had the time to."""
        over = self.survey_due_at is not None and self.survey_due_at + SURVEY_OPEN_FOR <= at
        return self.solved is not None or over


def _row(cases: Iterable[_Case], at: datetime) -> Row:
    row = Row()
    for case in cases:
        row.opened += 1
        row.still_open += case.closed_at is None
        row.late += case.was_late(at)
        row.asked += case.is_settled(at)
        row.answered += case.solved is not None
        row.recovered += case.solved == "yes"
        row.people |= case.people
        if case.contact_minutes is not None:
            row.hours.append(case.contact_minutes / 60)
    return row


def _grouped(cases: Iterable[_Case], key: Callable[[_Case], Any], at: datetime) -> dict[str, Row]:
    groups: dict[str, list[_Case]] = defaultdict(list)
    for case in cases:
        groups[key(case)].append(case)
    return {name: _row(groups[name], at) for name in sorted(groups)}


def _nothing_hidden(groups: dict[str, Row]) -> dict[str, Row | None]:
    return dict(groups)


def _hidden(groups: dict[str, Row]) -> dict[str, Row | None]:
    """No group under five people, and none that follows from the company's sum: what is hidden is five together, too."""
    hidden = hidden_parts({name: row.people for name, row in groups.items()})
    return {name: None if name in hidden else row for name, row in groups.items()}
