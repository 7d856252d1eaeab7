"""The pages of complaints: who sees what, who acts, and what is answered to what cannot be."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_customer, a_person, a_rating, a_touchpoint, leads
from tests.home.test_query_counts import selects
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Tenure
from tracker.recovery import actions, opening
from tracker.recovery.jobs import follow_clocks, forget_contacts
from tracker.recovery.models import RecoveryCase, RecoveryEntry
from tracker.recovery.surveys import answer_survey

WORDS = "I was charged twice for the kettle and nobody listened."
CONTACT = "0722 417 318, after five"
DONE = {
    "outcome": "solved",
    "words": "Paid back, and said sorry.",
    "cause": "process",
    "driver": "",
    "given": "apology",
}


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def case(cast: Cast) -> RecoveryCase:
    with transaction():
        touchpoint = a_touchpoint("Tills")
        rating = a_rating(cast.amina, 1, at=NOW - timedelta(hours=1), comment=WORDS, touchpoint_id=touchpoint.id)
        found = opening.open_case(rating, contact=CONTACT, at=NOW)
        assert found is not None
        return found


def stored(case: RecoveryCase) -> RecoveryCase:
    db.session.rollback()
    return db.session.get_one(RecoveryCase, case.id, populate_existing=True)


def page(case: RecoveryCase) -> str:
    return f"/complaints/{case.id}"


def test_the_owner_reads_the_words_and_how_to_reach_the_customer(
    case: RecoveryCase, people: dict[str, Browser]
) -> None:
    listed = people["brian"].get("/complaints").text
    assert "I was charged twice for the kettle" in listed
    assert CONTACT not in listed
    text = people["brian"].get(page(case)).text
    assert WORDS in text
    assert CONTACT in text
    assert "A first word is due by" in text


def test_the_handler_reads_it_without_the_contact_and_does_not_act(
    case: RecoveryCase, people: dict[str, Browser]
) -> None:
    text = people["amina"].get(page(case)).text
    assert WORDS in text
    assert CONTACT not in text
    assert "Write it down" not in text
    for deed in ("contact", "promise", "postponement", "notes", "owner", "closing"):
        assert people["amina"].post(f"{page(case)}/{deed}", DONE).status_code == 403
    assert "About your own service" in people["amina"].get("/complaints").text


@pytest.mark.parametrize("who", ["chloe", "dora", "ruth", "kevin", "faith"])
def test_nobody_else_finds_it(case: RecoveryCase, people: dict[str, Browser], who: str) -> None:
    browser = people[who]
    assert browser.get(page(case)).data == browser.get("/complaints/999999").data
    assert browser.get(page(case)).status_code == 404
    for deed in ("contact", "promise", "postponement", "notes", "owner", "closing"):
        assert browser.post(f"{page(case)}/{deed}", DONE).status_code == 404
    assert "kettle" not in browser.get("/complaints").text


def test_whoever_helps_sees_and_acts_while_it_is_open(case: RecoveryCase, people: dict[str, Browser]) -> None:
    assert follow_clocks(NOW + timedelta(days=1, hours=1)) == 2
    assert CONTACT in people["faith"].get(page(case)).text
    answer = people["faith"].post(f"{page(case)}/contact", {"reached": "yes", "words": "I called her."})
    assert answer.status_code == 303
    assert people["faith"].post(f"{page(case)}/closing", DONE).status_code == 303
    assert people["faith"].get(page(case)).status_code == 404


def test_a_former_manager_sees_nothing_more(cast: Cast, case: RecoveryCase, people: dict[str, Browser]) -> None:
    with transaction():
        tenure = db.session.scalars(select(Tenure).where(Tenure.person_id == cast.brian.id)).one()
        tenure.ended_on = NOW.date()
        stored_case = db.session.get_one(RecoveryCase, case.id)
        stored_case.owner_id = cast.faith.id
        leads(cast.dora, cast.tills, since=NOW.date())
    assert people["brian"].get(page(case)).status_code == 404
    assert people["dora"].get(page(case)).status_code == 200  # the rating is of her first day


def test_from_the_first_call_to_the_end(cast: Cast, case: RecoveryCase, people: dict[str, Browser]) -> None:
    brian = people["brian"]
    missed = brian.post(f"{page(case)}/contact", {"reached": "no", "words": "Nobody there."})
    assert missed.status_code == 303
    assert stored(case).contacted_at is None
    assert brian.post(f"{page(case)}/closing", DONE).status_code == 422
    promised = {"on": "2026-11-19", "starts": "10:00"}
    assert brian.post(f"{page(case)}/promise", promised).status_code == 303
    assert "A call is promised for" in brian.get(page(case)).text
    assert brian.post(f"{page(case)}/contact", {"reached": "yes", "words": "She wants it back."}).status_code == 303
    assert stored(case).contacted_at == NOW
    assert brian.post(f"{page(case)}/closing", DONE).status_code == 303
    found = stored(case)
    assert (found.outcome, found.cause, found.closed_at, found.clock_at) == ("solved", "process", NOW, None)
    assert CONTACT not in brian.get(page(case)).text
    assert "Solved" in brian.get("/complaints/closed").text
    assert brian.post(f"{page(case)}/closing", DONE).status_code == 303  # the button twice
    assert brian.post(f"{page(case)}/closing", {**DONE, "words": "Something else."}).status_code == 409
    kinds = list(db.session.scalars(select(RecoveryEntry.kind).order_by(RecoveryEntry.id)))
    assert kinds == ["opened", "call_asked", "missed", "promise", "contact", "closed"]
    said = db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("complaint."))).all()
    assert WORDS not in str([vars(entry) for entry in said])


@pytest.mark.parametrize(
    ("deed", "form", "words"),
    [
        ("contact", {"words": "Called"}, "Choose one"),
        ("contact", {"reached": "yes"}, "Fill this in"),
        ("promise", {"on": "2026-11-18", "starts": "08:00"}, "Choose a time still to come"),
        ("promise", {"on": "someday", "starts": "08:00"}, "Not a valid date"),
        ("promise", {"on": "2027-11-18", "starts": "08:00"}, "within the next 14 days"),
        ("postponement", {"on": "2026-11-20", "starts": "08:00"}, "Fill this in"),
        ("notes", {}, "Fill this in"),
        ("owner", {"person": "999"}, "Choose one from the list"),
        ("owner", {}, "Choose somebody"),
        ("closing", {"outcome": "won", "words": "x", "cause": "person"}, "Not a valid choice"),
        ("closing", {"outcome": "unsolved", "words": "x"}, "Choose what it came from"),
    ],
)
def test_what_cannot_be_is_said(
    case: RecoveryCase, people: dict[str, Browser], deed: str, form: dict[str, str], words: str
) -> None:
    answer = people["brian"].post(f"{page(case)}/{deed}", form)
    assert answer.status_code == 422
    assert words in answer.text
    assert stored(case).closed_at is None


def test_it_is_handed_on(cast: Cast, case: RecoveryCase, people: dict[str, Browser]) -> None:
    assert people["brian"].post(f"{page(case)}/owner", {"person": str(cast.faith.id)}).status_code == 303
    assert stored(case).owner_id == cast.faith.id
    assert people["faith"].get(page(case)).status_code == 200
    assert people["brian"].get(page(case)).status_code == 200  # leads the handler still


def test_the_way_to_the_customer_is_forgotten(case: RecoveryCase, people: dict[str, Browser]) -> None:
    people["brian"].post(f"{page(case)}/contact", {"reached": "yes", "words": "Called."})
    people["brian"].post(f"{page(case)}/closing", DONE)
    assert stored(case).contact_sealed is not None
    assert CONTACT not in (stored(case).contact_sealed or "")
    assert forget_contacts(NOW + timedelta(days=29)) == 0
    assert forget_contacts(NOW + timedelta(days=31)) == 1
    assert stored(case).contact_sealed is None


def test_the_list_stays_flat(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        for number in range(3):
            rating = a_rating(cast.amina, 1, at=NOW - timedelta(minutes=number), comment=WORDS)
            opening.open_case(rating, contact=CONTACT, at=NOW)
    few = asked_for(people["brian"])
    with transaction():
        for number in range(22):
            rating = a_rating(cast.kevin, 1, at=NOW - timedelta(minutes=number), comment=WORDS)
            opening.open_case(rating, contact=CONTACT, at=NOW)
    assert asked_for(people["brian"]) == few


def asked_for(browser: Browser) -> int:
    with selects() as seen:
        assert browser.get("/complaints").status_code == 200
    return len(seen)


def test_the_report_of_a_leader_and_of_hr(cast: Cast, people: dict[str, Browser], case: RecoveryCase) -> None:
    assert people["kevin"].get("/complaints/report").status_code == 403
    assert "too few are closed to tell" in people["brian"].get("/complaints/report").text
    assert "Too few to tell" in people["chloe"].get("/complaints/report").text
    with transaction():
        team = cast.tills
        for number in range(6):
            person = a_person(team=team)
            _closed(person, at=NOW - timedelta(days=40), by=cast.brian, solved="yes" if number < 2 else None)
    for who in ("brian", "chloe"):
        text = people[who].get("/complaints/report").text
        assert "Of 6 closed complaints 2 customers answered, and 2 of them said yes" in text
        assert "100 to" not in text
    assert "Hidden" not in people["brian"].get("/complaints/report").text


def _closed(person: Person, *, at: datetime, by: Person, solved: str | None) -> None:
    customer = a_customer()
    rating = a_rating(person, 1, at=at, customer_id=customer.id)
    found = opening.open_case(rating, at=at)
    assert found is not None
    actions.record_contact(found, "Called.", reached=True, by=by.id, at=at)
    actions.close(found, outcome="solved", words="Done.", by=by.id, at=at, cause="process", driver=None)
    if solved:
        answer_survey(found, solved=solved, stars=5, comment=None, at=at + timedelta(days=3))
