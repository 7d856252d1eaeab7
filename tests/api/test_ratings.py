"""Ratings that other programs bring in: once, credited to whom they name, and never dropped."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.api.conftest import NOW, Program, a_rating_body, an_interaction_body
from tests.conftest import Cast
from tests.factories import a_touchpoint
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.intake.actions import answer_link, open_link
from tracker.ratings import rollup
from tracker.ratings.import_models import Import
from tracker.ratings.models import CellWeek, Customer, Interaction, Rating, ScoreWeek, SurveyLink

Make = Callable[..., Program]


def ratings() -> list[Rating]:
    db.session.rollback()
    return list(db.session.scalars(select(Rating).order_by(Rating.id).execution_options(populate_existing=True)))


def test_a_rating_is_stored_credited_and_counted(program: Make, cast: Cast) -> None:
    answer = program().post(
        "/ratings",
        a_rating_body(
            comment=" Quick and kind.\r\nThanks\x00 ", customer="C-9", channel="mailed LINK", drivers=["effort"],
            emotions=["delighted"], interaction=None,
        ),
    )  # fmt: skip
    assert answer.status_code == 201
    assert {**answer.json, "id": 0} == {"id": 0, "source": "survey tool", "external_id": "1", "state": "credited"}
    (rating,) = ratings()
    assert (rating.person_id, rating.handled_by_id, rating.stars) == (cast.amina.id, cast.amina.id, 5)
    assert rating.comment == "Quick and kind.\nThanks"
    assert (rating.employee_reference, rating.drivers, rating.emotions) == ("N-0412", ["effort"], ["delighted"])
    assert rating.customer_id == db.session.scalar(select(Customer.id).where(Customer.reference == "C-9"))
    assert rating.channel_id is not None
    assert rollup.differences() == {}
    assert db.session.scalar(select(func.sum(ScoreWeek.n5))) == 1


def test_another_scale_is_converted_and_kept(program: Make) -> None:
    answer = program().post("/ratings", a_rating_body(stars=None, value=7, scale="nps"))
    assert answer.status_code == 201
    (rating,) = ratings()
    assert (rating.stars, rating.original_value, rating.original_scale) == (4, "7", "nps")


def test_whoever_is_not_known_waits_in_the_tray_with_the_reference(program: Make) -> None:
    for number, name in enumerate(("Achieng O.", None)):
        answer = program().post("/ratings", a_rating_body(external_id=str(number), employee=name))
        assert (answer.status_code, answer.json["state"]) == (201, "waiting")
    named, nameless = ratings()
    assert (named.person_id, named.employee_reference) == (None, "Achieng O.")
    assert (nameless.person_id, nameless.employee_reference) == (None, None)


def test_nobody_credits_a_rating_to_themselves(program: Make, cast: Cast) -> None:
    answer = program(cast.ruth).post("/ratings", a_rating_body(employee=cast.ruth.staff_number))
    assert (answer.status_code, answer.json["state"]) == (201, "waiting")
    assert ratings()[0].employee_reference == cast.ruth.staff_number


def test_the_same_rating_again_is_the_same_rating(program: Make) -> None:
    first = program().post("/ratings", a_rating_body(comment="Kind"))
    again = program().post("/ratings", a_rating_body(comment="Kind", rated_at="2026-11-17T07:15:00Z"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert len(ratings()) == 1


@pytest.mark.parametrize(
    "other", [{"stars": 4}, {"comment": "Rude"}, {"rated_at": "2026-11-17T10:16:00+03:00"}, {"employee": "T-1"}]
)
def test_the_same_key_with_other_content_is_refused(program: Make, other: dict[str, Any]) -> None:
    program().post("/ratings", a_rating_body(comment="Kind"))
    answer = program().post("/ratings", a_rating_body(**{"comment": "Kind", **other}))
    assert answer.status_code == 409
    assert answer.mimetype == "application/problem+json"
    assert "other content" in answer.json["detail"]
    (rating,) = ratings()
    assert (rating.stars, rating.comment) == (5, "Kind")


def test_fifty_posts_at_once_make_one_row(program: Make, app: Any) -> None:
    tills = program()

    def post(_number: int) -> int:
        headers = {"Authorization": f"Bearer {tills.secret}"}
        return app.test_client().post("/api/v1/ratings", json=a_rating_body(), headers=headers).status_code

    db.session.rollback()
    db.session.remove()
    with ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(post, range(50)))
    assert set(statuses) == {200, 201}
    assert len(ratings()) == 1
    assert rollup.differences() == {}


def test_a_rating_follows_its_interaction(program: Make, cast: Cast) -> None:
    tills = program()
    assert tills.post("/interactions", an_interaction_body()).status_code == 201
    body = a_rating_body(employee="T-nobody", touchpoint=None, interaction={"source": "pos", "external_id": "visit-1"})
    assert tills.post("/ratings", body).json["state"] == "credited"
    (rating,) = ratings()
    served = db.session.scalars(select(Interaction)).one()
    assert (rating.person_id, rating.interaction_id, rating.place) == (cast.amina.id, served.id, "till 4")
    assert (rating.touchpoint_id, rating.channel_id) == (served.touchpoint_id, served.channel_id)
    assert rating.customer_id == served.customer_id
    assert tills.post("/ratings", body).status_code == 200


def test_a_rating_that_comes_before_its_interaction_waits(program: Make) -> None:
    tills = program()
    body = a_rating_body(employee=None, touchpoint=None, interaction={"source": "pos", "external_id": "visit-1"})
    assert tills.post("/ratings", body).json["state"] == "waiting"
    assert ratings()[0].employee_reference == "pos visit-1"
    tills.post("/interactions", an_interaction_body())
    assert tills.post("/ratings", body).status_code == 200


def test_an_interaction_keeps_the_first_of_its_ratings(program: Make) -> None:
    tills = program()
    tills.post("/interactions", an_interaction_body())
    served = {"source": "pos", "external_id": "visit-1"}
    first = tills.post("/ratings", a_rating_body(interaction=served))
    for _time in range(2):
        second = tills.post("/ratings", a_rating_body(source="reviews", external_id="77", stars=1, interaction=served))
        assert second.status_code == 200
        assert second.json == {**first.json, "state": "rated_before"}
    assert [rating.stars for rating in ratings()] == [5]
    assert rollup.differences() == {}


def test_a_link_for_an_interaction_that_was_rated_shows_the_first_answer(
    program: Make, cast: Cast, browse: Any
) -> None:
    tills = program()
    with transaction():
        amina = db.session.merge(cast.amina)
        secret = open_link(amina, ended_at=NOW - timedelta(hours=1), by=cast.brian.id, at=NOW)
        served = db.session.scalars(select(Interaction)).one()
        served.source, served.external_id = "pos", "visit-9"
    body = a_rating_body(interaction={"source": "pos", "external_id": "visit-9"}, comment="First words")
    assert tills.post("/ratings", body).status_code == 201
    customer = browse(None)
    assert customer.post(f"/rate/{secret}", {"r": "1"}).status_code == 303
    page = customer.get(f"/rate/{secret}").text
    assert "The first answer is kept" in page
    assert "First words" in page
    assert [rating.stars for rating in ratings()] == [5]


def test_the_product_keeps_the_names_of_its_own_doors(program: Make) -> None:
    """Otherwise somebody could take the place of a customer's answer before it comes."""
    answer = program().post("/ratings", a_rating_body(source="Survey Link"))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "source"
    assert ratings() == []


