"""Customers to ask, from a file: planned row by row, refused with line and reason, twice the same."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.conftest import Cast
from tests.factories import a_touchpoint
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.invitations.models import CustomerContact, Invitation
from tracker.ratings.models import Customer, Interaction

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
FILE = """Customer email,Served by,Service ended,Customer ID,Touchpoint,Language
Njeri@example.org,N-0412,2026-11-18 11:00,C-1,Tills,sw
baraka@example.org,Kevin Odhiambo,2026-11-17,,,
"""


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def tills(cast: Cast) -> Cast:
    with transaction():
        a_touchpoint("Tills")
    return cast


def bring(browser: Any, content: str = FILE, name: str = "customers.csv") -> TestResponse:
    return browser.post("/invitations/import", {"file": (BytesIO(content.encode()), name)})


def planned() -> list[Any]:
    db.session.rollback()
    return list(
        db.session.execute(
            select(CustomerContact.email, Invitation.language, Interaction.person_id, Interaction.ended_at)
            .join(Invitation, Invitation.id == CustomerContact.invitation_id)
            .join(Interaction, Interaction.id == Invitation.interaction_id)
            .order_by(Interaction.id)
        )
    )


def test_each_row_is_planned(tills: Cast, browse: Any, app: Flask) -> None:
    folder = Path(app.instance_path) / "uploads"
    before = set(folder.glob("*"))
    answer = bring(browse(tills.ruth, at=NOW))
    assert (answer.status_code, "2 customers will be asked." in answer.text) == (200, True)
    assert [tuple(row) for row in planned()] == [
        ("njeri@example.org", "sw", tills.amina.id, datetime(2026, 11, 18, 8, 0, tzinfo=UTC)),
        ("baraka@example.org", "en", tills.kevin.id, datetime(2026, 11, 17, 9, 0, tzinfo=UTC)),
    ]
    assert db.session.scalars(select(Customer.reference)).all() == ["C-1"]
    assert set(db.session.scalars(select(Invitation.source))) == {"file"}
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "customers.imported")).one()
    assert entry.details == {"planned": 2, "unchanged": 0, "rejected": 0}
    assert set(folder.glob("*")) == before, "it holds addresses"


def test_the_same_file_twice_changes_nothing(tills: Cast, browse: Any) -> None:
    ruth = browse(tills.ruth, at=NOW)
    bring(ruth)
    before = planned()
    again = bring(ruth).text
    assert "0 customers will be asked." in again
    assert "2 rows were known already." in again
    assert planned() == before


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("nobody,N-0412,2026-11-18 11:00", "This is not an email address"),
        ("a@example.org,N-0412,some day", "is not a date that can be read"),
        ("a@example.org,N-0412,2026-11-18 12:01", "This is in the future"),
        ("a@example.org,,2026-11-18", "is nobody known here"),
        ("a@example.org,Achieng,2026-11-18 11:00", "“Achieng” is nobody known here"),
        ("a@example.org,Ruth Kiprop,2026-11-18 11:00", "Nobody asks customers about their own service"),
        ("a@example.org,N-0412,2026-11-18 11:00,,Bar", "There is no touchpoint “Bar”"),
        ("a@example.org,N-0412,2026-11-18 11:00,,,de", "“de” is not one of the languages"),
        (f"a@example.org,N-0412,2026-11-18 11:00,{'x' * 121}", "too long"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tills: Cast, browse: Any, row: str, reason: str) -> None:
    page = bring(browse(tills.ruth, at=NOW), FILE + row + "\n").text
    assert reason in page
    assert '<th scope="row">4</th>' in page
    assert "2 customers will be asked." in page
    assert len(planned()) == 2


def test_what_speaks_against_a_row_is_counted(tills: Cast, browse: Any) -> None:
    page = bring(browse(tills.ruth, at=NOW), FILE.replace("2026-11-17", "2026-11-01")).text
    assert "the visit was more than 14 days ago" in page
    assert "1 customer will be asked." in page


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "Choose a file"),
        ("email,employee\na@example.org,N-0412\n", "no column “ended_at”"),
        ("\x00\x01", "file"),
        ("email,employee,date\n" + "a@example.org,N-0412,2026-11-18\n" * 1_001, "At most 1,000 rows"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tills: Cast, browse: Any, content: str, problem: str) -> None:
    answer = bring(browse(tills.ruth, at=NOW), content, name="customers.csv" if content else "")
    assert (answer.status_code, problem in answer.text) == (422, True)
    assert planned() == []


@pytest.mark.parametrize("who", ["amina", "brian", "chloe", "dora"])
def test_only_admins_bring_in_files(tills: Cast, browse: Any, who: str) -> None:
    browser = browse(getattr(tills, who), at=NOW)
    assert browser.get("/invitations/import").status_code == 403
    assert bring(browser).status_code == 403
    assert "/invitations/import" not in browser.get("/invitations").text
    assert planned() == []
