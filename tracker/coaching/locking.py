"""One at a time: whoever writes on a case keeps it as it is meanwhile."""

from tracker.coaching.models import CoachingCase
from tracker.core.db import db
from tracker.core.errors import Conflict


def still_open(case: CoachingCase) -> None:
    """See the case as it is now and keep it so: of two who write at once, the second finds what the first did."""
    lock(case)
    if case.closed_at:
        raise Conflict("This case is closed.")


def lock(case: CoachingCase) -> None:
    db.session.flush()  # a refresh would throw away what this transaction has not written yet
    db.session.refresh(case, with_for_update={"of": CoachingCase})
