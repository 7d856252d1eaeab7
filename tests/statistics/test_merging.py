"""No cell is served by one team alone, unless the whole company is one team."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.statistics.falls import WeekRows, cell_means
from tracker.statistics.merging import merge_cells


def groups(cell):
    """Which rows share a cell."""
    return sorted(sorted(np.flatnonzero(cell == name).tolist()) for name in set(cell.tolist()))


def test_cells_served_by_two_teams_stay_apart():
    found = merge_cells([1, 2, 1, 2, 1, 2], [5, 5, 5, 5, 6, 6], [0, 0, 1, 1, 0, 0])
    assert groups(found.cell) == [[0, 1], [2, 3], [4, 5]]
    assert found.company_cell == -1


def test_cells_of_one_team_are_pooled_within_their_touchpoint():
    # Touchpoint 5: channel 0 by teams 1 and 2, channel 1 by team 1 alone, channel 2 by team 2 alone.
    found = merge_cells([1, 2, 1, 2, 1, 2], [5, 5, 5, 5, 6, 6], [0, 0, 1, 2, 0, 0])
    assert groups(found.cell) == [[0, 1], [2, 3], [4, 5]]


def test_a_pool_that_is_still_one_team_takes_the_whole_touchpoint():
    found = merge_cells([1, 2, 1, 1, 1, 2], [5, 5, 5, 5, 6, 6], [0, 0, 1, 2, 0, 0])
    assert groups(found.cell) == [[0, 1, 2, 3], [4, 5]]


def test_a_touchpoint_of_one_team_has_the_mean_of_the_whole_company():
    team, point, channel = [1, 2, 3, 3], [5, 5, 9, 9], [0, 0, 0, 1]
    found = merge_cells(team, point, channel)
    assert groups(found.cell) == [[0, 1], [2, 3]]
    assert found.company_cell == found.cell[2]
    stars = np.array([[0, 0, 0, 0, 40], [0, 0, 0, 0, 40], [40, 0, 0, 0, 0], [40, 0, 0, 0, 0]])
    rows = WeekRows(np.arange(4), np.zeros(4, int), found.cell, stars)
    mu = cell_means(rows, company_cell=found.company_cell)[:, 0]
    assert mu[found.company_cell] == pytest.approx(3.0)
    assert mu[found.cell[0]] == pytest.approx((400 + 60) / 100)


def test_nothing_merges_into_nothing():
    found = merge_cells([], [], [])
    assert len(found.cell) == 0
    assert found.company_cell == -1


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-3, 3), st.integers(0, 3)), min_size=1, max_size=60))
def test_no_cell_but_the_company_s_belongs_to_one_team(rows):
    team, point, channel = np.array(rows).T
    found = merge_cells(team, point, channel)
    assert set(found.cell.tolist()) == set(range(found.cell.max() + 1))
    for name in set(found.cell.tolist()) - {found.company_cell}:
        assert len(set(team[found.cell == name])) > 1
        assert len(set(point[found.cell == name])) == 1


@pytest.mark.parametrize("columns", [([1], [1], [1, 2]), ([0.5], [1], [1]), ([[1]], [1], [1])])
def test_columns_that_do_not_fit_are_refused(columns):
    with pytest.raises(ValueError, match=r"one length|integers"):
        merge_cells(*columns)
