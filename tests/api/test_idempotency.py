"""The same request again gets the very same answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.api.conftest import NOW, Program, a_rating_body
from tests.conftest import Cast
from tracker.api import actions
from tracker.api.jobs import forget_answers
from tracker.api.keeping import Claim, claim
from tracker.api.models import KeptAnswer
from tracker.api.rules import request_hash
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict
from tracker.ratings.models import Rating

Make = Callable[..., Program]


def stored() -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(Rating)).one()


def kept() -> list[KeptAnswer]:
    db.session.rollback()
    return list(db.session.scalars(select(KeptAnswer).execution_options(populate_existing=True)))


def test_the_same_request_gets_the_same_answer_also_when_things_have_changed(program: Make) -> None:
    tills = program()
    first = tills.post("/ratings", a_rating_body(), key="k-1")
    with transaction():
        db.session.delete(db.session.scalars(select(Rating)).one())
    again = tills.post("/ratings", a_rating_body(), key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert first.mimetype == again.mimetype
    assert again.headers["Idempotency-Replayed"] == "true"
    assert stored() == 0


def test_the_order_of_names_and_white_space_make_no_other_request(program: Make) -> None:
    tills = program()
    tills.post("/ratings", a_rating_body(), key="k-1")
    backwards = dict(reversed(a_rating_body().items()))
    assert tills.post("/ratings", backwards, key="k-1").status_code == 201


def test_the_same_key_with_another_body_is_refused(program: Make) -> None:
    tills = program()
    tills.post("/ratings", a_rating_body(), key="k-1")
    answer = tills.post("/ratings", a_rating_body(external_id="2"), key="k-1")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert "another request" in answer.json["detail"]
    assert stored() == 1


def test_a_key_belongs_to_its_token(program: Make) -> None:
    program().post("/ratings", a_rating_body(), key="k-1")
    assert program().post("/ratings", a_rating_body(external_id="2"), key="k-1").status_code == 201


def test_a_refusal_is_kept_too(program: Make) -> None:
    tills = program()
    tills.post("/ratings", a_rating_body())
    other = a_rating_body(stars=1)
    first = tills.post("/ratings", other, key="k-1")
    with transaction():
        db.session.delete(db.session.scalars(select(Rating)).one())
    again = tills.post("/ratings", other, key="k-1")
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.data == again.data
    assert again.mimetype == "application/problem+json"


def test_a_mistake_in_the_request_is_not_kept(program: Make) -> None:
    """It was never worked on: put right, it may go out under the same key."""
    tills = program()
    for wrong in ({"stars": 6}, {"touchpoint": "Roof"}):
        assert tills.post("/ratings", a_rating_body(**wrong), key="k-1").status_code == 422
        assert kept() == []
    assert tills.post("/ratings", a_rating_body(), key="k-1").status_code == 201


def test_a_crash_of_ours_is_not_kept(program: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_arguments: Any, **_named: Any) -> None:
        raise ZeroDivisionError("secret words")

    tills = program()
    with monkeypatch.context() as patch:
        patch.setattr(actions, "take_rating", crash)
        answer = tills.post("/ratings", a_rating_body(), key="k-1")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert answer.json["reference"]
    assert "secret" not in answer.text
    assert "Zero" not in answer.text
    assert kept() == []
    assert tills.post("/ratings", a_rating_body(), key="k-1").status_code == 201


def test_while_one_is_worked_on_the_same_is_told_so(program: Make) -> None:
    tills = program()
    tills.post("/ratings", a_rating_body(), key="k-0")
    token_id = kept()[0].token_id
    asked = request_hash("POST", "/api/v1/ratings", a_rating_body())
    assert isinstance(claim(token_id, "k-1", asked, at=NOW), Claim)
    answer = tills.post("/ratings", a_rating_body(), key="k-1")
    assert answer.status_code == 409
    assert "being worked on" in answer.json["detail"]
    with clock.set_to(NOW + timedelta(minutes=2)):  # whoever began is dead
        assert tills.post("/ratings", a_rating_body(), key="k-1").status_code == 200


def test_who_was_taken_over_stores_nothing(program: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that comes back to life after its turn was given away changes nothing."""
    take = actions.take_rating

    def slow(*arguments: Any, **named: Any) -> Any:
        taken = take(*arguments, **named)
        db.session.execute(update(KeptAnswer).values(claim="somebody else"))
        return taken

    monkeypatch.setattr(actions, "take_rating", slow)
    assert program().post("/ratings", a_rating_body(), key="k-1").status_code == 409
    assert stored() == 0


def test_twenty_at_once_are_done_once(app: Flask, program: Make) -> None:
    tills = program()

    def post(_number: int) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {tills.secret}", "Idempotency-Key": "k-1"}
        answer = app.test_client().post("/api/v1/ratings", json=a_rating_body(), headers=headers)
        return answer.status_code, answer.data if answer.status_code == 201 else b""

    db.session.rollback()
    db.session.remove()
    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(post, range(20)))
    assert {status for status, _body in answers} <= {201, 409}
    assert len([body for status, body in answers if status == 201]) == 1
    assert stored() == 1


def test_answers_are_forgotten_after_a_day(program: Make) -> None:
    tills = program()
    tills.post("/ratings", a_rating_body(), key="k-1")
    assert forget_answers(NOW + timedelta(hours=23)) == 0
    with clock.set_to(NOW + timedelta(hours=24, seconds=1)):  # also where the job has not come by yet
        assert tills.post("/ratings", a_rating_body(external_id="2"), key="k-1").status_code == 201
    assert forget_answers(NOW + timedelta(hours=49)) == 1
    assert kept() == []


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "naïve"])
def test_a_key_is_one_short_word(program: Make, key: str) -> None:
    answer = program().post("/ratings", a_rating_body(), headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["Idempotency-Key"]
    assert stored() == 0


def test_a_claim_of_nobody_known_is_no_answer(program: Make) -> None:
    program().post("/ratings", a_rating_body(), key="k-0")
    token_id = kept()[0].token_id
    claim(token_id, "k-1", "hash", at=NOW)
    with pytest.raises(Conflict):
        claim(token_id, "k-1", "hash", at=NOW)


def test_the_answer_is_stored_with_the_deed(program: Make, cast: Cast) -> None:
    program().post("/ratings", a_rating_body(), key="k-1")
    (answer,) = kept()
    assert answer.status == 201
    assert answer.body is not None
    assert '"credited"' in answer.body
