"""What pages say of the viewer's own limit. Several ask for it, so it is no view's own."""

from tracker.core.audience import Viewer
from tracker.recovery import limit_sentences
from tracker.recovery.limits import limits_at, own_limit
from tracker.recovery.policy import reads_own_limit


def own_limit_words(viewer: Viewer) -> str | None:
    """One sentence; None where nothing is set in the whole company. At most four queries."""
    if not reads_own_limit():
        return None
    limits = limits_at(viewer.at)
    if limits.currency is None:
        return None
    return limit_sentences.own(own_limit(limits, viewer.person_id, viewer.today), limits.currency)
