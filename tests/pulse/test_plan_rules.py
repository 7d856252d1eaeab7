"""How a plan stands and what may be said of its measure: at the edges, by numbers worked out by hand."""

from dataclasses import dataclass
from datetime import date

import pytest

from tracker.pulse.bank import AGREEMENT, RECOMMENDING
from tracker.pulse.plan_rules import Measured, State, axis, has_moved, lowest_aim, state_of, verdict
from tracker.pulse.queries import ResultCell
from tracker.pulse.result_rules import Verdict

DAY = date(2026, 12, 4)


@dataclass(frozen=True)
class APlan:
    due_on: date = DAY
    done: str | None = None
    is_moved: bool = False
    is_given_up: bool = False


@pytest.mark.parametrize(
    ("plan", "today", "state"),
    [
        (APlan(), DAY, State.OPEN),
        (APlan(), date(2026, 12, 5), State.LATE),
        (APlan(done="It is there"), date(2027, 12, 5), State.DONE),
        (APlan(done="It is there", is_moved=True), DAY, State.MOVED),
        (APlan(done="It is there", is_given_up=True), DAY, State.GIVEN_UP),
    ],
)
def test_states(plan: APlan, today: date, state: State) -> None:
    assert state_of(plan, today) == state


def a_cell(*counts: int, mean: float, published: bool = True) -> Measured:
    n = sum(counts)
    cell = ResultCell(1, 1, 1, "team", "x", n, mean, 50, counts if published else None)
    return Measured(cell, None, questions=5)


def test_a_change_among_many_answers_is_clear_and_among_few_is_not_said() -> None:
    low, high = a_cell(10, 20, 20, 10, 0, mean=2.5), a_cell(0, 10, 20, 20, 10, mean=3.5)
    assert verdict(low, high, AGREEMENT) == Verdict.CLEAR
    assert verdict(low, low, AGREEMENT) == Verdict.STEADY
    nine, ten = a_cell(0, 3, 3, 3, 0, mean=3.0), a_cell(0, 3, 4, 3, 0, mean=3.0)
    assert verdict(nine, high, AGREEMENT) is None
    assert verdict(high, nine, AGREEMENT) is None
    assert verdict(ten, high, AGREEMENT) is not None


def test_nothing_is_said_where_it_is_hidden_how_answers_spread() -> None:
    hidden = a_cell(10, 20, 20, 10, 0, mean=2.5, published=False)
    assert hidden.likely(AGREEMENT) is None
    assert verdict(hidden, a_cell(0, 10, 20, 20, 10, mean=3.5), AGREEMENT) is None


def test_means_are_compared_as_published() -> None:
    assert has_moved(3.4, 3.4)
    assert has_moved(0.1 + 0.2, 0.3)
    assert not has_moved(3.3, 3.4)


def test_the_least_that_is_more() -> None:
    assert lowest_aim(3.2, AGREEMENT) == 3.3
    assert lowest_aim(4.9, AGREEMENT) == 5.0
    assert lowest_aim(5.0, AGREEMENT) is None
    assert lowest_aim(-7.0, RECOMMENDING) == -6.0
    assert lowest_aim(100.0, RECOMMENDING) is None


def test_an_axis_is_around_what_is_drawn() -> None:
    assert axis([3.2, 3.9], AGREEMENT) == [3.0, 4.0]
    assert axis([1.0, 5.0], AGREEMENT) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert axis([3.0, 3.0], AGREEMENT) == [1.0, 2.0, 3.0, 4.0, 5.0], "one step alone is no axis"
    assert axis([-20.0, 31.0], RECOMMENDING) == [-50.0, 0.0, 50.0]
