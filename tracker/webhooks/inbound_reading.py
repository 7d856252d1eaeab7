"""What a stored body is about, by the kind of its door."""

import json
from typing import Any

from tracker.webhooks import inbound_chatwoot, inbound_freshdesk, inbound_standard, inbound_zendesk
from tracker.webhooks.inbound_values import NotUnderstood, Reading, first

# Where a body may hold what a customer thought of somebody; shown to nobody but that person and who leads them.
CONFIDENTIAL = {
    *(
        "rating",
        "ratings",
        "score",
        "stars",
        "value",
        "satisfaction_score",
        "current",
        "current_rating",
        "survey_rating",
    ),
    *("survey_result", "comment", "feedback", "feedback_message", "current_comment", "content", "drivers", "emotions"),
    *("satisfaction_rating", "satisfaction_comment", "ticket_survey_rating", "ticket_rating", "csat_survey_response"),
}
HIDDEN = "…"


def read(kind: str, name: str, scale: str, body: str) -> Reading:
    """Raises NotUnderstood with the field that is to blame."""
    payload = parsed(body)
    match kind:
        case "chatwoot":
            return inbound_chatwoot.read(payload, scale)
        case "zendesk":
            return inbound_zendesk.read(payload, scale)
        case "freshdesk":
            return inbound_freshdesk.read(payload, scale)
        case _:
            return inbound_standard.read(payload, name)


def parsed(body: str) -> dict[str, Any]:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise NotUnderstood("not_json", "") from None
    if not isinstance(payload, dict):
        raise NotUnderstood("not_json", "")
    return payload


def event_in(body: str) -> str | None:
    """What a body that cannot be read calls itself, where it says so."""
    try:
        return first(parsed(body), "event", "type")[:80] or None
    except NotUnderstood:
        return None


def pretty(body: str, *, without_words: bool) -> str:
    """A body to look at. `without_words`: of one that became somebody's rating, without the mark and the customer's words."""
    try:
        payload = parsed(body)
        return json.dumps(_hidden(payload) if without_words else payload, indent=2, ensure_ascii=False)
    except (NotUnderstood, RecursionError):
        return HIDDEN if without_words else body


def _hidden(value: Any, name: str = "") -> Any:
    if name in CONFIDENTIAL and value not in (None, ""):
        return HIDDEN
    if isinstance(value, dict):
        return {key: _hidden(inner, key) for key, inner in value.items()}
    return [_hidden(inner) for inner in value] if isinstance(value, list) else value
