"""From how many people on the report of complaints tells anything in groups."""

from datetime import timedelta

import pytest

from tests.conftest import NOW, Cast
from tests.factories import a_customer, a_person, a_rating
from tracker.core.audience import Viewer
from tracker.core.db import transaction
from tracker.recovery.opening import open_case
from tracker.recovery.report import Row, report


@pytest.mark.parametrize(("people", "opened"), [(4, 0), (5, 5)])
def test_the_company_is_told_of_from_five_people_on(cast: Cast, people: int, opened: int) -> None:
    with transaction():
        for _each in range(people):
            person, customer = a_person(team=cast.tills), a_customer()
            assert open_case(a_rating(person, 1, at=NOW - timedelta(hours=1), customer_id=customer.id), at=NOW)
    chloe = Viewer(cast.chloe.id, "Chloe", at=NOW, today=NOW.date(), roles=frozenset({"hr"}))
    found = report(chloe, "company")
    assert found.total.opened == opened
    assert bool(found.by_touchpoint) == bool(opened)


@pytest.mark.parametrize(("hours", "middle"), [([1.0, 2.0, 3.0, 9.0], None), ([1.0, 2.0, 3.0, 9.0, 11.0], 3.0)])
def test_a_middle_takes_five(hours: list[float], middle: float | None) -> None:
    assert Row(hours=hours).middle_hours == middle
