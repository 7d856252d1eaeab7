"""The lists of talks: open ones first, what is next for each, what waits in it, and one's own."""

from datetime import date, timedelta
from typing import Any

from tests.coaching.talks import a_case_of
from tests.conftest import NOW, Cast
from tests.journeys.serving import Hour
from tracker.coaching.actions import add_agreed, book_session, close_case, reply, share_case
from tracker.coaching.agenda import add_to_agenda
from tracker.coaching.models import CoachingCase
from tracker.core.db import db, transaction


def test_what_waits_in_a_talk_stands_in_its_line(case: CoachingCase, cast: Cast, hour: Hour, browse: Any) -> None:
    with transaction():
        found = db.session.get_one(CoachingCase, case.id)
        reply(found, "Mine.", at=NOW)
        add_to_agenda(found, by=cast.kevin.id, text="The plan", at=NOW)
        add_to_agenda(found, by=cast.brian.id, text="My own", at=NOW)
        add_agreed(found, by=cast.brian.id, text="Open", owner_id=cast.brian.id, due_on=date(2026, 11, 20), at=NOW)
    page = browse(cast.brian).get("/coaching").text
    assert "No time is set yet" in page
    assert "Kevin wrote to you" in page
    assert "1 point to talk about" in page
    assert "agreed on is due" not in page
    hour.at = NOW + timedelta(days=2)
    assert "1 thing agreed on is due" in browse(cast.brian, at=hour.at).get("/coaching").text


def test_open_ones_come_first_then_what_needs_somebody_most(cast: Cast, case: CoachingCase, browse: Any) -> None:
    with transaction():
        amina = a_case_of(cast.amina, team_id=cast.tills.id)
        share_case(amina, at=NOW)
        kevin = db.session.get_one(CoachingCase, case.id)
        book_session(kevin, by=cast.brian.id, starts_at=NOW + timedelta(days=1), minutes=20, place=None, at=NOW)
    page = browse(cast.brian).get("/coaching").text
    assert page.index("Amina Otieno") < page.index("Kevin Odhiambo")
    assert "Talk on Thu 19 Nov, 12:00" in page
    with transaction():
        close_case(db.session.get_one(CoachingCase, amina.id), because="held", by=cast.brian.id, at=NOW)
    page = browse(cast.brian).get("/coaching").text
    assert page.index("Kevin Odhiambo") < page.index("Amina Otieno")
    assert "Talked · Wed 18 Nov, 12:00" in page


def test_empty_lists_say_why(cast: Cast, hour: Hour, browse: Any) -> None:
    assert "Nobody needs a talk this week" in browse(cast.brian).get("/coaching").text
    assert "No talk so far" in browse(cast.kevin).get("/coaching/mine").text


def test_ones_own_talks_also_closed_and_nobody_elses(case: CoachingCase, cast: Cast, browse: Any) -> None:
    with transaction():
        close_case(db.session.get_one(CoachingCase, case.id), because="expired", by=None, at=NOW)
    own = browse(cast.kevin).get("/coaching/mine").text
    assert f"/coaching/{case.id}" in own
    assert "Closed after 16 weeks" in own
    assert f"/coaching/{case.id}" not in browse(cast.brian).get("/coaching/mine").text
    assert browse(cast.kevin).get("/coaching").status_code == 403
