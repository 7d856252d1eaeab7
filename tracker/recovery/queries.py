"""Complaints for pages: lists in the order of work, one with all that a page says of it, and counts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Person, Team
from tracker.organisation.policy import teams_led_by
from tracker.organisation.queries import leaders_on
from tracker.ratings.models import Driver, Rating
from tracker.ratings.obstacle_models import Obstacle
from tracker.recovery import owners
from tracker.recovery.limit_models import Given
from tracker.recovery.models import (
    RecoveryAnswer,
    RecoveryCase,
    RecoveryEntry,
    RecoveryHelper,
    RecoveryRating,
    ReplyTemplate,
)
from tracker.recovery.policy import cases_resolved_by, cases_seen_by

BOARD_SHOWN = 5
PAIRS_SHOWN = 20
REPLIES_OFFERED = 50


def whole(cases: Select[RecoveryCase]) -> Select[RecoveryCase]:
    """With all that a page says of them."""
    return cases.options(
        joinedload(RecoveryCase.team),
        joinedload(RecoveryCase.owner),
        joinedload(RecoveryCase.review),
        joinedload(RecoveryCase.answer),
        joinedload(RecoveryCase.obstacle).joinedload(Obstacle.cause),
        selectinload(RecoveryCase.ratings).options(
            joinedload(Rating.touchpoint),
            joinedload(Rating.channel),
            joinedload(Rating.survey),
            joinedload(Rating.person),
        ),
        selectinload(RecoveryCase.entries).options(
            joinedload(RecoveryEntry.by),
            joinedload(RecoveryEntry.to),
            joinedload(RecoveryEntry.given).joinedload(Given.agreed_by),
        ),
    )


def listed(cases: Select[RecoveryCase]) -> Select[RecoveryCase]:
    """With what a line says of them."""
    return cases.options(
        joinedload(RecoveryCase.team),
        joinedload(RecoveryCase.owner),
        joinedload(RecoveryCase.review),
        selectinload(RecoveryCase.ratings).options(joinedload(Rating.touchpoint)),
    )


def open_cases(viewer: Viewer) -> Select[RecoveryCase]:
    """Open ones that the viewer may act on, in the order of work."""
    return listed(in_order(cases_resolved_by(viewer)))


def in_order(cases: Select[RecoveryCase]) -> Select[RecoveryCase]:
    """Unhappy loyal customers and public ones first, then what is due first."""
    unreachable = RecoveryCase.clock_at.is_(None)
    waits = RecoveryCase.contacted_at.is_not(None)
    is_loud = or_(RecoveryCase.is_loyal, RecoveryCase.is_public)
    first = case((and_(is_loud, ~waits), 0), (~waits, 1), else_=2)
    return cases.order_by(unreachable, first, RecoveryCase.clock_at, RecoveryCase.id)


def closed_cases(viewer: Viewer) -> Select[RecoveryCase]:
    seen = cases_seen_by(viewer).where(RecoveryCase.closed_at.is_not(None))
    return listed(seen).order_by(RecoveryCase.closed_at.desc(), RecoveryCase.id.desc())


@dataclass(frozen=True)
class OpenCases:
    """How many open ones the viewer may act on, how many of them wait too long for a first word, and the first in the order of work,
    each with the customer's first words."""

    count: int
    late: int
    first: list[tuple[RecoveryCase, str | None]]


def open_cases_counted(viewer: Viewer) -> OpenCases:
    """For a board: one question, however many there are."""
    is_late = and_(RecoveryCase.contacted_at.is_(None), RecoveryCase.contact_due_at <= viewer.at)
    rows = db.session.execute(
        in_order(cases_resolved_by(viewer))
        .add_columns(_first_words(), func.count().over(), func.sum(case((is_late, 1), else_=0)).over())
        .options(joinedload(RecoveryCase.team), joinedload(RecoveryCase.owner))
        .limit(BOARD_SHOWN)
    ).all()
    count, late = rows[0][2:] if rows else (0, 0)
    return OpenCases(count, late, [(row[0], row[1]) for row in rows])


def answered_cases(viewer: Viewer) -> list[RecoveryCase]:
    """About people the viewer leads: whose customer said afterwards whether it helped, the newest first."""
    about_me = select(RecoveryRating.case_id).join(Rating, Rating.id == RecoveryRating.rating_id)
    of_others = RecoveryCase.id.not_in(about_me.where(Rating.person_id == viewer.person_id))
    answered = listed(cases_seen_by(viewer)).join(RecoveryCase.answer).options(contains_eager(RecoveryCase.answer))
    newest = answered.where(of_others).order_by(RecoveryAnswer.answered_at.desc(), RecoveryCase.id.desc())
    return list(db.session.scalars(newest.limit(PAIRS_SHOWN)))


