"""Signing in and out."""

from typing import Any

from flask import Flask

from tests.conftest import Cast
from tests.factories import account_of
from tracker.access.rules import hash_password
from tracker.core.db import transaction


def test_a_person_with_the_right_password_comes_in(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        account_of(cast.amina).password_hash = hash_password("three words together")
    browser = browse(None)
    answer = browser.post("/sign-in", {"identifier": "n-0412", "password": "three words together"})
    assert (answer.status_code, answer.location) == (303, "/")


def test_live_answers_without_signing_in(app: Flask, browse: Any) -> None:
    assert browse(None).get("/healthz/live").json == {"status": "ok"}


def test_a_stranger_is_sent_to_sign_in(app: Flask, cast: Cast, browse: Any) -> None:
    assert browse(None).get("/me").location == "/sign-in?next=%2Fme"
