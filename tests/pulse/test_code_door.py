"""The door for slips: forgiving of how a code is typed, the same answer to every wrong one, and nobody is known there."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conftest import Cast
from tests.pulse.rounds import OPENS, an_open_round, closed
from tests.pulse.slips import a_slip, without_mail
from tests.pulse.walking import carried, go_on, last_question
from tracker.access.models import Throttle
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.pulse.answering import code_hash
from tracker.pulse.codes import ALPHABET, bare, new_code
from tracker.pulse.guessing import FREE_GUESSES
from tracker.pulse.models import PulseBox, PulseCode, PulseMember

TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
WRONG = "This code is not one of this round."


@pytest.fixture(autouse=True)
def during_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: OPENS.replace(hour=9))


def boxes() -> int:
    return db.session.scalar(select(func.count()).select_from(PulseBox)) or 0


def test_a_slip_from_the_door_to_the_box(cast: Cast, browse: Any) -> None:
    code = a_slip(an_open_round(uses_codes=True), cast.tills.name)
    somebody = browse(None)
    assert "Enter the code on your slip" in somebody.get("/pulse/code").text
    page = somebody.post("/pulse/code", {"code": code.lower().replace("-", " ").replace("0", "o").replace("1", "l")})
    assert "Question 1 of 5" in page.text
    assert bare(carried(page)["code"]) == bare(code), "it travels in the form"
    done = go_on(somebody, last_question(somebody, page, {2: "Longer breaks"}), answer="2")
    assert "Your answers are in the box" in done.text
    assert "Keep this code" in done.text
    assert code not in done.text
    assert "Your slip is used up" in done.text
    assert boxes() == 1
    assert db.session.get_one(PulseCode, code_hash(code)).used


def test_whoever_kept_a_code_cannot_look_whether_it_was_used(cast: Cast, browse: Any) -> None:
    """Up to the last step a used slip is like a fresh one; only whoever sends learns it."""
    round_id = an_open_round(uses_codes=True)
    used, fresh = a_slip(round_id, cast.tills.name), a_slip(round_id, cast.tills.name)
    somebody = browse(None)
    page = last_question(somebody, somebody.post("/pulse/code", {"code": used}))
    assert go_on(somebody, page, answer="2").status_code == 200
    seen = []
    for code in (used, fresh):
        first = somebody.post("/pulse/code", {"code": code})
        last = last_question(somebody, first)
        seen.append([(page.status_code, TOKEN.sub("", page.text).replace(code, "")) for page in (first, last)])
    assert seen[0] == seen[1]
    refused = go_on(somebody, last_question(somebody, somebody.post("/pulse/code", {"code": used})), answer="3")
    assert (refused.status_code, boxes()) == (409, 1)
    assert "One person, one answer" in refused.text


def test_wrong_and_old_codes_look_the_same(cast: Cast, browse: Any) -> None:
    round_id = an_open_round(uses_codes=True)
    used, old = a_slip(round_id, cast.tills.name), a_slip(round_id, cast.tills.name)
    somebody = browse(None)
    page = last_question(somebody, somebody.post("/pulse/code", {"code": used}))
    assert go_on(somebody, page, answer="2").status_code == 200
    answers = [somebody.post("/pulse/code", {"code": code}) for code in (new_code(), "", "x" * 500, "'; --")]
    late = last_question(somebody, somebody.post("/pulse/code", {"code": old}))
    closed(round_id)
    answers += [somebody.post("/pulse/code", {"code": code}) for code in (old, used)]
    answers += [go_on(somebody, late, answer="3"), go_on(somebody, page, answer="2")]
    assert {answer.status_code for answer in answers} == {422}
    assert len({TOKEN.sub("", answer.text) for answer in answers}) == 1
    assert WRONG in answers[0].text


def test_guesses_are_counted_by_address_and_wait(cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code = a_slip(an_open_round(uses_codes=True), cast.tills.name)
    signed_in, somebody = browse(cast.amina, at=OPENS), browse(None)
    for _number in range(FREE_GUESSES):
        assert signed_in.post("/pulse/code", {"code": new_code()}).status_code == 422
    row = db.session.scalars(select(Throttle)).one()
    assert row.key.startswith("pulse:")
    assert "127.0.0.1" not in row.key
    blocked = somebody.post("/pulse/code", {"code": code})
    assert blocked.status_code == 429
    assert "Too many codes were tried from here" in blocked.text
    elsewhere = somebody.post("/pulse/code", {"code": code}, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 200
    monkeypatch.setattr(clock, "now", lambda: OPENS + timedelta(days=1))
    assert somebody.post("/pulse/code", {"code": code}).status_code == 200


def test_who_has_a_code_cannot_answer_signed_in(cast: Cast, browse: Any) -> None:
    without_mail(cast.kevin)
    round_id = an_open_round(uses_codes=True)
    kevin = browse(cast.kevin, at=OPENS)
    assert "You answer this round with a code on paper." in kevin.get("/pulse").text
    assert kevin.get("/pulse/answers").headers["Location"] == "/pulse"
    amina = browse(cast.amina, at=OPENS)
    sent = carried(last_question(amina, amina.get("/pulse/answers")))
    refused = kevin.post("/pulse/answers", {**sent, "answer": "4", "go": "next"})
    assert refused.status_code == 409
    assert "Whoever answers by code" in refused.text
    assert boxes() == 0
    code = a_slip(round_id, cast.tills.name)
    page = last_question(kevin, kevin.post("/pulse/code", {"code": code}))
    assert go_on(kevin, page, answer="4").status_code == 200
    assert not db.session.get_one(PulseMember, (round_id, cast.kevin.id)).answered


def test_a_slip_answers_its_own_round_only(cast: Cast, browse: Any) -> None:
    round_id = an_open_round(uses_codes=True)
    code = a_slip(round_id, cast.tills.name)
    somebody = browse(None)
    page = last_question(somebody, somebody.post("/pulse/code", {"code": code}))
    assert go_on(somebody, page, answer="2", round=str(round_id + 1)).status_code == 409
    assert go_on(somebody, page, answer="2", code=new_code()).status_code == 422
    assert boxes() == 0


def test_the_door_speaks_three_languages(cast: Cast, browse: Any) -> None:
    code = a_slip(an_open_round(uses_codes=True), cast.tills.name)
    somebody = browse(None)
    assert "Saisissez le code inscrit sur votre coupon" in somebody.get("/pulse/code?language=fr").text
    page = somebody.post("/pulse/code?language=sw", {"code": code})
    assert "Nakubali kabisa" in page.text
    assert "Swali la 2 kati ya 5" in go_on(somebody, page, answer="3").text


def test_nobody_is_known_at_the_door(cast: Cast, browse: Any) -> None:
    """A browser that is signed in shows nothing of who it is, not even in its language."""
    an_open_round(uses_codes=True)
    with transaction():
        db.session.get_one(Person, cast.amina.id).language = "sw"
    page = browse(cast.amina, at=OPENS).get("/pulse/code")
    assert '<html lang="en">' in page.text
    assert "Amina" not in page.text


def test_codes_have_eighty_bits() -> None:
    codes = [bare(new_code()) for _ in range(200)]
    assert len(set(codes)) == 200
    assert {len(code) for code in codes} == {16}
    assert set("".join(codes)) == set(ALPHABET)
    assert len(set(ALPHABET)) == 32
