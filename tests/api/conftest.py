"""Programs with tokens, as they ask over HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import Cast
from tests.factories import a_channel, a_touchpoint
from tracker.api.actions import make_token
from tracker.api.clients import Uses
from tracker.api.rules import SCOPES
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.ratings.survey_actions import ensure_default_drivers

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Program:
    """A client that sends its token and nothing else; without one it sends nothing."""

    app: Flask
    secret: str | None

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._ask("GET", path, **options)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **options: Any) -> TestResponse:
        headers = {**({"Idempotency-Key": key} if key else {}), **options.pop("headers", {})}
        return self._ask("POST", path, json=body, headers=headers, **options)

    def _ask(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {**({"Authorization": f"Bearer {self.secret}"} if self.secret else {}), **options.pop("headers", {})}
        db.session.rollback()
        with self.app.app_context():
            return self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **options)


@pytest.fixture
def now() -> Any:
    """These tests read the same clock as the API."""
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def program(app: Flask, cast: Cast, now: datetime) -> Callable[..., Program]:
    """program(maker, *scopes) -> a program with a token that this person made; Ruth and all scopes if nothing is said."""
    app.extensions["api_uses"] = Uses()  # what it remembers belongs to tokens that are gone
    with transaction():
        ensure_default_drivers()
        a_touchpoint("Tills")
        a_channel("Mailed link")

    def make(maker: Person | None = None, *scopes: str, expires_at: datetime | None = None) -> Program:
        with transaction():
            return Program(
                app,
                make_token("tills", scopes or SCOPES, expires_at=expires_at, by=(maker or cast.ruth).id, at=NOW),
            )

    return make


def a_rating_body(**values: Any) -> dict[str, Any]:
    """A rating that names Amina; a value of None leaves the field out."""
    body = {
        "source": "survey tool",
        "external_id": "1",
        "rated_at": "2026-11-17T10:15:00+03:00",
        "stars": 5,
        "employee": "N-0412",
        "touchpoint": "Tills",
        **values,
    }
    return {name: value for name, value in body.items() if value is not None}


def an_interaction_body(**values: Any) -> dict[str, Any]:
    body = {
        "source": "pos",
        "external_id": "visit-1",
        "ended_at": "2026-11-17T10:00:00+03:00",
        "employee": "N-0412",
        "touchpoint": "Tills",
        "channel": "Mailed link",
        "place": "till 4",
        "customer": "C-1",
        **values,
    }
    return {name: value for name, value in body.items() if value is not None}
