"""What this package needs of packages above it, plugged in at start: telling people, and who holds which role."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, current_app


@dataclass(frozen=True)
class Announcement:
    """Something that one person is to be told; `key` is made from data, so the same thing is told once."""

    kind: str
    to: int
    key: str
    at: datetime
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ports:
    tell: Callable[[list[Announcement]], None]
    roles: Callable[[Iterable[int]], dict[int, set[str]]]


_collected: ContextVar[list[Announcement] | None] = ContextVar("announcements", default=None)


def plug(app: Flask, ports: Ports) -> None:
    app.extensions["organisation_ports"] = ports


def announce(kind: str, *, to: int, by: int | None, key: str, at: datetime, **parameters: Any) -> None:
    """Tell somebody what changed for them; whoever changed it knows already."""
    if to == by:
        return
    announcement, waiting = Announcement(kind, to, key, at, parameters), _collected.get()
    if waiting is None:
        _tell([announcement])
    else:
        waiting.append(announcement)


@contextmanager
def announced_together() -> Iterator[None]:
    """Hold announcements back until the end: working hours are then looked up once for all of them."""
    waiting: list[Announcement] = []
    token = _collected.set(waiting)
    try:
        yield
    finally:
        _collected.reset(token)
    _tell(waiting)


def _tell(announcements: list[Announcement]) -> None:
    ports = _ports()
    if ports and announcements:
        ports.tell(announcements)


def outranks(by: int | None, person_id: int) -> bool:
    """Whether `by` may touch what the person signs in with: an admin may, others where they hold the person's every role.

    Otherwise HR could become an admin through an admin's address. None is the operator at the command line.
    """
    ports = _ports()
    if by is None or ports is None:
        return by is None
    roles = ports.roles([by, person_id])
    return "admin" in roles[by] or roles[person_id] <= roles[by]


def _ports() -> Ports | None:
    found: Ports | None = current_app.extensions.get("organisation_ports")
    return found
