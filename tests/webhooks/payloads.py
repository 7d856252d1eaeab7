"""Payloads as the helpdesks document them, with what matters to a test to be chosen."""

from typing import Any

ANSWERED_AT = "2026-11-17T08:15:00Z"
SECONDS = 1_794_903_300  # the same moment


def chatwoot_answer(
    rating: Any = 5,
    *,
    message: Any = 118,
    conversation: Any = 10,
    agent: Any = "Amina Otieno",
    words: Any = "Quick and kind",
    at: float = SECONDS,
    **values: Any,
) -> dict[str, Any]:
    """message_updated of a survey that the customer has answered."""
    answer = {"rating": rating, "feedback_message": words}
    return {
        "id": message,
        "content": "Please rate this conversation",
        "created_at": "2026-11-17T08:10:00.000Z",
        "message_type": "template",
        "content_type": "input_csat",
        "private": False,
        "content_attributes": {"submitted_values": {"csat_survey_response": answer}},
        "source_id": None,
        "sender": None,
        "inbox": {"id": 1, "name": "Acme Support"},
        "conversation": chatwoot_conversation(conversation, agent=agent, at=at),
        "account": {"id": 1, "name": "Acme Inc"},
        "event": "message_updated",
        **values,
    }


def chatwoot_resolved(
    conversation: Any = 10, *, agent: Any = "Amina Otieno", at: float = SECONDS - 600
) -> dict[str, Any]:
    return {**chatwoot_conversation(conversation, agent=agent, at=at), "event": "conversation_status_changed"}


def chatwoot_conversation(number: Any, *, agent: Any, at: float) -> dict[str, Any]:
    assignee = {"id": 1, "name": agent, "available_name": agent, "type": "user", "thumbnail": ""} if agent else None
    return {
        "additional_attributes": {
            "browser": {"browser_name": "Chrome"},
            "referer": "http://localhost:3000/widget_tests",
        },
        "can_reply": True,
        "channel": "Channel::WebWidget",
        "id": number,
        "inbox_id": 1,
        "contact_inbox": {"id": 12, "contact_id": 12, "inbox_id": 1, "source_id": "405f1d30", "hmac_verified": False},
        "messages": [{"id": 120, "content": "hi", "content_type": "text", "conversation_id": number}],
        "labels": [],
        "meta": {
            "sender": {"email": "jane@acme.example", "id": 12, "name": "jane", "type": "contact"},
            "assignee": assignee,
            "team": None,
            "hmac_verified": False,
        },
        "status": "resolved",
        "custom_attributes": {},
        "snoozed_until": None,
        "unread_count": 0,
        "timestamp": int(at),
        "created_at": SECONDS - 7_200,
        "updated_at": at + 0.25,
    }


def zendesk_event(kind: str, event: dict[str, Any], **detail: Any) -> dict[str, Any]:
    """A ticket event as Zendesk sends it by itself."""
    return {
        "account_id": 22129848,
        "detail": {
            "actor_id": "8447388090494",
            "assignee_id": "8447388090494",
            "brand_id": "8447346621310",
            "created_at": "2026-11-16T21:54:22Z",
            "custom_status": "8447320465790",
            "description": "The bike was delivered without pedals",
            "external_id": None,
            "form_id": "8646151517822",
            "group_id": "8447320466430",
            "id": "5158",
            "is_public": True,
            "organization_id": "8447346622462",
            "priority": "HIGH",
            "requester_id": "8447388090999",
            "status": "SOLVED",
            "subject": "Pedals",
            "submitter_id": "8447388090494",
            "tags": ["bike"],
            "type": "INCIDENT",
            "updated_at": ANSWERED_AT,
            "via": {"channel": "web"},
            **detail,
        },
        "event": {"meta": {"sequence": {"id": "01J", "position": 1, "total": 1}}, **event},
        "id": "cbe4028c-7239-495d-b020-f22348516046",
        "subject": "zen:ticket:5158",
        "time": ANSWERED_AT,
        "type": f"zen:event-type:ticket.{kind}",
        "zendesk_event_version": "2022-11-06",
    }


def zendesk_trigger(**values: Any) -> dict[str, Any]:
    """What the page of the door tells to write into a trigger."""
    body = {
        "ticket_id": "5158",
        "status": "Solved",
        "rating": "Good, I'm satisfied",
        "comment": "Patient with my questions",
        "assignee_email": "amina@zawadora.example",
        "assignee_name": "Amina Otieno",
        "requester_id": "8447388090999",
        "updated_at": ANSWERED_AT,
        **values,
    }
    return {name: value for name, value in body.items() if value is not None}


def freshdesk_simple(**values: Any) -> dict[str, Any]:
    """The simple content of an automation rule."""
    return {
        "freshdesk_webhook": {
            "ticket_id": 2,
            "ticket_subject": "Pedals",
            "ticket_description": "The bike came without",
            "ticket_url": "https://acme.freshdesk.com/helpdesk/tickets/2",
            "ticket_due_by_time": "November 23 2026 at 10:06 AM",
            "ticket_tags": "bike, delivery",
            "ticket_latest_public_comment": "On its way",
            "ticket_group_name": "Bikes",
            "ticket_agent_name": "Amina Otieno",
            "ticket_agent_email": "amina@zawadora.example",
            "ticket_satisfaction_survey": '<a href="https://acme.freshdesk.com/support/custom_surveys/abc">How was it?</a>',
            "ticket_status": "Resolved",
            "ticket_priority": "Medium",
            "ticket_source": "Portal",
            "requester_name": "jane",
            "triggered_event": "{status:{from:Open,to:Resolved}}",
            **values,
        }
    }


def freshdesk_answer(**values: Any) -> dict[str, Any]:
    """What the page of the door tells to write into a rule."""
    return {
        "ticket_id": 2,
        "rating": 103,
        "agent_email": "amina@zawadora.example",
        "agent_name": "Amina Otieno",
        "group": "Bikes",
        **values,
    }


def freshdesk_api(**values: Any) -> dict[str, Any]:
    """A satisfaction rating as Freshdesk's API shows one."""
    return {
        "id": 5,
        "survey_id": 1,
        "user_id": 3,
        "agent_id": 1,
        "feedback": "Feedback",
        "group_id": 2,
        "ticket_id": 2,
        "ratings": {"default_question": -103, "question_2": 103},
        "created_at": ANSWERED_AT,
        "updated_at": ANSWERED_AT,
        **values,
    }


def standard(kind: str = "rating.created", *, timestamp: str = ANSWERED_AT, **data: Any) -> dict[str, Any]:
    given = {"external_id": "answer-1", "rated_at": ANSWERED_AT, "stars": 5, "employee": "N-0412", **data}
    return {
        "type": kind,
        "timestamp": timestamp,
        "data": {name: value for name, value in given.items() if value is not None},
    }
