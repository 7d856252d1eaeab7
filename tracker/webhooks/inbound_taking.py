"""From what a payload says to interactions and ratings. One delivery at a time, in the order of arrival."""

from datetime import datetime
from typing import Any, NamedTuple

from tracker.api import queries as names
from tracker.api.actions import take_interaction
from tracker.api.rules import CLOCK_SKEW
from tracker.core import clock
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Invalid, NotYet
from tracker.intake.actions import credited_by_post, credited_on, customer_known_as, receive
from tracker.intake.queries import person_meant
from tracker.organisation.models import Person
from tracker.ratings import rollup
from tracker.ratings.actions import Submission, edit_rating, reassign_rating
from tracker.ratings.models import Interaction, Rating
from tracker.webhooks.inbound_models import Delivery, Door
from tracker.webhooks.inbound_queries import (
    last_said_at,
    rating_known_as,
    rating_of_service,
    ratings_without_service,
    services_of,
    was_reassigned,
)
from tracker.webhooks.inbound_values import Ended, NotUnderstood, Rated, Reading

SAME_END = CLOCK_SKEW  # two events about the same end are that close together
REASON = "The helpdesk said who handled it when service ended."


class Fate(NamedTuple):
    """What became of a delivery."""

    state: str
    rating_id: int | None = None
    interaction_id: int | None = None
    why: str | None = None


def take(reading: Reading, door: Door, delivery: Delivery, *, at: datetime) -> Fate:
    """Raises NotUnderstood; NotYet when the same delivery may do in a few minutes."""
    said_at = _not_in_the_future(reading.said_at or delivery.sent_at or delivery.received_at, delivery.received_at)
    delivery.said_at = said_at
    if reading.rated is not None:
        return _take_rated(reading.rated, reading.conversation, door, said_at, at=at)
    if reading.ended is not None and reading.conversation is not None:
        return _take_ended(reading.ended, reading.conversation, door, said_at, at=at)
    if reading.noted is not None:
        return _take_noted(reading, door, at=at)
    return Fate("not_about")


def _take_rated(rated: Rated, conversation: str | None, door: Door, said_at: datetime, *, at: datetime) -> Fate:
    found = rating_known_as(door.name, rated.external_id)
    if found is None:
        return _take_new(rated, conversation, door, said_at, at=at)
    rating, counts = found
    if not counts:
        raise NotYet("A file with this rating is being read.")
    is_credited = _credit_late(rating, _handler(rated.employee, door), door, at=at)
    if _is_same(rating, rated):
        return Fate("credited" if is_credited else "known", rating.id, rating.interaction_id)
    before = last_said_at(rating.id)
    if before is not None and said_at < before:
        return Fate("known", rating.id, rating.interaction_id, "older")
    _change(rating, rated, at=at)
    return Fate("changed", rating.id, rating.interaction_id)


def _take_new(rated: Rated, conversation: str | None, door: Door, said_at: datetime, *, at: datetime) -> Fate:
    rated_at = _not_in_the_future(rated.rated_at or said_at, at)
    submission = _submission(rated, _service(rated, conversation, door, rated_at), door, rated_at)
    rating = receive(submission, at=at)
    if (rating.source, rating.external_id) != (submission.source, submission.external_id):
        return Fate("rated_before", rating.id, rating.interaction_id)
    if rating.person_id is not None and clock.week_of(rating.rated_on) < clock.week_of(at.date()):
        rollup.thaw(rating.rated_on)
    return Fate("tray" if rating.person_id is None else "credited", rating.id, rating.interaction_id)


def _service(rated: Rated, conversation: str | None, door: Door, rated_at: datetime) -> Interaction | None:
    """The service an answer is about: the one it names, else the last that had ended in its conversation."""
    if rated.interaction is not None:
        return names.interaction_known_as(*rated.interaction)
    ended = services_of(door.name, conversation) if conversation else []
    return next((one for one in ended if one.ended_at <= rated_at + SAME_END), None)


