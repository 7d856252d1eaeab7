"""Who else helped, as a file says it: noted with the ratings that are new."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, select

from tracker.core.db import db
from tracker.intake.rules import Rejection
from tracker.intake.storing import IN_ONE_QUESTION, Facts
from tracker.ratings.ledger_models import Contribution
from tracker.ratings.models import Rating

Helped = Mapping[str, tuple[int, set[int], list[str]]]


def note_helpers(
    helped: Helped, inserted: Sequence[Facts], source: str, *, by: int | None, at: datetime
) -> list[tuple[int, Rejection]]:
    """Store who helped with the ratings just inserted; (line, what to say) of names that are nobody's. The ratings stay."""
    handlers = {fact.external_id: fact.person_id for fact in inserted if fact.external_id in helped}
    ids = _ids(sorted(handlers), source)
    rows = [
        {"rating_id": ids[external_id], "person_id": person, "by_id": by, "at": at}
        for external_id, handler in handlers.items()
        for person in sorted(helped[external_id][1] - {handler})
    ]
    if rows:
        db.session.execute(insert(Contribution), rows)
    unknown = [(line, names) for line, _people, names in (helped[key] for key in handlers) if names]
    return [
        (line, Rejection(f"The rating is saved. Who helped is not known here: {', '.join(names)}"))
        for line, names in unknown
    ]


def _ids(external_ids: list[str], source: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(external_ids), IN_ONE_QUESTION):
        some = external_ids[start : start + IN_ONE_QUESTION]
        rows = select(Rating.external_id, Rating.id).where(Rating.source == source, Rating.external_id.in_(some))
        found.update(dict(db.session.execute(rows).all()))
    return found
