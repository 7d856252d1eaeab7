"""Pages of a long list: newest first, plain links, no total count to scan for."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import Select

from tracker.core.db import db

PER_PAGE = 25
LAST_PAGE = 10_000


@dataclass(frozen=True)
class Page:
    """Rows of one page, and the addresses of its neighbours (None at the ends)."""

    rows: list[Any]
    number: int
    previous_url: str | None
    next_url: str | None


def page_of(statement: Select[*tuple[Any, ...]], *, scalars: bool = True, per_page: int = PER_PAGE) -> Page:
    """The page that `?page=` asks for; anything that is no page number means the first."""
    number = _asked_page()
    result = db.session.execute(statement.limit(per_page + 1).offset((number - 1) * per_page)).unique()
    rows = list(result.scalars() if scalars else result)
    more = len(rows) > per_page
    return Page(rows[:per_page], number, _url(number - 1) if number > 1 else None, _url(number + 1) if more else None)


def _asked_page() -> int:
    text = request.args.get("page", "1")
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _url(number: int) -> str:
    arguments = {**request.args.to_dict(), **(request.view_args or {}), "page": number}
    return url_for(str(request.endpoint), **arguments)
