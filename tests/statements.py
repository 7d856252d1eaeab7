"""What is sent to the database meanwhile: a count that no busy machine can move."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tracker.core.db import db


@contextmanager
def statements(*, beginning: str = "") -> Iterator[list[str]]:
    """The statements as they are sent, by whichever connection; one that is sent for many rows at once stands there once.

    beginning: only those that begin with this word.
    """
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(beginning):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@contextmanager
def selects() -> Iterator[list[str]]:
    with statements(beginning="SELECT") as seen:
        yield seen
