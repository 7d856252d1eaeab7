"""One mail a day and person, in their working hours; what is urgent goes at once."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from tests.conftest import Cast
from tests.core.smtp_sink import smtp_sink
from tests.factories import a_person, a_team, is_away, joins
from tracker.coaching.models import CoachingCase
from tracker.core import clock, outbox
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.notifications.actions import tell
from tracker.notifications.jobs import write_digests
from tracker.notifications.models import Message
from tracker.organisation.models import Holiday, Membership, Person, Tenure

MORNING = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)  # Wednesday 08:00 in Nairobi
EVENING = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)  # 17:00 in Nairobi: over
NOON = MORNING + timedelta(hours=4)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def only_what_a_test_tells(cast: Cast) -> None:
    with transaction():
        db.session.execute(delete(Message))


def told(person: Person, key: str, *, at: datetime = MORNING, **values: Any) -> None:
    with transaction():
        tell("week", to=person.id, key=key, at=at, state="plain", count=1, **values)


def mails(person: Person | None = None) -> list[OutboxMail]:
    db.session.rollback()
    statement = select(OutboxMail).where(OutboxMail.kind == "digest").order_by(OutboxMail.id)
    return list(db.session.scalars(statement.where(OutboxMail.person_id == person.id) if person else statement))


def test_all_that_is_new_becomes_one_mail(cast: Cast) -> None:
    for number in range(3):
        told(cast.amina, f"k{number}")
    assert write_digests(NOON) == 1
    assert write_digests(NOON) == 0
    assert len(mails()[0].parameters["messages"]) == 3


def test_what_comes_after_todays_mail_waits_for_tomorrows(cast: Cast) -> None:
    told(cast.amina, "first")
    write_digests(MORNING)
    told(cast.amina, "second", at=NOON)
    assert [write_digests(at) for at in (NOON, EVENING, MORNING + DAY - timedelta(seconds=1))] == [0, 0, 0]
    assert write_digests(MORNING + DAY) == 1
    assert [mail.due_at for mail in mails(cast.amina)] == [MORNING, MORNING + DAY]


def test_a_week_of_ticks_writes_at_most_one_mail_a_day_and_only_in_working_hours(cast: Cast) -> None:
    """A message every two hours, day and night, from Wednesday to Tuesday; a tick every half hour."""
    for half_hours in range(7 * 48):
        at = MORNING + timedelta(minutes=30 * half_hours)
        if half_hours % 4 == 0:
            told(cast.amina, f"k{half_hours}", at=at, visible_at=at)
        write_digests(at)
    days = [clock.local_day(mail.due_at, "Africa/Nairobi") for mail in mails()]
    assert days == [date(2026, 11, day) for day in (18, 19, 20, 23, 24)]
    assert {mail.due_at.hour for mail in mails()} == {5}


def test_hours_are_those_of_the_persons_own_zone(cast: Cast) -> None:
    with transaction():
        away = a_person("Ines", team=a_team("Santiago", time_zone="America/Santiago"))
    told(away, "x", visible_at=MORNING)
    assert write_digests(NOON) == 0  # 06:00 in Santiago
    assert write_digests(datetime(2026, 11, 18, 11, 0, tzinfo=UTC)) == 1
    assert mails(away)[0].key.endswith("2026-11-18")


@pytest.mark.parametrize("reason", ["absence", "holiday", "weekend"])
def test_on_days_off_nothing_is_mailed(cast: Cast, reason: str) -> None:
    at = datetime(2026, 11, 21, 9, tzinfo=UTC) if reason == "weekend" else NOON
    with transaction():
        if reason == "absence":
            is_away(cast.amina, NOON.date(), NOON.date() + DAY)
        if reason == "holiday":
            db.session.add(Holiday(on=NOON.date(), name="A holiday"))
    told(cast.amina, "x", at=at - timedelta(days=3), visible_at=at)
    assert write_digests(at) == 0
    assert write_digests(at + 2 * DAY) == 1


def test_what_is_urgent_goes_at_once_each_by_itself(cast: Cast) -> None:
    told(cast.amina, "plain", visible_at=EVENING)
    for number in range(2):
        told(cast.amina, f"urgent{number}", at=EVENING, urgent=True)
    assert write_digests(EVENING) == 2
    assert write_digests(EVENING) == 0
    assert all(mail.key.startswith("urgent|") for mail in mails())


def test_what_has_been_read_is_not_mailed(cast: Cast) -> None:
    told(cast.amina, "x")
    with transaction():
        db.session.execute(update(Message).values(read_at=MORNING))
    assert write_digests(NOON) == 0
    assert mails() == []


def test_a_message_planned_for_later_is_not_mailed_yet(cast: Cast) -> None:
    told(cast.amina, "x", visible_at=NOON)
    assert (write_digests(NOON - timedelta(seconds=1)), write_digests(NOON)) == (0, 1)


def test_without_an_address_the_inbox_is_all_and_nothing_waits(cast: Cast) -> None:
    with transaction():
        cast.amina.email = None
    told(cast.amina, "x")
    assert write_digests(NOON) == 0
    assert mails() == []
    assert db.session.scalars(select(Message.mailed_at)).all() == [NOON]


def test_two_runs_at_once_write_one_mail(app: Flask, cast: Cast) -> None:
    for person in (cast.amina, cast.kevin, cast.brian):
        told(person, f"k{person.id}")
        told(person, f"u{person.id}", urgent=True)
    db.session.rollback()
    start = threading.Barrier(3)
    counts: list[int] = []

    def run() -> None:
        with app.app_context():
            start.wait()
            counts.append(write_digests(NOON))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sum(counts) == 6
    assert len(mails()) == 6


def test_many_who_wait_for_their_morning_do_not_hold_up_one_who_works_now(cast: Cast) -> None:
    with transaction():
        asleep = a_team("Asleep", time_zone="Pacific/Auckland")
        people = [Person(staff_number=f"A{n}", name=f"A {n}", email=f"a{n}@x.example") for n in range(600)]
        db.session.add_all(people)
        db.session.flush()
        db.session.add_all(
            [Membership(person_id=one.id, team_id=asleep.id, started_on=date(2020, 1, 1)) for one in people]
        )
        for one in people:
            tell("week", to=one.id, key=f"k{one.id}", at=MORNING, visible_at=MORNING, state="plain", count=1)
        late = a_person("Late", team=cast.tills)
    told(late, "late")
    assert write_digests(NOON) == 1
    assert [mail.person_id for mail in mails()] == [late.id]


def test_a_former_manager_is_sent_nothing_about_the_team_any_more(app: Flask, cast: Cast) -> None:
    """The tenure ends between the telling and the sending; what else there was to say is still said."""
    case_id = _a_shared_case(cast)
    with transaction():
        about = {"about_id": case_id, "leader": cast.brian.id, "team": cast.tills.id, "days": 1}
        tell("coaching.reminder", to=cast.brian.id, key="r", at=NOON, visible_at=NOON, **about)
        tell("week", to=cast.kevin.id, key="w", at=NOON, visible_at=NOON, state="plain", count=1)
    assert write_digests(NOON) == 2
    with transaction():
        db.session.execute(update(Tenure).where(Tenure.person_id == cast.brian.id).values(ended_on=NOON.date()))
    with smtp_sink() as sink, clock.set_to(NOON):
        app.config["SMTP_URL"] = sink.url
        try:
            assert outbox.send_due(NOON) == 1
        finally:
            app.config["SMTP_URL"] = ""
        assert [mail["To"] for mail in sink.mails] == [cast.kevin.email]
    assert mails(cast.brian)[0].dropped_at == NOON


def test_a_manager_reads_the_name_and_the_way_in_and_no_figure(app: Flask, cast: Cast) -> None:
    case_id = _a_shared_case(cast)
    with transaction():
        about = {"about_id": case_id, "leader": cast.brian.id, "team": cast.tills.id, "days": 2}
        tell("coaching.reminder", to=cast.brian.id, key="r", at=NOON, visible_at=NOON, **about)
    write_digests(NOON)
    with smtp_sink() as sink, clock.set_to(NOON):
        app.config["SMTP_URL"] = sink.url
        try:
            assert outbox.send_due(NOON) == 1
        finally:
            app.config["SMTP_URL"] = ""
        body = sink.mails[0].get_body(("plain",))
    assert sink.mails[0]["Subject"] == "A talk with Kevin Odhiambo is waiting"
    assert body is not None
    assert "http://localhost/inbox" in body.get_content()


def test_times_in_a_mail_are_those_of_its_reader(app: Flask, cast: Cast) -> None:
    """08:00 UTC is 11:00 where Kevin works."""
    case_id = _a_shared_case(cast)
    with transaction():
        starts_at = datetime(2026, 11, 19, 8, 0, tzinfo=UTC).isoformat()
        values = {"about_id": case_id, "starts_at": starts_at, "leader": cast.brian.id}
        tell("coaching.booked", to=cast.kevin.id, key="b", at=NOON, visible_at=NOON, **values)
    write_digests(NOON)
    with smtp_sink() as sink, clock.set_to(NOON):
        app.config["SMTP_URL"] = sink.url
        try:
            outbox.send_due(NOON)
        finally:
            app.config["SMTP_URL"] = ""
        assert "11:00" in str(sink.mails[0]["Subject"])


def _a_shared_case(cast: Cast) -> int:
    from_before = NOON - timedelta(days=3)
    with transaction():
        case = CoachingCase(
            person_id=cast.kevin.id,
            team_id=cast.tills.id,
            opened_at=from_before,
            shares_at=from_before,
            shared_at=from_before,
            closes_by=NOON + timedelta(weeks=10),
        )
        db.session.add(case)
        db.session.flush()
        return case.id


def test_somebody_in_no_team_hears_in_the_organisations_hours(cast: Cast) -> None:
    with transaction():
        db.session.execute(delete(Membership).where(Membership.person_id == cast.amina.id))
    told(cast.amina, "x", visible_at=MORNING)
    assert (write_digests(MORNING - timedelta(hours=1)), write_digests(MORNING)) == (0, 1)
    with transaction():
        joins(cast.amina, cast.floor)
