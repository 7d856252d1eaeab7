"""A customer chooses a language at the kiosk, also without a network; the next one finds the kiosk's own again."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Cast
from tests.intake.kiosks import a_code, a_kiosk
from tests.journeys.chromium import TABLET, hold_clock
from tests.journeys.sights import pair
from tests.journeys.test_kiosk import HALF_A_DOUBLE_TOUCH, holds, stored, the_answer_of
from tracker.core.db import db

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

ENGLISH, SWAHILI, FRENCH = (
    "How was your visit today?",
    "Ziara yako ya leo ilikuwaje?",
    "Comment s’est passée votre visite aujourd’hui\u202f?",
)
ALL_KEPT = """async () => {
  const cache = await caches.open("kiosk");
  const pages = (await cache.keys()).map((request) => new URL(request.url)).filter(({ pathname }) => pathname === "/kiosk/");
  return pages.map(({ search }) => search).sort().join(" ");
}"""


@pytest.fixture
def page(app: Flask, cast: Cast, address: str, chromium: Browser) -> Iterator[Page]:
    """A French browser on a tablet whose kiosk begins in English."""
    tablet = chromium.new_context(**TABLET, locale="fr-FR").new_page()
    hold_clock(tablet)
    pair(tablet, address, a_code(app, a_kiosk(cast)))
    tablet.evaluate("navigator.serviceWorker.ready.then(() => true)")
    yield tablet
    tablet.context.close()


def asks(page: Page, question: str, language: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(question)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("[aria-current=true]")).to_have_attribute("lang", language)


def choose(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def answer_in_swahili(page: Page) -> None:
    heading = page.get_by_role("heading", level=1)
    choose(page, "Kiswahili")
    asks(page, SWAHILI, "sw")
    page.get_by_role("button", name="Nzuri", exact=True).click()
    expect(heading).to_have_text("Nani alikuhudumia?")
    expect(page.get_by_role("link", name="Kiswahili")).to_have_count(0)
    page.clock.run_for(HALF_A_DOUBLE_TOUCH)
    page.get_by_role("button", name="Amina", exact=True).click()
    expect(heading).to_have_text("Asante!")
    page.clock.run_for(HALF_A_DOUBLE_TOUCH)
    heading.click()
    asks(page, ENGLISH, "en")
    page.clock.run_for(HALF_A_DOUBLE_TOUCH)


def test_without_a_network_a_customer_switches_and_the_next_finds_the_kiosks_own(page: Page, cast: Cast) -> None:
    amina = cast.amina.id
    db.session.rollback()  # or it would hold the writers' lock while the tablet delivers
    assert page.evaluate(ALL_KEPT) == " ?language=en ?language=fr ?language=sw"
    page.context.set_offline(True)
    answer_in_swahili(page)
    page.reload()
    asks(page, ENGLISH, "en")
    expect(page.get_by_role("status")).to_have_text("Not sent yet: 1 answer waits here")
    choose(page, "Français")
    asks(page, FRENCH, "fr")
    expect(page.get_by_role("status")).to_have_text("En attente d’envoi\u00a0: 1 réponse")
    expect(page.get_by_role("link", name="Personnel")).to_be_visible()
    page.reload()
    asks(page, ENGLISH, "en")
    answer_in_swahili(page)
    page.context.set_offline(False)
    holds(page, 0)
    assert [(row.stars, row.person_id) for row in stored()] == [(4, amina)] * 2


def test_a_languages_own_address_opens_without_a_network_too(page: Page, address: str) -> None:
    page.context.set_offline(True)
    page.goto(f"{address}/kiosk/?language=sw")
    asks(page, SWAHILI, "sw")
    page.reload()
    asks(page, ENGLISH, "en")
    page.goto(f"{address}/kiosk/?language=de")
    asks(page, ENGLISH, "en")


def test_who_walks_away_leaves_no_language_behind(page: Page) -> None:
    with page.expect_response("**/kiosk/?language=fr"):
        page.reload()
        asks(page, ENGLISH, "en")
    choose(page, "Français")
    asks(page, FRENCH, "fr")
    page.clock.run_for(19_000)
    asks(page, FRENCH, "fr")
    choose(page, "Kiswahili")
    page.clock.run_for(19_000)
    asks(page, SWAHILI, "sw")
    page.clock.run_for(2_000)
    asks(page, ENGLISH, "en")


def test_a_switch_loads_no_page_and_its_targets_are_large_enough(page: Page) -> None:
    expect(page.locator("main")).to_have_attribute("data-held", "0")
    page.evaluate("window.isTheSame = true")
    for name, question, language in [
        ("Français", FRENCH, "fr"),
        ("Kiswahili", SWAHILI, "sw"),
        ("English", ENGLISH, "en"),
    ]:
        box = page.get_by_role("link", name=name).bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
        choose(page, name)
        asks(page, question, language)
    assert page.evaluate("window.isTheSame"), "a full screen would have ended"


def test_without_a_script_the_links_and_the_forms_do(app: Flask, cast: Cast, address: str, chromium: Browser) -> None:
    page = chromium.new_context(**TABLET, java_script_enabled=False, locale="fr-FR").new_page()
    pair(page, address, a_code(app, a_kiosk(cast, language="sw")))
    asks(page, SWAHILI, "sw")
    choose(page, "Français")
    asks(page, FRENCH, "fr")
    page.get_by_role("button", name="Très bien", exact=True).click()
    assert "Merci\u202f!" in the_answer_of(page.get_by_role("button", name="Personne, ou je ne sais plus"))
    expect(page.get_by_role("heading", level=1)).to_have_text(SWAHILI)
    page.context.close()
