"""Whoever leads a learner reads their answers to checks and the results, as they do themselves; nobody else, and never practice."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import LESSONS
from tests.training.conftest import NOW
from tests.training.test_learning import RIGHT, WRONG, all_of, answer_all, begin, finish_reading
from tracker.core.db import db, transaction
from tracker.organisation.models import Tenure
from tracker.training.learning_models import QuizAnswer

pytestmark = pytest.mark.usefixtures("now")


def test_each_go_with_its_score_and_what_was_wrong(app: Flask, cast: Cast, browse: Any) -> None:
    amina, brian = browse(cast.amina, at=NOW), browse(cast.brian, at=NOW)
    run = begin(amina, title="Listening", attempts=1)
    finish_reading(amina, run)
    answer_all(amina, run, WRONG)
    url = f"/training/runs/{run}/results"
    assert url in brian.get("/training/team").text
    page = brian.get(url).text
    for said in (
        "Amina Otieno",
        "0 % right; 80 % is needed.",
        "What comes first?",
        "Answering",
        "Sure",
        "A calm voice",
    ):
        assert said in page, said
    assert "No go left" in page
    brian.post(f"/training/runs/{run}/more")
    answer_all(amina, run, RIGHT)
    page = brian.get(url).text
    assert page.index("Go 2") < page.index("Go 1")
    assert "100 % right" in page
    assert amina.get(url).status_code == 200


def test_only_self_and_who_leads_now(app: Flask, cast: Cast, browse: Any) -> None:
    run = begin(browse(cast.amina, at=NOW))
    url = f"/training/runs/{run}/results"
    for other in (cast.kevin, cast.dora, cast.chloe, cast.ruth, cast.faith):
        assert browse(other, at=NOW).get(url).status_code == 404
    assert browse(cast.brian, at=NOW).get(url).status_code == 200
    with transaction():
        db.session.scalars(select(Tenure).where(Tenure.person_id == cast.brian.id)).one().ended_on = NOW.date()
    assert browse(cast.brian, at=NOW).get(url).status_code == 404


def test_practice_is_not_in_it_and_own_words_with_their_mark(app: Flask, cast: Cast, browse: Any) -> None:
    words = {"key": "words", "kind": "free", "text": "What do you say?"}
    practice = {**LESSONS[1], "key": "try", "title": "Try it", "practice": True}
    amina, brian = browse(cast.amina, at=NOW), browse(cast.brian, at=NOW)
    run = begin(amina, lessons=[practice, {**LESSONS[1], "questions": [words]}])
    answer_all(amina, run, {"words": {"words": "I am Amina."}})
    page = brian.get(f"/training/runs/{run}/results").text
    assert "I am Amina." in page
    assert "Waits to be read" in page
    assert "Try it" not in page
    [answer] = all_of(QuizAnswer)
    brian.post(f"/training/answers/{answer.id}/mark", {"right": "no", "words": "Say your name."})
    page = brian.get(f"/training/runs/{run}/results").text
    assert "Say your name." in page
    assert "Not yet" in page