def test_a_rating_of_a_file_that_is_being_read_is_asked_for_again(program: Make) -> None:
    program().post("/ratings", a_rating_body())
    with transaction():
        started = Import(source="survey tool", file_name="a.csv", started_at=NOW, alive_until=NOW)
        db.session.add(started)
        db.session.flush()
        ratings_there = db.session.scalars(select(Rating)).one()
        ratings_there.import_id = started.id
    answer = program().post("/ratings", a_rating_body())
    assert answer.status_code == 409
    assert "in a few minutes" in answer.json["detail"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"stars": None}, "body"),
        ({"stars": 5, "value": 9, "scale": "nps"}, "body"),
        ({"stars": None, "value": 9}, "body"),
        ({"stars": None, "value": 11, "scale": "nps"}, "body"),
        ({"stars": None, "value": 7.5, "scale": "nps"}, "body"),
        ({"stars": 6}, "stars"),
        ({"stars": True}, "stars"),
        ({"stars": "5"}, "stars"),
        ({"rated_at": "2026-11-17T10:15:00"}, "rated_at"),
        ({"rated_at": "0001-01-01T00:00:00+14:00"}, "rated_at"),
        ({"rated_at": "2026-11-18T09:06:00Z"}, "rated_at"),
        ({"rated_at": 5}, "rated_at"),
        ({"source": "  "}, "source"),
        ({"source": "a\x00b"}, "source"),
        ({"external_id": "x" * 121}, "external_id"),
        ({"touchpoint": "Roof"}, "touchpoint"),
        ({"channel": "Pigeon"}, "channel"),
        ({"emotions": ["angry"]}, "emotions.0"),
        ({"comment": "x" * 20_001}, "comment"),
        ({"person_id": 1}, "person_id"),
        ({"interaction": {"source": "pos"}}, "interaction.external_id"),
    ],
)
def test_what_cannot_be_used_is_refused_by_field(program: Make, values: dict[str, Any], field: str) -> None:
    answer = program().post("/ratings", a_rating_body(**values))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert all(error["problem"].endswith(".") for error in answer.json["errors"])
    assert ratings() == []


def test_answers_repeat_nothing_of_what_was_sent(program: Make) -> None:
    answer = program().post("/ratings", a_rating_body(comment="secret words" * 2_000))
    assert "secret words" not in answer.text


def test_answering_a_link_is_what_it_was(program: Make, cast: Cast) -> None:
    """The other door, with no other program in sight."""
    program()
    with transaction():
        amina = db.session.merge(cast.amina)
        open_link(amina, ended_at=NOW, by=cast.brian.id, at=NOW, touchpoint_id=a_touchpoint("Tills").id)
        link = db.session.scalars(select(SurveyLink)).one()
        db.session.refresh(link, ["interaction"])
        answer_link(link, stars=4, comment=None, emotions=[], drivers=[], at=NOW)
    (rating,) = ratings()
    assert (rating.source, rating.stars) == ("survey link", 4)


@pytest.mark.parametrize(("rated_at", "is_kept"), [("2026-11-17T10:00:00Z", True), ("2026-11-13T10:00:00Z", False)])
def test_a_rating_of_a_week_gone_by_thaws_what_was_frozen_since(program: Make, rated_at: str, is_kept: bool) -> None:
    with transaction():
        db.session.add(CellWeek(touchpoint_id=1, channel_id=0, week=clock.week_of(NOW.date()) - 1, mu=4.2))
    assert program().post("/ratings", a_rating_body(rated_at=rated_at)).status_code == 201
    db.session.rollback()
    assert (db.session.scalar(select(CellWeek.mu)) is not None) is is_kept
