"""An empty database becomes somebody's: from the first page to people, a slip on paper, and a file of ratings undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.journeys.chromium import LAPTOP, PHONE, sign_in

pytestmark = pytest.mark.browser

PASSWORD = "first of them all"
PEOPLE = """staff_number,name,email,team
T-001,Njeri Kariuki,njeri@example.org,Tills
T-002,Otis Mbeki,,Tills
T-003,,nobody@example.org,Tills
"""
RATINGS = """Rating ID,Date,Stars,Employee
R-1,2026-11-16 10:05,5,T-001
R-2,2026-11-16 11:40,2,T-001
R-3,some day,4,T-002
"""


@pytest.fixture
def admins_page(app: Flask, address: str, chromium: Browser) -> Iterator[Page]:
    """A laptop without scripts on the first page that an empty database shows, filled in."""
    page = chromium.new_context(**LAPTOP, java_script_enabled=False, base_url=address).new_page()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome. Let’s set it up.")
    page.get_by_label("Name of your organisation").fill("Lakeside Hardware")
    page.get_by_label("Time zone").fill("Africa/Nairobi")
    page.get_by_label("Your name").fill("Ruth Kiprop")
    page.get_by_label("Your staff number").fill("A-1")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Start").click()
    expect(page).to_have_url(f"{address}/people")
    yield page
    page.context.close()


def test_the_first_admin_lets_the_first_person_in_with_a_slip(
    admins_page: Page, address: str, chromium: Browser
) -> None:
    page = admins_page
    page.goto("/teams/new")
    page.get_by_label("Name").fill("Tills")
    page.locator("main form button").last.click()
    page.goto("/people/new")
    page.get_by_label("Name").fill("Njeri Kariuki")
    page.get_by_label("Staff number").fill("T-001")
    page.get_by_label("Team").select_option(label="Tills")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Let them sign in").click()
    page.get_by_role("button", name="Print a sign-in slip").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Njeri Kariuki")
    code = page.locator("dd.say").inner_text()
    comes_in_with(code, chromium, address)


def comes_in_with(code: str, chromium: Browser, address: str) -> None:
    """The new person on their own phone; a second try with the same slip is one too many."""
    phone = chromium.new_context(**PHONE, java_script_enabled=False, base_url=address).new_page()
    phone.goto("/slip")
    phone.get_by_label("Code on the slip").fill(code.lower())
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_label("New password").fill("three words together")
    phone.get_by_role("button", name="Save and go in").click()
    expect(phone).to_have_url(f"{address}/me")
    expect(phone.locator("main")).to_contain_text("No ratings yet")
    phone.context.clear_cookies()
    phone.goto("/slip")
    phone.get_by_label("Code on the slip").fill(code)
    phone.get_by_role("button", name="Go on").click()
    expect(phone.locator("main")).to_contain_text("This code doesn’t open anything")
    sign_in(phone, address, "T-001", "three words together")
    phone.context.close()


def test_people_and_ratings_come_from_files_and_ratings_go_back(admins_page: Page, tmp_path: Path) -> None:
    page = admins_page
    people_come_from_a_file(page, _file(tmp_path, "people.csv", PEOPLE))
    page.goto("/imports")
    page.get_by_role("link", name="Choose a file").first.click()
    page.get_by_label("File").set_input_files(_file(tmp_path, "answers.csv", RATINGS))
    page.get_by_label("From").fill("survey tool")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Check the rows").click()
    expect(page.locator("main")).to_contain_text("1 row needs a look")
    page.get_by_role("button", name="Save 2, leave out 1").click()
    expect(page.locator("main")).to_contain_text("2 ratings were saved")
    page.get_by_role("button", name="Undo").first.click()
    expect(page.locator("main")).to_contain_text("Undone")


def people_come_from_a_file(page: Page, file: Path) -> None:
    page.goto("/people/import")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Check this file").click()
    expect(page.locator("main")).to_contain_text("1 row doesn’t fit")
    page.get_by_role("button", name="Save 2, leave out 1").click()
    expect(page.locator("main")).to_contain_text("Saved: 2 new")
    page.goto("/people")
    expect(page.locator("main")).to_contain_text("Otis Mbeki")


def _file(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file
