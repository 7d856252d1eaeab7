"""The demo’s truths in a company with teams enough: the page finds the driver, the month and the team, or says that it cannot tell."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.reports.jobs import READ
from tests.reports.truths import Truths, a_company_of_truths
from tracker.core import clock
from tracker.core.db import db
from tracker.reports.engagement import EVERYWHERE
from tracker.reports.jobs import work_out
from tracker.reports.models import ReportFigures

ADDRESS = "/reports/engagement"


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


def page_of(browse: Any, cast: Cast, seed: int, truths: Truths) -> str:
    a_company_of_truths(seed, truths)
    while work_out(READ):
        pass
    page = browse(cast.chloe).get(ADDRESS).text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def kept() -> dict[str, Any]:
    newest = select(ReportFigures.figures).where(ReportFigures.kind == "engagement")
    return dict(db.session.scalars(newest.order_by(ReportFigures.month.desc()).limit(1)).one())


def test_the_driver_the_month_and_the_team_are_found(cast: Cast, browse: Any) -> None:
    """Of such companies the team is named in 86 of 100 (200 companies), the driver in all."""
    page = page_of(browse, cast, 2, Truths(people=20))
    assert "Customers feel it a month later: Power to fix things." in page
    assert "Neither in another month nor the other way round is it as clear." in page
    assert "no proof of a cause" in page
    assert "Team 007: first of all staffing." in page
    assert re.search(r"\d+ to \d+ points less\. 20 answers; picked as the furthest of \d+ such figures", page)
    link = kept()["links"][EVERYWHERE]["power"]
    assert link["found"]
    assert link["lags"]["1"][1] > 0


def test_of_nine_people_it_cannot_be_told_and_nothing_is_claimed(cast: Cast, browse: Any) -> None:
    """A team of nine that is short is nearly as far from the others as the furthest of 280 figures is by chance."""
    page = page_of(browse, cast, 1, Truths(people=9))
    assert "Customers feel it a month later: Power to fix things." in page
    assert "No group here stands out clearly in what staff say." in page
    assert re.search(r"among \d+ such figures that may be chance", page)


def test_where_nothing_moves_and_nobody_is_short_it_says_so(cast: Cast, browse: Any) -> None:
    page = page_of(browse, cast, 3, Truths(short=None, is_linked=False))
    assert "We cannot tell whether engaged teams have happier customers." in page
    assert "Customers feel it" not in page
    assert re.search(r"With so many a real link of 0.3 would be seen about \d times in 10", page)
    assert "No group here stands out clearly in what staff say." in page


def test_with_seven_teams_both_are_refused_in_a_sentence(cast: Cast, browse: Any) -> None:
    page = page_of(browse, cast, 4, Truths(teams=7, short=None))
    assert "too few teams or months. 7 teams and 12 months; it takes 10 and 12, or 20 and 6." in page
    assert "above its own usual" not in page
    assert all(lag is None for link in kept()["links"][EVERYWHERE].values() for lag in link["lags"].values())
