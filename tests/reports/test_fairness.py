"""The fairness audit: what is counted of whom, that it stays as it is, and who reads it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import delete, insert, select, update

from tests.conftest import Browser, Cast
from tests.factories import a_channel, a_person, a_rating, a_shift, a_team, a_touchpoint
from tests.reports.jobs import all_worked_out
from tests.reports.test_ways_out import book_of
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.disputes.models import Dispute, DisputeRound
from tracker.organisation.models import Person
from tracker.ratings.actions import exclude_rating
from tracker.ratings.fall_models import WeeklyCheck
from tracker.ratings.models import CellWeek, Fall, Interaction, Rating, ScoreWeek
from tracker.reports.fairness import build
from tracker.reports.fairness_counts import checks_run, people_of, told_at, weeks_of
from tracker.reports.fairness_groups import groups_of, shift_of
from tracker.reports.models import ReportFigures
from tracker.reports.periods import Year, months_read

SEPTEMBER = Year(date(2026, 9, 1))
LAST = clock.week_of(date(2026, 9, 30))  # ends on 4 October, is checked on the 5th, and told to everybody by the 7th
MONDAY, READ = datetime(2026, 10, 5, 9, tzinfo=UTC), datetime(2026, 10, 7, 9, tzinfo=UTC)
WEEKS = range(LAST - 90, LAST + 1)
TEAMS, EACH = 8, 6


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with clock.set_to(READ):
        yield


@pytest.fixture
def staff(cast: Cast) -> list[Person]:
    """48 people of eight teams, rated twice a week for 90 weeks: half full time, half part time, whom customers rate lower."""
    with transaction():
        teams = [a_team(f"Shop {number}", parent=cast.root) for number in range(TEAMS)]
        people = [
            a_person(team=team, contract="Full time" if place % 2 else " part  TIME")
            for team in teams
            for place in range(EACH)
        ]
        cell = {"touchpoint_id": a_touchpoint().id, "channel_id": a_channel().id}
        db.session.execute(insert(CellWeek), [{**cell, "week": week, "mu": 4.0} for week in WEEKS])
        stars = [{"n1": 0, "n2": 0, "n3": place % 2 == 0, "n4": 1, "n5": place % 2} for place in range(EACH)]
        db.session.execute(
            insert(ScoreWeek),
            [
                {"person_id": person.id, "week": week, **cell, **stars[place % EACH]}
                for place, person in enumerate(people)
                for week in WEEKS
            ],
        )
        db.session.add_all(
            WeeklyCheck(week=week, ran_at=_monday_after(week), tested=48, parameters={}, formula="x")
            for week in WEEKS[-60:]
        )
    return people


def _monday_after(week: int) -> datetime:
    return datetime.combine(clock.monday_of(week + 1), time(1), UTC)


def fell(person: Person, *, week: int, shares_at: datetime | None = None) -> Fall:
    found_at = datetime.combine(clock.monday_of(week + 1), datetime.min.time(), UTC)
    figures = {"window_weeks": 4, "n": 8, "observed": 3.0, "expected": 4.0, "p": 0.001}
    fall = Fall(
        person_id=person.id,
        week=week,
        **figures,
        parameters={},
        formula="x",
        found_at=found_at,
        shares_at=shares_at or found_at + timedelta(days=1),
    )
    db.session.add(fall)
    return fall


def kept(month: date = SEPTEMBER.month) -> ReportFigures:
    return db.session.scalars(
        select(ReportFigures).where(ReportFigures.month == month, ReportFigures.kind == "fairness")
    ).one()


def test_the_weeks_are_whole_ones_that_everybody_has_been_told_of(staff: list[Person]) -> None:
    weeks = weeks_of(SEPTEMBER)
    assert (weeks[-1], clock.monday_of(weeks[0])) == (LAST, date(2025, 10, 6))
    assert len(checks_run(SEPTEMBER)) == 52
    assert told_at(SEPTEMBER) == datetime(2026, 10, 7, tzinfo=UTC)


def test_everybody_is_counted_once(staff: list[Person]) -> None:
    people = people_of(SEPTEMBER)
    assert len(people.n) == 48
    assert set(people.n) == {104.0}
    assert set(people.s) == {52 * 9.0, 52 * 7.0}
    assert set(people.x) == {104 * 4.0}
    assert set(people.q) == {52 * 41.0, 52 * 25.0}
    assert set(people.weeks) == set(people.checks) == {52.0}
    assert len(set(people.team)) == TEAMS


def test_a_check_takes_ratings_enough_before_and_now(staff: list[Person]) -> None:
    """15 before a window of 8 is full in the eighth week before; eight in a window in the fourth."""
    with transaction():
        first = staff[0]
        early = ScoreWeek.week < LAST - 13
        db.session.execute(delete(ScoreWeek).where(ScoreWeek.person_id == first.id, early))
        first.started_on = clock.monday_of(LAST - 13)
        db.session.merge(first)
    people = people_of(SEPTEMBER)
    place = sorted(person.id for person in staff).index(first.id)
    # Two a week: the eighth week of theirs has brought 16, and four weeks later there are 8 more.
    assert (people.weeks[place], people.checks[place]) == (14.0, 3.0)


def test_an_alert_whose_head_start_went_on_longer_is_left_out_for_good(staff: list[Person]) -> None:
    with transaction():
        fell(staff[0], week=LAST - 3)
        fell(staff[0], week=LAST - 20)
        fell(staff[1], week=LAST, shares_at=told_at(SEPTEMBER) + timedelta(minutes=1))
        fell(staff[2], week=weeks_of(SEPTEMBER)[0] - 1)
    assert people_of(SEPTEMBER).alerts.sum() == 2.0


def test_before_everybody_is_told_there_is_no_such_month(staff: list[Person]) -> None:
    all_worked_out(MONDAY)
    assert SEPTEMBER.month not in months_read(MONDAY)
    assert not db.session.scalars(select(ReportFigures).where(ReportFigures.month == SEPTEMBER.month)).all()


def test_answers_left_out_ratings_and_second_looks_are_counted(staff: list[Person]) -> None:
    one = staff[0]
    with transaction():
        visits = [
            Interaction(
                person_id=one.id,
                ended_at=datetime(2026, 9, 1, 9 + hour, tzinfo=UTC),
                ended_on=date(2026, 9, 1),
                invited_at=datetime(2026, 9, 1, 18, tzinfo=UTC) if hour else None,
            )
            for hour in range(4)
        ]
        db.session.add_all(visits)
        db.session.flush()
        a_rating(one, 4, on=date(2026, 9, 1), interaction_id=visits[1].id)
        taken_out = a_rating(one, 1, on=date(2026, 9, 2))
        exclude_rating(taken_out, by=one.id, reason="test", at=READ)
        fall = fell(one, week=clock.week_of(date(2026, 9, 2)))
        looked = Dispute(rating_id=taken_out.id, person_id=one.id, kind="not_me", asked_at=fall.found_at)
        looked.rounds = [
            DisputeRound(
                comment="x",
                asked_at=fall.found_at,
                due_on=READ.date(),
                outcome="accepted",
                decided_at=fall.found_at + timedelta(days=2),
            )
        ]
        db.session.add(looked)
    people = people_of(SEPTEMBER)
    sums = [values.sum() for values in (people.asked, people.answered, people.left_out, people.alerts, people.changed)]
    assert sums == [3.0, 1.0, 1.0, 1.0, 1.0]


def test_contracts_are_groups_however_they_are_written(staff: list[Person]) -> None:
    with transaction():
        db.session.execute(update(Person).where(Person.id == staff[0].id).values(contract=" Full TIME "))
        db.session.execute(update(Person).where(Person.id == staff[1].id).values(contract="  "))
        db.session.execute(update(Person).where(Person.id == staff[2].id).values(contract=None))
        db.session.execute(update(Person).where(Person.id == staff[3].id).values(contract="not recorded"))
    found = groups_of([person.id for person in staff[:5]], until=SEPTEMBER.until)["contract"]
    assert found == ["=full time", "not recorded", "not recorded", "=not recorded", "=part time"]


@pytest.mark.parametrize(
    ("started_on", "ended_on", "group"),
    [
        (date(2026, 4, 2), None, "1_under_6"),
        (date(2026, 4, 1), None, "2_6_to_24"),
        (date(2024, 10, 2), None, "2_6_to_24"),
        (date(2024, 10, 1), None, "3_over_24"),
        (date(2024, 10, 1), date(2025, 12, 1), "2_6_to_24"),
        (None, None, "not recorded"),
    ],
)
def test_time_here_counts_to_the_last_day(
    staff: list[Person], started_on: date | None, ended_on: date | None, group: str
) -> None:
    with transaction():
        new = update(Person).where(Person.id == staff[0].id)
        db.session.execute(new.values(started_on=started_on, ended_on=ended_on))
    assert groups_of([staff[0].id], until=SEPTEMBER.until)["tenure"] == [group]


@pytest.mark.parametrize(
    ("begins", "hours", "kind"),
    [(6, 8, "1_early"), (9, 8, "2_day"), (13, 8, "3_late"), (22, 8, "4_night"), (0, 24, "5_changing")],
)
def test_a_shift_is_where_the_middle_of_the_hours_lies(begins: int, hours: int, kind: str) -> None:
    assert shift_of([(begins + hour + 0.5, 1.0) for hour in range(hours)]) == kind


def test_early_and_late_by_turns_is_neither() -> None:
    early, late = ([(begins + hour + 0.5, 1.0) for hour in range(8)] for begins in (6, 14))
    assert shift_of([*early, *late]) == "5_changing"


def test_shifts_come_from_posts_held_or_else_from_when_service_ended(staff: list[Person]) -> None:
    with transaction():
        held, served, few = (db.session.merge(person) for person in staff[:3])
        for day in range(5):
            start = datetime(2026, 9, 1 + day, 11, tzinfo=UTC)  # 14 o’clock in Nairobi
            a_shift("Till 1", held, start, start + timedelta(hours=8))
        times = [datetime(2026, 9, 1 + day, 3 + hour, 30, tzinfo=UTC) for day in range(4) for hour in range(6)]
        rows = [{"person_id": who.id, "ended_at": at, "ended_on": at.date()} for who in (served, held) for at in times]
        rows += [{"person_id": few.id, "ended_at": at, "ended_on": at.date()} for at in times[:19]]
        db.session.execute(insert(Interaction), rows)
    found = groups_of([person.id for person in staff[:4]], until=SEPTEMBER.until)["shift"]
    assert found == ["3_late", "1_early", "not recorded", "not recorded"]


def test_a_difference_that_is_there_is_claimed_with_its_size(staff: list[Person], cast: Cast, browse: Any) -> None:
    all_worked_out(READ)
    page = browse(cast.chloe).get("/reports/fairness").text
    said = "ratings lie 1.00 to 1.00 stars over everybody else’s for the same work (24 people, 2,496 ratings)."
    assert f"Contract – Full time: {said}" in page
    assert "Contract – Part time" not in page, "of two groups it is said once"
    assert "clearly lower: −1.00 (−1.00 to −1.00)" in page
    compared, not_compared = page.split('<h3 id="not-compared">')
    assert "Shift: not recorded for enough people." in not_compared, "with all else that has no table"
    assert "Contract:" not in not_compared
    assert "Shift:" not in compared
    assert "Contract: too few people were alerted to compare." in page


def test_what_was_told_once_stays_whatever_changes(staff: list[Person]) -> None:
    """Else two states of it, laid side by side, would tell of whoever changed groups between them."""
    all_worked_out(READ)
    before, made = dict(kept().figures), kept().version
    assert before["looked_at"][0]["state"] == "shown"
    with transaction():
        db.session.execute(update(Person).where(Person.id == staff[0].id).values(contract="Full time"))
        fell(staff[0], week=LAST - 3)
    all_worked_out(READ + timedelta(hours=25))
    db.session.expire_all()
    assert (kept().figures, kept().version) == (before, made)
    with transaction():
        db.session.execute(delete(ReportFigures))
    assert build(SEPTEMBER) != before, "it would have changed"


def test_only_years_that_end_with_a_quarter_are_shown(staff: list[Person], cast: Cast, browse: Any) -> None:
    all_worked_out(READ)
    assert kept(date(2026, 8, 1)).figures == {"form": 1, "quarter": False}
    browser: Browser = browse(cast.chloe)
    page = browser.get("/reports/fairness").text
    assert 'value="2026-09" selected' in page
    assert "2026-08" not in page
    assert browser.get("/reports/fairness?month=2026-08").status_code == 404
    assert browser.get("/reports/fairness?month=2026-06").status_code == 200


def test_a_check_that_ran_late_is_told_late(staff: list[Person], cast: Cast, browse: Any) -> None:
    with transaction():
        late = update(WeeklyCheck).where(WeeklyCheck.week == LAST)
        db.session.execute(late.values(ran_at=READ - timedelta(days=2) + timedelta(minutes=1)))
    all_worked_out(READ)
    assert 'value="2026-06" selected' in browse(cast.chloe).get("/reports/fairness").text
    assert browse(cast.chloe).get("/reports/fairness?month=2026-09").status_code == 404


@pytest.mark.parametrize("who", ["amina", "brian", "ruth", "faith"])
def test_only_hr_reads_it(cast: Cast, who: str, browse: Any) -> None:
    browser: Browser = browse(getattr(cast, who))
    assert browser.get("/reports/fairness").status_code == 403
    assert browser.post("/reports/fairness/files", {"file": "xlsx"}).status_code == 403
    assert "/reports/fairness" not in browser.get("/me").text


def test_before_the_first_quarter_and_before_it_is_worked_out_it_says_so(cast: Cast, browse: Any) -> None:
    assert "No quarter to read yet" in browse(cast.chloe).get("/reports/fairness").text


def test_a_company_without_two_groups_is_told_so(cast: Cast, browse: Any) -> None:
    with transaction():
        answer = a_rating(cast.amina, 4, on=date(2026, 9, 14))
        rows = [
            {"touchpoint_id": answer.touchpoint_id, "channel_id": answer.channel_id, "week": week, "mu": 4.0}
            for week in WEEKS
        ]
        db.session.execute(insert(CellWeek), rows)
        db.session.add(WeeklyCheck(week=LAST, ran_at=MONDAY - timedelta(days=2), tested=1, parameters={}, formula="x"))
    all_worked_out(READ)
    page = browse(cast.chloe).get("/reports/fairness").text
    assert "Too few to tell: 1 people were rated" not in page
    assert "Too few to tell: one person was rated" in page


def test_it_goes_out_as_a_file_that_the_audit_remembers(staff: list[Person], cast: Cast, browse: Any) -> None:
    all_worked_out(READ)
    with browse(cast.chloe).post("/reports/fairness/files", {"file": "xlsx", "month": "2026-09"}) as answer:
        assert answer.status_code == 200
        said = [row[1] for row in book_of(answer.data)["Findings"]]
    assert any("never why" in one for one in said), "whoever has the file alone reads it too"
    assert any("crossed with teams or towns" in one for one in said)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.details["report"] == "fairness"


def test_the_page_names_nobody_and_reads_a_handful_of_rows(staff: list[Person], cast: Cast, browse: Any) -> None:
    with transaction():
        for place in range(0, 16, 2):
            fell(staff[place], week=LAST - 4)
            fell(staff[place + 1], week=LAST - 4)
    all_worked_out(READ)
    page = browse(cast.chloe).get("/reports/fairness").text
    assert not [person.name for person in staff if person.name in page]
    assert "Shop 3" not in page
    assert "8 people" not in page
    alerts = next(one for one in kept().figures["looked_at"] if one["key"] == "contract")["groups"][0]["alerts"]
    assert alerts["own"][0] == pytest.approx(8 / (24 * 52), abs=1e-4)
    assert np.isclose(alerts["apart"][0], 1.0)


def test_ratings_are_never_read_one_by_one(staff: list[Person]) -> None:
    """Rating is asked for sums only: of what is left out, of answers, of second looks."""
    assert db.session.scalar(select(Rating.id)) is None
    assert len(people_of(SEPTEMBER).n) == 48
