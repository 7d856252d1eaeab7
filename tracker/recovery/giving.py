"""Writing down what a customer was given, beside the line of the history that says so."""

from datetime import datetime

from flask_babel import gettext as _

from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.notifications.actions import tell
from tracker.recovery.giving_rules import Gift, problem_of
from tracker.recovery.limit_models import Given
from tracker.recovery.limits import purse_of
from tracker.recovery.models import RecoveryEntry


def note_gift(entry: RecoveryEntry, gift: Gift | None, *, by: int, at: datetime) -> None:
    """Nothing where nothing was said. The line's own action records it: no amount stands in the audit.

    The limit of that moment is kept with it, since the company may choose another tomorrow. Whoever is said to have agreed is told."""
    if gift is None:
        return
    purse = purse_of(entry.case_id, by, at=at)
    if problem_of(gift, purse) is not None:
        raise Invalid(_("What was given does not go together with your limit of today. Look at it once more."))
    db.session.add(
        Given(
            entry_id=entry.id,
            case_id=entry.case_id,
            by_id=by,
            kind=gift.kind,
            worth=gift.worth,
            currency=purse.currency if gift.worth is not None else None,
            own_limit=purse.limit,
            agreed_by_id=gift.agreed_by,
            is_within=purse.is_within(gift),
        )
    )
    db.session.flush()
    if gift.agreed_by is not None and gift.agreed_by != by:
        tell("recovery.agreed", to=gift.agreed_by, key=f"recovery|agreed|{entry.id}", at=at, about_id=entry.id)
