"""What may be done to a rating. Every verb keeps the weekly rollup equal to the facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, literal, select, update

from tracker.access.rules import new_token, token_hash
from tracker.audit.actions import record
from tracker.core import clock, hooks
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Refused
from tracker.organisation.models import Membership, Organisation, Person, Team
from tracker.ratings import rollup
from tracker.ratings.models import Attribution, Customer, Fall, Interaction, Rating, ScoreCard, SurveyLink
from tracker.ratings.obstacles import forget_words_of

LINK_LENGTH = timedelta(days=14)
EDIT_LENGTH = timedelta(hours=72)
_organisation, _membership, _team = (model.__table__.c for model in (Organisation, Membership, Team))
# The organisation's zone and all teams of one person with their zones and days, in one question, made once: it is asked for
# every rating that arrives, and the making would cost more than the asking.
WORKS_IN = (
    select(
        select(_organisation.time_zone).where(_organisation.id == 1).scalar_subquery(),
        _membership.team_id,
        _team.time_zone,
        _membership.started_on,
        _membership.ended_on,
    )
    .select_from(select(literal(1)).subquery())
    .outerjoin(Membership.__table__, _membership.person_id == bindparam("person", type_=Integer))
    .outerjoin(Team.__table__, _team.id == _membership.team_id)
)


@dataclass(frozen=True)
class Submission:
    """One answer as a door hands it over: already validated, with ids of ours where they are known."""

    source: str
    external_id: str
    rated_at: datetime
    stars: int
    original_value: str
    original_scale: str = "stars"
    person_id: int | None = None
    touchpoint_id: int | None = None
    channel_id: int | None = None
    customer_id: int | None = None
    interaction_id: int | None = None
    place: str | None = None
    comment: str | None = None
    comment_language: str | None = None
    emotions: list[str] = field(default_factory=list)
    drivers: list[str] = field(default_factory=list)
    employee_reference: str | None = None  # who served, as the door was told: what the tray shows
    effort: int | None = None
    survey_version_id: int | None = None
    handled_how: str | None = None  # "post": by who held it; else whoever is on record was named


def record_rating(given: Submission, *, at: datetime) -> Rating:
    """Store an answer once under its source key, credit who handled it when service ended, count it in its week.

    The same key again is the same rating: it is returned as it stands. So is the first rating of an interaction that a second
    door brings an answer for.
    """
    how = (given.handled_how or "explicit") if given.person_id is not None else None
    frozen = {"handled_by_id": given.person_id, "handled_how": how}
    values = {**vars(given), **_credit(given), **frozen, "received_at": at}
    stored = rollup.insert_counted(values)
    if stored is not None:
        return stored
    known = select(Rating).where(Rating.source == given.source, Rating.external_id == given.external_id)
    first = select(Rating).where(Rating.interaction_id == given.interaction_id)
    return db.session.scalar(known) or db.session.scalars(first).one()


def _credit(given: Submission) -> dict[str, Any]:
    """The team of that day, copied onto the row, and the local day it counts in."""
    db.session.flush()  # the statement below is plain SQL, before which a session does not flush by itself
    rows = db.session.execute(WORKS_IN, {"person": given.person_id}).all()
    zone = (rows[0][0] if rows else None) or "UTC"
    day = clock.local_day(given.rated_at, zone)
    for _zone, team_id, team_zone, started_on, ended_on in rows:
        if team_id and started_on <= day and (ended_on is None or day < ended_on):
            return {"team_id": team_id, "rated_on": clock.local_day(given.rated_at, team_zone)}
    return {"team_id": None, "rated_on": day}


def edit_rating(
    rating: Rating,
    *,
    stars: int,
    comment: str | None,
    emotions: list[str],
    drivers: list[str],
    at: datetime,
    effort: int | None = None,
    comment_language: str | None = None,
) -> None:
    """The customer changes their own answer. The question stays the one it was asked with."""
    lock(rating)
    rollup.add(rating, times=-1)
    rating.stars, rating.original_value, rating.original_scale = stars, str(stars), "stars"
    rating.comment, rating.comment_language, rating.effort = comment, comment_language, effort
    rating.emotions, rating.drivers, rating.edited_at = emotions, drivers, at
    db.session.flush()
    rollup.add(rating)
    _announce("rating.changed", rating, at=at)


def erase_rating(rating: Rating, *, at: datetime) -> None:
    """The customer takes their answer back: nothing of it stays."""
    lock(rating)
    forget_words_of(rating)
    rollup.add(rating, times=-1)
    _rewrite_cards({rating.person_id}, at=at)
    record("rating.erased", by=None, about=rating, person=rating.person_id, at=at)
    _announce("rating.erased", rating, at=at)
    db.session.delete(rating)
    db.session.flush()


def exclude_rating(rating: Rating, *, by: int, reason: str, at: datetime) -> None:
    """Keep it, but out of every score."""
    lock(rating)
    if rating.excluded_at:
        raise Conflict("This rating is left out already.")
    rollup.add(rating, times=-1)
    rating.excluded_at = at
    _rewrite_cards({rating.person_id}, at=at)
    record("rating.excluded", by=by, about=rating, person=rating.person_id, reason=reason, at=at)
    db.session.flush()
    _announce("rating.changed", rating, at=at)


def hide_words(rating: Rating, *, by: int, at: datetime) -> None:
    """Nobody who works here reads them any more; the customer still does. Stars and what it was about stay."""
    rating.words_hidden_at = rating.words_hidden_at or at
    record("rating.words_hidden", by=by, about=rating, person=rating.person_id, at=at)


def include_rating(rating: Rating, *, by: int, reason: str, at: datetime) -> None:
    """Count it again."""
    lock(rating)
    if not rating.excluded_at:
        raise Conflict("This rating counts already.")
    rating.excluded_at = None
    db.session.flush()
    rollup.add(rating)
    _rewrite_cards({rating.person_id}, at=at)
    record("rating.included", by=by, about=rating, person=rating.person_id, reason=reason, at=at)
    _announce("rating.changed", rating, at=at)


def reassign_rating(rating: Rating, to: Person | None, *, by: int, reason: str, at: datetime) -> None:
    """Credit somebody else (None: back into the tray), as a new reasoned entry. Who was first on record stays on record."""
    lock(rating)
    if to is not None and to.id == rating.person_id:
        raise Conflict(f"{to.name} is credited already.")
    if to is not None and to.id == by:
        raise Refused("Nobody credits a rating to themselves.")
    before = rating.person_id
    rollup.add(rating, times=-1)
    rating.person_id = to.id if to else None
    credit = _credit(Submission("", "", rating.rated_at, rating.stars, "", person_id=rating.person_id))
    rating.team_id, rating.rated_on = credit["team_id"], credit["rated_on"]
    db.session.add(
        Attribution(
            rating_id=rating.id,
            from_person_id=before,
            to_person_id=rating.person_id,
            to_team_id=rating.team_id,
            reason=reason,
            by_id=by,
            at=at,
        )
    )
    db.session.flush()
    rollup.add(rating)
    _rewrite_cards({before, rating.person_id}, at=at)
    record("rating.reassigned", by=by, about=rating, person=rating.person_id, reason=reason, at=at, before=before)
    _announce("rating.reassigned", rating, at=at)


def lock(rating: Rating) -> None:
    """See the row as it is now and keep it so: what is taken out of the rollup must be what stands in it."""
    db.session.flush()  # a refresh would throw away what this transaction has not written yet
    db.session.refresh(rating, with_for_update={"of": Rating})


def leave_out_of_checks(rating: Rating, *, at: datetime) -> None:
    """Somebody is looking at it: it counts on in the score, and no fall is found because of it."""
    rating.disputed_at = rating.disputed_at or at
    rating.unchecked_at = at
    db.session.flush()


def check_again(rating: Rating) -> None:
    rating.unchecked_at = None
    db.session.flush()


def _rewrite_cards(people: set[int | None], *, at: datetime) -> None:
    """Their cards are made anew by the next tick, own and shared, each for the week it shows."""
    ids = [person for person in people if person is not None]
    db.session.execute(update(ScoreCard).where(ScoreCard.person_id.in_(ids)).values(rewrite_at=at))


def _announce(kind: str, rating: Rating, *, at: datetime) -> None:
    hooks.announce(kind, about=rating.id, key=f"{kind}|{rating.id}|{at.isoformat()}", at=at)


def customer_known_as(reference: str) -> int:
    """The customer of that reference in the company's own systems, noted when it is new."""
    known = upsert(Customer).values(reference=reference).on_conflict_do_nothing(index_elements=["reference"])
    db.session.execute(known)
    return db.session.scalars(select(Customer.id).where(Customer.reference == reference)).one()


