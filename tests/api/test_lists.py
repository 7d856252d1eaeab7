"""Lists in pages: nothing twice, nothing missed, whatever arrives meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.conftest import NOW, Program, an_interaction_body
from tests.conftest import Cast
from tests.factories import a_person, a_rating
from tracker.access.actions import set_roles
from tracker.api.rules import MAX_ID, cursor_after, id_of_cursor
from tracker.core.db import db, transaction

Make = Callable[..., Program]


def pages(program: Program, path: str, *, limit: int, meanwhile: Callable[[], Any] = lambda: None) -> list[Any]:
    found, cursor = [], ""
    while cursor is not None:
        answer = program.get(f"{path}?limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
        assert answer.status_code == 200
        assert len(answer.json["data"]) <= limit
        found += answer.json["data"]
        cursor = answer.json["next_cursor"]
        meanwhile()
    return found


def test_ratings_page_by_page_while_others_come_and_go(program: Make, cast: Cast) -> None:
    with transaction():
        set_roles(db.session.merge(cast.brian), {"admin"}, by=cast.ruth.id, at=NOW)
        ids = [a_rating(db.session.merge(cast.amina)).id for _number in range(7)]
    reader = program(cast.brian)
    added: list[int] = []

    def one_more() -> None:
        if len(added) < 3:
            with transaction():
                added.append(a_rating(db.session.merge(cast.kevin)).id)

    seen = [row["id"] for row in pages(reader, "/ratings", limit=2, meanwhile=one_more)]
    assert seen == [*ids, *added]
    assert [row["id"] for row in pages(reader, "/ratings", limit=10)] == seen


def test_the_last_page_says_so_also_when_it_is_full(program: Make) -> None:
    tills = program()
    for number in range(4):
        tills.post("/interactions", an_interaction_body(external_id=str(number), employee=None))
    assert tills.get("/interactions?limit=4").json["next_cursor"] is None
    assert len(pages(tills, "/interactions", limit=2)) == 4


def test_people_with_the_team_of_today(program: Make, cast: Cast) -> None:
    with transaction():
        a_person("Nobody’s Yet")
    rows = {row["name"]: row for row in pages(program(), "/people", limit=3)}
    assert len(rows) == 8
    assert rows["Amina Otieno"]["staff_number"] == "N-0412"
    assert rows["Amina Otieno"]["team"] == "Nairobi Central tills"
    assert rows["Nobody’s Yet"]["team"] is None
    assert set(rows["Amina Otieno"]) == {"id", "staff_number", "name", "team", "started_on", "ended_on"}


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "limit=1&limit=2", "cursor=x", "cursor=", "page=2", "cursor=%FF"]
)
def test_a_wrong_page_is_refused(program: Make, query: str) -> None:
    answer = program().get(f"/people?{query}")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_a_cursor_belongs_to_its_list(program: Make) -> None:
    answer = program().get(f"/people?cursor={cursor_after('ratings', 5)}")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "cursor"


@given(st.integers(0, MAX_ID))
def test_a_cursor_comes_back_as_it_went(number: int) -> None:
    assert id_of_cursor(cursor_after("people", number), "people") == number


@given(st.text(max_size=30))
def test_whatever_else_is_handed_in_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="was not given out"):
        id_of_cursor(text, "people")
