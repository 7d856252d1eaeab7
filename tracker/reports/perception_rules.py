"""What may be said of how far staff and customers lie apart. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from tracker.reports.ranges import Apart, Share, Verdict, are_enough, outwards, verdict
from tracker.statistics.proportions import Sums, effective_n_of, newcombe, wilson


class Finding(StrEnum):
    """All that sentence, drawing and file may claim."""

    STAFF_HIGHER = "staff higher"
    CUSTOMERS_HIGHER = "customers higher"
    UNCLEAR = "unclear"
    TOO_FEW = "too few"
    HIDDEN = "hidden"


OF_VERDICT = {
    Verdict.MORE: Finding.STAFF_HIGHER,
    Verdict.LESS: Finding.CUSTOMERS_HIGHER,
    Verdict.UNCLEAR: Finding.UNCLEAR,
}


@dataclass(frozen=True)
class Gap:
    """One group at one stage. apart: staff minus customers; None, as customers are, where too few rated. ratings and raters: how many.

    is_hidden: customers rated fewer than five people of it, or what is left of others would tell of as few: then these are 0."""

    node_id: int
    team_id: int | None
    name: str
    kind: str
    is_top: bool
    answers: int
    staff: Share
    ratings: int
    raters: int
    customers: Share | None
    apart: Apart | None
    is_hidden: bool = False

    @property
    def finding(self) -> Finding:
        if self.is_hidden:
            return Finding.HIDDEN
        if self.apart is None:
            return Finding.TOO_FEW
        return OF_VERDICT[verdict(self.apart)]


def staff_share(favourable: int, n: int) -> Share:
    """favourable: the published percent of n answers."""
    low, high = outwards(*wilson(n * favourable / 100, n))
    return Share(favourable, low, high)


def apart(favourable: int, n: int, sums: Sums) -> Apart | None:
    """Staff minus customers. None below 30 ratings or 20 customers; who rated several times counts as the sample they are worth."""
    if not are_enough(sums):
        return None
    size, share = effective_n_of(sums), sums.happy / sums.ratings
    low, high = outwards(*newcombe(n * favourable / 100, n, share * size, size))
    return Apart(round(favourable - 100 * share), low, high)
