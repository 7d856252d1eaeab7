"""A browser, a live server, a mail server and an hour that can be set."""

import os
import secrets
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import make_url, text

from tests.conftest import NOW, pg_admin
from tests.journeys.chromium import LAPTOP, STILL, a_browser
from tests.journeys.company import demo_app
from tests.journeys.serving import Hour, Postbox, packages_site, receiving_mail, serving
from tests.journeys.sights import come_in
from tracker.core import clock

expect.set_options(timeout=30_000)  # milliseconds; a page that is right is right on a busy machine too


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch) -> Hour:
    """The clock of all threads: a journey moves it by hand."""
    hour = Hour(NOW)
    monkeypatch.setattr(clock, "now", hour)
    return hour


@pytest.fixture
def postbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    """A real mail server that takes what the application sends."""
    with receiving_mail() as (smtp_url, postbox):
        monkeypatch.setitem(app.config, "SMTP_URL", smtp_url)
        yield postbox


@pytest.fixture
def address(app: Flask, hour: Hour, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the application is served; links in mails lead there too."""
    with serving(app) as address:
        monkeypatch.setitem(app.config, "BASE_URL", address)
        monkeypatch.setitem(app.config, "CONTENT_URL", packages_site(address))
        yield address


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Flask]:
    """The demo company in a database of its own, as of one fixed noon. Asks for the browser first: loading takes a while."""
    server = os.environ.get("TEST_DATABASE_URL")
    database_url = _a_database(server) if server else None
    with demo_app(tmp_path_factory.mktemp("demo"), at=NOW, database_url=database_url, progress=_silently) as app:
        yield app


def _a_database(server: str) -> str:
    name = f"tracker_demo_{secrets.token_hex(3)}"
    with pg_admin(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _silently(_share: float) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def demo_address(demo: Flask) -> Iterator[str]:
    """Where the demo is served, at the hour it was made for. Not for the whole session: other tests live in other hours."""
    with pytest.MonkeyPatch.context() as patch, serving(demo) as address:
        patch.setattr(clock, "now", Hour(NOW))
        patch.setitem(demo.config, "BASE_URL", address)
        patch.setitem(demo.config, "CONTENT_URL", packages_site(address))
        yield address


class Visitors:
    """A signed-in page for each of the cast, made when first asked for."""

    def __init__(self, browser: Browser, app: Flask, address: str) -> None:
        self.browser, self.app, self.address = browser, app, address
        self._pages: dict[str | None, Page] = {}

    def page_of(self, who: str | None) -> Page:
        if who not in self._pages:
            self._pages[who] = self.browser.new_context(**LAPTOP, **STILL, base_url=self.address).new_page()
            come_in(self.app, self._pages[who], self.address, who)
        return self._pages[who]

    def leave(self) -> None:
        for page in self._pages.values():
            page.context.close()


@pytest.fixture(scope="module")
def visitors(chromium: Browser, demo: Flask, demo_address: str) -> Iterator[Visitors]:
    visitors = Visitors(chromium, demo, demo_address)
    yield visitors
    visitors.leave()
