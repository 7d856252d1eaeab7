"""Interactions that other programs bring in."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.api.conftest import Program, an_interaction_body
from tests.conftest import Cast
from tracker.core.db import db, transaction
from tracker.invitations.deciding import decide_due
from tracker.invitations.models import CustomerContact, Invitation
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
    kept = {"id": 0, "source": "pos", "external_id": "visit-1", "state": "known", "invitation": None}
    assert {**answer.json, "id": 0} == kept
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


def test_a_contact_plans_an_invitation_or_says_why_not(program: Make, cast: Cast) -> None:
    tills, contact = program(), {"email": "Customer@Example.org", "language": "sw"}
    ended_at = "2026-11-18T11:50:00+03:00"
    planned = tills.post("/interactions", an_interaction_body(contact=contact, ended_at=ended_at)).json["invitation"]
    assert planned == {"state": "planned", "due_at": "2026-11-18T09:50:00Z", "reason": None}
    others: list[tuple[dict[str, Any], str]] = [
        ({"employee": "Achieng O."}, "handler_unknown"),
        ({"invited_at": ended_at}, "asked_elsewhere"),
        ({"ended_at": "2026-11-01T11:50:00+03:00"}, "too_late"),
    ]
    for number, (values, reason) in enumerate(others):
        body = an_interaction_body(
            **{"contact": contact, "ended_at": ended_at, **values}, external_id=f"other-{number}"
        )
        answer = tills.post("/interactions", body)
        assert answer.json["invitation"] == {"state": "skipped", "due_at": None, "reason": reason}
    db.session.rollback()
    assert db.session.scalars(select(CustomerContact.email)).all() == ["customer@example.org"]
    assert set(db.session.scalars(select(Invitation.language))) == {"sw"}


def test_the_same_again_after_the_customer_was_asked_is_the_same(program: Make, cast: Cast) -> None:
    """The product has noted in invited_at that it asked; what was sent says nothing of it."""
    tills, body = program(), an_interaction_body(contact={"email": "customer@example.org"})
    assert tills.post("/interactions", body).json["invitation"]["state"] == "planned"
    with transaction():
        assert decide_due(datetime(2026, 11, 18, 9, 0, tzinfo=UTC)) == 1
    again = tills.post("/interactions", body)
    assert (again.status_code, again.json["invitation"]["state"]) == (200, "asked")
    other = tills.post("/interactions", {**body, "contact": {"email": "else@example.org"}})
    assert other.status_code == 409
    assert tills.post("/interactions", an_interaction_body(place="till 5")).status_code == 409


@pytest.mark.parametrize(
    "contact", [{"email": "no address"}, {"email": "a@b.co", "language": "de"}, {}, {"phone": "1"}]
)
def test_a_contact_that_cannot_be_is_refused(program: Make, contact: dict[str, str]) -> None:
    answer = program().post("/interactions", an_interaction_body(contact=contact))
    assert answer.status_code == 422
    assert {error["field"].split(".")[0] for error in answer.json["errors"]} == {"contact"}
    assert interactions() == []
