"""Half of four or more unhappy in a quarter of an hour: whoever leads the team hears of it, at most once an hour."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Browser, Cast
from tests.factories import is_away, leads
from tests.intake.kiosks import NOW, a_code, a_kiosk, deliver, millis, touched
from tests.intake.test_kiosk_tablet import paired
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.intake.kiosk_rules import burst_in
from tracker.notifications.models import Message
from tracker.organisation.models import Tenure

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def tablet(app: Flask, cast: Cast, now: Any, browse: Any) -> Browser:
    return paired(browse(None), a_code(app, a_kiosk(cast)))


def alarms() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == "kiosk.unhappy").order_by(Message.id)))


def give(tablet: Browser, *stars: int, at: datetime = NOW) -> None:
    """One touch after the other at that moment, each delivered at once."""
    with clock.set_to(at):
        for count in stars:
            deliver(tablet, {**touched(count), "at": millis(at)}, now=at)


@pytest.mark.parametrize(
    ("stars", "is_alarm"),
    [
        ((1, 1, 1), False),
        ((1, 2, 3, 4), True),
        ((2, 2, 5, 5), True),
        ((3, 3, 3, 3), False),
        ((1, 5, 5, 5), False),
        ((5, 1, 5, 5, 2), False),
        ((5, 5, 5, 1, 1, 1), True),
        ((), False),
    ],
)
def test_half_of_four_or_more(stars: tuple[int, ...], is_alarm: bool) -> None:
    answers = [(NOW - MINUTE * number, count) for number, count in enumerate(reversed(stars))][::-1]
    assert (burst_in(answers, since=NOW - 10 * MINUTE, at=NOW) is not None) == is_alarm


def test_a_quarter_of_an_hour_ends_after_fifteen_minutes() -> None:
    def spread(minutes: timedelta) -> list[tuple[datetime, int]]:
        return [(NOW - minutes, 1), (NOW - MINUTE, 1), (NOW - MINUTE, 5), (NOW, 5)]

    assert burst_in(spread(15 * MINUTE), since=NOW, at=NOW) is None
    found = burst_in(spread(15 * MINUTE - timedelta(seconds=1)), since=NOW, at=NOW)
    assert found
    assert (found.unhappy, found.count, found.until) == (2, 4, NOW)


def test_who_leads_the_team_hears_of_it_in_calm_words(tablet: Browser, cast: Cast, browse: Any) -> None:
    give(tablet, 1, 5, 2)
    assert alarms() == []
    give(tablet, 4)
    [alarm] = alarms()
    assert (alarm.person_id, alarm.is_urgent, alarm.visible_at) == (cast.brian.id, True, NOW)
    page = browse(cast.brian, at=NOW).get("/inbox").text
    assert "Customers may be waiting for something: Till 2" in page
    assert "Between 12:00 and 12:00, 2 of 4 answers at the kiosk in Nairobi Central tills were unhappy." in page
    for name in ("Amina", "Kevin"):
        assert name not in page


def test_the_names_that_customers_gave_are_not_in_it(tablet: Browser, cast: Cast) -> None:
    deliver(tablet, *[touched(1, person=cast.kevin.id) for _number in range(4)])
    [alarm] = alarms()
    assert set(alarm.parameters) == {"unhappy", "count", "since", "until"}
    assert "Kevin" not in str(vars(alarm))


def test_at_most_once_an_hour_at_one_kiosk(app: Flask, tablet: Browser, cast: Cast, browse: Any) -> None:
    give(tablet, *[1] * 10)
    give(tablet, *[1] * 4, at=NOW + timedelta(minutes=59, seconds=59))
    assert len(alarms()) == 1
    give(tablet, *[1], at=NOW + timedelta(hours=1))
    assert len(alarms()) == 2
    other = paired(browse(None), a_code(app, a_kiosk(cast, place="Till 3")))
    give(other, *[1] * 4)
    assert len(alarms()) == 3, "another kiosk has an hour of its own"


def test_an_hour_later_one_happy_answer_does_not_tell_of_the_old_burst_again(tablet: Browser) -> None:
    give(tablet, 1, 1, 1, 1)
    give(tablet, 5, at=NOW + timedelta(hours=1))
    assert len(alarms()) == 1


def test_what_comes_more_than_an_hour_late_raises_no_alarm(tablet: Browser) -> None:
    deliver(tablet, *[touched(1, ago=timedelta(hours=1, seconds=1)) for _number in range(10)])
    assert alarms() == []
    deliver(tablet, *[touched(1, ago=timedelta(minutes=59)) for _number in range(4)])
    assert len(alarms()) == 1


def test_the_same_delivery_twice_tells_once(tablet: Browser) -> None:
    answers = [touched(1) for _number in range(4)]
    deliver(tablet, *answers)
    with clock.set_to(NOW + timedelta(hours=2)):
        deliver(tablet, *answers, now=NOW + timedelta(hours=2))
    assert len(alarms()) == 1


def test_outside_working_hours_it_waits_for_the_morning(tablet: Browser, cast: Cast) -> None:
    night = datetime(2026, 11, 18, 19, 0, tzinfo=UTC)  # ten in the evening in Nairobi
    give(tablet, 1, 1, 1, 1, at=night)
    [alarm] = alarms()
    assert alarm.visible_at == datetime(2026, 11, 19, 5, 0, tzinfo=UTC), "eight in the morning"


def test_while_the_manager_is_away_the_deputy_hears_of_it(tablet: Browser, cast: Cast) -> None:
    with transaction():
        leads(cast.amina, cast.tills, kind="deputy")
        is_away(cast.brian, NOW.date(), NOW.date() + timedelta(days=3))
    give(tablet, 1, 1, 1, 1)
    assert [alarm.person_id for alarm in alarms()] == [cast.amina.id]


def test_a_team_that_nobody_leads_has_somebody_above(tablet: Browser, cast: Cast, browse: Any) -> None:
    with transaction():
        db.session.query(Tenure).filter_by(person_id=cast.brian.id).one().ended_on = NOW.date()
    give(tablet, 1, 1, 1, 1)
    assert [alarm.person_id for alarm in alarms()] == [cast.faith.id]
    assert "Till 2" in browse(cast.faith, at=NOW).get("/inbox").text
    assert browse(cast.faith, at=NOW).get("/kiosks").status_code == 200


def test_the_message_falls_silent_with_the_right(tablet: Browser, cast: Cast, browse: Any) -> None:
    give(tablet, 1, 1, 1, 1)
    with transaction():
        db.session.query(Tenure).filter_by(person_id=cast.brian.id).one().ended_on = NOW.date()
    assert "Till 2" not in browse(cast.brian, at=NOW).get("/inbox").text
