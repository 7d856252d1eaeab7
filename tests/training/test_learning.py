"""Going through a course: the place is kept, answers are taken once, passing it gives what it promises."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import LESSONS, a_course
from tests.training.conftest import NOW
from tracker.core.db import db, transaction
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.learning_models import CourseRun, QuizAnswer, QuizAttempt, RepeatCard
from tracker.training.models import Assignment

pytestmark = pytest.mark.usefixtures("now")

RIGHT = {"first": {"choice": "1", "sure": "yes"}, "both": {"choice": ["0", "2"]}}
WRONG = {"first": {"choice": "0", "sure": "yes"}, "both": {"choice": ["0"]}}


def begin(browser: Any, **values: Any) -> int:
    """A course begun; the id of the run."""
    with transaction():
        course = a_course(**values).course_id
    return run_of(browser.post(f"/training/courses/{course}/runs"))


def run_of(answer: Any) -> int:
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def all_of(model: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(select(model)))


def one_of(model: Any) -> Any:
    [found] = all_of(model)
    return found


def finish_reading(browser: Any, run: int) -> None:
    assert browser.post(f"/training/runs/{run}/lessons/read/completion").status_code == 303


def answer_all(browser: Any, run: int, answers: dict[str, dict[str, Any]]) -> None:
    assert browser.post(f"/training/runs/{run}/lessons/check/attempts").status_code == 303
    attempt = max(attempt.id for attempt in all_of(QuizAttempt))
    for key, given in answers.items():
        assert answer(browser, attempt, key, given).status_code == 303


def answer(browser: Any, attempt: int, key: str, given: dict[str, Any]) -> Any:
    """`given` names choices by their place in the version, the page by where they stand on it."""
    asked = next(
        asked for found in all_of(QuizAttempt) if found.id == attempt for asked in found.asked if asked["key"] == key
    )
    named = {f"place-{place}": f"place-{shown}" for shown, place in enumerate(asked["order"])}
    sent = {named.get(name, name): value for name, value in given.items()}
    if "choice" in given:
        sent["choice"] = [str(asked["order"].index(int(place))) for place in given["choice"]]
    return browser.post(f"/training/attempts/{attempt}/answers/{key}", sent)


def test_from_the_first_page_to_the_certificate(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina, title="Listening first", certificate_months=12)
    assert "Ask <strong>first" in amina.get(f"/training/runs/{run}").text
    finish_reading(amina, run)
    page = amina.get(f"/training/runs/{run}").text
    assert "2 questions." in page
    assert "80 % right is enough." in page
    answer_all(amina, run, RIGHT)
    page = amina.get(f"/training/runs/{run}").text
    assert "5 minutes well spent" in page
    completion, certificate = one_of(Completion), one_of(Certificate)
    assert (completion.score, completion.how, completion.completed_on.isoformat()) == (100, "learned", "2026-11-18")
    assert (certificate.title, certificate.expires_on.isoformat()) == ("Listening first", "2027-11-18")
    assert (one_of(Assignment).why, one_of(Assignment).outcome) == ("own", "completed")


def test_another_device_goes_on_at_the_same_question(app: Flask, cast: Cast, browse: Any) -> None:
    phone, laptop = browse(cast.amina, at=NOW), browse(cast.amina, at=NOW)
    run = begin(phone)
    finish_reading(phone, run)
    phone.post(f"/training/runs/{run}/lessons/check/attempts")
    attempt = one_of(QuizAttempt).id
    answer(phone, attempt, "first", RIGHT["first"])
    page = laptop.get(f"/training/runs/{run}").text
    assert "question 2 of 2" in page
    assert "Which two help?" in page


def test_who_fails_learns_why_and_tries_again(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina)
    finish_reading(amina, run)
    answer_all(amina, run, WRONG)
    page = amina.get(f"/training/runs/{run}").text
    assert "Not yet." in page
    assert "0 % right; 80 % is needed." in page
    assert "That may answer another question." in page
    assert "Whoever asks first solves the right problem." in page
    assert one_of(CourseRun).ended_at is None
    answer_all(amina, run, RIGHT)
    assert [attempt.passed for attempt in all_of(QuizAttempt)] == [False, True]
    assert one_of(Completion).score == 100


def test_an_answer_of_a_check_stands_however_often_it_is_sent(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina)
    amina.post(f"/training/runs/{run}/lessons/check/attempts")
    amina.post(f"/training/runs/{run}/lessons/check/attempts")
    attempt = one_of(QuizAttempt).id
    for given in (WRONG["first"], WRONG["first"], RIGHT["first"]):
        answer(amina, attempt, "first", given)
    kept = one_of(QuizAnswer)
    assert (kept.given, kept.is_right, kept.is_sure, kept.tries) == ([0], False, True, 1)


def test_practice_may_be_tried_again_and_counts_for_nothing(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina, lessons=[LESSONS[0], {**LESSONS[1], "practice": True}])
    answer_all(amina, run, {"first": WRONG["first"]})
    page = amina.get(f"/training/runs/{run}?lesson=check&question=first").text
    assert "You were sure, so it is good to know." in page
    attempt = one_of(QuizAttempt).id
    for key, given in RIGHT.items():
        answer(amina, attempt, key, given)
    finish_reading(amina, run)
    assert one_of(Completion).score is None
    assert [(kept.tries, kept.is_right) for kept in all_of(QuizAnswer)] == [(2, True), (1, True)]


def test_what_was_wrong_comes_again_and_what_was_known_later_does_not(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina)
    answer_all(amina, run, WRONG)
    assert {card.question_key: card.due_on.isoformat() for card in all_of(RepeatCard)} == {
        "first": "2026-11-19", "both": "2026-11-19",
    }  # fmt: skip
    answer_all(amina, run, {**RIGHT, "first": {"choice": "1", "sure": "no"}})
    assert {card.question_key: bool(card.due_on) for card in all_of(RepeatCard)} == {"first": True, "both": False}


def test_the_last_go_ends_it_and_the_leader_can_give_another(app: Flask, cast: Cast, browse: Any) -> None:
    amina, brian = browse(cast.amina, at=NOW), browse(cast.brian, at=NOW)
    run = begin(amina, attempts=1)
    finish_reading(amina, run)
    answer_all(amina, run, WRONG)
    assert "used every go" in amina.get(f"/training/runs/{run}").text
    assert one_of(CourseRun).outcome == "failed"
    course = one_of(CourseRun).course_id
    assert "used every go" in amina.post(f"/training/courses/{course}/runs").text
    assert "has no go left" in brian.get("/inbox").text
    assert cast.amina.name in brian.get("/training/team").text
    assert browse(cast.dora, at=NOW).post(f"/training/runs/{run}/more").status_code == 404
    assert amina.post(f"/training/runs/{run}/more").status_code == 404
    assert brian.post(f"/training/runs/{run}/more").status_code == 303
    answer_all(amina, run, RIGHT)
    assert one_of(Completion).score == 100


def test_what_is_finished_is_not_begun_again(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina)
    finish_reading(amina, run)
    answer_all(amina, run, RIGHT)
    again = amina.post(f"/training/courses/{one_of(CourseRun).course_id}/runs")
    assert (again.status_code, "You have finished this course." in again.text) == (403, True)
    assert amina.get(f"/training/runs/{run}?lesson=read").status_code == 200


@pytest.mark.parametrize(
    ("key", "given", "sentence"),
    [
        ("first", {"sure": "yes"}, "Choose one"),
        ("first", {"choice": ["0", "1"], "sure": "yes"}, "Choose one"),
        ("first", {"choice": "7", "sure": "yes"}, "Choose one"),
        ("first", {"choice": "x", "sure": "yes"}, "Choose one"),
        ("first", {"choice": "1"}, "Say how sure you are"),
        ("both", {}, "Choose at least one"),
    ],
)
def test_half_an_answer_is_asked_for_again(
    app: Flask, cast: Cast, browse: Any, key: str, given: dict[str, Any], sentence: str
) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina)
    amina.post(f"/training/runs/{run}/lessons/check/attempts")
    refused = amina.post(f"/training/attempts/{one_of(QuizAttempt).id}/answers/{key}", given)
    assert (refused.status_code, sentence in refused.text) == (422, True)
    assert all_of(QuizAnswer) == []


def test_words_wait_for_the_leader_who_marks_them_once(app: Flask, cast: Cast, browse: Any) -> None:
    question = {"key": "words", "kind": "free", "text": "What do you say?", "explanation": "A name and a next step."}
    amina, brian = browse(cast.amina, at=NOW), browse(cast.brian, at=NOW)
    run = begin(amina, lessons=[{**LESSONS[1], "questions": [question]}])
    answer_all(amina, run, {"words": {"words": "I am Amina, let me look."}})
    assert "reads your own words" in amina.get(f"/training/runs/{run}").text
    assert "I am Amina" in brian.get("/training/marking").text
    assert "wrote an answer for you" in brian.get("/inbox").text
    answer = one_of(QuizAnswer).id
    for other in (cast.dora, cast.chloe, cast.amina):
        assert browse(other, at=NOW).post(f"/training/answers/{answer}/mark").status_code == 404
    missing = brian.post(f"/training/answers/{answer}/mark", {"right": "yes"})
    assert (missing.status_code, "Fill this in" in missing.text) == (422, True)
    marked = {"right": "yes", "words": "Warm and clear."}
    assert brian.post(f"/training/answers/{answer}/mark", marked).status_code == 303
    assert brian.post(f"/training/answers/{answer}/mark", marked).status_code == 404
    assert one_of(Completion).score == 100
    assert "Warm and clear." in amina.get(f"/training/runs/{run}?question=words").text


def test_nobody_opens_somebody_elses_run(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina)
    amina.post(f"/training/runs/{run}/lessons/check/attempts")
    attempt = one_of(QuizAttempt).id
    for other in (cast.brian, cast.chloe, cast.dora, cast.ruth, cast.kevin):
        browser = browse(other, at=NOW)
        assert browser.get(f"/training/runs/{run}").status_code == 404
        assert browser.post(f"/training/runs/{run}/lessons/read/completion").status_code == 404
        assert browser.post(f"/training/runs/{run}/lessons/check/attempts").status_code == 404
        assert browser.post(f"/training/attempts/{attempt}/answers/first", RIGHT["first"]).status_code == 404
    assert all_of(QuizAnswer) == []


def test_a_lesson_is_rated_without_a_name_after_it_was_read(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOW)
    run = begin(amina)
    early = amina.post(f"/training/runs/{run}/lessons/read/rating", {"helped": "3"})
    assert (early.status_code, "Go through the lesson first." in early.text) == (409, True)
    finish_reading(amina, run)
    assert amina.post(f"/training/runs/{run}/lessons/read/rating", {}).status_code == 422
    assert (
        amina.post(f"/training/runs/{run}/lessons/read/rating", {"helped": "1", "words": "Too long"}).status_code == 303
    )
    assert "You have said so" in amina.get(f"/training/runs/{run}?lesson=read").text
