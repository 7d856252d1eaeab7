"""Planning that a customer is asked: one invitation for one interaction, or the reason why there will be none."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, false, func, or_, select

from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Invalid
from tracker.invitations.models import CustomerContact, DoNotAsk, Invitation
from tracker.invitations.rules import CAP, TOO_LATE, address_of, hash_of, next_asking_moment
from tracker.organisation.models import Person, Team
from tracker.organisation.queries import the_organisation
from tracker.ratings.models import Customer, Interaction, Rating


@dataclass(frozen=True)
class Contact:
    """Where a customer can be written to, and in which language."""

    address: str
    language: str = "en"


def contact_of(email: str, language: str) -> Contact:
    """Raises Invalid for what cannot be an address."""
    address = address_of(email)
    if address is None:
        sentence = _("This is not an email address.")
        raise Invalid(sentence, errors=[{"field": "contact.email", "problem": sentence}])
    return Contact(address, language)


def hashed(address: str) -> str:
    return hash_of(address, current_app.config["SECRET_KEY"])


def plan_invitation(
    interaction: Interaction,
    contact: Contact,
    *,
    source: str,
    by: int | None,
    at: datetime,
    asked_elsewhere: bool = False,
    link_id: int | None = None,
    delay: timedelta | None = None,
) -> Invitation:
    """Plan to ask about one interaction, once: the same again is the invitation there is, another address a Conflict.

    What speaks against it already is kept as its reason, without the address. The cap is looked at when it becomes due.
    """
    key = hashed(contact.address)
    reason = _reason_now(interaction, contact.address, key, at=at, asked_elsewhere=asked_elsewhere)
    zone = db.session.scalar(select(Team.time_zone).where(Team.id == interaction.team_id)) or company_zone()
    wait = timedelta(minutes=current_app.config["ASK_AFTER_MINUTES"]) if delay is None else delay
    values = {
        "interaction_id": interaction.id,
        "link_id": link_id,
        "address_hash": key,
        "language": contact.language,
        "source": source,
        "created_by_id": by,
        "planned_at": at,
        "due_at": next_asking_moment(max(interaction.ended_at + wait, at), zone),
        "skipped_at": at if reason else None,
        "skip_reason": reason,
    }
    made = upsert(Invitation).values(**values).on_conflict_do_nothing(index_elements=["interaction_id"])
    id = db.session.scalar(made.returning(Invitation.id))
    if id is None:
        return _known(interaction, key)
    if reason is None:
        db.session.add(CustomerContact(invitation_id=id, email=contact.address))
    invitation = db.session.get_one(Invitation, id)
    _record(invitation, interaction, at=at)
    return invitation


def reason_against(address: str | None, customer_reference: str | None, *, at: datetime) -> str | None:
    """Why a customer is not to be asked today, for whoever is about to ask by hand: `declined`, `works_here`, `asked_before`."""
    customer = db.session.scalar(select(Customer.id).where(Customer.reference == customer_reference))
    key = hashed(address) if address else None
    if _found(declined(key, customer)):
        return "declined"
    if address and _found(works_here(address)):
        return "works_here"
    by_address = exists(select(Invitation.id).where(_is(Invitation.address_hash, key), Invitation.asked_at > at - CAP))
    by_customer = exists(
        select(Interaction.id).where(_is(Interaction.customer_id, customer), Interaction.invited_at > at - CAP)
    )
    return "asked_before" if _found(or_(by_address, by_customer)) else None


def is_asked_by_us(interaction: Interaction) -> bool:
    return _found(exists().where(Invitation.interaction_id == interaction.id, Invitation.asked_at.is_not(None)))


def declined(address_hash: str | None, customer_id: int | None) -> ColumnElement[bool]:
    """Whether the customer behind either of them asked not to be asked again."""
    either = or_(_is(DoNotAsk.address_hash, address_hash), _is(DoNotAsk.customer_id, customer_id))
    return exists(select(DoNotAsk.id).where(either))


def works_here(address: str) -> ColumnElement[bool]:
    return exists().where(func.lower(Person.email) == address)


def _is(column: Any, value: str | int | None) -> ColumnElement[bool]:
    """Nobody is the same as nobody known."""
    return false() if value is None else column == value


def company_zone() -> str:
    organisation = the_organisation()
    return organisation.time_zone if organisation else "UTC"


def _reason_now(interaction: Interaction, address: str, key: str, *, at: datetime, asked_elsewhere: bool) -> str | None:
    if interaction.person_id is None:
        return "handler_unknown"
    if asked_elsewhere:
        return "asked_elsewhere"
    if interaction.ended_at <= at - TOO_LATE:
        return "too_late"
    if _found(declined(key, interaction.customer_id)):
        return "declined"
    if _found(works_here(address)):
        return "works_here"
    return "answered" if _found(exists().where(Rating.interaction_id == interaction.id)) else None


def _record(invitation: Invitation, interaction: Interaction, *, at: datetime) -> None:
    by, person, why = invitation.created_by_id, interaction.person_id, invitation.skip_reason
    if why is None:
        record("invitation.planned", by=by, about=invitation, person=person, at=at)
    else:
        record("invitation.skipped", by=by, about=invitation, person=person, at=at, why=why)


def _known(interaction: Interaction, key: str) -> Invitation:
    known = db.session.scalars(select(Invitation).where(Invitation.interaction_id == interaction.id)).one()
    if known.address_hash not in {None, key}:
        raise Conflict(_("The customer of this interaction is known here with another address. Nothing was changed."))
    return known


def _found(clause: ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(select(clause)))
