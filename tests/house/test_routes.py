"""Every route names its audience, and the table of routes by audience changes only on purpose."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter

from tests.conftest import Cast
from tracker.core.audience import Audience, Blueprint

TABLE = Path(__file__).with_name("routes.txt")
# Sent by mail providers without cookies (RFC 8058): the secret in the address is the whole right, and it asks somebody less.
WITHOUT_TOKEN = {"/rate/nothing/one-click"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
BY_SIGNATURE = "/hooks/"  # no cookie counts there, so a browser has nothing to lend
PUBLIC_ON_PURPOSE = {
    "access.first_run",
    "access.first_run_now",
    "access.forgotten",
    "access.forgotten_now",
    "access.sign_in",
    "access.sign_in_at_terminal",
    "access.sign_in_now",
    "access.slip",
    "access.slip_now",
    "access.pair_terminal",
    "access.terminal",
    "access.welcome",
    "access.welcome_now",
    "api.openapi",  # a description, with nothing of anybody in it
    "health.live",
    "health.ready",
    "choices.push_worker",
    "hooks.take_delivery",  # a helpdesk's signature is its right
    "intake.kiosk_worker",
    "intake.pair_kiosk",
    "pages.favicon",
    "static",
}


def audience_of(app: Flask, endpoint: str) -> Audience:
    return app.view_functions[endpoint].audience  # type: ignore[attr-defined]  # the decorator put it there


def table_of(app: Flask) -> list[str]:
    rows = [
        f"{method:6} {rule.rule:44} {rule.endpoint:38} {audience_of(app, rule.endpoint)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    return sorted(rows, key=lambda row: (row.split()[1], row.split()[0]))


def test_the_table_of_routes_is_the_reviewed_one(app: Flask) -> None:
    """When a route is added on purpose: `python -m tests.house.routes` writes the table anew, and the change is reviewed with it."""
    assert table_of(app) == TABLE.read_text(encoding="utf-8").splitlines()


def test_public_routes_are_a_literal_list(app: Flask) -> None:
    public = {rule.endpoint for rule in app.url_map.iter_rules() if audience_of(app, rule.endpoint) is Audience.PUBLIC}
    assert public == PUBLIC_ON_PURPOSE


def test_a_route_without_an_audience_fails_at_import() -> None:
    blueprint = Blueprint("nameless", __name__)
    with pytest.raises(TypeError, match="names no audience"):
        blueprint.get("/nameless")(lambda: "hello")


def test_an_endpoint_smuggled_in_by_an_extension_is_refused(
    app: Flask, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions, "health.live", lambda: "secrets")
    assert browse(None).get("/healthz/live").status_code == 403


def _made_up(converter: Any) -> Any:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 987654321 if isinstance(converter, IntegerConverter) else "nothing"


def addresses(app: Flask) -> list[tuple[str, str, Audience]]:
    """(method, address with made-up ids, audience) of every route."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        arguments: dict[str, Any] = {name: _made_up(rule._converters[name]) for name in rule.arguments}
        with app.test_request_context():
            url = app.url_map.bind("localhost").build(rule.endpoint, arguments, method=None)
        found += [
            (method, url, audience_of(app, rule.endpoint)) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        ]
    return found


def test_whoever_is_not_in_the_audience_is_turned_away(app: Flask, cast: Cast, browse: Any) -> None:
    """Role by route, derived from the url map: nobody signed in is sent away, members outside the audience get 403."""
    insiders = {
        Audience.MANAGERS: {cast.brian, cast.dora, cast.faith},
        Audience.HR: {cast.chloe},
        Audience.ADMINS: {cast.ruth},
        Audience.OFFICE: {cast.chloe, cast.ruth},
    }
    everybody = [cast.amina, cast.brian, cast.chloe, cast.ruth]
    wrong = []
    for person in everybody:
        browser = browse(person)
        for method, url, audience in addresses(app):
            if audience not in insiders or person in insiders[audience]:
                continue
            status = (browser.get(url) if method == "GET" else browser.post(url)).status_code
            if status != 403:
                wrong.append((person.name, method, url, status))
    assert wrong == []


def test_a_stranger_reaches_nothing_but_public_pages(app: Flask, cast: Cast, browse: Any) -> None:
    stranger = browse(None)
    wrong = []
    for method, url, audience in addresses(app):
        if audience in {Audience.PUBLIC, Audience.CUSTOMERS, Audience.API_CLIENTS}:
            continue
        answer = stranger.get(url) if method == "GET" else stranger.post(url)
        if answer.status_code != 303 or not answer.location.startswith("/sign-in"):
            wrong.append((method, url, answer.status_code))
    assert wrong == []


def test_programs_are_let_in_by_a_token_alone(app: Flask, cast: Cast, browse: Any) -> None:
    """A cookie is worth nothing there, whoever's it is: so no other site can make a browser ask."""
    wrong = []
    for person in (None, cast.amina, cast.ruth):
        browser = browse(person)
        for method, url, audience in addresses(app):
            if audience is not Audience.API_CLIENTS:
                continue
            answer = browser.get(url) if method == "GET" else browser.post(url)
            if answer.status_code != 401 or "Bearer" not in answer.headers["WWW-Authenticate"]:
                wrong.append((person and person.name, method, url, answer.status_code))
    assert wrong == []


def test_ids_that_do_not_exist_are_not_found(app: Flask, cast: Cast, browse: Any) -> None:
    wrong = []
    for person in (cast.amina, cast.brian, cast.chloe, cast.ruth):
        browser = browse(person)
        for method, url, _audience in addresses(app):
            if "987654321" not in url:
                continue
            status = (browser.get(url) if method == "GET" else browser.post(url)).status_code
            if status not in {403, 404}:
                wrong.append((person.name, method, url, status))
    assert wrong == []


def test_every_changing_route_wants_its_token(app: Flask, cast: Cast, browse: Any) -> None:
    browser = browse(cast.ruth)
    wrong = []
    for method, url, audience in addresses(app):
        if url in WITHOUT_TOKEN:
            continue
        if method in UNSAFE and audience is not Audience.API_CLIENTS and not url.startswith(BY_SIGNATURE):
            status = browser.post(url, {"csrf_token": "wrong"}).status_code
            if status != 400:
                wrong.append((url, status))
    assert wrong == []


def test_every_answer_carries_the_strict_headers(app: Flask, cast: Cast, browse: Any) -> None:
    for person in (None, cast.amina, cast.ruth):
        browser = browse(person)
        for method, url, _audience in addresses(app):
            if method != "GET":
                continue
            headers = browser.get(url).headers
            assert "unsafe-inline" not in headers["Content-Security-Policy"], url
            assert "default-src 'none'" in headers["Content-Security-Policy"], url
            assert headers["X-Content-Type-Options"] == "nosniff", url
            assert headers["Referrer-Policy"] in {"no-referrer", "same-origin"}, url
