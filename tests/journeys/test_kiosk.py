"""A tablet whose network is really gone: it goes on asking, survives being loaded again, and delivers each answer once."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlalchemy import select

from tests.conftest import Cast
from tests.intake.kiosks import PIN, a_code, a_kiosk
from tests.journeys.chromium import TABLET, hold_clock
from tests.journeys.serving import Hour, serving
from tests.journeys.sights import pair
from tracker.core.db import db
from tracker.ratings.models import Rating

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

FACES = ["Very bad", "Bad", "OK", "Good", "Very good"]
TOUCHES = [5, 4, 3, 5, 1, 5, 5, 2, 4, 5] * 2
HALF_A_DOUBLE_TOUCH = 550  # milliseconds, in which nothing is taken
RETRY = 10_000  # milliseconds, after which the page tries again to deliver
SOON = 120  # seconds, for a machine that is busy


@contextmanager
def a_tablet(app: Flask, cast: Cast, chromium: Browser, address: str, *, asks_who: bool = True) -> Iterator[Page]:
    """Paired, with the page kept for the time without a network, and with a clock that stands still."""
    page = chromium.new_context(**TABLET).new_page()
    hold_clock(page)
    pair(page, address, a_code(app, a_kiosk(cast, asks_who=asks_who)))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    yield page
    page.context.close()


def touch(page: Page, stars: int, helper: str | None = None, *, who: bool = True) -> None:
    """One customer: a face, then who helped, and the thanks sent away by the next one's first touch."""
    heading = page.get_by_role("heading", level=1)
    page.get_by_role("button", name=FACES[stars - 1], exact=True).click()
    if who:
        expect(heading).to_have_text("Who helped you?")
        page.clock.run_for(HALF_A_DOUBLE_TOUCH)
        page.get_by_role("button", name=helper or "Nobody, or I don’t remember", exact=True).click()
    expect(heading).to_have_text("Thank you!")
    page.clock.run_for(HALF_A_DOUBLE_TOUCH)
    heading.click()
    expect(heading).to_have_text("How was your visit today?")
    page.clock.run_for(HALF_A_DOUBLE_TOUCH)


def holds(page: Page, count: int) -> None:
    """Now, or after trying again for a while."""
    main, until = page.locator("main"), monotonic() + SOON
    while main.get_attribute("data-held") != str(count) and monotonic() < until:
        page.clock.run_for(RETRY)
        page.wait_for_timeout(100)
    expect(main).to_have_attribute("data-held", str(count))


def stored() -> list[Any]:
    """In the order in which they were given. Plain rows, so that nothing of the test's holds up the server's writers."""
    rows = db.session.execute(
        select(Rating.stars, Rating.person_id, Rating.external_id, Rating.rated_at, Rating.received_at).order_by(
            Rating.rated_at
        )
    ).all()
    db.session.rollback()
    return list(rows)


def test_twenty_answers_without_a_network_are_delivered_once_each(
    app: Flask, cast: Cast, address: str, chromium: Browser
) -> None:
    amina = cast.amina.id  # asked for later, it would hold the writers' lock while the tablet delivers
    with a_tablet(app, cast, chromium, address) as page:
        page.context.set_offline(True)
        for number, stars in enumerate(TOUCHES):
            if number in (7, 14):
                page.reload()
            touch(page, stars, "Amina" if number % 2 else None)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("How was your visit today?")
        expect(page.get_by_role("status")).to_have_text("Not sent yet: 20 answers wait here")
        assert stored() == []
        page.get_by_role("link", name="Staff").click()
        expect(page.locator("footer")).to_contain_text("No connection, so the kiosk stays locked")
        page.context.set_offline(False)
        holds(page, 0)
        expect(page.get_by_role("status")).to_have_count(0)
        everything_is_there_once(amina)
        page.reload()
        holds(page, 0)
        everything_is_there_once(amina)


