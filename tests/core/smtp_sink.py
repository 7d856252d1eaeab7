"""A real SMTP server on a free loopback port, which keeps what it gets, refuses it, or hangs up."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = Callable[[int], str]


class Sink:
    """What has arrived. `answers(n)` says what the server replies to its n-th mail (from 1); other than 250 it keeps nothing."""

    def __init__(self, answers: Answer = lambda _n: "250 OK") -> None:
        self.answers, self.asked = answers, 0
        self.mails: list[EmailMessage] = []
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.asked += 1
        answer = self.answers(self.asked)
        if answer.startswith("250") or answer == "hang up after taking it":
            content = cast(bytes, envelope.content)
            self.mails.append(cast(EmailMessage, message_from_bytes(content, policy=cast(Any, default))))
        if answer.startswith("hang up"):
            assert server.transport is not None
            server.transport.abort()
        return answer


@contextmanager
def smtp_sink(answers: Answer = lambda _n: "250 OK") -> Iterator[Sink]:
    sink = Sink(answers)
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield int(listener.getsockname()[1])


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(true: Callable[[], bool], *, seconds: float = 120) -> None:
    """Wait for something that another process does; fail when it does not."""
    ends_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends_at, f"not within {seconds} seconds"
        time.sleep(0.01)
