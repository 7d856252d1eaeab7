"""Whom a group is held against, and from which size on a change may be told."""

from typing import Any

import pytest

from tracker.reports.engagement import COMPANY
from tracker.reports.engagement_changes import changes
from tracker.reports.engagement_rules import figures_looked_at, largest_gap


@pytest.mark.parametrize(("before", "points"), [(30, [5]), (34, [-5]), (31, []), (33, []), (32, [])])
def test_a_change_of_less_than_five_points_is_of_the_usual_size(before: int, points: list[int]) -> None:
    """32 of 40 are 80 %; 30 were 75 %, 31 were 77.5 %."""
    stars = {"2": {"n": 40, "happy": 32, "n_before": 40, "happy_before": before}}
    found = changes({"groups": {"2": {"name": "Shops"}}, "cells": {}, "stars": stars}, ["2"])
    assert [(moved.difference, moved.verdict) for moved in found] == [(by, "maybe") for by in points]


def said(n: int, agree: int) -> dict[str, Any]:
    return {"n": n, "agree": agree, "tone": "m2", "chance": 1e-6}


@pytest.mark.parametrize(("everybody", "gap"), [(40, None), (90, "2")])
def test_a_group_of_everybody_is_held_against_nobody(everybody: int, gap: str | None) -> None:
    """Of 90 people the other 50 agree far more than the 40 of the group."""
    cells = {"power": {COMPANY: said(everybody, 60), "2": said(40, 30)}}
    found = largest_gap({"groups": {"2": {"name": "Shops"}}, "cells": cells})
    assert (found.key if found else None) == gap
    assert figures_looked_at({"cells": cells}) == bool(gap)
