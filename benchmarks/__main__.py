"""`python -m benchmarks [ROW ...]`: one line a row, and everything in benchmarks/results.json. It never fails for being slow."""

import argparse
import json
import os
import platform
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    complaints,
    fall_check,
    fall_replay,
    import_file,
    inviting,
    one_rating,
    pages,
    pulse,
    reports,
    sealing,
    starting,
    training,
)
from benchmarks.measuring import TINY, Result, Sizes

Measure = Callable[[Sizes], Iterator[Result]]
ROWS: dict[int, Measure] = {
    1: one_rating.measure,
    5: import_file.measure,
    6: pages.measure,
    7: pages.measure,
    8: reports.measure,
    9: sealing.measure,
    10: pages.measure,
    11: fall_check.measure,
    12: inviting.measure,
    13: starting.measure,
    14: pages.measure,
    15: complaints.measure,
    16: training.measure,
    17: fall_replay.measure,
    18: pulse.measure,
    19: pulse.measure,
}
RESULTS = Path(__file__).with_name("results.json")
HEADING = f"{'row':<47} {'ratio':>7} {'goal':>7} {'':<6} {'spread':<13} ours : bare (medians)"


def main() -> None:
    chosen = _arguments()
    # On machines without a login session the PostgreSQL wheel falls back to the temporary folder, which serves as well.
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}\n{HEADING}")
    results = list(_measured(chosen.rows or sorted(ROWS), _sizes(chosen)))
    chosen.results.write_text(json.dumps(_document(results), indent=1) + "\n", encoding="utf-8")


def _measured(rows: list[int], sizes: Sizes) -> Iterator[Result]:
    # Rows that share a costly company are one function: it runs once and tells them all.
    for measure in dict.fromkeys(ROWS[row] for row in rows):
        for result in measure(sizes):
            if result.row in rows:
                print(result.as_line(), flush=True)
                yield result


def _sizes(chosen: argparse.Namespace) -> Sizes:
    sizes = TINY if chosen.tiny else Sizes()
    if chosen.ratings:
        sizes = replace(sizes, ratings_behind_pages=(*sizes.ratings_behind_pages[:1], chosen.ratings))
    if chosen.people:
        sizes = replace(sizes, people_checked=chosen.people, ratings_checked=chosen.people * sizes.ratings_a_person)
    return replace(sizes, rows_imported=chosen.rows_imported) if chosen.rows_imported else sizes


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "rows", nargs="*", type=int, choices=[[], *sorted(ROWS)], metavar="ROW", help="e.g. 1 6 7; all without"
    )
    parser.add_argument("--ratings", type=int, help="how far the pages' growth is followed, e.g. 10000000")
    parser.add_argument("--people", type=int, help="people of the weekly check, e.g. 20000")
    parser.add_argument("--rows-imported", type=int, help="how long the imported file is, e.g. 500000")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the file for the figures")
    parser.add_argument("--tiny", action="store_true", help="only to see that all of it runs: the figures mean nothing")
    return parser.parse_args()


def _document(results: list[Result]) -> dict[str, object]:
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
        "results": [result.as_json() for result in results],
    }


if __name__ == "__main__":
    main()
