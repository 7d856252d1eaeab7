"""Files of a course: what they are is found inside them, they are read in parts, and they can do no harm."""

from typing import Any

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.courses import files as files_sent
from tests.courses.files import GIF, JPEG, PDF, SVG, WEBM, WEBP, film, kept, package, png
from tests.factories import a_course
from tracker.core.db import db, transaction
from tracker.courses import files
from tracker.courses.file_kinds import PART_BYTES
from tracker.courses.models import CourseFile, CourseFilePart, CourseVersion

LARGE = film(PART_BYTES * 2 + 1_000)


@pytest.fixture
def draft(app: Flask, cast: Cast) -> CourseVersion:
    with transaction():
        return a_course(team=cast.tills, by=cast.brian.id, published=False)


def send(browser: Any, draft: CourseVersion, content: bytes, name: str) -> Any:
    return files_sent.send(browser, f"/courses/{draft.course_id}/files", content, name)


@pytest.mark.parametrize(
    ("content", "name", "kept_as", "media_type"),
    [
        (png(), "Desk.png", "desk.png", "image/png"),
        (JPEG, "a.JPEG", "a.jpg", "image/jpeg"),
        (GIF, "a.gif", "a.gif", "image/gif"),
        (WEBP, "a.webp", "a.webp", "image/webp"),
        (film(), "a.mov", "a.mp4", "video/mp4"),
        (WEBM, "a", "a.webm", "video/webm"),
        (PDF, "Über uns.pdf", "uber-uns.pdf", "application/pdf"),
        (package(), "scorm.zip", "scorm.zip", "application/zip"),
        (png(), "../../etc/passwd", "passwd.png", "image/png"),
        (png(), "..\\..\\boot.ini", "boot.png", "image/png"),
        (png(), "x; filename=evil.html", "x-filename-evil.png", "image/png"),
        (png(), "页面.html", "picture.png", "image/png"),
    ],
)  # fmt: skip
def test_a_file_is_what_is_in_it(
    draft: CourseVersion, cast: Cast, browse: Any, content: bytes, name: str, kept_as: str, media_type: str
) -> None:
    brian = browse(cast.brian)
    assert send(brian, draft, content, name).status_code == 303
    file = db.session.scalars(db.select(CourseFile)).one()
    assert (file.name, file.media_type, file.size) == (kept_as, media_type, len(content))
    answer = brian.get(f"/courses/files/{file.token}")
    assert (answer.data, answer.mimetype) == (content, media_type)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    how = "attachment" if media_type == "application/zip" else "inline"
    assert answer.headers["Content-Disposition"] == f'{how}; filename="{kept_as}"'
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert kept_as in brian.get(f"/courses/{draft.course_id}/files").text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SVG, "logo.svg"),
        (SVG, "logo.png"),
        (b"<!doctype html><script>alert(1)</script>", "page.jpg"),
        (b"MZ\x90\x00", "setup.exe"),
        (b"PK\x03\x04nothing", "broken.zip"),
        (GIF + package(), "both.gif"),
        (PDF + package(), "both.pdf"),
        (b"GIF89a/*<script>alert(1)</script>*/", "script.gif"),
        (b"hello", "notes.txt"),
    ],
)
def test_what_is_no_such_file_is_answered_with_a_sentence(
    draft: CourseVersion, cast: Cast, browse: Any, content: bytes, name: str
) -> None:
    answer = send(browse(cast.brian), draft, content, name)
    assert answer.status_code == 422
    assert f"“{name}” is nothing that a course can hold: pictures, films, PDF or packages." in answer.text
    assert db.session.scalar(db.select(CourseFile)) is None


