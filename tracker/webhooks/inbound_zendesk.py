"""Zendesk's webhooks: ticket events as it sends them by itself, and the JSON body of a trigger as our page tells to write it."""

from typing import Any

from tracker.webhooks.inbound_values import (
    Ended,
    NotUnderstood,
    Rated,
    Reading,
    comment_in,
    first,
    mark_in,
    moment_in,
    needed,
    people_in,
)

EVENTS = "zen:event-type:"
OVER = {"solved", "closed"}
SCORES = tuple(
    f"event.{name}"
    for name in (
        "satisfaction_score.score",
        "satisfaction_rating.score",
        "satisfaction_score",
        "current.score",
        "current",
        "score",
        "rating",
    )
)
MARKS = (
    "rating",
    "score",
    "satisfaction.current_rating",
    "satisfaction_rating.score",
    "satisfaction_rating",
    "satisfaction_score",
    "ticket.satisfaction_rating.score",
    "ticket.satisfaction_rating",
    "ticket.satisfaction_score",
)
COMMENTS = (
    "comment",
    "satisfaction.current_comment",
    "satisfaction_rating.comment",
    "satisfaction_comment",
    "ticket.satisfaction_rating.comment",
    "ticket.satisfaction_comment",
)
PEOPLE = (
    "assignee_email",
    "assignee.email",
    "ticket.assignee_email",
    "ticket.assignee.email",
    "assignee_name",
    "assignee.name",
    "ticket.assignee_name",
    "ticket.assignee.name",
)
AGENT = "Zendesk agent"


def read(payload: dict[str, Any], scale: str) -> Reading:
    kind = first(payload, "type")
    return _event(payload, kind.removeprefix(EVENTS), scale) if kind.startswith(EVENTS) else _trigger(payload, scale)


def _event(payload: dict[str, Any], event: str, scale: str) -> Reading:
    if event not in {"ticket.status_changed", "ticket.csat_received"}:
        return Reading(event)
    said_at = moment_in(payload, "time", "detail.updated_at")
    employee = people_in(payload, (), ids=("detail.assignee_id",), called=AGENT)
    customer = first(payload, "detail.requester_id") or None
    if event == "ticket.status_changed":
        now, before = first(payload, "event.current", "detail.status"), first(payload, "event.previous")
        if now.casefold() not in OVER or before.casefold() in OVER:
            return Reading(event)
        ended = Ended(said_at, None, employee, customer, outcome=now.casefold())
        return Reading(event, needed(payload, "detail.id")[:100], said_at, ended=ended)
    mark = mark_in(payload, scale, *SCORES)
    if mark is None:
        raise NotUnderstood("missing", SCORES[0])
    ticket = needed(payload, "detail.id")[:100]
    comment = comment_in(
        payload, "event.satisfaction_score.comment", "event.satisfaction_rating.comment", "event.comment"
    )
    rated = Rated(f"ticket {ticket}", mark, said_at, employee, customer=customer, comment=comment)
    return Reading(event, ticket, said_at, rated=rated)


def _trigger(payload: dict[str, Any], scale: str) -> Reading:
    ticket = needed(payload, "ticket_id", "ticket.id", "id")[:100]
    said_at = moment_in(payload, "updated_at", "ticket.updated_at", "ticket.updated_at_with_timestamp", "time")
    employee = people_in(payload, PEOPLE, ids=("assignee_id", "ticket.assignee_id", "ticket.assignee.id"), called=AGENT)
    customer = first(payload, "requester_id", "ticket.requester_id", "ticket.requester.id", "requester.id") or None
    mark, status = mark_in(payload, scale, *MARKS), first(payload, "status", "ticket.status").casefold()
    if mark is not None:
        rated = Rated(
            f"ticket {ticket}", mark, said_at, employee, customer=customer, comment=comment_in(payload, *COMMENTS)
        )
        return Reading("rating", ticket, said_at, rated=rated)
    if status in OVER:
        ended = Ended(said_at, None, employee, customer, outcome=status, only_first=status == "closed")
        return Reading("ticket over", ticket, said_at, ended=ended)
    if not status and not any(first(payload, place) for place in MARKS):
        raise NotUnderstood("missing", "rating / status")
    return Reading("ticket")
