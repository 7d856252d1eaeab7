"""The page of a case and the lists ask the database the same number of questions, however much there is."""

from datetime import timedelta
from typing import Any

import pytest

from tests.coaching.talks import a_case_of, served
from tests.conftest import NOW, Cast
from tests.factories import a_course, a_person
from tests.home.test_query_counts import selects
from tests.journeys.serving import Hour
from tracker.coaching.actions import add_agreed, share_case
from tracker.coaching.agenda import add_to_agenda
from tracker.coaching.models import CoachingCase
from tracker.core.db import db, transaction

CASE_AT_MOST, LIST_AT_MOST = 48, 14


@pytest.mark.parametrize("who", ["brian", "kevin"])
def test_the_page_of_a_case_is_flat_in_all_that_is_on_it(case: CoachingCase, cast: Cast, browse: Any, who: str) -> None:
    browser = browse(getattr(cast, who))
    _add(case, cast, 2)
    with selects() as few:
        browser.get(f"/coaching/{case.id}")
    _add(case, cast, 15)
    with selects() as many:
        page = browser.get(f"/coaching/{case.id}").text
    assert page.count("Point ") >= 17
    assert len(many) == len(few), "\n\n".join(many)
    assert len(many) <= CASE_AT_MOST


def _add(case: CoachingCase, cast: Cast, count: int) -> None:
    with transaction():
        found = db.session.get_one(CoachingCase, case.id)
        for number in range(count):
            served(
                cast.kevin, 2, queue=number, at=NOW - timedelta(days=1, hours=number), comment="Slow", drivers=["speed"]
            )
            by = cast.kevin.id
            add_to_agenda(found, by=by, text=f"Point {count} {number}", at=NOW)
            add_agreed(found, by=by, text="Open", owner_id=by, due_on=NOW.date() + timedelta(days=9), at=NOW)
            a_course(drivers=["speed"])


@pytest.mark.parametrize("people", [2, 30])
def test_the_list_of_talks_is_flat_in_people(cast: Cast, hour: Hour, browse: Any, people: int) -> None:
    with transaction():
        for _number in range(people):
            share_case(a_case_of(a_person(team=cast.tills), team_id=cast.tills.id), at=NOW - timedelta(days=1))
    browser = browse(cast.brian)
    with selects() as seen:
        page = browser.get("/coaching").text
    assert f"{people} talks are open" in page
    assert len(seen) <= LIST_AT_MOST, "\n\n".join(seen)
