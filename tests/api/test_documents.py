"""The lines that are printed for people work as printed: in docs/api.md, and on the page of a running instance."""

import html
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.api.conftest import NOW, Program
from tests.conftest import Cast
from tests.journeys.serving import Hour, serving
from tests.reports.made import october_rated
from tracker.access.actions import set_roles
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.ratings.models import Rating

Make = Callable[..., Program]
DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture
def base(app: Flask, program: Make, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a real server, at the hour of the tests."""
    monkeypatch.setattr(clock, "now", Hour(NOW))
    with serving(app) as address:
        monkeypatch.setitem(app.config, "BASE_URL", address)
        yield address


def run(line: str, **environment: str) -> tuple[int, Any]:
    """What a shell gets: the status and the JSON."""
    shown = "curl -s -w '\\n%{http_code}' " + line.removeprefix("curl ")
    surroundings = {"PATH": os.environ["PATH"], **environment}
    done = subprocess.run(["bash", "-c", shown], env=surroundings, capture_output=True, text=True, check=True)
    body, status = done.stdout.rsplit("\n", 1)
    return int(status), json.loads(body)


def lines_of(text: str) -> list[str]:
    """Each curl command up to the address at its end."""
    blocks = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    commands = [re.split(r"\n(?=curl )", block.strip()) for block in blocks if block.startswith("curl ")]
    return [command for block in commands for command in block]


def test_every_line_of_the_document_works(base: str, cast: Cast, program: Make) -> None:
    october_rated(cast)
    rated = db.session.scalar(select(func.count(Rating.id))) or 0
    with transaction():
        set_roles(db.session.merge(cast.ruth), {"admin", "hr"}, by=cast.chloe.id, at=NOW)  # reports are for HR
    token = program().secret or ""
    lines = lines_of(DOCUMENT.read_text(encoding="utf-8"))
    assert len(lines) == 11
    answers = [run(line, TOKEN=token, BASE=base) for line in lines]
    assert [status for status, _body in answers] == [201] * 5 + [200] * 6
    assert [body.get("state") for _status, body in answers[:5]] == ["known", "noted", "credited", "waiting", "waiting"]
    again = [run(line, TOKEN=token, BASE=base) for line in lines[:5]]
    assert [status for status, _body in again] == [201, 200, 201, 200, 201]
    assert [body for _status, body in again] == [body for _status, body in answers[:5]]
    db.session.rollback()
    assert db.session.scalar(select(func.count(Rating.id))) == rated + 2


def test_every_line_of_the_page_works(base: str, app: Flask, cast: Cast, program: Make, browse: Any) -> None:
    with transaction():
        set_roles(db.session.merge(cast.ruth), {"admin", "hr"}, by=cast.chloe.id, at=NOW)  # reports are for HR
    token = program().secret or ""
    page = browse(cast.amina, at=NOW).get("/api").text
    lines = [html.unescape(found) for found in re.findall(r'<pre class="raw example">(.*?)</pre>', page, re.DOTALL)]
    assert len(lines) == 12
    assert all(base in line for line in lines)
    assert [run(line, TOKEN=token)[0] for line in lines] == [201] * 4 + [200] * 8


def test_the_page_is_for_who_is_signed_in(app: Flask, cast: Cast, browse: Any) -> None:
    assert browse(None).get("/api").status_code == 303
    page = browse(cast.amina).get("/api").text
    for path in ("/api/v1/ratings", "/api/v1/interactions", "/api/v1/people", "/api/v1/scores"):
        assert path in page
    assert "ratings:write" in page
    assert "/settings/tokens" not in page
    assert "/settings/tokens" in browse(cast.ruth).get("/api").text
    assert "/settings/tokens" in browse(cast.ruth).get("/settings").text
