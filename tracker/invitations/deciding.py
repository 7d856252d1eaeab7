"""Deciding what is due, for all invitations at once: who is asked, who is not and why, and the mails for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, String, and_, case, cast, exists, func, literal, or_, select, update

from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.models import OutboxMail, Watermark
from tracker.invitations.models import CustomerContact, DoNotAsk, Invitation
from tracker.invitations.planning import company_zone
from tracker.invitations.rules import CAP, REMINDER_AFTER, TOO_LATE, is_asking_time
from tracker.organisation.models import Person, Team
from tracker.ratings.models import Interaction, Rating, SurveyLink

FIRST, REMINDER = "asking", "asking_again"  # kinds of mail
MOST_ROUNDS = 20  # what a long chain of shared addresses leaves over is looked at by the next run
_is_open = and_(Invitation.asked_at.is_(None), Invitation.skipped_at.is_(None))


def decide_due(at: datetime) -> int:
    """Ask or skip every invitation that is due, in the caller's transaction; how many were decided.

    A handful of statements, however many there are: reasons first, then of each customer and address the earliest is asked,
    then reasons again, until nobody is left over.
    """
    _one_at_a_time(at)
    zones = _zones_awake(at)
    asked = skipped = 0
    for _round in range(MOST_ROUNDS):
        skipped += _skip(at, zones)
        now_asked = _ask_the_first(at, zones)
        asked += now_asked
        if not now_asked:
            break
        _note_asked(at)
    if asked:
        _queue(FIRST, Invitation.asked_at, at)
    if asked or skipped:
        record("invitations.decided", by=None, about="invitation", at=at, asked=asked, skipped=skipped)
    return asked + skipped


def remind_due(at: datetime) -> int:
    """Queue the one reminder for who has not answered after 3 days and can still answer; how many."""
    _one_at_a_time(at)
    ids = (
        _in_zones(_zones_awake(at))
        .join(SurveyLink, SurveyLink.id == Invitation.link_id)
        .where(
            Invitation.sent_at <= at - REMINDER_AFTER,
            Invitation.reminder_queued_at.is_(None),
            SurveyLink.expires_at > at,
            SurveyLink.answered_at.is_(None),
            exists().where(CustomerContact.invitation_id == Invitation.id).correlate(Invitation),
            ~is_answered(),
            ~_declined(),
        )
    )
    count = _changed(update(Invitation).where(Invitation.id.in_(ids)).values(reminder_queued_at=at))
    if count:
        _queue(REMINDER, Invitation.reminder_queued_at, at)
    return count


def give_up_old(at: datetime) -> int:
    """What could not be asked within 14 days of service is not asked any more, mail server or none."""
    old = select(Interaction.id).where(Interaction.ended_at <= at - TOO_LATE)
    late = update(Invitation).where(_is_open, Invitation.interaction_id.in_(old))
    return _changed(late.values(skipped_at=at, skip_reason="too_late"))


def is_answered() -> ColumnElement[bool]:
    """Whether the interaction of an invitation has an answer, whichever door it came by."""
    return exists().where(Rating.interaction_id == Invitation.interaction_id).correlate(Invitation)


def key_of(kind: str) -> ColumnElement[str]:
    """The outbox's key of an invitation's mail: made from data, and all that the mail's row tells."""
    return literal(f"{kind}|", String) + cast(Invitation.id, String)


def _one_at_a_time(at: datetime) -> None:
    """Whoever decides holds this row until the commit, so two processes never ask one customer for two visits."""
    row = upsert(Watermark).values(rule="invitations.decide", done_until=at)
    db.session.execute(row.on_conflict_do_update(index_elements=["rule"], set_={"done_until": at}))


def _zones_awake(at: datetime) -> list[str]:
    zones = {company_zone(), *db.session.scalars(select(Team.time_zone).distinct())}
    return sorted(zone for zone in zones if is_asking_time(at, zone))


def _in_zones(zones: list[str]) -> Select[int]:
    """Ids of invitations whose team is awake."""
    return (
        select(Invitation.id)
        .join(Interaction, Interaction.id == Invitation.interaction_id)
        .outerjoin(Team, Team.id == Interaction.team_id)
        .where(func.coalesce(Team.time_zone, company_zone()).in_(zones))
    )


