"""What must hold before a round can open by itself or by hand."""

from dataclasses import dataclass
from datetime import datetime

from tracker.pulse.bank import Item, item_from
from tracker.pulse.models import PulseRound
from tracker.pulse.round_queries import OWN, Staff, overlapping
from tracker.pulse.rules import is_long_enough

LANGUAGES = ("en", "sw", "fr")  # those that staff answer in


@dataclass(frozen=True)
class Missing:
    """A question without its text in a language. question_id: of one that HR wrote."""

    item: Item
    language: str
    question_id: int | None


@dataclass(frozen=True)
class Checks:
    """What stands in the way: nothing when all is well."""

    missing: list[Missing]
    overlaps: PulseRound | None
    too_few: bool
    too_short: bool  # its days have passed, or too few of them are left

    @property
    def are_met(self) -> bool:
        return not self.overlaps and self.can_ever_open

    @property
    def can_ever_open(self) -> bool:
        """Whether waiting for another round to end could be enough."""
        return not (self.missing or self.too_few or self.too_short)


def checks_of(pulse_round: PulseRound, staff: Staff, *, at: datetime) -> Checks:
    items = [item_from(stored) for stored in pulse_round.items]
    return Checks(
        missing=[_missing(item, code) for item in items for code in LANGUAGES if not item.texts.get(code)],
        overlaps=overlapping(pulse_round.opens_at, pulse_round.closes_at, but=pulse_round.id),
        too_few=staff.people < pulse_round.k_score,
        too_short=not is_long_enough(max(pulse_round.opens_at, at), pulse_round.closes_at),
    )


def _missing(item: Item, language: str) -> Missing:
    own = item.key.removeprefix(OWN)
    return Missing(item, language, int(own) if own != item.key else None)
