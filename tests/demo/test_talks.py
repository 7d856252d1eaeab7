"""Nothing that the demo’s managers say changes a rating, so no report of the demo may claim that it does."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tracker.coaching.effect_company import verdict
from tracker.coaching.effect_models import CaseEffect, CoachingEffect
from tracker.coaching.effect_rules import CompanyFigures
from tracker.core import clock
from tracker.core.db import db
from tracker.demo.loading import load_demo
from tracker.organisation.models import Person
from tracker.ratings.fall_models import TeamFall

pytestmark = pytest.mark.one_database  # what the demo holds; that PostgreSQL loads it, the pages show

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)  # a Wednesday noon in Nairobi: this week’s figures are told


def test_no_report_of_the_demo_claims_that_talks_help(app: Flask, browse: Any) -> None:
    load_demo(at=AT, progress=lambda _share: None)
    newest = db.session.scalars(select(CoachingEffect).order_by(CoachingEffect.week.desc()).limit(1)).one()
    assert newest.week == clock.last_complete_week(AT.date())
    figures = CompanyFigures.stored(newest.figures)
    assert figures.falls + figures.young > 0, "there were talks to report of"
    assert verdict(figures) in {"too few", "unclear"}
    verdicts = [row.figures["verdict"] for row in db.session.scalars(select(CaseEffect))]
    # One case in ten says “Probably better” by chance (STATISTICS 3: its 90 % bound); how often that is, over many companies, is
    # held in tests/coaching/test_lived_companies.py. A claim (the 97.5 % bound) would be a rare accident here.
    assert verdicts
    assert "better" not in verdicts
    assert "lower" not in verdicts
    chloe = db.session.scalars(select(Person).where(Person.name == "Chloe Yusuf")).one()
    with clock.set_to(AT):
        page = browse(chloe, at=AT).get("/coaching/effect").text
    assert "Too few to tell whether talks help" in page or "No clear effect" in page
    assert not re.search(r"customers rated people [\d.]+ stars (higher|lower) than they would have without", page)


def test_word_of_the_team_that_fell_as_a_whole_came_when_it_was_due(app: Flask) -> None:
    """Kisumu Lakeside had five hard weeks in June: the check found it, and who leads above heard of it the next day, not today."""
    load_demo(at=AT, progress=lambda _share: None)
    told = db.session.scalars(select(TeamFall).where(TeamFall.told_at.is_not(None))).all()
    assert told
    for notice in told:
        assert notice.shares_at is not None
        assert notice.told_at is not None
        assert timedelta() <= notice.told_at - notice.shares_at <= timedelta(days=1)
