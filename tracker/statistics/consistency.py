"""How many customers are happy every time, told by their last three ratings (STATISTICS.md section 6).

Exactly three: with all ratings of a customer the share would fall with the number of ratings alone, for the same customers. Customers
are the unit, each counted once, so Wilson's range of a share holds as it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

from tracker.statistics.proportions import newcombe, wilson

LAST = 3
FEWEST_CUSTOMERS = 30


@dataclass(frozen=True)
class Consistency:
    """Of n customers, `always` were happy all of their last three times. Shares lie between 0 and 1; nan where n is 0.

    low, high: the 95 % range of the share. happy: share of happy ones among all 3n ratings; chance: what share would be happy every
    time if that were every customer's chance each time, that is happy cubed. enough: there are customers enough to show a share.
    """

    n: int
    always: int
    share: float
    low: float
    high: float
    happy: float
    chance: float
    enough: bool


def consistency_of(customers_by_happy: Sequence[int]) -> Consistency:
    """customers_by_happy: how many customers were happy none, one, two and all of their last three times."""
    none, one, two, always = customers_by_happy
    n = none + one + two + always
    if n == 0:
        return Consistency(0, 0, nan, nan, nan, nan, nan, enough=False)
    low, high = wilson(always, n)
    happy = (one + 2 * two + LAST * always) / (LAST * n)
    return Consistency(n, always, always / n, low, high, happy, happy**LAST, enough=n >= FEWEST_CUSTOMERS)


def change(now: Consistency, before: Consistency) -> tuple[float, float]:
    """The 95 % range of now minus before, each end between -1 and 1; nan where either holds nobody.

    As if other customers had been asked. Those who are in both years make it a little too wide, never too narrow.
    """
    return newcombe(now.always, now.n, before.always, before.n)
