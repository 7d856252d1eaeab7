"""From the rollup to what became of one alert: which weeks count, who counts as coached, once a week, and never before its time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_history, a_person, many_ratings
from tests.statements import statements
from tracker.coaching.actions import complete_session
from tracker.coaching.effect_jobs import share_effects, work_out_effects
from tracker.coaching.effect_models import CaseEffect, CoachingEffect
from tracker.coaching.effect_rules import CaseFigures, CompanyFigures
from tracker.coaching.jobs import check_falls, share_cards
from tracker.coaching.models import CoachingCase
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.ratings.actions import exclude_rating
from tracker.ratings.models import CellWeek, Fall, Rating

MONDAY = date(2026, 8, 24)
CHECKED = datetime(2026, 8, 24, 1, tzinfo=UTC)  # 04:00 in Nairobi


@pytest.fixture
def fallen(cast: Cast) -> Cast:
    """A year of steady ratings, and eight weeks in which only Kevin’s customers are unhappy; the check has found him."""
    with transaction():
        others = [a_person(team=team) for team in (cast.tills, cast.floor) for _ in range(4)]
        a_history([cast.amina, cast.kevin, *others], until=MONDAY - timedelta(weeks=8), weeks=52, seed=3)
        a_history([cast.amina, *others], until=MONDAY + timedelta(weeks=13), weeks=21, seed=4)
        low = [MONDAY - timedelta(days=1 + 2 * n) for n in range(26)]
        many_ratings([(cast.kevin, 1 + n % 3, day) for n, day in enumerate(low)])
    check_falls(CHECKED)
    work_out_effects(CHECKED)
    share_cards(CHECKED + timedelta(days=2))
    return cast


def talks(cast: Cast, *, days: int) -> None:
    """Brian talks with Kevin so many days after the check."""
    at = CHECKED + timedelta(days=days, hours=8)
    with transaction():
        case = db.session.scalars(select(CoachingCase).order_by(CoachingCase.id).limit(1)).one()
        complete_session(case, by=cast.brian.id, note="We talked.", agreed=[], follow_up_on=None, at=at)


def weeks_go_by(weeks: int) -> datetime:
    at = CHECKED + timedelta(weeks=weeks)
    check_falls(at)
    work_out_effects(at)
    return at


def the_case() -> CaseFigures:
    db.session.rollback()
    first = select(CaseEffect).order_by(CaseEffect.case_id).limit(1)  # weeks later there may be another alert by chance
    return CaseFigures(**db.session.scalars(first).one().figures)


def the_company() -> CompanyFigures:
    db.session.rollback()
    newest = select(CoachingEffect).order_by(CoachingEffect.week.desc()).limit(1)
    return CompanyFigures.stored(db.session.scalars(newest).one().figures)


def rated(cast: Cast, weeks: list[int], stars: int = 4) -> None:
    """One rating of Kevin on the Wednesday of each of these weeks after the check (the first is week 1)."""
    with transaction():
        many_ratings([(cast.kevin, stars, MONDAY + timedelta(weeks=week - 1, days=2)) for week in weeks])


def test_before_is_what_was_stored_with_the_alert(fallen: Cast) -> None:
    case, fall = the_case(), db.session.scalars(select(Fall)).one()
    assert (case.n, case.observed) == (fall.n, pytest.approx(fall.observed, abs=1e-4))
    assert case.dev < -1
    assert (case.n_after, case.verdict, case.talked) == (0, "early", None)


def test_only_weeks_five_to_twelve_count_as_after(fallen: Cast) -> None:
    talks(fallen, days=10)
    rated(fallen, [1, 4, 13, 14], stars=1)
    rated(fallen, [5, 6, 8, 9, 11, 12])
    weeks_go_by(8)
    assert (the_case().n_after, the_case().weeks_after, the_case().has_after) == (3, 4, False)
    weeks_go_by(14)
    assert (the_case().n_after, the_case().weeks_after) == (6, 8)
    assert the_case().after_score == pytest.approx(4, abs=0.4), "the 1-star ratings around it count nowhere"


def test_before_stays_as_it_was_when_the_past_changes_under_it(fallen: Cast) -> None:
    before = the_case()
    with transaction():
        low = db.session.scalars(select(Rating).where(Rating.person_id == fallen.kevin.id, Rating.stars == 1)).all()
        for rating in low[:2]:
            exclude_rating(rating, by=fallen.chloe.id, reason="Not about us.", at=CHECKED)
    weeks_go_by(1)
    assert (the_case().b, the_case().dev, the_case().n) == (before.b, before.dev, before.n)


@pytest.mark.parametrize(("days", "talked", "verdict"), [(28, True, "early"), (29, None, "none"), (85, False, "none")])
def test_only_a_first_talk_within_four_weeks_can_have_a_verdict(
    fallen: Cast, days: int, talked: bool | None, verdict: str
) -> None:
    talks(fallen, days=days)
    weeks_go_by(13)
    assert (the_case().talked, the_case().verdict) == (talked, verdict)


def test_a_small_company_has_too_little_to_learn_from_and_says_so(fallen: Cast) -> None:
    talks(fallen, days=10)
    rated(fallen, [5, 6, 7, 8, 9, 10, 11])
    weeks_go_by(12)
    case = the_case()
    assert case.has_after
    assert 0 < case.pool < 200
    assert (case.verdict, case.usual) == ("early", None)
    assert db.session.scalars(select(Message).where(Message.kind == "coaching.verdict")).all() == []


def test_the_company_is_too_few_to_tell_with_the_numbers_there_are(fallen: Cast) -> None:
    talks(fallen, days=10)
    rated(fallen, [5, 6, 7, 8, 9, 10, 11])
    weeks_go_by(11)
    assert (the_company().falls, the_company().young) == (0, 1)
    weeks_go_by(12)
    found = the_company()
    assert (found.falls, found.coached, found.waited, found.enough) == (1, 1, 0, False)


def test_whoever_has_not_heard_of_the_alert_is_in_no_number_of_the_company(fallen: Cast) -> None:
    with transaction():
        db.session.scalars(select(Fall)).one().shares_at = CHECKED + timedelta(weeks=13, hours=1)
    weeks_go_by(13)
    assert (the_company().falls, the_company().young) == (0, 0)
    weeks_go_by(14)
    assert the_company().falls == 1


def test_it_is_worked_out_once_a_week_and_waits_for_means_that_are_made_anew(fallen: Cast) -> None:
    at = weeks_go_by(1)
    assert work_out_effects(at + timedelta(hours=1)) == 0
    with transaction():
        db.session.query(CellWeek).filter(CellWeek.week > the_case().week - 20).delete()
    assert work_out_effects(at + timedelta(weeks=1, days=3)) == 0


def test_whoever_leads_gets_each_weeks_figures_24_hours_after_the_persons_morning(fallen: Cast) -> None:
    share_effects(CHECKED + timedelta(days=3))
    at = weeks_go_by(1)
    row = db.session.scalars(select(CaseEffect)).one()
    assert row.shares_at == datetime(2026, 9, 1, 5, tzinfo=UTC), "Tuesday at eight in Nairobi"
    old = row.shared_figures
    share_effects(at + timedelta(hours=20))
    db.session.rollback()
    assert db.session.scalars(select(CaseEffect)).one().shared_figures == old
    share_effects(row.shares_at)
    db.session.rollback()
    row = db.session.scalars(select(CaseEffect)).one()
    assert (row.shared_figures, row.shares_at) == (row.figures, None)


def test_more_people_ask_no_more_questions(fallen: Cast) -> None:
    def questions(weeks: int) -> int:
        check_falls(CHECKED + timedelta(weeks=weeks))
        with statements() as sent:
            work_out_effects(CHECKED + timedelta(weeks=weeks))
        return len(sent)

    few = questions(4)
    with transaction():
        a_history([a_person(team=fallen.floor) for _ in range(15)], until=MONDAY + timedelta(weeks=4), weeks=30)
    assert questions(8) <= few + 2
