"""Adding people, changing their details, moving them, ending their employment."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.factories import LONG_AGO, a_person, leads
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Membership, Person, Tenure

TODAY = NOW.date()
DAY = timedelta(days=1)


def details(person: Person, **changes: Any) -> dict[str, Any]:
    given = {name: getattr(person, name) or "" for name in ("name", "staff_number", "email", "language", "contract")}
    days = {"started_on": str(person.started_on or ""), "ended_on": str(person.ended_on or "")}
    return {**given, **days, **changes}


def save(browser: Any, person: Person, **changes: Any) -> Any:
    return browser.post(f"/people/{person.id}", details(person, **changes))


def again(person: Person) -> Person:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Person, person.id)


def memberships(person: Person) -> list[tuple[int, date, date | None]]:
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.scalars(
        select(Membership).where(Membership.person_id == person.id).order_by(Membership.started_on)
    )
    return [(row.team_id, row.started_on, row.ended_on) for row in rows]


def audited(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


NEW = {"name": "Zuhura Ali", "staff_number": "Z-1", "language": "en", "started_on": "2026-01-05"}


def test_a_new_person_is_in_the_team_from_the_first_day(app: Flask, cast: Cast, browse: Any) -> None:
    answer = browse(cast.chloe).post("/people", {**NEW, "team": cast.tills.id, "email": "ZUHURA@Zawadora.example"})
    person = db.session.scalars(select(Person).where(Person.staff_number == "Z-1")).one()
    assert (answer.status_code, answer.location) == (303, f"/people/{person.id}")
    assert person.email == "zuhura@zawadora.example"
    assert memberships(person) == [(cast.tills.id, date(2026, 1, 5), None)]
    entry = audited("person.added")[0]
    assert (entry.by_id, entry.person_id, entry.details) == (cast.chloe.id, person.id, {})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Fill this in"),
        ({"email": "nonsense"}, "This is not an email address"),
        ({"team": ""}, "Choose a team"),
        ({"team": "999999"}, "Choose one from the list"),
        ({"started_on": "0206-01-05"}, "Check the year"),
        ({"staff_number": "x" * 41}, "Use 40 characters at most"),
    ],
)
def test_what_cannot_be_right_comes_back_with_the_page(
    app: Flask, cast: Cast, browse: Any, changes: dict[str, Any], sentence: str
) -> None:
    answer = browse(cast.ruth).post("/people", {**NEW, "team": cast.tills.id, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(Person).where(Person.staff_number == "Z-1")) is None


def test_a_number_or_an_address_that_is_taken_is_refused_beside_its_field(app: Flask, cast: Cast, browse: Any) -> None:
    browser = browse(cast.ruth)
    given = {**NEW, "team": cast.tills.id}
    number = browser.post("/people", {**given, "staff_number": "N-0412"})
    address = browser.post("/people", {**given, "email": str(cast.kevin.email).upper()})
    assert (number.status_code, address.status_code) == (409, 409)
    assert "Somebody else has this staff number." in number.text
    assert 'id="email-error"' in address.text


def test_only_the_office_adds_people(app: Flask, cast: Cast, browse: Any) -> None:
    codes = {
        p.name: browse(p).post("/people", {**NEW, "team": cast.tills.id}).status_code
        for p in (cast.amina, cast.brian, cast.dora)
    }
    assert set(codes.values()) == {403}
    assert browse(cast.amina).get("/people/new").status_code == 403


def test_details_are_changed_and_the_audit_names_the_columns_but_no_values(app: Flask, cast: Cast, browse: Any) -> None:
    answer = save(browse(cast.chloe), cast.amina, name="Amina Njeri", contract="seasonal")
    assert answer.status_code == 303
    assert (again(cast.amina).name, cast.amina.contract) == ("Amina Njeri", "seasonal")
    assert sorted(audited("person.edited")[0].details["fields"]) == ["contract", "name"]


def test_saving_the_same_again_changes_nothing(app: Flask, cast: Cast, browse: Any) -> None:
    save(browse(cast.chloe), cast.amina)
    assert audited("person.edited") == []


def test_readers_of_the_page_may_not_change_it(app: Flask, cast: Cast, browse: Any) -> None:
    for person in (cast.amina, cast.brian, cast.dora, cast.kevin):
        assert save(browse(person), cast.amina, name="Nobody").status_code == 403
    assert again(cast.amina).name == "Amina Otieno"


def test_nobody_changes_their_own_record_whatever_their_role(app: Flask, cast: Cast, browse: Any) -> None:
    assert save(browse(cast.ruth), cast.ruth, name="Ruth the Great").status_code == 403
    assert save(browse(cast.chloe), cast.chloe, name="Chloe the Great").status_code == 403
    assert browse(cast.ruth).get(f"/people/{cast.ruth.id}/edit").status_code == 403


def test_hr_cannot_redirect_the_mail_of_an_admin_and_so_become_one(app: Flask, cast: Cast, browse: Any) -> None:
    assert save(browse(cast.chloe), cast.ruth, email="mine@zawadora.example").status_code == 403
    assert save(browse(cast.chloe), cast.ruth, contract="full time").status_code == 303
    assert save(browse(cast.ruth), cast.chloe, email="chloe2@zawadora.example").status_code == 303
    assert again(cast.ruth).email != "mine@zawadora.example"


def test_a_move_ends_one_team_and_begins_the_other_on_the_same_day(app: Flask, cast: Cast, browse: Any) -> None:
    answer = browse(cast.chloe).post(
        f"/people/{cast.amina.id}/memberships", {"team": cast.floor.id, "since": str(TODAY)}
    )
    assert answer.status_code == 303
    assert memberships(cast.amina) == [(cast.tills.id, LONG_AGO, TODAY), (cast.floor.id, TODAY, None)]
    assert audited("person.moved")[0].details == {"team": cast.floor.id, "since": str(TODAY)}


def test_who_is_moved_is_told(app: Flask, cast: Cast, browse: Any) -> None:
    browse(cast.chloe).post(f"/people/{cast.amina.id}/memberships", {"team": cast.floor.id, "since": str(TODAY)})
    message = db.session.scalars(select(Message).where(Message.person_id == cast.amina.id)).one()
    assert (message.kind, message.parameters) == ("person.moved", {"team": cast.floor.id})
    with transaction():
        db.session.get_one(Message, message.id).visible_at = datetime(2020, 1, 1, tzinfo=UTC)
    assert "Your team is now Nairobi Central floor" in browse(cast.amina).get("/inbox").text


def test_after_a_move_the_old_manager_reads_nothing_and_the_new_one_does(app: Flask, cast: Cast, browse: Any) -> None:
    browse(cast.chloe).post(f"/people/{cast.amina.id}/memberships", {"team": cast.floor.id, "since": str(TODAY)})
    url = f"/people/{cast.amina.id}"
    assert "Days away" not in browse(cast.brian).get(url).text
    assert "Days away" in browse(cast.dora).get(url).text


def move(browser: Any, person: Person, team: Any, since: date) -> Any:
    return browser.post(f"/people/{person.id}/memberships", {"team": team.id, "since": str(since)})


def test_a_move_on_the_day_of_the_last_one_corrects_it(app: Flask, cast: Cast, browse: Any) -> None:
    browser = browse(cast.ruth)
    move(browser, cast.amina, cast.floor, TODAY)
    move(browser, cast.amina, cast.root, TODAY)
    assert memberships(cast.amina) == [(cast.tills.id, LONG_AGO, TODAY), (cast.root.id, TODAY, None)]
    move(browser, cast.amina, cast.tills, TODAY)
    assert memberships(cast.amina) == [(cast.tills.id, LONG_AGO, None)]


def test_moves_that_would_overlap_or_change_nothing_are_refused(app: Flask, cast: Cast, browse: Any) -> None:
    browser = browse(cast.ruth)
    assert move(browser, cast.amina, cast.tills, TODAY).status_code == 409
    assert move(browser, cast.amina, cast.floor, LONG_AGO - DAY).status_code == 422
    assert move(browser, cast.amina, cast.floor, TODAY + 9 * DAY).status_code == 303
    refused = move(browser, cast.amina, cast.root, TODAY)
    assert refused.status_code == 422
    assert "Choose a later day" in refused.text
    assert memberships(cast.amina) == [
        (cast.tills.id, LONG_AGO, TODAY + 9 * DAY),
        (cast.floor.id, TODAY + 9 * DAY, None),
    ]


def test_only_the_office_moves_people_and_nobody_themselves(app: Flask, cast: Cast, browse: Any) -> None:
    for person in (cast.amina, cast.brian, cast.dora):
        assert move(browse(person), cast.amina, cast.floor, TODAY).status_code == 403
    assert move(browse(cast.ruth), cast.ruth, cast.floor, TODAY).status_code == 403


def test_whoever_leaves_is_out_from_that_day(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina)
    assert amina.get("/people").status_code == 200
    assert save(browse(cast.chloe), cast.amina, ended_on=str(TODAY - DAY)).status_code == 303
    assert amina.get("/people").status_code == 303
    assert memberships(cast.amina) == [(cast.tills.id, LONG_AGO, TODAY - DAY)]
    assert audited("person.left")[0].details == {"on": str(TODAY - DAY)}


def test_until_the_last_day_nothing_changes(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina)
    save(browse(cast.chloe), cast.amina, ended_on=str(TODAY + 3 * DAY))
    assert amina.get("/people").status_code == 200
    assert memberships(cast.amina) == [(cast.tills.id, LONG_AGO, TODAY + 3 * DAY)]


def test_what_they_led_ends_and_what_was_planned_is_dropped(app: Flask, cast: Cast, browse: Any) -> None:
    move(browse(cast.ruth), cast.brian, cast.root, TODAY + 9 * DAY)
    save(browse(cast.chloe), cast.brian, ended_on=str(TODAY))
    tenure = db.session.scalars(select(Tenure).where(Tenure.person_id == cast.brian.id)).one()
    assert tenure.ended_on == TODAY
    assert [row[2] for row in memberships(cast.brian)] == [TODAY]


def test_leaving_can_be_taken_back(app: Flask, cast: Cast, browse: Any) -> None:
    browser = browse(cast.chloe)
    save(browser, cast.amina, ended_on=str(TODAY))
    save(browser, cast.amina, ended_on="")
    assert memberships(cast.amina) == [(cast.tills.id, LONG_AGO, None)]
    assert again(cast.amina).ended_on is None


def test_a_last_day_before_the_first_is_refused(app: Flask, cast: Cast, browse: Any) -> None:
    answer = save(browse(cast.chloe), cast.amina, ended_on=str(LONG_AGO))
    assert answer.status_code == 422
    assert "This must be after the first day" in answer.text


def test_a_refused_save_leaves_nothing_behind(app: Flask, cast: Cast, browse: Any) -> None:
    answer = save(browse(cast.chloe), cast.amina, ended_on=str(TODAY + DAY), staff_number=cast.kevin.staff_number)
    assert answer.status_code == 409
    assert again(cast.amina).ended_on is None


def test_a_leader_who_left_leaves_a_team_that_can_get_another(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        left = a_person("Otto Left", team=cast.root)
        leads(left, cast.root)
    save(browse(cast.ruth), left, ended_on=str(TODAY))
    answer = browse(cast.ruth).post(
        f"/teams/{cast.root.id}/manager", {"manager-who": cast.faith.staff_number, "manager-since": str(TODAY)}
    )
    assert answer.status_code == 303
