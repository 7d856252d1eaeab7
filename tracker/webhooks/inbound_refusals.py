"""Refused deliveries, counted. A flood of them must not become a flood of writes: each process writes few a minute."""

import threading
from datetime import datetime
from typing import cast

from flask import Flask, current_app

from tracker.core.db import transaction
from tracker.webhooks.inbound_actions import count_refused

WRITES_A_MINUTE = 30


class Refusals:
    """What this process has refused and not yet written down: door -> how often, and why the last time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[int, tuple[int, str]] = {}
        self._minute, self._writes = "", 0

    def note(self, door_id: int, why: str) -> None:
        with self._lock:
            self._counts[door_id] = (self._counts.get(door_id, (0, ""))[0] + 1, why)

    def taken(self, at: datetime, *, always: bool) -> dict[int, tuple[int, str]]:
        """What is to be written now; nothing when enough was written in this minute."""
        with self._lock:
            minute = f"{at:%Y%m%d%H%M}"
            if minute != self._minute:
                self._minute, self._writes = minute, 0
            if self._writes >= WRITES_A_MINUTE and not always:
                return {}
            self._writes += 1
            counts, self._counts = self._counts, {}
            return counts


def start(app: Flask) -> None:
    app.extensions["webhook_refusals"] = Refusals()


def refuse(door_id: int, why: str, at: datetime) -> None:
    """Note one, apart from the request that it refuses."""
    _refusals().note(door_id, why)
    _write(_refusals().taken(at, always=False), at)


def write_refusals(at: datetime) -> None:
    """Write down what the limit has held back."""
    _write(_refusals().taken(at, always=True), at)


def _write(counts: dict[int, tuple[int, str]], at: datetime) -> None:
    if not counts:
        return
    with transaction():
        for door_id, (times, why) in sorted(counts.items()):
            count_refused(door_id, times, why, at=at)


def _refusals() -> Refusals:
    return cast(Refusals, current_app.extensions["webhook_refusals"])
