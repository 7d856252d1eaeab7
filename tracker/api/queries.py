"""Whose a token is, what the lists show, and what names in a request stand for."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.access.rules import token_hash
from tracker.api.models import ApiToken
from tracker.core.db import db
from tracker.organisation.models import Membership, Person, Team
from tracker.organisation.policy import holds_on
from tracker.ratings.ledger_models import Contribution, Transfer
from tracker.ratings.models import Channel, Driver, Interaction, Rating, Touchpoint

Page = tuple[list[Any], int | None]  # rows, and the id after which the next page begins


def usable_token(secret: str, *, at: datetime) -> ApiToken | None:
    """The token of a secret, unless it was revoked or has expired."""
    return db.session.scalar(
        select(ApiToken).where(
            ApiToken.token_hash == token_hash(secret),
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > at),
        )
    )


def tokens_listed(scope: Select[ApiToken]) -> list[ApiToken]:
    """Tokens with who made them, for the page."""
    return list(db.session.scalars(scope.options(joinedload(ApiToken.made_by))))


def rating_page(scope: Select[Rating], *, after: int, limit: int) -> Page:
    loaded = scope.options(joinedload(Rating.person), joinedload(Rating.touchpoint), joinedload(Rating.channel))
    return _page(loaded, Rating.id, after, limit)


def interaction_page(scope: Select[Interaction], *, after: int, limit: int) -> Page:
    named = (joinedload(Interaction.person), joinedload(Interaction.touchpoint), joinedload(Interaction.channel))
    return _page(scope.options(*named), Interaction.id, after, limit)


def person_page(
    scope: Select[Person], *, on: date, after: int, limit: int
) -> tuple[list[tuple[Person, str | None]], int | None]:
    """People, each with the name of the team of that day."""
    people, further = _page(scope, Person.id, after, limit)
    rows = db.session.execute(
        select(Membership.person_id, Team.name)
        .join(Team, Team.id == Membership.team_id)
        .where(Membership.person_id.in_([person.id for person in people]), *holds_on(Membership, on))
    )
    teams: dict[int, str] = dict(rows.all())
    return [(person, teams.get(person.id)) for person in people], further


def _page(scope: Select[Any], column: Any, after: int, limit: int) -> Page:
    """In the order of arrival: what is new comes at the end, so a place in the list stays the same place."""
    statement = scope.order_by(None).where(column > after).order_by(column).limit(limit + 1)
    rows = list(db.session.scalars(statement).unique())
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def touchpoint_named(name: str) -> int | None:
    return db.session.scalar(select(Touchpoint.id).where(func.lower(Touchpoint.name) == name.lower()).limit(1))


def channel_named(name: str) -> int | None:
    return db.session.scalar(select(Channel.id).where(func.lower(Channel.name) == name.lower()).limit(1))


def driver_keys(written: Sequence[str]) -> list[str]:
    """The keys of drivers written as key or as name; what is neither stays as it is."""
    if not written:
        return []
    rows = db.session.execute(select(Driver.key, Driver.name)).all()
    known = {name.casefold(): key for key, name in rows} | {key.casefold(): key for key, _name in rows}
    return list(dict.fromkeys(known.get(text.casefold(), text) for text in written))


def helped(interaction: Interaction, people: set[int]) -> bool:
    """Whether these are the helpers on record, but for who handled it."""
    known = select(Contribution.person_id).where(Contribution.interaction_id == interaction.id)
    return set(db.session.scalars(known)) - {interaction.person_id} == people - {interaction.person_id}


def transfer_at(interaction: Interaction, moment: datetime) -> Transfer | None:
    same = (Transfer.interaction_id == interaction.id, Transfer.transferred_at == moment)
    return db.session.scalar(select(Transfer).where(*same))


def interaction_known_as(source: str, external_id: str) -> Interaction | None:
    return db.session.scalar(
        select(Interaction).where(Interaction.source == source, Interaction.external_id == external_id)
    )
