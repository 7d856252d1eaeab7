"""The stories told by the demo data: who falls, who rises, which team has a hard month, who moved desk.

All offsets are whole weeks counted back from the Monday of the current week, so that the stories keep their place
relative to the weekly checks whatever day it is. Sizes are latent (see `stars`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.demo.records import Move, TeamShock, TrueFall, Truths

KEVIN, AMINA, HEALED, ABOVE, ABOVE_TOO = "N-0398", "N-0412", "W-0108", "M-0217", "N-0365"
UNLUCKY, NEWCOMER, UNRATED, MOVED = "N-0394", "N-0466", "M-0268", "S-0337"
NEWCOMER_RATINGS = 3
WAITING = ("speed", "staff_there_when_needed")
MISLED = ("knowledge", "promise_kept")
TILL_SOFTWARE = ("speed", "price_clear", "effort")


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part: ratings in the last four complete weeks, ability, and shifts as (weeks ago, latent) steps.

    A shift holds from that many weeks ago until the next step; before the first step it is 0. `quiet_weeks` are free of
    absences. `themes` are the drivers that unhappy customers name while the person is down.
    """

    per_four_weeks: float
    ability: float
    steps: tuple[tuple[int, float], ...] = ()
    quiet_weeks: range = field(default_factory=lambda: range(14))
    themes: tuple[str, ...] = ()

    def shift(self, weeks_ago: int) -> float:
        """Latent shift in the week that began `weeks_ago` weeks before the current one."""
        reached = [size for start, size in self.steps if weeks_ago <= start]
        return reached[-1] if reached else 0.0


STORY = {
    KEVIN: Part(
        38, 0.2, ((9, -0.25), (8, -0.3), (7, -0.5), (6, -0.75), (5, -0.95), (3, -0.85), (1, -0.8)), themes=WAITING
    ),
    AMINA: Part(46, 0.3, ((12, 0.05), (9, 0.12), (6, 0.2), (3, 0.3))),
    HEALED: Part(26, 0.15, ((36, -0.85), (35, -1.1), (30, -0.3), (28, 0.3), (16, 0.15)), range(20, 60), themes=MISLED),
    ABOVE: Part(28, -0.34, ((8, 0.5), (6, 0.85), (4, 1.2))),
    ABOVE_TOO: Part(28, -0.34, ((8, 0.5), (6, 0.85), (4, 1.2))),
    UNLUCKY: Part(30, 0.1, ((4, -0.54),)),  # unlucky draws, not a change of skill: no true fall
    MOVED: Part(18, 0.1),
}


@dataclass(frozen=True, slots=True)
class DeskMove:
    staff_number: str
    from_team: str
    to_team: str
    weeks_ago: int


@dataclass(frozen=True, slots=True)
class Shock:
    team: str
    weeks_ago: int
    weeks: int
    size: float

    def covers(self, weeks_ago: int) -> bool:
        return self.weeks_ago - self.weeks < weeks_ago <= self.weeks_ago


MOVE = DeskMove(MOVED, "support-phone", "complaints-desk", 16)
# Kisumu Lakeside changed its till software: prices were wrong and everything took long, for five weeks.
SHOCK = Shock("kisumu-lakeside", 24, 5, -0.85)

# Courses given team by team, in an order drawn by lot: weeks ago that each team’s turn came. The first helps, the second does not.
LISTENING = {
    "nairobi-central-floor": 44, "mombasa-tills": 40, "nairobi-delivery": 36, "support-phone": 32, "mombasa-floor": 28, "support-chat": 24,
}  # fmt: skip
SAYING_NO = {
    "westlands": 44, "mombasa-delivery": 40, "nairobi-central-floor": 36, "complaints-desk": 32, "support-chat": 28, "mombasa-floor": 20,
}  # fmt: skip
LISTENING_HELPS = 0.4
BEFORE_LISTENING = -0.2  # these teams had more to learn, so that the company as a whole stays what it is


def themes_of(staff_number: str, team_key: str, weeks_ago: int) -> tuple[str, ...]:
    """Drivers that unhappy customers of this person mostly name in that week; empty: anything."""
    part = STORY.get(staff_number)
    if part is not None and part.shift(weeks_ago) < 0:
        return part.themes
    return TILL_SOFTWARE if team_key == SHOCK.team and SHOCK.covers(weeks_ago) else ()


def truths(*, monday: date) -> Truths:
    """The stories as dated facts."""
    shock_started_on = monday - timedelta(weeks=SHOCK.weeks_ago)
    return Truths(
        falls=(_true_fall(KEVIN, monday), _true_fall(HEALED, monday)),
        shock=TeamShock(SHOCK.team, shock_started_on, shock_started_on + timedelta(weeks=SHOCK.weeks), SHOCK.size),
        move=Move(MOVE.staff_number, MOVE.from_team, MOVE.to_team, monday - timedelta(weeks=MOVE.weeks_ago)),
        rising=AMINA,
        above_range=(ABOVE, ABOVE_TOO),
        above_range_since=monday - timedelta(weeks=STORY[ABOVE].steps[0][0]),
        unlucky=UNLUCKY,
        newcomer=NEWCOMER,
        unrated=UNRATED,
    )


def _true_fall(staff_number: str, monday: date) -> TrueFall:
    steps = STORY[staff_number].steps
    recovered = next((start for start, size in steps if size >= 0), None)
    return TrueFall(
        staff_number=staff_number,
        started_on=monday - timedelta(weeks=steps[0][0]),
        ended_on=None if recovered is None else monday - timedelta(weeks=recovered),
        size=min(size for _, size in steps),
    )
