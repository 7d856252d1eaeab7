"""The open round as whoever may answer it sees it, and how they stand towards it. Of others it says nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.pulse.bank import Item
from tracker.pulse.models import PulseCode, PulseMember, PulseRound
from tracker.pulse.policy import rounds_open
from tracker.pulse.queries import items_of

MINUTES_FOR = 3  # questions answered in a minute


@dataclass(frozen=True)
class Asked:
    """An open round with its frozen questions."""

    id: int
    month: date
    closes_at: datetime
    items: tuple[Item, ...]
    k_score: int
    k_comment: int

    @property
    def minutes(self) -> int:
        """About how long it takes."""
        return -(-len(self.items) // MINUTES_FOR)


class Standing(StrEnum):
    """How somebody who is signed in stands towards the open round."""

    ASKED = "asked"
    ANSWERED = "answered"
    BY_CODE = "by code"
    NOT_ASKED = "not asked"
    NONE = "none"  # no round is open


def standing_of(viewer: Viewer) -> tuple[Standing, Asked | None]:
    """Where the viewer stands: that much they may know of themselves."""
    found = db.session.scalar(rounds_open(viewer))
    if found is None:
        return Standing.NONE, None
    own = select(PulseMember.answered, PulseMember.by_code)
    member = db.session.execute(
        own.where(PulseMember.round_id == found.id, PulseMember.person_id == viewer.person_id)
    ).first()
    if member is None:
        return Standing.NOT_ASKED, _asked(found)
    if member.by_code:
        return Standing.BY_CODE, _asked(found)
    return Standing.ANSWERED if member.answered else Standing.ASKED, _asked(found)


def asked_by_code(code_hash: str) -> Asked | None:
    """The open round of a slip, used or not; None for every other code there could be.

    Whoever prints or lays out slips could keep their codes. Were a used one told from a fresh one before it is sent, they could look
    again and again how many of a team have answered, and of a slip that is alone in its team who has.
    """
    slip = select(PulseCode.round_id).where(PulseCode.hash == code_hash)
    found = db.session.scalar(select(PulseRound).where(PulseRound.id.in_(slip), PulseRound.state == "open"))
    return _asked(found) if found else None


def is_slip(code_hash: str) -> bool:
    """Whether it is or was a slip: trying it again, as a reload does, is no guess."""
    return db.session.scalar(select(PulseCode.hash).where(PulseCode.hash == code_hash)) is not None


def next_opening(after: datetime) -> datetime | None:
    """When the next planned round opens."""
    planned = select(PulseRound.opens_at).where(PulseRound.state == "planned", PulseRound.opens_at > after)
    return db.session.scalar(planned.order_by(PulseRound.opens_at).limit(1))


def _asked(found: PulseRound) -> Asked:
    return Asked(found.id, found.month, found.closes_at, items_of(found), found.k_score, found.k_comment)
