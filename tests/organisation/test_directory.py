"""The directory, and the page of one person."""

from datetime import date, timedelta
from typing import Any

from flask import Flask

from tests.conftest import NOW, Cast
from tests.factories import a_person, is_away, joins
from tracker.core.db import transaction

TODAY = NOW.date()


def words(browser: Any, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return " ".join(answer.text.split())


def test_everybody_who_is_signed_in_reads_the_directory_by_name(app: Flask, cast: Cast, browse: Any) -> None:
    page = words(browse(cast.amina), "/people")
    assert page.index("Amina Otieno") < page.index("Brian Kamau") < page.index("Ruth Kiprop")
    assert "Nairobi Central tills" in page


def test_nobody_reads_it_without_signing_in(app: Flask, cast: Cast, browse: Any) -> None:
    assert browse(None).get("/people").location == "/sign-in?next=%2Fpeople"


def test_a_search_finds_names_numbers_and_addresses_in_any_case(app: Flask, cast: Cast, browse: Any) -> None:
    browser = browse(cast.kevin)
    for typed in ("amina", "n-0412", cast.amina.email):
        page = words(browser, f"/people?q={typed}")
        assert "N-0412" in page
        assert "Dora Mwangi" not in page


def test_a_search_for_nobody_says_so(app: Flask, cast: Cast, browse: Any) -> None:
    assert "Nobody like that" in words(browse(cast.kevin), "/people?q=%25")


def test_a_team_shows_its_people_and_those_beneath(app: Flask, cast: Cast, browse: Any) -> None:
    store = cast.tills.parent_id
    page = words(browse(cast.ruth), f"/people?team={store}")
    assert "Amina Otieno" in page
    assert "Brian Kamau" in page
    assert "Faith Wambui" not in page


def test_a_long_list_comes_in_pages(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        for number in range(30):
            a_person(f"Zuri {number:02}", team=cast.tills)
    browser = browse(cast.ruth)
    first = words(browser, "/people?q=zuri")
    assert ("Zuri 24" in first, "Zuri 25" in first, "page=2" in first) == (True, False, True)
    assert "Zuri 29" in words(browser, "/people?q=zuri&page=2")


def test_who_has_left_is_shown_only_to_whom_edits_and_only_on_request(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_person("Leila Gone", team=cast.tills, ended_on=date(2025, 1, 1))
    ruth, amina = browse(cast.ruth), browse(cast.amina)
    assert "Leila Gone" not in words(ruth, "/people")
    assert "Leila Gone" in words(ruth, "/people?left=1")
    assert "Leila Gone" not in words(amina, "/people?left=1")


def test_only_the_office_is_offered_to_add_and_only_admins_to_import(app: Flask, cast: Cast, browse: Any) -> None:
    offered = {
        name: ("/people/new" in page, "/people/import" in page)
        for name, page in (
            (person.name.split()[0], words(browse(person), "/people"))
            for person in (cast.amina, cast.brian, cast.chloe, cast.ruth)
        )
    }
    assert offered == {
        "Amina": (False, False),
        "Brian": (False, False),
        "Chloe": (True, False),
        "Ruth": (True, True),
    }


def test_the_page_of_a_person_keeps_the_history_of_teams(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        person = a_person("Moses Kip")
        joins(person, cast.floor, since=date(2021, 1, 1), until=date(2022, 1, 1))
        joins(person, cast.tills, since=date(2022, 1, 1))
    page = words(browse(cast.kevin), f"/people/{person.id}")
    assert "Fri 1 Jan 2021 to Fri 31 Dec 2021" in page
    assert page.index("Nairobi Central tills") < page.index("Nairobi Central floor")


def test_absences_and_addresses_are_nobodys_business_but_the_managers_and_the_office(
    app: Flask, cast: Cast, browse: Any
) -> None:
    with transaction():
        is_away(cast.amina, TODAY, TODAY + timedelta(days=3))
    seen = {}
    for person in (cast.amina, cast.brian, cast.chloe, cast.dora, cast.kevin, cast.ruth):
        page = words(browse(person), f"/people/{cast.amina.id}")
        seen[person.name.split()[0]] = ("Days away" in page, str(cast.amina.email) in page, "Edit details" in page)
    assert seen == {
        "Amina": (True, False, False),
        "Brian": (True, False, False),
        "Chloe": (True, True, True),
        "Dora": (False, False, False),
        "Kevin": (False, False, False),
        "Ruth": (True, True, True),
    }


def test_nobody_is_offered_to_edit_themselves(app: Flask, cast: Cast, browse: Any) -> None:
    assert "Edit details" not in words(browse(cast.ruth), f"/people/{cast.ruth.id}")


def test_a_person_who_is_not_there_is_not_found(app: Flask, cast: Cast, browse: Any) -> None:
    assert browse(cast.ruth).get("/people/999999").status_code == 404
