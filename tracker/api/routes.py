"""Version 1 of the API."""

from typing import Any

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.api import actions, policy, queries, reviewing
from tracker.api.clients import scoped, token
from tracker.api.cursors import after_of, next_cursor
from tracker.api.described import described, document
from tracker.api.invitation_schemas import InvitationKept
from tracker.api.once import answered_once
from tracker.api.pulse import PulseResultPage, pulse_page
from tracker.api.pulse_actions import PulseActionPage, action_page
from tracker.api.schemas import (
    InteractionIn,
    InteractionKept,
    InteractionOut,
    InteractionPage,
    PageQuery,
    PersonOut,
    PersonPage,
    RatingIn,
    RatingKept,
    RatingOut,
    RatingPage,
    ReviewIn,
    ReviewKept,
)
from tracker.api.scores import ScorePage, score_page
from tracker.api.transfer_schemas import TransferIn, TransferKept
from tracker.core import clock
from tracker.core.audience import Blueprint, api_clients, public, viewer
from tracker.core.db import SAFE_METHODS
from tracker.core.errors import Refused
from tracker.invitations.models import Invitation
from tracker.organisation.models import Person
from tracker.ratings.ledger_models import Transfer
from tracker.ratings.models import Interaction, Rating
from tracker.ratings.policy import cards_seen_by

BODY_BYTES = 200_000
Answer = tuple[dict[str, Any], int]
bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.before_request
def _read_body() -> None:
    """Refuse what is no JSON (415, 400) or too long (413) before anything else looks at it."""
    if request.method in SAFE_METHODS:
        return
    request.max_content_length = BODY_BYTES
    request.get_json()


@bp.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    return jsonify(document(current_app))


@bp.post("/interactions")
@api_clients
@scoped("interactions:write")
@answered_once
@described("interactions:write", HTTP_200=InteractionKept, HTTP_201=InteractionKept, json=InteractionIn)
def send_interaction(json: InteractionIn) -> Answer:
    """Note that a customer was served

    Who handled it is frozen here. The same source and external_id with the same content answers the same interaction (200). With a
    contact the customer is asked for a rating after service has ended, unless something speaks against it; the answer says which.
    """
    if not policy.may_send_interactions(viewer()):
        raise Refused(_("Whoever made this token may not do that."))
    taken = actions.take_interaction(json, by=token().made_by_id, at=clock.now())
    row: Interaction = taken.row
    kept = InteractionKept(
        id=row.id,
        source=json.source,
        external_id=json.external_id,
        state="unknown" if row.person_id is None else "known",
        invitation=_invitation(taken.invitation) if taken.invitation else None,
    )
    return kept.model_dump(mode="json"), 201 if taken.is_new else 200


@bp.post("/interactions/transfers")
@api_clients
@scoped("interactions:write")
@answered_once
@described("interactions:write", HTTP_200=TransferKept, HTTP_201=TransferKept, json=TransferIn)
def send_transfer(json: TransferIn) -> Answer:
    """Note that somebody else has an interaction now

    Before service ended, who has it now becomes the handler. After that the handler stays who it was, and a rating keeps its
    credit and is marked. The same interaction, moment and employee again is the same entry (200).
    """
    if not policy.may_send_interactions(viewer()):
        raise Refused(_("Whoever made this token may not do that."))
    taken = actions.take_transfer(json, by=token().made_by_id, at=clock.now())
    row: Transfer = taken.row
    state: Any = "noted_after_rating" if row.after_rating else "noted"
    if row.moved_handler:
        state = "handler_changed"
    kept = TransferKept(id=row.id, source=json.source, external_id=json.external_id, state=state)
    return kept.model_dump(mode="json"), 201 if taken.is_new else 200


@bp.post("/ratings")
@api_clients
@scoped("ratings:write")
@answered_once
@described("ratings:write", HTTP_200=RatingKept, HTTP_201=RatingKept, json=RatingIn)
def send_rating(json: RatingIn) -> Answer:
    """Bring in a customer’s answer

    What names nobody known waits in the tray. The same source and external_id with the same content answers the same rating
    (200). An interaction keeps the first rating it gets: a second one answers that first one, with the state rated_before.
    """
    if not policy.may_send_ratings(viewer()):
        raise Refused(_("Whoever made this token may not do that."))
    taken = actions.take_rating(json, by=token().made_by_id, at=clock.now())
    row: Rating = taken.row
    state: Any = "waiting" if row.person_id is None else "credited"
    if (row.source, row.external_id) != (json.source, json.external_id):
        state = "rated_before"
    kept = RatingKept(id=row.id, source=row.source, external_id=row.external_id, state=state)
    return kept.model_dump(mode="json"), 201 if taken.is_new else 200


@bp.post("/reviews")
@api_clients
@scoped("reviews:write")
@answered_once
@described("reviews:write", HTTP_200=ReviewKept, HTTP_201=ReviewKept, json=ReviewIn)
def send_review(json: ReviewIn) -> Answer:
    """Bring in a public review or mention

    It counts in nobody’s score. Who leads its team is told, and an answer is due within 2 working days. The same source and
    external_id with the same content answers the same review (200).
    """
    if not policy.may_send_reviews(viewer()):
        raise Refused(_("Whoever made this token may not do that."))
    row, is_new = reviewing.take_sent_review(json, by=token().made_by_id, at=clock.now())
    kept = ReviewKept(
        id=row.id, source=row.source, external_id=row.external_id, state="team" if row.team_id else "waiting"
    )
    return kept.model_dump(mode="json"), 201 if is_new else 200


