"""Somebody goes through the questions of a round, as a browser would: only what the page carries is sent on."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from werkzeug.test import TestResponse

from tests.conftest import Browser
from tracker.core.db import db
from tracker.pulse.models import PulseRound

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
CHOSEN = re.compile(r'<input checked[^>]*name="answer"[^>]*value="(\d+)">')
WORDS = re.compile(r"<textarea[^>]*>\r?\n?(.*?)</textarea>", re.DOTALL)
ACTION = re.compile(r'<form class="stack" method="post" action="([^"]*)"')


def keys_of(round_id: int) -> list[str]:
    found = [stored["key"] for stored in db.session.get_one(PulseRound, round_id).items]
    db.session.rollback()
    return found


def carried(page: TestResponse) -> dict[str, str]:
    """What the form on a page would send if nothing were touched."""
    fields = {name: unescape(value) for name, value in HIDDEN.findall(page.text) if name != "csrf_token"}
    chosen = CHOSEN.search(page.text)
    words = WORDS.search(page.text)
    return {
        **fields,
        **({"answer": chosen[1]} if chosen else {}),
        "why": unescape(words[1]) if words else "",
    }


def go_on(browser: Browser, page: TestResponse, go: str = "next", **changed: Any) -> TestResponse:
    """Press a button of the page, after filling in what is given; None takes a field out."""
    sent = {name: value for name, value in {**carried(page), "go": go, **changed}.items() if value is not None}
    action = ACTION.search(page.text)
    assert action, page.text
    return browser.post(unescape(action[1]), sent)


def last_question(browser: Browser, page: TestResponse, said: Mapping[int, str] | None = None) -> TestResponse:
    """Through all questions but the last: 4 to each, and the words given by its place."""
    place = 0
    while "Send my answers" not in page.text:
        page = go_on(browser, page, answer="4", why=(said or {}).get(place, ""))
        assert page.status_code == 200, page.text
        place += 1
    return page
