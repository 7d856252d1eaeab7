"""The tablet: paired once by a code, held to the kiosk by its PIN, and good for answers only."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Browser, Cast
from tests.intake.kiosks import NOW, PIN, a_code, a_kiosk, cookie_of, deliver, ratings, the_kiosk, touched
from tracker.access.models import SignInSession
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db


@pytest.fixture
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def kiosk(cast: Cast, now: Any) -> int:
    return a_kiosk(cast)


@pytest.fixture
def tablet(app: Flask, kiosk: int, browse: Any) -> Browser:
    return paired(browse(None), a_code(app, kiosk))


def paired(browser: Browser, code: str) -> Browser:
    assert browser.post("/kiosk/pairing", {"code": code}).status_code == 303
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/kiosk/").text)
    browser.csrf_token = csrf[1] if csrf else ""
    return browser


def actions() -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(select(AuditEntry.action).where(AuditEntry.about_kind == "kiosk").order_by(AuditEntry.id))
    )


# Pairing


def test_a_code_makes_a_tablet_the_kiosk(app: Flask, kiosk: int, browse: Any) -> None:
    tablet = browse(None)
    assert "Pairing code" in tablet.get("/kiosk/").text
    code = a_code(app, kiosk)
    answer = tablet.post("/kiosk/pairing", {"code": f" {code.lower().replace('-', ' ')} "})
    assert (answer.status_code, answer.location) == (303, "/kiosk/")
    page = tablet.get("/kiosk/").text
    assert "How was your visit today?" in page
    assert "Nairobi Central tills" in page
    assert "Till 2" in page
    assert actions() == ["kiosk.made", "kiosk.code_made", "kiosk.paired"]


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_only_its_hash_is_stored(
    app: Flask, kiosk: int, browse: Any
) -> None:
    tablet = browse(None)
    answer = tablet.post("/kiosk/pairing", {"code": a_code(app, kiosk)})
    [cookie] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("kiosk=")]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    token = cookie_of(tablet).value
    assert len(token) >= 43
    assert token not in str(vars(the_kiosk(kiosk)))


def test_a_code_works_once_and_for_fifteen_minutes(app: Flask, kiosk: int, browse: Any) -> None:
    code = a_code(app, kiosk)
    with clock.set_to(NOW + timedelta(minutes=15)):
        assert browse(None).post("/kiosk/pairing", {"code": code}).status_code == 422
    with clock.set_to(NOW + timedelta(minutes=14, seconds=59)):
        assert browse(None).post("/kiosk/pairing", {"code": code}).status_code == 303
        assert browse(None).post("/kiosk/pairing", {"code": code}).status_code == 422


def test_of_two_tablets_with_their_codes_the_later_is_the_kiosk(app: Flask, tablet: Browser, browse: Any) -> None:
    kiosk = the_kiosk_of(tablet)
    other = paired(browse(None), a_code(app, kiosk))
    assert deliver(other, touched()).status_code == 200
    assert deliver(tablet, touched()).status_code == 404
    assert len(ratings()) == 1


def the_kiosk_of(tablet: Browser) -> int:
    found = re.search(r'data-kiosk="(\d+)"', tablet.get("/kiosk/").text)
    assert found
    return int(found[1])


def test_every_wrong_code_gets_one_answer_and_who_guesses_is_held_back(app: Flask, kiosk: int, browse: Any) -> None:
    guesser, code = browse(None), a_code(app, kiosk)
    pages = [
        guesser.post("/kiosk/pairing", {"code": wrong}) for wrong in ["ABCD-EFGH", *["x" * 8] * 11, code, "é", "%"]
    ]
    assert {page.status_code for page in pages} == {422}
    texts = {re.sub(r'value="[^"]*"', "", page.text) for page in pages}
    assert len(texts) == 1, "also for the right code, while the address is held back"
    assert the_kiosk(kiosk).token_hash is None
    with clock.set_to(NOW + timedelta(minutes=10)):
        assert guesser.post("/kiosk/pairing", {"code": code}).status_code == 303


def test_pairing_signs_out_whoever_works_here(app: Flask, kiosk: int, cast: Cast, browse: Any) -> None:
    browser = browse(cast.brian, at=NOW)
    assert "You’re signed in here as Brian Kamau. Pairing signs you out" in browser.get("/kiosk/").text
    assert browser.post("/kiosk/pairing", {"code": a_code(app, kiosk)}).status_code == 303
    db.session.rollback()
    assert [session.ended_at for session in db.session.scalars(select(SignInSession))] == [NOW]
    browser.client.delete_cookie("kiosk")
    assert browser.get("/board").status_code == 303, "nobody is signed in here any more"


# The lock


@pytest.mark.parametrize("address", ["/", "/sign-in", "/board", "/kiosks", "/inbox", "/rate/x", "/forgotten"])
def test_while_the_kiosk_runs_its_browser_opens_nothing_else(tablet: Browser, address: str) -> None:
    answer = tablet.get(address)
    assert answer.status_code == 303
    assert answer.location in {"/kiosk/"} or answer.location.startswith("/sign-in")
    assert tablet.get("/sign-in").location == "/kiosk/"


def test_the_cookie_gives_no_right_to_any_other_page(app: Flask, tablet: Browser) -> None:
    tablet.post("/kiosk/leaving", {"pin": PIN})
    for address in ("/", "/board", "/kiosks", "/kiosks/new", "/me", "/people"):
        assert tablet.get(address).location.startswith("/sign-in")


def test_the_pin_lets_staff_out_and_one_touch_starts_it_again(
    app: Flask, tablet: Browser, kiosk: int, cast: Cast
) -> None:
    assert tablet.post("/kiosk/leaving", {"pin": PIN}).location == "/kiosk/"
    assert the_kiosk(kiosk).left_at == NOW
    assert "The kiosk rests" in tablet.get("/kiosk/").text
    assert tablet.get("/sign-in").status_code == 200
    tablet.post("/kiosk/start")
    assert the_kiosk(kiosk).left_at is None
    assert "How was your visit today?" in tablet.get("/kiosk/").text
    assert actions()[-1] == "kiosk.left"


def test_starting_again_signs_out_who_signed_in_meanwhile(tablet: Browser, kiosk: int, cast: Cast, browse: Any) -> None:
    tablet.post("/kiosk/leaving", {"pin": PIN})
    staff = browse(cast.brian, at=NOW)
    staff.client.set_cookie("kiosk", cookie_of(tablet).value)
    assert deliver(staff, touched()).status_code == 403, "nobody who works here rates"
    assert ratings() == []
    staff.post("/kiosk/start")
    assert the_kiosk(kiosk).left_at is None
    staff.client.delete_cookie("kiosk")
    assert staff.get("/board").status_code == 303


def test_a_wrong_pin_is_counted_and_then_held_back(tablet: Browser, kiosk: int) -> None:
    statuses = [tablet.post("/kiosk/leaving", {"pin": wrong}).status_code for wrong in ("0000", "", "1111", "258")]
    assert statuses == [422] * 4
    for _try in range(3):
        tablet.post("/kiosk/leaving", {"pin": "9999"})
    held = tablet.post("/kiosk/leaving", {"pin": PIN})
    assert held.status_code == 429
    assert "Too many tries" in held.text
    assert the_kiosk(kiosk).left_at is None
    with clock.set_to(NOW + timedelta(minutes=5)):
        assert tablet.post("/kiosk/leaving", {"pin": PIN}).status_code == 303


def test_the_pin_is_stored_as_a_hash(kiosk: int) -> None:
    assert the_kiosk(kiosk).pin_hash.startswith("$argon2id$")


# No tablet of ours


def test_without_a_pairing_nothing_is_taken(kiosk: int, browse: Any) -> None:
    stranger = browse(None)
    assert stranger.get("/kiosk/token").status_code == 404
    assert deliver(stranger, touched()).status_code == 404
    assert stranger.post("/kiosk/answers", {"r": "5", "id": touched()["id"]}).location == "/kiosk/"
    assert stranger.get("/kiosk/leaving").location == "/kiosk/"
    stranger.client.set_cookie("kiosk", "made-up")
    assert deliver(stranger, touched()).status_code == 404
    assert ratings() == []


def test_a_delivery_without_a_csrf_token_is_refused(tablet: Browser) -> None:
    tablet.csrf_token = "made-up"
    assert deliver(tablet, touched()).status_code == 400
    assert tablet.post("/kiosk/answers", {"r": "5", "id": touched()["id"]}).status_code == 400
    assert ratings() == []


def test_the_queue_gets_a_token_that_it_can_send_with(tablet: Browser) -> None:
    tablet.csrf_token = tablet.get("/kiosk/token").json["csrf_token"]
    assert deliver(tablet, touched()).status_code == 200


def test_looking_at_the_kiosk_writes_nothing(tablet: Browser, kiosk: int) -> None:
    before = {name: value for name, value in vars(the_kiosk(kiosk)).items() if not name.startswith("_")}
    for address in ("/kiosk/", "/kiosk/token", "/kiosk/thanks", "/kiosk/leaving", "/kiosk/worker.js"):
        assert tablet.get(address).status_code == 200
    after = {name: value for name, value in vars(the_kiosk(kiosk)).items() if not name.startswith("_")}
    assert after == before
    assert after["last_seen_at"] is None
