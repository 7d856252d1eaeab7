"""Second looks for pages and jobs, and who may be asked to decide one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from tracker.access.models import Account, RoleGrant
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.disputes.models import Dispute, DisputeRound
from tracker.disputes.policy import disputes_heard_by, disputes_seen_by, rounds_decided_by
from tracker.disputes.rules import FEWEST_ANSWERED
from tracker.organisation.models import Membership, Person, Team, Tenure
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import leaders_on
from tracker.ratings.models import Rating


def whole(disputes: Select[Dispute]) -> Select[Dispute]:
    """With all that a page says of them."""
    return disputes.options(
        joinedload(Dispute.rating).joinedload(Rating.touchpoint),
        joinedload(Dispute.rating).joinedload(Rating.person),
        joinedload(Dispute.rating).joinedload(Rating.survey),
        joinedload(Dispute.person),
        joinedload(Dispute.stated_by),
        selectinload(Dispute.rounds).joinedload(DisputeRound.decider),
    )


def with_details(ratings: Select[Rating]) -> Select[Rating]:
    """With all that its card shows: also the questions that it answered."""
    return ratings.options(joinedload(Rating.touchpoint), joinedload(Rating.channel), joinedload(Rating.survey))


def dispute_of_rating(viewer: Viewer, rating_id: int) -> int | None:
    """The id of the second look at a rating, if there is one that the viewer may see."""
    found = disputes_seen_by(viewer).where(Dispute.rating_id == rating_id).with_only_columns(Dispute.id)
    return db.session.scalar(found)


def own_disputes(viewer: Viewer) -> list[Dispute]:
    mine = disputes_seen_by(viewer).where(Dispute.person_id == viewer.person_id).order_by(Dispute.id.desc()).limit(50)
    return list(db.session.scalars(whole(mine)).unique())


def to_decide(viewer: Viewer) -> list[Dispute]:
    """What waits for the viewer's answer, the most urgent first."""
    waiting = rounds_decided_by(viewer).with_only_columns(DisputeRound.dispute_id)
    found = disputes_seen_by(viewer).where(Dispute.id.in_(waiting))
    disputes = db.session.scalars(whole(found)).unique()
    return sorted(disputes, key=lambda dispute: (dispute.last.due_on, dispute.id))


def to_hear(viewer: Viewer) -> list[Dispute]:
    """Open second looks of people the viewer leads, those first on which nothing was said yet."""
    found = db.session.scalars(whole(disputes_heard_by(viewer))).unique()
    return sorted(found, key=lambda dispute: (dispute.stated_at is not None, dispute.last.due_on, dispute.id))


def waiting_count(viewer: Viewer) -> ColumnElement[int]:
    """How many wait for the viewer, for an answer or for a word of who leads: a number to be asked for together with others."""
    answers = rounds_decided_by(viewer).with_only_columns(func.count()).scalar_subquery()
    if not viewer.manages:
        return answers
    unheard = disputes_heard_by(viewer).where(Dispute.stated_at.is_(None)).with_only_columns(func.count())
    return answers + unheard.scalar_subquery()


@dataclass(frozen=True)
class Summary:
    """How second looks go in the whole company. `rows`: (kind, asked, answered, share accepted or None) each.

    days: median days to an answer, None below five answers. late: open ones whose day is over."""

    asked: int
    still_open: int
    late: int
    days: float | None
    rows: list[tuple[str, int, int, float | None]]


def summary(today: date) -> Summary:
    """From counts alone; a share only where five or more were answered."""
    other = aliased(DisputeRound)
    last = select(func.max(other.number)).where(other.dispute_id == Dispute.id).correlate(Dispute).scalar_subquery()
    rows = db.session.execute(
        select(Dispute.kind, DisputeRound.outcome, DisputeRound.due_on, Dispute.asked_at, DisputeRound.decided_at)
        .join(DisputeRound, DisputeRound.dispute_id == Dispute.id)
        .where(DisputeRound.number == last)
    ).all()
    answered = [row for row in rows if row.outcome not in {None, "withdrawn"}]
    days = [(row.decided_at - row.asked_at).total_seconds() / 86_400 for row in answered]
    return Summary(
        asked=len(rows),
        still_open=sum(row.outcome is None for row in rows),
        late=sum(row.outcome is None and row.due_on < today for row in rows),
        days=median(days) if len(days) >= FEWEST_ANSWERED else None,
        rows=[_row(kind, rows) for kind in sorted({row.kind for row in rows})],
    )