def everything_is_there_once(amina: int) -> None:
    rows = stored()
    assert [row.stars for row in rows] == TOUCHES, "in the order of touches"
    assert len({row.external_id for row in rows}) == 20
    assert [row.person_id for row in rows] == [None, amina] * 10
    assert all(row.rated_at < row.received_at for row in rows)


def test_a_server_that_was_away_gets_them_when_it_is_back(
    app: Flask, cast: Cast, hour: Hour, chromium: Browser
) -> None:
    with ExitStack() as tablet:
        with serving(app) as address:
            page = tablet.enter_context(a_tablet(app, cast, chromium, address, asks_who=False))
            touch(page, 5, who=False)
            holds(page, 0)
        without_a_server(page)
        hour.at += timedelta(minutes=5)
        with serving(app, port=int(address.rsplit(":", 1)[1])):
            holds(page, 0)
            assert [row.stars for row in stored()] == [5, 4, 3, 2]
            page.close()


def without_a_server(page: Page) -> None:
    for stars in (4, 3):
        touch(page, stars, who=False)
    page.reload()
    touch(page, 2, who=False)
    holds(page, 3)


def test_an_answer_of_the_server_that_gets_lost_doubles_nothing(
    app: Flask, cast: Cast, address: str, chromium: Browser
) -> None:
    """The server has stored it, and the tablet does not hear of it: it sends the same once more."""
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        assert route.fetch().ok
        route.abort()

    with a_tablet(app, cast, chromium, address, asks_who=False) as page:
        holds(page, 0)  # it has greeted the server
        page.context.route("**/kiosk/deliveries", lose_the_first)
        touch(page, 4, who=False)
        expect(page.get_by_role("status")).to_have_text("Not sent yet: 1 answer waits here")
        assert [row.stars for row in stored()] == [4]
        holds(page, 0)
        assert len(lost) == 1
        assert [row.stars for row in stored()] == [4]


