"""Whatever speaks Standard Webhooks: {"type", "timestamp", "data"}, with data as the API takes it."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tracker.api.rules import stars_of, value_text
from tracker.api.schemas import InteractionIn, RatingIn
from tracker.webhooks.inbound_values import Mark, NotUnderstood, Rated, Reading, moment_of, needed

RATINGS = {"rating.created", "rating.updated"}
INTERACTIONS = {"interaction.ended", "interaction.created"}
Body = TypeVar("Body", bound=BaseModel)


def read(payload: dict[str, Any], name: str) -> Reading:
    """`name`: the door's own, which is the source of all it brings."""
    kind = needed(payload, "type")[:80]
    if kind not in RATINGS | INTERACTIONS:
        return Reading(kind)
    data = payload.get("data")
    if not isinstance(data, dict):
        raise NotUnderstood("missing", "data")
    if data.get("source", name) != name:
        raise NotUnderstood("source", f"data.source: {str(data['source'])[:60]}")
    said_at = moment_of(payload.get("timestamp"))
    if kind in INTERACTIONS:
        noted = _checked(InteractionIn, {**data, "source": name})
        return Reading(kind, noted.external_id[:100], said_at or noted.ended_at, noted=noted)
    given = _checked(RatingIn, {**data, "source": name})
    number = given.interaction.external_id[:100] if given.interaction else None
    return Reading(kind, number, said_at or given.rated_at, rated=_rated(given))


def _checked(model: type[Body], data: dict[str, Any]) -> Body:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = [f"data.{'.'.join(map(str, fault['loc']))}".rstrip(".") for fault in error.errors()]
        is_missing = all(fault["type"] == "missing" for fault in error.errors())
        raise NotUnderstood("missing" if is_missing else "wrong", ", ".join(faults)[:300]) from None


def _rated(given: RatingIn) -> Rated:
    mark = Mark(given.stars or 0, str(given.stars), "stars")
    if given.value is not None and given.scale is not None:
        mark = Mark(stars_of(given.value, given.scale), value_text(given.value), given.scale)
    return Rated(
        external_id=given.external_id,
        mark=mark,
        rated_at=given.rated_at,
        employee=(given.employee,) if given.employee else (),
        interaction=(given.interaction.source, given.interaction.external_id) if given.interaction else None,
        customer=given.customer,
        comment=given.comment,
        drivers=list(given.drivers),
        emotions=list(given.emotions),
        touchpoint=given.touchpoint,
        channel=given.channel,
    )
