"""The stories of the demo can be found by the product's own arithmetic, whatever day it is."""

from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pytest

from tracker.demo.company import WEEKS, generate
from tracker.demo.records import Company
from tracker.statistics.falls import Checks, Parameters, WeekRows, check

TODAYS = [
    date(2026, 11, 22),
    date(2026, 11, 23),
    date(2026, 11, 24),
    date(2026, 6, 10),
    date(2027, 2, 1),
    date(2025, 9, 5),
    date(2026, 1, 3),
    date(2026, 4, 30),
    date(2027, 3, 16),
    date(2027, 7, 8),
    date(2028, 2, 29),
    date(2024, 12, 27),
    date(2025, 12, 25),
    date(2026, 8, 15),
]
NAIROBI_AHEAD_OF_UTC = timedelta(hours=3)
RANGE = Parameters(windows_weeks=(4,), min_window_n=10, min_baseline_n=0)
FIRST_CHECK = 12
LAST_WEEK = WEEKS - 1


@pytest.fixture(scope="module", params=TODAYS, ids=str)
def company(request: pytest.FixtureRequest) -> Company:
    return generate(today=request.param)


@pytest.fixture(scope="module")
def alerts(company: Company) -> list[tuple[int, str]]:
    """(weeks before this Monday when the check ran, staff number), with the cool-down of eight weeks."""
    rows, found = week_rows(company), []
    quiet_until: dict[int, int] = {}
    for week in range(FIRST_CHECK, WEEKS):
        for row in np.flatnonzero(check(rows, teams(company, week), week).alert).tolist():
            if quiet_until.get(row, -1) < week:
                quiet_until[row] = week + Parameters().cooldown_weeks - 1
                found.append((LAST_WEEK - week, company.people[row].staff_number))
    return found


@pytest.fixture(scope="module")
def now(company: Company) -> Checks:
    """Figures of the last four complete weeks, as the pages show them."""
    return check(week_rows(company), teams(company, LAST_WEEK), LAST_WEEK, RANGE)


def test_kevins_fall_is_found_two_to_six_weeks_ago(company: Company, alerts: list[tuple[int, str]]) -> None:
    kevin = company.person("Kevin Odhiambo").staff_number
    assert company.truths.falls[0].staff_number == kevin
    when = [weeks_ago for weeks_ago, number in alerts if number == kevin]
    assert len(when) == 1
    assert 2 <= when[0] < 6


def test_kevin_is_below_his_range_now_with_the_ratings_of_four_busy_weeks(company: Company, now: Checks) -> None:
    row = row_of(company, "Kevin Odhiambo")
    assert now.n[row] == pytest.approx(38, abs=2)
    assert now.fall[row] > 2.33 * now.sd[row]


def test_amina_is_inside_her_range_and_rising(company: Company, now: Checks) -> None:
    row = row_of(company, "Amina Otieno")
    assert company.people[row].staff_number == company.truths.rising
    assert now.n[row] == pytest.approx(46, abs=2)
    assert abs(now.fall[row]) < 2.33 * now.sd[row]
    assert mean_stars(company, row, weeks=range(57, 61)) > mean_stars(company, row, weeks=range(40, 49))


def test_the_fall_that_healed_was_found_while_it_lasted(company: Company, alerts: list[tuple[int, str]]) -> None:
    healed = company.truths.falls[1]
    monday = company.started_on + timedelta(weeks=WEEKS)
    when = [monday - timedelta(weeks=weeks_ago) for weeks_ago, number in alerts if number == healed.staff_number]
    assert healed.ended_on is not None
    assert healed.started_on < when[0] < healed.ended_on + timedelta(weeks=1)
    assert len(when) <= 2


def test_somebody_in_doras_team_and_in_brians_is_above_range(company: Company, now: Checks) -> None:
    numbers = [person.staff_number for person in company.people]
    leaders = [company.person(name).staff_number for name in ("Dora Mwangi", "Brian Kamau")]
    assert [company.manager_of(number, on=company.today) for number in company.truths.above_range] == leaders
    for number in company.truths.above_range:
        row = numbers.index(number)
        assert now.fall[row] < -2.33 * now.sd[row]


