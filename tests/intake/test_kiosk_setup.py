"""Setting up kiosks: by who leads the team, or an admin; nobody else finds one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Browser, Cast
from tests.intake.kiosks import NOW, PIN, a_code, a_kiosk, deliver, the_kiosk, touched
from tests.intake.test_kiosk_tablet import actions, paired
from tracker.access.rules import password_matches
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.intake.models import Kiosk
from tracker.organisation.models import Tenure
from tracker.ratings.models import Rating


@pytest.fixture
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def form(cast: Cast, now: Any) -> dict[str, str]:
    return {"place": "Till 2", "team": str(cast.tills.id), "touchpoint": "", "asks_who": "y", "pin": PIN}


def kiosks() -> list[Kiosk]:
    db.session.rollback()
    return list(db.session.scalars(select(Kiosk).order_by(Kiosk.id).execution_options(populate_existing=True)))


def code_on(page: str) -> str:
    [code] = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}", page)
    return code


def test_a_manager_sets_one_up_and_its_code_pairs_a_tablet(cast: Cast, browse: Any, form: dict[str, str]) -> None:
    page = browse(cast.brian, at=NOW).post("/kiosks/new", form)
    assert page.status_code == 200
    assert "http://localhost/kiosk/" in page.text
    [kiosk] = kiosks()
    assert (kiosk.place, kiosk.team_id, kiosk.asks_who, kiosk.created_by_id) == (
        "Till 2", cast.tills.id, True, cast.brian.id,
    )  # fmt: skip
    assert password_matches(PIN, kiosk.pin_hash)
    assert actions() == ["kiosk.made", "kiosk.code_made"]
    assert code_on(page.text) not in str(vars(kiosk))
    tablet = paired(browse(None), code_on(page.text))
    assert "How was your visit today?" in tablet.get("/kiosk/").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": ""}, {"place": "x" * 81}, {"team": ""}, {"pin": ""}, {"pin": "123"}, {"pin": "123456789"}, {"pin": "25a0"},
        {"pin": "٢٥٨٠"}, {"pin": "1111"}, {"pin": "1234"}, {"pin": "98765"}, {"touchpoint": "987654321"},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_asked_again(cast: Cast, browse: Any, form: dict[str, str], wrong: dict[str, str]) -> None:
    answer = browse(cast.brian, at=NOW).post("/kiosks/new", {**form, **wrong})
    assert answer.status_code == 422
    assert kiosks() == []


def test_a_team_of_somebody_else_cannot_be_chosen(cast: Cast, browse: Any, form: dict[str, str]) -> None:
    assert browse(cast.dora, at=NOW).post("/kiosks/new", form).status_code == 422
    assert kiosks() == []


def test_an_admin_sets_up_kiosks_for_every_team(cast: Cast, browse: Any, form: dict[str, str]) -> None:
    admin = browse(cast.ruth, at=NOW)
    for team in (cast.tills, cast.floor):
        assert admin.post("/kiosks/new", {**form, "team": str(team.id)}).status_code == 200
    assert [kiosk.team_id for kiosk in kiosks()] == [cast.tills.id, cast.floor.id]
    assert "Nairobi Central floor" in admin.get("/kiosks").text


@pytest.mark.parametrize("who", ["amina", "kevin", "chloe"])
def test_who_leads_no_team_sets_up_none_and_hr_neither(cast: Cast, browse: Any, form: dict[str, str], who: str) -> None:
    kiosk = a_kiosk(cast)
    person = browse(getattr(cast, who), at=NOW)
    for answer in (person.get("/kiosks"), person.get("/kiosks/new"), person.post("/kiosks/new", form)):
        assert answer.status_code == 403
    assert person.get(f"/kiosks/{kiosk}").status_code == 404
    for verb in ("code", "unpairing", "closing"):
        assert person.post(f"/kiosks/{kiosk}/{verb}").status_code == 404
    assert len(kiosks()) == 1


@pytest.mark.parametrize("who", ["dora", "faith"])
def test_who_leads_another_team_finds_nothing(cast: Cast, browse: Any, form: dict[str, str], who: str) -> None:
    kiosk = a_kiosk(cast)
    code = the_kiosk(kiosk).code_hash
    stranger = browse(getattr(cast, who), at=NOW)
    page = stranger.get("/kiosks")
    assert page.status_code == 200
    assert "Till 2" not in page.text
    missing = stranger.get("/kiosks/987654321")
    assert stranger.get(f"/kiosks/{kiosk}").data == missing.data
    assert stranger.post(f"/kiosks/{kiosk}", form).status_code == 404
    for verb in ("code", "unpairing", "closing"):
        assert stranger.post(f"/kiosks/{kiosk}/{verb}").status_code == 404
    assert (the_kiosk(kiosk).code_hash, the_kiosk(kiosk).closed_at) == (code, None)


def test_who_led_the_team_once_finds_nothing_any_more(cast: Cast, browse: Any, now: Any) -> None:
    kiosk = a_kiosk(cast)
    brian = browse(cast.brian, at=NOW)
    assert brian.get(f"/kiosks/{kiosk}").status_code == 200
    with transaction():
        db.session.query(Tenure).filter_by(person_id=cast.brian.id).one().ended_on = NOW.date()
    assert brian.get(f"/kiosks/{kiosk}").status_code == 404


def test_unpairing_ends_the_tablet_at_once_and_a_new_code_brings_it_back(
    app: Flask, cast: Cast, browse: Any, now: Any
) -> None:
    kiosk = a_kiosk(cast)
    tablet, brian = paired(browse(None), a_code(app, kiosk)), browse(cast.brian, at=NOW)
    assert "Running" in brian.get("/kiosks").text
    assert brian.post(f"/kiosks/{kiosk}/unpairing").status_code == 303
    assert deliver(tablet, touched()).status_code == 404
    assert "data-unpaired" in tablet.get("/kiosk/").text
    assert "Not paired" in brian.get("/kiosks").text
    assert tablet.get("/sign-in").status_code == 200, "the lock is gone with the pairing"
    code = code_on(brian.post(f"/kiosks/{kiosk}/code").text)
    paired(tablet, code)
    assert deliver(tablet, touched()).status_code == 200
    assert db.session.query(Rating).count() == 1


def test_unpairing_ends_an_unused_code_too(app: Flask, cast: Cast, browse: Any, now: Any) -> None:
    kiosk = a_kiosk(cast)
    code = a_code(app, kiosk)
    browse(cast.brian, at=NOW).post(f"/kiosks/{kiosk}/unpairing")
    assert browse(None).post("/kiosk/pairing", {"code": code}).status_code == 422


def test_twice_unpaired_is_unpaired(cast: Cast, browse: Any, now: Any) -> None:
    kiosk, brian = a_kiosk(cast), browse(cast.brian, at=NOW)
    assert [brian.post(f"/kiosks/{kiosk}/unpairing").status_code for _time in range(2)] == [303, 303]


def test_off_the_list_is_off_the_list(app: Flask, cast: Cast, browse: Any, now: Any) -> None:
    kiosk = a_kiosk(cast)
    tablet, brian = paired(browse(None), a_code(app, kiosk)), browse(cast.brian, at=NOW)
    deliver(tablet, touched())
    assert brian.post(f"/kiosks/{kiosk}/closing").status_code == 303
    assert deliver(tablet, touched()).status_code == 404
    assert f"/kiosks/{kiosk}" not in brian.get("/kiosks").text
    assert brian.post(f"/kiosks/{kiosk}/code").status_code == 404
    assert db.session.query(Rating).count() == 1


def test_a_kiosk_is_changed_and_keeps_its_pin_unless_one_is_given(
    app: Flask, cast: Cast, browse: Any, form: dict[str, str]
) -> None:
    kiosk, brian = a_kiosk(cast), browse(cast.brian, at=NOW)
    assert 'value="Till 2"' in brian.get(f"/kiosks/{kiosk}").text
    before = the_kiosk(kiosk).pin_hash
    changed = {key: value for key, value in form.items() if key != "asks_who"} | {"place": "Till 9", "pin": ""}
    assert brian.post(f"/kiosks/{kiosk}", changed).status_code == 303
    row = the_kiosk(kiosk)
    assert (row.place, row.asks_who, row.pin_hash) == ("Till 9", False, before)
    assert brian.post(f"/kiosks/{kiosk}", {**changed, "pin": "4711"}).status_code == 303
    assert password_matches("4711", the_kiosk(kiosk).pin_hash)
    assert brian.post(f"/kiosks/{kiosk}", {**changed, "team": str(cast.floor.id)}).status_code == 422


def test_the_list_says_what_waits_and_whether_the_clock_is_wrong(app: Flask, cast: Cast, browse: Any, now: Any) -> None:
    tablet: Browser = paired(browse(None), a_code(app, a_kiosk(cast)))
    deliver(tablet, waiting=3, now=NOW + timedelta(minutes=6))
    page = browse(cast.brian, at=NOW).get("/kiosks").text
    assert "3 answers, when last heard of" in page
    assert "Its clock is wrong" in page
    assert "Wed 18 Nov, 12:00" in page
