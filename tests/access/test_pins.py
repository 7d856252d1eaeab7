"""One's own PIN: set with the password, hashed twice over, told of, and never one that is tried first."""

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from tests.access.terminals import NOW, PIN, a_till, actions, has_pin, looks, types
from tests.conftest import Cast
from tests.factories import account_of
from tracker.access import rules
from tracker.access.terminal_models import TerminalPin
from tracker.access.terminal_rules import peppered, pin_problem, wait_after
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.models import Message

PASSWORD = "three words together"
GOOD = {"current": PASSWORD, "pin": PIN, "again": PIN}


@pytest.fixture(autouse=True)
def passwords(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(rules, "_hasher", rules.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with transaction():
        account_of(cast.amina).password_hash = rules.hash_password(PASSWORD)
    with clock.set_to(NOW):
        yield


def pin() -> TerminalPin | None:
    db.session.rollback()
    return db.session.scalar(select(TerminalPin).execution_options(populate_existing=True))


def told() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Message.kind).where(Message.kind.startswith("pin.")).order_by(Message.id)))


def test_a_pin_is_set_and_opens_the_till(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    assert "You have none." in amina.get("/account").text
    assert amina.post("/account/pin", GOOD).location == "/account"
    page = amina.get("/account").text
    assert "You have one" in page
    assert PIN not in page
    assert types(a_till(app, browse, cast.tills), cast.amina).location == "/"
    assert told() == ["pin.set"]
    assert "terminal.pin_set" in actions()


def test_changing_it_ends_what_the_old_one_opened(app: Flask, cast: Cast, browse: Any) -> None:
    has_pin(app, cast.amina)
    till = a_till(app, browse, cast.tills)
    types(till, cast.amina)
    browse(cast.amina, at=NOW).post("/account/pin", {**GOOD, "pin": "648093", "again": "648093"})
    assert looks(till).status_code == 303
    assert types(till, cast.amina).status_code == 422
    assert types(till, cast.amina, "648093").status_code == 303


def test_removing_it_shuts_the_till(app: Flask, cast: Cast, browse: Any) -> None:
    has_pin(app, cast.amina)
    till = a_till(app, browse, cast.tills)
    types(till, cast.amina)
    amina = browse(cast.amina, at=NOW)
    for _twice in range(2):
        assert amina.post("/account/pin/removal").location == "/account"
    assert looks(till).status_code == 303
    assert types(till, cast.amina).status_code == 422
    assert pin() is None
    assert actions().count("terminal.pin_removed") == 1


def test_it_cannot_be_read_from_the_database_by_trying_all(app: Flask, cast: Cast, browse: Any) -> None:
    """Argon2id over a keyed hash: the PIN itself matches nothing, nor does it under another key or for somebody else."""
    browse(cast.amina, at=NOW).post("/account/pin", GOOD)
    held = pin()
    assert held is not None
    assert held.pin_hash.startswith("$argon2id$")
    key = app.config["SECRET_KEY"]
    assert rules.password_matches(peppered(key, held.account_id, PIN), held.pin_hash)
    for text in (PIN, peppered("x" * 32, held.account_id, PIN), peppered(key, held.account_id + 1, PIN)):
        assert not rules.password_matches(text, held.pin_hash)


def test_hashes_are_as_strong_as_those_of_passwords() -> None:
    assert PasswordHasher().type.name == "ID"


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"current": "something else"}, 422),
        ({"current": ""}, 422),
        ({"again": "8306"}, 422),
        ({"pin": "", "again": ""}, 422),
        ({"pin": "830", "again": "830"}, 422),
        ({"pin": "830583058", "again": "830583058"}, 422),
        ({"pin": "83o5", "again": "83o5"}, 422),
        ({"pin": "٨٣٠٥", "again": "٨٣٠٥"}, 422),
        ({"pin": "1234", "again": "1234"}, 422),
        ({"pin": "T-0001", "again": "T-0001"}, 422),
    ],
)
def test_what_does_not_fit_is_asked_again(cast: Cast, browse: Any, wrong: dict[str, str], status: int) -> None:
    answer = browse(cast.amina, at=NOW).post("/account/pin", {**GOOD, **wrong})
    assert answer.status_code == status
    assert pin() is None
    assert told() == []


def test_guessing_the_password_there_is_held_back(cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    statuses = [amina.post("/account/pin", {**GOOD, "current": "guess"}).status_code for _try in range(6)]
    assert statuses == [422] * 5 + [429]
    assert amina.post("/account/pin", GOOD).status_code == 429
    assert pin() is None


def test_a_pin_session_changes_no_account(app: Flask, cast: Cast, browse: Any) -> None:
    has_pin(app, cast.amina)
    till = a_till(app, browse, cast.tills)
    types(till, cast.amina)
    for url in ("/account", "/account/pin"):
        assert looks(till, url).status_code == 403
    for url in ("/account/pin", "/account/pin/removal", "/account/password", "/account/sessions/1/end"):
        assert till.post(url, GOOD).status_code == 403
    assert pin() is not None


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("0000", "row"), ("1234", "row"), ("8765", "row"), ("12345678", "row"), ("99999999", "row"),
        ("1212", "row"), ("6969", "row"), ("123123", "row"), ("1122", "row"), ("44772211", "row"),
        ("2580", "common"), ("159753", "common"), ("1004", "common"),
        ("1984", "date"), ("2012", "date"), ("1407", "date"), ("0714", "date"), ("3112", "date"),
        ("140784", "date"), ("071484", "date"), ("840714", "date"), ("14071984", "date"), ("19840714", "date"),
        ("0412", "own"), ("90412", "own"),
        ("8305", None), ("648093", None), ("7391", None), ("50382746", None), ("4200", None),
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(typed: str, problem: str | None) -> None:
    assert pin_problem(typed, staff_number="N-0412") == problem


def test_most_pins_will_do() -> None:
    """Refusing too many would leave too few to guess among: of four digits more than four fifths stay, of six even more."""
    four = sum(pin_problem(f"{number:04}", staff_number="N-77") is None for number in range(10_000))
    six = sum(pin_problem(f"{number:06}", staff_number="N-77") is None for number in range(0, 1_000_000, 37))
    assert four > 8_000
    assert six > 0.85 * 1_000_000 / 37


def test_waits_grow_and_stop_at_a_quarter_of_an_hour() -> None:
    waits = [wait_after(failures) for failures in range(1, 12)]
    minutes = [None if wait is None else wait // timedelta(minutes=1) for wait in waits]
    assert minutes == [None] * 4 + [1, 2, 4, 8, 15, 15, 15]
