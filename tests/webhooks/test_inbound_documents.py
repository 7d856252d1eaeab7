"""The lines of docs/webhooks.md work as printed."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.journeys.serving import serving
from tests.webhooks.conftest import Helpdesk
from tracker.core import clock
from tracker.core.db import db
from tracker.ratings.models import Rating
from tracker.webhooks.inbound_jobs import work_off

DOCUMENT = Path(__file__).parents[2] / "docs" / "webhooks.md"
KINDS = ("chatwoot", "zendesk", "freshdesk", "standard")


def examples() -> list[str]:
    """Each block that sends something, in the order of the page."""
    blocks = re.findall(r"^```\n(.*?)^```", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [block for block in blocks if "curl " in block]


@pytest.mark.usefixtures("real_clock")  # the examples ask the machine what time it is
@pytest.mark.parametrize("kind", KINDS)
def test_every_example_works(app: Flask, cast: Cast, helpdesk: Callable[..., Helpdesk], kind: str) -> None:
    one, lines = helpdesk(kind), examples()
    assert len(lines) == len(KINDS)
    shown = lines[KINDS.index(kind)].replace("curl -H", "curl -s -w '\\n%{http_code}' -H")
    with serving(app) as base:
        surroundings = {"PATH": "/usr/bin:/bin", "DOOR": f"{base}/hooks/{one.address}", "SECRET": one.secret}
        done = subprocess.run(["bash", "-c", shown], env=surroundings, capture_output=True, text=True, check=True)
    assert done.stdout.rsplit("\n", 1)[1] == "202", done.stdout
    assert work_off(clock.now()) == 1
    assert one.last().state == "credited", (one.last().why, one.last().field)
    rating = db.session.scalars(select(Rating)).one()
    assert (rating.stars, rating.person_id) == (5, cast.amina.id)
