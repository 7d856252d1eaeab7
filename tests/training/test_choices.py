"""Choices stand in another order than the author wrote them, and are named by where they stand: the page does not tell the answer."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.factories import LESSONS
from tests.training.conftest import NOW
from tests.training.test_learning import all_of, answer, answer_all, begin, one_of
from tracker.core import clock
from tracker.training.learning_models import CourseRun, QuizAnswer, QuizAttempt, RepeatCard

pytestmark = pytest.mark.usefixtures("now")


def test_an_order_is_right_in_one_order_only(app: Flask, cast: Cast, browse: Any) -> None:
    steps = [{"text": text} for text in ("Greet", "Ask", "Answer")]
    lesson = {
        **LESSONS[1],
        "questions": [{"key": "steps", "kind": "order", "text": "In which order?", "choices": steps}],
    }
    amina = browse(cast.amina, at=NOW)
    run = begin(amina, lessons=[lesson])
    amina.post(f"/training/runs/{run}/lessons/check/attempts")
    attempt = one_of(QuizAttempt)
    assert attempt.asked[0]["order"] != [0, 1, 2]
    url = f"/training/attempts/{attempt.id}/answers/steps"
    assert "its own number" in amina.post(url, {"place-0": "1", "place-1": "1", "place-2": "2"}).text
    answer(amina, attempt.id, "steps", {"place-0": "2", "place-1": "1", "place-2": "3"})
    kept = one_of(QuizAnswer)
    assert (kept.given, kept.is_right) == ([1, 0, 2], False)
    amina.post(f"/training/runs/{run}/lessons/check/attempts")
    answer(amina, attempt.id + 1, "steps", {"place-0": "1", "place-1": "2", "place-2": "3"})
    assert all_of(QuizAnswer)[1].is_right is True


def test_the_page_does_not_tell_the_answer_by_its_names(app: Flask, cast: Cast, browse: Any) -> None:
    steps = [{"text": text} for text in ("Greet", "Ask", "Answer", "Thank")]
    order = {"key": "steps", "kind": "order", "text": "In which order?", "choices": steps}
    amina = browse(cast.amina, at=NOW)
    run = begin(amina, lessons=[{**LESSONS[1], "questions": [order, *LESSONS[1]["questions"]]}])
    amina.post(f"/training/runs/{run}/lessons/check/attempts")
    assert re.findall(r'name="place-(\d)"', amina.get(f"/training/runs/{run}?question=steps").text)[:4] == list("0123")
    for key in ("first", "both"):
        page = amina.get(f"/training/runs/{run}?question={key}").text.split("data-kept")[0].split("<template")[0]
        values = re.findall(r'name="choice" value="(\d)"', page)
        assert values == [str(place) for place in range(len(values))]
        assert len(values) > 1


def test_a_question_that_comes_again_is_answered_as_it_stands(app: Flask, cast: Cast, browse: Any) -> None:
    steps = [{"text": text} for text in ("Greet", "Ask", "Answer")]
    order = {"key": "steps", "kind": "order", "text": "In which order?", "choices": steps}
    amina = browse(cast.amina, at=NOW)
    begin(amina, lessons=[{**LESSONS[1], "practice": True, "questions": [order]}])
    run = one_of(CourseRun)
    answer_all(amina, run.id, {"steps": {"place-0": "2", "place-1": "1", "place-2": "3"}})
    with clock.set_to(NOW + timedelta(days=1)):
        amina = browse(cast.amina, at=NOW + timedelta(days=1))
        page = amina.get("/training/repeats").text
        shown = re.findall(r'name="(place-\d)".*?<span>(\w+)</span>', page)
        assert [name for name, _text in shown] == ["place-0", "place-1", "place-2"]
        assert [text for _name, text in shown] != ["Greet", "Ask", "Answer"]
        number = {"Greet": "1", "Ask": "2", "Answer": "3"}
        due = re.findall(r'name="due" value="([^"]*)"', page)[0]
        given = {"due": due, **{name: number[text] for name, text in shown}}
        url = f"/training/repeats/{run.course_id}/steps"
        first, again = amina.post(url, given), amina.post(url, given)
    assert ("Yes." in first.text, "Yes." in again.text) == (True, True)
    assert one_of(RepeatCard).times == 1
