"""A lesson beside the learner's phone: it follows each key with our script, and the button without any. All of it by keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.chromium import LAPTOP, STILL, sign_in
from tests.journeys.sights import DESK, STAFF_NUMBERS
from tracker.demo.loading import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


def a_lesson(browser: Browser, address: str, *, scripts: bool) -> Page:
    """A new course of Brian's with a lesson to read, written without touching the mouse."""
    page = browser.new_context(**LAPTOP, **STILL, java_script_enabled=scripts).new_page()
    sign_in(page, address, STAFF_NUMBERS["brian"], PASSWORD)
    page.goto(f"{address}/courses/new")
    page.get_by_label("Title").press_sequentially("Calm")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Add a lesson").wait_for()
    page.get_by_label("Title").press_sequentially("Breathe")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Breathe", level=1).wait_for()
    return page


def test_without_a_script_a_button_shows_what_stands_in_the_form(chromium: Browser, demo_address: str) -> None:
    page = a_lesson(chromium, demo_address, scripts=False)
    phone = page.frame_locator("iframe[name=phone]")
    page.get_by_label("Text", exact=True).fill("## Slowly")
    page.get_by_role("button", name="Show what stands in the form").press("Enter")
    expect(phone.get_by_role("heading", name="Slowly")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("## Slowly")
    page.context.close()


def test_with_it_the_phone_follows_each_key(chromium: Browser, demo_address: str, tmp_path: Path) -> None:
    page = a_lesson(chromium, demo_address, scripts=True)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    phone = page.frame_locator("iframe[name=phone]")
    page.get_by_label("Text", exact=True).press_sequentially("## Slow")
    expect(phone.get_by_role("heading", name="Slow", exact=True)).to_be_visible()
    picture = tmp_path / "The Desk.png"
    picture.write_bytes(DESK)
    page.get_by_label("A file from your device").set_input_files(picture)
    page.get_by_label("What does the picture show?").fill("The desk")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_label("Text", exact=True)).to_have_value("## Slow\n\n![The desk](files/the-desk.png)")
    shown = phone.get_by_role("img", name="The desk")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 160, "the picture itself is there"
    assert complaints == []
    page.context.close()