def test_a_face_counts_without_a_name_when_the_tablet_is_loaded_again(
    app: Flask, cast: Cast, address: str, chromium: Browser
) -> None:
    with a_tablet(app, cast, chromium, address) as page:
        page.get_by_role("button", name="Bad", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Who helped you?")
        page.reload()
        holds(page, 0)
        assert [(row.stars, row.person_id) for row in stored()] == [(2, None)]


def test_a_double_touch_is_one_answer_and_names_nobody(app: Flask, cast: Cast, address: str, chromium: Browser) -> None:
    with a_tablet(app, cast, chromium, address) as page:
        face = page.get_by_role("button", name="Bad", exact=True).bounding_box()
        assert face
        page.evaluate("document.querySelector('.helpers button').style.cssText = 'position: fixed; inset: 0'")
        page.mouse.dblclick(face["x"] + 50, face["y"] + 50)
        expect(page.get_by_role("heading", level=1)).to_have_text("Who helped you?")
        page.clock.run_for(HALF_A_DOUBLE_TOUCH)
        page.mouse.click(face["x"] + 50, face["y"] + 50)
        holds(page, 0)
        assert [row.stars for row in stored()] == [2]


def test_the_screen_clears_itself(app: Flask, cast: Cast, address: str, chromium: Browser) -> None:
    with a_tablet(app, cast, chromium, address) as page:
        heading = page.get_by_role("heading", level=1)
        page.get_by_role("button", name="Good", exact=True).click()
        expect(heading).to_have_text("Who helped you?")
        page.clock.run_for(19_000)
        expect(heading).to_have_text("Who helped you?")
        page.clock.run_for(2_000)
        expect(heading).to_have_text("How was your visit today?")
        page.clock.run_for(HALF_A_DOUBLE_TOUCH)
        page.get_by_role("button", name="Good", exact=True).click()
        page.clock.run_for(HALF_A_DOUBLE_TOUCH)
        page.get_by_role("button", name="Kevin", exact=True).click()
        expect(heading).to_have_text("Thank you!")
        page.clock.run_for(3_100)
        expect(heading).to_have_text("How was your visit today?")
        holds(page, 0)
        assert [row.person_id for row in stored()] == [None, cast.kevin.id]


def test_a_kiosk_that_is_unpaired_says_so_and_keeps_what_waits(
    app: Flask, cast: Cast, address: str, chromium: Browser, hour: Hour
) -> None:
    kiosk = a_kiosk(cast, asks_who=False)
    page = chromium.new_context(**TABLET).new_page()
    hold_clock(page)
    pair(page, address, a_code(app, kiosk))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    touch(page, 3, who=False)
    a_code_for_another_tablet = a_code(app, kiosk)
    other = chromium.new_context(**TABLET).new_page()
    pair(other, address, a_code_for_another_tablet)
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Make this tablet a kiosk", timeout=SOON * 1000)
    assert stored() == []
    pair(page, address, a_code(app, kiosk))
    holds(page, 0)
    assert [row.stars for row in stored()] == [3]
    page.context.close()
    other.context.close()


def the_answer_of(button: Locator) -> str:
    """The page itself: it is there for three seconds, which a slow machine may miss on the screen."""
    with button.page.expect_response(lambda answer: answer.ok and answer.request.resource_type == "document") as answer:
        button.click()
    return answer.value.text()


def test_without_a_script_it_works_by_forms(app: Flask, cast: Cast, address: str, chromium: Browser) -> None:
    page = chromium.new_context(**TABLET, java_script_enabled=False, base_url=address).new_page()
    pair(page, address, a_code(app, a_kiosk(cast)))
    page.get_by_role("button", name="Very good", exact=True).click()
    said = the_answer_of(page.get_by_role("button", name="Amina", exact=True))
    assert '<h1 tabindex="-1">Thank you!</h1>' in said
    expect(page.get_by_role("heading", level=1)).to_have_text("How was your visit today?")
    page.goto("/board")
    expect(page.get_by_role("heading", level=1)).to_have_text("How was your visit today?")
    page.get_by_role("link", name="Staff").click()
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The kiosk rests")
    page.get_by_role("button", name="Start the kiosk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How was your visit today?")
    assert [(row.stars, row.person_id) for row in stored()] == [(5, cast.amina.id)]
    page.context.close()


def test_the_pin_opens_nothing_without_a_network(app: Flask, cast: Cast, address: str, chromium: Browser) -> None:
    with a_tablet(app, cast, chromium, address) as page:
        page.reload()  # now the worker stands between the page and the network
        page.get_by_role("link", name="Staff").click()
        page.get_by_label("PIN").fill(PIN)
        page.context.set_offline(True)
        page.get_by_role("button", name="Leave").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("How was your visit today?")


FILL = """async ([kiosk, count]) => {
  const database = await new Promise(done => { const open = indexedDB.open("kiosk", 1); open.onsuccess = () => done(open.result); });
  const transaction = database.transaction("answers", "readwrite"), store = transaction.objectStore("answers");
  for (let number = 0; number < count; number++)
    store.add({ id: crypto.randomUUID(), kiosk, stars: 3, person: null, at: Date.now() - 3_600_000 + number });
  await new Promise(done => { transaction.oncomplete = done; });
}"""


def test_five_hundred_wait_and_the_next_is_told_so(app: Flask, cast: Cast, address: str, chromium: Browser) -> None:
    with a_tablet(app, cast, chromium, address, asks_who=False) as page:
        kiosk = int(page.locator("main").get_attribute("data-kiosk") or 0)
        page.context.set_offline(True)
        page.evaluate(FILL, [kiosk, 499])
        touch(page, 5, who=False)
        holds(page, 500)
        page.get_by_role("button", name="Very bad", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We can’t keep an answer just now.")
        expect(page.get_by_role("status")).to_contain_text(
            "500 answers wait here, and no more fit", timeout=SOON * 1000
        )
        page.context.set_offline(False)
        holds(page, 0)
        assert [row.stars for row in stored()] == [3] * 499 + [5]
