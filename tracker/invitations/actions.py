"""Writing to a customer, the wish not to be asked again, and forgetting addresses."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update

from tracker.access.rules import new_token, token_hash
from tracker.audit.actions import record
from tracker.core import outbox
from tracker.core.db import db, upsert
from tracker.core.models import OutboxMail
from tracker.invitations.deciding import REMINDER, is_answered, key_of
from tracker.invitations.models import CustomerContact, DoNotAsk, Invitation, MailedToken
from tracker.invitations.planning import company_zone, declined
from tracker.invitations.rules import HASH_KEPT, is_asking_time, next_asking_moment
from tracker.organisation.models import Person, Team
from tracker.ratings.actions import LINK_LENGTH, open_survey_link
from tracker.ratings.models import Interaction, SurveyLink, Touchpoint


@dataclass(frozen=True)
class Letter:
    """What a mail to a customer needs; the secret in it is kept nowhere."""

    address: str
    language: str
    secret: str
    first_name: str
    touchpoint: str | None
    place: str | None
    served_on: date
    is_reminder: bool


def open_letter(invitation_id: int, *, is_reminder: bool, at: datetime) -> Letter | None:
    """The contents of one mail, with a secret of its own; None when there is nothing to ask any more.

    Raises outbox.NotNow at night, for a mail server that was away may come back then.
    """
    lock = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
    invitation = db.session.scalar(lock.execution_options(populate_existing=True))
    contact = db.session.get(CustomerContact, invitation_id)
    if invitation is None or contact is None or invitation.skipped_at is not None:
        return None
    visit = db.session.get_one(Interaction, invitation.interaction_id)
    if db.session.scalar(select(declined(invitation.address_hash, visit.customer_id))):
        if invitation.sent_at is None:
            _take_back(invitation, visit, at=at)
        return None
    link = _open_link(invitation, visit, at=at)
    if link is None:
        return None
    zone = db.session.scalar(select(Team.time_zone).where(Team.id == visit.team_id)) or company_zone()
    if not is_asking_time(at, zone):
        raise outbox.NotNow(next_asking_moment(at, zone))
    return _letter(invitation, contact, visit, link, is_reminder=is_reminder, at=at)


def note_sent(row: OutboxMail, at: datetime) -> None:
    """The mail server has it: told by the outbox, in the transaction that crosses the mail off."""
    column = Invitation.reminded_at if row.kind == REMINDER else Invitation.sent_at
    db.session.execute(update(Invitation).where(Invitation.id == invitation_of(row)).values({column: at}))


def invitation_of(row: OutboxMail) -> int:
    return int(row.key.partition("|")[2])


def ask_no_more(interaction: Interaction, *, at: datetime) -> None:
    """The customer of this visit is asked nothing more, over any channel; twice is once."""
    address_hash = _hash_of_visit(interaction)
    rows = [{"address_hash": address_hash}] if address_hash else []
    if interaction.customer_id is not None:
        rows.append({"customer_id": interaction.customer_id})  # type: ignore[dict-item]  # one key each
    made = [
        db.session.scalar(upsert(DoNotAsk).values(**row, at=at).on_conflict_do_nothing().returning(DoNotAsk.id))
        for row in rows
    ]
    if any(id is not None for id in made):
        record("customer.declined", by=None, about=interaction, at=at)


def ask_again(interaction: Interaction, *, at: datetime) -> None:
    """The customer has thought again."""
    gone = delete(DoNotAsk).where(_of_visit(interaction)).returning(DoNotAsk.id)
    if db.session.scalars(gone).all():
        record("customer.returned", by=None, about=interaction, at=at)


def is_declined(interaction: Interaction) -> bool:
    return bool(db.session.scalar(select(declined(_hash_of_visit(interaction), interaction.customer_id))))


def can_decline(interaction: Interaction) -> bool:
    """Whether anything is kept by which this customer could be asked, or known, again."""
    return interaction.customer_id is not None or _hash_of_visit(interaction) is not None


def forget(at: datetime) -> int:
    """Delete addresses that nobody writes to any more, and hashes after 60 days; how many addresses."""
    ended = exists().where(
        SurveyLink.id == Invitation.link_id, or_(SurveyLink.expires_at <= at, SurveyLink.answered_at.is_not(None))
    )
    dropped = exists().where(OutboxMail.key == key_of(REMINDER), OutboxMail.dropped_at.is_not(None))
    over = select(Invitation.id).where(
        or_(
            Invitation.skipped_at.is_not(None),
            Invitation.reminded_at.is_not(None),
            and_(Invitation.asked_at.is_not(None), Invitation.asked_at <= at - LINK_LENGTH),
            is_answered(),
            ended.correlate(Invitation),
            dropped.correlate(Invitation),
        )
    )
    gone = (
        delete(CustomerContact).where(CustomerContact.invitation_id.in_(over)).returning(CustomerContact.invitation_id)
    )
    count = len(db.session.scalars(gone, execution_options={"synchronize_session": False}).all())
    old = update(Invitation).where(Invitation.planned_at <= at - HASH_KEPT, Invitation.address_hash.is_not(None))
    db.session.execute(old.values(address_hash=None), execution_options={"synchronize_session": False})
    return count


def _take_back(invitation: Invitation, visit: Interaction, *, at: datetime) -> None:
    """Decided, and then declined before the mail went: nobody was asked."""
    if visit.invited_at == invitation.asked_at:
        visit.invited_at = None
    invitation.asked_at, invitation.skipped_at, invitation.skip_reason = None, at, "declined"
    record("invitation.skipped", by=None, about=invitation, person=visit.person_id, at=at, why="declined")


def _open_link(invitation: Invitation, visit: Interaction, *, at: datetime) -> SurveyLink | None:
    """The one link of an invitation, made with its first mail; None when it is answered or over."""
    answered = db.session.scalar(select(Invitation.id).where(Invitation.id == invitation.id, is_answered()))
    if answered is not None:
        return None
    if invitation.link_id is None:
        # The link's own secret is given to nobody: each mail carries a further one.
        secret = open_survey_link(visit, by=None, at=at)
        db.session.flush()
        invitation.link_id = db.session.scalars(
            select(SurveyLink.id).where(SurveyLink.token_hash == token_hash(secret))
        ).one()
    link = db.session.get_one(SurveyLink, invitation.link_id)
    return link if link.answered_at is None and link.expires_at > at else None


def _letter(
    invitation: Invitation,
    contact: CustomerContact,
    visit: Interaction,
    link: SurveyLink,
    *,
    is_reminder: bool,
    at: datetime,
) -> Letter:
    secret = new_token()
    db.session.add(MailedToken(token_hash=token_hash(secret), link_id=link.id, mailed_at=at))
    served_by = db.session.get_one(Person, visit.person_id)
    touchpoint = db.session.get(Touchpoint, visit.touchpoint_id) if visit.touchpoint_id else None
    return Letter(
        address=contact.email,
        language=invitation.language,
        secret=secret,
        first_name=served_by.first_name,
        touchpoint=touchpoint.name if touchpoint else None,
        place=visit.place,
        served_on=visit.ended_on or visit.ended_at.date(),
        is_reminder=is_reminder,
    )


def _hash_of_visit(interaction: Interaction) -> str | None:
    return db.session.scalar(select(Invitation.address_hash).where(Invitation.interaction_id == interaction.id))


def _of_visit(interaction: Interaction) -> ColumnElement[bool]:
    clauses = []
    if interaction.customer_id is not None:
        clauses.append(DoNotAsk.customer_id == interaction.customer_id)
    address_hash = _hash_of_visit(interaction)
    if address_hash is not None:
        clauses.append(DoNotAsk.address_hash == address_hash)
    return or_(*clauses) if clauses else DoNotAsk.id.is_(None)