def _submission(rated: Rated, served: Interaction | None, door: Door, rated_at: datetime) -> Submission:
    """Who handled service when it ended is credited; else whom the payload names. Nobody is credited by their own door."""
    touchpoint_id, channel_id = _place_of(rated, served, door)
    unnamed = " ".join(rated.interaction)[:120] if rated.interaction and served is None else None
    return Submission(
        source=door.name,
        external_id=rated.external_id,
        rated_at=rated_at,
        stars=rated.mark.stars,
        original_value=rated.mark.value,
        original_scale=rated.mark.scale,
        **_credit(rated, served, door),
        touchpoint_id=touchpoint_id,
        channel_id=channel_id,
        customer_id=_customer(rated.customer, door) or (served.customer_id if served else None),
        interaction_id=served.id if served else None,
        place=served.place if served else None,
        comment=(rated.comment or "").strip() or None,
        emotions=list(dict.fromkeys(rated.emotions)),
        drivers=names.driver_keys(rated.drivers),
        employee_reference=_reference(rated.employee) or (served.employee_reference if served else unnamed),
    )


def _credit(rated: Rated, served: Interaction | None, door: Door) -> dict[str, Any]:
    """Where nobody was ever named, who alone held the post as service ended."""
    if served is not None and served.person_id is not None and served.person_id != door.made_by_id:
        return {"person_id": served.person_id, "handled_how": served.handled_how}
    if rated.employee or served is None or served.employee_reference:
        return {"person_id": _handler(rated.employee, door)}
    return credited_by_post(served.place, served.ended_at, but=door.made_by_id)


def _place_of(rated: Rated, served: Interaction | None, door: Door) -> tuple[int | None, int | None]:
    """Touchpoint and channel: as the payload names them, else as service had them, else as the door is set up."""
    touchpoint = names.touchpoint_named(rated.touchpoint) if rated.touchpoint else None
    channel = names.channel_named(rated.channel) if rated.channel else None
    if rated.touchpoint and touchpoint is None:
        raise NotUnderstood("unknown", f"data.touchpoint: {rated.touchpoint}")
    if rated.channel and channel is None:
        raise NotUnderstood("unknown", f"data.channel: {rated.channel}")
    return (
        touchpoint or (served.touchpoint_id if served else None) or door.touchpoint_id,
        channel or (served.channel_id if served else None) or door.channel_id,
    )


def _is_same(rating: Rating, rated: Rated) -> bool:
    content = (rating.stars, rating.original_value, rating.comment, rating.emotions, rating.drivers)
    return content == (rated.mark.stars, rated.mark.value, *_words(rating, rated))


def _change(rating: Rating, rated: Rated, *, at: datetime) -> None:
    """The customer has changed the answer in the helpdesk."""
    comment, emotions, drivers = _words(rating, rated)
    edit_rating(
        rating,
        stars=rated.mark.stars,
        comment=comment,
        comment_language=rating.comment_language if comment == rating.comment else None,
        emotions=emotions,
        drivers=drivers,
        effort=rating.effort,
        at=at,
    )
    rating.original_value, rating.original_scale = rated.mark.value, rated.mark.scale
    if rating.person_id is not None and clock.week_of(rating.rated_on) < clock.week_of(at.date()):
        rollup.thaw(rating.rated_on)
    db.session.flush()


def _words(rating: Rating, rated: Rated) -> tuple[str | None, list[str], list[str]]:
    """What stands beside the stars after this delivery. A payload without a place for a comment takes none away."""
    comment = rating.comment if rated.comment is None else rated.comment.strip() or None
    return comment, list(dict.fromkeys(rated.emotions)), names.driver_keys(rated.drivers)


def _take_ended(ended: Ended, conversation: str, door: Door, said_at: datetime, *, at: datetime) -> Fate:
    """Freeze who handled it. Service that ended again later is another service; word of an older end changes nothing newer."""
    ended_at = _not_in_the_future(ended.ended_at or said_at, at)
    known = services_of(door.name, conversation)
    same = next((one for one in known if abs(one.ended_at - ended_at) <= SAME_END), None)
    if same is None and ended.only_first and known:
        same = known[0]
    if same is not None:
        return Fate("known", interaction_id=same.id)
    number = f"{conversation} ended {ended_at:%Y-%m-%dT%H:%M:%S}" if known else conversation
    served = _noted(ended, number, ended_at, door)
    for rating in ratings_without_service(door.id, conversation):
        _join(rating, served, door, at=at)
    return Fate("noted", interaction_id=served.id)


