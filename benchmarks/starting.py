"""Row 13: from nothing to the first answer, and the memory it then holds, against Flask itself with one route."""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.instances import instance
from benchmarks.measuring import Result, Sizes, compare, stopwatch
from tracker.core.db import db, transaction
from tracker.organisation.models import Organisation

# Linux tells what a process holds; getrusage would count what its parent held when it was made.
TOLD = """
status = open("/proc/self/status").read()
print(status.split("VmRSS:")[1].split()[0])
"""
OURS = (
    """
from tracker import create_app
app = create_app()
assert app.test_client().get("/sign-in").status_code == 200
"""
    + TOLD
)
BARE = (
    """
import flask
app = flask.Flask("bare")
app.add_url_rule("/", view_func=lambda: "hello")
assert app.test_client().get("/").status_code == 200
"""
    + TOLD
)
ROOT = Path(__file__).parents[1]
MEGABYTE = 1024


def measure(sizes: Sizes) -> Iterator[Result]:
    """Ours on an SQLite database that exists already, its answer the sign-in page. Each turn is a process of its own."""
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/tracker.db", "TASKS": "none"}
        with instance(environment["DATABASE_URL"], Path(folder)), transaction():
            db.session.add(Organisation(name="Zawadora", kind="test", created_at=datetime.now(UTC)))
        sides = [_Process(program, environment) for program in (OURS, BARE)]
        yield compare(13, "start to first answer", sides[0], sides[1], goal=4, repeats=sizes.repeats)
        yield _memory(*(side.kilobytes for side in sides))


class _Process:
    """Runs a program to its end; remembers the memory it held at its end, in kilobytes."""

    def __init__(self, program: str, environment: dict[str, str]) -> None:
        self.program, self.environment, self.kilobytes = program, environment, list[int]()

    def __call__(self) -> float:
        with stopwatch() as lap:
            ended = subprocess.run(
                [sys.executable, "-c", self.program], cwd=ROOT, env=self.environment, capture_output=True, check=True
            )
        self.kilobytes.append(int(ended.stdout))
        return lap.seconds


def _memory(ours: list[int], bare: list[int]) -> Result:
    ratios = [a / b for a, b in zip(ours, bare, strict=True)]
    shown = [f"{statistics.median(side) / MEGABYTE:.0f} MB" for side in (ours, bare)]
    return Result(
        row=13, name="resident memory after it", ratio=statistics.median(ratios), goal=3, low=min(ratios),
        high=max(ratios), ours=shown[0], bare=shown[1],
    )  # fmt: skip