def test_an_empty_one_and_none_at_all_are_answered(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    assert "“a.png” is empty." in send(brian, draft, b"", "a.png").text
    assert "Choose a file" in brian.post(f"/courses/{draft.course_id}/files").text


def test_each_kind_has_its_limit(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    answer = send(browse(cast.brian), draft, png() + bytes(5_000_000), "large.png")
    assert answer.status_code == 422
    assert "“large.png” is too large: 5 MB at most for this kind." in answer.text


def test_a_course_has_one_too(draft: CourseVersion, cast: Cast, monkeypatch: pytest.MonkeyPatch, browse: Any) -> None:
    monkeypatch.setattr(files, "MOST_COURSE_BYTES", 150)
    brian = browse(cast.brian)
    assert send(brian, draft, film(100), "a.mp4").status_code == 303
    assert "more than 1 GB" in send(brian, draft, film(100), "b.mp4").text


def test_only_authors_may_send_what_is_larger_than_a_form(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    assert send(browse(cast.brian), draft, LARGE, "a.mp4").status_code == 303
    for stranger in (cast.amina, cast.dora):
        assert send(browse(stranger), draft, LARGE, "a.mp4").status_code == 413
    assert (
        browse(cast.brian).post(f"/courses/{draft.course_id}/draft/facts", {"title": "x" * 2_000_000}).status_code
        == 413
    )


def test_a_film_lies_in_parts_and_the_same_name_twice_is_two(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    for _n in range(2):
        send(brian, draft, LARGE, "film.mp4")
    one, two = db.session.scalars(db.select(CourseFile).order_by(CourseFile.id))
    assert (one.name, two.name) == ("film.mp4", "film-2.mp4")
    parts = db.session.scalars(db.select(CourseFilePart).where(CourseFilePart.file_id == one.id)).all()
    assert [len(part.bytes) for part in sorted(parts, key=lambda part: part.position)] == [
        PART_BYTES,
        PART_BYTES,
        1_000,
    ]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-99", 10, 99),
        (f"bytes={PART_BYTES - 5}-{PART_BYTES + 4}", PART_BYTES - 5, PART_BYTES + 4),
        (f"bytes={PART_BYTES}-{PART_BYTES * 2}", PART_BYTES, PART_BYTES * 2),
        ("bytes=5-", 5, len(LARGE) - 1),
        ("bytes=-100", len(LARGE) - 100, len(LARGE) - 1),
        ("bytes=-99999999", 0, len(LARGE) - 1),
        (f"bytes=0-{10**9}", 0, len(LARGE) - 1),
    ],
)
def test_a_piece_of_a_film_is_read_alone(
    draft: CourseVersion, cast: Cast, browse: Any, asked: str, first: int, last: int
) -> None:
    with transaction():
        file = kept(draft, LARGE, "film.mp4")
    answer = browse(cast.brian).get(f"/courses/files/{file.token}", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.data == LARGE[first : last + 1]
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(LARGE)}"
    assert answer.headers["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", [f"bytes={len(LARGE)}-", f"bytes={10**12}-{10**12 + 1}"])
def test_behind_the_end_there_is_nothing(draft: CourseVersion, cast: Cast, browse: Any, asked: str) -> None:
    with transaction():
        file = kept(draft, LARGE, "film.mp4")
    answer = browse(cast.brian).get(f"/courses/files/{file.token}", headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(LARGE)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=9-1", "bytes=x", "bytes=--5"])
def test_a_range_that_is_none_gives_all_of_it(draft: CourseVersion, cast: Cast, browse: Any, asked: str) -> None:
    with transaction():
        file = kept(draft, film(), "film.mp4")
    answer = browse(cast.brian).get(f"/courses/files/{file.token}", headers={"Range": asked})
    assert (answer.status_code, answer.data) == (200, film())


def test_an_open_range_is_answered_piece_by_piece(
    draft: CourseVersion, cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.courses.serving.MOST_AT_ONCE", 1_000)
    with transaction():
        file = kept(draft, LARGE, "film.mp4")
    answer = browse(cast.brian).get(f"/courses/files/{file.token}", headers={"Range": "bytes=500-"})
    assert answer.headers["Content-Range"] == f"bytes 500-1499/{len(LARGE)}"


def test_what_the_browser_has_is_not_sent_again(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    with transaction():
        file = kept(draft, LARGE, "film.mp4")
    brian = browse(cast.brian)
    address = f"/courses/files/{file.token}"
    first = brian.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    etag = first.headers["ETag"]
    assert brian.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert brian.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    piece = {"Range": "bytes=0-9"}
    assert brian.get(address, headers={**piece, "If-Range": etag}).status_code == 206
    assert brian.get(address, headers={**piece, "If-Range": '"other"'}).status_code == 200


def test_a_drafts_file_is_its_authors_a_published_ones_everybodys(
    draft: CourseVersion, cast: Cast, browse: Any
) -> None:
    with transaction():
        mine, published = kept(draft, png(), "a.png"), kept(a_course(team=cast.tills), png(), "a.png")
    statuses = [
        browse(one).get(f"/courses/files/{mine.token}").status_code for one in (cast.brian, cast.amina, cast.dora)
    ]
    assert statuses == [200, 404, 404]
    assert browse(cast.dora).get(f"/courses/files/{published.token}").status_code == 200
    assert browse(None).get(f"/courses/files/{published.token}").status_code == 303
    assert browse(cast.dora).post(f"/courses/files/{published.token}/removal").status_code == 404


def test_what_a_lesson_shows_stays_the_rest_can_go(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    with transaction():
        version = db.session.merge(draft)
        shown, spare = kept(version, png(), "desk.png"), kept(version, png(1), "spare.png")
        version.content = {"lessons": [{**version.content["lessons"][0], "text": "![A desk](files/desk.png)"}]}
    brian = browse(cast.brian)
    refused = brian.post(f"/courses/files/{shown.token}/removal")
    assert refused.status_code == 409
    assert "“desk.png” is shown in a lesson" in refused.text
    assert brian.post(f"/courses/files/{spare.token}/removal").status_code == 303
    assert [file.name for file in db.session.scalars(db.select(CourseFile))] == ["desk.png"]
    assert {part.file_id for part in db.session.scalars(db.select(CourseFilePart))} == {shown.id}
