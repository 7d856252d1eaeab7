"""Changing what comes how. Everybody changes only their own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.notifications.choice_models import NotificationChoice, QuietHours
from tracker.notifications.groups import BY_KEY
from tracker.notifications.quiet_rules import Quiet
from tracker.organisation.models import Person


def choose(person_id: int, chosen: Mapping[str, tuple[str, bool]], *, at: datetime) -> None:
    """`chosen`: group -> (mail, push). What must reach somebody by mail stays as it is, whatever was sent."""
    for group, (mail, push) in sorted(chosen.items()):
        kept = "auto" if BY_KEY[group].must_reach else mail
        _put(NotificationChoice, {"person_id": person_id, "group": group}, {"mail": kept, "push": push})
    record("notifications.chosen", by=person_id, about=db.session.get_one(Person, person_id), person=person_id, at=at)


def keep_quiet(person_id: int, quiet: Quiet, *, at: datetime) -> None:
    _put(QuietHours, {"person_id": person_id}, vars(quiet))
    record(
        "notifications.quiet_set", by=person_id, about=db.session.get_one(Person, person_id), person=person_id, at=at
    )


def _put(table: Any, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    made = upsert(table).values(**key, **values)
    db.session.execute(made.on_conflict_do_update(index_elements=list(key), set_=dict(values)))
