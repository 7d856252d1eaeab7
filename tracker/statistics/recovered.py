"""How many customers were won back, when not all of them say.

Whoever does not answer may have been won back or not, so the share lies between two bounds (the “worst case” bounds of Manski,
1989): nobody of the silent, or all of them. Each bound has the uncertainty of a count (Wilson, 1927). Only the range as a whole is
true without a guess about the silent; the share among those who answered is not the share.
"""

from dataclasses import dataclass

from tracker.statistics.proportions import wilson

FEWEST_CLOSED = 5


@dataclass(frozen=True)
class Recovered:
    """closed: cases that could have been answered; answered of them; recovered of those. lowest and highest: shares 0..1."""

    closed: int
    answered: int
    recovered: int
    lowest: float
    highest: float


def recovered_range(closed: int, answered: int, recovered: int) -> Recovered | None:
    """The range of the share won back; None below five closed cases, of which nothing can be told.

    ValueError unless 0 <= recovered <= answered <= closed."""
    if not 0 <= recovered <= answered <= closed:
        raise ValueError("recovered <= answered <= closed must hold.")
    if closed < FEWEST_CLOSED:
        return None
    lowest, _high = wilson(recovered, closed)
    _low, highest = wilson(recovered + closed - answered, closed)
    return Recovered(closed, answered, recovered, lowest, highest)
