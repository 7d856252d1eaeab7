"""From one star on a Friday afternoon to a customer who says that it was put right: real pages, real mail, a clock moved by hand.

Amina works at the tills, which Brian leads; Faith leads the store, Chloe is HR. It is Friday, 20 November, 16:40 in Nairobi, and
the Monday after is a holiday. Brian does nothing.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_person, a_rating, a_touchpoint, account_of
from tests.journeys.chromium import LAPTOP, PHONE, sign_in
from tests.journeys.serving import Hour, Postbox, text_of
from tracker.access.rules import hash_password
from tracker.core.db import db, transaction
from tracker.core.tasks import run_due
from tracker.intake.actions import open_link
from tracker.organisation.models import Holiday, Person
from tracker.ratings.survey_actions import ensure_default_surveys
from tracker.recovery import actions, surveys
from tracker.recovery.models import RecoveryCase
from tracker.recovery.opening import open_case

pytestmark = pytest.mark.browser

PASSWORD = "three words together"
MINUTE = timedelta(minutes=1)
RATED = datetime(2026, 11, 20, 13, 40, tzinfo=UTC)  # Friday, 16:40 in Nairobi
FOUR_HOURS = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)  # Tuesday, 11:40: 20 minutes of Friday, nothing of Monday
EIGHT_HOURS = datetime(2026, 11, 24, 12, 40, tzinfo=UTC)  # Tuesday, 15:40
SIXTEEN_HOURS = datetime(2026, 11, 25, 11, 40, tzinfo=UTC)  # Wednesday, 14:40
THE_CALL = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)  # Thursday, 9:00
ASKED = THE_CALL + timedelta(days=2)
WORDS = "I was charged twice and nobody listened."
REACH = "asha@example.org, or 0722 417 318 after five"


@pytest.fixture
def company(app: Flask, cast: Cast, address: str, hour: Hour) -> Cast:
    """Who can sign in, a holiday, and five complaints of October that were closed: three customers said what became of them."""
    hour.at = RATED
    with transaction():
        ensure_default_surveys(at=RATED)
        db.session.add(Holiday(on=date(2026, 11, 23), name="A day off"))
        for person in vars(cast).values():
            if isinstance(person, Person):
                account_of(person).password_hash = hash_password(PASSWORD)
        for number in range(5):
            _ended(cast, said={0: "yes", 1: "no", 2: "yes"}.get(number))
    for row in vars(cast).values():  # let go of them: reading one would open a transaction that stops the server
        db.session.refresh(row)
        db.session.expunge(row)
    db.session.rollback()
    return cast


def _ended(cast: Cast, *, said: str | None) -> None:
    at = RATED - timedelta(days=40)
    case = open_case(a_rating(a_person(team=cast.tills), 2, at=at), contact="0733 000 224", at=at)
    assert case is not None
    actions.record_contact(case, "Called.", reached=True, by=cast.brian.id, at=at)
    actions.close(case, outcome="solved", words="Done.", by=cast.brian.id, at=at, cause="process", driver=None)
    if said:
        surveys.answer_survey(case, solved=said, stars=4, comment=None, at=at + timedelta(days=3))


class Days:
    """The hour, what is due at it, and whoever looks."""

    def __init__(self, app: Flask, cast: Cast, chromium: Browser, address: str, hour: Hour, postbox: Postbox) -> None:
        self.app, self.cast, self.chromium, self.address = app, cast, chromium, address
        self.hour, self.postbox = hour, postbox

    def go_to(self, at: datetime) -> None:
        self.hour.at = at
        done = run_due(self.app, self.app.extensions["timetable"], at=at)
        assert -1 not in done.values(), done

    def page_of(self, person: Person | None, device: Mapping[str, Any]) -> Page:
        """Without scripts, which no page needs."""
        page = self.chromium.new_context(**device, java_script_enabled=False, base_url=self.address).new_page()
        if person is not None:
            sign_in(page, self.address, person.staff_number, PASSWORD)
        return page

    def titles(self, person: Person) -> list[str]:
        """Of the mails about complaints that somebody has had."""
        about = ("asks for a call", "still waits for a word", "complaint that waits")
        return [str(mail["Subject"]) for mail in self.postbox.mails_to(person.email) if _has(mail, about)]


def _has(mail: Any, words: tuple[str, ...]) -> bool:
    return any(one in f"{mail['Subject']} {text_of(mail)}" for one in words)


def test_a_complaint_is_turned_round(
    app: Flask, company: Cast, chromium: Browser, address: str, hour: Hour, postbox: Postbox
) -> None:
    days = Days(app, company, chromium, address, hour, postbox)
    with transaction():
        secret = open_link(
            company.amina, touchpoint_id=a_touchpoint("Tills").id, ended_at=RATED, by=company.brian.id, at=RATED
        )
    customer = days.page_of(None, PHONE)
    the_customer_asks_for_a_call(customer, secret)
    brian_hears_at_once(days)
    nobody_acts_and_it_escalates_twice(days, customer, secret)
    faith_calls_and_closes_it(days, customer, secret)
    the_customer_is_asked_once(days)
    the_customer_says_that_it_was_put_right(customer, secret)
    the_pair_shows(days)
    for context in chromium.contexts:
        context.close()


def the_customer_asks_for_a_call(page: Page, secret: str) -> None:
    page.goto(f"/rate/{secret}")
    page.get_by_role("radio", name="Very bad", exact=True).check()
    page.get_by_label("Anything we should know?").fill(WORDS)
    page.get_by_label("May we call you back?").check()
    page.get_by_label("Where do we reach you, and when is a good time?").fill(REACH)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("Somebody speaks with you before Tue 24 Nov, 11:40")


def brian_hears_at_once(days: Days) -> None:
    days.go_to(RATED)
    assert len(days.titles(days.cast.brian)) == 1
    page = days.page_of(days.cast.brian, LAPTOP)
    page.goto("/inbox")
    page.get_by_role("listitem").filter(has_text="A customer asks for a call").get_by_role("button").click()
    expect(page.locator("main")).to_contain_text(WORDS)
    expect(page.locator("main")).to_contain_text(REACH)
    for mail in days.postbox.mails:
        assert REACH not in text_of(mail)
        assert WORDS not in text_of(mail)


def nobody_acts_and_it_escalates_twice(days: Days, customer: Page, secret: str) -> None:
    brian, faith, chloe = days.cast.brian, days.cast.faith, days.cast.chloe
    for at in (RATED + timedelta(days=1), RATED + timedelta(days=3), FOUR_HOURS - MINUTE):
        days.go_to(at)
        assert [len(days.titles(person)) for person in (brian, faith, chloe)] == [1, 0, 0]
    told = {FOUR_HOURS: [2, 0, 0], EIGHT_HOURS: [3, 1, 0], SIXTEEN_HOURS: [4, 1, 1]}
    before = [1, 0, 0]
    for at, expected in told.items():
        days.go_to(at - MINUTE)
        assert [len(days.titles(person)) for person in (brian, faith, chloe)] == before
        days.go_to(at)
        assert [len(days.titles(person)) for person in (brian, faith, chloe)] == expected
        before = expected
    customer.goto(f"/rate/{secret}")
    expect(customer.get_by_role("status")).to_contain_text("we are late")


def faith_calls_and_closes_it(days: Days, customer: Page, secret: str) -> None:
    days.go_to(THE_CALL)
    page = days.page_of(days.cast.faith, LAPTOP)
    page.goto("/complaints")
    page.get_by_role("link", name=WORDS).click()
    expect(page.locator("main")).to_contain_text(REACH)
    form = page.locator("form").filter(has=page.get_by_role("button", name="Write it down"))
    form.get_by_text("I spoke with the customer").click()
    form.get_by_label("What was said").fill("Said sorry. The second charge goes back today.")
    form.get_by_role("button", name="Write it down").click()
    customer.goto(f"/rate/{secret}")
    expect(customer.get_by_role("status")).to_contain_text("We have spoken with you")
    page.get_by_text("It is done").click()
    form = page.locator("form").filter(has=page.get_by_role("button", name="Close the complaint"))
    form.get_by_text("Solved", exact=True).click()
    form.get_by_label("What was done").fill("Paid back. Tills now ask before they charge again.")
    form.get_by_label("What did you give the customer?").select_option("apology")
    form.get_by_text("How we work: a rule, too few people, a system").click()
    form.get_by_role("button", name="Close the complaint").click()
    expect(page.locator("main")).to_contain_text("Closed. In two days the customer is asked whether it helped.")
    customer.goto(f"/rate/{secret}")
    expect(customer.get_by_role("status")).to_contain_text("We believe that this is settled. In two days we ask you")


def the_customer_is_asked_once(days: Days) -> None:
    for at in (ASKED - MINUTE, ASKED, ASKED + MINUTE, ASKED + timedelta(hours=1), ASKED + timedelta(days=2)):
        days.go_to(at)
        assert len(days.postbox.mails_to("asha@example.org")) == (at >= ASKED)
    (mail,) = days.postbox.mails_to("asha@example.org")
    assert "did we put it right?" in str(mail["Subject"])
    assert WORDS not in text_of(mail)


def the_customer_says_that_it_was_put_right(customer: Page, secret: str) -> None:
    customer.goto(f"/rate/{secret}")
    form = customer.locator("form").filter(has=customer.get_by_text("Did we put it right?"))
    form.get_by_text("Yes", exact=True).click()
    form.get_by_role("radio", name="Good", exact=True).check()
    form.get_by_role("button", name="Send").click()
    expect(customer.get_by_role("status").last).to_contain_text("Thank you for telling us whether it helped.")
    assert customer.get_by_text("Did we put it right?").count() == 0


def the_pair_shows(days: Days) -> None:
    """Brian finds it among those about people he leads; Faith, who leads him, finds counts of a group and no words."""
    counts = "Of 6 closed complaints 4 customers answered, and 3 of them said yes"
    page = days.page_of(days.cast.faith, LAPTOP)
    page.goto("/complaints/report")
    page.get_by_role("link", name="Teams beneath").click()
    expect(page.locator("main")).to_contain_text(counts)
    expect(page.locator("main")).not_to_contain_text(WORDS)
    page = days.page_of(days.cast.brian, LAPTOP)
    page.goto("/complaints/report")
    expect(page.locator("main")).to_contain_text(counts)
    row = page.get_by_role("row").filter(has_text=WORDS)
    assert [image.get_attribute("aria-label") for image in row.get_by_role("img").all()] == [
        "1 of 5 stars",
        "4 of 5 stars",
    ]
    case = db.session.scalars(select(RecoveryCase).order_by(RecoveryCase.id.desc()).limit(1)).one()
    assert (case.outcome, case.step) == ("solved", 3)
