"""Questions are written with rows for their choices, put in order, and taken over from other courses."""

from typing import Any

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.factories import LESSONS, a_course
from tracker.core.db import db, transaction
from tracker.courses.content import Content, Lesson, Question
from tracker.courses.models import CourseVersion


@pytest.fixture
def draft(app: Flask, cast: Cast) -> CourseVersion:
    with transaction():
        return a_course(team=cast.tills, by=cast.brian.id, published=False, title="Calm")


def quiz(draft: CourseVersion, key: str = "check") -> Lesson:
    db.session.rollback()
    db.session.expire_all()
    found = Content(db.session.get_one(CourseVersion, draft.id).content).lesson(key)
    assert found is not None
    return found


def question(draft: CourseVersion, key: str) -> Question:
    found = quiz(draft).question(key)
    assert found is not None
    return found


def url(draft: CourseVersion, rest: str) -> str:
    return f"/courses/{draft.course_id}{rest}"


def test_a_question_with_one_right_choice(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    given = {
        "text": "What helps?",
        "confidence": "y",
        "explanation": "It calms.",
        "c0-text": "A calm voice",
        "c0-right": "y",
        "c0-says": "Yes.",
        "c1-text": "A sigh",
        "c2-text": " ",
        "revision": "1",
    }
    answer = browse(cast.brian).post(url(draft, "/lessons/check/question?kind=single"), given)
    assert answer.location.endswith("/lessons/check")
    kept = question(draft, "what-helps")
    assert [(one.text, one.is_right, one.says) for one in kept.choices] == [
        ("A calm voice", True, "Yes."),
        ("A sigh", False, ""),
    ]
    assert (kept.asks_confidence, kept.explanation, kept.kind) == (True, "It calms.", "single")


@pytest.mark.parametrize("kind", ["single", "multiple", "order", "free"])
def test_every_kind_is_written_and_shown_again(draft: CourseVersion, cast: Cast, browse: Any, kind: str) -> None:
    brian = browse(cast.brian)
    given = {
        "text": "Say it",
        "explanation": "So.",
        "c0-text": "One",
        "c0-right": "y",
        "c1-text": "Two",
        "revision": "1",
    }
    assert brian.post(url(draft, f"/lessons/check/question?kind={kind}"), given).status_code == 303
    kept = question(draft, "say-it")
    assert [choice.text for choice in kept.choices] == ([] if kind == "free" else ["One", "Two"])
    page = brian.get(url(draft, "/questions/say-it")).text
    assert ("One more" in page) == (kind != "free")
    assert "Say it" in brian.get(url(draft, "/lessons/check/preview")).text


def test_one_more_row_keeps_everything_typed(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    given = {"text": "Typed", "explanation": "Also", "c0-text": "First", "c0-right": "y", "do": "more", "revision": "1"}
    answer = browse(cast.brian).post(url(draft, "/lessons/check/question?kind=multiple"), given)
    assert answer.status_code == 200
    for words in ("Typed", "Also", 'value="First"', "checked", 'name="c1-text"'):
        assert words in answer.text
    assert 'name="c2-text"' not in answer.text
    assert len(quiz(draft).questions) == 2


def test_there_are_ten_choices_at_most(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    rows = {f"c{place}-text": f"Choice {place}" for place in range(12)}
    answer = browse(cast.brian).post(
        url(draft, "/questions/first"), {"text": "x", **rows, "do": "more", "revision": "1"}
    )
    assert 'name="c9-text"' in answer.text
    assert 'name="c10-text"' not in answer.text
    assert "One more choice" not in answer.text


def test_steps_are_put_in_order_by_their_numbers(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    steps = {"c0-text": "Listen", "c1-text": "Ask", "c2-text": "Thank"}
    brian.post(url(draft, "/lessons/check/question?kind=order"), {"text": "Order", **steps, "revision": "1"})
    places = {"c0-place": "1", "c1-place": "2", "c2-place": "1"}
    brian.post(url(draft, "/questions/order"), {"text": "Order", **steps, **places, "revision": "2"})
    assert [choice.text for choice in question(draft, "order").choices] == ["Thank", "Listen", "Ask"]


def test_a_question_keeps_its_key_and_place(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    brian.post(url(draft, "/questions/first"), {"text": "Other words", "c0-text": "a", "revision": "1"})
    assert [one.key for one in quiz(draft).questions] == ["first", "both"]
    assert question(draft, "first").text == "Other words"
    brian.post(url(draft, "/questions/first/place"), {"to": "down", "revision": "2"})
    assert [one.key for one in quiz(draft).questions] == ["both", "first"]
    brian.post(url(draft, "/questions/both/removal"), {"revision": "3"})
    assert [one.key for one in quiz(draft).questions] == ["first"]


def test_a_key_of_a_published_question_is_not_given_to_another(app: Flask, cast: Cast, browse: Any) -> None:
    """Who answered it would otherwise find a different question asked again."""
    with transaction():
        version = a_course(team=cast.tills)
    brian = browse(cast.brian)
    brian.post(url(version, "/draft"))
    brian.post(url(version, "/questions/first/removal"), {"revision": "1"})
    brian.post(url(version, "/lessons/check/question?kind=free"), {"text": "First!", "revision": "2"})
    draft = db.session.scalars(db.select(CourseVersion).where(CourseVersion.number == 2)).one()
    assert [one.key for one in quiz(draft).questions] == ["both", "first-2"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "Fill this in"),
        ({"c1-text": "x" * 301}, "Choice 2: see what is marked there"),
        ({"explanation": "x" * 1001}, "1000 characters at most"),
    ],
)
def test_what_cannot_be_is_answered(
    draft: CourseVersion, cast: Cast, browse: Any, wrong: dict[str, str], sentence: str
) -> None:
    given = {"text": "Fine?", "c0-text": "a", "c1-text": "b", "revision": "1", **wrong}
    answer = browse(cast.brian).post(url(draft, "/questions/first"), given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert question(draft, "first").text == "What comes first?"


def test_a_conflict_shows_what_was_typed(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    browse(cast.chloe).post(url(draft, "/lessons/read/place"), {"to": "down", "revision": "1"})
    answer = browse(cast.brian).post(url(draft, "/questions/first"), {"text": "Mine", "c0-text": "a", "revision": "1"})
    assert answer.status_code == 409
    assert "Mine" in answer.text
    assert 'name="revision" type="hidden" value="2"' in answer.text


def test_questions_are_taken_over_under_keys_of_their_own(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    with transaction():
        other = a_course(title="Listening", team=cast.floor)
        hidden = a_course(title="Hidden", team=cast.floor, published=False)
    brian = browse(cast.brian)
    page = brian.get(url(draft, "/lessons/check/bank")).text
    assert "Listening" in page
    assert "Hidden" not in page
    assert "Which two help?" in brian.get(url(draft, f"/lessons/check/bank?course={other.course_id}")).text
    given = {"course": str(other.course_id), "question": ["both"], "revision": "1"}
    assert brian.post(url(draft, "/lessons/check/bank"), given).status_code == 303
    assert [one.key for one in quiz(draft).questions] == ["first", "both", "which-two-help"]
    assert question(draft, "which-two-help").choices == question(draft, "both").choices
    given = {"course": str(hidden.course_id), "question": ["both"], "revision": "2"}
    assert brian.post(url(draft, "/lessons/check/bank"), given).status_code == 404
    given = {"course": str(other.course_id), "revision": "2"}
    assert "Tick the questions" in brian.post(url(draft, "/lessons/check/bank"), given).text


def test_a_quiz_has_its_settings(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    given = {"title": "Try it", "minutes": "2", "practice": "y", "draw": "1", "revision": "1"}
    assert brian.post(url(draft, "/lessons/check"), given).status_code == 303
    assert (quiz(draft).is_practice, quiz(draft).asked, len(quiz(draft).questions)) == (True, 1, 2)
    given = {"title": "Try it", "minutes": "2", "draw": "", "revision": "2"}
    brian.post(url(draft, "/lessons/check"), given)
    assert (quiz(draft).is_practice, quiz(draft).asked) == (False, 2)
    assert LESSONS[1]["title"] == "Check what you know", "and the version it was made of is left alone"


def test_there_is_no_question_in_a_lesson_to_read(draft: CourseVersion, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian)
    assert brian.get(url(draft, "/lessons/read/question")).status_code == 404
    assert brian.get(url(draft, "/lessons/check/question?kind=riddle")).status_code == 404
    assert brian.get(url(draft, "/questions/none")).status_code == 404
