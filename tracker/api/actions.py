"""What tokens and their holders do: be made and revoked, bring in interactions and ratings."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from tracker.access.rules import new_token, token_hash
from tracker.api import queries
from tracker.api.models import ApiToken
from tracker.api.rules import CLOCK_SKEW, HINT_LENGTH, TOKEN_START, stars_of, value_text
from tracker.api.schemas import InteractionIn, RatingIn
from tracker.api.transfer_schemas import TransferIn
from tracker.audit.actions import record
from tracker.core import clock
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Invalid, NotYet
from tracker.intake.actions import OWN_SOURCES, credited_by_post, credited_on, customer_known_as, receive
from tracker.intake.queries import person_meant
from tracker.invitations.models import Invitation
from tracker.invitations.planning import contact_of, is_asked_by_us, plan_invitation
from tracker.ratings import rollup
from tracker.ratings.actions import Submission
from tracker.ratings.ledger import note_contributors, transfer_interaction
from tracker.ratings.ledger_models import Transfer
from tracker.ratings.models import Interaction, Rating
from tracker.ratings.policy import counted

ANSWER = ("rated_at", "original_value", "original_scale", "comment", "drivers", "emotions")
SERVICE = ("employee_reference", "interaction_id", "touchpoint_id", "channel_id", "customer_id", "place")


class Taken(NamedTuple):
    """What became of something sent: the row it is now, whether it is new, and how the customer is asked about it."""

    row: Any
    is_new: bool
    invitation: Invitation | None = None


def make_token(name: str, scopes: Iterable[str], *, expires_at: datetime | None, by: int, at: datetime) -> str:
    """A new token of its maker; returns the secret, which is stored nowhere."""
    secret = TOKEN_START + new_token()
    token = ApiToken(
        name=name,
        token_hash=token_hash(secret),
        hint=secret[-HINT_LENGTH:],
        scopes=sorted(scopes),
        made_by_id=by,
        made_at=at,
        expires_at=expires_at,
    )
    db.session.add(token)
    record("api_token.made", by=by, about=token, at=at, scopes=token.scopes)
    return secret


def revoke_token(token: ApiToken, *, by: int, at: datetime) -> None:
    if token.revoked_at is not None:
        raise Conflict(_("This token is revoked already."))
    token.revoked_at = at
    record("api_token.revoked", by=by, about=token, at=at)


def take_interaction(given: InteractionIn, *, by: int, at: datetime) -> Taken:
    """Note who served a customer. The same key and content again is the same interaction; other content is refused."""
    _not_in_the_future("ended_at", given.ended_at, at)
    _not_our_own(given.source)
    contact = contact_of(given.contact.email, given.contact.language) if given.contact else None
    row, is_new = _kept(given, by=by, at=at)
    if contact is None:
        return Taken(row, is_new)
    elsewhere = given.invited_at is not None
    planned = plan_invitation(row, contact, source="api", by=by, at=at, asked_elsewhere=elsewhere)
    return Taken(row, is_new, planned)


def _kept(given: InteractionIn, *, by: int, at: datetime) -> tuple[Interaction, bool]:
    credit = _credit(given, by)
    helped = _contributors(given, by)
    team_id, day = credited_on(credit["person_id"], given.ended_at)
    values = {
        **given.model_dump(exclude={"employee", "touchpoint", "channel", "customer", "contact", "contributors"}),
        **_named(given),
        "employee_reference": given.employee,
    }
    made = upsert(Interaction).values(**values, **credit, team_id=team_id, ended_on=day, created_by_id=by)
    made = made.on_conflict_do_nothing(index_elements=["source", "external_id"]).returning(Interaction.id)
    id = db.session.scalar(made)
    if id is not None:
        row = db.session.get_one(Interaction, id)
        note_contributors(row, helped, by=by, at=at)
        return row, True
    known = queries.interaction_known_as(given.source, given.external_id)
    # When the product itself has asked meanwhile, that stands in invited_at and is no other content.
    own = {"invited_at"} if given.invited_at is None and known is not None and is_asked_by_us(known) else set()
    said = {name: value for name, value in values.items() if name not in own}
    if (
        known is None
        or any(getattr(known, name) != value for name, value in said.items())
        or not queries.helped(known, helped)
    ):
        raise Conflict(_("This interaction is known here with other content. Nothing was changed."))
    return known, False


def take_transfer(given: TransferIn, *, by: int, at: datetime) -> Taken:
    """Note that somebody else has a known interaction now. The same again is the same entry."""
    _not_in_the_future("transferred_at", given.transferred_at, at)
    served = queries.interaction_known_as(given.source, given.external_id)
    if served is None:
        sentence = _("There is no interaction of this name here. Send it first.")
        raise Invalid(sentence, errors=[{"field": "external_id", "problem": sentence}])
    before = queries.transfer_at(served, given.transferred_at)
    if before is not None:
        if before.to_reference != given.employee:
            raise Conflict(_("At this moment it was handed to somebody else, as you said before. Nothing was changed."))
        return Taken(before, False)
    to = person_meant(given.employee)
    if to is not None and to.id == served.person_id:
        raise Conflict(_("They are on record as who handles it already."))
    entry: Transfer = transfer_interaction(
        served,
        to_person_id=to.id if to else None,
        to_reference=given.employee,
        transferred_at=given.transferred_at,
        handler_id=_handler(given.employee, by),
        by=by,
        at=at,
    )
    if entry.moved_handler:
        served.team_id, served.ended_on = credited_on(served.person_id, served.ended_at)
    db.session.flush()
    return Taken(entry, True)


def take_rating(given: RatingIn, *, by: int, at: datetime) -> Taken:
    """Take in a customer's answer. What names nobody known waits in the tray; nothing is dropped."""
    _not_in_the_future("rated_at", given.rated_at, at)
    _not_our_own(given.source)
    submission = _submission(given, by=by)
    before = _known(submission)
    rating = before or receive(submission, at=at)
    if (rating.source, rating.external_id) != (submission.source, submission.external_id):
        return Taken(rating, False)  # its interaction has been rated by another door: the first answer is kept
    # A rating that came before its interaction lacks what that says; the same one again is no other.
    compared = ANSWER if given.interaction and rating.interaction_id is None else (*ANSWER, *SERVICE)
    if any(getattr(rating, name) != getattr(submission, name) for name in compared):
        raise Conflict(_("This rating is known here with other content. Nothing was changed."))
    is_new = before is None and rating.received_at == at
    if is_new and rating.person_id is not None and clock.week_of(rating.rated_on) < clock.week_of(at.date()):
        rollup.thaw(rating.rated_on)  # as a file of older ratings does: what was frozen since is worked out anew
    return Taken(rating, is_new)


