"""Which cell an interaction counts in, so that no cell's mean is one team's own ability."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.statistics.weeks import IntArray, integers

FEWEST_TEAMS = 2


@dataclass(frozen=True)
class MergedCells:
    """cell (rows,) 0..C-1, the cell of each row; company_cell the one that stands for the whole company, -1 if none."""

    cell: IntArray
    company_cell: int


def merge_cells(team: npt.ArrayLike, touchpoint: npt.ArrayLike, channel: npt.ArrayLike) -> MergedCells:
    """Cells of touchpoint x channel, each served by at least two teams, else merged upward (STATISTICS.md section 0).

    team, touchpoint, channel (rows,): integers, of every row that holds ratings.
    1. A touchpoint served by one team alone goes into the whole company's cell. Its mean is the company's mean, not
       that of the rows in it: hand company_cell to falls.cell_means.
    2. Cells of one touchpoint that one team alone serves are pooled; if the pool still has one team, the whole
       touchpoint becomes one cell.
    ValueError if the lengths differ or the values are not integers.
    """
    teams, points, channels = integers(team, "team"), integers(touchpoint, "touchpoint"), integers(channel, "channel")
    if not len(teams) == len(points) == len(channels):
        raise ValueError("team, touchpoint and channel must have one length.")
    point = _codes(points)
    lone_point = _served_by_one(point, teams)
    cell = _codes(points, channels)
    lone_cell = _served_by_one(cell, teams)
    pool = _codes(point, lone_cell)
    collapsed = np.isin(point, point[lone_cell & _served_by_one(pool, teams)])
    level = np.where(lone_point, 0, np.where(collapsed | lone_cell, 1, 2))
    merged = _codes(level, np.where(level > 0, point, 0), np.where(level > 1, cell, 0))
    company = merged[level == 0]
    return MergedCells(merged, int(company[0]) if len(company) else -1)


def _codes(*columns: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> IntArray:
    """0..K-1 for the distinct combinations of the columns, in ascending order."""
    if len(columns[0]) == 0:
        return np.zeros(0, dtype=np.int64)
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        distinct, place = np.unique(column, return_inverse=True)
        code = np.unique(code * len(distinct) + place, return_inverse=True)[1]
    return code


def _served_by_one(cell: IntArray, team: IntArray) -> npt.NDArray[np.bool_]:
    """(rows,) whether the row's cell is served by one team alone."""
    code = _codes(team)
    if len(cell) == 0:
        return np.zeros(0, dtype=bool)
    pairs = np.unique(np.stack([cell, code]), axis=1)
    return np.asarray(np.bincount(pairs[0])[cell] < FEWEST_TEAMS)
