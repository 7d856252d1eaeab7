"""The demo company is complete, believable in its figures, and the same every time."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tracker.demo.company import generate
from tracker.demo.holidays import easter_sunday, public_holidays
from tracker.demo.records import Company, Rating, Team

TODAY = date(2026, 11, 22)
NAIROBI = ZoneInfo("Africa/Nairobi")


@pytest.fixture(scope="module")
def company() -> Company:
    return generate(today=TODAY)


def test_the_same_seed_and_day_give_the_same_company(company: Company) -> None:
    assert generate(today=TODAY) == company


def test_another_seed_gives_other_ratings_but_the_same_people(company: Company) -> None:
    other = generate(seed=7, today=TODAY)
    assert other.people == company.people
    assert other.ratings != company.ratings


def test_it_has_about_eighty_four_people_in_twelve_leaf_teams_of_five_to_nine(company: Company) -> None:
    leaves = {team.key for team in company.teams if team.is_leaf}
    now = Counter(row.team_key for row in company.memberships if row.holds(TODAY))
    assert len(leaves) == 12
    assert all(5 <= now[key] <= 9 for key in leaves)
    assert sum(now.values()) == 84
    assert len(company.people) == 86


def test_every_parent_exists_and_the_tree_has_one_root(company: Company) -> None:
    keys = {team.key for team in company.teams}
    assert [team.name for team in company.teams if team.parent_key is None] == ["Zawadora"]
    assert all(team.parent_key in keys for team in company.teams if team.parent_key)


def test_names_staff_numbers_and_addresses_never_collide(company: Company) -> None:
    people = company.people
    mails = [person.email for person in people if person.email]
    assert len({person.name for person in people}) == len(people)
    assert len({person.first_name for person in people}) == len(people)
    assert len({person.staff_number for person in people}) == len(people)
    assert len(set(mails)) == len(mails)
    assert 10 < len(people) - len(mails) < 45
    assert all(mail.endswith("@zawadora.example") and mail.isascii() for mail in mails)


def test_brian_manages_amina_and_kevin_and_dora_does_not(company: Company) -> None:
    def boss_of(name: str) -> str | None:
        return company.manager_of(company.person(name).staff_number, on=TODAY)

    brian, dora = company.person("Brian Kamau").staff_number, company.person("Dora Mwangi").staff_number
    assert boss_of("Amina Otieno") == boss_of("Kevin Odhiambo") == brian
    assert company.person("Amina Otieno").staff_number == "N-0412"
    assert boss_of("Mwanaisha Omar") == dora
    assert boss_of("Brian Kamau") not in (None, brian, dora)
    assert boss_of("Dora Mwangi") not in (None, brian, dora)
    assert company.person("Chloe Yusuf").roles == ("hr",)
    assert company.person("Ruth Kiprop").roles == ("admin",)


def test_everybody_but_the_director_has_a_manager_above(company: Company) -> None:
    employed = [person for person in company.people if person.ended_on is None]
    alone = [person.job_title for person in employed if company.manager_of(person.staff_number, on=TODAY) is None]
    assert alone == ["Country director"]


def test_a_team_has_one_manager_at_a_time(company: Company) -> None:
    rows = sorted(company.tenures, key=lambda row: (row.team_key, row.started_on))
    for earlier, later in pairwise(rows):
        if earlier.team_key == later.team_key:
            assert earlier.ended_on == later.started_on
    assert {row.team_key for row in rows if row.ended_on is None} == {team.key for team in company.teams}


def test_memberships_of_one_person_never_overlap_and_last_as_long_as_the_job(company: Company) -> None:
    rows = defaultdict(list)
    for row in company.memberships:
        rows[row.staff_number].append(row)
    for person in company.people:
        mine = rows[person.staff_number]
        assert (mine[0].started_on, mine[-1].ended_on) == (person.started_on, person.ended_on)
        assert all(before.ended_on == after.started_on for before, after in pairwise(mine))


def test_one_deputy_acts_today_for_a_manager_who_is_away(company: Company) -> None:
    acting = [row for row in company.deputies if row.started_on <= TODAY < row.ended_on]
    tenures = {(row.staff_number, row.team_key) for row in company.tenures if row.holds(TODAY)}
    away = {row.staff_number for row in company.absences if row.started_on <= TODAY < row.ended_on}
    assert {row.team_key for row in acting} == {"delivery", "nairobi-delivery", "mombasa-delivery"}
    assert all((row.absent_staff_number, row.team_key) in tenures for row in acting)
    assert all(row.absent_staff_number in away and row.staff_number not in away for row in acting)


def test_absences_end_after_they_begin_and_nobody_is_rated_while_away(company: Company) -> None:
    assert all(row.started_on < row.ended_on for row in company.absences)
    worked = {(rating.staff_number, local(rating.rated_at).date()) for rating in company.ratings}
    for row in company.absences:
        days = (row.started_on + timedelta(days=offset) for offset in range((row.ended_on - row.started_on).days))
        assert not any((row.staff_number, day) in worked for day in days)


@pytest.mark.parametrize("today", [TODAY, date(2026, 11, 23), date(2025, 12, 26), date(2028, 2, 29), date(2027, 4, 2)])
def test_ratings_stay_within_employment_opening_hours_and_the_past(today: date) -> None:
    company = generate(today=today)
    teams = {team.key: team for team in company.teams}
    holidays = {holiday.day for holiday in company.holidays}
    assert 14_000 <= len(company.ratings) <= 16_500
    assert local(company.ratings[-1].rated_at).date() == today - timedelta(days=1)
    for rating in company.ratings:
        day = local(rating.rated_at).date()
        assert rating.team_key == company.team_of(rating.staff_number, on=day)
        assert rating.started_at < rating.ended_at < rating.rated_at < datetime.combine(today, time(), NAIROBI)
        opens_at, closes_at = opening(teams[rating.team_key], day, holiday=day in holidays)
        assert opens_at <= local(rating.started_at).time()
        assert local(rating.rated_at).time() < closes_at


def test_ratings_come_in_order_under_references_of_their_own(company: Company) -> None:
    assert all(before.rated_at <= after.rated_at for before, after in pairwise(company.ratings))
    assert len({rating.reference for rating in company.ratings}) == len(company.ratings)
    assert company.ratings[0].rated_at.tzinfo is UTC


def test_every_cell_is_served_by_at_least_two_teams_with_many_ratings_each(company: Company) -> None:
    served: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for rating in company.ratings:
        served[rating.touchpoint, rating.channel][rating.team_key] += 1
    assert len(served) >= 15
    assert all(sum(count >= 10 for count in teams.values()) >= 2 for teams in served.values())
    assert {touchpoint for touchpoint, _ in served} == {touchpoint.key for touchpoint in company.touchpoints}
    assert {channel for _, channel in served} == {channel.key for channel in company.channels}


def test_stars_are_j_shaped_and_complaints_harder_than_advice(company: Company) -> None:
    share = shares(company.ratings)
    assert [round(value, 2) for value in share] == pytest.approx([0.09, 0.04, 0.08, 0.19, 0.60], abs=0.025)
    assert share[4] > share[3] > share[2] > share[1] < share[0]
    mean = defaultdict(list)
    for rating in company.ratings:
        mean[rating.touchpoint].append(rating.stars)
    assert sum(mean["advice"]) / len(mean["advice"]) > 0.8 + sum(mean["complaints"]) / len(mean["complaints"])


def test_busy_days_are_busy_and_holidays_quiet(company: Company) -> None:
    stores = {team.key for team in company.teams if team.holiday_hours is not None}
    count = Counter(local(rating.rated_at).date() for rating in company.ratings if rating.team_key in stores)
    holidays = {holiday.day for holiday in company.holidays}
    usual = {
        weekday: mean_of([number for day, number in count.items() if day.weekday() == weekday and day not in holidays])
        for weekday in range(7)
    }
    assert usual[5] > 1.2 * usual[1]
    assert mean_of([count[day] / usual[day.weekday()] for day in holidays if day in count]) < 0.7
    months = Counter(local(rating.rated_at).strftime("%Y-%m") for rating in company.ratings)
    assert months["2025-12"] > 1.2 * months["2026-02"]


def mean_of(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def test_frontline_staff_have_enough_ratings_apart_from_the_newcomers(company: Company) -> None:
    count = Counter(rating.staff_number for rating in company.ratings)
    few = {person.name for person in company.people if "frontline" in person.roles and count[person.staff_number] < 70}
    managers = {person.staff_number for person in company.people if "frontline" not in person.roles}
    assert few <= {"Lucy Atieno", "Nuru Salim", "Hussein Guyo", "Ian Gitonga", "Halima Kassim"}
    assert count["N-0466"] == 3
    assert count["M-0268"] == 0
    head_office = {row.staff_number for row in company.memberships if row.team_key == "head-office"}
    assert not any(count[number] for number in managers | head_office)


def test_customers_come_back_but_are_never_asked_twice_in_thirty_days(company: Company) -> None:
    visits = defaultdict(list)
    for rating in company.ratings:
        visits[rating.customer].append(local(rating.rated_at).date())
    assert sum(len(days) >= 3 for days in visits.values()) > 1_200
    assert all(after - before >= timedelta(days=30) for days in visits.values() for before, after in pairwise(days))


def test_drivers_are_praised_when_happy_and_blamed_when_not(company: Company) -> None:
    drivers = {driver.key: driver for driver in company.drivers}
    stage = {touchpoint.key: touchpoint.stage for touchpoint in company.touchpoints}
    for rating in company.ratings:
        assert not (rating.praised if rating.stars <= 3 else rating.blamed)
        assert {*rating.praised, *rating.blamed} <= drivers.keys()
        assert rating.emotion is None or rating.emotion in company.emotions
        assert all(stage[rating.touchpoint] in drivers[key].stages for key in (*rating.praised, *rating.blamed))
    assert company.emotions == ("cared_for", "at_ease", "delighted", "rushed", "confused", "frustrated")


def test_feelings_go_with_the_stars(company: Company) -> None:
    assert not any(rating.emotion in ("frustrated", "rushed") for rating in company.ratings if rating.stars >= 4)
    assert not any(rating.emotion in ("cared_for", "delighted") for rating in company.ratings if rating.stars <= 2)


def test_kenyan_holidays_fall_on_the_days_known() -> None:
    days = {holiday.day: holiday.name for holiday in public_holidays(date(2026, 1, 1), date(2027, 12, 31))}
    assert easter_sunday(2026) == date(2026, 4, 5)
    assert easter_sunday(2025) == date(2025, 4, 20)
    assert days[date(2026, 4, 3)] == "Good Friday"
    assert days[date(2026, 3, 20)] == "Idd-ul-Fitr"
    assert days[date(2026, 5, 27)] == "Idd-ul-Azha"
    assert days[date(2027, 10, 11)] == "Mazingira Day (day off)"


def local(at: datetime) -> datetime:
    return at.astimezone(NAIROBI)


def opening(team: Team, day: date, *, holiday: bool) -> tuple[time, time]:
    if holiday:
        assert team.holiday_hours is not None, f"{team.name} does not work on {day}"
        return team.holiday_hours
    hours = next(hours for hours in team.hours if hours.weekday == day.weekday())
    return hours.opens_at, hours.closes_at


def shares(ratings: tuple[Rating, ...]) -> list[float]:
    count = Counter(rating.stars for rating in ratings)
    return [count[stars] / len(ratings) for stars in range(1, 6)]
