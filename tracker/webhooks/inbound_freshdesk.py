"""Freshdesk's webhooks: the simple content of an automation rule, our own JSON of one, and its API's satisfaction ratings.

Freshdesk has no placeholder for the mark a customer gave, so our page asks for one rule for each answer, with the mark written in.
"""

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

OVER = {"resolved", "closed", "4", "5"}
MARKS = (
    "rating",
    "survey_rating",
    "ticket_survey_rating",
    "ticket_rating",
    "survey_result",
    "ratings.default_question",
    "rating.default_question",
)
PEOPLE = ("ticket_agent_email", "agent_email", "agent.email", "ticket_agent_name", "agent_name", "agent.name")
MOMENTS = ("updated_at", "ticket_updated_at", "created_at")


def read(payload: dict[str, Any], scale: str) -> Reading:
    inner = next(
        (payload[name] for name in ("freshdesk_webhook", "satisfaction_rating") if isinstance(payload.get(name), dict)),
        None,
    )
    given = {**payload, **inner} if inner is not None else payload
    ticket = needed(given, "ticket_id", "ticket.id", "id")[:100]
    said_at = moment_in(given, *MOMENTS)
    employee = people_in(given, PEOPLE, ids=("agent_id", "responder_id"), called="Freshdesk agent")
    customer = first(given, "requester_id", "user_id", "ticket_requester_unique_external_id", "contact_id") or None
    mark, status = mark_in(given, scale, *MARKS), first(given, "ticket_status", "status").casefold()
    if mark is not None:
        comment = comment_in(given, "feedback", "comment", "survey_comment", "ticket_survey_comment")
        rated = Rated(f"ticket {ticket}", mark, said_at, employee, customer=customer, comment=comment)
        return Reading("rating", ticket, said_at, rated=rated)
    if status in OVER:
        is_closed = status in {"closed", "5"}
        outcome = "closed" if is_closed else "resolved"
        ended = Ended(said_at, None, employee, customer, outcome=outcome, only_first=is_closed)
        return Reading("ticket over", ticket, said_at, ended=ended)
    if not status and not any(first(given, place) for place in MARKS):
        raise NotUnderstood("missing", "rating / ticket_status")
    return Reading("ticket")
