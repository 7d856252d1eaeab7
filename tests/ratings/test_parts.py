"""What a card says by touchpoint and by driver, from ratings that came in like every other."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Cast
from tests.factories import a_person, a_rating, a_touchpoint
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.ratings.actions import exclude_rating
from tracker.ratings.models import Rating
from tracker.ratings.rules import Figures
from tracker.ratings.sentences import driver_lines, touchpoint_line
from tracker.ratings.survey_actions import ensure_default_drivers
from tracker.ratings.weekly import check_company, everybodys_figures, load_company

MONDAY = date(2026, 11, 16)
ON = clock.last_complete_week(MONDAY)


def given(cast: Cast, count: int, stars: int, **values: Any) -> list[Rating]:
    """So many ratings of Amina's, one a day backwards from last Sunday."""
    return [a_rating(cast.amina, stars, on=MONDAY - timedelta(days=1 + day), **values) for day in range(count)]


def figures_of_amina(cast: Cast) -> Figures:
    company = load_company(ON)
    assert company is not None
    return Figures(everybodys_figures(company, check_company(company))[cast.amina.id])


@pytest.fixture
def amina(cast: Cast) -> Cast:
    with transaction():
        ensure_default_drivers()
    return cast


def test_each_touchpoint_stands_with_its_number_and_range_and_under_ten_without_a_mean(amina: Cast) -> None:
    with transaction():
        returns = a_touchpoint("Returns").id
        given(amina, 12, 4)
        given(amina, 9, 1, touchpoint_id=returns)
    tills, desk = sorted(figures_of_amina(amina).touchpoints, key=lambda part: part["name"], reverse=True)
    assert (tills["name"], tills["n"], tills["mean"]) == ("Tills", 12, 4.0)
    assert tills["low"] < 4.0 < tills["high"]
    assert desk == {"id": returns, "name": "Returns", "n": 9, "mean": None, "low": None, "high": None}
    assert touchpoint_line(tills).startswith("4.0 from 12 ratings, likely between ")
    assert touchpoint_line(desk) == "9 ratings so far. 1 more rating and we can say."


def test_a_rating_without_a_touchpoint_is_counted_and_named_by_nothing(amina: Cast) -> None:
    with transaction():
        given(amina, 10, 5, touchpoint_id=None)
    assert [(part["name"], part["n"]) for part in figures_of_amina(amina).touchpoints] == [(None, 10)]


def test_a_driver_is_praised_from_four_stars_on_and_wished_for_below(amina: Cast) -> None:
    with transaction():
        given(amina, 14, 5, drivers=["friendliness"])
        given(amina, 6, 2, drivers=["speed", "friendliness"])
        given(amina, 5, 5)  # names nothing
    found = figures_of_amina(amina).drivers
    assert [(part["key"], part["praised"], part["wished"], part["of"]) for part in found] == [
        ("friendliness", 14, 6, 20),
        ("speed", 0, 6, 20),
    ]
    assert driver_lines(found[0])[0] == "Went well: 14 of 20, likely between 48 and 85 %"
    assert len(driver_lines(found[1])) == 1


def test_from_fewer_than_ten_that_name_anything_nothing_is_said(amina: Cast) -> None:
    with transaction():
        given(amina, 9, 5, drivers=["friendliness"])
        given(amina, 30, 5)
    assert figures_of_amina(amina).drivers == []
    with transaction():
        a_rating(db.session.merge(amina.amina), 5, on=MONDAY - timedelta(days=3), drivers=["speed"])
    assert driver_lines(figures_of_amina(amina).drivers[0]) == ["Went well: 9 of 10"]


def test_only_13_weeks_count_and_nothing_that_is_left_out_or_anothers(amina: Cast) -> None:
    with transaction():
        a_rating(amina.kevin, 1, on=MONDAY - timedelta(days=1), drivers=["speed"])
        given(amina, 10, 4, drivers=["speed"])
        a_rating(amina.amina, 1, on=MONDAY - timedelta(weeks=13, days=1), drivers=["speed"])
        a_rating(amina.amina, 1, on=MONDAY, drivers=["speed"])
        out = a_rating(amina.amina, 1, on=MONDAY - timedelta(days=2), drivers=["speed"])
        exclude_rating(out, by=amina.chloe.id, reason="Not hers.", at=datetime(2026, 11, 16, tzinfo=UTC))
        a_person()
    found = figures_of_amina(amina)
    assert [(part["n"], part["mean"]) for part in found.touchpoints] == [(10, 4.0)]
    assert [(part["praised"], part["wished"], part["of"]) for part in found.drivers] == [(10, 0, 10)]


def test_a_theme_that_no_driver_is_called_stands_as_it_came(amina: Cast) -> None:
    with transaction():
        given(amina, 10, 5, drivers=["Café “Zawadi”"])
    assert [part["name"] for part in figures_of_amina(amina).drivers] == ["Café “Zawadi”"]
