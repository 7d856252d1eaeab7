"""Bringing in people from a file."""

import io
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import NOW, Cast
from tests.factories import LONG_AGO, a_person, an_organisation
from tests.statements import statements
from tracker.access.models import RoleGrant
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.core.errors import Invalid
from tracker.intake.people import PeopleImport, import_people, preview_people
from tracker.notifications.models import Message
from tracker.organisation.models import Membership, Person, Team, Tenure

TODAY = NOW.date()


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Any:
    """run("staff_number,name", "1,Amina", ...) -> the result of saving these lines."""

    def save(*lines: str, by: int | None = None, at: datetime = NOW) -> PeopleImport:
        file = tmp_path / "people.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        before = preview_people(file, by=by, at=at)
        with transaction():
            result = import_people(file, by=by, at=at)
        assert before == result, "the preview must say what saving does"
        return result

    return save


def counts(result: PeopleImport) -> tuple[int, int, int, int]:
    return result.added, result.updated, result.unchanged, len(result.rejected)


def person(number: str) -> Person:
    db.session.expire_all()
    return db.session.scalars(select(Person).where(Person.staff_number == number)).one()


def team(name: str) -> Team:
    return db.session.scalars(select(Team).where(Team.name == name)).one()


def memberships(number: str) -> list[tuple[str, date, date | None]]:
    rows = db.session.execute(
        select(Team.name, Membership.started_on, Membership.ended_on)
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.person_id == person(number).id)
        .order_by(Membership.started_on)
    )
    return [tuple(row) for row in rows]


def manager_of(name: str) -> str | None:
    return db.session.scalar(
        select(Person.staff_number)
        .join(Tenure, Tenure.person_id == Person.id)
        .where(Tenure.team_id == team(name).id, Tenure.ended_on.is_(None), Tenure.kind == "manager")
    )


COMPANY = (
    "staff_number,name,email,team,parent_team,manager,role,started_on,ended_on,contract,language,time_zone",
    "1,Amina Otieno,AMINA@x.example,Tills,Store,2,employee,2024-03-01,,full time,en,",
    "2,Brian Kamau,brian@x.example,Store,Company,Faith Wambui,manager,2020-01-01,,,,",
    "3,Faith Wambui,faith@x.example,Company,,,hr;admin,2019-01-01,,,,Africa/Nairobi",
    "4,Leila Gone,,Tills,Store,2,,2024-01-01,2025-01-01,,,",
)


def test_a_company_comes_in_from_one_file_whatever_the_order_of_its_rows(run: Any) -> None:
    result = run(*COMPANY)
    assert counts(result) == (4, 0, 0, 0)
    assert result.teams_created == ["Company", "Store", "Tills"]
    assert (team("Tills").parent_id, team("Store").parent_id) == (team("Store").id, team("Company").id)
    assert (team("Tills").time_zone, manager_of("Tills"), manager_of("Store")) == ("Africa/Nairobi", "2", "3")
    assert person("1").email == "amina@x.example"
    assert memberships("1") == [("Tills", date(2024, 3, 1), None)]
    assert memberships("4") == [("Tills", date(2024, 1, 1), date(2025, 1, 1))]
    roles = db.session.execute(select(RoleGrant.role).where(RoleGrant.person_id == person("3").id)).scalars()
    assert set(roles) == {"hr", "admin"}


def test_the_same_file_twice_changes_nothing(run: Any) -> None:
    run(*COMPANY)
    entries = select(func.count()).select_from(AuditEntry)
    before = db.session.scalar(entries)
    result = run(*COMPANY, at=NOW + timedelta(days=5))
    assert (counts(result), result.changes) == ((0, 0, 4, 0), 0)
    assert db.session.scalar(entries) == before + 1  # the import itself


def test_the_audit_has_one_entry_for_the_import_and_one_for_each_person(run: Any) -> None:
    run(*COMPANY)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "people.imported")).one()
    assert entry.details == {"added": 4, "updated": 0, "unchanged": 0, "rejected": 0, "teams": 3}
    added = select(AuditEntry.person_id).where(AuditEntry.action == "person.added")
    assert sorted(db.session.scalars(added)) == sorted(person(number).id for number in "1234")


def test_only_filled_cells_change_anything(run: Any) -> None:
    run(*COMPANY)
    result = run("staff_number,name,email,contract", "1,,,seasonal", "2,Brian K. Kamau,,")
    assert counts(result) == (0, 2, 0, 0)
    assert (person("1").name, person("1").contract, person("1").email) == (
        "Amina Otieno",
        "seasonal",
        "amina@x.example",
    )
    assert person("2").name == "Brian K. Kamau"


