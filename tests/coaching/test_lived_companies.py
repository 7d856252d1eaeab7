"""Small companies lived through the real jobs: where talks change nothing no report says so, and where they do it is found.

One of each here; `LIVED_SEEDS=20 pytest -s tests/coaching/test_lived_companies.py` for more.
"""

import os
import sys
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from tests.coaching.lived import live
from tests.conftest import empty_database
from tracker.audit.models import AuditEntry
from tracker.coaching.effect_company import headline, verdict
from tracker.coaching.effect_models import CaseEffect, CoachingEffect
from tracker.coaching.effect_rules import CompanyFigures
from tracker.core.db import db
from tracker.notifications.models import Message

SEEDS = range(1, 1 + int(os.environ.get("LIVED_SEEDS", "1")))
CLAIMS, MOST_CLAIMS = {"better", "probably"}, 0.10


def lived(seed: int, *, effect: float, every: int = 2) -> tuple[CompanyFigures, Counter[str]]:
    """The company’s figures after its last week, and the verdicts on its cases."""
    live(seed, effect=effect, every=every)
    db.session.rollback()
    newest = db.session.scalars(select(CoachingEffect).order_by(CoachingEffect.week.desc()).limit(1)).one()
    figures = CompanyFigures.stored(newest.figures)
    verdicts = Counter(row.figures["verdict"] for row in db.session.scalars(select(CaseEffect)))
    sys.stdout.write(f"\neffect {effect:.1f}, seed {seed}: {headline(figures)} {dict(verdicts)}")
    return figures, verdicts


def test_where_talks_change_nothing_no_report_claims_it(app: Flask) -> None:
    total: Counter[str] = Counter()
    claims = 0
    for seed in SEEDS:
        figures, verdicts = lived(seed, effect=0.0)
        claims += verdict(figures) in {"higher", "lower"}
        total += verdicts
        assert figures.enough
        assert figures.naive_low is not None
        assert figures.naive_low > 0.2, "before and after would have claimed a lot"
        _every_word_was_told_in_its_time()
        empty_database()
    by_chance = 0.05 * len(SEEDS) + 2 * (0.05 * 0.95 * len(SEEDS)) ** 0.5  # a range misses the truth in 5 of 100
    assert claims <= (by_chance if len(SEEDS) > 1 else 0)
    decided = sum(count for kind, count in total.items() if kind not in {"early", "none"})
    share = sum(total[kind] for kind in CLAIMS) / decided
    assert share - 2 * (share * (1 - share) / decided) ** 0.5 <= MOST_CLAIMS, total


def _every_word_was_told_in_its_time() -> None:
    """A word for each verdict and for whoever leads; the audit knows of those that were shared, without a verdict."""
    decided = [row for row in db.session.scalars(select(CaseEffect)) if row.figures["verdict"] not in {"early", "none"}]
    told = Counter(db.session.scalars(select(Message.about_id).where(Message.kind == "coaching.verdict")))
    assert set(told) == {row.case_id for row in decided}
    shared = {row.case_id for row in decided if row.shares_at is None}
    assert {case for case, words in told.items() if words == 2} == shared
    written = list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "coaching.verdict")))
    assert len(written) == len(shared)
    assert not any(entry.details for entry in written)


def test_where_a_talk_is_worth_three_tenths_of_a_star_it_is_found(app: Flask) -> None:
    found = []
    for seed in SEEDS:
        figures, _verdicts = lived(seed, effect=0.3)
        assert figures.design == "a"
        assert figures.low is not None
        assert figures.high is not None
        found.append((verdict(figures) == "higher", figures.low <= 0.3 <= figures.high))
        empty_database()
    assert sum(higher for higher, _ in found) >= 0.75 * len(found)
    if len(found) >= 10:  # of one or two companies a range may well miss it
        assert sum(covers for _, covers in found) >= 0.8 * len(found)


@pytest.mark.parametrize("every", [1])
def test_where_everybody_is_talked_with_and_nothing_changes_it_is_never_said_to_help(app: Flask, every: int) -> None:
    figures, verdicts = lived(SEEDS[0], effect=0.0, every=every)
    assert (figures.design, figures.waited) == ("b", 0)
    assert verdict(figures) != "higher"
    assert verdicts["none"] == 0
