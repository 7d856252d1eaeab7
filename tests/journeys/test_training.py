"""From what a customer wished for to a certificate that is renewed a year later: real pages, real mail, a clock moved by hand.

Amina works at the tills, which Brian leads. It is Wednesday, 18 November, noon in Nairobi. Somebody at the shop’s door checks the
certificate by the code printed on it.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.factories import LESSONS, a_course, a_rating, account_of
from tests.journeys.chromium import LAPTOP, PHONE, sign_in
from tests.journeys.serving import Hour, Postbox, text_of
from tracker.access.rules import hash_password
from tracker.core.db import db, transaction
from tracker.core.tasks import run_due
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.ratings.survey_actions import ensure_default_drivers

pytestmark = pytest.mark.browser

PASSWORD = "three words together"
TITLE = "Data protection at the till"
ENDS = date(2027, 11, 18)
REMINDED = (90, 60, 30, 14, 7)
FILM = {
    "key": "film",
    "kind": "text",
    "title": "What a name tells",
    "minutes": 2,
    "text": "Ask only for what you **need**.",
}


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

    def matrix(self) -> str:
        """What Brian’s matrix says of Amina today."""
        page = self.page_of(self.cast.brian, LAPTOP)
        page.goto("/certificates")
        said = page.get_by_role("row", name="Amina Otieno").inner_text()
        page.context.close()
        return " ".join(said.split())


@pytest.fixture
def company(app: Flask, cast: Cast, address: str, hour: Hour) -> Cast:
    hour.at = NOW
    with transaction():
        ensure_default_drivers()
        a_course(
            title=TITLE,
            drivers=["felt_as_an_individual"],
            certificate_months=12,
            lessons=[LESSONS[0], FILM, LESSONS[1]],
        )
        a_course(title="Something else", drivers=["speed"])
        for days in (1, 3):
            a_rating(
                cast.amina,
                stars=2,
                on=(NOW - timedelta(days=days)).date(),
                drivers=["felt_as_an_individual"],
                comment="My number was read out loud.",
            )
        for person in (cast.amina, cast.brian, cast.kevin):
            account_of(person).password_hash = hash_password(PASSWORD)
    for row in vars(cast).values():  # let go of them: reading one would open a transaction that stops the server
        db.session.refresh(row)
        db.session.expunge(row)
    db.session.rollback()
    return cast


def test_a_course_is_finished_remembered_and_renewed(
    app: Flask, company: Cast, chromium: Browser, address: str, hour: Hour, postbox: Postbox
) -> None:
    days = Days(app, company, chromium, address, hour, postbox)
    brian_assigns_from_a_low_rating_in_two_clicks(days)
    amina_begins_on_a_phone(days)
    number = she_goes_on_at_a_laptop_fails_and_passes(days)
    a_stranger_checks_it(days, number)
    reminders_come_and_the_matrix_is_right(days)
    she_renews_it_in_time(days, number)
    for context in chromium.contexts:
        context.close()


def brian_assigns_from_a_low_rating_in_two_clicks(days: Days) -> None:
    page = days.page_of(days.cast.brian, LAPTOP)
    page.goto(f"/people/{days.cast.amina.id}/feedback")
    page.get_by_role("link", name="Find training").first.click()
    expect(page.get_by_role("radio", name=re.compile(TITLE))).to_be_checked()
    expect(page.get_by_role("checkbox", name=re.compile("Amina Otieno"))).to_be_checked()
    expect(page.get_by_role("checkbox", name=re.compile("Kevin Odhiambo"))).not_to_be_checked()
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("Assigned to one person.")).to_be_visible()
    assert "asked to do it" in days.matrix()
    page.context.close()


def amina_begins_on_a_phone(days: Days) -> None:
    days.go_to(NOW + timedelta(minutes=5))
    page = days.page_of(days.cast.amina, PHONE)
    page.goto("/inbox")
    expect(page.get_by_text(f"A course for you: {TITLE}")).to_be_visible()
    page.goto("/training")
    expect(page.get_by_text("Brian Kamau picked it because of what a customer wished for.")).to_be_visible()
    page.get_by_role("button", name=f"Begin {TITLE}").click()
    page.get_by_role("button", name="Done, next step").click()
    page.get_by_role("button", name="Done, next step").click()
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Answering").check()
    page.get_by_label("Sure", exact=True).check()
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("status").first).to_contain_text("That may answer another question.")
    page.context.close()


def she_goes_on_at_a_laptop_fails_and_passes(days: Days) -> str:
    """The number of the certificate."""
    page = days.page_of(days.cast.amina, LAPTOP)
    page.goto("/training")
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_text("Step 3 of 3 · question 2 of 2")).to_be_visible()
    page.get_by_label("A sigh").check()
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("link", name="See how it went").click()
    expect(page.get_by_text("0 % right; 80 % is needed.")).to_be_visible()
    expect(page.get_by_text("Whoever asks first solves the right problem.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    answer_rightly(page)
    expect(page.get_by_text("7 minutes well spent")).to_be_visible()
    page.get_by_role("link", name="See the certificate").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    number = page.locator("pre.raw").inner_text().strip()
    page.context.close()
    return number


def answer_rightly(page: Page) -> None:
    page.get_by_label("Asking").check()
    page.get_by_label("Sure", exact=True).check()
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("link", name="Next question").click()
    page.get_by_label("A calm voice").check()
    page.get_by_label("A name").check()
    page.get_by_role("button", name="Answer").click()


def a_stranger_checks_it(days: Days, number: str) -> None:
    page = days.page_of(None, PHONE)
    page.goto(f"/verify/{number}")
    said = page.locator("main").inner_text()
    assert all(words in said for words in ("Amina Otieno", TITLE, "17 November 2027"))
    assert not any(words in said for words in ("N-0412", "100", "Brian", "tills"))
    page.context.close()


def reminders_come_and_the_matrix_is_right(days: Days) -> None:
    expected = {before: noon(ENDS - timedelta(days=before)) for before in REMINDED}
    assert "17 November" in days.matrix()
    for before, at in expected.items():
        days.go_to(at - timedelta(days=1))
        told = len(told_of_the_end(days))
        days.go_to(at)
        days.go_to(at + timedelta(days=2))  # a day off in between
        assert len(told_of_the_end(days)) == told + 1, before
        assert ("ends in" in days.matrix()) == (before <= 90), before
    assert len(told_of_the_end(days)) == len(REMINDED)
    mails = [text_of(mail) for mail in days.postbox.mails_to(days.cast.amina.email)]
    assert sum(TITLE in text and "valid until" in text for text in mails) >= len(REMINDED)


def she_renews_it_in_time(days: Days, number: str) -> None:
    days.go_to(noon(ENDS - timedelta(days=4)))
    page = days.page_of(days.cast.amina, PHONE)
    page.goto("/training")
    expect(page.get_by_text("Your certificate ends soon.")).to_be_visible()
    page.get_by_role("button", name=f"Begin {TITLE}").click()
    page.get_by_role("button", name="Done, next step").click()
    page.get_by_role("button", name="Done, next step").click()
    page.get_by_role("button", name="Begin").click()
    answer_rightly(page)
    page.get_by_role("link", name="See the certificate").click()
    assert page.locator("pre.raw").inner_text().strip() != number
    expect(page.get_by_text("17 November 2028")).to_be_visible()
    assert "17 November 2028" in days.matrix()
    stranger = days.page_of(None, PHONE)
    stranger.goto(f"/verify/{number}")
    expect(stranger.locator("main")).to_contain_text("newer one")
    days.go_to(noon(ENDS + timedelta(days=1)))
    assert len(told_of_the_end(days)) == len(REMINDED), "nothing lapsed"


def told_of_the_end(days: Days) -> list[datetime]:
    """When Amina was told that her certificate ends."""
    mine = (Message.person_id == days.cast.amina.id, Message.kind == "certificate.ending")
    found = db.session.scalars(select(Message.visible_at).where(*mine, Message.visible_at <= days.hour.at)).all()
    db.session.rollback()
    return list(found)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)
