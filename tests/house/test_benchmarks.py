"""Every row of `make bench` still runs, at a size where its figures mean nothing. No time is asserted."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import ROWS
from benchmarks.measuring import Result, compare

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[dict[str, Any]]]:
    """What it prints, and what it writes down."""
    results = tmp_path_factory.mktemp("bench") / "results.json"
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks", "--tiny", "--results", str(results)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), json.loads(results.read_text(encoding="utf-8"))["results"]


@pytest.mark.parametrize("row", sorted(ROWS))
def test_each_row_runs_and_prints_its_line(row: int, run: tuple[list[str], list[dict[str, Any]]]) -> None:
    printed, written = run
    of_the_row = [result for result in written if result["row"] == row]
    assert len([line for line in printed if line[:3].strip() == str(row)]) == len(of_the_row) >= 1


def test_a_ratio_is_the_middle_of_its_pairs_and_keeps_their_ends() -> None:
    ours, bare = iter([9.0, 2.0, 6.0, 4.0]), iter([9.0, 1.0, 1.0, 1.0])  # the first pair only warms up
    result = compare(1, "work", lambda: next(ours), lambda: next(bare), goal=3.0, repeats=3)
    assert (result.ratio, result.low, result.high) == (4.0, 2.0, 6.0)
    assert result.is_met is False
    assert "missed" in result.as_line()


def test_without_a_goal_nothing_is_met_or_missed() -> None:
    result = Result(row=1, name="work", ratio=2.0, goal=None, low=1.0, high=3.0)
    assert result.is_met is None
