"""Pages that a browser may keep and asks about each time: made again only when something on them is different.

For pages about the company as a whole, which take long to make and change once a day. All others are never kept (core.headers).

1. Who asks is admitted first, as for every page: whoever has signed out or lost the right gets no 304.
2. The mark stands for all that the page shows: what it is about, its reader, the frame around it, the code that makes it.
3. It holds the session and the token of its forms, so that a kept page is worth nothing to the next session.
4. A page that has something to say once (a notice) is not kept, and none is on a shared terminal.
"""

import hashlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, make_response, request, session
from flask_wtf.csrf import generate_csrf

from tracker.core.audience import viewer
from tracker.core.language import locale

PACKAGE = Path(__file__).parents[1]
MAKES_PAGES = {".py", ".html", ".mo", ".txt", ".json", ".css", ".js", ".svg"}
FrameMark = Callable[[], tuple[object, ...]]


def frame_shows(app: Flask, mark: FrameMark) -> None:
    """`mark` comes from the package that draws what is around every page: all it shows that can change."""
    app.extensions["frame_mark"] = mark


def unless_unchanged(mark: Iterable[object], render: Callable[[], str]) -> Response:
    """304 where the browser has this very page, else the page. `mark`: all that the page itself shows, as values with a plain repr."""
    if viewer().terminal_id is not None or "_flashes" in session:
        return make_response(render())
    generate_csrf()  # so that the session has one, before it becomes part of the mark
    tag = _tag([*_around(), *mark])
    answer = Response(status=304) if request.if_none_match.contains_weak(tag) else make_response(render())
    answer.set_etag(tag, weak=True)  # the forms' tokens are other bytes each time, and of the same worth
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def kept_no_more(response: Response) -> Response:
    """The browser forgets the pages it has kept: its way back asks for none of them."""
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _around() -> list[object]:
    person = viewer()
    frame: FrameMark = current_app.extensions["frame_mark"]
    return [
        _code(),
        request.full_path,
        locale().language,
        person.session_id,
        session["csrf_token"],
        person.person_id,
        person.name,
        person.place,
        person.time_zone,
        person.today,
        sorted(person.roles),
        person.manages,
        *frame(),
    ]


def _tag(parts: list[object]) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _code() -> str:
    """One value for all the code, templates and static files that are running."""
    seen = hashlib.sha256()
    for path in sorted(path for path in PACKAGE.rglob("*") if path.suffix in MAKES_PAGES):
        seen.update(path.relative_to(PACKAGE).as_posix().encode())
        seen.update(path.read_bytes())
    return seen.hexdigest()
