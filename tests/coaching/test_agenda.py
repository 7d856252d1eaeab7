"""Both agendas: who puts down what, who sees it, who takes it back, and when nobody can any more."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.coaching.talks import a_case_of
from tests.conftest import NOW, Cast
from tests.factories import a_person, a_rating, leads
from tests.journeys.serving import Hour
from tracker.audit.models import AuditEntry
from tracker.coaching.actions import close_case
from tracker.coaching.agenda import MOST_POINTS, add_to_agenda
from tracker.coaching.models import CoachingCase
from tracker.coaching.page_models import AgendaPoint
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict
from tracker.organisation.models import Person, Tenure
from tracker.ratings.models import Rating


def points() -> list[AgendaPoint]:
    db.session.rollback()
    return list(db.session.scalars(select(AgendaPoint).order_by(AgendaPoint.id)))


def audited() -> list[tuple[str, int | None]]:
    db.session.rollback()
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action.startswith("coaching.point")).order_by("id")
    )
    return [(entry.action, entry.by_id) for entry in entries]


def test_either_puts_something_down_and_both_read_who_and_when(case: CoachingCase, cast: Cast, browse: Any) -> None:
    kevin, brian = browse(cast.kevin), browse(cast.brian)
    assert kevin.post(f"/coaching/{case.id}/points", {"text": "The plan for Fridays"}).status_code == 303
    assert brian.post(f"/coaching/{case.id}/points", {"text": "Who opens till 3"}).status_code == 303
    for browser in (kevin, brian):
        page = browser.get(f"/coaching/{case.id}").text
        assert "The plan for Fridays" in page
        assert "Who opens till 3" in page
        assert "Kevin · Wed 18 Nov, 12:00" in page
        assert "Brian · Wed 18 Nov, 12:00" in page
    assert audited() == [("coaching.point_added", cast.kevin.id), ("coaching.point_added", cast.brian.id)]


def test_only_who_put_it_down_takes_it_back(case: CoachingCase, cast: Cast, browse: Any) -> None:
    browse(cast.kevin).post(f"/coaching/{case.id}/points", {"text": "The plan for Fridays"})
    taken_back = f"/coaching/points/{points()[0].id}/removal"
    assert browse(cast.brian).post(taken_back).status_code == 403
    assert browse(cast.dora).post(taken_back).status_code == 404
    assert len(points()) == 1
    assert browse(cast.kevin).post(taken_back).status_code == 303
    assert points() == []
    assert browse(cast.kevin).post(taken_back).status_code == 404
    assert audited()[-1] == ("coaching.point_taken_back", cast.kevin.id)


def test_either_ticks_it_off_and_opens_it_again(case: CoachingCase, cast: Cast, browse: Any) -> None:
    browse(cast.kevin).post(f"/coaching/{case.id}/points", {"text": "The plan for Fridays"})
    (point,) = points()
    assert browse(cast.brian).post(f"/coaching/points/{point.id}/completion", {"done": "yes"}).status_code == 303
    assert points()[0].done_at == NOW
    assert "talked about on Wed 18 Nov, 12:00" in browse(cast.kevin).get(f"/coaching/{case.id}").text
    assert browse(cast.kevin).post(f"/coaching/points/{point.id}/completion", {"done": "no"}).status_code == 303
    assert points()[0].done_at is None


@pytest.mark.parametrize("who", ["dora", "chloe", "ruth", "faith", "amina"])
def test_everybody_else_finds_nothing(case: CoachingCase, cast: Cast, browse: Any, who: str) -> None:
    browse(cast.kevin).post(f"/coaching/{case.id}/points", {"text": "The plan for Fridays"})
    (point,) = points()
    stranger = browse(getattr(cast, who))
    assert stranger.post(f"/coaching/{case.id}/points", {"text": "Me too"}).status_code == 404
    assert stranger.post(f"/coaching/points/{point.id}/completion").status_code == 404
    assert stranger.post(f"/coaching/points/{point.id}/removal").status_code == 404
    assert [found.text for found in points()] == ["The plan for Fridays"]


@pytest.mark.parametrize(
    ("text", "said"), [("", "Say what you want"), ("   ", "Say what you want"), ("x" * 301, "300")]
)
def test_bad_input_comes_back_with_the_reason(
    case: CoachingCase, cast: Cast, browse: Any, text: str, said: str
) -> None:
    answer = browse(cast.kevin).post(f"/coaching/{case.id}/points", {"text": text})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'href="#point-text"' in answer.text
    assert points() == []


def test_a_rating_is_put_down_once_and_by_its_button(case: CoachingCase, cast: Cast, browse: Any) -> None:
    rating = db.session.scalars(select(Rating.id).where(Rating.comment == "Waited 2 times")).one()
    kevin = browse(cast.kevin)
    assert kevin.get(f"/coaching/{case.id}").text.count("Put on the agenda") == 4
    for _twice in range(2):
        assert kevin.post(f"/coaching/{case.id}/points", {"rating": str(rating)}).status_code == 303
    (point,) = points()
    assert (point.rating_id, point.text) == (rating, "")
    page = browse(cast.brian).get(f"/coaching/{case.id}").text
    assert "A rating of" in page
    mine = kevin.get(f"/coaching/{case.id}").text
    assert mine.count("Put on the agenda") == 3
    assert "On the agenda" in mine


def test_only_ratings_of_the_person_that_one_may_read(case: CoachingCase, cast: Cast, browse: Any) -> None:
    with transaction():
        of_amina = a_rating(cast.amina, 2, at=NOW - timedelta(days=2)).id
    for sent in (str(of_amina), "0", "nine", "9" * 30):
        assert browse(cast.brian).post(f"/coaching/{case.id}/points", {"rating": sent}).status_code == 404
    assert points() == []


def test_during_the_head_start_it_is_the_persons_alone(cast: Cast, hour: Hour, browse: Any) -> None:
    with transaction():
        case = a_case_of(cast.kevin, shares_at=NOW + timedelta(hours=20))
    assert browse(cast.kevin).post(f"/coaching/{case.id}/points", {"text": "The plan for Fridays"}).status_code == 303
    (point,) = points()
    for who in (cast.brian, cast.dora, cast.chloe):
        assert browse(who).get(f"/coaching/{case.id}").status_code == 404
        assert browse(who).post(f"/coaching/points/{point.id}/completion").status_code == 404
    assert audited() == []
    hour.at = NOW + timedelta(hours=21)
    assert "The plan for Fridays" in browse(cast.brian, at=hour.at).get(f"/coaching/{case.id}").text


def test_a_closed_case_is_read_only(case: CoachingCase, cast: Cast, browse: Any) -> None:
    kevin = browse(cast.kevin)
    kevin.post(f"/coaching/{case.id}/points", {"text": "The plan for Fridays"})
    (point,) = points()
    with transaction():
        close_case(db.session.get_one(CoachingCase, case.id), because="held", by=cast.brian.id, at=NOW)
    page = kevin.get(f"/coaching/{case.id}").text
    assert "The plan for Fridays" in page
    assert "Add to the agenda" not in page
    assert f"/coaching/points/{point.id}" not in page
    assert kevin.post(f"/coaching/{case.id}/points", {"text": "More"}).status_code == 409
    assert kevin.post(f"/coaching/points/{point.id}/completion").status_code == 409
    assert kevin.post(f"/coaching/points/{point.id}/removal").status_code == 409
    assert [(found.text, found.done_at) for found in points()] == [("The plan for Fridays", None)]


def test_twenty_open_points_are_enough_for_one_talk(app: Flask, case: CoachingCase, cast: Cast) -> None:
    with transaction():
        found = db.session.get_one(CoachingCase, case.id)
        for number in range(MOST_POINTS):
            add_to_agenda(found, by=cast.kevin.id, text=f"Point {number}", at=NOW)
        with app.test_request_context(), pytest.raises(Conflict):
            add_to_agenda(found, by=cast.kevin.id, text="One more", at=NOW)
        add_to_agenda(found, by=cast.brian.id, text="The other may", at=NOW)


def test_a_new_leader_finds_what_the_person_still_wants_to_talk_about(
    case: CoachingCase, cast: Cast, hour: Hour, browse: Any
) -> None:
    """The former leader's points are detail of before the tenure; the person's open ones wait for whoever leads the talk."""
    browse(cast.kevin).post(f"/coaching/{case.id}/points", {"text": "The plan for Fridays"})
    browse(cast.brian).post(f"/coaching/{case.id}/points", {"text": "What Brian wanted"})
    new = _somebody_else_leads(cast, from_day=date(2026, 11, 19))
    hour.at = NOW + timedelta(days=1)
    page = browse(new, at=hour.at).get(f"/coaching/{case.id}").text
    assert "The plan for Fridays" in page
    assert "What Brian wanted" not in page
    assert browse(cast.brian, at=hour.at).get(f"/coaching/{case.id}").status_code == 404
    assert "What Brian wanted" in browse(cast.kevin, at=hour.at).get(f"/coaching/{case.id}").text


def _somebody_else_leads(cast: Cast, *, from_day: date) -> Person:
    with transaction():
        old = db.session.scalars(select(Tenure).where(Tenure.team_id == cast.tills.id)).one()
        old.ended_on = from_day
        new = a_person("Nia Oduya", team=cast.floor)
        leads(new, cast.tills, since=from_day)
    return new
