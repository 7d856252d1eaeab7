"""The first-run page: once, and on a public address only with the code that the server printed."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.conftest import Cast
from tests.core.instances import an_instance
from tracker.access import rules
from tracker.access.login import setup_code
from tracker.access.models import RoleGrant
from tracker.core import clock
from tracker.core.db import db
from tracker.organisation.models import Organisation, Person

AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
FILLED = {
    "organisation": "Zawadora",
    "time_zone": "Africa/Nairobi",
    "name": "Ruth Kiprop",
    "staff_number": "R-1",
    "email": "Ruth@Zawadora.example",
    "password": "three words together",
}
PUBLIC = "https://tracker.zawadora.example"


@pytest.fixture
def instance(app: Flask, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """instance(base_url) -> a client of an instance at that address on the empty database."""
    monkeypatch.setattr(rules, "_hasher", rules.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))

    with ExitStack() as stack:

        def client(base_url: str = "http://localhost") -> FlaskClient:
            return stack.enter_context(an_instance(database_url, tmp_path, BASE_URL=base_url)).test_client()

        yield client


def ask(client: FlaskClient, method: str, path: str = "/first-run", data: dict[str, str] | None = None) -> TestResponse:
    db.session.rollback()
    with clock.set_to(AT), client.application.app_context():
        return client.open(path, method=method, data=data, base_url=client.application.config["BASE_URL"])


def people() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Person.id))) or 0


def test_an_empty_instance_leads_everybody_to_the_first_run(instance: Any) -> None:
    client = instance()
    assert ask(client, "GET", "/").location == "/sign-in?next=%2F"
    assert ask(client, "GET", "/sign-in").location == "/first-run"


def test_whoever_fills_it_in_is_the_admin_and_signed_in(instance: Any) -> None:
    client = instance()
    assert ask(client, "POST", data=FILLED).status_code == 303
    assert ask(client, "GET", "/mail").status_code == 200
    person = db.session.scalars(select(Person)).one()
    assert (person.email, person.staff_number) == ("ruth@zawadora.example", "R-1")
    assert db.session.scalars(select(RoleGrant.role)).all() == ["admin"]
    assert db.session.scalars(select(Organisation.kind)).all() == ["real"]


def test_it_works_once(instance: Any) -> None:
    ask(instance(), "POST", data=FILLED)
    stranger = instance()
    answer = ask(stranger, "POST", data={**FILLED, "staff_number": "X-1", "email": "x@x.example"})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert ask(stranger, "GET").location == "/sign-in"
    assert ask(stranger, "GET", "/mail").status_code == 303
    assert people() == 1


def test_it_is_shut_where_people_are_already(cast: Cast, instance: Any) -> None:
    before = people()
    assert ask(instance(), "POST", data=FILLED).location == "/sign-in"
    assert people() == before


@pytest.mark.parametrize("code", [None, "", "0" * 16, "ÄÖ", "x" * 40])
def test_on_a_public_address_nobody_starts_without_the_code(instance: Any, code: str | None) -> None:
    client = instance(PUBLIC)
    assert "Setup code" in ask(client, "GET").text
    answer = ask(client, "POST", data=FILLED if code is None else {**FILLED, "setup_code": code})
    assert answer.status_code == 422
    assert "not the code that the server printed" in answer.text
    assert people() == 0


def test_on_a_public_address_the_code_starts_it(instance: Any) -> None:
    client = instance(PUBLIC)
    code = setup_code(client.application)
    assert code is not None
    assert code not in ask(client, "GET").text
    assert ask(client, "POST", data={**FILLED, "setup_code": code}).status_code == 303
    assert people() == 1


def test_the_code_is_the_instances_own(instance: Any) -> None:
    assert setup_code(instance(PUBLIC).application) != setup_code(instance(PUBLIC).application)
    assert setup_code(instance().application) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Olympus"},
        {"password": "short"},
        {"password": "Ruth Kiprop"},
        {"email": "not an address"},
        {"organisation": "  "},
        {"name": "x" * 121},
        {"staff_number": "\x00"},
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_there(instance: Any, wrong: dict[str, str]) -> None:
    assert ask(instance(), "POST", data={**FILLED, **wrong}).status_code == 422
    assert (people(), db.session.get(Organisation, 1)) == (0, None)
