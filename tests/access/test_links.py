"""One-time links and printed slips: made late, stored hashed, used once, and never built from what a request says."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.core.smtp_sink import Sink, smtp_sink
from tests.factories import account_of
from tracker.access import actions, rules
from tracker.access.models import AccountLink
from tracker.core import clock, outbox
from tracker.core.db import db, transaction
from tracker.core.errors import Refused

AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
NEW = {"password": "another three words"}


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_hasher", rules.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    with smtp_sink() as server:
        app.config["SMTP_URL"] = server.url
        yield server
        app.config["SMTP_URL"] = ""


def ask(
    browser: Any, method: str, path: str, data: dict[str, str] | None = None, *, at: datetime = AT, **more: Any
) -> Any:
    with clock.set_to(at):
        return browser.get(path, **more) if method == "GET" else browser.post(path, data, **more)


def mailed_path(sink: Sink, *, at: datetime = AT) -> str:
    """The path of the link in the one mail that is due."""
    db.session.rollback()
    with clock.set_to(at):
        assert outbox.send_due(at) == 1
    body = sink.mails[-1].get_body(("plain",))
    assert body is not None
    link = next(word for word in body.get_content().split() if "/welcome/" in word)
    assert link.startswith("http://localhost/welcome/")
    return link.removeprefix("http://localhost")


def a_slip(cast: Cast, *, at: datetime = AT) -> str:
    with transaction():
        return actions.print_slip(account_of(cast.amina), by=cast.ruth.id, at=at)


def test_a_reset_link_works_once_whatever_host_the_request_named(cast: Cast, browse: Any, sink: Sink) -> None:
    forger = browse(None)
    forger.client.set_cookie("session", forger.client.get_cookie("session").value, domain="evil.example")
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    assert ask(forger, "POST", "/forgotten", {"identifier": "N-0412"}, headers=forged).status_code == 200
    path = mailed_path(sink)
    assert "evil" not in sink.mails[0].as_string()
    holder = browse(None)
    assert ask(holder, "GET", path).status_code == 200
    assert ask(holder, "GET", path).status_code == 200  # a mail scanner that opened it has spent nothing
    assert ask(holder, "POST", path, NEW).status_code == 303
    assert ask(browse(None), "POST", path, NEW).status_code == 404
    assert ask(browse(None), "GET", path).status_code == 404


def test_only_the_hash_of_a_token_is_stored(cast: Cast, browse: Any, sink: Sink) -> None:
    ask(browse(None), "POST", "/forgotten", {"identifier": "N-0412"})
    token = mailed_path(sink).rsplit("/", 1)[-1]
    link = db.session.scalars(select(AccountLink)).one()
    assert link.token_hash == rules.token_hash(token)
    assert len(token) >= 43  # 256 bits
    for table in db.metadata.sorted_tables:
        assert token not in repr(db.session.execute(select(table)).all()), table.name
    db.session.rollback()


def test_asking_twice_within_the_hour_mails_once(cast: Cast, browse: Any, sink: Sink) -> None:
    for minutes in (0, 30):
        ask(browse(None), "POST", "/forgotten", {"identifier": "N-0412"}, at=AT + timedelta(minutes=minutes))
    mailed_path(sink)
    with clock.set_to(AT):
        assert outbox.send_due(AT + timedelta(minutes=59)) == 0


def test_a_used_link_ends_every_session_and_every_other_link(cast: Cast, browse: Any, sink: Sink) -> None:
    thief, slip = browse(cast.amina, at=AT), a_slip(cast)
    assert ask(thief, "GET", "/account").status_code == 200
    ask(browse(None), "POST", "/forgotten", {"identifier": "N-0412"})
    assert ask(browse(None), "POST", mailed_path(sink), NEW).status_code == 303
    assert ask(thief, "GET", "/account").status_code == 303
    assert ask(browse(None), "GET", f"/welcome/{slip}").status_code == 404


@pytest.mark.parametrize("kind", sorted(rules.LINK_LENGTH))
def test_a_link_expires(cast: Cast, browse: Any, kind: str) -> None:
    with transaction():
        token = actions.make_link(account_of(cast.amina), kind, at=AT, by=None)
    end = AT + rules.LINK_LENGTH[kind]
    assert ask(browse(None), "GET", f"/welcome/{token}", at=end - timedelta(seconds=1)).status_code == 200
    assert ask(browse(None), "POST", f"/welcome/{token}", NEW, at=end).status_code == 404


def test_of_many_who_spend_a_link_at_once_one_wins(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        token = actions.make_link(account_of(cast.amina), "reset", at=AT, by=None)
    browsers = [browse(None) for _ in range(6)]
    db.session.rollback()
    start, statuses = threading.Barrier(6), list[int]()

    def spend(browser: Any) -> None:
        with app.app_context(), clock.set_to(AT):
            start.wait()
            data = {"csrf_token": browser.csrf_token, **NEW}
            statuses.append(browser.client.post(f"/welcome/{token}", data=data).status_code)

    threads = [threading.Thread(target=spend, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 404, 409}


def test_a_link_of_somebody_shut_out_opens_nothing(cast: Cast, browse: Any) -> None:
    slip = a_slip(cast)
    with transaction():
        actions.deactivate(account_of(cast.amina), by=cast.ruth.id, at=AT)
    assert ask(browse(None), "POST", f"/welcome/{slip}", NEW).status_code == 404


def test_a_link_of_somebody_who_has_left_lets_nobody_in_and_stays_unspent(cast: Cast, browse: Any) -> None:
    slip = a_slip(cast)
    with transaction():
        cast.amina.ended_on = AT.date()
    assert ask(browse(None), "POST", f"/welcome/{slip}", NEW).status_code == 422
    assert account_of(cast.amina).password_hash is None


def test_a_weak_password_spends_nothing(cast: Cast, browse: Any) -> None:
    slip = a_slip(cast)
    for weak in ("short", "password1", "Amina Otieno", "aaaaaaaaaa"):
        assert ask(browse(None), "POST", f"/welcome/{slip}", {"password": weak}).status_code == 422
    assert ask(browse(None), "POST", f"/welcome/{slip}", NEW).status_code == 303


def test_a_slip_is_typed_in_any_case_with_dashes_or_spaces(cast: Cast, browse: Any) -> None:
    code = a_slip(cast)
    for typed in (code, code.lower(), f"  {code.replace('-', ' ')} ", code.replace("-", "  ")):
        answer = ask(browse(None), "POST", "/slip", {"code": typed})
        assert (answer.status_code, answer.location) == (303, f"/welcome/{code}"), typed


def test_whoever_uses_a_slip_is_not_told_of_it_and_its_owner_is_once(cast: Cast, browse: Any) -> None:
    """The notice must not be used up by somebody who printed a slip in order to come in as Amina."""
    slip = a_slip(cast)
    holder = browse(None)
    assert ask(holder, "POST", f"/welcome/{slip}", NEW).status_code == 303
    assert "slip was printed" not in ask(holder, "GET", "/account").text
    told = []
    for _time in range(2):
        owner = browse(None)
        answer = ask(owner, "POST", "/sign-in", {"identifier": "N-0412", **NEW})
        assert answer.status_code == 303
        told.append("slip was printed for you on" in ask(owner, "GET", "/account").text)
    assert told == [True, False]


def test_nobody_prints_a_slip_for_themselves_or_upwards(cast: Cast) -> None:
    with pytest.raises(Refused), transaction():
        actions.print_slip(account_of(cast.ruth), by=cast.ruth.id, at=AT)
    with pytest.raises(Refused), transaction():
        actions.print_slip(account_of(cast.ruth), by=cast.chloe.id, at=AT)


def test_the_page_of_a_link_tells_no_other_site_its_address(cast: Cast, browse: Any) -> None:
    answer = ask(browse(None), "GET", f"/welcome/{a_slip(cast)}")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_odd_characters_in_a_form_are_refused_and_crash_nothing(cast: Cast, browse: Any) -> None:
    stranger = browse(None)
    for odd in ("N-0412\x00", "\x00", "ÿ" * 100, "'; DROP TABLE person; --", "%00", "\ud7ff"):
        assert ask(stranger, "POST", "/sign-in", {"identifier": odd, "password": "x\x00"}).status_code in {422, 429}
        assert ask(stranger, "POST", "/forgotten", {"identifier": odd}).status_code in {200, 422}
        assert ask(stranger, "POST", "/slip", {"code": odd}).status_code == 422
    assert ask(stranger, "GET", "/welcome/%00").status_code == 404
