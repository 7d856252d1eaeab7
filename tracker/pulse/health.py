"""Whether the key of the running round can be read: without it no answer can be taken, and none counted."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from tracker.core import health
from tracker.pulse.losing import key_is_readable, running_round


def start(app: Flask) -> None:
    health.tells(app, _tell)


def _tell() -> Mapping[str, Any]:
    found = running_round()
    is_readable = found is None or key_is_readable(found)
    return {"pulse_key": "ok" if is_readable else "unreadable", health.IS_READY: is_readable}
