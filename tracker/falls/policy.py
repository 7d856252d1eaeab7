"""Who reads and who changes what the weekly check goes by. By role: it is about no person."""

from sqlalchemy import Select, false, select, true

from tracker.core.audience import Viewer
from tracker.falls.models import FallReplay
from tracker.organisation.policy import by_role


def replays_seen_by(viewer: Viewer) -> Select[FallReplay]:
    """What replays say: counts of five people or more."""
    return select(FallReplay).where(true() if by_role("fall_replay.read", viewer) else false())


def may_replay(viewer: Viewer) -> bool:
    return by_role("fall_replay.run", viewer)


def may_save(viewer: Viewer) -> bool:
    return by_role("fall_settings.edit", viewer)
