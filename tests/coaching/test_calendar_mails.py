"""Calendar entries by mail: both are invited, every change raises the sequence, and what is off is taken out again.

The mails go through a real mail server, and are read as a calendar program reads them.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy import select

from tests.coaching.timed import a_shared_case, at, calendar_mails, live, run_jobs, the_case
from tests.conftest import Cast
from tests.core.smtp_sink import Sink, smtp_sink
from tests.factories import account_of, is_away, leads
from tracker.coaching import clock_actions
from tracker.coaching.actions import book_session, complete_session
from tracker.coaching.models import CoachingCase
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.core.outbox import send_due
from tracker.organisation.actions import end_employment
from tracker.organisation.models import Person, Tenure

SHARED = at("2026-11-17")
NINE = at("2026-11-18", 9)
NO_WORDS = ("Kevin", "Brian", "Odhiambo", "Kamau", "fall", "rating", "coaching case")


@pytest.fixture
def sink(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    with smtp_sink() as sink:
        monkeypatch.setitem(app.config, "SMTP_URL", sink.url)
        yield sink


@pytest.fixture
def case(cast: Cast) -> CoachingCase:
    with transaction():
        return a_shared_case(cast.kevin, shares_at=SHARED)


def send(moment: datetime) -> None:
    with clock.set_to(moment):
        send_due(moment)


def book(case: CoachingCase, by: Person, starts_at: datetime, *, now: datetime = NINE) -> None:
    with transaction():
        book_session(the_case(case), by=by.id, starts_at=starts_at, minutes=20, place="Back office", at=now)


def mails_to(sink: Sink, person: Person) -> list[EmailMessage]:
    return [mail for mail in sink.mails if str(mail["To"]) == person.email]


def entries(sink: Sink, person: Person) -> list[tuple[str, Event]]:
    """(method, event) of every calendar entry in somebody's mailbox, as the part's own type says it."""
    found = []
    for mail in mails_to(sink, person):
        (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        calendar = Calendar.from_ical(part.get_content())
        (event,) = calendar.walk("VEVENT")
        assert part.get_param("method") == calendar["method"]
        found.append((str(calendar["method"]), event))
    return found


def test_both_are_invited_with_one_entry_that_names_neither_them_nor_why(
    case: CoachingCase, cast: Cast, sink: Sink, app: Flask
) -> None:
    book(case, cast.brian, at("2026-11-26", 14))
    send(NINE)
    for person in (cast.kevin, cast.brian):
        ((method, event),) = entries(sink, person)
        assert (method, event["sequence"], str(event["status"])) == ("REQUEST", 0, "CONFIRMED")
        assert event.decoded("dtstart") == datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
        assert (event.decoded("dtend") - event.decoded("dtstart")).seconds == 20 * 60
        assert str(event["organizer"]).startswith("mailto:")
        assert str(event["attendee"]) == f"mailto:{person.email}"
        assert event.decoded("dtstamp") == NINE
        text = event.to_ical().decode()
        assert [word for word in NO_WORDS if word in text] == []
    uids = {str(event["uid"]) for person in (cast.kevin, cast.brian) for _method, event in entries(sink, person)}
    assert len(uids) == 1


def test_the_local_time_is_told_as_it_will_be_after_the_clocks_have_changed(
    cast: Cast, case: CoachingCase, sink: Sink
) -> None:
    """Two in the afternoon in London is 13:00 UTC on Thursday 22 October and 14:00 a week later, when summer time is over."""
    with transaction():
        for team in (cast.tills, cast.floor, cast.root):
            db.session.merge(team).time_zone = "Europe/London"
        case = a_shared_case(cast.amina, shares_at=at("2026-10-19", zone="Europe/London"))
    now = at("2026-10-20", 9, zone="Europe/London")
    book(case, cast.brian, at("2026-10-22", 14, zone="Europe/London"), now=now)
    book(case, cast.brian, at("2026-10-29", 14, zone="Europe/London"), now=now)
    send(now)
    ((_method, event),) = entries(sink, cast.amina)
    assert (event.decoded("dtstart"), event["sequence"]) == (datetime(2026, 10, 29, 14, 0, tzinfo=UTC), 1)
    assert "Thu 29 Oct, 14:00" in str(mails_to(sink, cast.amina)[0]["Subject"])


def test_a_move_raises_the_sequence_under_the_same_uid(case: CoachingCase, cast: Cast, sink: Sink) -> None:
    book(case, cast.brian, at("2026-11-26", 14))
    send(NINE)
    book(case, cast.brian, at("2026-11-27", 10), now=at("2026-11-19", 9))
    send(at("2026-11-19", 9))
    for person in (cast.kevin, cast.brian):
        first, second = (event for _method, event in entries(sink, person))
        assert first["uid"] == second["uid"]
        assert [first["sequence"], second["sequence"]] == [0, 1]
        assert second.decoded("dtstamp") > first.decoded("dtstamp")


def test_a_talk_that_is_called_off_is_taken_out_of_both_calendars(case: CoachingCase, cast: Cast, sink: Sink) -> None:
    book(case, cast.brian, at("2026-11-26", 14))
    send(NINE)
    with transaction():
        clock_actions.call_off_talk(the_case(case), by=cast.brian.id, at=at("2026-11-19", 9))
    send(at("2026-11-19", 9))
    for person in (cast.kevin, cast.brian):
        (_request, invited), (method, event) = entries(sink, person)
        assert (method, str(event["status"]), event["sequence"]) == ("CANCEL", "CANCELLED", 1)
        assert (event["uid"], event.decoded("dtstart")) == (invited["uid"], invited.decoded("dtstart"))


def test_what_nobody_was_invited_to_is_not_called_off_by_mail(case: CoachingCase, cast: Cast, sink: Sink) -> None:
    book(case, cast.brian, at("2026-11-26", 14))
    with transaction():
        clock_actions.call_off_talk(the_case(case), by=cast.brian.id, at=NINE)
    for minute in range(3):
        send(at("2026-11-18", 9, minute))
    assert sink.mails == []
    assert [mail.dropped_at is None for mail in calendar_mails()] == [False] * 4


def test_outside_working_hours_it_waits_for_the_morning_unless_the_talk_is_sooner(
    case: CoachingCase, cast: Cast
) -> None:
    late = at("2026-11-18", 20)
    book(case, cast.brian, at("2026-11-26", 14), now=late)
    assert {mail.due_at for mail in calendar_mails()} == {at("2026-11-19", 8)}
    book(case, cast.brian, at("2026-11-19", 8, 30), now=late)
    assert {mail.due_at for mail in calendar_mails()[2:]} == {at("2026-11-19", 7, 30)}


def test_a_new_leader_is_invited_and_the_former_one_hears_of_it_no_more(
    case: CoachingCase, cast: Cast, sink: Sink
) -> None:
    run_jobs(SHARED)
    book(case, cast.brian, at("2026-11-26", 14))
    send(NINE)
    with transaction():
        db.session.scalars(select(Tenure).where(Tenure.person_id == cast.brian.id)).one().ended_on = date(2026, 11, 20)
        leads(cast.dora, cast.tills, since=date(2026, 11, 20))
    live(at("2026-11-19", 12), at("2026-11-20", 9))
    send(at("2026-11-20", 9))
    assert [(method, event["sequence"]) for method, event in entries(sink, cast.brian)] == [
        ("REQUEST", 0),
        ("CANCEL", 1),
    ]
    assert [(method, event["sequence"]) for method, event in entries(sink, cast.kevin)] == [
        ("REQUEST", 0),
        ("REQUEST", 1),
    ]
    assert [(method, event["sequence"]) for method, event in entries(sink, cast.dora)] == [("REQUEST", 1)]


def test_a_former_leader_gets_no_invitation_that_was_still_on_its_way(
    case: CoachingCase, cast: Cast, sink: Sink
) -> None:
    book(case, cast.brian, at("2026-11-26", 14), now=at("2026-11-18", 20))
    with transaction():
        db.session.scalars(select(Tenure).where(Tenure.person_id == cast.brian.id)).one().ended_on = date(2026, 11, 19)
    send(at("2026-11-19", 8))
    assert entries(sink, cast.brian) == []
    assert len(entries(sink, cast.kevin)) == 1


def test_whoever_leaves_frees_the_leaders_time_and_gets_no_mail(case: CoachingCase, cast: Cast, sink: Sink) -> None:
    run_jobs(SHARED)
    book(case, cast.brian, at("2026-11-26", 14))
    send(NINE)
    with transaction():
        account_of(cast.kevin).deactivated_at = at("2026-11-20")
        end_employment(db.session.merge(cast.kevin), on=date(2026, 11, 20), by=cast.chloe.id, at=NINE)
    live(at("2026-11-20", 0), at("2026-11-20", 9))
    send(at("2026-11-20", 9))
    assert [method for method, _event in entries(sink, cast.brian)] == ["REQUEST", "CANCEL"]
    assert [method for method, _event in entries(sink, cast.kevin)] == ["REQUEST"]


def test_a_talk_held_early_frees_the_time_it_had_and_its_follow_up_gets_an_entry_of_its_own(
    case: CoachingCase, cast: Cast, sink: Sink
) -> None:
    book(case, cast.brian, at("2026-11-26", 14))
    send(NINE)
    early = at("2026-11-20", 11)
    with transaction():
        complete_session(
            the_case(case), by=cast.brian.id, note="We talked.", agreed=[], follow_up_on=date(2026, 12, 16), at=early
        )
    send(early)
    methods = [(method, event["sequence"]) for method, event in entries(sink, cast.kevin)]
    assert methods == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 0)]
    assert len({str(event["uid"]) for _method, event in entries(sink, cast.kevin)}) == 2


def test_a_mail_that_was_lost_and_sent_again_is_the_same_mail(case: CoachingCase, cast: Cast, sink: Sink) -> None:
    book(case, cast.brian, at("2026-11-26", 14))
    send(NINE)
    with transaction():
        for mail in db.session.scalars(select(OutboxMail)):
            mail.sent_at = None
    send(at("2026-11-18", 10))
    ids = [str(mail["Message-ID"]) for mail in mails_to(sink, cast.kevin)]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_the_office_does_not_read_from_the_list_of_mails_that_there_is_a_talk(
    case: CoachingCase, cast: Cast, sink: Sink, browse: Any
) -> None:
    book(case, cast.brian, at("2026-11-26", 14))
    send(NINE)
    assert "Kevin Odhiambo" not in browse(cast.ruth).get("/mail").text
    with transaction():
        for mail in db.session.scalars(select(OutboxMail)):
            mail.last_error = "refused"
    assert "Kevin Odhiambo" in browse(cast.ruth).get("/mail").text


def test_the_day_of_leave_does_not_hold_the_word_back_beyond_the_talk(
    case: CoachingCase, cast: Cast, sink: Sink
) -> None:
    with transaction():
        is_away(cast.kevin, date(2026, 11, 18), date(2026, 11, 20))
    book(case, cast.brian, at("2026-11-26", 14))
    due = {mail.person_id: mail.due_at for mail in calendar_mails()}
    assert due == {cast.brian.id: NINE, cast.kevin.id: at("2026-11-20", 8)}
