"""A round from its opening to its close, in three languages and without a script: two answer signed in, one with a slip."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from tests.conftest import Cast
from tests.factories import a_person, account_of
from tests.journeys.chromium import LAPTOP, PHONE, sign_in
from tests.journeys.serving import Hour, Postbox
from tests.pulse.rounds import CLOSES, OPENS, a_round
from tests.pulse.slips import a_slip, without_mail
from tracker.access.rules import hash_password
from tracker.core.db import db, transaction
from tracker.core.tasks import run_due
from tracker.organisation.models import Person
from tracker.pulse.bank import drivers, next_items
from tracker.pulse.models import PulseBox, PulseComment, PulseMember, PulseResult, PulseRound

pytestmark = pytest.mark.browser

PASSWORD = "three words together"
DURING = OPENS + timedelta(hours=5)
WORDS = "Taa mpya zinasaidia sana."
ITEMS = [*next_items([])[:2], drivers()["recommend"].items[0]]


@pytest.fixture
def company(app: Flask, cast: Cast, hour: Hour, address: str) -> Cast:
    """The cast with passwords, Amina's profile in Swahili, Dora without mail; and a planned round with codes."""
    hour.at = OPENS
    without_mail(cast.dora)
    with transaction():
        db.session.get_one(Person, cast.amina.id).language = "sw"
        for person in (cast.amina, cast.kevin, cast.dora):
            account_of(db.session.get_one(Person, person.id)).password_hash = hash_password(PASSWORD)
        for number in range(6):
            a_person(f"Till {number}", team=cast.tills)
        a_round(uses_codes=True, items=ITEMS)
    for row in vars(cast).values():  # let go of them: reading one would open a transaction that stops the server
        db.session.refresh(row)
        db.session.expunge(row)
    db.session.rollback()
    return cast


class Round:
    """The clock of the round, and pages for whoever looks."""

    def __init__(self, app: Flask, chromium: Browser, address: str, hour: Hour) -> None:
        self.app, self.chromium, self.address, self.hour = app, chromium, address, hour

    def go_to(self, at: Any) -> None:
        self.hour.at = at
        done = run_due(self.app, self.app.extensions["timetable"], at=at)
        assert -1 not in done.values(), done

    def page_of(self, person: Person | None, device: Mapping[str, Any], *, locale: str = "en") -> Page:
        context = self.chromium.new_context(**device, java_script_enabled=False, base_url=self.address, locale=locale)
        page = context.new_page()
        if person is not None:
            sign_in(page, self.address, person.staff_number, PASSWORD)
        return page

    def count(self, table: Any, *conditions: Any) -> int:
        found = db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
        db.session.rollback()
        return found


def test_a_round_in_three_languages(
    app: Flask, company: Cast, chromium: Browser, address: str, hour: Hour, postbox: Postbox
) -> None:
    steps = Round(app, chromium, address, hour)
    steps.go_to(OPENS)
    hour.at = DURING
    with app.app_context():
        round_id = db.session.scalars(select(PulseRound.id).where(PulseRound.state == "open")).one()
        code = a_slip(round_id, company.floor.name)
        db.session.rollback()
    amina_answers_in_swahili(steps, company)
    kevin_answers_in_french_and_goes_back(steps, company)
    dora_answers_with_a_slip(steps, company, code)
    it_closes(steps, company)
    for context in chromium.contexts:
        context.close()


def amina_answers_in_swahili(steps: Round, company: Cast) -> None:
    """By the language of her profile; with a comment, and a code for its reply."""
    page = steps.page_of(company.amina, PHONE)
    page.get_by_role("navigation", name="Main").last.get_by_role("link", name="Pulse").click()
    expect(page.locator("html")).to_have_attribute("lang", "sw")
    expect(page.get_by_role("navigation", name="Kuu").last.get_by_role("link", name="Maoni")).to_be_visible()
    page.get_by_role("link", name="Anza").click()
    for number, item in enumerate(ITEMS, start=1):
        expect(page.get_by_role("heading", level=1)).to_have_text(item.texts["sw"])
        expect(page.get_by_text(f"Swali la {number} kati ya 3")).to_be_visible()
        page.get_by_role("radio", name="Nakubali" if number < 3 else "9", exact=True).check()
        if number == 1:
            page.get_by_label("Ungependa kueleza kwa nini?").fill(WORDS)
        if number == 2:
            skip_stands_beside_next(page)
            page.get_by_role("radio", name="Nakubali", exact=True).press("Enter")
        else:
            page.get_by_role("button", name="Tuma majibu yangu" if number == 3 else "Inayofuata").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Asante. Majibu yako yameingia kwenye sanduku.")
    expect(page.locator("main")).to_contain_text("Hifadhi msimbo huu")
    page.reload()  # sends the last step once more
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tayari umejibu awamu hii")
    assert steps.count(PulseBox) == 1


