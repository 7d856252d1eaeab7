"""Every refusal under /api is problem+json, says why, and gives nothing away."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.api.conftest import Program, a_rating_body
from tests.conftest import Cast
from tracker.api import clients, queries
from tracker.core.db import db

Make = Callable[..., Program]


def is_problem(answer: TestResponse, status: int) -> bool:
    content = answer.json
    assert answer.mimetype == "application/problem+json"
    assert content["status"] == answer.status_code == status
    assert content["type"] == "about:blank"
    assert content["detail"].endswith(".")
    assert "<" not in answer.text
    assert "Set-Cookie" not in answer.headers
    return bool(content["title"])


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"nothing", b"[" * 100_000, b'{"a":' * 20_000, b"1" * 5_000 + b"x"]
)
def test_what_is_no_json(program: Make, body: bytes) -> None:
    assert is_problem(program().post("/ratings", data=body, content_type="application/json", headers={}), 400)


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"5", b"{}", b"[1]", b"NaN", b"1e999"])
def test_json_that_is_no_rating(program: Make, body: bytes) -> None:
    answer = program()._ask("POST", "/ratings", data=body, content_type="application/json")
    assert is_problem(answer, 422)


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_kind_of_body(program: Make, kind: str | None) -> None:
    answer = program()._ask("POST", "/ratings", data=b"stars=5", content_type=kind)
    assert is_problem(answer, 415)


def test_a_body_that_is_too_large(program: Make) -> None:
    body = b'{"comment":"' + b"x" * 300_000 + b'"}'
    assert is_problem(program()._ask("POST", "/ratings", data=body, content_type="application/json"), 413)


def test_an_address_with_nothing_behind_it(program: Make, app: Flask, cast: Cast) -> None:
    assert is_problem(program().get("/nothing"), 404)
    assert is_problem(app.test_client().get("/api/"), 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_method_that_is_none_of_its(program: Make, method: str) -> None:
    answer = program()._ask(method, "/ratings")
    assert is_problem(answer, 405)
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_token_without_the_scope(program: Make) -> None:
    answer = program(None, "people:read").post("/ratings", a_rating_body())
    assert is_problem(answer, 403)
    assert "ratings:write" in answer.json["detail"]


def test_a_crash_says_nothing_but_a_reference(program: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_arguments: Any, **_named: Any) -> None:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(queries, "rating_page", crash)
    answer = program().get("/ratings")
    assert is_problem(answer, 500)
    assert answer.json["reference"]
    assert "secret" not in answer.text


def test_too_often_in_a_minute(program: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "POSTS_A_MINUTE", 2)
    monkeypatch.setattr(clients, "READS_A_MINUTE", 2)
    tills, other = program(), program()
    for number in range(2):
        assert tills.post("/ratings", a_rating_body(external_id=str(number), stars=9)).status_code == 422
        assert tills.get("/people").status_code == 200
    for answer in (tills.post("/ratings", a_rating_body()), tills.get("/people")):
        assert is_problem(answer, 429)
        assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert other.post("/ratings", a_rating_body()).status_code == 201
    assert other.get("/people").status_code == 200


def test_a_cookie_opens_nothing_and_is_never_given(app: Flask, cast: Cast, browse: Any) -> None:
    ruth = browse(cast.ruth)
    for answer in (ruth.get("/api/v1/people"), ruth.post("/api/v1/ratings")):
        assert is_problem(answer, 401)
    db.session.rollback()


def test_pages_still_answer_with_pages(cast: Cast, browse: Any) -> None:
    answer = browse(cast.amina).get("/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
