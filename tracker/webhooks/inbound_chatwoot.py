"""Chatwoot's webhooks: message_updated with the answer to its survey, conversation_status_changed, and their older names."""

from typing import Any

from tracker.webhooks.inbound_values import (
    Ended,
    NotUnderstood,
    Rated,
    Reading,
    comment_in,
    dig,
    first,
    mark_in,
    moment_in,
    needed,
    people_in,
)

ANSWER = "content_attributes.submitted_values.csat_survey_response"
STATUS = {"conversation_status_changed", "conversation_resolved", "conversation_updated"}


def read(payload: dict[str, Any], _scale: str) -> Reading:
    event = needed(payload, "event").removeprefix("automation_event.")
    if event in {"message_created", "message_updated"}:
        return _message(payload, event)
    if event in STATUS:
        return _conversation(payload, event)
    return Reading(event)


def _message(payload: dict[str, Any], event: str) -> Reading:
    """Every message of every conversation comes; only one holds an answer, and only after it was given."""
    if first(payload, "content_type") != "input_csat" or not isinstance(dig(payload, ANSWER), dict):
        return Reading(event)
    mark = mark_in(payload, "stars", f"{ANSWER}.rating")
    if mark is None:
        raise NotUnderstood("missing", f"{ANSWER}.rating")
    said_at = moment_in(payload, "updated_at", "conversation.updated_at", "conversation.last_activity_at")
    rated = Rated(
        external_id=f"message {needed(payload, 'id')}",
        mark=mark,
        rated_at=said_at or moment_in(payload, "conversation.timestamp"),
        employee=_handler(payload, "conversation."),
        customer=_customer(payload, "conversation."),
        comment=comment_in(payload, f"{ANSWER}.feedback_message"),
    )
    return Reading(event, _number(payload, "conversation."), said_at, rated=rated)


def _conversation(payload: dict[str, Any], event: str) -> Reading:
    status = "resolved" if event == "conversation_resolved" else first(payload, "status", "conversation.status")
    if status != "resolved":
        return Reading(event)
    inner = "conversation." if isinstance(payload.get("conversation"), dict) else ""
    moments = [f"{inner}{name}" for name in ("updated_at", "last_activity_at", "timestamp")]
    ended = Ended(
        ended_at=moment_in(payload, *moments),
        started_at=moment_in(payload, f"{inner}created_at"),
        employee=_handler(payload, inner),
        customer=_customer(payload, inner),
        outcome="resolved",
        only_first=event == "conversation_updated",  # it comes with every label and note, also long after
    )
    return Reading(event, _number(payload, inner), ended.ended_at, ended=ended)


def _number(payload: dict[str, Any], inner: str) -> str:
    return needed(payload, f"{inner}id", f"{inner}display_id", "conversation_id")[:100]


def _handler(payload: dict[str, Any], inner: str) -> tuple[str, ...]:
    who = f"{inner}meta.assignee."
    names = [who + "email", who + "name", who + "available_name"]
    return people_in(payload, names, ids=[who + "id", f"{inner}assignee_id"], called="Chatwoot agent")


def _customer(payload: dict[str, Any], inner: str) -> str | None:
    return first(payload, f"{inner}meta.sender.id", f"{inner}contact_inbox.contact_id", "contact.id") or None
