"""The page of every refusal and crash."""

from typing import Any

import pytest
from flask import Flask, render_template
from sqlalchemy.exc import IntegrityError

from tests.conftest import NOW, Cast
from tests.factories import a_team
from tests.statements import statements
from tracker.core.db import db, transaction


def test_an_error_page_asks_the_database_nothing(app: Flask) -> None:
    with statements() as seen, app.test_request_context("/"):
        page = render_template("errors/error.html", status=500, sentence="No.", reference="AB12CD", at=NOW)
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


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [({"name": "Tills"}, 409, "at the same moment"), ({"name": None}, 500, "Nothing was saved")],
)
def test_of_two_at_once_the_second_is_told_so(app: Flask, values: dict[str, Any], status: int, words: str) -> None:
    with transaction():
        team = a_team("Tills")
        other = a_team("Floor").id
    with pytest.raises(IntegrityError) as broken, transaction():
        db.session.execute(team.__table__.update().where(team.__table__.c.id == other).values(**values))
    with app.test_request_context("/teams", method="POST"):
        page, told = app.handle_user_exception(broken.value)  # type: ignore[misc]  # a page with its status
        assert told == status
        assert words in page
