"""Scores for programs: the card that the maker of the token reads in the pages, at the moment they may."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.api.conftest import NOW, Program
from tests.conftest import Cast
from tests.factories import a_person
from tests.home.cards import a_card, check, fallen, figures, too_few
from tracker.access.actions import set_roles
from tracker.api.rules import cursor_after
from tracker.core.db import db, transaction

Make = Callable[..., Program]


def scores(program: Program) -> dict[str, Any]:
    answer = program.get("/scores")
    assert answer.status_code == 200
    return {row["staff_number"]: row for row in answer.json["data"]}


def an_admin_who_leads(cast: Cast) -> None:
    set_roles(db.session.merge(cast.brian), {"admin"}, by=cast.ruth.id, at=NOW)


def test_a_score_comes_with_its_number_its_range_and_its_sentence(program: Make, cast: Cast) -> None:
    with transaction():
        an_admin_who_leads(cast)
        a_card(cast.amina, figures(), audience="shared")
    row = scores(program(cast.brian))["N-0412"]
    assert row == {
        "person_id": cast.amina.id,
        "staff_number": "N-0412",
        "week": "2026-11-09",
        "n": 46,
        "weeks": 4,
        "score": 4.5,
        "needed": 0,
        "expected_low": 4.2,
        "expected_high": 4.6,
        "verdict": "inside",
        "sentence": "Amina is right where we’d expect.",
        "check": None,
        "talk": None,
    }


def test_too_few_ratings_give_no_number_but_how_many_more_it_takes(program: Make, cast: Cast) -> None:
    with transaction():
        an_admin_who_leads(cast)
        a_card(cast.amina, too_few(), audience="shared")
    row = scores(program(cast.brian))["N-0412"]
    assert [row[name] for name in ("score", "expected_low", "expected_high")] == [None] * 3
    assert (row["n"], row["weeks"], row["needed"], row["verdict"]) == (3, 13, 7, "too_few")
    assert row["sentence"] == "Too early to say. 7 more ratings for Amina and we can."


def test_the_own_score_is_there_at_once_and_that_of_others_when_it_is_shared(program: Make, cast: Cast) -> None:
    with transaction():
        an_admin_who_leads(cast)
        a_card(cast.kevin, figures(), audience="shared")
        a_card(cast.kevin, fallen(), shares_at=NOW + timedelta(hours=20))
        watch = check(observed=4.1, expected=4.5, fall=0.4, p=0.006, one_in=100, watch=True)
        a_card(cast.brian, figures(check=watch), shares_at=NOW + timedelta(hours=20))
        a_card(cast.brian, figures(), audience="shared")
    found = scores(program(cast.brian))
    kevin, brian = found[cast.kevin.staff_number], found[cast.brian.staff_number]
    assert (kevin["score"], kevin["verdict"], kevin["check"]) == (4.5, "inside", None)
    assert brian["sentence"] == "A harder few weeks. Let’s look at why together."
    assert brian["check"].startswith("Your last 24 ratings")
    assert len(found) == 2


def test_the_admin_role_opens_nobodys_score(program: Make, cast: Cast) -> None:
    with transaction():
        for person in (cast.amina, cast.kevin, cast.dora):
            a_card(person, figures(), audience="shared")
            a_card(person, figures())
        set_roles(db.session.merge(cast.dora), {"admin"}, by=cast.ruth.id, at=NOW)
    assert scores(program()) == {}
    assert list(scores(program(cast.dora))) == [cast.dora.staff_number]


def test_page_by_page_nothing_twice_and_nothing_missed(program: Make, cast: Cast) -> None:
    with transaction():
        an_admin_who_leads(cast)
        people = [a_person(team=db.session.merge(cast.tills)) for _number in range(5)]
        for person in people:
            a_card(person, figures(), audience="shared")
    reader, seen, cursor = program(cast.brian), [], ""
    while cursor is not None:
        answer = reader.get("/scores?limit=2" + (f"&cursor={cursor}" if cursor else "")).json
        seen += [row["person_id"] for row in answer["data"]]
        cursor = answer["next_cursor"]
    assert seen == [person.id for person in people]


def test_a_cursor_of_another_list_is_refused(program: Make) -> None:
    assert program().get(f"/scores?cursor={cursor_after('people', 5)}").status_code == 422
