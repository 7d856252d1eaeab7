"""Whoever holds a number learns whether the paper is true, and nothing more."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import NOW, Cast
from tests.training.certificates import a_certificate, a_certified_course
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.training.certificate_models import Certificate

TODAY = NOW.date()
LATELY = TODAY - timedelta(days=3)


def test_a_stranger_reads_what_the_paper_says(app: Flask, cast: Cast, browse: Any) -> None:
    certificate = a_certificate(cast.amina, a_certified_course(), on=LATELY)
    page = browse(None).get(f"/verify/{certificate.number}")
    assert page.status_code == 200
    for words in ("This certificate is valid", "Amina Otieno", "Data protection at the till", "Zawadora"):
        assert words in page.text
    for hidden in ("N-0412", "tills", "Brian", str(cast.amina.email), "90", "/certificates/"):
        assert hidden not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]


@pytest.mark.parametrize("language", ["sw", "fr"])
def test_it_speaks_three_languages(app: Flask, cast: Cast, browse: Any, language: str) -> None:
    certificate = a_certificate(cast.amina, a_certified_course(), on=LATELY)
    page = browse(None).get(f"/verify/{certificate.number}?language={language}").text
    assert f'<html lang="{language}"' in page
    assert "This certificate is valid" not in page


def test_it_says_how_it_stands_today(app: Flask, cast: Cast, browse: Any) -> None:
    course, returns = a_certified_course(), a_certified_course("Returns")
    old = a_certificate(cast.amina, course, on=TODAY - timedelta(days=700))
    new = a_certificate(cast.amina, course, on=LATELY)
    over = a_certificate(cast.kevin, course, on=TODAY - timedelta(days=700))
    ended = a_certificate(cast.amina, returns, on=LATELY)
    with transaction():
        db.session.get_one(Certificate, ended.id).ended_on = TODAY - timedelta(days=1)
    pages = [browse(None).get(f"/verify/{one.number}").text for one in (old, over, ended)]
    assert "was replaced by a newer one" in pages[0]
    assert new.number not in pages[0]
    assert str(new.expires_on.year if new.expires_on else "?") not in pages[0]  # no more than the paper says
    assert "has ended" in pages[1]
    assert "Ended on" in pages[2]


def test_numbers_that_are_not_ours_get_one_answer(app: Flask, cast: Cast, browse: Any) -> None:
    a_certificate(cast.amina, a_certified_course(), on=LATELY)
    browser = browse(None)
    answers = [browser.get(f"/verify/{number}") for number in ("x", "A" * 24, "é" * 24, "1" * 900)]
    answers.append(browser.post("/verify", {"number": "B" * 24}))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1


def test_the_number_can_be_typed(app: Flask, cast: Cast, browse: Any) -> None:
    certificate = a_certificate(cast.amina, a_certified_course(), on=LATELY)
    browser = browse(None)
    assert "Check a certificate" in browser.get("/verify").text
    answer = browser.post("/verify", {"number": f" {certificate.number[:12]} {certificate.number[12:]} "})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/verify/{certificate.number}")


def test_guessing_is_held_back_by_address(app: Flask, cast: Cast, browse: Any) -> None:
    certificate = a_certificate(cast.amina, a_certified_course(), on=LATELY)
    browser, url = browse(None), f"/verify/{certificate.number}"
    answers = [browser.post("/verify", {"number": f"{number:024}"}) for number in range(25)]
    assert {answer.status_code for answer in answers[:20]} == {404}
    assert {answer.status_code for answer in answers[21:]} == {429}
    assert "Too many numbers were tried" in answers[-1].text
    assert browser.post("/verify", {"number": certificate.number}).status_code == 429
    assert browser.get(url).status_code == 200, "a paper in somebody's hand is not ours to doubt"


def test_a_name_that_is_gone_is_said_to_be(app: Flask, cast: Cast, browse: Any) -> None:
    certificate = a_certificate(cast.amina, a_certified_course(), on=LATELY)
    with transaction():
        db.session.get_one(Person, cast.amina.id).name = ""
    page = browse(None).get(f"/verify/{certificate.number}").text
    assert "The name is no longer kept" in page
    assert "Amina" not in page


def test_whoever_is_signed_in_may_look_too(app: Flask, cast: Cast, browse: Any) -> None:
    certificate = a_certificate(cast.amina, a_certified_course(), on=LATELY)
    assert browse(cast.dora).get(f"/verify/{certificate.number}").status_code == 200
