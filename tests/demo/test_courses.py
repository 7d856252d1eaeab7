"""The demo's courses keep to the format of a course file, and read as everything else in the product does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house.words import said_all_the_same
from tracker.ratings.drivers import DEFAULT_DRIVERS

COURSES = Path(__file__).resolve().parents[2] / "tracker" / "demo" / "courses"
FOLDERS = sorted(path for path in COURSES.iterdir() if path.is_dir())
COURSE_KEYS = {
    "format", "edition", "title", "summary", "language", "drivers", "pass_mark", "attempts", "certificate_months",
    "lessons",
}  # fmt: skip
TEXT_KEYS = {"key", "kind", "title", "minutes", "text"}
QUIZ_KEYS = {"key", "kind", "title", "minutes", "practice", "draw", "questions"}
QUESTION_KEYS = {"key", "kind", "text", "explanation"}
KEY = re.compile(r"[a-z0-9-]{1,40}")


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def course_in(folder: Path) -> dict[str, Any]:
    course: dict[str, Any] = json.loads((folder / "course.json").read_text(encoding="utf-8"))
    return course


def quizzes(folder: Path) -> list[dict[str, Any]]:
    return [lesson for lesson in course_in(folder)["lessons"] if lesson["kind"] == "quiz"]


def questions(folder: Path, *kinds: str) -> list[dict[str, Any]]:
    found = [question for quiz in quizzes(folder) for question in quiz["questions"]]
    return [question for question in found if not kinds or question["kind"] in kinds]


def lesson_files(folder: Path) -> list[Path]:
    return sorted((folder / "lessons").iterdir())


def strings_in(value: Any) -> Iterator[str]:
    """All words that a reader gets to see in a part of a course, and its keys and paths along with them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings_in(part)


def words_of(folder: Path) -> str:
    return "\n".join(
        [*strings_in(course_in(folder)), *(path.read_text(encoding="utf-8") for path in lesson_files(folder))]
    )


def right_places(question: dict[str, Any]) -> list[int]:
    return [place for place, choice in enumerate(question["choices"]) if choice["right"]]


def test_the_course_says_what_the_format_asks(folder: Path) -> None:
    course = course_in(folder)
    assert set(course) == COURSE_KEYS
    assert (course["format"], course["edition"], course["language"]) == ("service-tracker-course", 1, "en")
    assert 0 < len(course["title"]) <= 120
    assert 0 < len(course["summary"]) <= 500
    assert course["drivers"]
    assert set(course["drivers"]) <= set(DEFAULT_DRIVERS)
    assert len(set(course["drivers"])) == len(course["drivers"])
    assert 50 <= course["pass_mark"] <= 100
    assert course["attempts"] is None
    assert course["certificate_months"] in (None, 0, 12)


def test_keys_are_short_and_unique(folder: Path) -> None:
    for things in (course_in(folder)["lessons"], questions(folder)):
        keys = [thing["key"] for thing in things]
        assert len(set(keys)) == len(keys)
        assert all(KEY.fullmatch(key) for key in keys)


def test_lessons_take_a_coffee_break(folder: Path) -> None:
    lessons = course_in(folder)["lessons"]
    assert 10 <= sum(lesson["minutes"] for lesson in lessons) <= 30
    for lesson in lessons:
        assert set(lesson) == (QUIZ_KEYS if lesson["kind"] == "quiz" else TEXT_KEYS)
        assert lesson["kind"] in ("text", "quiz")
        assert 0 < len(lesson["title"]) <= 60


def test_every_file_is_named_and_every_name_a_file(folder: Path) -> None:
    named = [lesson["text"] for lesson in course_in(folder)["lessons"] if lesson["kind"] == "text"]
    there = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert sorted(there) == sorted(["course.json", *named])


def test_something_to_try_before_the_one_check_at_the_end(folder: Path) -> None:
    *before, check = quizzes(folder)
    assert course_in(folder)["lessons"][-1]["key"] == check["key"]
    assert check["practice"] is False
    assert 5 <= len(check["questions"]) <= 8
    assert check["draw"] is None or 4 <= check["draw"] <= len(check["questions"])
    assert before
    assert all(quiz["practice"] is True and 2 <= len(quiz["questions"]) <= 3 for quiz in before)


def test_a_choice_is_right_or_wrong_and_says_why(folder: Path) -> None:
    for question in questions(folder, "single", "multiple"):
        right = len(right_places(question))
        assert right == 1 if question["kind"] == "single" else right >= 1, question["key"]
        assert right < len(question["choices"]), question["key"]
        for choice in question["choices"]:
            assert set(choice) == {"text", "right", "says"}
            assert choice["text"].strip()
            assert choice["says"].strip()


def test_an_order_has_steps_and_a_free_answer_has_no_choices(folder: Path) -> None:
    for question in questions(folder):
        chosen = set() if question["kind"] == "free" else {"confidence", "choices"}
        assert set(question) == QUESTION_KEYS | chosen
        assert question["kind"] in ("single", "multiple", "order", "free")
        assert isinstance(question.get("confidence", False), bool)
        assert question["text"].strip()
        assert question["explanation"].strip()
    for question in questions(folder, "order"):
        steps = [choice["text"] for choice in question["choices"]]
        assert len(set(steps)) == len(steps) >= 3
        assert all(set(choice) == {"text"} for choice in question["choices"])


def test_the_right_choice_cannot_be_guessed_by_its_place_or_length(folder: Path) -> None:
    singles = questions(folder, "single")
    places = [right_places(question)[0] for question in singles]
    assert all(places.count(place) <= len(places) / 2 for place in places)
    lengths = [[len(choice["text"]) for choice in question["choices"]] for question in singles]
    longest = [max(of_one) == of_one[place] for of_one, place in zip(lengths, places, strict=True)]
    assert sum(longest) <= len(singles) / 2


def test_lessons_are_short_and_hold_no_html(folder: Path) -> None:
    for path in lesson_files(folder):
        text = path.read_text(encoding="utf-8")
        assert 150 <= len(text.split()) <= 350, path.name
        assert not re.search(r"^# ", text, flags=re.MULTILINE), path.name
        assert not re.search(r"<[a-zA-Z/!?]", text), path.name


def test_the_words_are_the_house_s(folder: Path) -> None:
    words = words_of(folder)
    assert said_all_the_same(words) == []
    assert re.findall(r".{0,20}['\"].{0,20}", words) == []


def test_the_six_courses_use_every_kind_of_question() -> None:
    kinds = [(folder.name, question["kind"]) for folder in FOLDERS for question in questions(folder)]
    assert len(FOLDERS) == 6
    assert {kind for _, kind in kinds} == {"single", "multiple", "order", "free"}
    assert [name for name, kind in kinds if kind == "free"] == ["complaint-to-the-end"]
    assert any(question["confidence"] for folder in FOLDERS for question in questions(folder))
