"""The answer is due in the team's working time: over weekends, holidays and the change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.factories import a_person, a_team, is_away, leads
from tests.reviews.conftest import a_review, stored
from tracker.core import clock
from tracker.core.clock import WorkCalendar
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Holiday
from tracker.reviews import jobs
from tracker.reviews.jobs import follow_up
from tracker.reviews.rules import answer_due, hours_left

NAIROBI = WorkCalendar("Africa/Nairobi")
FRIDAY = date(2026, 11, 20)


def nairobi(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour - 3, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (nairobi(18, 12), nairobi(20, 12)),  # Wednesday noon: Friday noon
        (nairobi(20, 16), nairobi(24, 16)),  # Friday at four: over the weekend, Tuesday at four
        (nairobi(21, 11), nairobi(24, 17)),  # Saturday: Monday and Tuesday whole
        (nairobi(18, 20), nairobi(20, 17)),  # after hours: Thursday and Friday whole
        (nairobi(18, 6), nairobi(19, 17)),  # before hours: Wednesday and Thursday whole
    ],
)
def test_two_working_days(since: datetime, due: datetime) -> None:
    assert answer_due(NAIROBI, since, 2) == due


def test_a_holiday_does_not_count() -> None:
    with_holiday = WorkCalendar("Africa/Nairobi", days_off=frozenset({FRIDAY}))
    assert answer_due(with_holiday, nairobi(18, 12), 2) == nairobi(23, 12)


@pytest.mark.parametrize(
    ("day", "worked"),
    [(date(2026, 3, 29), 7), (date(2026, 10, 25), 9), (date(2026, 11, 1), 8)],
    ids=["spring", "autumn", "no change"],
)
def test_the_change_of_the_clocks_is_real_time(day: date, worked: int) -> None:
    """Nights from 0 to 8 in Berlin: an hour less in spring, one more in autumn."""
    berlin = WorkCalendar("Europe/Berlin", frozenset(range(1, 8)), time(0), time(8))
    begins = berlin.morning_of(day)
    assert berlin.working_time_between(begins, begins + timedelta(hours=20)) == timedelta(hours=worked)
    due = answer_due(berlin, begins, 1)
    assert berlin.working_time_between(begins, due) == timedelta(hours=8)


def test_whole_hours_left() -> None:
    assert hours_left(NAIROBI, nairobi(20, 16, 30), nairobi(23, 9)) == 1
    assert hours_left(NAIROBI, nairobi(18, 12), nairobi(20, 12)) == 18
    assert hours_left(NAIROBI, nairobi(20, 12), nairobi(18, 12)) == 0


def test_a_team_that_never_works_still_has_a_moment() -> None:
    assert answer_due(WorkCalendar("UTC", frozenset()), NOW, 2) > NOW


def messages(kind: str) -> list[tuple[int, bool]]:
    db.session.rollback()
    found = select(Message.person_id, Message.is_urgent).where(Message.kind == kind).order_by(Message.id)
    return [(person, urgent) for person, urgent in db.session.execute(found)]


def test_the_team_s_hours_and_holidays_make_the_moment(cast: Cast) -> None:
    with transaction():
        db.session.add(Holiday(on=FRIDAY, name="Day off", team_id=cast.root.id))
    assert stored(a_review(cast.tills)).due_at == nairobi(23, 12)


@pytest.mark.parametrize(("stars", "is_urgent"), [(1, True), (2, True), (3, False), (5, False), (None, False)])
def test_who_leads_hears_at_once_of_low_stars(cast: Cast, stars: int | None, is_urgent: bool) -> None:
    a_review(cast.tills, stars=stars)
    assert messages("review.arrived") == [(cast.brian.id, is_urgent)]


def test_while_the_manager_is_away_the_deputy_hears(cast: Cast) -> None:
    with transaction():
        is_away(cast.brian, date(2026, 11, 17), date(2026, 11, 25))
        deputy = a_person("Njeri", team=cast.tills)
        leads(deputy, cast.tills, kind="deputy")
    a_review(cast.tills)
    assert messages("review.arrived") == [(deputy.id, False)]


def test_a_team_that_nobody_leads_is_told_above(cast: Cast) -> None:
    with transaction():
        orphan = a_team("Nairobi Central desk", parent=db.session.merge(cast.floor))
    a_review(orphan)
    assert messages("review.arrived") == [(cast.dora.id, False)]


def test_late_is_told_once_then_once_above_and_no_more(cast: Cast) -> None:
    review = a_review(cast.tills)
    due_at = stored(review).due_at
    assert due_at is not None
    assert follow_up(due_at - timedelta(minutes=1)) == 0
    assert follow_up(due_at) == 1
    assert follow_up(due_at) == 0
    assert messages("review.late") == [(cast.brian.id, False)]
    assert messages("review.late_above") == []
    assert follow_up(nairobi(23, 11)) == 0
    assert follow_up(nairobi(23, 12)) == 1
    assert messages("review.late_above") == [(cast.faith.id, False)]
    assert follow_up(nairobi(30, 12)) == 0
    assert len(messages("review.late")) == 1


def test_two_schedulers_tell_once(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have seen that it is due; whoever comes second finds the step moved."""
    review = a_review(cast.tills)
    due_at = stored(review).due_at
    assert due_at is not None
    one = jobs._follow
    results: list[int] = []

    def both(review_id: int, sent: int, at: datetime) -> int:
        results.append(one(review_id, sent, at))
        return one(review_id, sent, at)

    monkeypatch.setattr(jobs, "_follow", both)
    assert follow_up(due_at) == 0
    assert results == [1]
    assert stored(review).reminders_sent == 1
    assert len(messages("review.late")) == 1


def test_the_words_of_messages(cast: Cast, browse: Any) -> None:
    review = a_review(cast.tills, stars=1, text="SECRETWORDS", author="Somebody")
    follow_up(nairobi(20, 12))
    follow_up(nairobi(23, 12))
    brians = browse(cast.brian, at=NOW).get("/inbox").text
    assert "An unhappy public review of Nairobi Central tills waits for an answer" in brians
    assert "SECRETWORDS" not in brians
    late = nairobi(24, 12)
    with clock.set_to(late):
        assert "is late" in browse(cast.brian, at=late).get("/inbox").text
        above = browse(cast.faith, at=late).get("/inbox").text
    assert "A public review of Nairobi Central tills still waits for Brian Kamau’s answer" in above
    assert "SECRETWORDS" not in above
    assert browse(cast.faith, at=NOW).get(f"/reviews/{review.id}").status_code == 404
