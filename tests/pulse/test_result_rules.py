"""What may be said of published figures: ranges that hold, changes that are wrong as rarely as promised."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from tracker.pulse.bank import AGREEMENT, RECOMMENDING
from tracker.pulse.queries import ResultCell
from tracker.pulse.result_rules import (
    Verdict,
    change,
    estimate,
    favourable_range,
    gap_chance,
    gap_tone,
    guessable,
    weighted_mean,
)


def a_cell(*counts: int, n: int | None = None, shows_counts: bool = True, node_id: int = 1) -> ResultCell:
    total = sum(counts)
    mean = round(sum(place * count for place, count in enumerate(counts, start=1)) / total, 1)
    favourable = round(100 * sum(counts[3:]) / total)
    return ResultCell(
        1, node_id, 1, "team", "motivation_1", n or total, mean, favourable, counts if shows_counts else None
    )


def test_a_range_is_student_s_and_stays_on_the_scale() -> None:
    found = estimate(a_cell(2, 2, 4, 6, 2), None, AGREEMENT)
    assert found is not None
    assert (found.value, found.n, found.of_company) == (3.2, 16, False)
    assert (found.low, found.high) == (2.6, 3.9)  # 3.25 -+ 2.131 * 1.238 / 4
    high = estimate(a_cell(0, 0, 0, 1, 11), None, AGREEMENT)
    assert high is not None
    assert high.high == 5.0


def test_where_counts_are_hidden_the_company_s_spread_stands_in() -> None:
    cell, company = a_cell(1, 1, 1, 2, 1, shows_counts=False), a_cell(20, 20, 20, 20, 20)
    found = estimate(cell, company, AGREEMENT)
    assert found is not None
    assert found.of_company
    assert found.high - found.low == pytest.approx(2 * 1.984 * (200 / 99 / 6) ** 0.5 + 0.1, abs=0.11)
    assert estimate(cell, None, AGREEMENT) is None
    assert estimate(cell, a_cell(1, 1, 1, 1, 1, shows_counts=False), AGREEMENT) is None


def test_an_enps_has_a_range_in_points() -> None:
    cell = ResultCell(1, 1, 1, "team", "recommend_1", 20, 15.0, 40, (5, 0, 7, 0, 8))
    found = estimate(cell, None, RECOMMENDING)
    assert found is not None
    assert found.low == pytest.approx(-23, abs=1)
    assert found.high == pytest.approx(53, abs=1)
    assert favourable_range(cell) == (22, 61)


def test_wilson_s_range_needs_no_counts() -> None:
    assert favourable_range(a_cell(1, 2, 1, 3, 3)) == favourable_range(a_cell(1, 2, 1, 3, 3, shows_counts=False))
    assert favourable_range(a_cell(0, 2, 2, 3, 3)) == (31, 83)


def test_a_large_change_is_clear_and_says_how_large() -> None:
    before, after = a_cell(0, 1, 2, 8, 9), a_cell(8, 8, 2, 1, 1)
    moved = change((before, None), (after, None), AGREEMENT, looks=6)
    assert moved is not None
    assert moved.verdict is Verdict.CLEAR
    assert moved.low < -2.2 < moved.high < 0


@pytest.mark.parametrize("looks", [1, 6])
def test_of_changes_by_chance_alone_a_group_shows_one_in_twenty_at_most(looks: int) -> None:
    """600 groups that do not change: how often one of its questions is called Clear."""
    random, wrong, groups = Random(looks), 0, 600
    for _group in range(groups):
        verdicts = []
        for _look in range(looks):
            drawn = [random.choices(range(5), weights=[1, 2, 3, 3, 2], k=14) for _round in range(2)]
            cells = [a_cell(*(answers.count(place) for place in range(5))) for answers in drawn]
            found = change((cells[0], None), (cells[1], None), AGREEMENT, looks=looks)
            verdicts.append(found.verdict if found else None)
        wrong += Verdict.CLEAR in verdicts
    assert wrong / groups <= 0.07


def test_maybe_is_what_a_single_look_would_call_clear() -> None:
    before, after = a_cell(2, 3, 4, 6, 5), a_cell(5, 6, 5, 3, 1)
    one = change((before, None), (after, None), AGREEMENT, looks=1)
    six = change((before, None), (after, None), AGREEMENT, looks=6)
    assert one is not None
    assert six is not None
    assert (one.verdict, six.verdict) == (Verdict.CLEAR, Verdict.MAYBE)
    assert six.low < 0 < six.high


def test_colour_is_for_gaps_beyond_chance_only() -> None:
    company = a_cell(10, 20, 40, 20, 10)
    assert gap_tone(a_cell(1, 2, 4, 2, 1), company, AGREEMENT) == ""
    assert gap_tone(a_cell(9, 1, 1, 0, 0), company, AGREEMENT) == "m2"
    assert gap_tone(a_cell(0, 0, 1, 1, 9), company, AGREEMENT) == "p2"
    assert gap_tone(a_cell(4, 7, 20, 20, 9), a_cell(20, 40, 80, 40, 20), AGREEMENT) == "p1"
    assert gap_tone(company, company, AGREEMENT) == ""


@pytest.mark.parametrize(
    ("before", "after", "differing", "expected"),
    [(9, 12, 1, True), (12, 9, 2, True), (10, 10, 1, False), (9, 9, 0, False), (9, 9, 3, False)],
)
def test_when_somebody_could_guess(before: int, after: int, differing: int, expected: bool) -> None:
    assert guessable(before, after, differing=differing) is expected


def test_a_driver_s_score_weighs_its_questions_by_their_answers() -> None:
    assert weighted_mean([a_cell(0, 0, 0, 10, 0), a_cell(0, 30, 0, 0, 0)]) == pytest.approx(2.5)
    assert weighted_mean([]) is None


def test_the_chance_of_a_gap_is_that_of_a_part_of_the_company() -> None:
    """Many groups drawn at random from one company: as few as promised lie far out."""
    rng = np.random.default_rng(12)
    chances: list[float] = []
    for _company in range(120):
        stars = rng.choice([1, 2, 3, 4, 5], 200, p=[0.05, 0.1, 0.25, 0.4, 0.2])
        company = a_cell(*np.bincount(stars, minlength=6)[1:].tolist())
        for part in np.split(stars, 20):
            chance = gap_chance(a_cell(*np.bincount(part, minlength=6)[1:].tolist()), company, AGREEMENT)
            assert chance is not None
            chances.append(chance)
    found = np.array(chances)
    assert 0.035 < (found <= 0.05).mean() < 0.065
    assert (found <= 0.001).mean() <= 0.003


def test_what_rounding_may_have_added_to_a_gap_does_not_count() -> None:
    company = a_cell(20, 40, 80, 40, 20)
    known, rounded = (
        gap_chance(a_cell(4, 3, 2, 0, 0, shows_counts=shows), company, AGREEMENT) for shows in (True, False)
    )
    assert known is not None
    assert rounded is not None
    assert known < rounded < 3 * known
    plain = gap_chance(a_cell(1, 2, 4, 2, 1, shows_counts=False), company, AGREEMENT)
    assert plain == 1


def test_the_chance_of_a_gap_is_not_known_without_the_companys_answers() -> None:
    company = a_cell(20, 40, 80, 40, 20)
    assert gap_chance(company, company, AGREEMENT) is None
    assert gap_chance(a_cell(1, 2, 4, 2, 1), None, AGREEMENT) is None
    assert gap_chance(a_cell(1, 2, 4, 2, 1), replace(company, histogram=None), AGREEMENT) is None