def _due(at: datetime, zones: list[str]) -> Select[Any]:
    return _in_zones(zones).where(_is_open, Invitation.due_at <= at)


def _skip(at: datetime, zones: list[str]) -> int:
    """The first reason that holds, for all that are due."""
    reason = case(
        (Interaction.ended_at <= at - TOO_LATE, "too_late"),
        (is_answered(), "answered"),
        (_declined(), "declined"),
        (_works_here(), "works_here"),
        (_asked_before(at), "asked_before"),
    )
    found = _due(at, zones).add_columns(reason.label("reason")).subquery()
    skipping = update(Invitation).where(Invitation.id == found.c.id, found.c.reason.is_not(None))
    return _changed(skipping.values(skipped_at=at, skip_reason=found.c.reason))


def _ask_the_first(at: datetime, zones: list[str]) -> int:
    """Of those that are left, the earliest of each address and each customer."""
    order = (Invitation.due_at, Invitation.id)
    of_address = func.row_number().over(partition_by=Invitation.address_hash, order_by=order)
    of_customer = func.row_number().over(partition_by=Interaction.customer_id, order_by=order)
    ranked = (
        _due(at, zones)
        .add_columns(
            of_address.label("of_address"),
            case((Interaction.customer_id.is_(None), 1), else_=of_customer).label("of_customer"),
        )
        .subquery()
    )
    first = select(ranked.c.id).where(ranked.c.of_address == 1, ranked.c.of_customer == 1)
    return _changed(update(Invitation).where(Invitation.id.in_(first)).values(asked_at=at))


def _note_asked(at: datetime) -> None:
    """The grade of a sample, and the cap over all channels, read it from the interaction."""
    asked = select(Invitation.interaction_id).where(Invitation.asked_at == at)
    noted = update(Interaction).where(Interaction.id.in_(asked), Interaction.invited_at.is_(None))
    db.session.execute(noted.values(invited_at=at), execution_options={"synchronize_session": False})


def _queue(kind: str, moment: Any, at: datetime) -> None:
    """Their mails, in one statement: no text, no address, no secret; those are made when a mail is sent."""
    rows = select(
        key_of(kind),
        literal(kind, String),
        cast(literal("{}", String), JSON) if db.engine.dialect.name == "postgresql" else literal("{}", String),
        literal(at, OutboxMail.created_at.type),
        literal(at, OutboxMail.due_at.type),
        literal(0),
    ).where(moment == at)
    names = ["key", "kind", "parameters", "created_at", "due_at", "attempts"]
    db.session.execute(upsert(OutboxMail).from_select(names, rows).on_conflict_do_nothing(index_elements=["key"]))


def _declined() -> ColumnElement[bool]:
    customer = select(Interaction.customer_id).where(Interaction.id == Invitation.interaction_id)
    return or_(
        exists().where(DoNotAsk.address_hash == Invitation.address_hash).correlate(Invitation),
        exists().where(DoNotAsk.customer_id == customer.correlate(Invitation).scalar_subquery()).correlate(Invitation),
    )


def _works_here() -> ColumnElement[bool]:
    return exists(
        select(CustomerContact.invitation_id)
        .join(Person, func.lower(Person.email) == CustomerContact.email)
        .where(CustomerContact.invitation_id == Invitation.id)
        .correlate(Invitation)
    )


def _asked_before(at: datetime) -> ColumnElement[bool]:
    """Within 30 days, by address or by customer, whoever asked and however."""
    other, visit = Invitation.__table__.alias("other"), Interaction.__table__.alias("visit")
    by_address = exists().where(
        other.c.address_hash == Invitation.address_hash, other.c.id != Invitation.id, other.c.asked_at > at - CAP
    )
    by_customer = exists().where(
        visit.c.customer_id == Interaction.customer_id, visit.c.id != Interaction.id, visit.c.invited_at > at - CAP
    )
    return or_(by_address.correlate(Invitation), by_customer.correlate(Interaction))


def _changed(statement: Any) -> int:
    # The session's own copies are not looked through: nothing of these rows is loaded by whoever decides.
    result: Any = db.session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)
