"""The mark in the browser’s tab, and what stands above a form that was not filled in."""

from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale
from wtforms import StringField

from tests.conftest import Cast
from tracker.core.forms import REQUIRED, Form, at_most, named_problem


class Sample(Form):
    reason = StringField("Reason", [REQUIRED, at_most(3)])
    when = StringField("By when?", [REQUIRED])


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ({}, ["Reason: Fill this in", "By when? Fill this in"]),
        ({"reason": "long", "when": "now"}, ["Reason: Use 3 characters at most"]),
    ],
)
def test_each_line_above_a_form_names_its_field(app: Flask, data: dict[str, str], lines: list[str]) -> None:
    with app.test_request_context(method="POST", data=data):
        form = Sample(meta={"csrf": False})
        assert not form.validate()
        assert [named_problem(field) for field in form if field.errors] == lines
        shown = render_template_string(
            '{% from "components/forms.html" import error_summary %}{{ error_summary(form) }}', form=form
        )
    for field, line in zip([field for field in form if field.errors], lines, strict=True):
        assert f'<a href="#{field.id}">{line}</a>' in shown


def test_in_french_the_colon_stands_apart(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"when": "x"}), force_locale("fr"):
        form = Sample(meta={"csrf": False})
        assert not form.validate()
        assert named_problem(form.reason).startswith("Reason\u00a0: ")


def test_every_page_links_the_mark_and_the_old_address_of_icons_has_it_too(cast: Cast, browse: Any) -> None:
    for person, page in ((None, "/sign-in"), (cast.amina, "/feedback"), (None, "/nothing-here")):
        text = browse(person).get(page).text
        assert 'rel="icon" type="image/svg+xml" href="/static/mark.svg?v=' in text
    answer = browse(None).get("/favicon.ico")
    assert (answer.status_code, answer.mimetype, b"<circle" in answer.data) == (200, "image/svg+xml", True)
    assert "Set-Cookie" not in answer.headers
