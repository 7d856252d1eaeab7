"""Which follow-ups are offered: only those that are possible within the 16 weeks of the case, and why the others are not."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.journeys.serving import Hour
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.coaching.rules import last_follow_up_day
from tracker.core.db import db

WEEK = timedelta(weeks=1)


@pytest.mark.parametrize(
    ("closes_by", "day"),
    [
        (
            datetime(2027, 3, 8, 1, 0, tzinfo=UTC),
            date(2027, 3, 7),
        ),  # 4 in the morning in Nairobi: ten o'clock is too late
        (datetime(2027, 3, 8, 7, 0, tzinfo=UTC), date(2027, 3, 8)),
        (datetime(2027, 3, 8, 22, 0, tzinfo=UTC), date(2027, 3, 8)),  # the 9th there, at one in the night
    ],
)
def test_the_last_day_is_one_on_which_ten_o_clock_is_still_in_time(closes_by: datetime, day: date) -> None:
    assert last_follow_up_day(closes_by, time(10), "Africa/Nairobi") == day


@pytest.mark.parametrize(
    ("weeks", "offered", "says_why"),
    [
        (0, ["six_weeks", "three_weeks", "on", "none"], False),
        (9, ["six_weeks", "three_weeks", "on", "none"], False),
        (10, ["three_weeks", "on", "none"], True),
        (13, ["on", "none"], True),
    ],
)
def test_only_what_is_possible_is_offered(
    case: CoachingCase, cast: Cast, hour: Hour, browse: Any, weeks: int, offered: list[str], says_why: bool
) -> None:
    hour.at = NOW + weeks * WEEK
    page = browse(cast.brian, at=hour.at).get(f"/coaching/{case.id}").text
    found = [_value(part) for part in page.split('name="follow_up" ')[1:]]
    assert found == offered
    assert ("the last day for a follow-up is Sun 7 Mar" in page) == says_why
    first = page.split('name="follow_up" ')[1].split(">")[0]
    assert "checked" not in page.split('name="follow_up" ')[2].split(">")[0]
    assert "checked" in page.split('name="follow_up" ')[0][-60:] + first


def _value(part: str) -> str:
    return part.split('value="')[1].split('"')[0]


def test_the_day_is_said_with_the_offer(case: CoachingCase, cast: Cast, browse: Any) -> None:
    page = browse(cast.brian).get(f"/coaching/{case.id}").text
    assert "In 6 weeks, Wed 30 Dec" in page
    assert "In 3 weeks, Wed 9 Dec" in page


def test_what_was_chosen_is_planned(case: CoachingCase, cast: Cast, browse: Any) -> None:
    sent = {"note": "We talked.", "follow_up": "three_weeks"}
    assert browse(cast.brian).post(f"/coaching/{case.id}/completion", sent).status_code == 303
    planned = db.session.scalars(select(CoachingSession).where(CoachingSession.held_at.is_(None))).one()
    assert (planned.kind, planned.starts_on) == ("follow_up", date(2026, 12, 9))


@pytest.mark.parametrize(
    ("weeks", "sent"),
    [
        (10, {"follow_up": "six_weeks"}),
        (14, {"follow_up": "three_weeks"}),
        (0, {"follow_up": "on"}),
        (0, {"follow_up": "on", "follow_up_on": "2026-11-18"}),
        (0, {"follow_up": "on", "follow_up_on": "2027-03-08"}),
        (0, {"follow_up": "on", "follow_up_on": "tomorrow"}),
        (0, {"follow_up": "in a year"}),
        (0, {"follow_up": "none", "agreed": "Open till 3"}),
    ],
)
def test_what_is_not_possible_comes_back(
    case: CoachingCase, cast: Cast, hour: Hour, browse: Any, weeks: int, sent: dict[str, str]
) -> None:
    hour.at = NOW + weeks * WEEK
    brian = browse(cast.brian, at=hour.at)
    assert brian.post(f"/coaching/{case.id}/completion", {"note": "We talked.", **sent}).status_code == 422
    assert db.session.scalars(select(CoachingSession)).all() == []
