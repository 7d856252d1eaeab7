"""The demo’s pulse: what was built into it is in what the product published, and nothing smaller than a group is."""

from collections import Counter, defaultdict
from datetime import UTC, datetime

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import func, select

from tracker.core.db import db, transaction
from tracker.demo.company import generate
from tracker.demo.loading import _store
from tracker.demo.pulse import PATIENT, ROUNDS, SHORT_STAFFED, STAFFING, TROUBLE, hold_rounds
from tracker.organisation.models import Person, Team
from tracker.pulse.models import PulseBox, PulseComment, PulseMember, PulseNode, PulseResult, PulseRound
from tracker.ratings.models import Rating

pytestmark = pytest.mark.one_database  # what the demo holds; that PostgreSQL loads it, the pages show

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture
def rounds(app: Flask) -> list[PulseRound]:
    company = generate(today=AT.date())
    with transaction():
        _store(company, AT)
    hold_rounds(AT)
    return list(db.session.scalars(select(PulseRound).order_by(PulseRound.opens_at)))


def test_the_demos_pulse_is_as_it_was_made_up(rounds: list[PulseRound]) -> None:
    """One load for all, since it takes seconds."""
    _fourteen_months_are_closed_and_one_round_is_open(rounds)
    _power_comes_before_satisfaction_in_what_was_published(rounds)
    _the_short_staffed_team_says_so(rounds)
    _nothing_is_published_below_the_threshold(rounds)
    _comments_are_there_in_three_languages(rounds)
    _whoever_can_be_tried_out_has_not_answered(rounds[-1])


def _fourteen_months_are_closed_and_one_round_is_open(rounds: list[PulseRound]) -> None:
    assert [one.state for one in rounds] == ["closed"] * ROUNDS + ["open"]
    assert len({one.month for one in rounds}) == ROUNDS + 1
    assert all(one.key_name is None and one.missing == 0 and one.cleaned_at for one in rounds[:-1])
    assert rounds[-1].opens_at < AT < rounds[-1].closes_at
    with_stages = [number for number, one in enumerate(rounds) if any(item["stage"] for item in one.items)]
    assert with_stages == [2, 5, 8, 11, 14]
    boxes = db.session.scalar(select(func.count()).select_from(PulseBox))
    answered = db.session.scalar(select(func.count()).where(PulseMember.answered.is_(True)))
    assert boxes == answered
    assert 20 < (answered or 0) < 50


def _power_comes_before_satisfaction_in_what_was_published(rounds: list[PulseRound]) -> None:
    months = {one.id: one.closes_at.year * 12 + one.closes_at.month for one in rounds}
    cells = db.session.execute(
        select(PulseResult.round_id, PulseNode.team_id, PulseResult.mean)
        .join(PulseNode, PulseNode.id == PulseResult.node_id)
        .where(PulseResult.item == "power_1", PulseNode.team_id.in_(select(Rating.team_id)))
    )
    power = {(team, months[round_id]): mean for round_id, team, mean in cells}
    stars: dict[tuple[int, int], list[int]] = defaultdict(list)
    for team, on, given in db.session.execute(select(Rating.team_id, Rating.rated_on, Rating.stars)):
        stars[team, on.year * 12 + on.month].append(given)
    pairs = [
        (team, mean, np.mean(stars[team, month + 1]))
        for (team, month), mean in power.items()
        if len(stars[team, month + 1]) >= 10
    ]
    assert len(pairs) > 40
    usual: dict[int, tuple[float, float]] = {}
    for team in {team for team, _power, _stars in pairs}:
        mine = [(power, later) for one, power, later in pairs if one == team]
        usual[team] = (float(np.mean([one[0] for one in mine])), float(np.mean([one[1] for one in mine])))
    within = np.array([(power - usual[team][0], later - usual[team][1]) for team, power, later in pairs])
    assert np.corrcoef(within.T)[0, 1] > 0.3, "within teams: next month’s ratings move with this month’s power"


def _the_short_staffed_team_says_so(rounds: list[PulseRound]) -> None:
    trouble = [rounds[number].id for number in TROUBLE]
    cells = db.session.execute(
        select(PulseResult.round_id, PulseNode.name, PulseResult.mean)
        .join(PulseNode, PulseNode.id == PulseResult.node_id)
        .where(PulseResult.item == STAFFING, PulseResult.round_id.in_(trouble))
    )
    by_round: dict[int, dict[str, float]] = defaultdict(dict)
    for round_id, name, mean in cells:
        by_round[round_id][name] = mean
    shown = [means for means in by_round.values() if SHORT_STAFFED in means]
    assert len(by_round) == len(trouble), "it is asked about all the time"
    assert len(shown) >= 3
    for means in shown:
        assert min(means, key=lambda name: means[name]) == SHORT_STAFFED, means
        assert means[SHORT_STAFFED] < 3.2


def _nothing_is_published_below_the_threshold(rounds: list[PulseRound]) -> None:
    assert db.session.scalar(select(func.min(PulseResult.n))) >= 5  # type: ignore[operator]
    seen = Counter(db.session.scalars(select(PulseResult.round_id).distinct()))
    assert set(seen) == {one.id for one in rounds[:-1]}, "of the open round nothing"
    groups = select(func.count(func.distinct(PulseNode.team_id))).join(PulseResult, PulseResult.node_id == PulseNode.id)
    assert (db.session.scalar(groups) or 0) >= 8, "and enough to look at"


def _comments_are_there_in_three_languages(rounds: list[PulseRound]) -> None:
    texts = " ".join(db.session.scalars(select(PulseComment.text)))
    assert "Lazima nisubiri ruhusa" in texts
    assert any(words in texts for words in ("Il faut demander", "Les samedis", "Après l’achat", "La formation"))
    assert "refund" in texts


def _whoever_can_be_tried_out_has_not_answered(open_round: PulseRound) -> None:
    answered = (
        select(Person.staff_number)
        .join(PulseMember, PulseMember.person_id == Person.id)
        .where(PulseMember.answered.is_(True), PulseMember.round_id == open_round.id)
    )
    assert not set(db.session.scalars(answered)) & set(PATIENT)
    assert db.session.scalar(select(func.count()).select_from(Team).where(Team.name == SHORT_STAFFED)) == 1
