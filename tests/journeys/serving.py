"""The application behind a real port, a mail server behind another, and the hour that both believe in."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from waitress import create_server

THREADS = 4


@dataclass
class Hour:
    """What `tracker.core.clock.now` answers in every thread of this process, while a test stands in for the clock."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@contextmanager
def serving(app: Flask, *, port: int = 0) -> Iterator[str]:
    """Serve the application as run.py does, on a free port of this machine; the address without a slash at its end.

    `port`: one that was free before, for a server that comes back.
    """
    open_sockets: dict[int, Any] = {}
    server = create_server(app, host="127.0.0.1", port=port, threads=THREADS, ident=None, map=open_sockets)
    thread = threading.Thread(target=server.run, name="journeys' server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Inside the server's own thread: sockets closed from another one would be missed by its select().
        server.trigger.pull_trigger(lambda: _close(server, open_sockets))
        thread.join(timeout=120)
        server.task_dispatcher.shutdown()


def packages_site(address: str) -> str:
    """The packages’ own site beside that address: the same port under another name, which to a browser is another site."""
    return address.replace("127.0.0.1", "localhost")


def _close(server: Any, open_sockets: dict[int, Any]) -> None:
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.close()
    open_sockets.clear()


class Postbox:
    """Every mail that arrived, in order."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 taken"

    def mails_to(self, address: str | None) -> list[EmailMessage]:
        return [mail for mail in self.mails if address and address in str(mail["To"])]


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(preferencelist=("plain",))
    assert body is not None
    return str(body.get_content())


@contextmanager
def receiving_mail() -> Iterator[tuple[str, Postbox]]:
    """A real mail server on a free port: its SMTP_URL, and what it has taken."""
    postbox = Postbox()
    controller = _Controller(postbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.taken_port}", postbox
    finally:
        controller.stop()


class _Controller(Controller):
    """On a port that the system chooses, which aiosmtpd itself would not tell."""

    @property
    def taken_port(self) -> int:
        server: Any = self.server
        return int(server.sockets[0].getsockname()[1])

    def _trigger_server(self) -> None:
        """aiosmtpd knocks at its own door to see that it is open, at the port it was told: 0."""
        self.port = self.taken_port
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd names no types here
