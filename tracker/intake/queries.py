"""What the doors' pages show."""

from collections.abc import Iterable, Iterator
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
from tracker.ratings.ledger_models import Transfer
from tracker.ratings.models import Interaction, Rating, SurveyLink, Touchpoint

SUGGESTED = 5
NOTES_SHOWN = 200


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
    """Everything in the tray that names the same somebody. One without a name goes with those that a later file names alike;
    else it stands for itself."""
    if not rating.employee_reference:
        later = later_names(rating)
        if not later:
            return scope.where(Rating.id == rating.id)
        alike = select(Transfer.rating_id).where(func.lower(Transfer.to_reference) == later[-1].to_reference.lower())
        return scope.where(Rating.employee_reference.is_(None), Rating.id.in_(alike))
    return scope.where(func.lower(Rating.employee_reference) == rating.employee_reference.lower())


def reference_of(rating: Rating) -> str | None:
    """The name that the rating and its like wait under."""
    later = [] if rating.employee_reference else later_names(rating)
    return later[-1].to_reference if later else rating.employee_reference


def later_names(rating: Rating) -> list[Transfer]:
    """Whom later files named for a rating that named nobody, oldest first."""
    finished = select(Import.id).where(Import.finished_at.is_not(None))
    told = select(Transfer).where(Transfer.rating_id == rating.id, Transfer.import_id.in_(finished))
    return list(db.session.scalars(told.order_by(Transfer.id)))


def served_the_same_customer(rating: Rating) -> list[int]:
    """Who else served that customer on the same day, as ratings and interactions say."""
    if rating.customer_id is None:
        return []
    ratings = select(Rating.person_id).where(
        Rating.customer_id == rating.customer_id, Rating.rated_on == rating.rated_on
    )
    others = select(Interaction.person_id).where(
        Interaction.customer_id == rating.customer_id, Interaction.ended_on == rating.rated_on
    )
    found = set(db.session.scalars(ratings.where(Rating.id != rating.id))) | set(db.session.scalars(others))
    return sorted(person for person in found if person is not None)


def moment_served(rating: Rating) -> datetime:
    """When service ended, where that is known; else when it was rated."""
    ended = select(Interaction.ended_at).where(Interaction.id == rating.interaction_id)
    return db.session.scalar(ended) or rating.rated_at


def people_by_id(ids: Iterable[int]) -> dict[int, Person]:
    return {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(list(ids))))}


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
    yield from db.session.scalars(rejects_of(import_id).execution_options(yield_per=1_000))


def rejects_of(import_id: int) -> Select[ImportReject]:
    """Rows that were left out."""
    of_import = (ImportReject.import_id == import_id, ~ImportReject.is_note)
    return select(ImportReject).where(*of_import).order_by(ImportReject.line)


def notes_of(import_id: int) -> Select[ImportReject]:
    """Rows of which something is to be said: handed on, or helped by somebody not known."""
    of_import = (ImportReject.import_id == import_id, ImportReject.is_note)
    return select(ImportReject).where(*of_import).order_by(ImportReject.line).limit(NOTES_SHOWN)


def listed(statement: Select[ImportReject]) -> list[ImportReject]:
    return list(db.session.scalars(statement))


def count_of(scope: Select[Any]) -> int:
    return db.session.scalars(select(func.count()).select_from(scope.subquery())).one()


def people_brought_by(import_id: int) -> int:
    """How many people whom a file made are there now."""
    brought = select(func.count()).select_from(Person).where(Person.created_by_import_id == import_id)
    return db.session.scalars(brought).one()