def test_a_new_team_in_the_file_is_a_move_on_the_day_of_the_import(run: Any) -> None:
    run(*COMPANY)
    assert counts(run("staff_number,team,started_on", "1,Store,2024-03-01")) == (0, 1, 0, 0)
    assert memberships("1") == [("Tills", date(2024, 3, 1), TODAY), ("Store", TODAY, None)]
    run("staff_number,team", "1,Tills")  # the same day: a correction, no overlap
    assert memberships("1") == [("Tills", date(2024, 3, 1), None)]


def test_somebody_who_begins_later_is_in_the_team_from_then_on(run: Any) -> None:
    run("staff_number,name,team,started_on", "9,Zuhura Ali,Tills,2027-01-04")
    assert memberships("9") == [("Tills", date(2027, 1, 4), None)]


def test_an_end_ends_the_membership_and_what_they_lead(run: Any) -> None:
    run(*COMPANY)
    assert counts(run("staff_number,ended_on", "2,2026-11-30")) == (0, 1, 0, 0)
    assert memberships("2") == [("Store", date(2020, 1, 1), date(2026, 11, 30))]
    assert manager_of("Tills") is None


def test_a_role_is_given_but_never_taken(run: Any) -> None:
    run(*COMPANY)
    run("staff_number,role", "1,hr", "3,employee")
    granted = db.session.execute(
        select(Person.staff_number, RoleGrant.role).join(Person, Person.id == RoleGrant.person_id)
    )
    assert {tuple(row) for row in granted} == {("1", "hr"), ("3", "hr"), ("3", "admin")}


def test_a_new_manager_takes_over_on_the_day_of_the_import(run: Any) -> None:
    run(*COMPANY)
    result = run("staff_number,manager", "1,Amina Otieno")
    assert (counts(result), result.managers_appointed) == ((0, 0, 1, 0), 1)
    assert manager_of("Tills") == "1"
    assert run("staff_number,manager", "1,1").managers_appointed == 0


H = "staff_number,name,email,team,parent_team,manager,role,started_on,ended_on,time_zone"


@pytest.mark.parametrize(
    ("rows", "line", "reason"),
    [
        (["9,,,Tills,,,,,,"], 2, "A new person needs a name"),
        ([",Zuhura,,Tills,,,,,,"], 2, "There is no staff number in this row"),
        (["9,Zuhura,nonsense,,,,,,,"], 2, "“nonsense” is not an email address"),
        (["9,Zuhura,brian@x.example,,,,,,,"], 2, "belongs to another person"),
        (["9,Zuhura,,Tills,Company,,,,,"], 2, "The team “Tills” is part of Store, not of “Company”"),
        (["9,Zuhura,,Tills,,,,,,Africa/Cairo"], 2, "“Tills” is in the time zone Africa/Nairobi, not Africa/Cairo"),
        (["9,Zuhura,,,,,,,,Africa/Cairo"], 2, "no team that it could be of"),
        (["9,Zuhura,,Tills,,,,,,Mars/Base"], 2, "“Mars/Base” is no time zone"),
        (["9,Zuhura,,,Store,,,,,"], 2, "There is a parent team in this row, but no team"),
        (["9,Zuhura,,New,New,,,,,"], 2, "can’t be part of itself"),
        (["9,Zuhura,,Tills,,Nobody,,,,"], 2, "The manager “Nobody” is nobody’s staff number or name"),
        (["9,Zuhura,,,,2,,,,"], 2, "There is a manager in this row, but no team to lead"),
        (["9,Zuhura,,Tills,,4,,,,"], 2, "The manager of this row has left"),
        (["9,Zuhura,,Tills,,1,,,,", "8,Moses,,Tills,,2,,,,"], 3, "has another manager on line 2"),
        (["9,Zuhura,,,,,boss,,,"], 2, "“boss” is no role"),
        (["9,Zuhura,,,,,,03/04/2026,,"], 2, "can be 3 April or 4 March"),
        (["9,Zuhura,,,,,,2026-02-30,,"], 2, "There is no such day"),
        (["9,Zuhura,,,,,,soon,,"], 2, "is not a date that can be read"),
        (["9,Zuhura,,,,,,2026-05-01,2026-05-01,"], 2, "The last day is before the first one"),
        (["1,,,,,,,,2024-03-01,"], 2, "The last day is before the first one"),
        (["4,,,Store,,,,,,"], 2, "Somebody who has left can’t move"),
        ([f"{'9' * 41},Zuhura,,,,,,,,"], 2, "is too long"),
    ],
)
def test_a_row_that_does_not_fit_is_left_out_with_its_line_and_the_reason(
    run: Any, rows: list[str], line: int, reason: str
) -> None:
    run(*COMPANY)
    result = run(H, *rows, "7,Good Row,,,,,,,,")
    assert [found for found, _why in result.rejected] == [line]
    assert reason in result.rejected[0][1]
    assert person("7").name == "Good Row"


