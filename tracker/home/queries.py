"""Pages put together: each in a handful of queries, flat in people and ratings."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.coaching.policy import cases_seen_by
from tracker.coaching.queries import waiting_count as waiting_talks
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.disputes.queries import waiting_count as waiting_looks
from tracker.interviews.queries import counted
from tracker.notifications.queries import new_count
from tracker.obstacles.queries import waiting_count as waiting_obstacles
from tracker.organisation.models import Membership, Person, Tenure
from tracker.organisation.policy import holds_on
from tracker.ratings.models import Rating, ScoreCard
from tracker.ratings.obstacle_models import Obstacle
from tracker.ratings.own_queries import Mine, kept_for_talk, parted, with_mine
from tracker.ratings.policy import cards_seen_by, helped_ratings_seen_by, ratings_seen_by
from tracker.ratings.rules import Figures
from tracker.recovery.credit import credited_answers_count, credited_count
from tracker.recovery.queries import waiting_count as waiting_complaints
from tracker.reviews.queries import naming_count
from tracker.reviews.queries import waiting_count as waiting_reviews
from tracker.training.queries import waiting_count as waiting_courses

COMMENTS_SHOWN = 6
SHOWN_OF_A_RATING = (Rating.touchpoint, Rating.channel, Rating.survey, Rating.person)


@dataclass(frozen=True)
class FeedbackPage:
    """My feedback, or the same page as a leader sees it. `card` None: no ratings yet.

    `leaders`: names of who leads the person's team today, for they see the page too.
    `interviews`, `observations`: how many of the last 52 weeks; `named`: how many public reviews say the viewer's own name.
    `put_right`: how many complaints the viewer closed in that time, and `put_right_answered`: how many of their customers said whether
    it helped.
    None of them is a part of the figures.
    `mine`: what was added to each comment, by rating; `points`, `saved`: how much the viewer keeps for a talk of their own.
    """

    card: ScoreCard | None
    figures: Figures | None
    comments: list[Rating]
    mine: dict[int, Mine]
    case: CoachingCase | None
    talk: CoachingSession | None
    talk_leader: str | None
    leaders: list[str]
    interviews: int
    observations: int
    named: int
    put_right: int
    put_right_answered: int
    points: int
    saved: int

    def is_head_start(self, at: datetime) -> bool:
        """Whether what the last check found is still the person's alone."""
        return bool(self.card and self.card.shares_at and self.card.shares_at > at)


def feedback_page(viewer: Viewer, person_id: int) -> FeedbackPage:
    """Three queries: card, leaders and counts; comments; the open case with its next talk."""
    card, leaders, noted = _card_and_leaders(viewer, person_id)
    worded = ratings_of(viewer, person_id).where(Rating.has_words()).limit(COMMENTS_SHOWN)
    comments, mine = parted(db.session.execute(with_mine(worded, viewer)).unique())
    case, talk, talk_leader = _open_case(viewer, person_id)
    figures = Figures(card.figures) if card else None
    return FeedbackPage(card, figures, comments, mine, case, talk, talk_leader, leaders, *noted)


def own_card(viewer: Viewer) -> ScoreCard | None:
    return db.session.scalar(cards_seen_by(viewer).where(ScoreCard.person_id == viewer.person_id))


def _card_and_leaders(viewer: Viewer, person_id: int) -> tuple[ScoreCard | None, list[str], tuple[int, ...]]:
    """The card the viewer may see, the names of everybody who leads the person today (the manager first), and how many
    interviews and observations the viewer may read, public reviews that name the viewer, complaints the viewer closed, and
    what the viewer keeps for a talk."""
    noted = [counted(viewer, person_id, kind) for kind in ("interview", "observation")]
    put_right = credited_count(viewer), credited_answers_count(viewer)
    card, leader = aliased(ScoreCard, cards_seen_by(viewer).subquery()), aliased(Person)
    rows = db.session.execute(
        select(card, leader.name, *noted, naming_count(viewer), *put_right, *kept_for_talk(viewer))
        .select_from(Person)
        .outerjoin(card, card.person_id == Person.id)
        .outerjoin(Membership, and_(Membership.person_id == Person.id, *holds_on(Membership, viewer.today)))
        .outerjoin(Tenure, and_(Tenure.team_id == Membership.team_id, *holds_on(Tenure, viewer.today)))
        .outerjoin(leader, and_(leader.id == Tenure.person_id, leader.id.not_in([person_id, viewer.person_id])))
        .where(Person.id == person_id)
        .order_by(Tenure.kind.desc(), Tenure.id)
    ).all()
    names = [row[1] for row in rows if row[1]]
    return (rows[0][0], list(dict.fromkeys(names)), tuple(rows[0][2:])) if rows else (None, [], (0,) * 7)


