"""The shape of a section of one's own file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from tracker.core.audience import Viewer
from tracker.core.db import db

Line = Mapping[str, Any]  # column -> text, number, moment, day, list or None


@dataclass(frozen=True)
class Section:
    """One part of the file: its key, the tables it speaks for, and its lines for whoever takes the file."""

    key: str
    tables: tuple[str, ...]
    lines: Callable[[Viewer], Iterable[Line]]


def rows(statement: Select[*tuple[Any, ...]]) -> list[Line]:
    """The labelled columns of a statement as lines."""
    return [dict(row._mapping) for row in db.session.execute(statement)]
