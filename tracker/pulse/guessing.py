"""At the doors for who holds a code: nobody is known, and whoever guesses has to wait. By network address, never by person."""

from datetime import datetime

from flask import current_app, g, request

from tracker.access.actions import count_failure
from tracker.access.queries import blocked_until
from tracker.access.rules import keyed_hash

FREE_GUESSES = 20  # a whole shop may share one address


def know_nobody() -> None:
    """Also in a browser that is signed in."""
    g.viewer = None


def has_to_wait(at: datetime) -> bool:
    return blocked_until([_address()], at=at) is not None


def count_guess(at: datetime) -> None:
    """In the caller's transaction."""
    count_failure(_address(), at=at, free=FREE_GUESSES)


def _address() -> str:
    return f"pulse:{keyed_hash(current_app.config['SECRET_KEY'], request.remote_addr or '')}"