def _known(submission: Submission) -> Rating | None:
    """A rating under this key. One of a file that is being read may still be taken back, so it answers nothing yet."""
    key = (Rating.source == submission.source, Rating.external_id == submission.external_id)
    found = db.session.execute(select(Rating, counted().label("counts")).where(*key)).first()
    if found is not None and not found.counts:
        raise NotYet(_("A file with this rating is being read right now. Send it again in a few minutes."))
    return found[0] if found else None


def _submission(given: RatingIn, *, by: int) -> Submission:
    served = queries.interaction_known_as(**vars(given.interaction)) if given.interaction else None
    if given.value is not None and given.scale is not None:
        stars, original, scale = stars_of(given.value, given.scale), value_text(given.value), str(given.scale)
    else:
        stars, original, scale = given.stars or 0, str(given.stars), "stars"
    named = _named(given)
    frozen = {name: getattr(served, name) for name in named if named[name] is None} if served else {}
    return Submission(
        source=given.source,
        external_id=given.external_id,
        rated_at=given.rated_at,
        stars=stars,
        original_value=original,
        original_scale=scale,
        **_served_by(given, served, by),
        interaction_id=served.id if served else None,
        place=served.place if served else None,
        comment=(given.comment or "").strip() or None,
        emotions=list(dict.fromkeys(given.emotions)),
        drivers=queries.driver_keys(given.drivers),
        employee_reference=_reference(given, served),
        **{**named, **frozen},
    )


