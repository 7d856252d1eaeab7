"""What may be given on the spot: kinds, what somebody may decide alone, and what is wrong with a gift. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

KINDS = ("nothing", "apology", "refund", "voucher", "replacement")
KINDS_OF_WORTH = frozenset({"refund", "voucher", "replacement"})
MOST = 10_000_000  # whole units: more is a slip of the finger


@dataclass(frozen=True)
class Gift:
    """`worth` in whole units of the company’s currency; `agreed_by`: who said yes, where somebody was asked."""

    kind: str
    worth: int | None = None
    agreed_by: int | None = None


@dataclass(frozen=True)
class Purse:
    """What one person may give in one complaint on a day. limit: without asking; None where nothing is set. currency: None before
    the company has one. already: given in this complaint so far without asking. above: (id, name) of whom they can ask."""

    limit: int | None
    currency: str | None
    already: int
    above: Sequence[tuple[int, str]]

    def is_beyond(self, worth: int) -> bool:
        return self.limit is not None and self.already + worth > self.limit

    def is_within(self, gift: Gift) -> bool | None:
        """Whether nobody had to be asked, and nobody was; None where there is no worth or no limit to hold it against."""
        if gift.worth is None or self.limit is None:
            return None
        return gift.agreed_by is None and not self.is_beyond(gift.worth)


def problem_of(gift: Gift, purse: Purse) -> str | None:
    """What is wrong, by name: needless_worth, needless_yes, no_worth, not_above, not_agreed. None: nothing.

    Nobody can say yes to whoever has nobody above them, so that they need none."""
    if gift.kind not in KINDS_OF_WORTH:
        return "needless_worth" if gift.worth is not None else "needless_yes" if gift.agreed_by is not None else None
    if purse.currency is not None and gift.worth is None:
        return "no_worth"
    if gift.agreed_by is not None and gift.agreed_by not in {person for person, _name in purse.above}:
        return "not_above"
    if gift.worth is not None and gift.agreed_by is None and purse.above and purse.is_beyond(gift.worth):
        return "not_agreed"
    return None
