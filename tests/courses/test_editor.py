"""A course is written on pages: begun, its facts, its lessons, its questions. Nothing typed is lost."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.courses.files import PDF, film, kept, png
from tests.factories import a_course
from tracker.core.db import db, transaction
from tracker.courses.content import Content
from tracker.courses.models import Course, CourseFile, CourseVersion
from tracker.courses.queries import draft_of
from tracker.ratings.models import Driver

FACTS = {
    "title": "Calm at the counter",
    "summary": "You stay calm.",
    "language": "sw",
    "drivers": ["speed"],
    "pass_mark": "70",
    "attempts": "3",
    "certificate": "months",
    "months": "12",
}


@pytest.fixture
def draft(app: Flask, cast: Cast) -> CourseVersion:
    """A new course of Brian's team, begun by him."""
    with transaction():
        db.session.add(Driver(key="speed", name="Speed"))
        return a_course(team=cast.tills, by=cast.brian.id, published=False, title="Calm")


def now(draft: CourseVersion) -> CourseVersion:
    """The draft as the database has it."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(CourseVersion, draft.id)


def url(draft: CourseVersion, rest: str = "") -> str:
    return f"/courses/{draft.course_id}{rest}"


def test_who_leads_a_team_begins_a_course_of_it(app: Flask, cast: Cast, browse: Any) -> None:
    answer = browse(cast.brian).post("/courses", {"title": "Calm", "summary": "", "team": str(cast.tills.id)})
    draft = db.session.scalars(db.select(CourseVersion)).one()
    assert answer.location == f"/courses/{draft.course_id}/draft"
    assert (draft.title, draft.number, draft.published_at) == ("Calm", 1, None)
    assert db.session.get_one(Course, draft.course_id).team_id == cast.tills.id


def test_the_whole_companys_course_is_for_the_office(app: Flask, cast: Cast, browse: Any) -> None:
    assert "Fill this in" in browse(cast.brian).post("/courses", {"title": "Calm", "team": ""}).text
    assert browse(cast.brian).post("/courses", {"title": "Calm", "team": str(cast.floor.id)}).status_code == 422
    assert browse(cast.amina).post("/courses", {"title": "Calm", "team": ""}).status_code == 403
    assert browse(cast.chloe).post("/courses", {"title": "Calm", "team": ""}).status_code == 303
    assert [course.team_id for course in db.session.scalars(db.select(Course))] == [None]


def test_facts_are_kept_and_shown(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    assert brian.post(url(draft, "/draft/facts"), {**FACTS, "revision": "1"}).status_code == 303
    kept_now = now(draft)
    assert (kept_now.title, kept_now.language, kept_now.drivers) == ("Calm at the counter", "sw", ["speed"])
    assert (kept_now.pass_mark, kept_now.attempts, kept_now.certificate_months) == (70, 3, 12)
    page = brian.get(url(draft, "/draft")).text
    assert "A certificate for 12 months" in page
    assert "Kiswahili" in page or "Swahili" in page
    assert 'value="12"' in brian.get(url(draft, "/draft/facts")).text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Fill this in"),
        ({"pass_mark": "101"}, "from 1 to 100"),
        ({"pass_mark": "many"}, "Not a valid integer"),
        ({"attempts": "0"}, "from 1 to 20"),
        ({"months": ""}, "Say for how many months"),
        ({"drivers": ["unknown"]}, "Choose from the list"),
        ({"title": "x" * 121}, "120 characters at most"),
    ],
)
def test_facts_that_cannot_be_are_answered(
    draft: CourseVersion, cast: Cast, browse: Any, wrong: dict[str, Any], sentence: str
) -> None:
    answer = browse(cast.brian).post(url(draft, "/draft/facts"), {**FACTS, "revision": "1", **wrong})
    assert (answer.status_code, now(draft).title) == (422, "Calm")
    assert sentence in answer.text


def test_what_was_typed_is_shown_again_when_somebody_else_was_quicker(
    draft: CourseVersion, cast: Cast, browse: Any
) -> None:
    brian, chloe = browse(cast.brian), browse(cast.chloe)
    assert chloe.post(url(draft, "/draft/facts"), {**FACTS, "title": "Chloe’s", "revision": "1"}).status_code == 303
    answer = brian.post(url(draft, "/draft/facts"), {**FACTS, "title": "Brian’s", "revision": "1"})
    assert answer.status_code == 409
    assert "Somebody else saved this course meanwhile" in answer.text
    assert "Brian’s" in answer.text
    assert 'name="revision" type="hidden" value="2"' in answer.text
    assert now(draft).title == "Chloe’s"
    assert brian.post(url(draft, "/draft/facts"), {**FACTS, "title": "Brian’s", "revision": "2"}).status_code == 303
    assert now(draft).title == "Brian’s"


def test_a_lessons_text_is_not_lost_either(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    given = {"title": "Read", "minutes": "4", "text": "My long text"}
    assert browse(cast.brian).post(url(draft, "/lessons/read"), {**given, "revision": "1"}).status_code == 303
    answer = browse(cast.chloe).post(url(draft, "/lessons/read"), {**given, "text": "Hers", "revision": "1"})
    assert answer.status_code == 409
    assert "Hers" in answer.text
    assert Content(now(draft).content).lesson("read").text == "My long text"


def test_lessons_are_added_moved_and_taken_out(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    answer = brian.post(url(draft, "/draft/lessons"), {"title": "Read this!", "kind": "text", "revision": "1"})
    assert answer.location.endswith("/lessons/read-this")
    assert Content(now(draft).content).keys == ["read", "check", "read-this"]
    brian.post(url(draft, "/lessons/read-this/place"), {"to": "up", "revision": "2"})
    assert Content(now(draft).content).keys == ["read", "read-this", "check"]
    brian.post(url(draft, "/lessons/read-this/place"), {"to": "down", "revision": "3"})
    brian.post(url(draft, "/lessons/read-this/place"), {"to": "down", "revision": "4"})
    assert Content(now(draft).content).keys == ["read", "check", "read-this"]
    assert "its 2 questions are gone" in brian.get(url(draft, "/lessons/check")).text
    brian.post(url(draft, "/lessons/check/removal"), {"revision": "5"})
    assert Content(now(draft).content).keys == ["read", "read-this"]


def test_a_button_pressed_on_an_old_page_changes_nothing(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    brian.post(url(draft, "/lessons/check/place"), {"to": "up", "revision": "1"})
    brian.post(url(draft, "/lessons/check/removal"), {"revision": "1"})
    assert Content(now(draft).content).keys == ["check", "read"]
    assert "Somebody else saved" in brian.get(url(draft, "/draft")).text


def test_a_key_stays_when_the_title_changes_and_is_given_once(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    brian.post(url(draft, "/lessons/read"), {"title": "Another name", "minutes": "2", "text": "x", "revision": "1"})
    assert Content(now(draft).content).lesson("read").title == "Another name"
    for revision in ("2", "3"):
        brian.post(url(draft, "/draft/lessons"), {"title": "Read", "kind": "text", "revision": revision})
    brian.post(url(draft, "/draft/lessons"), {"title": "؟", "kind": "pdf", "revision": "4"})
    assert Content(now(draft).content).keys == ["read", "check", "read-2", "read-3", "pdf"]


def test_a_picture_comes_with_the_text(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    given = {"title": "Read", "minutes": "3", "text": "Look:\r\nhere", "revision": "1"}
    sent = {**given, "upload": (BytesIO(png()), "../Desk Förn.PNG")}
    assert "Say what the picture shows" in brian.post(url(draft, "/lessons/read"), sent).text
    sent = {**given, "upload": (BytesIO(png()), "../Desk Förn.PNG"), "shows": "A [desk]"}
    assert brian.post(url(draft, "/lessons/read"), sent).status_code == 303
    assert Content(now(draft).content).lesson("read").text == "Look:\nhere\n\n![A desk](files/desk-forn.png)"
    phone = brian.get(url(draft, "/lessons/read/preview")).text
    file = db.session.scalars(db.select(CourseFile)).one()
    assert f'<img src="/courses/files/{file.token}" alt="A desk">' in phone


@pytest.mark.parametrize(("kind", "content", "name"), [("pdf", PDF, "a.pdf"), ("video", film(), "a.mp4")])
def test_a_file_of_its_kind_becomes_the_lessons(
    draft: CourseVersion, cast: Cast, browse: Any, kind: str, content: bytes, name: str
) -> None:
    brian = browse(cast.brian)
    brian.post(url(draft, "/draft/lessons"), {"title": "One", "kind": kind, "revision": "1"})
    given = {"title": "One", "minutes": "3", "text": "", "revision": "2"}
    wrong = brian.post(url(draft, "/lessons/one"), {**given, "upload": (BytesIO(png()), name)})
    assert wrong.status_code == 422
    assert "“a." in wrong.text
    assert brian.post(url(draft, "/lessons/one"), {**given, "upload": (BytesIO(content), name)}).status_code == 303
    file = db.session.scalars(db.select(CourseFile)).one()
    assert Content(now(draft).content).lesson("one").file == file.token
    assert f"/courses/files/{file.token}" in brian.get(url(draft, "/lessons/one/preview")).text


@pytest.mark.parametrize(
    "link", ["http://films.example/a", "javascript:alert(1)", "https:evil", "//evil.example/a", "https://user@evil/x"]
)
def test_a_film_elsewhere_is_linked_by_https_alone(draft: CourseVersion, cast: Cast, browse: Any, link: str) -> None:
    brian = browse(cast.brian)
    brian.post(url(draft, "/draft/lessons"), {"title": "Film", "kind": "video", "revision": "1"})
    given = {"title": "Film", "minutes": "3", "text": "", "revision": "2"}
    assert "begins with https://" in brian.post(url(draft, "/lessons/film"), {**given, "link": link}).text
    brian.post(url(draft, "/lessons/film"), {**given, "link": "https://films.example/a?b=c"})
    phone = brian.get(url(draft, "/lessons/film/preview")).text
    assert 'href="https://films.example/a?b=c" target="_blank" rel="noopener noreferrer"' in phone
    assert "opens in a new window" in phone


def test_another_courses_file_is_not_taken(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    with transaction():
        other = kept(a_course(published=False, team=cast.floor), PDF, "secret.pdf").token
    brian = browse(cast.brian)
    brian.post(url(draft, "/draft/lessons"), {"title": "One", "kind": "pdf", "revision": "1"})
    brian.post(url(draft, "/lessons/one"), {"title": "One", "minutes": "3", "file": other, "revision": "2"})
    assert Content(now(draft).content).lesson("one").file is None


def test_what_stands_in_the_form_is_shown_on_the_phone_and_not_saved(
    draft: CourseVersion, cast: Cast, browse: Any
) -> None:
    typed = {"title": "New", "minutes": "", "text": "## Typed\n\n<script>x</script>"}
    answer = browse(cast.brian).post(url(draft, "/lessons/read/preview"), typed)
    assert "<h2>Typed</h2>" in answer.text
    assert "<script>x" not in answer.text
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert Content(now(draft).content).lesson("read").text == "Ask **first**, then answer."


def test_what_keeps_it_from_being_published_leads_to_where(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    given = {"title": "Read", "minutes": "3", "text": "![x](files/none.png)", "revision": "1"}
    brian.post(url(draft, "/lessons/read"), given)
    page = brian.get(url(draft, "/draft")).text
    assert "shows “none.png”, which the course does not have" in page
    assert f'href="{url(draft, "/lessons/read")}"' in page.split("Before it can be published")[1]
    assert "shows “none.png”" in brian.get(url(draft, "/publication")).text


@pytest.mark.parametrize(
    "rest",
    [
        "/draft",
        "/draft/facts",
        "/lessons/read",
        "/lessons/check/question",
        "/questions/first",
        "/lessons/check/bank",
        "/files",
        "/export",
        "/publication",
        "/lessons/read/preview",
    ],
)
def test_only_those_who_write_it_see_a_draft(draft: CourseVersion, cast: Cast, browse: Any, rest: str) -> None:
    assert [browse(one).get(url(draft, rest)).status_code for one in (cast.brian, cast.chloe, cast.ruth)] == [200] * 3
    assert [browse(one).get(url(draft, rest)).status_code for one in (cast.amina, cast.dora)] == [404, 404]
    assert browse(cast.dora).get(url(draft)).status_code == 404
    with transaction():
        published = a_course(team=cast.tills)
    assert browse(cast.dora).get(url(published)).status_code == 200
    assert browse(cast.dora).get(url(published, rest)).status_code == 403


POSTS = [
    "/draft",
    "/draft/facts",
    "/draft/lessons",
    "/lessons/read",
    "/lessons/read/place",
    "/lessons/read/removal",
    "/lessons/check/question",
    "/lessons/check/bank",
    "/questions/first",
    "/questions/first/place",
    "/questions/first/removal",
    "/files",
    "/retirement",
    "/return",
    "/publication",
]


@pytest.mark.parametrize("rest", POSTS)
def test_nobody_else_changes_it(draft: CourseVersion, cast: Cast, browse: Any, rest: str) -> None:
    before = now(draft).revision
    for one in (cast.amina, cast.dora):
        assert browse(one).post(url(draft, rest), {**FACTS, "revision": "1", "text": "x"}).status_code == 404
    assert now(draft).revision == before
    with transaction():
        published = a_course(team=cast.tills)
    assert browse(cast.dora).post(url(published, rest), {"revision": "1"}).status_code == 403


def test_whoever_leads_no_more_writes_no_more(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    assert brian.get(url(draft, "/draft")).status_code == 200
    with transaction():
        db.session.execute(
            db.text("UPDATE tenure SET ended_on = '2026-01-01' WHERE person_id = :id"), {"id": cast.brian.id}
        )
    assert brian.get(url(draft, "/draft")).status_code == 404


def test_a_draft_is_begun_once_and_published_courses_are_retired_and_come_back(
    app: Flask, cast: Cast, browse: Any
) -> None:
    with transaction():
        version = a_course(team=cast.tills, title="Calm")
    brian = browse(cast.brian)
    assert [brian.post(url(version, "/draft")).status_code for _n in range(2)] == [303, 303]
    assert db.session.scalar(db.select(db.func.count()).select_from(CourseVersion)) == 2
    assert "Go on writing" in brian.get(url(version)).text
    brian.post(url(version, "/retirement"))
    assert "Calm" not in browse(cast.amina).get("/courses").text
    assert "1 retired course" in brian.get("/courses").text
    brian.post(url(version, "/return"))
    assert "Calm" in browse(cast.amina).get("/courses").text
    assert draft_of(version.course_id) is not None


def test_the_catalogue_says_what_is_there_and_who_may_begin_one(app: Flask, cast: Cast, browse: Any) -> None:
    assert "As soon as there is one" in browse(cast.amina).get("/courses").text
    assert "Begin a course" not in browse(cast.amina).get("/courses").text
    assert "Begin a course" in browse(cast.brian).get("/courses").text
    with transaction():
        db.session.add(Driver(key="speed", name="Speed of service"))
        a_course(team=cast.tills, title="Calm", drivers=["speed"], certificate_months=12)
        a_course(team=cast.floor, title="Hidden", published=False)
    page = browse(cast.amina).get("/courses").text
    for words in ("Calm", "Speed of service", "5 minutes", "Nairobi Central tills", "A certificate for 12 months"):
        assert words in page
    assert "Hidden" not in page
    assert "Hidden" not in browse(cast.brian).get("/courses").text
    assert "Hidden" in browse(cast.dora).get("/courses").text


def test_what_an_author_writes_is_words_on_every_page(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    attack = "<script>alert(1)</script>"
    brian = browse(cast.brian)
    brian.post(url(draft, "/draft/facts"), {**FACTS, "title": attack, "summary": attack, "revision": "1"})
    brian.post(url(draft, "/lessons/read"), {"title": attack, "minutes": "1", "text": attack, "revision": "2"})
    question = {"text": attack, "explanation": attack, "c0-text": attack, "c0-says": attack, "revision": "3"}
    assert brian.post(url(draft, "/questions/first"), question).status_code == 303
    for rest in (
        "",
        "/draft",
        "/draft/facts",
        "/lessons/read",
        "/lessons/read/preview",
        "/lessons/check/preview",
        "/questions/first",
    ):
        assert attack not in brian.get(url(draft, rest)).text, rest