def test_a_staff_number_that_stands_twice_is_refused_on_both_lines(run: Any) -> None:
    result = run("staff_number,name", "9,Zuhura", "7,Good Row", "9,Zuhura Ali")
    assert counts(result) == (1, 0, 0, 2)
    assert result.rejected == [
        (2, "The staff number 9 stands on lines 2, 4"),
        (4, "The staff number 9 stands on lines 2, 4"),
    ]


def test_an_address_that_stands_twice_is_refused_on_both_lines(run: Any) -> None:
    result = run("staff_number,name,email", "8,Zuhura,a@x.example", "9,Moses,A@x.example")
    assert counts(result) == (0, 0, 0, 2)
    assert "stands on lines 2, 3" in result.rejected[0][1]


def test_teams_that_would_go_round_in_a_circle_are_refused(run: Any) -> None:
    result = run("staff_number,name,team,parent_team", "8,Zuhura,North,South", "9,Moses,South,North")
    assert counts(result) == (0, 0, 0, 2)
    assert db.session.scalar(select(func.count()).select_from(Team)) == 0


def test_a_refused_row_takes_what_it_promised_with_it(run: Any) -> None:
    result = run(
        "staff_number,name,team,manager,role",
        "8,Zuhura,North,,boss",
        "9,Moses,South,Zuhura,",
    )
    assert counts(result) == (0, 0, 0, 2)
    assert result.rejected[1] == (3, "The manager “Zuhura” is nobody’s staff number or name")
    assert db.session.scalar(select(func.count()).select_from(Team)) == 0


def test_two_people_of_one_name_need_the_number(run: Any) -> None:
    result = run("staff_number,name,team,manager", "8,Zuhura Ali,,", "9,Zuhura Ali,,", "7,Moses,North,Zuhura Ali")
    assert counts(result) == (2, 0, 0, 1)
    assert "Name the manager by staff number" in result.rejected[0][1]


def test_a_number_in_other_letters_is_the_same_person(run: Any) -> None:
    run("staff_number,name", "N-1,Zuhura")
    assert counts(run("staff_number,name", "n-1,Zuhura Ali")) == (0, 1, 0, 0)


def test_dates_that_settle_the_order_of_the_others_are_enough(run: Any) -> None:
    run("staff_number,name,started_on", "8,Zuhura,25/04/2024", "9,Moses,03/04/2024")
    assert (person("8").started_on, person("9").started_on) == (date(2024, 4, 25), date(2024, 4, 3))


def test_somebody_may_have_worked_here_for_forty_years(run: Any) -> None:
    run("staff_number,name,started_on", "8,Zuhura,1986-04-25")
    assert person("8").started_on == date(1986, 4, 25)


def test_other_names_of_columns_are_known_and_unknown_ones_reported(run: Any) -> None:
    result = run("Emp. No;Full Name;Work Email;Department;Job Title;Shoe size", "8;Zuhura;z@x.example;North;Cashier;41")
    assert (counts(result), result.columns_left_out) == ((1, 0, 0, 0), ["Job Title", "Shoe size"])
    assert (person("8").name, memberships("8")[0][0]) == ("Zuhura", "North")


def test_rows_without_a_single_value_are_passed_over(run: Any) -> None:
    assert counts(run("staff_number,name", ",", "8,Zuhura", " , ")) == (1, 0, 0, 0)


def test_a_file_without_staff_numbers_is_refused(run: Any) -> None:
    with pytest.raises(Invalid, match="no column of staff numbers"):
        run("nickname,colour", "Zuzu,blue")


def test_an_existing_person_in_no_team_joins_from_the_first_day(app: Flask, run: Any) -> None:
    with transaction():
        an_organisation()
        a_person("Zuhura", staff_number="8", since=date(2025, 6, 1))
    run("staff_number,team", "8,North")
    assert memberships("8") == [("North", date(2025, 6, 1), None)]


def test_nobody_changes_themselves_by_a_file(app: Flask, cast: Cast, run: Any) -> None:
    own, other = cast.ruth.staff_number, cast.amina.staff_number
    result = run("staff_number,contract,manager", f"{own},seasonal,", f"{other},seasonal,Ruth Kiprop", by=cast.ruth.id)
    assert counts(result) == (0, 0, 0, 2)
    assert "This is your own record" in result.rejected[0][1]
    assert "Somebody else has to change that" in result.rejected[1][1]
    assert counts(run("staff_number,name", f"{own},Ruth Kiprop", by=cast.ruth.id)) == (0, 0, 1, 0)


