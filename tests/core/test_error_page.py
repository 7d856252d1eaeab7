"""The page of every refusal and crash."""

from typing import Any

import pytest
from flask import Flask, render_template
from sqlalchemy import event

from tests.conftest import NOW, Cast
from tracker.core.db import db


def test_an_error_page_asks_the_database_nothing(app: Flask) -> None:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    with app.test_request_context("/"):
        page = render_template("errors/error.html", status=500, sentence="No.", reference="AB12CD", at=NOW)
    event.remove(db.engine, "before_cursor_execute", note)
    assert "AB12CD" in page
    assert "It’s us, not you." in page
    assert "Try again" in page
    assert seen == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_every_error_has_one_heading_and_a_way_out(app: Flask, status: int) -> None:
    with app.test_request_context("/", method="POST"):
        page = render_template("errors/error.html", status=status, sentence="No.", reference=None, at=NOW)
    assert page.count("<h1") == 1
    assert 'href="/"' in page
    assert str(status) in page


def test_somebody_who_is_signed_in_is_led_to_the_start(app: Flask, cast: Cast, browse: Any) -> None:
    assert "Go to the start page" in browse(cast.amina).get("/nothing").text
    assert "Go to sign in" in browse(None).get("/nothing").text