def own_cases(viewer: Viewer) -> list[RecoveryCase]:
    """Complaints about one's own service or name, the newest first."""
    about_me = select(RecoveryRating.case_id).join(Rating, Rating.id == RecoveryRating.rating_id)
    served = RecoveryCase.id.in_(about_me.where(Rating.person_id == viewer.person_id))
    mine = cases_seen_by(viewer).where(or_(served, RecoveryCase.named_id == viewer.person_id))
    return list(db.session.scalars(listed(mine).order_by(RecoveryCase.id.desc()).limit(20)))


def waiting_count(viewer: Viewer) -> ColumnElement[int]:
    """How many open ones the viewer takes care of: a number to be asked for together with others."""
    helps = select(RecoveryHelper.case_id).where(RecoveryHelper.person_id == viewer.person_id)
    return (
        select(func.count())
        .select_from(RecoveryCase)
        .where(
            RecoveryCase.closed_at.is_(None),
            RecoveryCase.clock_at.is_not(None),
            or_(RecoveryCase.owner_id == viewer.person_id, RecoveryCase.id.in_(helps)),
        )
        .scalar_subquery()
    )


def case_of_rating(rating_id: int) -> RecoveryCase | None:
    """The case that a rating belongs to, for the customer's own page."""
    return db.session.scalar(
        select(RecoveryCase)
        .join(RecoveryRating, RecoveryRating.case_id == RecoveryCase.id)
        .where(RecoveryRating.rating_id == rating_id)
        .options(
            joinedload(RecoveryCase.team),
            joinedload(RecoveryCase.owner),
            joinedload(RecoveryCase.review),
            joinedload(RecoveryCase.answer),
            selectinload(RecoveryCase.entries),
        )
    )


def may_take_it(found: RecoveryCase, at: datetime) -> list[tuple[int, str]]:
    """Who could take care of it instead: those above the handlers, and HR. (id, name), by name; never a handler."""
    handlers = owners.handlers_of(found.id)
    people = set(owners.chain(leaders_on(at.date()), found.team_id, handlers)) | set(
        owners.named_for(found.team_id, at.date())
    )
    wanted = people - handlers - {found.owner_id}
    rows = db.session.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(wanted), or_(Person.ended_on.is_(None), Person.ended_on > at.date()))
        .order_by(Person.name)
    )
    return [(person_id, name) for person_id, name in rows]


def driver_choices() -> list[tuple[str, str]]:
    rows = db.session.execute(select(Driver.key, Driver.name).where(Driver.retired_at.is_(None)).order_by(Driver.name))
    return [(key, name) for key, name in rows]


def replies_for(team_id: int | None) -> list[ReplyTemplate]:
    """Texts that an answer about a team may begin with: the team's own first, then those for all."""
    fits = or_(ReplyTemplate.team_id.is_(None), ReplyTemplate.team_id == team_id)
    own_first = ReplyTemplate.team_id.is_(None)
    found = select(ReplyTemplate).where(fits).order_by(own_first, ReplyTemplate.title, ReplyTemplate.id)
    return list(db.session.scalars(found.limit(REPLIES_OFFERED)))


def teams_led(viewer: Viewer) -> list[tuple[int, str]]:
    """(id, name), by name."""
    return [(team.id, team.name) for team in db.session.scalars(teams_led_by(viewer))]


def reply_text(asked: str, team_id: int | None) -> str | None:
    """The text of the one that was asked for by its number, if an answer about this team may begin with it."""
    return next((reply.text for reply in replies_for(team_id) if str(reply.id) == asked), None)


def replies_listed(replies: Select[ReplyTemplate]) -> Select[ReplyTemplate]:
    """Those for all first, then by team."""
    named = replies.outerjoin(Team, Team.id == ReplyTemplate.team_id).options(joinedload(ReplyTemplate.team))
    return named.order_by(ReplyTemplate.team_id.is_not(None), Team.name, ReplyTemplate.title, ReplyTemplate.id)


def _first_words() -> ScalarSelect[str | None]:
    """The words of a case's first rating that has any, as whoever works here reads them."""
    return (
        select(Rating.comment)
        .join(RecoveryRating, RecoveryRating.rating_id == Rating.id)
        .where(RecoveryRating.case_id == RecoveryCase.id, Rating.has_words())
        .order_by(Rating.rated_at, Rating.id)
        .limit(1)
        .correlate(RecoveryCase)
        .scalar_subquery()
    )
