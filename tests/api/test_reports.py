"""Reports for programs: what the page shows, to whoever reads the page, and nothing twice that has not changed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import NOW, Program
from tests.conftest import Cast
from tests.reports.jobs import all_worked_out
from tests.reports.made import october_rated
from tracker.access.actions import set_roles
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.ratings.actions import exclude_rating
from tracker.ratings.models import Rating

Make = Callable[..., Program]


@pytest.fixture
def ruth(cast: Cast, now: Any) -> Person:
    """An admin who is of HR too: tokens are admins’, reports are HR’s."""
    with transaction():
        set_roles(db.session.merge(cast.ruth), {"admin", "hr"}, by=cast.chloe.id, at=NOW)
    return cast.ruth


def test_a_report_comes_with_its_sentences_tables_and_method(program: Make, cast: Cast, ruth: Person) -> None:
    october_rated(cast)
    reader = program(ruth, "reports:read")
    customers = {"name": "customers", "title": "Customers over a year", "readers": "This is for HR."}
    known = reader.get("/reports").json["data"]
    assert customers in known
    assert [one["readers"] for one in known if one["name"] == "fairness"] == ["This is for HR."]
    report = reader.get("/reports/customers?month=2026-10").json
    assert (report["month"], report["months"][0]) == ("2026-10", "2026-10")
    assert report["worked_out_at"] == "2026-11-04T09:00:00Z"
    assert report["about"] == "The whole company, the twelve months from November 2025 to October 2026."
    coverage = next(section for section in report["sections"] if section["key"] == "coverage")
    assert coverage["sentences"] == ["One touchpoint of 2 was never rated in these twelve months: =Call-back & more."]
    [table] = coverage["tables"]
    assert ["=Call-back & more", "After buying", "not known", 0] in [row[:4] for row in table["rows"]]
    assert "Times served:" in coverage["method"]


def test_what_has_not_changed_is_not_sent_again(program: Make, cast: Cast, ruth: Person) -> None:
    october_rated(cast)
    reader = program(ruth)
    first = reader.get("/reports/customers")
    assert first.headers["Cache-Control"] == "private, no-cache"
    has_it = {"If-None-Match": first.headers["ETag"]}
    again = reader.get("/reports/customers", headers=has_it)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    with transaction():
        rating = db.session.query(Rating).filter_by(stars=4).one()
        exclude_rating(rating, by=cast.chloe.id, reason="test", at=NOW)
    all_worked_out(NOW)
    changed = reader.get("/reports/customers", headers=has_it)
    assert (changed.status_code, changed.headers["ETag"] != first.headers["ETag"]) == (200, True)


def test_the_right_is_asked_before_what_the_client_has(program: Make, cast: Cast, ruth: Person) -> None:
    october_rated(cast)
    reader = program(ruth)
    has_it = {"If-None-Match": reader.get("/reports/customers").headers["ETag"]}
    with transaction():
        set_roles(db.session.merge(cast.ruth), {"admin"}, by=cast.chloe.id, at=NOW)
    assert reader.get("/reports/customers", headers=has_it).status_code == 403
    assert reader.get("/reports").json == {"data": []}
    with transaction():
        set_roles(db.session.merge(cast.faith), {"admin"}, by=cast.chloe.id, at=NOW)  # there must be one
        set_roles(db.session.merge(cast.ruth), {"hr"}, by=cast.chloe.id, at=NOW)
    assert reader.get("/reports/customers", headers=has_it).status_code == 401


def test_a_month_or_a_report_that_is_not_there(program: Make, cast: Cast, ruth: Person) -> None:
    reader = program(ruth)
    empty = reader.get("/reports/customers").json
    assert (empty["month"], empty["months"], empty["sections"]) == (None, [], [])
    october_rated(cast)
    assert reader.get("/reports/customers?month=2026-11").status_code == 404
    assert reader.get("/reports/customers?month=2026-13").status_code == 422
    assert reader.get("/reports/customers?year=2026").status_code == 422
    assert reader.get("/reports/nothing").status_code == 404