def test_the_unlucky_one_is_under_the_expected_score_and_never_alerted(
    company: Company, now: Checks, alerts: list[tuple[int, str]]
) -> None:
    row = [person.staff_number for person in company.people].index(company.truths.unlucky)
    assert now.fall[row] > 1.2 * now.sd[row]
    assert company.truths.unlucky not in {number for _, number in alerts}


def test_whoever_moved_to_the_harder_desk_scores_lower_and_is_never_alerted(
    company: Company, alerts: list[tuple[int, str]]
) -> None:
    move = company.truths.move
    row = [person.staff_number for person in company.people].index(move.staff_number)
    first = (move.moved_on - company.started_on).days // 7
    assert mean_stars(company, row, weeks=range(first, WEEKS)) < mean_stars(company, row, weeks=range(first)) - 0.3
    assert move.staff_number not in {number for _, number in alerts}
    assert company.team_of(move.staff_number, on=move.moved_on) == move.to_team_key
    assert company.team_of(move.staff_number, on=move.moved_on - timedelta(days=1)) == move.from_team_key


def test_the_shocked_team_went_down_together_and_nobody_in_it_was_alerted(
    company: Company, alerts: list[tuple[int, str]]
) -> None:
    shock = company.truths.shock
    shocked: list[int] = []
    before: list[int] = []
    for rating in company.ratings:
        if rating.team_key == shock.team_key:
            day = (rating.rated_at + NAIROBI_AHEAD_OF_UTC).date()
            (shocked if shock.started_on <= day < shock.ended_on else before).append(rating.stars)
    assert (shock.ended_on - shock.started_on).days == 35
    assert sum(shocked) / len(shocked) < sum(before) / len(before) - 0.5
    members = {row.staff_number for row in company.memberships if row.team_key == shock.team_key}
    first = (company.started_on + timedelta(weeks=WEEKS) - shock.started_on).days // 7
    assert not [number for weeks_ago, number in alerts if number in members and first - 6 <= weeks_ago <= first]


def test_there_are_only_a_few_alerts_in_fourteen_months(alerts: list[tuple[int, str]]) -> None:
    assert 2 <= len(alerts) <= 5


def week_rows(company: Company) -> WeekRows:
    people = {person.staff_number: row for row, person in enumerate(company.people)}
    cells: dict[tuple[str, str], int] = {}
    counts: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0] * 5)
    for rating in company.ratings:
        cell = cells.setdefault((rating.touchpoint, rating.channel), len(cells))
        week = ((rating.rated_at + NAIROBI_AHEAD_OF_UTC).date() - company.started_on).days // 7
        counts[people[rating.staff_number], week, cell][rating.stars - 1] += 1
    keys = np.array(list(counts))
    return WeekRows(person=keys[:, 0], week=keys[:, 1], cell=keys[:, 2], stars=np.array(list(counts.values())))


def teams(company: Company, week: int) -> np.ndarray:
    """Team of everybody at the end of the week; for who is not there, any team they were ever in."""
    day = company.started_on + timedelta(weeks=week, days=6)
    keys = [team.key for team in company.teams]
    ever = {row.staff_number: row.team_key for row in company.memberships}
    return np.array(
        [
            keys.index(company.team_of(person.staff_number, on=day) or ever[person.staff_number])
            for person in company.people
        ]
    )


def row_of(company: Company, name: str) -> int:
    return company.people.index(company.person(name))


def mean_stars(company: Company, row: int, *, weeks: range) -> float:
    number = company.people[row].staff_number
    given = [
        rating.stars
        for rating in company.ratings
        if rating.staff_number == number
        and ((rating.rated_at + NAIROBI_AHEAD_OF_UTC).date() - company.started_on).days // 7 in weeks
    ]
    return sum(given) / len(given)
