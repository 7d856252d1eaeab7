"""A whole course as one file: out and in it says the same, and what is no course is answered with one sentence."""

import json
import stat
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Cast
from tests.courses.files import PDF, film, kept, package, png, send
from tests.factories import LESSONS, a_course, an_author
from tracker.core.db import db, transaction
from tracker.core.errors import Invalid
from tracker.courses import transfer
from tracker.courses.content import Content
from tracker.courses.faults import faults
from tracker.courses.models import Course, CourseFile, CourseVersion
from tracker.ratings.models import Driver

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture
def version(app: Flask, cast: Cast) -> CourseVersion:
    """A course with every kind of lesson and question, pictures and files."""
    with transaction():
        db.session.add(Driver(key="speed", name="Speed"))
        made = a_course(
            team=cast.tills, title="Calm: at the counter", drivers=["speed"], certificate_months=12, published=False
        )
        picture, clip = kept(made, png(), "desk.png"), kept(made, film(600_000), "clip.mp4")
        document, scorm = kept(made, PDF, "rules.pdf"), kept(made, package(), "scorm.zip")
        order = {"key": "order", "kind": "order", "text": "Order?", "choices": [{"text": "a"}, {"text": "b"}]}
        free = {"key": "free", "kind": "free", "text": "Say it", "explanation": "Warmly."}
        made.content = {
            "lessons": [
                {**LESSONS[0], "text": f"## Look\n\n![A desk](files/{picture.name})"},
                {"key": "film", "kind": "video", "title": "Film", "minutes": 2, "file": clip.token, "text": "Said."},
                {"key": "link", "kind": "video", "title": "Link", "minutes": 2, "link": "https://films.example/a"},
                {"key": "rules", "kind": "pdf", "title": "Rules", "minutes": 2, "file": document.token},
                {"key": "pack", "kind": "package", "title": "Pack", "minutes": 2, "file": scorm.token},
                {**LESSONS[1], "draw": 2, "questions": [*LESSONS[1]["questions"], order, free]},
            ]
        }
    return made


def out(version: CourseVersion) -> bytes:
    with transfer.write(transfer.exported(version)) as archive:
        return archive.read()


def back(content: bytes) -> CourseVersion:
    with transaction():
        return transfer.read_zip(BytesIO(content), team_id=None, by=an_author().id, at=AT)


def test_out_and_in_and_out_again_is_the_same(version: CourseVersion) -> None:
    first = out(version)
    with ZipFile(BytesIO(first)) as archive:
        assert archive.namelist() == [
            "course.json",
            "lessons/01-read.md",
            "lessons/02-film.md",
            "files/clip.mp4",
            "files/desk.png",
            "files/rules.pdf",
            "files/scorm.zip",
        ]
    copy = back(first)
    assert copy.course_id != version.course_id
    assert (copy.published_at, copy.number, copy.minutes) == (None, 1, 13)
    assert faults(copy) == []
    assert {
        file.token for file in db.session.scalars(db.select(CourseFile).where(CourseFile.course_id == copy.course_id))
    }.isdisjoint(
        {
            file.token
            for file in db.session.scalars(db.select(CourseFile).where(CourseFile.course_id == version.course_id))
        }
    )
    assert out(copy) == first


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
KEYS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,5})?", fullmatch=True)
CHOICES = st.lists(
    st.builds(lambda text, right, says: {"text": text, "right": right, "says": says}, WORDS, st.booleans(), WORDS),
    max_size=4,
)
CHOOSING = st.builds(
    lambda kind, text, choices, sure: {"kind": kind, "text": text, "choices": choices, "confidence": sure},
    st.sampled_from(["single", "multiple"]), WORDS, CHOICES, st.booleans(),
)  # fmt: skip
ORDERS = st.builds(
    lambda text, steps: {"kind": "order", "text": text, "choices": [{"text": step} for step in steps]},
    WORDS,
    st.lists(WORDS, max_size=4),
)
FREE = st.builds(lambda text, why: {"kind": "free", "text": text, "explanation": why}, WORDS, WORDS)
TEXTS = st.builds(
    lambda title, minutes, text: {"kind": "text", "title": title, "minutes": minutes, "text": text},
    WORDS, st.integers(1, 240), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), max_size=60),
)  # fmt: skip
QUIZZES = st.builds(
    lambda title, practice, draw, asked: {
        "kind": "quiz", "title": title, "minutes": 1,
        "practice": practice, "draw": draw, "questions": asked,
    },
    WORDS, st.booleans(), st.none() | st.integers(1, 9), st.lists(CHOOSING | ORDERS | FREE, max_size=3),
)  # fmt: skip
LESSON_LISTS = st.lists(TEXTS | QUIZZES, max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lessons=LESSON_LISTS, title=WORDS, keys=st.lists(KEYS, min_size=30, max_size=30, unique=True))
def test_whatever_a_course_says_comes_back(
    app: Flask, cast: Cast, lessons: list[dict[str, Any]], title: str, keys: list[str]
) -> None:
    free = iter(keys)
    keyed = [
        {**one, "key": next(free)}
        | ({"questions": [{**q, "key": next(free)} for q in one["questions"]]} if "questions" in one else {})
        for one in lessons
    ]
    with transaction():
        made = a_course(title=title, lessons=keyed or [{**LESSONS[0]}], published=False)
    first = out(made)
    copy = back(first)
    assert out(copy) == first
    assert Content(copy.content).lessons == Content(made.content).lessons
    assert copy.title == title


