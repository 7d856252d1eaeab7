"""Whose certificate ends hears of it in time, each step once, also after a silence; who leads them hears one word a day."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.conftest import Cast
from tests.factories import a_person, a_team, is_away
from tests.training.certificates import a_certificate, a_certified_course, at_noon, fresh
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.courses.models import CourseVersion
from tracker.notifications.models import Message
from tracker.organisation.models import Membership, Person
from tracker.training.certificate_jobs import remind
from tracker.training.certificate_models import Certificate

ISSUED = date(2026, 3, 2)
ENDS = date(2027, 3, 2)  # a Tuesday
ONE_DAY = timedelta(days=1)


def told(person: Person, kind: str | None = None) -> list[tuple[str, date]]:
    """Kind and day of what somebody was told about certificates, in order."""
    of_person = select(Message).where(Message.person_id == person.id, Message.kind.like("certificate.%"))
    found = db.session.scalars(of_person.order_by(Message.visible_at, Message.id)).all()
    db.session.rollback()
    return [(one.kind, one.visible_at.date()) for one in found if kind in {None, one.kind}]


def live(since: date, until: date, *, twice: bool = False) -> int:
    """Every noon from one day to another."""
    steps = 0
    for number in range((until - since).days):
        for _run in range(2 if twice else 1):
            steps += remind(at_noon(since + timedelta(days=number)))
    return steps


def before(days: int) -> date:
    return ENDS - timedelta(days=days)


def test_each_step_is_told_once_on_its_day(app: Flask, cast: Cast) -> None:
    certificate = a_certificate(cast.amina, a_certified_course(), on=ISSUED)
    assert live(before(95), ENDS + timedelta(days=20), twice=True) == 6
    days = [day for _kind, day in told(cast.amina)]
    wished = [before(days) for days in (90, 60, 30, 14, 7, 0)]
    assert [kind for kind, _day in told(cast.amina)] == ["certificate.ending"] * 5 + ["certificate.lapsed"]
    assert all(timedelta() <= day - wish <= timedelta(days=2) for day, wish in zip(days, wished, strict=True))
    assert (fresh(certificate).remind_on, fresh(certificate).step) == (None, 6)


def test_who_leads_hears_at_30_at_7_and_on_the_day_in_one_word(app: Flask, cast: Cast) -> None:
    course, other = a_certified_course(), a_certified_course("Returns")
    for person in (cast.amina, cast.kevin):
        a_certificate(person, course, on=ISSUED)
        a_certificate(person, other, on=ISSUED)
    live(before(95), ENDS + ONE_DAY)
    assert [kind for kind, _day in told(cast.brian)] == ["certificate.team"] * 3
    assert told(cast.dora) == told(cast.faith) == []


@pytest.mark.parametrize(("asleep_until", "steps"), [(-29, 1), (-5, 1), (3, 1), (400, 1)])
def test_after_a_silence_one_word_is_enough(app: Flask, cast: Cast, asleep_until: int, steps: int) -> None:
    a_certificate(cast.amina, a_certified_course(), on=ISSUED)
    assert remind(at_noon(ENDS + timedelta(days=asleep_until))) == steps
    assert len(told(cast.amina)) == 1


def test_the_day_is_the_one_where_the_person_works(app: Flask, cast: Cast) -> None:
    """In Auckland the day begins while it is yesterday in Nairobi."""
    with transaction():
        team = a_team("Auckland", parent=cast.root, time_zone="Pacific/Auckland")
        person = a_person("Mere Ngata", team=team)
    course = a_certified_course()
    a_certificate(person, course, on=ISSUED)
    a_certificate(cast.amina, course, on=ISSUED)
    due = before(90)
    assert remind(datetime.combine(due - ONE_DAY, time(10, 59), UTC)) == 0
    assert remind(datetime.combine(due - ONE_DAY, time(11, 1), UTC)) == 1
    assert (len(told(person)), len(told(cast.amina))) == (1, 0)
    assert remind(datetime.combine(due - ONE_DAY, time(20, 59), UTC)) == 0
    assert remind(datetime.combine(due - ONE_DAY, time(21, 1), UTC)) == 1


def test_whoever_is_away_hears_the_newest_on_the_first_morning(app: Flask, cast: Cast) -> None:
    a_certificate(cast.amina, a_certified_course(), on=ISSUED)
    with transaction():
        is_away(cast.amina, before(61), before(29))
    live(before(61), before(20))
    assert [day for _kind, day in told(cast.amina)] == [before(29)]


def test_who_has_left_hears_nothing_and_the_end_is_noted(app: Flask, cast: Cast) -> None:
    certificate = a_certificate(cast.amina, a_certified_course(), on=ISSUED)
    with transaction():
        db.session.get_one(Person, cast.amina.id).ended_on = before(100)
    live(before(95), ENDS + ONE_DAY)
    assert told(cast.amina) == told(cast.brian) == []
    assert fresh(certificate).remind_on is None


def test_what_was_renewed_meanwhile_falls_silent(app: Flask, cast: Cast, browse: Any, monkeypatch: Any) -> None:
    course = a_certified_course()
    a_certificate(cast.amina, course, on=ISSUED)
    live(before(14), before(13))
    live(before(7), before(6))
    noon = at_noon(before(5))
    monkeypatch.setattr(clock, "now", lambda: noon)
    browser = browse(cast.amina, at=noon)
    assert "is valid until 1 March" in browser.get("/inbox").text
    a_certificate(cast.amina, course, on=before(5))
    assert "is valid until" not in browser.get("/inbox").text
    live(before(5), ENDS + ONE_DAY)
    assert len(told(cast.amina)) == 2


def test_nobody_is_told_to_renew_what_is_not_given_any_more(
    app: Flask, cast: Cast, browse: Any, monkeypatch: Any
) -> None:
    course = a_certified_course()
    a_certificate(cast.amina, course, on=ISSUED)
    live(before(14), before(13))
    noon = at_noon(before(13))
    monkeypatch.setattr(clock, "now", lambda: noon)
    browser = browse(cast.amina, at=noon)
    assert "No day is lost by being early" in browser.get("/inbox").text
    with transaction():
        db.session.get_one(CourseVersion, course.id).certificate_months = None
    page = browser.get("/inbox").text
    assert "No day is lost by being early" not in page
    assert "The course gives no certificate any more" in page


def test_the_leaders_word_counts_when_it_is_read_and_ends_with_the_right(
    app: Flask, cast: Cast, browse: Any, monkeypatch: Any
) -> None:
    course = a_certified_course()
    for person in (cast.amina, cast.kevin):
        a_certificate(person, course, on=ISSUED)
    live(before(31), before(29))
    noon = at_noon(before(29))
    monkeypatch.setattr(clock, "now", lambda: noon)
    browser = browse(cast.brian, at=noon)
    assert "2 certificates of your team end within 30 days" in browser.get("/inbox").text
    with transaction():
        moved = update(Membership).where(Membership.person_id == cast.kevin.id)
        db.session.execute(moved.values(team_id=cast.floor.id))
    assert "1 certificate of your team ends within 30 days" in browser.get("/inbox").text


def test_one_that_is_asked_for_anew_is_not_reminded_of(app: Flask, cast: Cast) -> None:
    certificate = a_certificate(cast.amina, a_certified_course(), on=ISSUED)
    with transaction():
        db.session.get_one(Certificate, certificate.id).ended_on = before(100)
    assert live(before(95), ENDS + ONE_DAY) == 0
    assert told(cast.amina) == []
