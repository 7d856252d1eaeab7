"""The packages’ own site: what it serves, to whom it may be shown, and that nothing of the product is there."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import Client, TestResponse

from tests.conftest import Cast
from tests.scorm.packages import AT, a_file, a_package_course, a_zip
from tracker.core.db import db, transaction
from tracker.courses.models import CourseFile
from tracker.scorm.content_tokens import make_token
from tracker.scorm.models import Package
from tracker.scorm.taking import PART_BYTES, take_package

CONTENT = "http://packages.example:8000"
FILM = bytes(range(256)) * (2 * PART_BYTES // 256) + b"the end"


@pytest.fixture
def site(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """site(path, **headers) -> the answer of the packages’ site; site.token opens the package A."""
    monkeypatch.setitem(app.config, "CONTENT_URL", CONTENT)
    body = a_zip("1.2", **{"film.mp4": FILM, "Bild ä.png": b"png", "a.svg": "<svg/>", "x.php": "<?php", "noend": "x"})
    with transaction():
        version = a_package_course(body)
        file = db.session.query(CourseFile).filter_by(course_id=version.course_id).one()
        package = take_package(file, by=None, at=AT)
        package_id = package.id
    client = Client(app)

    def ask(path: str, *, method: str = "GET", base: str = CONTENT, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.open(path, method=method, base_url=base, headers=named)

    ask.token = make_token(app.config["SECRET_KEY"], package_id, "A")  # type: ignore[attr-defined]  # a handle for the tests
    ask.package = package_id  # type: ignore[attr-defined]  # the same
    return ask


def test_the_wrapper_names_its_page_the_app_and_nothing_of_anybody(site: Any) -> None:
    answer = site(f"/{site.token}/wrapper")
    assert answer.status_code == 200
    assert 'data-app="http://localhost"' in answer.text
    assert 'data-entry="files/part0/index.html"' in answer.text
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert site(f"/{site.token}/api.js").status_code == 200
    assert "ticket" in site(f"/{site.token}/wrapper.js").text


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("part0/index.html", "text/html"),
        ("film.mp4", "video/mp4"),
        ("Bild%20%C3%A4.png", "image/png"),
        ("BILD%20%C3%84.PNG", "image/png"),
        ("a.svg", "image/svg+xml"),
        ("x.php", "application/octet-stream"),
        ("noend", "application/octet-stream"),
        ("imsmanifest.xml", "application/xml"),
    ],
)
def test_files_come_with_the_type_of_their_ending(site: Any, path: str, media_type: str) -> None:
    answer = site(f"/{site.token}/files/{path}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)


def test_every_answer_keeps_the_package_in(site: Any) -> None:
    addresses = [
        f"/{site.token}/wrapper",
        f"/{site.token}/files/part0/index.html",
        f"/{site.token}/api.js",
        "/",
        "/sign-in",
    ]
    answers = [site(address) for address in addresses]
    answers += [site(addresses[1], method="POST"), site(addresses[1], Service_Worker="script")]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'self' http://localhost;" in policy
        assert "connect-src 'self'" in policy
        assert "form-action 'self'" in policy
        assert "sandbox allow-scripts" in policy
        assert "allow-top-navigation" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Origin-Agent-Cluster"] == "?1"
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_service_worker_is_refused(site: Any) -> None:
    assert site(f"/{site.token}/files/part0/index.html", Service_Worker="script").status_code == 403


def test_nothing_can_be_sent_there(site: Any) -> None:
    statuses = {
        method: site(f"/{site.token}/wrapper", method=method).status_code for method in ("POST", "PUT", "DELETE")
    }
    assert set(statuses.values()) == {405}


def test_a_film_is_read_from_anywhere_in_it(site: Any) -> None:
    address = f"/{site.token}/files/film.mp4"
    whole = site(address)
    assert (whole.data == FILM, whole.headers["Accept-Ranges"]) == (True, "bytes")
    for asked, first, last in [
        (f"bytes={PART_BYTES - 3}-{PART_BYTES + 4}", PART_BYTES - 3, PART_BYTES + 4),
        ("bytes=-7", len(FILM) - 7, len(FILM) - 1),
        (f"bytes={2 * PART_BYTES}-", 2 * PART_BYTES, len(FILM) - 1),
        ("bytes=0-0", 0, 0),
        (f"bytes={PART_BYTES}-{10**9}", PART_BYTES, len(FILM) - 1),
    ]:
        part = site(address, Range=asked)
        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/{len(FILM)}"
        assert part.data == FILM[first : last + 1], asked
        assert int(part.headers["Content-Length"]) == len(part.data)
    assert site(address, Range=f"bytes={len(FILM)}-").status_code == 416
    head = site(address, method="HEAD")
    assert (head.headers["Content-Length"], head.data) == (str(len(FILM)), b"")


def test_what_the_browser_has_is_not_sent_again(site: Any) -> None:
    address = f"/{site.token}/files/film.mp4"
    etag = site(address).headers["ETag"]
    assert site(address, If_None_Match=etag).status_code == 304
    assert site(address, Range="bytes=0-1", If_Range=etag).status_code == 206
    assert site(address, Range="bytes=0-1", If_Range='"other"').status_code == 200


def test_no_page_of_the_product_is_there_and_no_package_at_the_product(app: Flask, site: Any, cast: Cast) -> None:
    for rule in app.url_map.iter_rules():
        if not rule.arguments:
            assert site(rule.rule).status_code == 404, rule.rule
    assert site("/sign-in", base="http://localhost").status_code == 200
    for path in (f"/{site.token}/wrapper", f"/{site.token}/files/film.mp4"):
        assert site(path, base="http://localhost").status_code == 404


@pytest.mark.parametrize(
    "base", ["http://packages.example", "http://packages.example:8001", "http://x.packages.example:8000"]
)
def test_another_host_or_port_is_the_product(site: Any, base: str) -> None:
    assert site(f"/{site.token}/wrapper", base=base).status_code == 404
    assert site("/healthz/live", base=base).status_code == 200


def test_behind_a_proxy_the_usual_port_need_not_be_said(app: Flask, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "CONTENT_URL", "https://packages.example")
    answer = site(f"/{site.token}/wrapper", base="http://packages.example", Host="packages.example")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"]


def test_without_the_setting_there_is_no_such_site(app: Flask, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "CONTENT_URL", "")
    assert site("/healthz/live").status_code == 200
    assert site("/healthz/live", Host="").status_code == 200


@pytest.mark.parametrize(
    ("content", "clears"), [("https://files.zawadora-packages.example", True), ("https://p.zawadora.example", False)]
)
def test_cookies_are_cleared_only_where_none_of_ours_can_be(
    app: Flask, site: Any, monkeypatch: pytest.MonkeyPatch, content: str, clears: bool
) -> None:
    """The directive reaches the whole registered domain: beside the product’s own it would sign everybody out."""
    monkeypatch.setitem(app.config, "BASE_URL", "https://tracker.zawadora.example")
    monkeypatch.setitem(app.config, "CONTENT_URL", content)
    answer = site(f"/{site.token}/wrapper", base=content)
    assert ("cookies" in answer.headers["Clear-Site-Data"]) is clears


def test_tokens_open_one_package_for_twelve_hours(app: Flask, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    key = app.config["SECRET_KEY"]
    forged = URLSafeTimedSerializer(key, salt="something else").dumps([site.package, "A"])
    for token in (
        forged,
        site.token[:-1] + "x",
        "",
        make_token(key, site.package, "none"),
        make_token(key, 987654321, "A"),
    ):
        assert site(f"/{token}/wrapper").status_code == 404
    later = datetime.now(UTC).timestamp() + 12 * 3600 + 60
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert site(f"/{site.token}/wrapper").status_code == 404


@pytest.mark.parametrize(
    "path", ["../wrapper", "%2e%2e/wrapper", "part0/", "none.html", "%00", "part0/index.html%00", ""]
)
def test_what_is_not_in_the_package_is_not_there(site: Any, path: str) -> None:
    assert site(f"/{site.token}/files/{path}").status_code == 404


def test_another_package_is_not_reached_through_this_one(site: Any) -> None:
    with transaction():
        other = a_package_course(a_zip("2004", **{"only-here.txt": "x"}))
        file = db.session.query(CourseFile).filter_by(course_id=other.course_id).one()
        take_package(file, by=None, at=AT)
    assert site(f"/{site.token}/files/only-here.txt").status_code == 404


def test_a_package_is_read_once_and_again_for_another_file(app: Flask, site: Any) -> None:
    with transaction():
        file = db.session.query(CourseFile).one()
        assert take_package(file, by=None, at=AT).id == site.package
        again = a_file(file.course_id, a_zip("2004", items=2))
        assert [item["key"] for item in take_package(again, by=None, at=AT).items] == ["A", "B"]
        assert db.session.query(Package).count() == 2
