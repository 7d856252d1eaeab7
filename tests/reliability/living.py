"""A stretch of simulated time that one or several timetables live through on one database, killed now and then."""

import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.core.smtp_sink import Sink, wait_until
from tests.reliability.processes import keep_the_timetable, started

PATIENCE = 300  # seconds for one moment; the machine may be busy


def live(
    moments: Sequence[datetime], url: str, folder: Path, sink: Sink, *, processes: int, kills: Sequence[datetime]
) -> int:
    """Let so many processes live through the moments, of which no two are equal; how many kills hit one in the middle of its work."""
    chance, hits, kills_at = random.Random(11), 0, Counter(kills)
    _set_now(folder, moments[0])
    running = [started(keep_the_timetable, url, folder, sink.url) for _ in range(processes)]
    try:
        for moment in moments:
            _set_now(folder, moment)
            for _kill in range(kills_at[moment]):
                time.sleep(chance.random() * 0.35)
                hits += _killed(running, chance.randrange(processes), folder)
                running.append(started(keep_the_timetable, url, folder, sink.url))
            wait_until(lambda moment=moment: f"done {moment.isoformat()}" in _log(folder), seconds=PATIENCE)  # type: ignore[misc]
        _settle(folder, max(moments) + timedelta(minutes=6), processes)
    finally:
        for process in running:
            process.kill()
            process.join(timeout=120)
    return hits


def without_sequence(name: str) -> str:
    """The key or Message-ID of a mail without the number of its message: numbers are given in the order in which the processes came,
    and a killed transaction leaves a gap in them."""
    return re.sub(r"^(<?urgent[.|])\d+", r"\1N", name)


def _settle(folder: Path, moment: datetime, processes: int) -> None:
    """Leases of the dead run out; everybody finishes, so that nobody is killed while it writes down what it sent."""
    _set_now(folder, moment)
    wait_until(lambda: _log(folder).count(f"done {moment.isoformat()}") == processes, seconds=PATIENCE)


def _set_now(folder: Path, moment: datetime) -> None:
    (folder / "next").write_text(moment.isoformat(), encoding="utf-8")
    (folder / "next").rename(folder / "now")


def _log(folder: Path) -> str:
    log = folder / "log"
    return log.read_text(encoding="utf-8") if log.exists() else ""


def _killed(running: list[BaseProcess], number: int, folder: Path) -> int:
    """Kill one; 1 when it was in the middle of a run."""
    victim = running.pop(number)
    assert victim.pid
    os.kill(victim.pid, signal.SIGKILL)
    victim.join(timeout=120)
    lines = [line for line in _log(folder).splitlines() if line.endswith(f" {victim.pid}")]
    return int(bool(lines) and lines[-1].startswith("begun"))
