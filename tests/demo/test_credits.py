"""What the demo shows of how ratings find people, made by the product's own actions."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from tracker.core.db import db, transaction
from tracker.demo.company import generate
from tracker.demo.credits import show_credits
from tracker.demo.loading import _store
from tracker.intake.suggesting import suggestions_for
from tracker.organisation.models import Person
from tracker.ratings import rollup
from tracker.ratings.ledger_models import Contribution
from tracker.ratings.models import Rating

pytestmark = pytest.mark.one_database  # what the demo holds; that PostgreSQL loads it, the pages show

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_each_way_of_finding_somebody_is_there(app: Flask) -> None:
    company = generate(today=AT.date())
    with transaction():
        _store(company, AT)
    show_credits(AT)
    amina = db.session.scalars(select(Person.id).where(Person.staff_number == "N-0412")).one()
    by_post = db.session.scalars(select(Rating).where(Rating.handled_how == "post")).one()
    assert (by_post.person_id, by_post.place) == (amina, "Till 2")
    flagged = db.session.scalars(select(Rating).where(Rating.transferred_at.is_not(None))).one()
    assert flagged.person_id == flagged.handled_by_id == amina
    helper = db.session.scalars(select(Contribution)).one()
    assert helper.person_id == amina
    waiting = db.session.scalars(select(Rating).where(Rating.person_id.is_(None)).order_by(Rating.id)).all()
    assert len(waiting) == 2
    assert [len(suggestions_for(rating)) for rating in waiting] >= [2, 2]
    assert all("who held Till 3" in one.reason for one in suggestions_for(waiting[0]))
    assert rollup.differences() == {}
