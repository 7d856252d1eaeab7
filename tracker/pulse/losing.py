"""When a round can never be counted, mostly because its key is gone: it ends as lost, and HR is told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.pulse.closing import lose_round
from tracker.pulse.keys import KeyGone, key
from tracker.pulse.models import PulseRound
from tracker.pulse.preparing import tell_hr


@dataclass(frozen=True)
class Lost:
    round_id: int
    month: str  # 2026-11


def running_round() -> PulseRound | None:
    """The round that is open or being counted; there is at most one."""
    return db.session.scalar(select(PulseRound).where(PulseRound.is_running.is_(True)))


def key_is_readable(pulse_round: PulseRound) -> bool:
    try:
        return pulse_round.key_name is not None and bool(key(pulse_round.key_name))
    except KeyGone:
        return False


def lose_unreadable(*, uncounted: bool = False, at: datetime) -> Lost | None:
    """End the running round where its key is gone; None where no round runs. Conflict where the key can be read: then nothing is lost.

    uncounted: also where its key is there, if it has been ended and stands uncounted, since the boxes in it are not those of the
    people who have answered.
    """
    found = running_round()
    if found is None:
        return None
    if key_is_readable(found) and not (uncounted and found.state == "closing"):
        raise Conflict("The key of the running round can be read, so nothing is lost. Close it on its page.")
    if not lose_round(found.id, at=at):
        return None
    tell_hr("pulse.lost", found, at=at)
    return Lost(found.id, found.month.strftime("%Y-%m"))
