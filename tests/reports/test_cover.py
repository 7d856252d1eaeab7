"""Nothing overdue in training, by team at the end of a month; and sums carried up the tree, hidden where few would show."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Cast
from tests.factories import a_course
from tracker.core.db import db, transaction
from tracker.reports.cover import covered
from tracker.reports.group_sums import shown_sums
from tracker.reports.periods import Year
from tracker.training.models import Assignment

OCTOBER = Year(date(2026, 10, 1))
SEPTEMBER = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "is_missing"),
    [
        ({"due_on": date(2026, 10, 20)}, True),
        ({"due_on": date(2026, 10, 31)}, True),
        ({"due_on": date(2026, 11, 1)}, False),
        ({"due_on": None, "why": "own"}, False),
        ({"due_on": date(2026, 10, 20), "assigned_at": datetime(2026, 11, 1, 5, tzinfo=UTC)}, False),
        ({"due_on": date(2026, 10, 20), "ended_at": datetime(2026, 10, 25, tzinfo=UTC), "outcome": "completed"}, False),
        ({"due_on": date(2026, 10, 20), "ended_at": datetime(2026, 11, 3, tzinfo=UTC), "outcome": "completed"}, True),
        (
            {
                "due_on": date(2026, 10, 20),
                "ended_at": SEPTEMBER,
                "outcome": "waived",
                "reason": "Knows it from before.",
            },
            False,
        ),
    ],
)
def test_who_lacks_what_was_due_by_the_end_of_the_month(cast: Cast, given: dict[str, Any], is_missing: bool) -> None:
    before = covered(OCTOBER)[cast.tills.id]
    with transaction():
        course = a_course()
        values = {"why": "chosen", "assigned_at": SEPTEMBER, **given}
        db.session.add(Assignment(person_id=cast.kevin.id, course_id=course.course_id, **values))
    people, clear = covered(OCTOBER)[cast.tills.id]
    assert people == before[0] >= 2
    assert clear == people - is_missing


GROUPS: dict[str, dict[str, Any]] = {
    "0": {"name": "All", "above": None, "team": 1},
    "2": {"name": "Nairobi", "above": "0", "team": 2},
    "3": {"name": "Tills", "above": "2", "team": 3},
    "4": {"name": "Floor", "above": "2", "team": 4},
    "5": {"name": "Mombasa", "above": "0", "team": 5},
}


def test_sums_hold_everything_beneath() -> None:
    shown = shown_sums(GROUPS, {3: (6, 10), 4: (7, 20), 5: (9, 40), 99: (8, 5)}, otherwise="0")
    assert shown == {"0": [30, 75], "2": [13, 30], "3": [6, 10], "4": [7, 20], "5": [9, 40]}


def test_a_small_group_hides_another_from_which_it_could_be_worked_out() -> None:
    shown = shown_sums(GROUPS, {3: (6, 10), 4: (2, 20), 5: (9, 40)}, otherwise="0")
    assert set(shown) == {"0", "2", "5"}


@given(st.lists(st.integers(0, 12), min_size=5, max_size=5))
def test_no_difference_of_shown_groups_is_of_one_to_four(people: list[int]) -> None:
    own = {team: (many, many * 3) for team, many in zip((1, 2, 3, 4, 5), people, strict=True)}
    shown = shown_sums(GROUPS, own, otherwise="0")
    for group, counts in shown.items():
        left = counts[0] - sum(shown[one][0] for one in largest_shown_within(group, shown))
        assert left == 0 or left >= 5


def largest_shown_within(group: str, shown: dict[str, list[int]]) -> list[str]:
    beneath = [one for one in GROUPS if GROUPS[one]["above"] == group]
    return [found for one in beneath for found in ([one] if one in shown else largest_shown_within(one, shown))]


def test_nobody_anywhere_shows_nothing() -> None:
    assert shown_sums(GROUPS, {}, otherwise="0") == {}
