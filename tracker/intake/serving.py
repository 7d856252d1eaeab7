"""Facts of the service behind a rating, as a file says them: how many were waiting, when it began and ended, how it ended.

They are optional, so one that cannot be read is said, and the rating is kept without it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from tracker.core.db import db, upsert
from tracker.intake.dates import Moment
from tracker.intake.rules import Rejection
from tracker.intake.storing import IN_ONE_QUESTION, Facts
from tracker.ratings.models import Interaction, Rating

LONGEST_QUEUE = 10_000
LONGEST_OUTCOME = 80


class Service(NamedTuple):
    """When it ended, in UTC and as a local day (None: when the rating was given), and what else is known of it."""

    queue_length: int | None
    started_at: datetime | None
    ended_at: datetime | None
    ended_on: date | None
    outcome: str | None


Served = Mapping[str, tuple[int, Service | str]]


def read_service(told: Sequence[str], rated_at: datetime, moment_of: Callable[[str], Moment | str]) -> Service | str:
    """The facts of one row, or what is wrong with them in a sentence. `told` is in the order of rules.SERVICE."""
    queue, began, ended, outcome = (text.strip() for text in told)
    if queue and not (queue.isdecimal() and len(queue) < 6 and int(queue) <= LONGEST_QUEUE):
        return f"The queue length “{queue[:20]}” is no number from 0 to 10,000."
    started_at, over = (moment_of(text) if text else None for text in (began, ended))
    for moment, name in ((started_at, "beginning"), (over, "end")):
        if isinstance(moment, str):
            return f"The {name} of service can’t be read: {moment}."
    ended_at = over[0] if isinstance(over, tuple) else None
    if isinstance(started_at, tuple) and started_at[0] > (ended_at or rated_at):
        return "Service began after it had ended."
    return Service(
        int(queue) if queue else None,
        started_at[0] if isinstance(started_at, tuple) else None,
        ended_at,
        over[1] if isinstance(over, tuple) else None,
        outcome[:LONGEST_OUTCOME] or None,
    )


def note_services(
    served: Served, inserted: Sequence[Facts], source: str, *, import_id: int
) -> list[tuple[int, Rejection]]:
    """Store the facts of the ratings just inserted; (line, what to say) of those that could not be read. The ratings stay."""
    facts = [fact for fact in inserted if fact.external_id in served]
    told = {fact.external_id: served[fact.external_id][1] for fact in facts}
    rows = [
        _interaction(fact, service, source, import_id)
        for fact in facts
        if isinstance(service := told[fact.external_id], Service)
    ]
    for start in range(0, len(rows), IN_ONE_QUESTION):
        some = rows[start : start + IN_ONE_QUESTION]
        known = upsert(Interaction).on_conflict_do_nothing(index_elements=["source", "external_id"])
        db.session.execute(known, some)
        _link([row["external_id"] for row in some], source, import_id)
    return [
        (line, Rejection(f"The rating is saved without the facts of its service. {problem}"))
        for line, problem in (served[fact.external_id] for fact in facts)
        if isinstance(problem, str)
    ]


def _interaction(fact: Facts, service: Service, source: str, import_id: int) -> dict[str, Any]:
    return {
        "source": source,
        "external_id": fact.external_id,
        "person_id": fact.person_id,
        "team_id": fact.team_id,
        "touchpoint_id": fact.touchpoint_id,
        "channel_id": fact.channel_id,
        "customer_id": fact.customer_id,
        "place": fact.place,
        "employee_reference": fact.employee_reference,
        "queue_length": service.queue_length,
        "started_at": service.started_at,
        "ended_at": service.ended_at or datetime.fromisoformat(f"{fact.rated_at}+00:00"),
        "ended_on": service.ended_on or date.fromisoformat(fact.rated_on),
        "outcome": service.outcome,
        "created_by_import_id": import_id,
    }


def _link(external_ids: list[str], source: str, import_id: int) -> None:
    """Each rating to the service of its own number, unless another door has brought that one's rating before."""
    same = (Interaction.source == source, Interaction.external_id == Rating.external_id)
    number = select(Interaction.id).where(*same).correlate(Rating).scalar_subquery()
    other = aliased(Rating)
    of_another = select(other.id).join(Interaction, Interaction.id == other.interaction_id).where(*same)
    is_rated = exists(of_another.correlate(Rating))
    db.session.execute(
        update(Rating)
        .where(Rating.import_id == import_id, Rating.source == source, Rating.external_id.in_(external_ids), ~is_rated)
        .values(interaction_id=number)
        .execution_options(synchronize_session=False)
    )
