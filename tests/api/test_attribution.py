"""Who is credited with what other programs bring in: by name, else by post; and what is handed on later."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.api.conftest import Program, a_rating_body, an_interaction_body
from tests.conftest import Cast
from tests.factories import a_shift
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.ratings import rollup
from tracker.ratings.ledger_models import Contribution, Transfer
from tracker.ratings.models import Interaction, Rating

Make = Callable[..., Program]
TEN = datetime(2026, 11, 17, 7, 0, tzinfo=UTC)  # ten in Nairobi, when service ends
HOUR = timedelta(hours=1)
VISIT = {"source": "pos", "external_id": "visit-1"}


def the_interaction() -> Interaction:
    db.session.rollback()
    return db.session.scalars(select(Interaction)).one()


def the_rating() -> Rating:
    db.session.rollback()
    return db.session.scalars(select(Rating)).one()


def handed(to: str, at: str, **values: Any) -> dict[str, Any]:
    return {**VISIT, "employee": to, "transferred_at": at, **values}


@pytest.fixture
def till(cast: Cast) -> None:
    with transaction():
        a_shift("Till 4", cast.amina, TEN - HOUR, TEN + HOUR)


def test_a_place_without_an_employee_is_who_held_it(program: Make, cast: Cast, till: None) -> None:
    pos = program()
    assert pos.post("/interactions", an_interaction_body(employee=None)).json["state"] == "known"
    served = the_interaction()
    assert (served.person_id, served.handled_how, served.team_id) == (cast.amina.id, "post", cast.tills.id)
    assert pos.post("/interactions", an_interaction_body(employee=None)).status_code == 200
    pos.post("/ratings", a_rating_body(employee=None, interaction=VISIT))
    rating = the_rating()
    assert (rating.person_id, rating.handled_how, rating.place) == (cast.amina.id, "post", "till 4")


def test_a_name_that_is_nobodys_is_not_overruled_by_a_post(program: Make, cast: Cast, till: None) -> None:
    pos = program()
    pos.post("/interactions", an_interaction_body(employee="Achieng O."))
    pos.post("/ratings", a_rating_body(employee=None, interaction=VISIT))
    assert (the_interaction().person_id, the_rating().person_id, the_rating().handled_how) == (None, None, None)


def test_a_shift_that_is_entered_before_the_rating_comes_is_in_time(program: Make, cast: Cast) -> None:
    pos = program()
    pos.post("/interactions", an_interaction_body(employee=None))
    with transaction():
        a_shift("Till 4", cast.kevin, TEN - HOUR, TEN + HOUR)
    pos.post("/ratings", a_rating_body(employee=None, interaction=VISIT))
    assert (the_rating().person_id, the_rating().handled_how) == (cast.kevin.id, "post")


def test_nobody_is_credited_by_a_post_through_a_token_of_their_own(program: Make, cast: Cast) -> None:
    with transaction():
        a_shift("Till 4", cast.ruth, TEN - HOUR, TEN + HOUR)
    pos = program(cast.ruth)
    assert pos.post("/interactions", an_interaction_body(employee=None)).json["state"] == "unknown"
    pos.post("/ratings", a_rating_body(employee=None, interaction=VISIT))
    assert the_rating().person_id is None


def test_helpers_are_kept_and_count_for_nothing(program: Make, cast: Cast) -> None:
    pos = program()
    body = an_interaction_body(contributors=["Kevin Odhiambo", "N-0412"])
    assert pos.post("/interactions", body).status_code == 201
    assert pos.post("/interactions", body).status_code == 200
    assert pos.post("/interactions", an_interaction_body()).status_code == 409
    db.session.rollback()
    assert list(db.session.scalars(select(Contribution.person_id))) == [cast.kevin.id]
    pos.post("/ratings", a_rating_body(interaction=VISIT))
    assert the_rating().person_id == cast.amina.id
    assert rollup.differences() == {}


@pytest.mark.parametrize("name", ["Nobody Here", "Ruth Kiprop"])  # Ruth made the token
def test_a_helper_who_cannot_be_one_is_refused(program: Make, cast: Cast, name: str) -> None:
    answer = program(cast.ruth).post("/interactions", an_interaction_body(contributors=["Kevin Odhiambo", name]))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["contributors.1"]
    assert db.session.scalars(select(Interaction)).all() == []


def test_before_service_ended_the_handler_changes(program: Make, cast: Cast) -> None:
    pos = program()
    pos.post("/interactions", an_interaction_body())
    answer = pos.post("/interactions/transfers", handed("Dora Mwangi", "2026-11-17T09:55:00+03:00"))
    assert (answer.status_code, answer.json["state"]) == (201, "handler_changed")
    served = the_interaction()
    assert served.person_id == cast.dora.id
    assert served.team_id != cast.tills.id
    pos.post("/ratings", a_rating_body(employee=None, interaction=VISIT))
    assert (the_rating().person_id, the_rating().transferred_at) == (cast.dora.id, None)


def test_after_service_ended_it_is_noted_and_nothing_moves(program: Make, cast: Cast) -> None:
    pos = program()
    pos.post("/interactions", an_interaction_body())
    answer = pos.post("/interactions/transfers", handed("Kevin Odhiambo", "2026-11-17T10:05:00+03:00"))
    assert (answer.status_code, answer.json["state"]) == (201, "noted")
    pos.post("/ratings", a_rating_body(employee=None, interaction=VISIT))
    assert (the_interaction().person_id, the_rating().person_id) == (cast.amina.id, cast.amina.id)
    assert the_rating().transferred_at is None


@pytest.mark.parametrize("moment", ["2026-11-17T11:00:00+03:00", "2026-11-17T09:55:00+03:00"])
def test_after_the_rating_it_is_flagged(program: Make, cast: Cast, now: datetime, moment: str) -> None:
    pos = program()
    pos.post("/interactions", an_interaction_body())
    pos.post("/ratings", a_rating_body(interaction=VISIT))
    answer = pos.post("/interactions/transfers", handed("Kevin Odhiambo", moment))
    assert (answer.status_code, answer.json["state"]) == (201, "noted_after_rating")
    rating = the_rating()
    assert (rating.person_id, rating.handled_by_id, rating.transferred_at) == (cast.amina.id, cast.amina.id, now)
    assert the_interaction().person_id == cast.amina.id
    assert {"rating.transferred", "interaction.transferred"} <= set(db.session.scalars(select(AuditEntry.action)))
    assert rollup.differences() == {}
    again = pos.post("/interactions/transfers", handed("Kevin Odhiambo", moment))
    assert (again.status_code, again.json["id"]) == (200, answer.json["id"])
    assert pos.post("/interactions/transfers", handed("Dora Mwangi", moment)).status_code == 409


def test_handed_to_nobody_known(program: Make, cast: Cast) -> None:
    pos = program()
    pos.post("/interactions", an_interaction_body())
    assert pos.post("/interactions/transfers", handed("Night desk", "2026-11-17T09:55:00+03:00")).status_code == 201
    db.session.rollback()
    entry = db.session.scalars(select(Transfer)).one()
    assert (entry.to_person_id, entry.to_reference, entry.moved_handler) == (None, "Night desk", True)
    assert the_interaction().person_id is None


def test_handed_to_the_tokens_own_maker(program: Make, cast: Cast) -> None:
    pos = program(cast.ruth)
    pos.post("/interactions", an_interaction_body())
    pos.post("/interactions/transfers", handed("Ruth Kiprop", "2026-11-17T09:55:00+03:00"))
    assert the_interaction().person_id is None


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"external_id": "visit-2"}, 422),
        ({"employee": "N-0412"}, 409),  # has it already
        ({"employee": ""}, 422),
        ({"transferred_at": "2026-11-19T10:00:00+03:00"}, 422),
        ({"reason": "no such field"}, 422),
    ],
)
def test_what_is_no_transfer(program: Make, cast: Cast, values: dict[str, Any], status: int) -> None:
    pos = program()
    pos.post("/interactions", an_interaction_body())
    given = handed("Kevin Odhiambo", "2026-11-17T10:05:00+03:00", **values)
    assert pos.post("/interactions/transfers", given).status_code == status
    assert db.session.scalars(select(Transfer)).all() == []


def test_a_token_without_the_scope_may_not(program: Make, cast: Cast) -> None:
    answer = program(None, "ratings:write").post("/interactions/transfers", handed("N-0412", "2026-11-17T10:05:00Z"))
    assert answer.status_code == 403
