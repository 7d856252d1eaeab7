"""What may be said of one case and of the company: who counts, when, and never more than the range."""

import math
import re
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from flask import Flask

from tracker.coaching import effect_company as company_words
from tracker.coaching.effect_contents import contents_of
from tracker.coaching.effect_rules import (
    CaseFigures,
    CompanyFigures,
    after_from,
    alerted_on,
    is_coached,
    verdict_on,
)
from tracker.core import clock

WEEK = clock.week_of(date(2026, 8, 17))
DAY0 = date(2026, 8, 24)
CASE = CaseFigures(
    week=WEEK,
    window_weeks=8,
    n=41,
    observed=3.6,
    expected=4.3,
    sd=0.12,
    b=0.1,
    dev=-0.7,
    after=-0.3,
    n_after=38,
    weeks_after=8,
    sigma2=0.9,
    usual=-0.45,
    usual_sd=0.35,
    pool=640,
    talked=True,
    verdict="unclear",
)
COMPANY = CompanyFigures(
    design="b",
    estimate=0.21,
    low=0.06,
    high=0.36,
    enough=True,
    coached=45,
    waited=0,
    pool=837,
    teams=10,
    falls=52,
    late=4,
    silent=3,
    young=8,
    naive=0.86,
    naive_low=0.78,
    naive_high=0.94,
    drawn=0,
    days=("2025-09-01", "2026-11-16"),
)


def test_day_0_is_the_monday_of_the_check_and_all_days_follow_from_it() -> None:
    assert alerted_on(WEEK) == DAY0
    assert after_from(WEEK) == DAY0 + timedelta(days=28)
    assert verdict_on(WEEK) == DAY0 + timedelta(days=84)


@pytest.mark.parametrize(
    ("talked", "until", "side"),
    [
        (0, 84, True),
        (28, 84, True),
        (29, 84, None),
        (84, 84, None),
        (85, 90, False),
        (None, 84, False),
        (None, 83, None),
        (28, 29, True),
    ],
)
def test_who_counts_as_coached(talked: int | None, until: int, side: bool | None) -> None:
    day = None if talked is None else DAY0 + timedelta(days=talked)
    assert is_coached(WEEK, day, until=DAY0 + timedelta(days=until)) is side


def test_before_and_after_are_on_one_scale() -> None:
    assert CASE.change == pytest.approx(0.3)
    assert CASE.after_score == pytest.approx(3.9)
    assert CASE.usual_rise == pytest.approx(0.15)
    low, high = CASE.usual_range or (math.nan, math.nan)
    assert (low + high) / 2 == pytest.approx(3.6 + 0.15)


def test_as_many_more_ratings_as_would_put_no_change_out_of_the_range() -> None:
    more = CASE.more_ratings
    assert more is not None

    def holds_nothing(n_after: int) -> bool:
        case = replace(CASE, n_after=n_after)
        return case.change - case.change_half > 0

    assert holds_nothing(CASE.n_after + more)
    assert not holds_nothing(CASE.n_after + more - 1)
    assert replace(CASE, after=-0.55).more_ratings is None, "41 before are too few for a change of .05"
    assert replace(CASE, after=0.4).more_ratings == 0


def test_the_day_by_which_they_come_goes_by_the_present_pace() -> None:
    case = replace(CASE, n_after=20, weeks_after=4)
    today = date(2026, 10, 20)
    assert case.told_by(10, today=today) == date(2026, 10, 19) + timedelta(weeks=2)
    assert case.told_by(500, today=today) is None
    assert replace(case, n_after=0).told_by(10, today=today) is None


def told(figures: CaseFigures, *, today: date | None = None) -> str:
    found = contents_of(figures, decided_on=verdict_on(WEEK), today=today or verdict_on(WEEK))
    return " ".join([found.headline, *found.sentences])


def test_the_sentence_of_the_mock(app: Flask) -> None:
    with app.test_request_context():
        words = told(CASE)
    assert words.startswith("Up 0.3, but the true change could be anywhere from −0.1 to +0.7.")
    assert "No clear change beyond what such dips do by themselves (as of 16 November" in words
    assert "we’d expect about half of this rise without any coaching." in words