@bp.get("/interactions")
@api_clients
@scoped("ratings:read")
@described("ratings:read", HTTP_200=InteractionPage)
def list_interactions(query: PageQuery) -> Answer:
    """List interactions

    In the order of arrival, as far as whoever made the token may see them.
    """
    scope = policy.interactions_read_by(viewer())
    rows, further = queries.interaction_page(scope, after=after_of("interactions", query), limit=query.limit)
    page = InteractionPage(data=[_interaction(row) for row in rows], next_cursor=next_cursor("interactions", further))
    return page.model_dump(mode="json"), 200


@bp.get("/ratings")
@api_clients
@scoped("ratings:read")
@described("ratings:read", HTTP_200=RatingPage)
def list_ratings(query: PageQuery) -> Answer:
    """List ratings

    In the order of arrival, as far as whoever made the token may see them: own ones, those of people led in the present tenure,
    and what waits in the tray. The admin role by itself opens no rating of anybody.
    """
    scope = policy.ratings_read_by(viewer())
    rows, further = queries.rating_page(scope, after=after_of("ratings", query), limit=query.limit)
    page = RatingPage(data=[_rating(row) for row in rows], next_cursor=next_cursor("ratings", further))
    return page.model_dump(mode="json"), 200


@bp.get("/people")
@api_clients
@scoped("people:read")
@described("people:read", HTTP_200=PersonPage)
def list_people(query: PageQuery) -> Answer:
    """List people

    Everybody in the directory, in the order in which they were added, with the team of today.
    """
    scope = policy.people_read_by(viewer())
    after = after_of("people", query)
    rows, further = queries.person_page(scope, on=viewer().today, after=after, limit=query.limit)
    page = PersonPage(data=[_person(*row) for row in rows], next_cursor=next_cursor("people", further))
    return page.model_dump(mode="json"), 200


@bp.get("/scores")
@api_clients
@scoped("scores:read")
@described("scores:read", HTTP_200=ScorePage)
def list_scores(query: PageQuery) -> Answer:
    """List scores

    One for each person whose score the maker of the token reads in the pages: the own one, and those of people led, a day after
    each person has seen it. The admin role by itself opens nobody’s score.
    """
    scope = cards_seen_by(viewer())
    rows, further = score_page(scope, viewer(), after=after_of("scores", query), limit=query.limit)
    return ScorePage(data=rows, next_cursor=next_cursor("scores", further)).model_dump(mode="json"), 200


@bp.get("/pulse/results")
@api_clients
@scoped("pulse:read")
@described("pulse:read", HTTP_200=PulseResultPage)
def list_pulse_results(query: PageQuery) -> Answer:
    """List results of the pulse

    Closed rounds, at most five at a time, each with every question in every group that the maker of the token reads about in the
    pages. What is hidden to protect people is hidden here too.
    """
    rows, further = pulse_page(viewer(), after=after_of("pulse", query), limit=query.limit)
    return PulseResultPage(data=rows, next_cursor=next_cursor("pulse", further)).model_dump(mode="json"), 200


@bp.get("/pulse/actions")
@api_clients
@scoped("pulse:read")
@described("pulse:read", HTTP_200=PulseActionPage)
def list_pulse_actions(query: PageQuery) -> Answer:
    """List actions about results of the pulse

    Those that the maker of the token reads in the pages, each with the figure that is to move, where the maker reads that too.
    """
    rows, further = action_page(viewer(), after=after_of("pulse-actions", query), limit=query.limit)
    return PulseActionPage(data=rows, next_cursor=next_cursor("pulse-actions", further)).model_dump(mode="json"), 200


def _invitation(row: Invitation) -> InvitationKept:
    state: Any = "skipped" if row.skipped_at else "asked" if row.asked_at else "planned"
    reason: Any = row.skip_reason
    return InvitationKept(state=state, due_at=None if row.skipped_at else row.due_at, reason=reason)


def _interaction(row: Interaction) -> InteractionOut:
    return InteractionOut(
        id=row.id,
        source=row.source,
        external_id=row.external_id,
        staff_number=row.person.staff_number if row.person else None,
        employee_reference=row.employee_reference,
        touchpoint=row.touchpoint.name if row.touchpoint else None,
        channel=row.channel.name if row.channel else None,
        place=row.place,
        started_at=row.started_at,
        ended_at=row.ended_at,
        queue_length=row.queue_length,
        outcome=row.outcome,
        invited_at=row.invited_at,
    )


def _rating(row: Rating) -> RatingOut:
    """What waits in the tray comes as the tray shows it: without the customer's words and what they are about."""
    is_credited = row.person_id is not None
    return RatingOut(
        id=row.id,
        source=row.source,
        external_id=row.external_id,
        state="credited" if is_credited else "waiting",
        rated_at=row.rated_at,
        stars=row.stars,
        value=row.original_value,
        scale=row.original_scale,
        staff_number=row.person.staff_number if row.person else None,
        employee_reference=row.employee_reference,
        touchpoint=row.touchpoint.name if row.touchpoint else None,
        channel=row.channel.name if row.channel else None,
        comment=row.words if is_credited else None,
        drivers=row.drivers if is_credited else [],
        emotions=row.emotions if is_credited else [],
        excluded=row.excluded_at is not None,
    )


def _person(row: Person, team: str | None) -> PersonOut:
    return PersonOut(
        id=row.id,
        staff_number=row.staff_number,
        name=row.name,
        team=team,
        started_on=row.started_on,
        ended_on=row.ended_on,
    )
