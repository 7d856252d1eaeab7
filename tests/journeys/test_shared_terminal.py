"""A till in a real browser: paired, tapped, left alone; and a browser that sets itself up for pushes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import account_of
from tests.journeys.chromium import PHONE, TABLET, sign_in
from tests.journeys.serving import Hour
from tracker.access import terminal_rules
from tracker.access.rules import hash_password
from tracker.access.terminal_actions import make_code, make_terminal
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.choice_models import PushSubscription
from tracker.notifications.push_keys import public_key

pytestmark = pytest.mark.browser
PASSWORD, PIN = "three words together", "8305"
# What a browser without a way to any push service would answer: its own address and keys.
A_SUBSCRIPTION = """
    const keys = {
      p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
      auth: "BTBZMqHH6r4Tts7J_aSIgg",
    };
    window.asked = [];
    Notification.requestPermission = async () => "granted";
    PushManager.prototype.getSubscription = async () => null;
    PushManager.prototype.subscribe = async (options) => {
      localStorage.setItem("asked", options.applicationServerKey);
      return { toJSON: () => ({ endpoint: "https://push.example.org/abc", keys }) };
    };
"""


@pytest.fixture
def till(app: Flask, cast: Cast, chromium: Browser, address: str) -> Any:
    with transaction():
        account_of(cast.amina).password_hash = hash_password(PASSWORD)
        terminal = make_terminal(name="Till 2", team_id=cast.tills.id, by=None, at=clock.now())
        code = make_code(terminal, key=app.config["SECRET_KEY"], by=None, at=clock.now())
    db.session.rollback()
    page = chromium.new_context(**TABLET).new_page()
    page.goto(f"{address}/terminal")
    page.get_by_label("Pairing code").fill(code.lower())
    page.get_by_role("button", name="Pair").click()
    yield page
    for context in chromium.contexts:
        context.close()


def sets_a_pin(chromium: Browser, address: str) -> Page:
    """On her own phone."""
    page = chromium.new_context(**PHONE).new_page()
    sign_in(page, address, "N-0412", PASSWORD)
    page.goto(f"{address}/account")
    page.get_by_role("link", name="Set a PIN").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("New PIN").fill(PIN)
    page.get_by_label("The same PIN again").fill(PIN)
    page.get_by_role("button", name="Save the PIN").click()
    expect(page.get_by_text("Your PIN is set.")).to_be_visible()
    return page


def taps_in(till: Page, pin: str = PIN) -> None:
    till.get_by_label("Amina O.").check(force=True)
    till.get_by_label("Your PIN").fill(pin)
    till.get_by_role("button", name="Sign in", exact=True).click()


def test_amina_sets_a_pin_taps_in_and_out(till: Page, chromium: Browser, address: str) -> None:
    expect(till.get_by_role("heading", name="Welcome. Tap your name.")).to_be_visible()
    sets_a_pin(chromium, address)
    taps_in(till, "4826")
    expect(till.get_by_text("That didn’t match.").first).to_be_visible()
    taps_in(till)
    expect(till.get_by_text("You’re on a shared terminal.")).to_be_visible()
    till.goto(f"{address}/account")
    expect(till.get_by_text("This page doesn’t open with a PIN.")).to_be_visible()
    till.goto(f"{address}/inbox")
    till.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(till.get_by_role("heading", name="Welcome. Tap your name.")).to_be_visible()
    till.go_back()
    expect(till.get_by_text("You’re on a shared terminal.")).to_have_count(0)


def test_a_screen_that_is_left_alone_goes_back_to_the_names(
    till: Page, chromium: Browser, address: str, hour: Hour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the browser alone, without a script; the browser is told to come after a second instead of three minutes."""
    sets_a_pin(chromium, address)
    monkeypatch.setattr(terminal_rules, "SILENCE", terminal_rules.SILENCE / 180)
    taps_in(till)
    expect(till.get_by_role("heading", name="Welcome. Tap your name.")).to_be_visible()
    assert till.url == f"{address}/terminal?left=1"
    hour.at += timedelta(minutes=3, seconds=1)
    till.goto(f"{address}/me")
    assert till.url == f"{address}/terminal"


def test_a_phone_sets_itself_up_for_pushes(app: Flask, cast: Cast, till: Page, chromium: Browser, address: str) -> None:
    """The page’s own script and a real service worker; only the push service, which is somewhere else, is played."""
    context = chromium.new_context(**PHONE)
    context.add_init_script(A_SUBSCRIPTION)
    page = context.new_page()
    sign_in(page, address, "N-0412", PASSWORD)
    page.goto(f"{address}/account/notifications")
    expect(page.get_by_text("Setting up a push needs a script")).to_be_hidden()
    page.get_by_role("button", name="Push to this browser").click()
    expect(page.get_by_text("This browser tells you from now on")).to_be_visible()
    expect(page.get_by_text("This one")).to_be_visible()
    assert page.evaluate("localStorage.getItem('asked')") == public_key()
    scope = page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))")
    assert [re.sub(r"^https?://[^/]+", "", one) for one in scope] == ["/account/push/"]
    db.session.rollback()
    kept = db.session.scalars(select(PushSubscription)).one()
    assert (kept.person_id, kept.endpoint) == (cast.amina.id, "https://push.example.org/abc")


def test_whoever_says_no_is_told_where_to_change_it(till: Page, chromium: Browser, address: str) -> None:
    context = chromium.new_context(**PHONE)
    context.add_init_script("Notification.requestPermission = async () => 'denied';")
    page = context.new_page()
    sign_in(page, address, "N-0412", PASSWORD)
    page.goto(f"{address}/account/notifications")
    page.get_by_role("button", name="Push to this browser").click()
    expect(page.get_by_text("Your browser was told not to show notifications")).to_be_visible()


def test_without_a_script_the_page_says_what_is_missing(till: Page, chromium: Browser, address: str) -> None:
    page = chromium.new_context(**PHONE, java_script_enabled=False).new_page()
    sign_in(page, address, "N-0412", PASSWORD)
    page.goto(f"{address}/account/notifications")
    expect(page.get_by_text("Setting up a push needs a script")).to_be_visible()
    expect(page.get_by_role("button", name="Push to this browser")).to_be_hidden()
    page.get_by_label("Mail: Training and certificates").select_option("none")
    page.get_by_role("button", name="Save what comes how").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Mail: Training and certificates")).to_have_value("none")