def leader_names(viewer: Viewer) -> list[str]:
    """Who leads the viewer's team today, the manager first: they read what the viewer adds to their ratings."""
    rows = db.session.scalars(
        select(Person.name)
        .join(Tenure, Tenure.person_id == Person.id)
        .join(Membership, Membership.team_id == Tenure.team_id)
        .where(Membership.person_id == viewer.person_id, Person.id != viewer.person_id)
        .where(*holds_on(Membership, viewer.today), *holds_on(Tenure, viewer.today))
        .order_by(Tenure.kind.desc(), Tenure.id)
    )
    return list(dict.fromkeys(rows))


def _open_case(viewer: Viewer, person_id: int) -> tuple[CoachingCase | None, CoachingSession | None, str | None]:
    """The open case, its planned talk, and the name of who leads that."""
    planned = and_(
        CoachingSession.case_id == CoachingCase.id,
        CoachingSession.held_at.is_(None),
        CoachingSession.called_off_at.is_(None),
    )
    row = db.session.execute(
        cases_seen_by(viewer)
        .add_columns(CoachingSession, Person.name)
        .outerjoin(CoachingSession, planned)
        .outerjoin(Person, Person.id == CoachingSession.led_by_id)
        .where(CoachingCase.person_id == person_id, CoachingCase.closed_at.is_(None))
    ).first()
    return (row[0], row[1], row[2]) if row else (None, None, None)


def ratings_of(viewer: Viewer, person_id: int) -> Select[Rating]:
    """A person's ratings as far as the viewer may read them, newest first."""
    return (
        ratings_seen_by(viewer)
        .where(Rating.person_id == person_id)
        .options(*(joinedload(part) for part in (Rating.touchpoint, Rating.channel, Rating.survey)))
        .options(joinedload(Rating.obstacle).joinedload(Obstacle.cause))
        .order_by(Rating.rated_at.desc(), Rating.id.desc())
    )


def ratings_listed(viewer: Viewer, person_id: int) -> Select[Rating]:
    """The same with what was changed about whose they are, and why."""
    return ratings_of(viewer, person_id).options(selectinload(Rating.attributions))


def with_person(ratings: Select[Rating]) -> Select[Rating]:
    return ratings.options(*(joinedload(part) for part in SHOWN_OF_A_RATING))


def helped_with(viewer: Viewer) -> Select[Rating]:
    """What the viewer helped with and somebody else is credited with, newest first."""
    return (
        helped_ratings_seen_by(viewer)
        .options(*(joinedload(part) for part in SHOWN_OF_A_RATING))
        .order_by(Rating.rated_at.desc(), Rating.id.desc())
    )


def helped_count(viewer: Viewer) -> int:
    return db.session.scalars(helped_ratings_seen_by(viewer).with_only_columns(func.count())).one()


@dataclass(frozen=True)
class Waiting:
    """What waits for the viewer, for the badges of the navigation."""

    messages: int = 0
    talks: int = 0
    looks: int = 0
    reviews: int = 0
    complaints: int = 0
    courses: int = 0
    obstacles: int = 0


def waiting_for(viewer: Viewer) -> Waiting:
    """All badges in one question."""
    counts = select(
        new_count(viewer),
        waiting_talks(viewer),
        waiting_looks(viewer),
        waiting_reviews(viewer),
        waiting_complaints(viewer),
        waiting_courses(viewer),
        waiting_obstacles(viewer),
    )
    return Waiting(*db.session.execute(counts).one())


def has_mail_server() -> bool:
    return bool(current_app.config["SMTP_URL"])
