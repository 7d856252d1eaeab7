"""The lists of talks: open ones first, what is next for each, what waits in it, and one's own."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.coaching.talks import a_case_of
from tests.conftest import NOW, Cast
from tests.journeys.serving import Hour
from tracker.coaching.actions import add_agreed, book_session, close_case, reply, share_case
from tracker.coaching.agenda import add_to_agenda, tick_point
from tracker.coaching.models import CoachingCase
from tracker.core.db import db, transaction
from tracker.ratings import own_actions
from tracker.ratings.models import Rating


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


@pytest.mark.parametrize("who", ["brian", "kevin"])
def test_a_line_counts_what_stands_on_the_card(
    case: CoachingCase, cast: Cast, hour: Hour, browse: Any, who: str
) -> None:
    """Each thing of the other one that waits: points put down, points kept before, and saved ratings, each once."""
    rating, second = db.session.scalars(select(Rating).where(Rating.stars == 2).order_by(Rating.rated_at).limit(2))
    with transaction():
        found = db.session.get_one(CoachingCase, case.id)
        for text in ("The plan", "A second scanner"):
            own_actions.add_point(text, by=cast.kevin.id, at=NOW)
        done = own_actions.add_point("Spoken about", by=cast.kevin.id, at=NOW)
        own_actions.tick_point(done, is_done=True, at=NOW)
        for one in (rating, second):
            own_actions.save_for_talk(one, by=cast.kevin.id, at=NOW)
        add_to_agenda(found, by=cast.kevin.id, text="the  plan", at=NOW)
        add_to_agenda(found, by=cast.kevin.id, text="", rating_id=rating.id, at=NOW)
        tick_point(
            add_to_agenda(found, by=cast.kevin.id, text="Over", at=NOW), found, done=True, by=cast.brian.id, at=NOW
        )
        add_to_agenda(found, by=cast.brian.id, text="Till 3", at=NOW)
    browser = browse(getattr(cast, who))
    card = browser.get(f"/coaching/{case.id}").text.partition('aria-labelledby="agenda"')[2].partition("</section>")[0]
    other = re.findall(r'<span class="xs quiet">(\w+) · (?!talked)', card)
    waiting = [name for name in other if name != getattr(cast, who).first_name]
    line = browser.get("/coaching" if who == "brian" else "/coaching/mine").text
    said = {"brian": "4 points to talk about", "kevin": "1 point to talk about"}
    assert said[who] == f"{len(waiting)} point{'s' if len(waiting) > 1 else ''} to talk about"
    assert said[who] in line


def test_what_is_kept_for_a_talk_counts_in_no_line_before_it_is_shared(cast: Cast, hour: Hour, browse: Any) -> None:
    with transaction():
        a_case_of(cast.kevin, shares_at=NOW + timedelta(hours=20))
        own_actions.add_point("A second scanner", by=cast.kevin.id, at=NOW)
    assert "to talk about" not in browse(cast.brian).get("/coaching").text
    assert "to talk about" not in browse(cast.kevin).get("/coaching/mine").text
    hour.at = NOW + timedelta(hours=21)
    assert "1 point to talk about" in browse(cast.brian, at=hour.at).get("/coaching").text


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