def _row(kind: str, rows: Iterable[Any]) -> tuple[str, int, int, float | None]:
    of_kind = [row for row in rows if row.kind == kind]
    answered = [row.outcome for row in of_kind if row.outcome not in {None, "withdrawn"}]
    share = answered.count("accepted") / len(answered) if len(answered) >= FEWEST_ANSWERED else None
    return kind, len(of_kind), len(answered), share


def decider_for(dispute: Dispute, *, at: datetime) -> int | None:
    """Who is to answer: somebody of HR, the one with the fewest to answer; else who leads above the person's own leader.

    Never the person, never who leads the person now (manager or deputy), never who has answered this before.
    """
    barred = {dispute.person_id} | _leads(dispute.person_id, at.date()) | _has_decided(dispute.id)
    candidates = [person for person in _office(at.date()) if person not in barred]
    if candidates:
        busy = _open_counts(candidates)
        return min(candidates, key=lambda person: (busy.get(person, 0), person))
    return next((person for person in leaders_on(at.date()).above(dispute.person_id) if person not in barred), None)


def decides_still(open_round: DisputeRound, dispute: Dispute, *, at: datetime) -> bool:
    """Whether whoever was asked may still answer: works here in that part, and has come to lead nobody in it."""
    day, decider = at.date(), open_round.decider_id
    if decider is None or decider in {dispute.person_id} | _leads(dispute.person_id, day):
        return False
    return decider in _office(day) or decider in leaders_on(day).above(dispute.person_id)


def _leads(person_id: int, day: date) -> set[int]:
    return set(
        db.session.scalars(
            select(Tenure.person_id)
            .join(Membership, Membership.team_id == Tenure.team_id)
            .where(Membership.person_id == person_id, *holds_on(Membership, day), *holds_on(Tenure, day))
        )
    )


def _has_decided(dispute_id: int) -> set[int | None]:
    return set(
        db.session.scalars(
            select(DisputeRound.decider_id).where(
                DisputeRound.dispute_id == dispute_id, DisputeRound.decided_at.is_not(None)
            )
        )
    )


def _office(day: date) -> list[int]:
    """Who holds the HR role, works here and can sign in."""
    return list(
        db.session.scalars(
            select(Person.id)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .join(Account, Account.person_id == Person.id)
            .where(
                RoleGrant.role == "hr",
                Account.deactivated_at.is_(None),
                or_(Person.ended_on.is_(None), Person.ended_on > day),
            )
            .order_by(Person.id)
        )
    )


def _open_counts(people: list[int]) -> dict[int, int]:
    counts = (
        select(DisputeRound.decider_id, func.count())
        .where(DisputeRound.decider_id.in_(people), DisputeRound.decided_at.is_(None))
        .group_by(DisputeRound.decider_id)
    )
    return {int(person or 0): count for person, count in db.session.execute(counts)}


def open_rounds() -> list[tuple[DisputeRound, Dispute, Rating]]:
    """Every round without an answer, for the timetable."""
    found = (
        select(DisputeRound, Dispute, Rating)
        .join(Dispute, Dispute.id == DisputeRound.dispute_id)
        .join(Rating, Rating.id == Dispute.rating_id)
        .where(DisputeRound.decided_at.is_(None))
        .order_by(DisputeRound.id)
    )
    return [(row, dispute, rating) for row, dispute, rating in db.session.execute(found)]


def colleagues_of(dispute: Dispute) -> list[tuple[int, str]]:
    """Who else was in the team on the day of the rating: whose it may be. (id, name), by name."""
    on = dispute.rating.rated_on
    rows = db.session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Team, Team.id == Membership.team_id)
        .where(Team.id == dispute.rating.team_id, *holds_on(Membership, on), Person.id != dispute.person_id)
        .order_by(Person.name)
    )
    return [(person_id, name) for person_id, name in rows]
