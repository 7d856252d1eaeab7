"""Another program that is told of events: a real HTTP server on a free loopback port, and webhooks that lead to it."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, tzinfo
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from standardwebhooks import Webhook

from tests.conftest import NOW
from tracker.core import hooks
from tracker.core.db import db, transaction
from tracker.core.models import HookDelivery, HookSubscription
from tracker.organisation.models import Person
from tracker.webhooks.outbound_actions import make_webhook
from tracker.webhooks.outbound_events import OFFERED

AT = NOW
Answer = Callable[[int], int]


class Receiver:
    """What has arrived: (headers, body) each. `answers(n)` is the status of its n-th answer (from 1); 0: it never answers."""

    def __init__(self, answers: Answer = lambda _n: 204) -> None:
        self.answers = answers
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/hook"

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _body in self.got]

    def verified(self, secret: str) -> list[dict[str, Any]]:
        """What arrived, each checked at AT by the library that receivers use."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("standardwebhooks.webhooks.datetime", _StandsStill)
            return [Webhook(secret).verify(body, headers) for headers, body in self.got]


class _StandsStill(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_StandsStill":
        return cls.fromtimestamp(AT.timestamp(), tz)


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status = receiver.answers(len(receiver.got))
            if status == 0:
                time.sleep(2)
                self.close_connection = True
                return
            self.send_response(status)
            if status in {301, 302, 307, 308}:
                self.send_header("Location", receiver.url + "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            return

    return Handler


@contextmanager
def receiving(app: Flask, answers: Answer = lambda _n: 204) -> Iterator[Receiver]:
    """A receiver that the operator has named, next to those named before."""
    receiver = Receiver(answers)
    threading.Thread(target=receiver.server.serve_forever, daemon=True).start()
    before = app.config["PRIVATE_HOSTS"]
    app.config["PRIVATE_HOSTS"] = ",".join(filter(None, [before, receiver.host]))
    try:
        yield receiver
    finally:
        app.config["PRIVATE_HOSTS"] = before
        receiver.server.shutdown()
        receiver.server.server_close()


def a_webhook(maker: Person, url: str, *, kinds: Sequence[str] = tuple(OFFERED), at: datetime = AT) -> tuple[int, str]:
    """The id and the secret of a webhook that this person made."""
    maker_id = maker.id
    with transaction():
        webhook, secret = make_webhook("Helpdesk", url, kinds, by=maker_id, at=at)
        db.session.flush()
        return webhook.id, secret


def an_event(key: str = "rating.erased|1", *, about: int = 1, at: datetime = AT) -> None:
    """One that can be told whoever asks: a rating that its customer took back."""
    with transaction():
        hooks.announce("rating.erased", about=about, key=key, at=at)


def lines() -> list[HookDelivery]:
    db.session.rollback()
    return list(
        db.session.scalars(select(HookDelivery).order_by(HookDelivery.id).execution_options(populate_existing=True))
    )


def the_webhook(id: int) -> HookSubscription:
    db.session.rollback()
    return db.session.get_one(HookSubscription, id, populate_existing=True)
