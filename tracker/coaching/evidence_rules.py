"""What the ratings behind a case have in common: what they are about, how long the queue was, what time of day it was. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low

from tracker.ratings.rules import LOW_STARS
from tracker.statistics.contrast import Average, Contrast, average_of, contrast

# Local hours, fixed beforehand: parts chosen after looking at the stars would always find one that stands out.
PARTS_OF_DAY = ((0, 11), (11, 14), (14, 17), (17, 24))
LOOKS = 1 + len(PARTS_OF_DAY)  # the queue, and each part of the day beside the rest
DRIVERS_SHOWN = 5


@dataclass(frozen=True)
class Fact:
    """One rating with what is known of its service. `hour`: local, when service began; None where nobody told."""

    rating_id: int
    stars: int
    drivers: Sequence[str]
    queue: int | None = None
    hour: int | None = None

    @property
    def is_low(self) -> bool:
        return self.stars <= LOW_STARS


@dataclass(frozen=True)
class DriverCount:
    """How many of the ratings that name a driver are low."""

    key: str
    low: int
    named: int


@dataclass(frozen=True)
class Group:
    """Ratings of one kind: from `start` to `end` (people waiting, or the hour of day; None: no end). `average` None: too few."""

    start: int
    end: int | None
    n: int
    average: Average | None


@dataclass(frozen=True)
class Difference:
    """Two groups of which the first is clearly higher; `of` is the one that stands out below."""

    higher: Average
    lower: Average
    of: Group
    contrast: Contrast


@dataclass(frozen=True)
class Split:
    """The same ratings in groups; `known` of `total` have the fact. `difference` only where it is clear."""

    groups: list[Group]
    known: int
    total: int
    difference: Difference | None


def driver_counts(facts: Sequence[Fact]) -> list[DriverCount]:
    """Drivers that low ratings name, those named most often first."""
    low = Counter(driver for fact in facts if fact.is_low for driver in fact.drivers)
    named = Counter(driver for fact in facts for driver in fact.drivers)
    counts = [DriverCount(key, times, named[key]) for key, times in low.items()]
    return sorted(counts, key=lambda count: (-count.low, count.named, count.key))[:DRIVERS_SHOWN]


def by_queue(facts: Sequence[Fact]) -> Split | None:
    """Short and long queues, parted in the middle of those that were counted; None where too few were, or all were as long."""
    known = [fact for fact in facts if fact.queue is not None]
    if not known:
        return None
    lengths = sorted(fact.queue or 0 for fact in known)
    # Where most waited in the longest queue, the middle is there, and what is shorter is the other group.
    cut = min(median_low(lengths), max((length for length in lengths if length < lengths[-1]), default=lengths[-1]))
    short, long = _parted(known, lambda fact: (fact.queue or 0) <= cut)
    groups = [_group(0, cut, short), _group(cut + 1, None, long)]
    return _split(groups, known, facts, [(short, long, groups[1])])


def by_part_of_day(facts: Sequence[Fact]) -> Split | None:
    """The parts of the day in which somebody was served; None where no hours are known, or all are of one part."""
    known = [fact for fact in facts if fact.hour is not None]
    compared, groups = [], []
    for start, end in PARTS_OF_DAY:
        within, others = _parted(known, lambda fact, start=start, end=end: start <= fact.hour < end)  # type: ignore[misc]
        if within:
            groups.append(_group(start, end, within))
            compared.append((others, within, groups[-1]))
    return _split(groups, known, facts, compared)


def _split(
    groups: list[Group],
    known: list[Fact],
    facts: Sequence[Fact],
    compared: Iterable[tuple[list[Fact], list[Fact], Group]],
) -> Split | None:
    if len([group for group in groups if group.n]) < 2 or not any(group.average for group in groups):
        return None
    found = [difference for pair in compared if (difference := _difference(*pair))]
    clearest = max(found, key=lambda difference: difference.contrast.low, default=None)
    return Split(groups, len(known), len(facts), clearest)


def _difference(higher: list[Fact], lower: list[Fact], of: Group) -> Difference | None:
    first, second = ([fact.stars for fact in group] for group in (higher, lower))
    found = contrast(first, second, looks=LOOKS)
    averages = average_of(first), average_of(second)
    if found is None or averages[0] is None or averages[1] is None or not found.is_clear:
        return None
    return Difference(averages[0], averages[1], of, found)


def _group(start: int, end: int | None, facts: list[Fact]) -> Group:
    return Group(start, end, len(facts), average_of([fact.stars for fact in facts]))


def _parted(facts: Sequence[Fact], belongs: Callable[[Fact], bool]) -> tuple[list[Fact], list[Fact]]:
    return [fact for fact in facts if belongs(fact)], [fact for fact in facts if not belongs(fact)]
