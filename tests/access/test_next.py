"""After signing in one lands on a page of ours, whatever the address asked for."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.factories import account_of
from tracker.access import rules
from tracker.core.db import transaction

ELSEWHERE = [
    "//evil.example",
    "//evil.example/%2e%2e",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "HTTPS://evil.example",
    "http://localhost@evil.example",
    "http://localhost.evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "?next=//evil.example",
    " //evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nLocation: https://evil.example",
    "/me\r\nSet-Cookie: a=b",
    "/\x00/evil.example",
    "/\x0b/evil.example",
    "/\u2028/evil.example",
    "/\u200b/evil.example",
    "//[",
    "//[::1",
    "http://[",
    "",
]


@pytest.fixture
def sign_in(app: Flask, cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    hasher = rules.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(rules, "_hasher", hasher)
    with transaction():
        account_of(cast.amina).password_hash = rules.hash_password("three words together")

    def sign_in_to(target: str) -> Any:
        data = {"identifier": "N-0412", "password": "three words together"}
        return browse(None).post(f"/sign-in?next={quote(target, safe='')}", data)

    return sign_in_to


@pytest.mark.parametrize("target", ELSEWHERE)
def test_an_address_elsewhere_leads_to_the_start_page(sign_in: Any, target: str) -> None:
    answer = sign_in(target)
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("target", ["/me", "/me/ratings?page=2", "/people?q=a%20b", "/coaching/7", "/people?q=Ä"])
def test_a_path_of_ours_is_kept(sign_in: Any, target: str) -> None:
    answer = sign_in(target)
    assert answer.status_code == 303
    assert answer.location == target.replace("Ä", "%C3%84")


def test_the_way_through_the_sign_in_page_ends_where_it_began(
    app: Flask, cast: Cast, browse: Any, sign_in: Any
) -> None:
    stranger = browse(None)
    assert stranger.get("/me/ratings?page=2").location == "/sign-in?next=%2Fme%2Fratings%3Fpage%3D2"
    assert stranger.get("//evil.example/").location == "/sign-in?next=%2F"


def test_somebody_signed_in_already_is_not_sent_elsewhere_either(cast: Cast, browse: Any) -> None:
    assert browse(cast.amina).get("/sign-in?next=//evil.example").location == "/"
