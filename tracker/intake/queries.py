"""What the doors' pages show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.access.rules import token_hash
from tracker.core.db import db
from tracker.intake.models import SetAsideVote
from tracker.invitations.models import MailedToken
from tracker.organisation.models import Person, Team
from tracker.ratings.import_models import Import, ImportReject
from tracker.ratings.models import Interaction, Rating, SurveyLink, Touchpoint

SUGGESTED = 5


@dataclass(frozen=True)
class Visit:
    """What the rating page says of the service a link is about."""

    link: SurveyLink
    person: Person
    place: str
    stage: str
    time_zone: str
    ended_at: datetime
    mailed_at: datetime | None  # when the mail with this very token went out; None for a link handed over otherwise


def visit_behind(token: str) -> Visit | None:
    """The service a customer's link is about; None for a token that was never given out."""
    key = token_hash(token)
    mailed = select(MailedToken).where(MailedToken.token_hash == key)
    found = db.session.execute(
        select(
            SurveyLink,
            Person,
            Team.name,
            Team.time_zone,
            Touchpoint.name,
            Touchpoint.stage,
            mailed.with_only_columns(MailedToken.mailed_at).scalar_subquery(),
        )
        .join(Interaction, Interaction.id == SurveyLink.interaction_id)
        .join(Person, Person.id == Interaction.person_id)
        .outerjoin(Team, Team.id == Interaction.team_id)
        .outerjoin(Touchpoint, Touchpoint.id == Interaction.touchpoint_id)
        .where(
            or_(
                SurveyLink.token_hash == key,
                SurveyLink.id == mailed.with_only_columns(MailedToken.link_id).scalar_subquery(),
            )
        )
        .options(joinedload(SurveyLink.interaction), joinedload(SurveyLink.rating).joinedload(Rating.survey))
    ).first()
    if found is None:
        return None
    link, person, team, zone, touchpoint, stage, mailed_at = found
    where = [team, link.interaction.place or touchpoint]
    return Visit(
        link=link,
        person=person,
        place=", ".join(part for part in where if part),
        stage=stage or "purchase",
        time_zone=zone or "UTC",
        ended_at=link.interaction.ended_at,
        mailed_at=mailed_at,
    )


def waiting(scope: Select[Rating]) -> Select[Rating]:
    """The tray, newest first, ready to show."""
    return scope.options(joinedload(Rating.touchpoint), joinedload(Rating.channel)).order_by(
        Rating.rated_at.desc(), Rating.id.desc()
    )


def with_visits(scope: Select[SetAsideVote]) -> Select[SetAsideVote]:
    """Votes set aside with what they are about, newest first."""
    visit = joinedload(SetAsideVote.link).joinedload(SurveyLink.interaction)
    return scope.options(visit.joinedload(Interaction.person), visit.joinedload(Interaction.touchpoint)).order_by(
        SetAsideVote.sent_at.desc(), SetAsideVote.id.desc()
    )


def same_reference(scope: Select[Rating], rating: Rating) -> Select[Rating]:
    """Everything in the tray that names the same somebody; a rating without a name stands for itself."""
    if not rating.employee_reference:
        return scope.where(Rating.id == rating.id)
    return scope.where(func.lower(Rating.employee_reference) == rating.employee_reference.lower())


def person_meant(typed: str) -> Person | None:
    """Staff number, e-mail or full name, as somebody types it; None when it is nobody's or more than one person's."""
    lowered = typed.strip().lower()
    for column in (Person.staff_number, Person.email, Person.name):
        found = db.session.scalars(select(Person).where(func.lower(column) == lowered).limit(2)).all()
        if found:
            return found[0] if len(found) == 1 else None
    return None


def people_like(reference: str | None) -> list[Person]:
    """The people whose number, name or address looks most like what the file said, most alike first."""
    if not reference:
        return []
    people = db.session.execute(select(Person.id, Person.staff_number, Person.email, Person.name)).all()
    known = {text.casefold(): id for id, *texts in people for text in texts if text}
    alike = get_close_matches(reference.casefold(), known, n=2 * SUGGESTED, cutoff=0.6)
    ids = list(dict.fromkeys(known[text] for text in alike))[:SUGGESTED]
    found = {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [found[id] for id in ids]


def imports_listed(scope: Select[Import]) -> Select[Import, str | None]:
    """Imports with the name of who ran them."""
    return scope.add_columns(Person.name).outerjoin(Person, Person.id == Import.by_id)


def known_sources() -> list[str]:
    """Where files have come from before."""
    return list(db.session.scalars(select(Import.source).distinct().order_by(Import.source).limit(50)))


def rejected_rows(import_id: int) -> Iterator[ImportReject]:
    """The rows that were left out, in the order of the file, a few at a time: there may be very many."""
    statement = select(ImportReject).where(ImportReject.import_id == import_id).order_by(ImportReject.line)
    yield from db.session.scalars(statement.execution_options(yield_per=1_000))


def rejects_of(import_id: int) -> Select[ImportReject]:
    return select(ImportReject).where(ImportReject.import_id == import_id).order_by(ImportReject.line)


def count_of(scope: Select[Any]) -> int:
    return db.session.scalars(select(func.count()).select_from(scope.subquery())).one()
