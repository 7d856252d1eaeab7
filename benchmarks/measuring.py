"""Two ways of doing one thing, measured by turns in one run, so that a busy machine slows both alike."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

Turn = Callable[[], float]  # does the work once and returns the seconds that count


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much of everything. `repeats`: turns of each side; the first pair, which warms both up, is thrown away."""

    repeats: int = 11
    slow_repeats: int = 5  # where one turn takes seconds
    ratings_stored: int = 40
    rows_imported: int = 100_000
    requests: int = 20
    ratings_behind_pages: tuple[int, ...] = (100_000, 1_000_000)
    ratings_a_person: int = 500
    team: int = 30
    entries_sealed: int = 100_000
    invitations: int = 100_000
    ballots: int = 20_000
    open_complaints: int = 10_000
    people_trained: int = 20_000
    courses: int = 50
    people_checked: int = 2_000
    ratings_checked: int = 1_000_000
    people_replayed: int = 5_000
    report_teams: int = 200


TINY = Sizes(
    repeats=1,
    slow_repeats=1,
    ratings_stored=2,
    rows_imported=200,
    requests=2,
    ratings_behind_pages=(300, 600),
    ratings_a_person=50,
    team=3,
    entries_sealed=20,
    invitations=20,
    ballots=20,
    open_complaints=20,
    people_trained=30,
    courses=3,
    people_checked=12,
    ratings_checked=2_000,
    people_replayed=30,
    report_teams=4,
)


@dataclass(frozen=True, kw_only=True)
class Result:
    """One line. `ratio` is the median over the pairs of turns, `low` and `high` the least and the most of them."""

    row: int
    name: str
    ratio: float
    goal: float | None
    low: float
    high: float
    ours: str = ""
    bare: str = ""
    remark: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def is_met(self) -> bool | None:
        return None if self.goal is None else self.ratio <= self.goal

    def as_line(self) -> str:
        goal = "-" if self.goal is None else f"<= {self.goal:g}"
        verdict = {True: "met", False: "missed", None: ""}[self.is_met]
        sides = f"{self.ours} : {self.bare}" if self.bare else self.ours
        spread = f"{self.low:.2f}-{self.high:.2f}"
        return f"{self.row:>2} {self.name:<44} {self.ratio:>7.2f} {goal:>7} {verdict:<6} {spread:<13} {sides}  {self.remark}".rstrip()

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "is_met": self.is_met}


def compare(
    row: int, name: str, ours: Turn, bare: Turn, *, goal: float | None, repeats: int, per: int = 1, remark: str = ""
) -> Result:
    """Ours and bare by turns, `repeats` times after one to warm up. `per`: how many things one turn does."""
    ours(), bare()
    pairs = [(ours(), bare()) for _ in range(repeats)]
    ratios = [a / b for a, b in pairs]
    medians = [statistics.median(side) / per for side in zip(*pairs, strict=True)]
    return Result(
        row=row,
        name=name,
        ratio=statistics.median(ratios),
        goal=goal,
        low=min(ratios),
        high=max(ratios),
        ours=seconds_shown(medians[0]),
        bare=seconds_shown(medians[1]),
        remark=remark,
        details={"pairs": pairs, "per": per},
    )


def number(row: int, name: str, value: float, *, goal: float | None, remark: str = "") -> Result:
    """A count, which has no noise and no other side."""
    return Result(row=row, name=name, ratio=value, goal=goal, low=value, high=value, remark=remark)


def timed(work: Callable[[], Any]) -> Turn:
    def turn() -> float:
        with stopwatch() as lap:
            work()
        return lap.seconds

    return turn


@dataclass
class Lap:
    seconds: float = 0.0


@contextmanager
def stopwatch() -> Iterator[Lap]:
    """Measures its block, with the rubbish of what came before already carried out."""
    gc.collect()
    lap, started = Lap(), time.perf_counter()
    yield lap
    lap.seconds = time.perf_counter() - started


def seconds_shown(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"