def test_before_its_time_it_names_the_day_and_how_many_ratings_would_tell(app: Flask) -> None:
    early = replace(CASE, verdict="early", after=-0.18, n_after=35, weeks_after=5)
    with app.test_request_context():
        words = told(early, today=date(2026, 10, 26))
    assert "A verdict comes on Monday 16 November 2026, twelve weeks after the check." in words
    assert re.search(
        r"About \d+ more ratings would tell whether this is more than chance, likely by \d+ November", words
    )
    with app.test_request_context():
        none = told(replace(early, after=None, n_after=3), today=date(2026, 10, 26))
    assert none.startswith("3 ratings so far of the weeks that count")


def test_few_ratings_a_small_pool_and_a_late_talk_are_said(app: Flask) -> None:
    with app.test_request_context():
        few = told(replace(CASE, verdict="early", after=None, n_after=4))
        pool = told(replace(CASE, verdict="early", usual=None, usual_sd=None, pool=120))
        late = told(replace(CASE, verdict="none", talked=False))
    assert "under 5 ratings in the weeks that count" in few
    assert "only 120 months of other people’s dips" in pool
    assert "There is no verdict, because the first talk was not held within four weeks of the check." in late


def some_case(chance: Random) -> CaseFigures:
    return replace(
        CASE,
        n=chance.randrange(8, 90),
        after=chance.uniform(-1.2, 0.8),
        n_after=chance.randrange(5, 90),
        usual=chance.choice([None, chance.uniform(-0.8, 0.2)]),
        verdict=chance.choice(["better", "probably", "unclear", "lower", "early", "none"]),
    )


def test_no_sentence_says_more_than_its_range_and_none_gives_one_person_an_effect(app: Flask) -> None:
    chance = Random(6)
    with app.test_request_context():
        for _time in range(1500):
            case = some_case(chance)
            found = contents_of(case, decided_on=verdict_on(WEEK), today=verdict_on(WEEK))
            low, high = case.change - case.change_half, case.change + case.change_half
            is_sure = "is likely between" in found.headline
            assert is_sure <= (low > 0 or high < 0), found.headline
            assert found.headline.startswith(("Up", "Down", "About the same"))
            ends = [float(text.replace("−", "-")) for text in re.findall(r"[+−]\d\.\d|(?<![\d.])0\.0", found.headline)]
            assert [round(low, 1), round(high, 1)] == pytest.approx(ends[-2:], abs=0.051)
            assert not re.search(r"effect|because of the talk|thanks to", " ".join(found.sentences)), found.sentences
            assert ("Clearly better" in found.sentences[0]) == (case.verdict == "better")


def some_company(chance: Random) -> CompanyFigures:
    middle, half = chance.gauss(0, 0.2), abs(chance.gauss(0, 0.2))
    if chance.random() < 0.2:  # an end close to nothing, where rounding could tell a lie
        middle = half * chance.choice((-1, 1)) + chance.gauss(0, 0.004)
    known = chance.random() < 0.8
    low, high = (middle - half, middle + half) if known else (None, None)
    enough = known and chance.random() < 0.7
    return replace(COMPANY, estimate=middle, low=low, high=high, enough=enough, design=chance.choice("ab"))


def test_the_company_is_told_no_more_than_its_range(app: Flask) -> None:
    chance, claims = Random(7), set()
    with app.test_request_context():
        for _time in range(3000):
            found = some_company(chance)
            words, claim = company_words.headline(found), company_words.verdict(found)
            claims.add(claim)
            assert ("higher" in words) == (claim == "higher"), words
            assert ("lower" in words) == (claim == "lower"), words
            assert words.startswith("Too few to tell") == (claim == "too few") == (not found.enough), words
            if claim in {"higher", "lower"}:
                assert (found.low or 0) > 0 if claim == "higher" else (found.high or 0) < 0
                by, least, most = (float(text) for text in re.findall(r"\d\.\d\d", words))
                assert 0 < least <= by <= most
    assert claims == {"higher", "lower", "unclear", "too few"}


def test_it_is_said_with_whom_and_what_a_plain_comparison_would_print(app: Flask) -> None:
    with app.test_request_context():
        pool, others = company_words.compared(COMPANY), company_words.compared(replace(COMPANY, design="a", waited=31))
        plain, drawn = company_words.naive(COMPANY), company_words.lot(replace(COMPANY, design="a", drawn=20))
    assert "45 people who were talked with within four weeks" in pool
    assert "837 months" in pool
    assert "31 who fell as well" in others
    assert "+0.86 stars (+0.78 to +0.94)" in plain
    assert "It misleads" in plain
    assert "20 of them had their turns drawn by lot." in drawn