def skip_stands_beside_next(page: Page) -> None:
    """In one line, on a phone too; Enter means Next none the less."""
    onward = page.get_by_role("button", name="Inayofuata").bounding_box()
    past = page.get_by_role("button", name="Ruka").bounding_box()
    assert onward
    assert past
    assert past["x"] + past["width"] <= onward["x"]
    assert past["y"] < onward["y"] + onward["height"] / 2 < past["y"] + past["height"]
    assert onward["width"] > past["width"]


def kevin_answers_in_french_and_goes_back(steps: Round, company: Cast) -> None:
    """By the buttons of the page, in the middle of it: nothing that he has said is lost."""
    page = steps.page_of(company.kevin, LAPTOP)
    page.goto("/pulse/answers")
    page.get_by_role("radio", name="Disagree", exact=True).check()
    page.get_by_label("Want to say why?").fill("Je me lève tôt.")
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("radio", name="Pas d’accord", exact=True)).to_be_checked()
    expect(page.get_by_role("heading", level=1)).to_have_text(ITEMS[0].texts["fr"])
    page.get_by_role("button", name="Suivant").click()
    page.get_by_role("button", name="Suivant").click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez une réponse, ou passez la question.")
    page.get_by_role("button", name="Retour").click()
    expect(page.get_by_label("Voulez-vous dire pourquoi")).to_have_value("Je me lève tôt.")
    page.get_by_label("Voulez-vous dire pourquoi").fill("")
    page.get_by_role("button", name="Suivant").click()
    page.get_by_role("button", name="Passer").click()
    page.get_by_role("radio", name="0", exact=True).check()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci. Vos réponses sont dans l’urne.")
    expect(page.locator("main")).not_to_contain_text("Gardez ce code")
    assert page.url.endswith("/pulse/answers?language=fr")
    page.get_by_role("link", name="Retour à Pulse").last.click()
    expect(page.locator("main")).to_contain_text("Vous avez déjà répondu à cette enquête.")


def dora_answers_with_a_slip(steps: Round, company: Cast, code: str) -> None:
    """Signed in she is told so; at the door nobody is signed in."""
    page = steps.page_of(company.dora, PHONE)
    page.goto("/pulse")
    expect(page.locator("main")).to_contain_text("You answer this round with a code on paper.")
    page.get_by_role("link", name="Enter the code on your slip").click()
    page.get_by_label("Your code").fill("never-was-a-code")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is not one of this round.")
    page.get_by_label("Your code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Start").click()
    for _item in ITEMS:
        page.get_by_role("radio").first.check()
        page.locator("button[value=next]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your answers are in the box.")
    assert code not in page.url
    page.goto("/pulse/code?language=sw")
    page.get_by_label("Msimbo wako").fill(code)
    page.get_by_role("button", name="Anza").click()
    expect(page.get_by_role("alert")).to_contain_text("Msimbo huu umeshatumika")
    assert steps.count(PulseBox) == 3
    assert steps.count(PulseMember, PulseMember.answered.is_(True)) == 2, "the slip is nobody's"


def it_closes(steps: Round, company: Cast) -> None:
    """Three answers are too few for anything: nothing is published, and nothing is left."""
    steps.go_to(CLOSES)
    for table in (PulseBox, PulseMember, PulseResult, PulseComment):
        assert steps.count(table) == 0
    page = steps.page_of(company.amina, PHONE)
    page.goto("/pulse?language=en")
    expect(page.locator("main")).to_contain_text("No round is open now.")
    page.goto("/inbox")
    expect(page.locator("main")).to_contain_text("The results of the pulse of November 2026 are here")
    expect(page.locator("main")).not_to_contain_text("is open")
