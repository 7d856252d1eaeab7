"""The browser of the journeys: found as `make test` finds it, with the devices people hold."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import ARGUMENTS, NONE_FOUND, find_browser

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 1.5,
    "has_touch": True,
    "is_mobile": True,
}
TABLET: dict[str, Any] = {"viewport": {"width": 1180, "height": 820}, "has_touch": True}
LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
# No transitions: a colour measured half way from light to dark is neither.
STILL: dict[str, Any] = {"reduced_motion": "reduce"}
DEVICES = {"phone": PHONE, "tablet": TABLET, "laptop": LAPTOP}


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium, headless; skips the test when there is none, and fails instead where CI=true."""
    path = find_browser()
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(NONE_FOUND)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def hold_clock(page: Page) -> None:
    """From the next page on its time passes by page.clock.run_for() alone: a slow machine misses nothing that is there for seconds."""
    now = datetime.now(UTC)
    page.clock.install(time=now)
    page.clock.pause_at(now + timedelta(seconds=1))


def sign_in(page: Page, address: str, staff_number: str, password: str, *, remember: bool = False) -> None:
    """Through the door that everybody uses."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("Staff number or email").fill(staff_number)
    page.get_by_label("Password").fill(password)
    if remember:
        page.get_by_text("This is my own phone").click()
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()
    assert "/sign-in" not in page.url, page.locator("main").inner_text()