def open_survey_link(interaction: Interaction, *, by: int | None, at: datetime) -> str:
    """A link that lets one customer rate one interaction; returns its secret, which is stored nowhere."""
    db.session.add(interaction)
    db.session.flush()
    secret = new_token()
    link = SurveyLink(
        token_hash=token_hash(secret), interaction_id=interaction.id, created_at=at, expires_at=at + LINK_LENGTH
    )
    db.session.add(link)
    record("survey_link.opened", by=by, about=link, person=interaction.person_id, at=at)
    return secret


def spend_survey_link(link: SurveyLink, *, at: datetime) -> bool:
    """Of any number of posts at once, exactly one is told yes."""
    spent = update(SurveyLink).where(SurveyLink.id == link.id, SurveyLink.answered_at.is_(None)).values(answered_at=at)
    return bool(db.session.execute(spent).rowcount == 1)  # type: ignore[attr-defined]  # CursorResult, typed as Result


def store_fall(
    person_id: int,
    week: int,
    figures: Mapping[str, Any],
    *,
    team_id: int | None,
    parameters: dict[str, Any],
    formula: str,
    shares_at: datetime,
    at: datetime,
) -> Fall:
    """Keep an alert with everything it was worked out from."""
    fall = Fall(
        person_id=person_id,
        team_id=team_id,
        week=week,
        window_weeks=figures["weeks"],
        n=figures["n"],
        observed=figures["observed"],
        expected=figures["expected"],
        p=figures["p"],
        parameters=parameters,
        formula=formula,
        found_at=at,
        shares_at=shares_at,
    )
    db.session.add(fall)
    db.session.flush()
    return fall
