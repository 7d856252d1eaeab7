"""Helpdesks with doors, as they send over HTTP: each signs as it does."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook
from werkzeug.test import TestResponse

from tests.conftest import Cast
from tests.factories import a_channel, a_touchpoint
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.webhooks.inbound_actions import make_door, new_secret, set_secret
from tracker.webhooks.inbound_jobs import work_off
from tracker.webhooks.inbound_models import Delivery, Door
from tracker.webhooks.inbound_refusals import Refusals

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
_numbers = count(1)


@dataclass
class Helpdesk:
    """The sender behind a door. `at` is its clock."""

    app: Flask
    door_id: int
    address: str
    kind: str
    secret: str
    at: datetime = NOW
    sent: list[str] = field(default_factory=list)

    def headers(self, body: bytes, *, number: str | None = None, secret: str | None = None) -> dict[str, str]:
        number, secret = number or f"n{next(_numbers)}", secret or self.secret
        seconds = str(int(self.at.timestamp()))
        match self.kind:
            case "chatwoot":
                signature = hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
                own = {"X-Chatwoot-Timestamp": seconds, "X-Chatwoot-Signature": f"sha256={signature}"}
                return {**own, "X-Chatwoot-Delivery": number}
            case "zendesk":
                stamp = f"{self.at:%Y-%m-%dT%H:%M:%SZ}"
                signature = b64encode(
                    hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).digest()
                ).decode()
                own = {"X-Zendesk-Webhook-Signature": signature, "X-Zendesk-Webhook-Signature-Timestamp": stamp}
                return {**own, "X-Zendesk-Webhook-Invocation-Id": number}
            case "freshdesk":
                return {"X-Hook-Secret": secret}
            case _:
                signature = Webhook(secret).sign(number, self.at, body.decode())
                return {"webhook-id": number, "webhook-timestamp": seconds, "webhook-signature": signature}

    def send(self, payload: Any, **options: Any) -> TestResponse:
        body = json.dumps(payload).encode() if not isinstance(payload, bytes) else payload
        return self.post(body, self.headers(body, **options))

    def post(self, body: bytes, headers: dict[str, str]) -> TestResponse:
        db.session.rollback()
        with self.app.app_context(), clock.set_to(self.at):
            return self.app.test_client().post(f"/hooks/{self.address}", data=body, headers=headers)

    def tell(self, payload: Any, **options: Any) -> Delivery:
        """Send it, have it worked off, and see what became of it."""
        assert self.send(payload, **options).status_code == 202
        work_off(self.at)
        self.wait(seconds=1)  # the same again in the same second is the same delivery
        return self.last()

    def last(self) -> Delivery:
        db.session.rollback()
        newest = select(Delivery).where(Delivery.door_id == self.door_id).order_by(Delivery.id.desc()).limit(1)
        return db.session.scalars(newest).one()

    def wait(self, **length: int) -> None:
        self.at += timedelta(**length)


@pytest.fixture
def helpdesk(app: Flask, cast: Cast) -> Callable[..., Helpdesk]:
    """helpdesk(kind) -> one with a door that Ruth made; for the tills, asked by a mailed link."""

    app.extensions["webhook_refusals"] = Refusals()  # what it remembers belongs to doors that are gone

    def make(kind: str = "chatwoot", name: str | None = None, *, by: Any = None, **settings: Any) -> Helpdesk:
        with transaction():
            where = {"touchpoint_id": a_touchpoint("Tills").id, "channel_id": a_channel("Mailed link").id}
            given = {**where, "scale": "words", **settings}
            door: Door = make_door(kind, name or kind.capitalize(), by=(by or cast.ruth).id, at=NOW, **given)
            secret = set_secret(door, new_secret(kind), by=cast.ruth.id, at=NOW)
            return Helpdesk(app, door.id, door.address, kind, secret)

    return make
