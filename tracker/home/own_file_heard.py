"""What one's own file says of second looks, interviews, complaints, public reviews and obstacles."""

from collections.abc import Iterable

from sqlalchemy import or_, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.disputes.models import Dispute, DisputeRound
from tracker.disputes.policy import disputes_seen_by
from tracker.home.own_file_lines import Line, Section, rows
from tracker.interviews.models import Encounter
from tracker.interviews.policy import encounters_seen_by
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Cause, Obstacle
from tracker.recovery.limit_models import Given
from tracker.recovery.models import RecoveryAnswer, RecoveryCase, RecoveryEntry, RecoveryRating
from tracker.recovery.policy import cases_credited_to, gifts_of
from tracker.reviews.models import Review
from tracker.reviews.policy import reviews_naming


def _second_looks(viewer: Viewer) -> Iterable[Line]:
    mine = disputes_seen_by(viewer).where(Dispute.person_id == viewer.person_id).with_only_columns(Dispute.id)
    columns = (Dispute.rating_id, Dispute.kind, DisputeRound.number, DisputeRound.asked_at, DisputeRound.comment)
    more = (Dispute.statement.label("who_leads_you_said"), DisputeRound.due_on, DisputeRound.decided_at)
    last = (DisputeRound.outcome, DisputeRound.reason)
    found = select(*columns, *more, *last).join(DisputeRound, DisputeRound.dispute_id == Dispute.id)
    return rows(found.where(Dispute.id.in_(mine)).order_by(DisputeRound.id))


def _face_to_face(viewer: Viewer) -> Iterable[Line]:
    """What was taken back nobody reads any more; that it was stays."""
    of = Encounter
    shown = ("stars", "words", "notes", "marks", "went_well", "to_try", "reply", "emotions", "drivers", "effort")
    found = encounters_seen_by(viewer).where(of.person_id == viewer.person_id).order_by(of.happened_at)
    plain = ("kind", "happened_at", "place", "replied_at", "taken_back_at", "taken_back_because")
    return [
        {name: getattr(one, name) for name in plain}
        | {name: None if one.taken_back_at else getattr(one, name) for name in shown}
        for one in db.session.scalars(found)
    ]


def _complaints(viewer: Viewer) -> Iterable[Line]:
    """Those about one's own service or name: how they went, without the customer."""
    of = RecoveryCase
    mine = select(RecoveryRating.case_id).join(Rating).where(Rating.person_id == viewer.person_id)
    about_me = or_(of.id.in_(mine), of.named_id == viewer.person_id)
    columns = (of.id.label("number"), of.opened_on, of.contacted_at, of.closed_at, of.outcome, of.cause, of.driver)
    return rows(select(*columns).where(about_me).order_by(of.opened_at))


def _put_right(viewer: Viewer) -> Iterable[Line]:
    closed = cases_credited_to(viewer).subquery()
    columns = (closed.c.closed_at, closed.c.outcome, RecoveryAnswer.solved, RecoveryAnswer.comment)
    return rows(
        select(*columns).outerjoin(RecoveryAnswer, RecoveryAnswer.case_id == closed.c.id).order_by(closed.c.closed_at)
    )


def _given(viewer: Viewer) -> Iterable[Line]:
    """What one gave or agreed to; without the complaint, which one may read no more of by now."""
    of = Given
    columns = (RecoveryEntry.at, of.kind, of.worth, of.currency, of.own_limit, of.is_within.label("within_own_limit"))
    agreed = (
        of.agreed_by_id.is_not(None).label("somebody_agreed"),
        (of.by_id == viewer.person_id).label("given_by_you"),
    )
    found = gifts_of(viewer).join(RecoveryEntry, RecoveryEntry.id == of.entry_id)
    return rows(found.with_only_columns(*columns, *agreed).order_by(RecoveryEntry.at, of.entry_id))


def _named(viewer: Viewer) -> Iterable[Line]:
    columns = (Review.source, Review.published_at, Review.title, Review.text, Review.stars, Review.link)
    return rows(reviews_naming(viewer).with_only_columns(*columns).order_by(Review.published_at))


def _obstacles(viewer: Viewer) -> Iterable[Line]:
    about = (Obstacle.kind, Cause.name, Obstacle.rating_id, Obstacle.case_id.label("complaint_id"))
    said = (Obstacle.words, Obstacle.words_shared_at, Obstacle.said_at, Obstacle.changed_at)
    found = select(*about, *said).outerjoin(Cause, Cause.id == Obstacle.cause_id)
    return rows(found.where(Obstacle.said_by_id == viewer.person_id).order_by(Obstacle.id))


SECTIONS = (
    Section("second_looks", ("dispute",), _second_looks),
    Section("face_to_face", ("encounter",), _face_to_face),
    Section("complaints", (), _complaints),
    Section("complaints_put_right", ("recovery_case",), _put_right),
    Section("given_on_the_spot", ("recovery_given",), _given),
    Section("reviews_naming_you", ("review",), _named),
    Section("obstacles", ("obstacle",), _obstacles),
)
