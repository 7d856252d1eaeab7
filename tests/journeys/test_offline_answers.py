"""A quiz on a phone that loses its signal: the questions go on, and the answers arrive once each when it is back."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.factories import a_course, account_of
from tests.journeys.chromium import PHONE, sign_in
from tracker.access.actions import end_sessions
from tracker.access.rules import hash_password
from tracker.core.db import db, transaction
from tracker.courses.actions import begin_draft
from tracker.courses.models import Course
from tracker.training.learning_models import QuizAnswer
from tracker.training.publishing import publish_version

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PASSWORD = "three words together"


@pytest.fixture
def phone(app: Flask, cast: Cast, address: str, chromium: Browser) -> Page:
    """Amina at the first question of a check."""
    with transaction():
        a_course(title="Listening first")
        account_of(db.session.merge(cast.amina)).password_hash = hash_password(PASSWORD)
    db.session.rollback()
    page = chromium.new_context(**PHONE).new_page()
    sign_in(page, address, "N-0412", PASSWORD)
    page.goto(f"{address}/training")
    page.get_by_role("button", name="Begin Listening first").click()
    page.get_by_role("button", name="Done, next step").click()
    page.get_by_role("button", name="Begin").click()
    return page


def answers() -> list[tuple[str, bool | None]]:
    found = db.session.execute(select(QuizAnswer.question_key, QuizAnswer.is_right).order_by(QuizAnswer.id)).all()
    db.session.rollback()
    return [(key, right) for key, right in found]


def wait_for_an_answer(page: Page) -> None:
    """Asked from here: the page's policy lets no expression wait within it."""
    for _tenth in range(100):
        if answers():
            return
        page.wait_for_timeout(100)


def test_answers_given_without_a_signal_arrive_once_when_it_is_back(phone: Page) -> None:
    phone.context.set_offline(True)
    phone.get_by_label("Asking").check()
    phone.get_by_label("Sure", exact=True).check()
    phone.get_by_role("button", name="Answer").click()
    expect(phone.get_by_text("Kept on this device.")).to_be_visible()
    expect(phone.get_by_text("Which two help?")).to_be_visible()
    phone.get_by_label("A calm voice").check()
    phone.get_by_label("A name").check()
    phone.get_by_role("button", name="Answer").click()
    expect(phone.get_by_role("button", name="Answer")).to_have_count(0)
    assert answers() == []
    phone.context.set_offline(False)
    expect(phone.get_by_text("5 minutes well spent")).to_be_visible()
    assert answers() == [("first", True), ("both", True)]
    phone.reload()
    assert len(answers()) == 2
    phone.context.close()


def test_the_next_learner_on_the_same_device_sends_nothing_of_the_one_before(
    phone: Page, address: str, cast: Cast
) -> None:
    phone.context.set_offline(True)
    phone.get_by_label("Asking").check()
    phone.get_by_label("Sure", exact=True).check()
    phone.get_by_role("button", name="Answer").click()
    expect(phone.get_by_text("Kept on this device.")).to_be_visible()
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    phone.wait_for_timeout(500)
    with transaction():
        account_of(db.session.merge(cast.kevin)).password_hash = hash_password(PASSWORD)
        number = db.session.merge(cast.kevin).staff_number
    db.session.rollback()
    sign_in(phone, address, number, PASSWORD)
    phone.goto(f"{address}/training")
    phone.wait_for_timeout(500)
    assert answers() == []
    phone.context.clear_cookies()
    sign_in(phone, address, "N-0412", PASSWORD)
    phone.goto(f"{address}/training")
    expect(phone.get_by_role("link", name="Go on")).to_be_visible()
    wait_for_an_answer(phone)
    assert answers() == [("first", True)]
    phone.context.close()


@pytest.mark.parametrize("cookie", ["kept", "gone"])
def test_answers_outlive_the_sign_in(phone: Page, cast: Cast, cookie: str) -> None:
    """Ended on the server the page leads to the sign-in, without its cookie its token is worth nothing: neither is an answer taken."""
    with transaction():
        end_sessions(account_of(db.session.merge(cast.amina)).id, at=NOW)
    db.session.rollback()
    if cookie == "gone":
        phone.context.clear_cookies()
    phone.get_by_label("Asking").check()
    phone.get_by_label("Sure", exact=True).check()
    phone.get_by_role("button", name="Answer").click()
    expect(phone.get_by_text("You are signed out.")).to_be_visible()
    expect(phone.get_by_text("Kept on this device.")).to_be_hidden()
    phone.get_by_label("A calm voice").check()
    phone.get_by_label("A name").check()
    phone.get_by_role("button", name="Answer").click()
    expect(phone.get_by_role("button", name="Answer")).to_have_count(0)
    assert answers() == []
    phone.get_by_role("link", name="Sign in").click()
    phone.get_by_label("Staff number or email").fill("N-0412")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in", exact=True).click()
    expect(phone.get_by_text("5 minutes well spent")).to_be_visible()
    assert answers() == [("first", True), ("both", True)]
    phone.context.close()


def test_what_others_left_on_the_device_is_dropped_after_two_weeks(phone: Page) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    phone.evaluate(
        """() => { const day = 24 * 3_600_000;
          const left = (days) => ({ url: `/training/attempts/${days}/answers/first`, body: "choice=0", at: Date.now() - days * day });
          localStorage.setItem("answers-998", JSON.stringify([left(15)]));
          localStorage.setItem("answers-999", JSON.stringify([left(15), left(13)])); }"""
    )
    phone.reload()
    assert phone.evaluate("localStorage.getItem('answers-998')") is None
    left = phone.evaluate("JSON.parse(localStorage.getItem('answers-999'))")
    assert [one["url"] for one in left] == ["/training/attempts/13/answers/first"]
    phone.wait_for_timeout(300)
    assert [one for one in asked if re.match("POST .*/answers/", one)] == []
    phone.context.close()


def test_who_comes_too_late_is_told_so(phone: Page, cast: Cast) -> None:
    phone.context.set_offline(True)
    phone.get_by_label("Asking").check()
    phone.get_by_label("Sure", exact=True).check()
    phone.get_by_role("button", name="Answer").click()
    expect(phone.get_by_text("Kept on this device.")).to_be_visible()
    replace(cast)
    phone.context.set_offline(False)
    told = phone.get_by_text("An answer you gave without a signal came too late")
    expect(told).to_contain_text("A newer version has replaced this one, so nothing more counts in it.")
    expect(phone.get_by_role("button", name="Begin it again")).to_be_visible()
    assert phone.evaluate("localStorage.length") == 0
    phone.reload()
    expect(told).to_be_hidden()
    assert answers() == []
    phone.context.close()


def replace(cast: Cast) -> None:
    """Publish a version that everybody begins anew."""
    with transaction():
        by = db.session.merge(cast.chloe).id
        draft = begin_draft(db.session.scalars(select(Course)).one(), by=by, at=NOW)
        publish_version(draft, reopens=True, days=14, words=None, by=by, at=NOW)
    db.session.rollback()
