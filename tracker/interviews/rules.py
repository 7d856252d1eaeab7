"""The rules of interviews and observations. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

MARKS = ("well", "partly", "not", "unseen")
OLDEST = timedelta(days=90)
CHANGED_WITHIN = timedelta(hours=72)
COUNTED_FOR = timedelta(weeks=52)
FEWEST = 5  # below this a share would say more about chance than about somebody


def may_change(written_at: datetime, taken_back_at: datetime | None, at: datetime) -> bool:
    """Whether its author can still correct it: for 72 hours, unless it was taken back."""
    return taken_back_at is None and at - written_at <= CHANGED_WITHIN


@dataclass(frozen=True)
class Seen:
    """How often a driver could be seen in observations, and how often it was done well."""

    driver: str
    n: int = 0
    well: int = 0

    @property
    def share(self) -> float | None:
        """Of those seen; None below five."""
        return self.well / self.n if self.n >= FEWEST else None

    def with_mark(self, mark: str) -> "Seen":
        return self if mark == "unseen" else Seen(self.driver, self.n + 1, self.well + (mark == "well"))


def seen_in(marks: Iterable[Mapping[str, str]]) -> dict[str, Seen]:
    """Driver -> how it was seen; what could not be seen is left out."""
    found: dict[str, Seen] = {}
    for one in marks:
        for driver, mark in one.items():
            found[driver] = found.get(driver, Seen(driver)).with_mark(mark)
    return {driver: seen for driver, seen in found.items() if seen.n}


def mostly_well(marks: Iterable[Mapping[str, str]]) -> bool:
    """Whether at least half of all that could be seen was done well."""
    seen = seen_in(marks).values()
    return 2 * sum(one.well for one in seen) >= sum(one.n for one in seen)


@dataclass(frozen=True)
class Named:
    """How often customers named a driver: as what went well, and as what could be better."""

    driver: str
    praised: int = 0
    wished: int = 0


def named_in(answers: Iterable[tuple[int, Iterable[str]]], *, low_stars: int) -> dict[str, Named]:
    """Driver -> how often it was named. `answers`: (stars, drivers) each; with `low_stars` or fewer it is a wish."""
    found: dict[str, Named] = {}
    for stars, drivers in answers:
        for driver in drivers:
            known = found.get(driver, Named(driver))
            is_low = stars <= low_stars
            found[driver] = Named(driver, known.praised + (not is_low), known.wished + is_low)
    return found
