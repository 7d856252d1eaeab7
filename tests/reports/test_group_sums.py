"""What is left of a sum for whoever knows the rest of it, and what a month may be held against."""

from typing import Any

import pytest

from tracker.reports.engagement import COMPANY
from tracker.reports.engagement_before import beside_before
from tracker.reports.group_sums import tells_of_few, ways_above

GROUPS = {
    COMPANY: {"name": "All", "above": None, "team": 1},
    "2": {"name": "Shops", "above": COMPANY, "team": 2},
    "3": {"name": "Tills", "above": "2", "team": 3},
    "4": {"name": "Floor", "above": COMPANY, "team": 4},
}


@pytest.mark.parametrize(("others", "is_told"), [(0, False), (1, True), (4, True), (5, False)])
def test_one_to_four_others_would_be_told_of(others: int, is_told: bool) -> None:
    assert tells_of_few({COMPANY: 12 + others, "2": 7, "4": 5}, COMPANY, ["2", "4"]) is is_told


def test_the_way_up_ends_at_the_company() -> None:
    assert [ways_above(GROUPS, key) for key in GROUPS] == [[], [COMPANY], ["2", COMPANY], [COMPANY]]


def of_month(groups: dict[str, Any], *, happy: int) -> dict[str, Any]:
    return {"groups": groups, "stars": {key: {"people": 9, "n": 40, "happy": happy} for key in groups}}


def test_a_group_with_other_teams_beneath_it_is_not_compared() -> None:
    moved = {**GROUPS, "3": {**GROUPS["3"], "above": "4"}}
    found = beside_before(of_month(moved, happy=30), of_month(GROUPS, happy=20))["stars"]
    assert {key: one["happy_before"] for key, one in found.items()} == {COMPANY: 20, "2": 0, "3": 20, "4": 0}
    assert found["2"] == {"people": 9, "n": 40, "happy": 30, "n_before": 0, "happy_before": 0}


def test_what_the_month_before_did_not_show_is_not_compared() -> None:
    before = of_month(GROUPS, happy=20)
    del before["stars"]["4"]
    found = beside_before(of_month(GROUPS, happy=30), before)["stars"]
    assert {key: one["n_before"] for key, one in found.items()} == {COMPANY: 40, "2": 40, "3": 40, "4": 0}
    assert all(one["n_before"] == 0 for one in beside_before(of_month(GROUPS, happy=30), None)["stars"].values())
