"""Whoever manages a team names who stands in for them: dated, told, written down, and for nobody else’s team."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.factories import leads
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Person, Tenure

TODAY = NOW.date()
DAY = timedelta(days=1)


def named(person: Person, *, first: int = 1, last: int | None = 8) -> dict[str, str]:
    until = (TODAY + last * DAY).isoformat() if last is not None else ""
    return {"deputy-who": person.staff_number, "deputy-since": (TODAY + first * DAY).isoformat(), "deputy-last": until}


def deputies(cast: Cast) -> list[Tenure]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Tenure).where(Tenure.team_id == cast.tills.id, Tenure.kind == "deputy")))


def test_a_manager_names_a_deputy_who_is_told(app: Flask, cast: Cast, browse: Any) -> None:
    answer = browse(cast.brian).post(f"/teams/{cast.tills.id}/deputies", named(cast.dora))
    assert answer.status_code == 303
    (tenure,) = deputies(cast)
    assert (tenure.person_id, tenure.started_on, tenure.ended_on) == (cast.dora.id, TODAY + DAY, TODAY + 9 * DAY)
    assert [
        message.kind for message in db.session.scalars(select(Message).where(Message.person_id == cast.dora.id))
    ] == ["team.deputy"]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "team.deputy_appointed")).one()
    assert (entry.by_id, entry.person_id) == (cast.brian.id, cast.dora.id)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [(1, None, "Say until when"), (1, 0, "before the first"), (1, 86, "At most 12 weeks")],
)
def test_days_that_cannot_be_come_back_with_the_reason(
    app: Flask, cast: Cast, browse: Any, first: int, last: int | None, sentence: str
) -> None:
    answer = browse(cast.brian).post(f"/teams/{cast.tills.id}/deputies", named(cast.dora, first=first, last=last))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'id="error-summary"' in answer.text
    assert deputies(cast) == []


def test_twelve_weeks_to_the_day_are_taken(app: Flask, cast: Cast, browse: Any) -> None:
    answer = browse(cast.brian).post(f"/teams/{cast.tills.id}/deputies", named(cast.dora, first=1, last=85))
    assert answer.status_code == 303


def test_hr_may_leave_the_end_open(app: Flask, cast: Cast, browse: Any) -> None:
    assert browse(cast.chloe).post(f"/teams/{cast.tills.id}/deputies", named(cast.dora, last=None)).status_code == 303
    assert deputies(cast)[0].ended_on is None


def test_nobody_else_names_one(app: Flask, cast: Cast, browse: Any) -> None:
    """Neither a colleague, nor who leads another team or the one above, nor a deputy; and no manager names themselves."""
    with transaction():
        leads(cast.kevin, cast.tills, since=TODAY - DAY, kind="deputy")
    for person in (cast.amina, cast.dora, cast.faith, cast.kevin):
        assert browse(person).post(f"/teams/{cast.tills.id}/deputies", named(cast.amina)).status_code == 403
    assert browse(cast.brian).post("/teams/999999/deputies", named(cast.dora)).status_code == 404
    assert browse(cast.brian).post(f"/teams/{cast.tills.id}/deputies", named(cast.brian)).status_code == 403
    assert [tenure.person_id for tenure in deputies(cast)] == [cast.kevin.id]


def test_the_form_is_there_for_the_manager_alone(app: Flask, cast: Cast, browse: Any) -> None:
    assert "New deputy" in browse(cast.brian).get(f"/teams/{cast.tills.id}").text
    assert "New manager" not in browse(cast.brian).get(f"/teams/{cast.tills.id}").text
    assert "New deputy" not in browse(cast.dora).get(f"/teams/{cast.tills.id}").text


def test_a_manager_ends_a_deputys_days_and_nothing_else(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        deputy = leads(cast.dora, cast.tills, since=TODAY - DAY, kind="deputy")
        others = leads(cast.kevin, cast.floor, since=TODAY - DAY, kind="deputy")
    own = db.session.scalars(select(Tenure).where(Tenure.person_id == cast.brian.id)).one()
    ids = {"deputy": deputy.id, "others": others.id, "own": own.id}
    brian = browse(cast.brian)
    assert brian.post(f"/tenures/{ids['others']}/ending").status_code == 403
    assert brian.post(f"/tenures/{ids['own']}/ending").status_code == 403
    assert browse(cast.amina).post(f"/tenures/{ids['deputy']}/ending").status_code == 403
    assert brian.post("/tenures/999999/ending").status_code == 404
    assert brian.post(f"/tenures/{ids['deputy']}/ending").status_code == 303
    assert deputies(cast)[0].ended_on == TODAY


def test_a_deputy_reads_the_team_in_these_days_and_no_longer(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        leads(cast.dora, cast.tills, since=TODAY, until=TODAY + DAY, kind="deputy")
        leads(cast.faith, cast.tills, since=TODAY - 9 * DAY, until=TODAY, kind="deputy")
    assert browse(cast.dora).get(f"/people/{cast.kevin.id}/feedback").status_code == 200
    assert browse(cast.faith).get(f"/people/{cast.kevin.id}/feedback").status_code == 404
