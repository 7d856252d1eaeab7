"""Where a page of a list begins, and where the next one does."""

from tracker.api.rules import cursor_after, id_of_cursor
from tracker.api.schemas import PageQuery
from tracker.core.errors import Invalid


def after_of(kind: str, query: PageQuery) -> int:
    """The row after which the page begins, 0 for the first; Invalid for a cursor that this list never gave out."""
    if query.cursor is None:
        return 0
    try:
        return id_of_cursor(query.cursor, kind)
    except ValueError as error:
        raise Invalid(str(error), errors=[{"field": "cursor", "problem": str(error)}]) from None


def next_cursor(kind: str, id: int | None) -> str | None:
    return None if id is None else cursor_after(kind, id)