def test_over_the_pages_it_becomes_a_new_draft(version: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    answer = brian.get(f"/courses/{version.course_id}/export?draft=1")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calm-at-the-counter.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    before = db.session.get_one(CourseVersion, version.id).revision
    sent = send(brian, "/courses/import", answer.data, "calm.zip", team=str(cast.tills.id))
    copy = db.session.scalars(db.select(CourseVersion).order_by(CourseVersion.id.desc())).first()
    assert sent.location == f"/courses/{copy.course_id}/draft"
    assert (copy.title, db.session.get_one(Course, copy.course_id).team_id) == (version.title, cast.tills.id)
    assert db.session.get_one(CourseVersion, version.id).revision == before
    assert send(browse(cast.amina), "/courses/import", answer.data[:1000], "calm.zip", team="").status_code == 403
    assert send(browse(cast.brian), "/courses/import", answer.data, "calm.zip", team="").status_code == 422
    assert (
        send(browse(cast.brian), "/courses/import", answer.data, "calm.zip", team=str(cast.floor.id)).status_code == 422
    )


GOOD: dict[str, Any] = {
    "format": "service-tracker-course",
    "edition": 1,
    "title": "T",
    "summary": "S",
    "language": "en",
    "drivers": [],
    "pass_mark": 80,
    "attempts": None,
    "certificate_months": None,
    "lessons": [
        {"key": "a", "kind": "text", "title": "A", "minutes": 1, "text": "lessons/a.md"},
        {"key": "b", "kind": "quiz", "title": "B", "minutes": 1, "questions": [
            {"key": "q", "kind": "single", "text": "?", "choices": [{"text": "x", "right": True}, {"text": "y"}]}]},
    ],
}  # fmt: skip


def course_with(*path: Any, value: Any) -> dict[str, Any]:
    """The good course with something else at one place; a value of `...` takes it out."""
    changed: Any = json.loads(json.dumps(GOOD))
    place = changed
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed  # type: ignore[no-any-return]


def zipped(course: Any, *more: tuple[str | ZipInfo, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("course.json", course if isinstance(course, str | bytes) else json.dumps(course))
        archive.writestr("lessons/a.md", "Read")
        for name, content in more:
            archive.writestr(name, content)
    return target.getvalue()


def test_the_good_one_is_read(app: Flask, cast: Cast) -> None:
    assert Content(back(zipped(GOOD, ("__MACOSX/._course.json", b"x"))).content).keys == ["a", "b"]


QUESTION = ("lessons", 1, "questions", 0)


@pytest.mark.parametrize(
    ("course", "sentence"),
    [
        ("{", "course.json can’t be read: it is no JSON in UTF-8."),
        (b"\xff{}", "course.json can’t be read"),
        ("[" * 100_000, "course.json can’t be read"),
        ('{"format": "service-tracker-course", "edition": 1, "title": "\\u0000"}', "course.json can’t be read"),
        ('{"format": "service-tracker-course", "edition": 1, "title": "\\ud800"}', "course.json can’t be read"),
        ("[]", "This is no course"),
        (course_with("format", value="moodle"), "This is no course"),
        (course_with("edition", value=2), "written by a newer service tracker"),
        (course_with("title", value=...), "The course: “title” is missing."),
        (course_with("title", value="x" * 121), "The course: “title” is longer than 120 characters."),
        (course_with("author", value="me"), "The course: “author” is not known here."),
        (course_with("pass_mark", value=0), "The course: “pass_mark” is not what it can be."),
        (course_with("pass_mark", value="80"), "The course: “pass_mark” is not what it can be."),
        (course_with("drivers", value=["unknown"]), "The course: “unknown” is no driver here."),
        (course_with("lessons", value=[GOOD["lessons"][0]] * 61), "The course: there are more than 60 “lessons”."),
        (course_with("lessons", 0, "kind", value="game"), "Lesson 1: “kind” is not what it can be."),
        (course_with("lessons", 0, "kind", value=...), "Lesson 1: “kind” is missing."),
        (course_with("lessons", 0, "key", value="Not A Key"), "Lesson 1: “key” is not what it can be."),
        (course_with("lessons", 0, "minutes", value=True), "Lesson 1: “minutes” is not what it can be."),
        (course_with("lessons", 0, "link", value="https://x.org"), "Lesson 1: “link” is not known here."),
        (course_with("lessons", 0, "text", value="lessons/gone.md"), "Lesson 1: “lessons/gone.md” is not in the file."),
        (course_with("lessons", 0, "text", value="course.json"), "Lesson 1: “course.json” is not in the file."),
        (course_with("lessons", 0, "text", value="../../etc/passwd"), "Lesson 1: “../../etc/passwd” is not in the file."),
        (course_with("lessons", 1, "key", value="a"), "The key “a” stands there twice."),
        (course_with(*QUESTION, "kind", value="riddle"), "Lesson 2, question 1: “kind” is not what it can be."),
        (course_with(*QUESTION, "text", value=...), "Lesson 2, question 1: “text” is missing."),
        (course_with(*QUESTION, "choices", 1, "text", value=""), "Lesson 2, question 1, choice 2: “text” is not what"),
        (course_with(*QUESTION, "choices", 0, "right", value="yes"), "Lesson 2, question 1, choice 1: “right” is not what"),
        (course_with(*QUESTION, "choices", 0, "points", value=3), "Lesson 2, question 1, choice 1: “points” is not known"),
        (course_with(*QUESTION, "choices", value=[{"text": "x"}] * 11), "Lesson 2, question 1: there are more than 10 “choices”."),
    ],
)  # fmt: skip
def test_a_course_that_is_none_is_answered_with_one_sentence(
    app: Flask, cast: Cast, course: Any, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        back(zipped(course))
    assert sentence in refused.value.sentence
    assert db.session.scalar(db.select(Course)) is None


def a_link() -> ZipInfo:
    info = ZipInfo("files/link.png")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("/etc/passwd", b"x"), "“/etc/passwd” does not belong into a course."),
        (("../evil.md", b"x"), "“../evil.md” does not belong into a course."),
        (("files/../../evil.png", b"x"), "does not belong into a course."),
        (("files/..png", b"x"), "does not belong into a course."),
        (("files\\..\\evil.png", b"x"), "does not belong into a course."),
        (("C:/evil.png", b"x"), "does not belong into a course."),
        (("readme.txt", b"x"), "“readme.txt” does not belong into a course."),
        ((a_link(), b"/etc/passwd"), "“files/link.png” does not belong into a course."),
        (("files/evil.svg", b"<svg/>"), "“files/evil.svg” is nothing that a course can hold."),
        (("files/evil.png", b"<script>"), "“evil.png” is no picture"),
        (("files/film.png", film()), "“film.png” is no picture"),
        (("files/photo.jpg", png()), "has a name that does not fit"),
        (("files/My Desk.png", png()), "has a name that does not fit"),
        (("files/zeros.png", bytes(6_000_000)), "“files/zeros.png” is too large: 5 MB at most."),
        (("files/empty.png", b""), "“empty.png” is empty."),
    ],
)  # fmt: skip
def test_what_comes_beside_it_is_looked_at_too(
    app: Flask, cast: Cast, more: tuple[str | ZipInfo, bytes], sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        back(zipped(GOOD, more))
    assert sentence in refused.value.sentence
    assert db.session.scalar(db.select(Course)) is None


def test_bombs_do_not_go_off(app: Flask, cast: Cast) -> None:
    for content, sentence in (
        (zipped(GOOD, *((f"files/{number}.png", b"") for number in range(500))), "more than 500 files"),
        (zipped(" " * 3_000_000 + "{}"), "“course.json” is too large: 2 MB at most."),
        (b"PK\x05\x06" + bytes(18), "holds no course.json"),
        (b"no zip at all", "can’t be opened"),
    ):
        with pytest.raises(Invalid) as refused:
            back(content)
        assert sentence in refused.value.sentence


def test_what_is_too_large_in_sum_is_not_unpacked(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.courses.packing.MOST_COURSE_BYTES", 1_000_000)
    with pytest.raises(Invalid, match="more than 1 GB"):
        back(zipped(GOOD, *((f"files/{number}.mp4", bytes(700_000)) for number in range(3))))


def test_an_entry_that_lies_about_its_size_is_damaged(app: Flask, cast: Cast) -> None:
    """Only so much of it is unpacked as it says, and then the sum does not fit."""
    content = bytearray(zipped(GOOD, ("files/zeros.png", png() + bytes(1_000_000))))
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(b"files/zeros.png"))
    content[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    with pytest.raises(Invalid, match="damaged"):
        back(bytes(content))


def test_two_entries_of_one_name_are_refused(app: Flask, cast: Cast) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped(GOOD, ("lessons/a.md", b"other"))
    with pytest.raises(Invalid, match="same name"):
        back(content)


def test_a_text_that_is_none_is_refused(app: Flask, cast: Cast) -> None:
    other = course_with("lessons", 0, "text", value="lessons/b.md")
    for content, sentence in (
        (b"\xff", "no text in UTF-8"),
        (b"x" * 40_001, "40000 characters"),
        (b"a\x00", "no text of"),
    ):
        with pytest.raises(Invalid, match=sentence):
            back(zipped(other, ("lessons/b.md", content)))


def test_a_folder_is_read_as_the_zip_is(version: CourseVersion, tmp_path: Path) -> None:
    first = out(version)
    with ZipFile(BytesIO(first)) as archive:
        archive.extractall(tmp_path)
    with transaction():
        copy = transfer.read_folder(tmp_path, team_id=None, by=an_author().id, at=AT)
    assert out(copy) == first
