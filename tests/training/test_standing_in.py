"""Where nobody leads a learner, the nearest above marks and gives another go, and HR where there is nobody; each hears of it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import LESSONS, a_person, a_team, is_away, leads
from tests.training.conftest import NOW
from tests.training.test_learning import WRONG, all_of, answer_all, begin, finish_reading
from tracker.access.queries import people_with_role
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Person, Team
from tracker.training.learning_models import QuizAnswer

pytestmark = pytest.mark.usefixtures("now")

QUESTION = {"key": "words", "kind": "free", "text": "What do you say?"}
MARK = {"right": "yes", "words": "Warm and clear."}
ACTORS = ("brian", "chloe", "dora", "faith", "ruth")


def a_learner(cast: Cast, where: str) -> Person:
    """In no team; in one without a manager; or managing the team that they are in."""
    if where == "no team":
        return a_person("Lena Learner")
    team = a_team(parent=db.session.get_one(Team, cast.tills.parent_id))
    learner = a_person("Lena Learner", team=team)
    if where == "own team":
        leads(learner, team)
    return learner


def told(kind: str) -> set[int]:
    db.session.rollback()
    return set(db.session.scalars(select(Message.person_id).where(Message.kind == kind)))


def expected(actor: Person, acts: str) -> set[int]:
    """All of HR hears of what is HR's."""
    return set(people_with_role("hr")) if acts == "chloe" else {actor.id}


PLACES = [("no team", "chloe"), ("no manager", "faith"), ("own team", "faith")]


@pytest.mark.parametrize(("where", "acts"), PLACES)
def test_words_are_marked_by_exactly_who_heard_of_them(
    app: Flask, cast: Cast, browse: Any, where: str, acts: str
) -> None:
    with transaction():
        person = a_learner(cast, where)
    learner = browse(person, at=NOW)
    run = begin(learner, lessons=[{**LESSONS[1], "questions": [QUESTION]}])
    answer_all(learner, run, {"words": {"words": "I am Lena."}})
    actor = getattr(cast, acts)
    assert told("training.to_mark") == expected(actor, acts)
    [answer] = all_of(QuizAnswer)
    url = f"/training/answers/{answer.id}/mark"
    for name in ACTORS:
        if name != acts:
            assert browse(getattr(cast, name), at=NOW).post(url, MARK).status_code == 404, name
    assert learner.post(url, MARK).status_code == 404
    browser = browse(actor, at=NOW)
    assert "Lena Learner wrote an answer for you" in browser.get("/inbox").text
    assert "One answer waits for you" in browser.get("/training/team").text
    assert "I am Lena." in browser.get("/training/marking").text
    assert browser.post(url, MARK).status_code == 303


@pytest.mark.parametrize(("where", "acts"), PLACES)
def test_another_go_is_given_by_who_heard_of_it(app: Flask, cast: Cast, browse: Any, where: str, acts: str) -> None:
    with transaction():
        person = a_learner(cast, where)
    learner = browse(person, at=NOW)
    run = begin(learner, attempts=1)
    finish_reading(learner, run)
    answer_all(learner, run, WRONG)
    actor = getattr(cast, acts)
    assert told("training.failed") == expected(actor, acts)
    for name in ACTORS:
        page = browse(getattr(cast, name), at=NOW).get("/training/team").text
        assert ("Lena Learner" in page) == (name == acts), name
    for name in {"brian", "dora", "ruth", "faith"} - {acts}:
        assert browse(getattr(cast, name), at=NOW).post(f"/training/runs/{run}/more").status_code == 404, name
    browser = browse(actor, at=NOW)
    assert "Lena Learner has no go left" in browser.get("/inbox").text
    assert browser.post(f"/training/runs/{run}/more").status_code == 303


def test_who_is_led_is_nobody_elses_also_while_their_leader_is_away(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        is_away(db.session.merge(cast.brian), NOW.date(), NOW.date().replace(day=30))
    amina = browse(cast.amina, at=NOW)
    run = begin(amina, lessons=[{**LESSONS[1], "questions": [QUESTION]}])
    answer_all(amina, run, {"words": {"words": "I am Amina."}})
    assert told("training.to_mark") == {cast.brian.id}
    [answer] = all_of(QuizAnswer)
    for other in (cast.faith, cast.chloe):
        assert browse(other, at=NOW).post(f"/training/answers/{answer.id}/mark", MARK).status_code == 404
