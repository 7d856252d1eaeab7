"""The glue to Flask-Login: its cookie carries a random token, and a row of ours says what the token is worth."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, current_app, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from tracker.access.queries import viewer_of_session
from tracker.access.rules import REMEMBERED_LENGTH
from tracker.access.terminal_actions import note_use
from tracker.access.terminal_cookie import left_alone, note_seen, paired_terminal, terminal_token
from tracker.core import clock
from tracker.core.audience import Viewer


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login is untyped
    """What Flask-Login keeps: the token, and the viewer it stands for in this request."""

    def __init__(self, token: str, viewer: Viewer) -> None:
        self.token, self.viewer = token, viewer

    def get_id(self) -> str:
        return self.token


def start(app: Flask) -> None:
    manager = LoginManager()
    # Without its `current_user` in every template, which would ask the database also for a page that says it is gone.
    manager.init_app(app, add_context_processor=False)
    # “strong” would log remembered people out at their second request; the session row guards what it tries to guard.
    manager.session_protection = "basic"
    manager.user_loader(_load)


def _load(token: str) -> SignedIn | None:
    viewer = viewer_of_session(token, terminal=terminal_token(), at=clock.now())
    return SignedIn(token, viewer) if viewer and not left_alone(viewer) else None


def load_viewer() -> Viewer | None:
    return cast(Viewer, current_user.viewer) if current_user.is_authenticated else None


def sign_in_browser(token: str, viewer: Viewer, *, remember: bool) -> None:
    """Give the browser its cookie. Whatever it carried before is thrown away, so nothing can be planted."""
    session.clear()
    length: timedelta | None = REMEMBERED_LENGTH if remember else None
    login_user(SignedIn(token, viewer), remember=remember, duration=length)
    note_seen()
    if not remember and current_app.config["REMEMBER_COOKIE_NAME"] in request.cookies:
        session["_remember"] = "clear"  # somebody else’s, who would be back when this session is over


def sign_out_browser() -> None:
    session.clear()
    logout_user()  # last: it leaves a word in the session that the remember cookie must go


def browser_hint() -> str:
    """A hint for the list of sessions, such as “Firefox on Android”; not the full header, which identifies."""
    agent = request.user_agent.string
    names = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    name = next((label for sign, label in names if sign in agent), "?")
    return f"{name} · {next((label for sign, label in systems if sign in agent), '?')}"


def use_terminal(*, at: datetime) -> int | None:
    """Whoever signs in on a shared terminal does so alone, and for a short time; its id, None in any other browser."""
    here = paired_terminal()
    if here is None:
        return None
    note_use(here, at=at)
    return here.id


def setup_code(app: Flask) -> str | None:
    """What the first-run page asks for on a public address, where anybody could be the first to open it."""
    if not app.extensions["settings"].in_production:
        return None
    key = str(app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"first run", hashlib.sha256).hexdigest()[:16]
