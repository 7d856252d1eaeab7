"""Setting up shared terminals: by who leads the team, or an admin; nobody else finds one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.access.terminals import NOW, Till, a_code, a_terminal, actions, looks, paired, the_terminal
from tests.conftest import Browser, Cast
from tracker.access.models import SignInSession
from tracker.access.terminal_models import SharedTerminal
from tracker.core import clock
from tracker.core.db import db


@pytest.fixture
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def form(cast: Cast, now: Any) -> dict[str, str]:
    return {"name": "Till 2", "team": str(cast.tills.id)}


def terminals() -> list[SharedTerminal]:
    db.session.rollback()
    return list(
        db.session.scalars(select(SharedTerminal).order_by(SharedTerminal.id).execution_options(populate_existing=True))
    )


def code_on(page: str) -> str:
    [code] = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}", page)
    return code


def tries(browser: Browser, code: str) -> int:
    with clock.set_to(NOW):
        return Till(browser).post("/terminal/pairing", {"code": code}).status_code


def test_a_manager_sets_one_up_and_its_code_pairs_a_browser(cast: Cast, browse: Any, form: dict[str, str]) -> None:
    page = browse(cast.brian, at=NOW).post("/terminals/new", form)
    assert page.status_code == 200
    assert "http://localhost/terminal" in page.text
    [terminal] = terminals()
    assert (terminal.name, terminal.team_id, terminal.created_by_id) == ("Till 2", cast.tills.id, cast.brian.id)
    code = code_on(page.text)
    assert code not in str(vars(terminal))
    till = paired(browse(None), code.lower())
    assert "Tap your name" in looks(till, "/terminal").text
    assert actions() == ["terminal.made", "terminal.code_made", "terminal.paired"]


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 81}, {"team": ""}, {"team": "987654321"}])
def test_what_does_not_fit_is_asked_again(cast: Cast, browse: Any, form: dict[str, str], wrong: dict[str, str]) -> None:
    assert browse(cast.brian, at=NOW).post("/terminals/new", {**form, **wrong}).status_code == 422
    assert terminals() == []


def test_a_team_of_somebody_else_cannot_be_chosen(cast: Cast, browse: Any, form: dict[str, str]) -> None:
    assert browse(cast.dora, at=NOW).post("/terminals/new", form).status_code == 422
    assert terminals() == []


def test_an_admin_sets_up_terminals_for_every_team(cast: Cast, browse: Any, form: dict[str, str]) -> None:
    admin = browse(cast.ruth, at=NOW)
    for team in (cast.tills, cast.floor):
        assert admin.post("/terminals/new", {**form, "team": str(team.id)}).status_code == 200
    assert {terminal.team_id for terminal in terminals()} == {cast.tills.id, cast.floor.id}


@pytest.mark.parametrize("name", ["amina", "chloe"])
def test_others_set_up_none(cast: Cast, browse: Any, form: dict[str, str], name: str) -> None:
    browser = browse(getattr(cast, name), at=NOW)
    assert browser.get("/terminals").status_code == 403
    assert browser.get("/terminals/new").status_code == 403
    assert browser.post("/terminals/new", form).status_code == 403


def test_a_leader_of_another_team_finds_nothing(cast: Cast, browse: Any, now: Any) -> None:
    terminal_id = a_terminal(cast.tills)
    dora = browse(cast.dora, at=NOW)
    assert "Till 2" not in dora.get("/terminals").text
    assert dora.get(f"/terminals/{terminal_id}/name").status_code == 404
    for verb in ("code", "revoking", "name"):
        assert dora.post(f"/terminals/{terminal_id}/{verb}").status_code == 404
    assert the_terminal(terminal_id).revoked_at is None


def test_the_list_says_how_each_stands(app: Flask, cast: Cast, browse: Any, now: Any) -> None:
    brian = browse(cast.brian, at=NOW)
    assert "No shared terminal yet" in brian.get("/terminals").text
    terminal_id = a_terminal(cast.tills)
    assert "Not paired" in brian.get("/terminals").text
    code = a_code(app, terminal_id)
    assert "Code works until" in brian.get("/terminals").text
    paired(browse(None), code)
    assert "Paired" in brian.get("/terminals").text
    assert "not yet" in brian.get("/terminals").text


def test_another_name_keeps_the_browser_and_who_is_there(app: Flask, cast: Cast, browse: Any, now: Any) -> None:
    till = paired(browse(None), a_code(app, terminal_id := a_terminal(cast.tills)))
    brian = browse(cast.brian, at=NOW)
    address = f"/terminals/{terminal_id}/name"
    assert f'href="{address}"' in brian.get("/terminals").text
    assert 'value="Till 2"' in brian.get(address).text
    assert brian.post(address, {"name": " Till 7 "}).location == "/terminals"
    assert "Till 7 is saved." in brian.get("/terminals").text
    assert (the_terminal(terminal_id).name, the_terminal(terminal_id).paired_at) == ("Till 7", NOW)
    assert "Till 7" in looks(till, "/terminal").text
    assert actions()[-1] == "terminal.renamed"
    brian.post(address, {"name": "Till 7"})
    assert actions().count("terminal.renamed") == 1


@pytest.mark.parametrize("name", ["", " ", "x" * 81])
def test_a_name_that_does_not_fit_is_asked_again(cast: Cast, browse: Any, now: Any, name: str) -> None:
    address = f"/terminals/{a_terminal(cast.tills)}/name"
    answer = browse(cast.brian, at=NOW).post(address, {"name": name})
    assert (answer.status_code, "Name of the terminal: " in answer.text) == (422, True)
    assert [terminal.name for terminal in terminals()] == ["Till 2"]


def test_somebody_without_a_team_renames_none_and_a_revoked_one_has_no_name_to_change(
    cast: Cast, browse: Any, now: Any
) -> None:
    address = f"/terminals/{(terminal_id := a_terminal(cast.tills))}/name"
    for person in (cast.amina, cast.chloe):
        assert browse(person, at=NOW).post(address, {"name": "Mine"}).status_code == 404
    brian = browse(cast.brian, at=NOW)
    brian.post(f"/terminals/{terminal_id}/revoking")
    assert brian.post(address, {"name": "Gone"}).status_code == 404
    assert the_terminal(terminal_id).name == "Till 2"


def test_revoking_takes_it_off_the_list(app: Flask, cast: Cast, browse: Any, now: Any) -> None:
    terminal_id = a_terminal(cast.tills)
    paired(browse(None), a_code(app, terminal_id))
    brian = browse(cast.brian, at=NOW)
    assert brian.post(f"/terminals/{terminal_id}/revoking").location == "/terminals"
    page = brian.get("/terminals").text
    assert "Till 2 is revoked." in page
    assert "No shared terminal yet" in page
    assert brian.post(f"/terminals/{terminal_id}/revoking").status_code == 404
    assert actions()[-1] == "terminal.revoked"


def test_a_code_works_once_for_a_quarter_of_an_hour(app: Flask, cast: Cast, browse: Any) -> None:
    terminal_id = a_terminal(cast.tills)
    code = a_code(app, terminal_id)
    paired(browse(None), code)
    assert tries(browse(None), code) == 422
    old = a_code(app, terminal_id, at=NOW - timedelta(minutes=15))
    assert tries(browse(None), old) == 422


def test_guessing_codes_is_held_back_without_saying_so(app: Flask, cast: Cast, browse: Any) -> None:
    code = a_code(app, a_terminal(cast.tills))
    guesser = browse(None)
    assert {tries(guesser, "ABCD-EFGH") for _try in range(11)} == {422}
    assert tries(guesser, code) == 422
    assert terminals()[0].token_hash is None


def test_a_kiosks_code_opens_no_terminal(app: Flask, cast: Cast, browse: Any) -> None:
    assert "Make this a shared terminal" in looks(browse(None), "/terminal").text
    assert tries(browse(None), "") == 422


def test_pairing_signs_out_whoever_was_there(app: Flask, cast: Cast, browse: Any, now: Any) -> None:
    ruth = browse(cast.ruth, at=NOW)
    till = paired(ruth, a_code(app, a_terminal(cast.tills)))
    assert looks(till, "/me").status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(SignInSession.ended_at)).all() == [NOW]
