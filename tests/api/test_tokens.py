"""Tokens: made by admins, shown once, kept as a hash, acting as their maker and no further than their scopes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.api.conftest import NOW, Program, a_rating_body, an_interaction_body
from tests.conftest import Cast
from tests.factories import a_person, a_rating, account_of
from tracker.access.actions import deactivate, set_roles
from tracker.api.jobs import note_uses
from tracker.api.models import ApiToken
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person

Make = Callable[..., Program]
NEW = {"name": "Helpdesk", "scopes": ["ratings:write", "people:read"]}


def tokens() -> list[ApiToken]:
    db.session.rollback()
    return list(db.session.scalars(select(ApiToken).order_by(ApiToken.id).execution_options(populate_existing=True)))


def secret_on(page: str) -> str:
    return page.split('value="trk_')[1].split('"')[0]


def test_an_admin_makes_a_token_and_sees_it_once(app: Flask, cast: Cast, browse: Any, now: Any) -> None:
    ruth = browse(cast.ruth, at=NOW)
    page = ruth.post("/settings/tokens", NEW)
    assert page.status_code == 200
    secret = "trk_" + secret_on(page.text)
    assert len(secret) > 40
    (token,) = tokens()
    assert secret not in (token.token_hash, token.hint, token.name)
    assert (token.made_by_id, sorted(token.scopes)) == (cast.ruth.id, sorted(NEW["scopes"]))
    listed = ruth.get("/settings/tokens").text
    assert "Helpdesk" in listed
    assert secret not in listed
    assert Program(app, secret).get("/people").status_code == 200
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "api_token.made"))
    assert secret not in str(entry.details)


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["everything"]}, {"last_day": "2026-11-17"}]
)
def test_a_token_needs_a_name_a_scope_and_a_day_to_come(
    cast: Cast, browse: Any, now: Any, wrong: dict[str, Any]
) -> None:
    answer = browse(cast.ruth, at=NOW).post("/settings/tokens", {**NEW, **wrong})
    assert answer.status_code == 422
    assert tokens() == []


def test_only_admins_have_tokens(cast: Cast, browse: Any, now: Any, program: Make) -> None:
    program()
    (token,) = tokens()
    for person in (cast.amina, cast.brian, cast.chloe, cast.dora):
        browser = browse(person, at=NOW)
        assert browser.get("/settings/tokens").status_code == 403
        assert browser.post("/settings/tokens", NEW).status_code == 403
        assert browser.post(f"/settings/tokens/{token.id}/revocation").status_code == 403
    assert [token.revoked_at for token in tokens()] == [None]


def test_a_revoked_token_opens_nothing(cast: Cast, browse: Any, program: Make) -> None:
    tills = program()
    assert tills.get("/people").status_code == 200
    (token,) = tokens()
    ruth = browse(cast.ruth, at=NOW)
    assert ruth.post(f"/settings/tokens/{token.id}/revocation").status_code == 303
    assert tills.get("/people").status_code == 401
    assert ruth.post(f"/settings/tokens/{token.id}/revocation").status_code == 409
    assert "Revoked" in ruth.get("/settings/tokens").text
    actions = select(AuditEntry.action).where(AuditEntry.action == "api_token.revoked")
    assert len(db.session.scalars(actions).all()) == 1


def test_an_expired_token_opens_nothing(program: Make) -> None:
    tills = program(expires_at=NOW + timedelta(hours=1))
    assert tills.get("/people").status_code == 200
    with clock.set_to(NOW + timedelta(hours=1)):
        assert tills.get("/people").status_code == 401


def test_the_last_day_ends_where_the_maker_works(cast: Cast, browse: Any, now: Any) -> None:
    browse(cast.ruth, at=NOW).post("/settings/tokens", {**NEW, "last_day": "2026-11-20"})
    assert tokens()[0].expires_at == (NOW + timedelta(days=2)).replace(hour=21)


def lose_the_role(person: Person, cast: Cast) -> None:
    set_roles(person, {"hr"}, by=cast.ruth.id, at=NOW)


def be_shut_out(person: Person, cast: Cast) -> None:
    deactivate(account_of(person), by=cast.ruth.id, at=NOW)


def leave(person: Person, _cast: Cast) -> None:
    person.ended_on = date(2026, 11, 1)


@pytest.mark.parametrize("happens", [lose_the_role, be_shut_out, leave])
def test_a_token_stops_with_its_maker(
    program: Make, cast: Cast, browse: Any, happens: Callable[[Person, Cast], None]
) -> None:
    with transaction():
        maker = a_person("Njeri Kariuki", team=db.session.merge(cast.root), roles=["admin"])
    tills = program(maker)
    assert tills.post("/ratings", a_rating_body()).status_code == 201
    with transaction():
        happens(db.session.get_one(Person, maker.id), cast)
    assert tills.get("/people").status_code == 401
    assert tills.post("/ratings", a_rating_body(external_id="2")).status_code == 401
    assert "Stopped" in browse(cast.ruth, at=NOW).get("/settings/tokens").text


@pytest.mark.parametrize(
    ("scope", "open_to"),
    [
        ("interactions:write", {"POST /interactions"}),
        ("ratings:write", {"POST /ratings"}),
        ("reviews:write", {"POST /reviews"}),
        ("ratings:read", {"GET /ratings", "GET /interactions"}),
        ("people:read", {"GET /people"}),
        ("scores:read", {"GET /scores"}),
        ("pulse:read", {"GET /pulse/results"}),
        ("reports:read", {"GET /reports"}),
    ],
)
def test_a_scope_opens_what_it_names_and_no_more(program: Make, scope: str, open_to: set[str]) -> None:
    tills = program(None, scope)
    answers = {
        "POST /interactions": tills.post("/interactions", an_interaction_body()),
        "POST /ratings": tills.post("/ratings", a_rating_body()),
        "POST /reviews": tills.post("/reviews", {"source": "site", "external_id": "1", "text": "Fine."}),
        "GET /ratings": tills.get("/ratings"),
        "GET /interactions": tills.get("/interactions"),
        "GET /people": tills.get("/people"),
        "GET /scores": tills.get("/scores"),
        "GET /pulse/results": tills.get("/pulse/results"),
        "GET /reports": tills.get("/reports"),
    }
    assert {name for name, answer in answers.items() if answer.status_code < 400} == open_to
    assert {answer.status_code for name, answer in answers.items() if name not in open_to} == {403}


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Basic cnV0aDpydXRo", "Bearer \xff", "Digest a=b"])
def test_without_a_token_nothing_opens(app: Flask, cast: Cast, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    answer = app.test_client().get("/api/v1/people", headers=headers)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Set-Cookie" not in answer.headers


def test_the_last_day_of_use_is_written_by_a_job_alone(program: Make) -> None:
    tills = program()
    tills.get("/people")
    tills.post("/ratings", a_rating_body())
    assert tokens()[0].last_used_on is None
    assert note_uses(NOW) == 1
    assert tokens()[0].last_used_on == NOW.date()
    assert note_uses(NOW) == 0
    tills.get("/people")
    assert note_uses(NOW) == 0  # the same day again


def test_an_admins_token_reads_no_rating_of_others(program: Make, cast: Cast) -> None:
    """The admin role opens no rating by itself: the tray, what the maker earned, and whom the maker leads."""
    with transaction():
        amina, ruth, brian = (db.session.merge(person) for person in (cast.amina, cast.ruth, cast.brian))
        hers = a_rating(amina, comment="For Amina").id
        own = a_rating(ruth, comment="For Ruth").id
        tray = a_rating(None, comment="For nobody known", drivers=["effort"], emotions=["rushed"]).id
        set_roles(brian, {"admin"}, by=ruth.id, at=NOW)
        set_roles(db.session.merge(cast.dora), {"admin"}, by=ruth.id, at=NOW)
    seen = {
        maker.name: [row["id"] for row in program(maker).get("/ratings").json["data"]]
        for maker in (cast.ruth, cast.brian, cast.dora)
    }
    assert seen == {cast.ruth.name: [own, tray], cast.brian.name: [hers, tray], cast.dora.name: [tray]}
    waiting = program(cast.dora).get("/ratings").json["data"][0]
    assert (waiting["comment"], waiting["drivers"], waiting["emotions"]) == (None, [], [])  # as the tray shows it
    assert "For Amina" in program(cast.brian).get("/ratings").text


def test_interactions_are_read_as_ratings_are(program: Make, cast: Cast) -> None:
    with transaction():
        for person in (cast.brian, cast.dora):
            set_roles(db.session.merge(person), {"admin"}, by=cast.ruth.id, at=NOW)
    tills = program()
    tills.post("/interactions", an_interaction_body())
    tills.post("/interactions", an_interaction_body(external_id="2", employee="Achieng O."))
    tills.post("/interactions", an_interaction_body(external_id="3", ended_at="2019-01-01T10:00:00Z"))  # before Brian
    seen = {
        maker.name: [row["external_id"] for row in program(maker).get("/interactions").json["data"]]
        for maker in (cast.ruth, cast.brian, cast.dora)
    }
    assert seen == {cast.ruth.name: ["2"], cast.brian.name: ["visit-1", "2"], cast.dora.name: ["2"]}
