"""What the demo's report says of its returning customers, against every single rating gone through one by one."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW
from tracker.core.db import db, reading
from tracker.ratings.models import Rating, Touchpoint
from tracker.reports.customer_sections import SECTIONS
from tracker.reports.report_page import Part, Report, report_of

pytestmark = pytest.mark.browser  # the demo of the page tests is made once for all of them


@pytest.fixture
def report(demo: Flask) -> Iterator[Report]:
    with demo.test_request_context(), reading():
        yield report_of(SECTIONS, None, at=NOW)


def part_of(report: Report, kind: str) -> Part:
    [found] = [part for part in report.parts if part.section.kind == kind]
    return found


def last_threes(report: Report) -> list[list[tuple[int, str]]]:
    """Stars and touchpoint of the last three of each customer who rated three times or more."""
    assert report.year is not None
    rows = db.session.execute(
        select(Rating.customer_id, Rating.stars, Touchpoint.name)
        .join(Touchpoint, Rating.touchpoint_id == Touchpoint.id)
        .where(Rating.rated_on.between(report.year.since, report.year.last), Rating.excluded_at.is_(None))
        .where(Rating.person_id.is_not(None), Rating.customer_id.is_not(None))
        .order_by(Rating.rated_at, Rating.id)
    )
    mine: dict[int, list[tuple[int, str]]] = {}
    for customer, stars, place in rows:
        mine.setdefault(customer or 0, []).append((stars, place))
    return [ratings[-3:] for ratings in mine.values() if len(ratings) >= 3]


def test_the_demo_says_who_is_happy_every_time_and_where_five_points_lie(report: Report) -> None:
    threes = last_threes(report)
    always = sum(all(stars >= 4 for stars, _place in three) for three in threes)
    main, since, planned = part_of(report, "happy").headline
    assert len(threes) > 1000
    assert main.startswith(f"{100 * always / len(threes):.0f} % of {len(threes):,} customers")
    assert since == "The year before was not rated in all of its months, so there is nothing to compare with yet."
    without_tills = sum(all(stars >= 4 or place == "Tills" for stars, place in three) for three in threes)
    assert f"at Tills it would be {100 * without_tills / len(threes):.0f} % of {len(threes):,} (" in planned


def test_the_demos_customers_are_less_happy_the_further_they_have_come(report: Report) -> None:
    """So it is made: complaints and deliveries come last. Each customer is held against the same one."""
    said = part_of(report, "stages").headline
    assert len(said) == 3
    assert all("Clearly fewer were happy at the second" in sentence for sentence in said)


def test_the_demo_does_not_claim_that_who_comes_again_is_happier(report: Report) -> None:
    """In it nobody comes again because of how it was, and the report finds no difference where there is none."""
    main, caution = part_of(report, "repeat").headline
    assert "We cannot tell whether they differ" in main
    assert caution.startswith("Our ratings begin in")
