"""Quiet hours: by the clock of the person's team, through changes of the clocks, over days off; decided again as a mail goes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.conftest import Cast
from tests.core.smtp_sink import smtp_sink
from tests.factories import a_person, a_team, account_of, is_away
from tracker.access.actions import ask_for_reset
from tracker.core import clock, outbox
from tracker.core.clock import WorkCalendar
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.notifications.actions import tell
from tracker.notifications.choice_actions import keep_quiet
from tracker.notifications.jobs import write_digests
from tracker.notifications.models import Message
from tracker.notifications.quiet_rules import Quiet, quiet_until
from tracker.organisation.models import Person

NIGHT = datetime(2026, 11, 18, 19, 30, tzinfo=UTC)  # Wednesday 22:30 in Nairobi
SEVEN = datetime(2026, 11, 19, 4, 0, tzinfo=UTC)  # 07:00 there
NAIROBI = WorkCalendar(zone="Africa/Nairobi")
BERLIN = WorkCalendar(zone="Europe/Berlin")
SANTIAGO = WorkCalendar(zone="America/Santiago")
DEFAULT = Quiet()


@pytest.fixture(autouse=True)
def only_what_a_test_tells(request: pytest.FixtureRequest) -> None:
    if "cast" in request.fixturenames:
        request.getfixturevalue("cast")
        with transaction():
            db.session.execute(delete(Message))


def local(text: str, zone: str, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("when", "until"),
    [
        ("2026-11-18T19:59:59", None),
        ("2026-11-18T20:00:00", "2026-11-19T07:00"),
        ("2026-11-18T23:59:59", "2026-11-19T07:00"),
        ("2026-11-19T00:00:00", "2026-11-19T07:00"),
        ("2026-11-19T06:59:59", "2026-11-19T07:00"),
        ("2026-11-19T07:00:00", None),
        ("2026-11-19T12:00:00", None),
    ],
)
def test_a_night_goes_over_midnight_and_has_exact_edges(when: str, until: str | None) -> None:
    zone = "Africa/Nairobi"
    assert quiet_until(local(when, zone), DEFAULT, NAIROBI) == (local(until, zone) if until else None)


@pytest.mark.parametrize(
    ("zone", "calendar", "evening", "morning", "hours"),
    [
        ("Europe/Berlin", BERLIN, "2026-03-28T20:00", "2026-03-29T07:00", 10),  # clocks go forward in this night
        ("Europe/Berlin", BERLIN, "2026-10-24T20:00", "2026-10-25T07:00", 12),  # and back in this
        (
            "America/Santiago",
            SANTIAGO,
            "2026-09-05T20:00",
            "2026-09-06T07:00",
            10,
        ),  # forward at midnight: no 00:00 that day
    ],
)
def test_in_a_night_in_which_the_clocks_change_the_hour_on_the_wall_counts(
    zone: str, calendar: WorkCalendar, evening: str, morning: str, hours: int
) -> None:
    begins, ends = local(evening, zone), local(morning, zone)
    assert ends - begins == timedelta(hours=hours)
    assert quiet_until(begins - timedelta(seconds=1), DEFAULT, calendar) is None
    for minutes in range(0, hours * 60, 20):
        assert quiet_until(begins + timedelta(minutes=minutes), DEFAULT, calendar) == ends
    assert quiet_until(ends, DEFAULT, calendar) is None


def test_an_end_that_the_clocks_skip_is_the_moment_they_go_forward() -> None:
    quiet = Quiet(starts=time(22), ends=time(2, 30))
    assert quiet_until(local("2026-03-29T01:00", "Europe/Berlin"), quiet, BERLIN) == local(
        "2026-03-29T03:00", "Europe/Berlin"
    )


def test_hours_by_day_do_not_go_over_midnight() -> None:
    quiet, zone = Quiet(starts=time(9), ends=time(17)), "Africa/Nairobi"
    assert quiet_until(local("2026-11-18T12:00", zone), quiet, NAIROBI) == local("2026-11-18T17:00", zone)
    assert quiet_until(local("2026-11-18T18:00", zone), quiet, NAIROBI) is None
    assert quiet_until(local("2026-11-18T03:00", zone), quiet, NAIROBI) is None


def test_days_off_are_quiet_all_day_and_end_with_the_night_after_them() -> None:
    """Friday is a holiday: from Thursday night to Monday at seven."""
    zone = "Africa/Nairobi"
    calendar = WorkCalendar(zone=zone, days_off=frozenset({date(2026, 11, 20)}))
    quiet = Quiet(days_off=True)
    for when in ("2026-11-19T20:00", "2026-11-20T12:00", "2026-11-21T12:00", "2026-11-22T23:30"):
        assert quiet_until(local(when, zone), quiet, calendar) == local("2026-11-23T07:00", zone)
    assert quiet_until(local("2026-11-20T12:00", zone), DEFAULT, calendar) is None


def test_without_a_night_a_day_off_ends_at_midnight() -> None:
    quiet, zone = Quiet(starts=time(1), ends=time(2), days_off=True), "Africa/Nairobi"
    assert quiet_until(local("2026-11-21T12:00", zone), quiet, NAIROBI) == local("2026-11-23T00:00", zone)


def test_whoever_never_works_is_written_to_after_the_night() -> None:
    nobody = WorkCalendar(zone="Africa/Nairobi", working_days=frozenset())
    assert quiet_until(NIGHT, Quiet(days_off=True), nobody) == SEVEN


@pytest.mark.parametrize(("quiet", "urgent"), [(Quiet(is_on=False), False), (Quiet(lets_urgent=True), True)])
def test_what_is_let_through(quiet: Quiet, urgent: bool) -> None:
    assert quiet_until(NIGHT, quiet, NAIROBI, urgent=urgent) is None
    assert quiet_until(NIGHT, Quiet(lets_urgent=True), NAIROBI) == SEVEN
    assert quiet_until(NIGHT, DEFAULT, NAIROBI, urgent=True) == SEVEN


@given(
    seconds=st.integers(0, 10 * 365 * 86_400),
    starts=st.times(),
    ends=st.times(),
    days_off=st.booleans(),
    zone=st.sampled_from(
        ["Africa/Nairobi", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia"]
    ),
)
def test_whenever_it_ends_it_has_ended(seconds: int, starts: time, ends: time, days_off: bool, zone: str) -> None:
    at, calendar = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds), WorkCalendar(zone=zone)
    quiet = Quiet(starts=starts, ends=ends, days_off=days_off)
    until = quiet_until(at, quiet, calendar)
    if until is not None:
        assert at < until < at + timedelta(days=5)
        assert quiet_until(until, quiet, calendar) is None


# As mails go out


def mails() -> list[OutboxMail]:
    db.session.rollback()
    rows = select(OutboxMail).order_by(OutboxMail.id).execution_options(populate_existing=True)
    return list(db.session.scalars(rows))


def told(person: Person, key: str, *, at: datetime, urgent: bool = True, kind: str = "week") -> None:
    with transaction():
        tell(kind, to=person.id, key=key, at=at, urgent=urgent, visible_at=at, state="plain", count=1)


def sets(person: Person, quiet: Quiet) -> None:
    with transaction():
        keep_quiet(person.id, quiet, at=NIGHT)


def test_what_is_urgent_waits_for_the_morning_unless_the_person_lets_it_through(cast: Cast) -> None:
    sets(cast.kevin, Quiet(lets_urgent=True))
    for person in (cast.amina, cast.kevin):
        told(person, f"u{person.id}", at=NIGHT)
    assert write_digests(NIGHT) == 2
    assert {mail.person_id: mail.due_at for mail in mails()} == {cast.amina.id: SEVEN, cast.kevin.id: NIGHT}


def test_the_zone_is_that_of_the_persons_team(cast: Cast) -> None:
    with transaction():
        ines = a_person("Ines", team=a_team("Santiago", time_zone="America/Santiago"))
    told(ines, "x", at=NIGHT)  # 16:30 there
    write_digests(NIGHT)
    assert mails()[0].due_at == NIGHT


def test_a_mail_that_an_outage_held_up_does_not_go_out_in_the_night(app: Flask, cast: Cast) -> None:
    """Written by day, tried by night: it waits for seven, and the wait costs no attempt."""
    evening = NIGHT - timedelta(hours=3)
    told(cast.amina, "u", at=evening)
    assert write_digests(evening) == 1
    with smtp_sink() as sink, configured(app, sink.url):
        for minutes in (0, 20, 300):
            with clock.set_to(NIGHT + timedelta(minutes=minutes)):
                assert outbox.send_due(NIGHT + timedelta(minutes=minutes)) == 0
        assert (mails()[0].due_at, mails()[0].attempts) == (SEVEN, 0)
        with clock.set_to(SEVEN):
            assert outbox.send_due(SEVEN) == 1
        assert len(sink.mails) == 1


def test_a_link_for_a_new_password_goes_at_once(app: Flask, cast: Cast) -> None:
    with transaction():
        ask_for_reset(account_of(cast.amina), at=NIGHT)
    with smtp_sink() as sink, configured(app, sink.url), clock.set_to(NIGHT):
        assert outbox.send_due(NIGHT) == 1


def test_who_works_by_night_gets_the_daily_mail_when_it_is_no_longer_quiet(cast: Cast) -> None:
    with transaction():
        night = a_team("Night", work_starts=time(21), work_ends=time(23, 59))
        zuri = a_person("Zuri", team=night)
    told(zuri, "w", at=NIGHT, urgent=False)
    assert write_digests(NIGHT) == 1
    assert mails()[0].due_at == SEVEN


def test_read_in_the_meantime_it_is_not_mailed(app: Flask, cast: Cast) -> None:
    told(cast.amina, "u", at=NIGHT)
    write_digests(NIGHT)
    with transaction():
        db.session.scalars(select(Message)).one().read_at = NIGHT
    with smtp_sink() as sink, configured(app, sink.url), clock.set_to(SEVEN):
        assert outbox.send_due(SEVEN) == 0
        assert sink.mails == []
    assert mails()[0].dropped_at == SEVEN


def test_days_away_are_days_off(cast: Cast) -> None:
    with transaction():
        is_away(cast.amina, date(2026, 11, 16), date(2026, 11, 23))
    sets(cast.amina, Quiet(days_off=True))
    noon = datetime(2026, 11, 18, 9, tzinfo=UTC)
    told(cast.amina, "u", at=noon)
    write_digests(noon)
    assert mails()[0].due_at == local("2026-11-23T07:00", "Africa/Nairobi")


def configured(app: Flask, url: str) -> Any:
    class Configured:
        def __enter__(self) -> None:
            self.before = app.config["SMTP_URL"]
            app.config["SMTP_URL"] = url

        def __exit__(self, *_error: Any) -> None:
            app.config["SMTP_URL"] = self.before

    return Configured()