def _noted(ended: Ended, number: str, ended_at: datetime, door: Door) -> Interaction:
    person_id = _handler(ended.employee, door)
    team_id, day = credited_on(person_id, ended_at)
    values = {
        "source": door.name,
        "external_id": number[:120],
        "person_id": person_id,
        "handled_how": "explicit" if person_id is not None else None,
        "team_id": team_id,
        "touchpoint_id": door.touchpoint_id,
        "channel_id": door.channel_id,
        "customer_id": _customer(ended.customer, door),
        "ended_at": ended_at,
        "ended_on": day,
        "started_at": ended.started_at if ended.started_at and ended.started_at <= ended_at else None,
        "employee_reference": _reference(ended.employee),
        "outcome": ended.outcome,
        "created_by_id": door.made_by_id,
    }
    made = upsert(Interaction).values(**values).on_conflict_do_nothing(index_elements=["source", "external_id"])
    id = db.session.scalar(made.returning(Interaction.id))
    if id is None:  # another program has noted it this moment
        known = names.interaction_known_as(door.name, number[:120])
        id = known.id if known else 0
    return db.session.get_one(Interaction, id)


def _take_noted(reading: Reading, door: Door, *, at: datetime) -> Fate:
    """An interaction as the API takes it, with its own rules."""
    if reading.noted is None:
        return Fate("not_about")
    try:
        taken = take_interaction(reading.noted, by=door.made_by_id, at=at)
    except Invalid as error:
        fields = ", ".join(f"data.{one['field']}: {getattr(reading.noted, one['field'], '')}" for one in error.errors)
        raise NotUnderstood("unknown", fields[:300]) from None
    except Conflict:
        raise NotUnderstood("other", "data.external_id") from None
    if taken.is_new and reading.conversation:
        for rating in ratings_without_service(door.id, reading.conversation):
            _join(rating, taken.row, door, at=at)
    return Fate("noted" if taken.is_new else "known", interaction_id=taken.row.id)


def _join(rating: Rating, served: Interaction, door: Door, *, at: datetime) -> None:
    """An answer that came before word of its service: now it is about that, and credited if it still waits."""
    if rating.rated_at + SAME_END < served.ended_at or rating_of_service(served.id) is not None:
        return
    rating.interaction_id = served.id
    db.session.flush()
    _credit_late(rating, served.person_id, door, at=at)


def _credit_late(rating: Rating, person_id: int | None, door: Door, *, at: datetime) -> bool:
    """Out of the tray, unless somebody has decided by hand. Nobody is credited by their own door."""
    if rating.person_id is not None or person_id in {None, door.made_by_id} or was_reassigned(rating.id):
        return False
    reassign_rating(rating, db.session.get_one(Person, person_id), by=door.made_by_id, reason=REASON, at=at)
    if clock.week_of(rating.rated_on) < clock.week_of(at.date()):
        rollup.thaw(rating.rated_on)
    return True


def _handler(employee: tuple[str, ...], door: Door) -> int | None:
    """Whoever the payload names; the first of its ways that names one of ours."""
    people = (person_meant(reference) for reference in employee)
    person = next((one for one in people if one is not None), None)
    return person.id if person is not None and person.id != door.made_by_id else None


def _reference(employee: tuple[str, ...]) -> str | None:
    return employee[0][:120] if employee else None


def _customer(reference: str | None, door: Door) -> int | None:
    """Numbers of two helpdesks are two customers, so the door's name stands before them."""
    if not reference:
        return None
    return customer_known_as(reference if door.kind == "standard" else f"{door.name}: {reference}"[:120])


def _not_in_the_future(moment: datetime, at: datetime) -> datetime:
    if moment > at + CLOCK_SKEW:
        raise NotUnderstood("future", f"{moment:%Y-%m-%d %H:%M} UTC")
    return moment
