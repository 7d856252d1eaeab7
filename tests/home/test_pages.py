"""Every first page, with nothing in the database and with everything, for each of those who may open it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import NOW, Cast
from tests.factories import a_rating, account_of, leads
from tests.home.cards import a_card, a_case, fallen, figures, too_few
from tracker.coaching import actions
from tracker.core import outbox
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.notifications.actions import tell
from tracker.organisation.models import Organisation
from tracker.ratings.models import Driver

PAGES = [
    ("amina", "/me"),
    ("amina", "/me/ratings"),
    ("amina", "/explained"),
    ("amina", "/inbox"),
    ("amina", "/account"),
    ("kevin", "/me"),
    ("kevin", "/inbox"),
    ("brian", "/board"),
    ("brian", "/coaching"),
    ("brian", "/explained"),
    ("brian", "/me"),
    ("brian", "/people/{kevin}/feedback"),
    ("brian", "/people/{kevin}/ratings"),
    ("chloe", "/me"),
    ("chloe", "/audit"),
    ("ruth", "/audit"),
    ("ruth", "/mail"),
    ("ruth", "/nothing-here"),
    (None, "/forgotten"),
    (None, "/sign-in"),
    (None, "/slip"),
    (None, "/welcome/not-a-token"),
]


def everything(cast: Cast) -> None:
    """A fall with a talk that was booked, a person with too few ratings, one above, mails in every state."""
    with transaction():
        for on in range(30):
            words = "Waited 25 minutes & <b>nobody</b> said why." if on % 2 else None
            at = NOW - timedelta(days=on + 1)
            a_rating(cast.kevin, 2, at=at, comment=words, emotions=["rushed"], drivers=["speed"], place="Till 2")
            a_rating(cast.amina, 5, at=at, comment="Haraka na kwa upole.")
        db.session.add(Driver(key="speed", name="Speed"))
        for audience in ("own", "shared"):
            a_card(cast.kevin, fallen(), audience=audience)
            a_card(cast.amina, figures(score=4.8, gap=True), audience=audience)
            a_card(cast.brian, too_few(), audience=audience)
        case = a_case(cast.kevin, shares_at=NOW - timedelta(days=3))
        actions.book_session(
            case, by=cast.brian.id, starts_at=NOW + timedelta(days=2), minutes=20, place="Back office", at=NOW
        )
        due_on = (NOW + timedelta(days=9)).date()
        actions.add_agreed(case, by=cast.brian.id, text="Open till 3", owner_id=cast.kevin.id, due_on=due_on, at=NOW)
        actions.reply(case, "Two tills were shut.", at=NOW)
        for person in (cast.amina, cast.kevin, cast.brian):
            tell("week", to=person.id, key=f"week|{person.id}", at=NOW, visible_at=NOW, state="plain", count=3)
        for state in ("sent_at", "dead_at", "dropped_at", "due_at"):
            outbox.post("digest", to=cast.amina.id, key=state, due_at=NOW, at=NOW)
            row = db.session.query(OutboxMail).filter_by(key=state).one()
            setattr(row, state, NOW)
            row.last_error = "SMTPServerDisconnected" if state in {"dead_at", "due_at"} else None


@pytest.mark.parametrize("is_full", [False, True], ids=["empty", "full"])
@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_page_renders(app: Flask, cast: Cast, browse: Any, who: str | None, path: str, is_full: bool) -> None:
    if is_full:
        everything(cast)
    person = getattr(cast, who) if who else None
    page = browse(person).get(path.format(kevin=cast.kevin.id))
    assert page.status_code == (404 if "no" in path.split("/")[-1].split("-") or "not" in path else 200)
    assert page.text.count("<h1") == 1
    assert "</html>" in page.text
    assert "<b>nobody</b>" not in page.text


def test_the_board_says_who_could_use_a_talk_and_what_low_ratings_share(app: Flask, cast: Cast, browse: Any) -> None:
    everything(cast)
    page = browse(cast.brian).get("/board").text
    assert "One person could use a talk, and one a thank-you" in page
    assert "30 of 30 low ratings say that “Speed” could be better." in page
    assert "Customers of the same work usually rate higher; a talk may help." in page
    assert "expected 4.1 to 4.7" in page


def test_an_empty_board_is_honest(app: Flask, cast: Cast, browse: Any) -> None:
    page = browse(cast.brian).get("/board").text
    assert "Too early to say" in page
    assert "No scores yet" in page


def test_a_week_without_concerns_is_a_week_for_thanks(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_card(cast.amina, figures(), audience="shared")
    page = browse(cast.brian).get("/board").text
    assert "Nobody needs a talk this week" in page
    assert "A good week to say thanks" in page


def test_who_leads_two_teams_switches_between_them(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        leads(cast.brian, cast.floor, kind="deputy")
    browser = browse(cast.brian)
    assert f'href="/board?team={cast.tills.id}"' in browser.get("/board").text
    assert "Kevin Odhiambo" in browser.get(f"/board?team={cast.tills.id}").text


def test_a_board_of_a_team_one_does_not_lead_is_not_there(app: Flask, cast: Cast, browse: Any) -> None:
    assert browse(cast.dora).get(f"/board?team={cast.tills.id}").status_code == 404
    assert browse(cast.amina).get("/board").status_code == 403


@pytest.mark.parametrize("who", ["dora", "amina", "chloe", "ruth", "faith"])
def test_nobody_else_finds_what_is_brians_to_read(app: Flask, cast: Cast, browse: Any, who: str) -> None:
    everything(cast)
    browser = browse(getattr(cast, who))
    for path in (f"/people/{cast.kevin.id}/feedback", f"/people/{cast.kevin.id}/ratings", _case_path()):
        assert browser.get(path).status_code in {403, 404}
    assert "Kevin" not in browser.get("/coaching").text
    assert "Kevin" not in browser.get("/board").text


def _case_path() -> str:
    return f"/coaching/{db.session.query(actions.CoachingCase).one().id}"


def test_dora_gets_the_same_answer_as_for_what_does_not_exist(app: Flask, cast: Cast, browse: Any) -> None:
    everything(cast)
    assert browse(cast.dora).get(f"/people/{cast.kevin.id}/feedback").status_code == 404
    assert browse(cast.dora).get(_case_path()).status_code == 404


def test_mails_are_kept_until_there_is_a_server_and_a_dead_one_can_be_tried_again(
    app: Flask, cast: Cast, browse: Any
) -> None:
    everything(cast)
    browser = browse(cast.ruth)
    page = browser.get("/mail").text
    assert "Mails are kept until there is one. Print slips meanwhile." in page
    assert page.count("Try again") == 2
    dead = db.session.query(OutboxMail).filter(OutboxMail.dead_at.is_not(None)).one().id
    assert browser.post(f"/mail/{dead}/retry").status_code == 303
    assert db.session.get_one(OutboxMail, dead, populate_existing=True).dead_at is None


def test_the_demo_says_who_one_can_be(app: Flask, cast: Cast, browse: Any) -> None:
    person = {"name": "Amina Otieno", "role": "Works at the tills", "staff_number": "N-0412", "password": "karibu"}
    app.extensions["demo_people"] = [person]
    assert "N-0412" not in browse(None).get("/sign-in").text
    with transaction():
        db.session.get_one(Organisation, 1).kind = "demo"
    page = browse(None).get("/sign-in").text
    app.extensions.pop("demo_people")
    assert "N-0412" in page
    assert "work account" not in page


def test_a_failed_sign_in_names_the_field_and_leads_to_it(app: Flask, cast: Cast, browse: Any) -> None:
    page = browse(None).post("/sign-in", {"identifier": "N-0412", "password": "wrong"}).text
    assert "<title>Error:" in page
    assert 'href="#identifier"' in page


def test_the_account_page_lists_every_browser_and_ends_only_others(app: Flask, cast: Cast, browse: Any) -> None:
    browse(cast.amina)
    page = browse(cast.amina).get("/account").text
    assert account_of(cast.amina).password_hash is None
    assert page.count("/end") == 1
    assert "This one" in page
