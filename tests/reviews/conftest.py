"""Feeds served by a real server on this machine, and reviews as a door hands them on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from tests.conftest import NOW
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Team
from tracker.reviews.actions import take_review
from tracker.reviews.feed_actions import add_feed
from tracker.reviews.models import Review, ReviewFeed
from tracker.reviews.rules import Given, Whose

_numbers = count(1)
ITEM = """<item><guid>{id}</guid><title>{title}</title><description>{text}</description>
<link>https://reviews.example.org/{id}</link><pubDate>Tue, 17 Nov 2026 10:00:00 +0300</pubDate>{more}</item>"""


def rss(*items: str, head: str = "") -> bytes:
    body = "".join(items)
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Reviews</title>{head}{body}</channel></rss>'
    ).encode()


def item(id: str = "r-1", title: str = "Kind people", text: str = "Thanks to Amina.", more: str = "") -> str:
    return ITEM.format(id=id, title=title, text=text, more=more)


@dataclass
class Site:
    """A review site: what it answers next, and what it was asked."""

    port: int = 0
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/rss+xml"})
    asked: list[dict[str, str]] = field(default_factory=list)
    during: Callable[[], None] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/feed.xml"


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """On this machine, which the operator's setting allows for the time of a test."""
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(dict(self.headers))
            if found.during:
                found.during()
            self.send_response(found.status)
            for name, value in {**found.headers, "Content-Length": str(len(found.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(found.body)

        def log_message(self, *_args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    Thread(target=server.serve_forever, daemon=True).start()
    before = app.config["PRIVATE_HOSTS"]
    app.config["PRIVATE_HOSTS"] = f"127.0.0.1:{found.port}"
    yield found
    app.config["PRIVATE_HOSTS"] = before
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with clock.set_to(NOW):
        yield NOW


def a_feed(address: str, team: Team | None = None, **values: Any) -> ReviewFeed:
    given = {"name": "Reviews", "stars_from": "none", "out_of": 5, "answer_within": 2, **values}
    with transaction():
        feed = add_feed({**given, "address": address, "team_id": team.id if team else None}, by=None, at=NOW)
        db.session.flush()
        db.session.refresh(feed)
        db.session.expunge(feed)
    return feed


def a_review(team: Team | None = None, *, at: datetime = NOW, **values: Any) -> Review:
    """One as a file brings it."""
    given = {
        "source": "file",
        "external_id": f"x{next(_numbers)}",
        "text": "The queue was long.",
        "published_at": at - timedelta(days=1),
        **values,
    }
    with transaction():
        review, _outcome = take_review(Given(**given), by=None, at=at, whose=Whose(team.id if team else None))
        db.session.flush()
        db.session.refresh(review)
        db.session.expunge(review)
    return review


def stored(review: Review | int) -> Review:
    db.session.rollback()
    id = review if isinstance(review, int) else review.id
    return db.session.get_one(Review, id, populate_existing=True)


def the_feed(feed: ReviewFeed) -> ReviewFeed:
    db.session.rollback()
    return db.session.get_one(ReviewFeed, feed.id, populate_existing=True)