def test_each_person_of_a_large_company_takes_three_statements(run: Any) -> None:
    people, besides = 400, 180  # the 50 teams, and what is asked once
    lines = [f"{n},Person {n},p{n}@x.example,Team {n % 50},Company,," for n in range(people)]
    with statements() as sent:
        result = run("staff_number,name,email,team,parent_team,manager,role", *lines)
    assert counts(result) == (people, 0, 0, 0)
    assert len(sent) <= 3 * people + besides


# The pages


def send(browser: Any, *lines: str, name: str = "people.csv") -> Any:
    content = "\n".join(lines).encode()
    return browser.post("/people/import", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def test_the_page_shows_what_would_happen_and_saves_only_when_asked(app: Flask, cast: Cast, browse: Any) -> None:
    ruth = browse(cast.ruth)
    sent = send(ruth, "staff_number,name,team", "Z-1,Zuhura Ali,Nairobi Central tills", "Z-2,,")
    assert sent.status_code == 303
    for _again in range(2):
        check = " ".join(ruth.get(sent.location).text.split())
        assert "Save 1, leave out 1" in check
        assert "A new person needs a name" in check
    assert db.session.scalar(select(Person.id).where(Person.staff_number == "Z-1")) is None
    saved = ruth.post(sent.location)
    assert (saved.status_code, "1 row was left out" in saved.text) == (200, True)
    assert memberships("Z-1")[0][0] == "Nairobi Central tills"
    assert ruth.post(sent.location).status_code == 404  # the file is gone


def test_a_file_that_fits_altogether_leads_back_to_the_directory(app: Flask, cast: Cast, browse: Any) -> None:
    ruth = browse(cast.ruth)
    sent = send(ruth, "staff_number,name", "Z-1,Zuhura Ali")
    assert ruth.post(sent.location).location == "/people"
    assert "Saved: 1 new, 0 changed." in ruth.get("/people").text


def test_a_file_that_changes_nothing_offers_nothing_to_save(app: Flask, cast: Cast, browse: Any) -> None:
    ruth = browse(cast.ruth)
    check = ruth.get(send(ruth, "staff_number,name", "N-0412,Amina Otieno").location).text
    assert "Nothing to save" in check
    assert 'class="btn">Save' not in check


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([""], "This file is empty."),
        (["name,colour", "Zuzu,blue"], "no column of staff numbers"),
        (["<html><body>", "</body>"], "web page"),
    ],
)
def test_what_is_no_list_of_people_is_refused_and_not_kept(
    app: Flask, cast: Cast, browse: Any, lines: list[str], sentence: str
) -> None:
    folder = Path(app.instance_path) / "uploads"
    before = len(list(folder.glob("*"))) if folder.exists() else 0
    answer = send(browse(cast.ruth), *lines)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert len(list(folder.glob("*"))) == before


def test_no_file_at_all_says_so(app: Flask, cast: Cast, browse: Any) -> None:
    answer = browse(cast.ruth).post("/people/import")
    assert (answer.status_code, "Choose a file" in answer.text) == (422, True)


def test_only_admins_import_and_each_only_their_own_file(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        second = a_person("Samir Second", team=cast.root, roles=["admin"])
    sent = send(browse(cast.ruth), "staff_number,name", "Z-1,Zuhura Ali").location
    other = browse(second)
    assert (other.get(sent).status_code, other.post(sent).status_code) == (404, 404)
    for someone in (cast.amina, cast.brian, cast.chloe, cast.dora):
        browser = browse(someone)
        codes = {
            browser.get("/people/import").status_code,
            browser.get(sent).status_code,
            browser.post(sent).status_code,
        }
        assert codes == {403}
    assert browse(cast.ruth).get(sent).status_code == 200


def test_a_file_can_be_taken_back(app: Flask, cast: Cast, browse: Any) -> None:
    ruth = browse(cast.ruth)
    sent = send(ruth, "staff_number,name", "Z-1,Zuhura Ali").location
    assert ruth.post(f"{sent}/removal").location == "/people/import"
    assert ruth.get(sent).status_code == 404


def test_the_history_of_somebody_who_came_long_ago_stays(app: Flask, cast: Cast, run: Any) -> None:
    run("staff_number,team,name", "N-0412,Nairobi Central floor,Amina Otieno")
    assert memberships("N-0412")[0] == ("Nairobi Central tills", LONG_AGO, TODAY)


def test_new_managers_and_whoever_is_moved_or_gets_a_role_are_told_once(run: Any) -> None:
    run(*COMPANY)
    run("staff_number,team", "1,Store")
    told = db.session.execute(
        select(Person.staff_number, Message.kind).join(Person, Person.id == Message.person_id)
    ).all()
    assert sorted(tuple(row) for row in told) == [
        ("1", "person.moved"),
        ("2", "team.manager"),
        ("3", "roles.changed"),
        ("3", "team.manager"),
    ]