def _served_by(given: RatingIn, served: Interaction | None, by: int) -> dict[str, Any]:
    """Who handled the interaction; else who is named; else, where nobody ever was, who held the post as service ended."""
    if served is not None and served.person_id is not None and served.person_id != by:
        return {"person_id": served.person_id, "handled_how": served.handled_how}
    if given.employee or served is None or served.employee_reference:
        return {"person_id": _handler(given.employee, by)}
    return credited_by_post(served.place, served.ended_at, but=by)


def _credit(given: InteractionIn, by: int) -> dict[str, Any]:
    """Who handled it: whoever is named, else who held the post. A name that is nobody's here is not overruled by a post."""
    if given.employee is None:
        return credited_by_post(given.place, given.ended_at, but=by)
    handler = _handler(given.employee, by)
    return {"person_id": handler, "handled_how": "explicit" if handler is not None else None}


def _contributors(given: InteractionIn, by: int) -> set[int]:
    """The people named. Nobody makes themselves a reader of a rating, so the token's maker cannot be one."""
    found = [(name, person_meant(name)) for name in given.contributors]
    errors = [
        {"field": f"contributors.{position}", "problem": _("“%(name)s” is nobody’s name or number here.", name=name)}
        for position, (name, person) in enumerate(found)
        if person is None or person.id == by
    ]
    if errors:
        raise Invalid(_("What was sent names what is not known here. The errors say which field."), errors=errors)
    return {person.id for _name, person in found if person is not None}


def _reference(given: RatingIn, served: Interaction | None) -> str | None:
    """Who served, in the words that came: for the tray, and to tell the same rating again."""
    if given.employee:
        return given.employee
    if served is not None:
        return served.employee_reference
    return f"{given.interaction.source} {given.interaction.external_id}"[:120] if given.interaction else None


def _handler(employee: str | None, by: int) -> int | None:
    """The person meant. Nobody credits a rating to themselves, so whoever made the token is left to the tray."""
    person = person_meant(employee) if employee else None
    return person.id if person is not None and person.id != by else None


def _named(given: InteractionIn | RatingIn) -> dict[str, int | None]:
    """Touchpoint, channel and customer by their names here."""
    found = {
        "touchpoint": queries.touchpoint_named(given.touchpoint) if given.touchpoint else None,
        "channel": queries.channel_named(given.channel) if given.channel else None,
    }
    errors = [
        {"field": field, "problem": _("“%(name)s” is not known here.", name=getattr(given, field))}
        for field, id in found.items()
        if getattr(given, field) and id is None
    ]
    if errors:
        raise Invalid(_("What was sent names what is not known here. The errors say which field."), errors=errors)
    customer_id = customer_known_as(given.customer) if given.customer else None
    return {"touchpoint_id": found["touchpoint"], "channel_id": found["channel"], "customer_id": customer_id}


def _not_in_the_future(field: str, moment: datetime, at: datetime) -> None:
    if moment > at + CLOCK_SKEW:
        raise Invalid(
            _("This moment is in the future."), errors=[{"field": field, "problem": _("This is in the future.")}]
        )


def _not_our_own(source: str) -> None:
    """What our own doors call themselves stands for answers that only they bring."""
    if source.casefold() in OWN_SOURCES:
        sentence = _("The product itself uses the name “%(name)s”. Choose another.", name=source)
        raise Invalid(sentence, errors=[{"field": "source", "problem": sentence}])


def note_use(token_id: int, day: date) -> int:
    """The last day of use; it never goes back. 1 when that is news."""
    later = or_(ApiToken.last_used_on.is_(None), ApiToken.last_used_on < day)
    noted = update(ApiToken).where(ApiToken.id == token_id, later).values(last_used_on=day).returning(ApiToken.id)
    return 0 if db.session.scalar(noted) is None else 1
