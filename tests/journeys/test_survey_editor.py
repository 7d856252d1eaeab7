"""The phone beside the editor: it follows each key with our script, and the buttons without any."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.chromium import LAPTOP, STILL, sign_in
from tests.journeys.sights import STAFF_NUMBERS
from tracker.demo.loading import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


def the_editor(browser: Browser, address: str, *, scripts: bool) -> Page:
    page = browser.new_context(**LAPTOP, **STILL, java_script_enabled=scripts).new_page()
    sign_in(page, address, STAFF_NUMBERS["chloe"], PASSWORD)
    page.goto(f"{address}/surveys/purchase")
    return page


def write_another_praise(page: Page) -> None:
    page.get_by_text("Words of “Fast”").click()
    row = page.get_by_role("group", name=re.compile("When it went well.*Fast"))
    row.get_by_label("Kiswahili").fill("Chapuchapu")


def test_without_a_script_a_button_shows_what_stands_in_the_editor(chromium: Browser, demo_address: str) -> None:
    page = the_editor(chromium, demo_address, scripts=False)
    phone = page.frame_locator("iframe[name=phone]")
    expect(phone.get_by_role("heading", name="How was your visit today?")).to_be_visible()
    write_another_praise(page)
    page.get_by_role("button", name="Show it in Kiswahili").click()
    expect(phone.get_by_text("Chapuchapu")).to_be_visible()
    assert page.url.endswith("/surveys/purchase"), "the editor stays as it is"
    expect(page.get_by_role("button", name="Save as a new version")).to_be_visible()
    page.context.close()


def test_with_it_the_phone_follows_each_key(chromium: Browser, demo_address: str) -> None:
    page = the_editor(chromium, demo_address, scripts=True)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    phone = page.frame_locator("iframe[name=phone]")
    page.get_by_role("button", name="Show it in Kiswahili").click()
    expect(phone.get_by_text("Haraka", exact=True)).to_be_visible()
    write_another_praise(page)
    expect(phone.get_by_text("Chapuchapu")).to_be_visible()
    page.get_by_label("Ask how easy it was").check()
    expect(phone.get_by_text("Ilikuwa rahisi kiasi gani?")).to_be_visible()
    phone.get_by_role("button", name="Tuma").click()
    assert complaints == [], "and nothing in it can be sent"
    page.context.close()
