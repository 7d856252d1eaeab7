"""A cookie is worth what its row says: it is changed at sign-in, and dies with the session, the account or the employment."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.conftest import Cast
from tests.core.instances import an_instance
from tests.factories import account_of
from tracker.access import actions, rules
from tracker.access.jobs import forget_expired
from tracker.access.models import RoleGrant, SignInSession
from tracker.core import clock
from tracker.core.db import db, transaction

PASSWORD = "three words together"
AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def passwords(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_hasher", rules.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with transaction():
        for person in (cast.amina, cast.kevin):
            account_of(person).password_hash = rules.hash_password(PASSWORD)


@pytest.fixture
def another(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Any]:
    """another(base_url) -> a client of an instance on the same database that is reached there, without CSRF tokens."""

    with ExitStack() as stack:

        def client(base_url: str = "http://localhost") -> FlaskClient:
            return stack.enter_context(an_instance(database_url, tmp_path, BASE_URL=base_url)).test_client()

        yield client


def ask(client: FlaskClient, method: str, path: str, *, at: datetime = AT, **options: Any) -> TestResponse:
    db.session.rollback()
    with clock.set_to(at), client.application.app_context():
        return client.open(path, method=method, **options)


def sign_in(client: FlaskClient, number: str = "N-0412", *, remember: bool = False, **options: Any) -> TestResponse:
    data = {"identifier": number, "password": PASSWORD, **({"remember": "y"} if remember else {})}
    answer = ask(client, "POST", "/sign-in", data=data, **options)
    assert answer.status_code == 303
    return answer


def cookies_of(answer: TestResponse) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for header in answer.headers.getlist("Set-Cookie"):
        found.update(SimpleCookie(header))
    return found


def is_in(client: FlaskClient, *, at: datetime = AT + timedelta(minutes=1)) -> bool:
    return ask(client, "GET", "/account", at=at).status_code == 200


def test_a_planted_cookie_is_thrown_away_at_sign_in(another: Any) -> None:
    """Whoever plants a session before the sign-in must not share it afterwards."""
    client = another()
    with client.session_transaction() as session:
        session["_user_id"], session["planted"] = "a token that the attacker knows", "x"
    planted = client.get_cookie("session").value
    sign_in(client)
    with client.session_transaction() as session:
        assert session["_user_id"] != "a token that the attacker knows"
        assert "planted" not in session
    assert client.get_cookie("session").value != planted
    thief = client.application.test_client()
    thief.set_cookie("session", planted)
    assert (is_in(client), is_in(thief)) == (True, False)


def test_each_sign_in_has_a_token_of_its_own_and_none_is_stored(another: Any) -> None:
    clients = [another(), another()]
    tokens = []
    for client in clients:
        sign_in(client)
        with client.session_transaction() as session:
            tokens.append(session["_user_id"])
    stored = db.session.scalars(select(SignInSession.token_hash)).all()
    assert len(set(tokens)) == 2
    assert not set(tokens) & set(stored)
    assert {rules.token_hash(token) for token in tokens} <= set(stored)


def test_signing_out_kills_the_cookie_and_only_that(another: Any) -> None:
    client, other = another(), another()
    sign_in(client, remember=True)
    sign_in(other)
    old = {name: client.get_cookie(name).value for name in ("session", "remember")}
    answer = ask(client, "POST", "/sign-out")
    assert cookies_of(answer)["remember"]["max-age"] == "0" or cookies_of(answer)["remember"].value == ""
    for name in old:
        thief = client.application.test_client()
        thief.set_cookie(name, old[name])
        assert not is_in(thief), name
    assert is_in(other)


@pytest.mark.parametrize("remember", [False, True])
@pytest.mark.parametrize("end", ["shut out", "signed out everywhere", "password", "left", "session ended", "role"])
def test_what_ends_a_session_ends_it_at_the_next_request(cast: Cast, another: Any, remember: bool, end: str) -> None:
    client = another()
    sign_in(client, remember=remember)
    assert is_in(client)
    with transaction():
        account = account_of(cast.amina)
        match end:
            case "shut out":
                actions.deactivate(account, by=cast.ruth.id, at=AT)
            case "signed out everywhere":
                actions.end_all_sessions(account, by=cast.ruth.id, at=AT)
            case "password":
                actions.set_password(account, rules.hash_password("another three words"), at=AT, by=cast.amina.id)
            case "left":
                cast.amina.ended_on = AT.date()
            case "session ended":
                db.session.execute(update(SignInSession).values(ended_at=AT))
            case "role":
                db.session.add(RoleGrant(person_id=cast.amina.id, role="admin", granted_at=AT))
    if end == "role":
        assert ask(client, "GET", "/mail", at=AT + timedelta(minutes=1)).status_code == 200
        with transaction():
            actions.set_roles(cast.amina, set(), by=cast.ruth.id, at=AT)
        assert ask(client, "GET", "/mail", at=AT + timedelta(minutes=2)).status_code == 403
    else:
        assert not is_in(client)


def test_letting_somebody_in_again_does_not_revive_old_cookies(cast: Cast, another: Any) -> None:
    client = another()
    sign_in(client, remember=True)
    with transaction():
        actions.deactivate(account_of(cast.amina), by=cast.ruth.id, at=AT)
        actions.reactivate(account_of(cast.amina), by=cast.ruth.id, at=AT)
    assert not is_in(client)


def test_changing_ones_password_keeps_this_browser_and_ends_the_others(another: Any) -> None:
    here, there = another(), another()
    sign_in(here)
    sign_in(there, remember=True)
    data = {"current": PASSWORD, "password": "another three words"}
    assert ask(here, "POST", "/account/password", data=data, at=AT + timedelta(minutes=1)).status_code == 303
    assert (is_in(here), is_in(there)) == (True, False)


def test_who_guesses_the_password_at_a_browser_left_open_is_held_back(another: Any) -> None:
    here = another()
    sign_in(here)
    wrong = {"current": "not the password", "password": "another three words"}
    later = AT + timedelta(minutes=1)
    answers = [ask(here, "POST", "/account/password", data=wrong, at=later) for _ in range(rules.FREE_FAILURES + 1)]
    assert [answer.status_code for answer in answers] == [422] * rules.FREE_FAILURES + [429]
    right = {"current": PASSWORD, "password": "another three words"}
    assert "Too many tries" in ask(here, "POST", "/account/password", data=right, at=later).text
    assert ask(here, "POST", "/account/password", data=right, at=later + timedelta(minutes=2)).status_code == 303


def test_ending_a_session_of_somebody_else_finds_nothing(cast: Cast, another: Any) -> None:
    amina, kevin = another(), another()
    sign_in(amina)
    sign_in(kevin, cast.kevin.staff_number)
    others = db.session.scalar(select(SignInSession.id).where(SignInSession.account_id == account_of(cast.kevin).id))
    assert ask(amina, "POST", f"/account/sessions/{others}/end").status_code == 404
    assert is_in(kevin)


def test_a_session_lasts_twelve_hours_and_a_remembered_one_thirty_days(another: Any) -> None:
    short, long = another(), another()
    sign_in(short)
    sign_in(long, remember=True)
    hours, month = AT + rules.SESSION_LENGTH, AT + rules.REMEMBERED_LENGTH
    assert (is_in(short, at=hours - timedelta(seconds=1)), is_in(short, at=hours)) == (True, False)
    assert (is_in(long, at=month - timedelta(seconds=1)), is_in(long, at=month)) == (True, False)


def test_somebody_else_s_remembered_sign_in_does_not_come_back_on_a_shared_till(cast: Cast, another: Any) -> None:
    """Amina ticked “my own phone” on the till; Kevin signs in there without it, and the browser is closed."""
    till = another()
    sign_in(till, remember=True)
    sign_in(till, cast.kevin.staff_number)
    till.delete_cookie("session")
    assert not is_in(till)


def test_cookies_of_a_public_address_are_host_bound_and_secure(another: Any) -> None:
    client = another("https://tracker.zawadora.example")
    cookies = cookies_of(sign_in(client, remember=True, base_url="https://tracker.zawadora.example"))
    assert set(cookies) == {"__Host-session", "__Host-remember"}
    for cookie in cookies.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert cookies["__Host-remember"]["expires"]
    assert not cookies["__Host-session"]["expires"]


def test_cookies_on_this_machine_work_without_https(another: Any) -> None:
    cookies = cookies_of(sign_in(another()))
    assert set(cookies) == {"session"}
    assert (cookies["session"]["secure"], cookies["session"]["httponly"]) == ("", True)


def test_a_cookie_signed_with_another_key_is_worth_nothing(another: Any) -> None:
    ours, forged = another(), another()
    sign_in(ours)
    with ours.session_transaction() as session:
        token = session["_user_id"]
    with forged.session_transaction() as session:
        session["_user_id"] = token
    thief = ours.application.test_client()
    thief.set_cookie("session", forged.get_cookie("session").value)
    assert not is_in(thief)


def test_ended_sessions_are_forgotten_after_a_month_and_open_ones_are_not(another: Any) -> None:
    client = another()
    sign_in(client, remember=True)
    assert forget_expired(AT + timedelta(days=29)) == 0
    assert is_in(client, at=AT + timedelta(days=29))
    assert forget_expired(AT + timedelta(days=61)) == 1


def test_the_page_of_sessions_names_browsers_and_no_tokens(another: Any) -> None:
    client = another()
    sign_in(client, headers={"User-Agent": "Mozilla/5.0 (Android 14) Firefox/140 <script>"})
    page = ask(client, "GET", "/account", at=AT + timedelta(minutes=1)).text
    assert "Firefox · Android" in page
    assert not re.search(r"[0-9a-f]{64}", page.replace("csrf", ""))
