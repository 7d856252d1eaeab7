"""What stood in the way: named as a complaint is closed, and counted where nobody can be told by it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_person, a_rating, a_touchpoint
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.errors import Invalid
from tracker.organisation.models import Person
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Obstacle
from tracker.ratings.obstacles import KINDS, Named, name_obstacle_of_case
from tracker.recovery.actions import close, record_contact
from tracker.recovery.models import RecoveryCase
from tracker.recovery.opening import open_case

NOWHERE: dict[str, Any] = {"rating": None, "team_id": None, "touchpoint_id": None, "driver": None}
DONE = {"outcome": "unsolved", "words": "Explained the rule.", "cause": "process", "driver": "", "given": "nothing"}


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


def opened(person: Person) -> RecoveryCase:
    touchpoint = a_touchpoint("Tills")
    rating = a_rating(person, 1, at=NOW - timedelta(hours=1), touchpoint_id=touchpoint.id)
    found = open_case(rating, contact="0722", at=NOW)
    assert found is not None
    return found


@pytest.fixture
def case(cast: Cast) -> RecoveryCase:
    with transaction():
        return opened(cast.amina)


def named() -> list[Obstacle]:
    db.session.rollback()
    return list(db.session.scalars(select(Obstacle).order_by(Obstacle.id)))


def test_it_is_named_as_a_complaint_is_closed(cast: Cast, case: RecoveryCase, people: dict[str, Browser]) -> None:
    page = f"/complaints/{case.id}"
    assert people["brian"].post(f"{page}/closing", {**DONE, "obstacle": "policy"}).status_code == 303
    (found,) = named()
    rating = db.session.scalars(select(Rating)).one()
    assert (found.kind, found.case_id, found.rating_id, found.team_id) == ("policy", case.id, rating.id, cast.tills.id)
    assert (found.rated_on, found.stars, found.person_id) == (rating.rated_on, 1, cast.amina.id)
    assert (found.touchpoint_id, found.said_by_id, found.said_at) == (case.touchpoint_id, cast.brian.id, NOW)
    assert "In the way stood: A rule of ours" in people["brian"].get(page).text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "obstacle.named")).one()
    assert entry.details == {"kind": "policy", "case": case.id}
    assert people["brian"].post(f"{page}/closing", {**DONE, "obstacle": "stock"}).status_code == 409
    assert len(named()) == 1


def test_nobody_has_to_name_one(case: RecoveryCase, people: dict[str, Browser]) -> None:
    assert people["brian"].post(f"/complaints/{case.id}/closing", DONE).status_code == 303
    assert named() == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"cause": "person", "obstacle": "policy"}, "This goes with how we work or with what we sell"),
        ({"obstacle": "weather"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_answered(
    case: RecoveryCase, people: dict[str, Browser], values: dict[str, str], words: str
) -> None:
    answer = people["brian"].post(f"/complaints/{case.id}/closing", {**DONE, **values})
    assert answer.status_code == 422
    assert words in answer.text
    assert named() == []


def test_others_name_none(case: RecoveryCase, people: dict[str, Browser]) -> None:
    sent = {**DONE, "obstacle": "policy"}
    assert people["dora"].post(f"/complaints/{case.id}/closing", sent).status_code == 404
    assert people["chloe"].post(f"/complaints/{case.id}/closing", sent).status_code == 404
    assert people["amina"].post(f"/complaints/{case.id}/closing", sent).status_code == 403
    assert named() == []


def test_the_action_refuses_it_too(cast: Cast, case: RecoveryCase) -> None:
    found = db.session.get_one(RecoveryCase, case.id)
    with pytest.raises(Invalid):
        close(
            found,
            outcome="unsolved",
            words="x",
            by=1,
            at=NOW,
            cause="person",
            driver=None,
            obstacle=Named(kind="policy"),
        )


def test_one_of_a_complaint(cast: Cast, case: RecoveryCase) -> None:
    with transaction():
        name_obstacle_of_case(case.id, Named(kind="stock"), **NOWHERE, by=cast.brian.id, at=NOW)
    with pytest.raises(IntegrityError):
        name_obstacle_of_case(case.id, Named(kind="policy"), **NOWHERE, by=cast.brian.id, at=NOW)


def test_every_kind_can_be_stored(cast: Cast) -> None:
    for kind in KINDS:
        with transaction():
            name_obstacle_of_case(opened(cast.amina).id, Named(kind=kind), **NOWHERE, by=cast.brian.id, at=NOW)
    assert {found.kind for found in named()} == set(KINDS)


def test_the_report_counts_by_it_and_hides_what_would_tell(cast: Cast, people: dict[str, Browser]) -> None:
    assert "By what stood in the way" not in people["brian"].get("/complaints/report").text
    with transaction():
        for number in range(12):
            case = opened(a_person(team=cast.tills))
            record_contact(case, "Called.", reached=True, by=cast.brian.id, at=NOW)
            kind = "stock" if number < 6 else "policy" if number < 7 else None
            closing: dict[str, Any] = {"outcome": "solved", "words": "x", "cause": "process", "driver": None}
            close(case, **closing, obstacle=Named(kind=kind) if kind else None, by=cast.brian.id, at=NOW)
    of_brian = people["brian"].get("/complaints/report").text
    rows = of_brian.rsplit("By what stood in the way", 1)[1].split("</table>")[0]
    assert "A rule of ours" in rows
    assert "Nothing named" in rows
    assert "hidden" not in rows
    of_hr = people["chloe"].get("/complaints/report").text
    rows = of_hr.rsplit("By what stood in the way", 1)[1].split("</table>")[0]
    # One person stands behind “policy”, and the sum would tell it: a second group is hidden with it.
    assert rows.count("hidden to protect people") == 2
    assert "Something was not there" in rows
