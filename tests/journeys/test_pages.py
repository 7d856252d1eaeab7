"""Every page of the demo company, looked at in a real browser by whoever it is for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.house.words import said_all_the_same, written_by_people
from tests.journeys import looks
from tests.journeys.conftest import Visitors
from tests.journeys.sights import NO_PAGE, SIGHTS, Sight

pytestmark = pytest.mark.browser

PHONE, NARROW, LAPTOP = 390, 320, 1280
MAY_ANSWER = {
    "error": 404,
    "link-over": 404,
    "cu-unknown": 404,
    "cu-unknown-sw": 404,
    "cu-error-fr": 404,
    "cu-certificate-unknown": 404,
}


def test_no_page_is_forgotten(app: Flask) -> None:
    """A new route for a page fails here until it stands in SIGHTS, or in NO_PAGE with its reason."""
    answering = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    looked_at = {sight.endpoint for sight in SIGHTS if sight.endpoint}
    assert answering - looked_at - set(NO_PAGE) == set()
    assert looked_at - answering == set()


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_can_be_used_by_everybody(sight: Sight, demo: Flask, visitors: Visitors) -> None:
    """In light and dark, on laptop and phone and at 320 pixels, with longer words, and without scripts."""
    page = visitors.page_of(sight.who)
    with complaints_of(page) as complaints:
        _show(sight, demo, page)
    assert complaints == []
    assert _words_not_ours(looks.texts(page), demo, technical(page)) == []
    if not os.environ.get("TEST_DATABASE_URL"):  # looks do not depend on the database; that every page is there may
        assert _faults_of(page) == []


def technical(page: Page) -> list[str]:
    """Names of tables, rights and addresses, which the works-council pack gives as they are in the code."""
    return page.locator("main code").all_inner_texts()


def _words_not_ours(texts: str, demo: Flask, names: list[str]) -> list[str]:
    """Words that the product does not use (design guide, 5). What people wrote themselves is theirs."""
    if not said_all_the_same(texts, names):
        return []
    with demo.app_context():
        return said_all_the_same(texts, [*names, *written_by_people()])


def _faults_of(page: Page) -> list[str]:
    faults = looks.outline(page) + looks.sticking_out(page, LAPTOP)
    page.emulate_media(color_scheme="dark")
    faults += looks.axe_violations(page, only="color-contrast")
    page.emulate_media(color_scheme="light")
    faults += looks.sticking_out(page, PHONE) + looks.too_small_to_tap(page) + looks.axe_violations(page)
    return faults + looks.sticking_out(page, NARROW) + looks.broken_by_longer_words(page, PHONE)


def _show(sight: Sight, demo: Flask, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": LAPTOP, "height": 800})
    answer = page.goto(sight.url(demo))
    assert answer is not None
    assert answer.status == MAY_ANSWER.get(sight.name, 200), page.locator("body").inner_text()[:500]
    if sight.first:
        sight.first(page)


def test_a_page_with_every_fault_is_caught(chromium: Browser) -> None:
    """The measures themselves: each finds what it is there for."""
    page = chromium.new_context().new_page()
    page.set_content(
        "<main><div style='width: 700px; color: #ccc; background: #fff' onclick='1'>wide and pale</div>"
        "<button style='width: 20px; height: 20px; overflow: hidden; padding: 0'>Save</button></main>"
    )
    assert len(looks.outline(page)) >= 3  # scripted, no h1, no title
    assert [fault for fault in looks.axe_violations(page) if fault.startswith("html-has-lang")]
    assert [fault for fault in looks.axe_violations(page, only="color-contrast") if fault.startswith("color-contrast")]
    assert looks.sticking_out(page, PHONE)
    assert looks.too_small_to_tap(page)
    page.evaluate("document.querySelector('button').setAttribute('aria-label', 'Above the benchmark')")
    assert said_all_the_same(looks.texts(page))
    assert [fault for fault in looks.broken_by_longer_words(page, PHONE) if "cut off" in fault]
    page.context.close()


@contextmanager
def complaints_of(page: Page) -> Iterator[list[str]]:
    """What the browser's console complains about meanwhile: what our own policy forbids, for one."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # Chromium reports every answer of 400 and above as an error, also those we asked for.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(f"console: {message.text}")

    page.on("console", note)
    yield complaints
    page.remove_listener("console", note)
