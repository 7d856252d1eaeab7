"""A low public review is a complaint too: opened once, seen by few, answered in public, closed by a person."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_rating, is_away, leads
from tests.reviews.conftest import a_review, stored
from tests.reviews.test_reviews import ANSWER
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Person, Team, Tenure
from tracker.recovery.jobs import follow_clocks
from tracker.recovery.models import OwnerRule, RecoveryCase, RecoveryEntry
from tracker.recovery.opening import open_case
from tracker.reviews.actions import give_to_team, take_review
from tracker.reviews.models import Review
from tracker.reviews.rules import Given, Whose

WORDS = "Charged twice, and nobody listened."
CONTACTED = {"reached": "yes", "words": "I wrote to her."}
CLOSED = {"outcome": "solved", "words": "Paid back.", "cause": "process", "driver": "", "given": "apology"}


def cases() -> list[RecoveryCase]:
    db.session.rollback()
    return list(db.session.scalars(select(RecoveryCase).order_by(RecoveryCase.id)))


def history() -> list[tuple[str, str | None]]:
    db.session.rollback()
    rows = db.session.execute(select(RecoveryEntry.kind, RecoveryEntry.words).order_by(RecoveryEntry.id))
    return [(kind, words) for kind, words in rows]


def told(person: Person) -> list[str]:
    db.session.rollback()
    found = select(Message.kind).where(Message.person_id == person.id).order_by(Message.id)
    return list(db.session.scalars(found))


def low(team: Team | None, **values: Any) -> Review:
    return a_review(team, **{"stars": 1, "text": WORDS, "author": "Wanjiru", **values})


def test_from_the_review_to_the_end(cast: Cast, people: dict[str, Browser]) -> None:
    review = low(cast.tills)
    (case,) = cases()
    assert (case.is_public, case.review_id, case.owner_id) == (True, review.id, cast.brian.id)
    assert case.contact_due_at == NOW + timedelta(hours=4)
    assert told(cast.brian) == ["review.arrived"]  # not twice about one thing
    page = f"/complaints/{case.id}"
    assert WORDS in people["brian"].get("/complaints").text
    text = people["brian"].get(page).text
    assert WORDS in text
    assert f'href="/reviews/{review.id}"' in text
    assert f'href="{page}"' in people["brian"].get(f"/reviews/{review.id}").text
    assert people["brian"].post(f"/reviews/{review.id}/answer", ANSWER).status_code == 303
    (case,) = cases()
    assert (case.contacted_at, case.contact_minutes, case.closed_at) == (NOW, 0, None)
    assert case.clock_at == NOW + timedelta(
        hours=46
    )  # Friday at ten, 16 working hours on, should it stand still until then
    assert history() == [("opened", None), ("public", ANSWER["words"])]
    assert ANSWER["words"] in people["brian"].get(page).text
    assert "Answered in public" in people["brian"].get(page).text
    assert people["brian"].post(f"{page}/closing", CLOSED).status_code == 303
    (case,) = cases()
    assert (case.outcome, case.survey_due_at) == ("solved", None)  # nobody to ask
    later = {**ANSWER, "words": "As corrected.", "seen": "1"}
    assert people["brian"].post(f"/reviews/{review.id}/answer", later).status_code == 303
    assert history()[-1] == ("public", "As corrected.")
    assert cases()[0].clock_at is None


@pytest.mark.parametrize(
    "values",
    [
        {"stars": 3},
        {"stars": None},
        {"stars": 1, "published_at": NOW - timedelta(days=15)},
    ],
    ids=["three stars", "no stars", "older than 14 days"],
)
def test_no_complaint(cast: Cast, values: dict[str, Any]) -> None:
    low(cast.tills, **values)
    assert cases() == []


def test_two_stars_of_two_weeks_ago_are_one(cast: Cast) -> None:
    low(cast.tills, stars=2, published_at=NOW - timedelta(days=14))
    assert len(cases()) == 1


def test_the_same_review_again_opens_nothing_twice(cast: Cast) -> None:
    review = low(cast.tills, external_id="r-1")
    for text in (WORDS, "Charged twice. Still."):
        with transaction():
            given = Given(source="file", external_id="r-1", text=text, stars=1, author="Wanjiru")
            take_review(given, by=None, at=NOW + timedelta(hours=1), whose=Whose(cast.tills.id))
    (case,) = cases()
    assert case.review_id == review.id
    assert history() == [("opened", None)]


def test_one_that_turns_low_while_it_waits_becomes_one(cast: Cast) -> None:
    low(cast.tills, external_id="r-1", stars=4)
    assert cases() == []
    with transaction():
        take_review(Given(source="file", external_id="r-1", text=WORDS, stars=1), by=None, at=NOW)
    (case,) = cases()
    assert case.owner_id == cast.brian.id
    assert told(cast.brian) == ["review.arrived", "recovery.opened"]


def test_it_waits_for_a_team_and_moves_with_it(cast: Cast) -> None:
    review = low(None)
    assert cases() == []
    for team, leader in ((cast.floor, cast.dora), (cast.tills, cast.brian)):
        with transaction():
            give_to_team(stored(review), db.session.get_one(Team, team.id), by=cast.chloe.id, at=NOW)
        (case,) = cases()
        assert (case.team_id, case.owner_id) == (team.id, leader.id)


def test_one_that_waited_too_long_for_its_team_is_none(cast: Cast) -> None:
    review = low(None, published_at=None)
    with transaction():
        tills = db.session.get_one(Team, cast.tills.id)
        give_to_team(stored(review), tills, by=cast.chloe.id, at=NOW + timedelta(days=14, hours=1))
    assert cases() == []


@pytest.mark.parametrize("who", ["amina", "kevin", "chloe", "dora", "ruth", "faith"])
def test_strangers_find_nothing(cast: Cast, people: dict[str, Browser], who: str) -> None:
    low(cast.tills)
    page, browser = f"/complaints/{cases()[0].id}", people[who]
    missing = browser.get("/complaints/999999").data
    for answer in (browser.get(page), browser.post(f"{page}/contact", CONTACTED)):
        assert (answer.status_code, answer.data) == (404, missing)
    assert WORDS not in browser.get("/complaints").text


def test_whom_it_names_reads_it_and_does_not_act(cast: Cast, people: dict[str, Browser]) -> None:
    review = low(cast.tills)
    people["brian"].post(f"/reviews/{review.id}/person", {"person": str(cast.amina.id)})
    page = f"/complaints/{cases()[0].id}"
    assert WORDS in people["amina"].get(page).text
    assert WORDS in people["amina"].get("/complaints").text
    assert people["amina"].post(f"{page}/contact", CONTACTED).status_code == 403
    assert people["amina"].post(f"/reviews/{review.id}/answer", ANSWER).status_code == 403
    people["brian"].post(f"/reviews/{review.id}/person", {"person": ""})
    assert people["amina"].get(page).status_code == 404


def test_it_goes_on_when_it_names_who_has_it(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        db.session.add(OwnerRule(team_key=cast.tills.id, person_id=cast.kevin.id))
    review = low(cast.tills)
    assert cases()[0].owner_id == cast.kevin.id
    people["brian"].post(f"/reviews/{review.id}/person", {"person": str(cast.kevin.id)})
    assert cases()[0].owner_id == cast.brian.id
    assert people["kevin"].post(f"/reviews/{review.id}/answer", ANSWER).status_code == 403


def test_whoever_takes_care_of_it_answers_while_it_is_open(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        db.session.add(OwnerRule(team_key=cast.tills.id, person_id=cast.kevin.id))
    review, other = low(cast.tills), a_review(cast.tills, stars=4)
    (case,) = cases()
    assert told(cast.kevin) == ["recovery.opened"]
    page = f"/reviews/{review.id}"
    assert f'href="/complaints/{case.id}"' in people["kevin"].get(page).text
    assert people["kevin"].get(f"/reviews/{other.id}").status_code == 404
    assert people["kevin"].post(f"{page}/answer", ANSWER).status_code == 303
    assert cases()[0].contacted_at == NOW
    assert people["kevin"].post(f"/complaints/{case.id}/closing", CLOSED).status_code == 303
    assert people["kevin"].get(page).status_code == 404
    assert people["kevin"].get(f"/complaints/{case.id}").status_code == 404
    assert people["brian"].get(f"/complaints/{case.id}").status_code == 200


def test_a_new_leader_reads_what_came_since(cast: Cast, people: dict[str, Browser]) -> None:
    low(cast.tills)
    id = cases()[0].id
    with transaction():
        tenure = db.session.scalars(select(Tenure).where(Tenure.person_id == cast.brian.id)).one()
        tenure.ended_on = NOW.date()
        db.session.get_one(RecoveryCase, id).opened_on = NOW.date() - timedelta(days=1)
        leads(cast.dora, cast.tills, since=NOW.date())
    page = f"/complaints/{id}"
    assert people["dora"].get(page).status_code == 404
    with transaction():
        db.session.get_one(RecoveryCase, id).opened_on = NOW.date()
    assert people["dora"].get(page).status_code == 200


def test_nobody_waits_when_no_answer_is_needed(cast: Cast, people: dict[str, Browser]) -> None:
    review = low(cast.tills)
    people["brian"].post(f"/reviews/{review.id}/no-answer", {"reason": "Not about us.", "seen": "0"})
    (case,) = cases()
    assert (case.clock_at, case.contact_due_at, case.closed_at) == (None, None, None)
    assert history()[-1] == ("unneeded", "Not about us.")
    assert follow_clocks(NOW + timedelta(days=10)) == 0
    people["brian"].post(f"/reviews/{review.id}/answer", {**ANSWER, "seen": "1"})
    assert cases()[0].contacted_at == NOW


def test_its_clock_escalates_as_any_other(cast: Cast) -> None:
    low(cast.tills)
    assert follow_clocks(NOW + timedelta(days=1, hours=1)) == 2
    assert "recovery.escalated" in told(cast.faith)


def test_public_ones_come_before_others(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        rating = a_rating(cast.amina, 1, at=NOW - timedelta(hours=3), comment="Called first.")
        open_case(rating, contact="0722", at=NOW - timedelta(hours=3))
    low(cast.tills)
    listed = people["brian"].get("/complaints").text
    assert listed.index(WORDS[:20]) < listed.index("Called first.")


def test_the_audit_and_messages_hold_no_words(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        is_away(cast.brian, NOW.date(), NOW.date() + timedelta(days=2))
        db.session.add(OwnerRule(team_key=0, person_id=cast.faith.id))
    low(cast.tills)
    inbox = people["faith"].get("/inbox").text
    assert "Somebody complains in public" in inbox
    assert WORDS not in inbox
    assert WORDS not in people["chloe"].get("/audit").text


def test_it_counts_in_the_report_of_who_leads(cast: Cast, people: dict[str, Browser]) -> None:
    assert "Too few to tell" in people["brian"].get("/complaints/report").text
    low(cast.tills)
    assert "<dt>Opened</dt><dd>1</dd>" in people["brian"].get("/complaints/report").text
