"""Who takes care of complaints: set by team or for the company, and what comes of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_person, a_rating, account_of
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Person, Team
from tracker.recovery.models import OwnerRule
from tracker.recovery.opening import open_case

PAGE, COMPANY = "/complaints/owners", "/complaints/owners/company"


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


def of(team: Team) -> str:
    return f"{PAGE}/{team.id}"


def chosen(*people: Person) -> dict[str, Any]:
    return {"people": [str(person.id) for person in people]}


def rules() -> set[tuple[int, int]]:
    db.session.rollback()
    return {(rule.team_key, rule.person_id) for rule in db.session.scalars(select(OwnerRule))}


def owner_of_a_new_one(person: Person) -> int | None:
    with transaction():
        case = open_case(a_rating(person, 1, at=NOW - timedelta(minutes=5)), at=NOW)
        assert case is not None
        return case.owner_id


def test_who_leads_chooses_for_the_own_team(cast: Cast, people: dict[str, Browser]) -> None:
    assert "Whoever leads the person it is about" in people["brian"].get(PAGE).text
    assert people["brian"].post(of(cast.tills), chosen(cast.kevin)).status_code == 303
    assert rules() == {(cast.tills.id, cast.kevin.id)}
    assert owner_of_a_new_one(cast.amina) == cast.kevin.id
    assert owner_of_a_new_one(cast.kevin) == cast.brian.id  # nobody is given one about their own service
    listed = people["brian"].get(PAGE).text
    assert "Kevin Odhiambo" in listed
    assert "set here" in listed
    assert people["brian"].post(of(cast.tills), {}).status_code == 303
    assert rules() == set()


def test_several_take_turns_and_what_is_set_above_is_inherited(cast: Cast, people: dict[str, Browser]) -> None:
    assert people["chloe"].post(COMPANY, chosen(cast.chloe, cast.faith)).status_code == 303
    assert {owner_of_a_new_one(cast.amina) for _ in range(2)} == {cast.chloe.id, cast.faith.id}
    listed = people["brian"].get(PAGE).text
    assert "Chloe Yusuf, Faith Wambui, in turns" in listed
    assert "as for the whole company" in listed
    store = db.session.get_one(Team, cast.tills.parent_id)
    assert people["faith"].post(of(store), chosen(cast.faith)).status_code == 303
    assert "as for Nairobi Central" in people["brian"].get(PAGE).text
    assert owner_of_a_new_one(cast.amina) == cast.faith.id


def test_whoever_leads_above_chooses_for_the_teams_beneath(cast: Cast, people: dict[str, Browser]) -> None:
    listed = people["faith"].get(PAGE).text
    assert "Nairobi Central tills" in listed
    assert "Nairobi Central floor" in listed
    assert of(cast.root) not in listed  # the team above
    assert people["faith"].post(of(cast.tills), chosen(cast.brian)).status_code == 303
    assert rules() == {(cast.tills.id, cast.brian.id)}


@pytest.mark.parametrize("who", ["amina", "kevin", "dora"])
def test_others_find_no_team_of_theirs(cast: Cast, people: dict[str, Browser], who: str) -> None:
    browser = people[who]
    missing = browser.get(f"{PAGE}/999999")
    for answer in (browser.get(of(cast.tills)), browser.post(of(cast.tills), chosen(cast.kevin))):
        assert (answer.status_code, answer.data) == (404, missing.data)
    assert browser.post(COMPANY, chosen(cast.kevin)).status_code == 403
    assert browser.get(COMPANY).status_code == 403
    assert browser.get(PAGE).status_code == (200 if who == "dora" else 403)
    assert "Nairobi Central tills" not in browser.get(PAGE).text
    assert rules() == set()


def test_who_leads_does_not_choose_for_the_company(cast: Cast, people: dict[str, Browser]) -> None:
    assert people["brian"].post(COMPANY, chosen(cast.brian)).status_code == 403
    assert people["brian"].post(of(cast.root), chosen(cast.brian)).status_code == 404
    assert COMPANY not in people["brian"].get(PAGE).text
    assert COMPANY in people["ruth"].get(PAGE).text


def test_hr_and_admins_choose_anybody_by_staff_number(cast: Cast, people: dict[str, Browser]) -> None:
    number = db.session.get_one(Person, cast.dora.id).staff_number
    sent = {"numbers": f" {number.lower()} , n-0412,", **chosen(cast.brian)}
    assert people["ruth"].post(of(cast.tills), sent).status_code == 303
    assert rules() == {(cast.tills.id, person.id) for person in (cast.dora, cast.amina, cast.brian)}
    answer = people["ruth"].post(COMPANY, {"numbers": "N-9999"})
    assert answer.status_code == 422
    assert "has the staff number N-9999" in answer.text
    # Whoever leads a team chooses among those close to it alone.
    assert people["brian"].post(of(cast.tills), {"numbers": number}).status_code == 303
    assert rules() == set()


def test_whoever_has_left_is_never_chosen(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        left = a_person("Laura Njeri", team=cast.tills, staff_number="N-0777", ended_on=NOW.date())
        shut_out = a_person("Sam Oloo", team=cast.tills)
        account_of(shut_out).deactivated_at = NOW
    assert "Laura Njeri" not in people["brian"].get(of(cast.tills)).text
    for person in (left, shut_out, cast.dora):
        answer = people["brian"].post(of(cast.tills), chosen(person))
        assert answer.status_code == 422
        assert "Choose from the list" in answer.text
    assert people["chloe"].post(COMPANY, {"numbers": "N-0777"}).status_code == 422
    assert people["brian"].post(of(cast.tills), {"people": ["x"]}).status_code == 422
    assert rules() == set()


def test_who_leaves_afterwards_is_shown_as_gone(cast: Cast, people: dict[str, Browser]) -> None:
    people["brian"].post(of(cast.tills), chosen(cast.kevin))
    with transaction():
        db.session.get_one(Person, cast.kevin.id).ended_on = NOW.date()
    listed = people["brian"].get(PAGE).text
    assert "Not here any more: Kevin Odhiambo" in listed
    assert "Whoever leads the person it is about" in listed
    assert owner_of_a_new_one(cast.amina) == cast.brian.id
    assert people["brian"].post(of(cast.tills), {}).status_code == 303
    assert rules() == set()


def test_the_same_twice_is_once_and_the_audit_says_so(cast: Cast, people: dict[str, Browser]) -> None:
    for _ in range(2):
        assert people["brian"].post(of(cast.tills), chosen(cast.kevin, cast.brian)).status_code == 303
    db.session.rollback()
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "complaint_owners.chosen")).all()
    assert [(entry.about_id, entry.details) for entry in entries] == [
        (cast.tills.id, {"people": sorted([cast.kevin.id, cast.brian.id])})
    ]
    told = db.session.scalars(select(Message).where(Message.kind == "recovery.chosen")).all()
    assert [message.person_id for message in told] == [cast.kevin.id]
    with clock.set_to(NOW + timedelta(hours=1)):
        assert "You take care of complaints about Nairobi Central tills" in people["kevin"].get("/inbox").text
        people["brian"].post(of(cast.tills), {})
        assert "You take care of complaints" not in people["kevin"].get("/inbox").text


def test_at_most_twenty(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        crowd = [a_person(team=cast.tills) for _ in range(21)]
    answer = people["brian"].post(of(cast.tills), chosen(*crowd))
    assert answer.status_code == 422
    assert "Choose 20 people at most" in answer.text
    assert rules() == set()


def test_the_complaints_page_leads_there(people: dict[str, Browser]) -> None:
    for who, leads_there in (("brian", True), ("chloe", True), ("ruth", True), ("amina", False)):
        assert (f'href="{PAGE}"' in people[who].get("/complaints").text) is leads_there
