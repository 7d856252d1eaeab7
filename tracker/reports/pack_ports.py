"""What the pack needs of packages beside and above this one, plugged in at start: what the own file speaks for, and who else is let in."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app


@dataclass(frozen=True)
class OwnFile:
    """sections: key -> the tables it speaks for; left_out: table -> why it is in no section."""

    sections: Mapping[str, tuple[str, ...]]
    left_out: Mapping[str, str]


@dataclass(frozen=True)
class Programs:
    """How many other programs are let in or told at a moment: tokens, doors of helpdesks, outgoing webhooks."""

    tokens: int
    doors: int
    webhooks: int


def plug_own_file(app: Flask, sections: Iterable[tuple[str, tuple[str, ...]]], left_out: Mapping[str, str]) -> None:
    app.extensions["pack_own_file"] = OwnFile(dict(sections), left_out)


def plug_programs(app: Flask, count: Callable[[datetime], Programs]) -> None:
    app.extensions["pack_programs"] = count


def own_file() -> OwnFile:
    found: OwnFile = current_app.extensions["pack_own_file"]
    return found


def programs(at: datetime) -> Programs:
    found: Programs = current_app.extensions["pack_programs"](at)
    return found
