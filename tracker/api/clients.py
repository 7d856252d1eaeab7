"""Who a program is: the bearer token, its scopes, how often it asks, and when it last did. No cookie counts."""

import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import TooManyRequests, Unauthorized

from tracker.access.actions import count_use
from tracker.access.queries import viewer_of_person
from tracker.api.models import ApiToken
from tracker.api.policy import may_hold_tokens
from tracker.api.queries import usable_token
from tracker.api.rules import POSTS_A_MINUTE, READS_A_MINUTE
from tracker.core import audience, clock
from tracker.core.audience import Viewer
from tracker.core.db import SAFE_METHODS, reading, transaction
from tracker.core.errors import Refused

View = TypeVar("View", bound=Callable[..., Any])
CHALLENGE = WWWAuthenticate("bearer", {"realm": "service tracker"})


class Uses:
    """What this process remembers of its tokens: the day each was last used, and how often it read in this minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._days: dict[int, date] = {}
        self._reads: dict[int, int] = defaultdict(int)
        self._minute = ""

    def note(self, token_id: int, day: date) -> None:
        with self._lock:
            self._days[token_id] = day

    def taken(self) -> dict[int, date]:
        """The days noted since the last time, for the job that writes them."""
        with self._lock:
            days, self._days = self._days, {}
        return days

    def reads(self, token_id: int, minute: str) -> int:
        """How often this token has read in this minute, this time included."""
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._reads.clear()
            self._reads[token_id] += 1
            return self._reads[token_id]


def start(app: Flask) -> None:
    app.extensions["api_uses"] = Uses()
    audience.admits_clients(app, _load_client)


def uses() -> Uses:
    return cast(Uses, current_app.extensions["api_uses"])


def token() -> ApiToken:
    """The token of this request."""
    return cast(ApiToken, g.api_token)


def scoped(scope: str) -> Callable[[View], View]:
    """The view is for tokens with this scope; others get 403."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if scope not in token().scopes:
                raise Refused(_("This token lacks the scope %(scope)s.", scope=scope))
            return view(*args, **kwargs)

        return cast(View, guarded)

    return guard


def _load_client() -> Viewer:
    """The maker of the token, as of this request. Asked for without the write lock: whoever has no token never holds it."""
    at = clock.now()
    given = request.authorization
    secret = given.token if given is not None and given.type == "bearer" else None
    with reading():
        found = usable_token(secret, at=at) if secret else None
        maker = viewer_of_person(found.made_by_id, at=at) if found else None
        if found is None or maker is None or not may_hold_tokens(maker):
            raise Unauthorized(www_authenticate=CHALLENGE)
        g.api_token = _detached(found)
    _limit(token().id, at)
    uses().note(token().id, at.date())
    return maker


def _detached(found: ApiToken) -> ApiToken:
    """A copy that no session holds: the request's transactions come and go."""
    return ApiToken(id=found.id, scopes=list(found.scopes), made_by_id=found.made_by_id)


def _limit(token_id: int, at: datetime) -> None:
    """So many requests a minute. Posts are counted in the database, for all processes; reading never writes, so it counts here."""
    minute = f"{at:%Y%m%d%H%M}"
    if request.method in SAFE_METHODS:
        is_over = uses().reads(token_id, minute) > READS_A_MINUTE
    else:
        with transaction():
            is_over = count_use(f"api:{token_id}:{minute}", at=at) > POSTS_A_MINUTE
    if is_over:
        raise TooManyRequests(retry_after=60 - at.second)
