"""The glue between a browser and the shared terminal it is: a cookie of its own, short sessions, and one’s own pages only.

The cookie holds a random token and signs nobody in. It is HttpOnly and SameSite=Strict. A session begun on a terminal holds only
beside its cookie (queries.viewer_of_session), so neither is worth anything in another browser, and none outlives the pairing.

That nothing was asked for three minutes is seen by the moment in the signed session cookie, given anew with each answer: a GET
writes nothing down. An old copy of that cookie is only older. That 15 minutes are over is in the row, which nobody can copy.
"""

from datetime import timedelta
from typing import cast

from flask import Flask, current_app, g, request, session, url_for
from flask.wrappers import Response
from flask_babel import gettext as _

from tracker.access.terminal_models import SharedTerminal
from tracker.access.terminal_pages import OWN_PAGES
from tracker.access.terminal_queries import terminal_of_token
from tracker.access.terminal_rules import is_silent, seconds_left
from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.core.errors import Refused

LENGTH = timedelta(days=400)  # as long as browsers keep any; each look at the terminal's page begins it anew
SEEN = "_seen"


def start(app: Flask) -> None:
    app.before_request(_keep_to_own_pages)
    app.after_request(_keep_short)


def terminal_token() -> str | None:
    return request.cookies.get(current_app.config["TERMINAL_COOKIE_NAME"])


def paired_terminal() -> SharedTerminal | None:
    """The terminal that this browser is, as of this request."""
    if "terminal" not in g:
        token = terminal_token()
        g.terminal = terminal_of_token(token) if token else None
    return cast("SharedTerminal | None", g.terminal)


def forget_terminal() -> None:
    """Ask the database again: what was loaded has been rolled back."""
    g.pop("terminal", None)


def give_cookie(response: Response, token: str) -> Response:
    response.set_cookie(
        current_app.config["TERMINAL_COOKIE_NAME"],
        token,
        max_age=LENGTH,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
    )
    return response


def left_alone(viewer: Viewer) -> bool:
    """Whether nobody has asked for anything for so long that whoever asks now may be somebody else."""
    return viewer.terminal_id is not None and is_silent(session.get(SEEN), at=viewer.at)


def note_seen() -> None:
    session[SEEN] = int(clock.now().timestamp())


def swept(response: Response) -> Response:
    """What the one who was here left in this browser goes: kept answers, workers, pages to go back to."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _keep_to_own_pages() -> None:
    viewer: Viewer | None = g.get("viewer")
    if viewer is not None and viewer.by_pin and request.endpoint not in OWN_PAGES:
        raise Refused(_("This page doesn’t open with a PIN. Sign in with your password on a device of your own."))


def _keep_short(response: Response) -> Response:
    """While somebody is signed in on a terminal: the time goes on from here, and the screen empties itself when it is over."""
    viewer: Viewer | None = g.get("viewer")
    if viewer is None or viewer.terminal_id is None or viewer.until is None:
        return response
    note_seen()
    if response.mimetype == "text/html" and response.status_code != 303:
        seconds = seconds_left(expires_at=viewer.until, at=clock.now())
        response.headers["Refresh"] = f"{seconds}; url={url_for('access.terminal')}"
    return response
