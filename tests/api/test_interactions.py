"""Interactions that other programs bring in."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.api.conftest import Program, an_interaction_body
from tests.conftest import Cast
from tracker.core.db import db
from tracker.ratings.models import Interaction

Make = Callable[..., Program]


def interactions() -> list[Interaction]:
    db.session.rollback()
    return list(db.session.scalars(select(Interaction).order_by(Interaction.id)))


def test_an_interaction_freezes_who_handled_it(program: Make, cast: Cast) -> None:
    told = {"started_at": "2026-11-17T09:50:00+03:00", "queue_length": 3, "outcome": "sold"}
    body = an_interaction_body(**told, invited_at="2026-11-17T10:06:00+03:00")
    answer = program().post("/interactions", body)
    assert answer.status_code == 201
    assert {**answer.json, "id": 0} == {"id": 0, "source": "pos", "external_id": "visit-1", "state": "known"}
    (served,) = interactions()
    assert (served.person_id, served.team_id) == (cast.amina.id, cast.tills.id)
    assert (served.queue_length, served.outcome, served.place) == (3, "sold", "till 4")
    assert served.invited_at == datetime(2026, 11, 17, 7, 6, tzinfo=UTC)
    assert served.ended_on.isoformat() == "2026-11-17"
    assert served.created_by_id == cast.ruth.id


@pytest.mark.parametrize("employee", ["Achieng O.", None])
def test_nobody_known_is_kept_as_a_reference(program: Make, cast: Cast, employee: str | None) -> None:
    answer = program().post("/interactions", an_interaction_body(employee=employee))
    assert (answer.status_code, answer.json["state"]) == (201, "unknown")
    assert (interactions()[0].person_id, interactions()[0].employee_reference) == (None, employee)


def test_the_same_interaction_again_is_the_same(program: Make) -> None:
    tills = program()
    first, again = (tills.post("/interactions", an_interaction_body()) for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    other = tills.post("/interactions", an_interaction_body(place="till 5"))
    assert (other.status_code, other.mimetype) == (409, "application/problem+json")
    assert [served.place for served in interactions()] == ["till 4"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ended_at": None}, "ended_at"),
        ({"ended_at": "2026-11-19T10:00:00Z"}, "ended_at"),
        ({"started_at": "2026-11-17T10:00:01+03:00"}, "body"),
        ({"queue_length": -1}, "queue_length"),
        ({"queue_length": 1.5}, "queue_length"),
        ({"place": "x" * 81}, "place"),
        ({"created_by_id": 1}, "created_by_id"),
    ],
)
def test_what_cannot_be_used_is_refused_by_field(program: Make, values: dict[str, Any], field: str) -> None:
    answer = program().post("/interactions", an_interaction_body(**values))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert interactions() == []
