"""Manager, deputy and employee write on one case at the same moment: no crash, one result, and nobody is told twice.

On PostgreSQL both requests have seen the case as it was before either goes on: the test holds its row until both wait for it.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select, text

from tests.coaching.timed import calendar_mails, the_case, told
from tests.conftest import NOW, Browser, Cast
from tests.factories import leads
from tracker.audit.models import AuditEntry
from tracker.coaching.actions import add_agreed, book_session
from tracker.coaching.agenda import add_to_agenda
from tracker.coaching.models import CoachingAction, CoachingCase, CoachingSession, CoachingSnooze
from tracker.coaching.page_models import AgendaPoint
from tracker.core.db import db, transaction
from tracker.ratings.own_actions import add_point
from tracker.ratings.own_models import TalkPoint

TIME = {"on": "2026-11-19", "starts": "14:00", "minutes": "20", "place": "Back office"}
LATER = {**TIME, "on": "2026-11-20"}
WORDS = {"held": "0", "note": "We talked about the queue.", "follow_up": "six_weeks"}
OTHERS = {**WORDS, "note": "We talked about the plan."}
SNOOZE = {"snooze-reason": "busy", "snooze-days": "3"}
CLOSING = {"closing-because": "talked"}
PATIENCE = 60  # seconds; that both wait for the row is seen within one

Sent = tuple[Browser, str, dict[str, str]]


@pytest.fixture
def case(case: CoachingCase, cast: Cast) -> CoachingCase:
    """Brian leads Kevin, and Dora is his deputy."""
    with transaction():
        leads(cast.dora, cast.tills, kind="deputy", since=date(2026, 11, 1))
    return case


@pytest.fixture
def both(app: Flask, case: CoachingCase) -> Any:
    """both((browser, path, fields), …) -> the statuses, of requests that have all begun before one of them ends."""

    def send(*wanted: Sent) -> list[int]:
        statuses: list[int] = []
        start = threading.Barrier(len(wanted))

        def ask(browser: Browser, path: str, fields: dict[str, str]) -> None:
            start.wait(timeout=PATIENCE)
            with app.app_context():
                statuses.append(browser.post(path, fields).status_code)

        threads = [threading.Thread(target=ask, args=one) for one in wanted]
        case_id = case.id
        db.session.rollback()  # reading the case has opened a transaction, which would stop them
        with held(case_id, waiting=len(wanted), threads=threads):
            for thread in threads:
                thread.start()
        for thread in threads:
            thread.join(timeout=PATIENCE)
        db.session.rollback()
        return sorted(statuses)

    return send


@contextmanager
def held(case_id: int, *, waiting: int, threads: list[threading.Thread]) -> Iterator[None]:
    """Keep the row of the case until so many wait for it, or have ended. SQLite lets one write at a time anyway."""
    if db.engine.dialect.name != "postgresql":
        yield
        return
    with db.engine.connect() as holder, db.engine.connect() as watcher:
        holder.execute(text("SELECT id FROM coaching_case WHERE id = :id FOR UPDATE"), {"id": case_id})
        yield
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and _stopped(watcher) + sum(not one.is_alive() for one in threads) < waiting:
            time.sleep(0.02)
        holder.rollback()


def _stopped(watcher: Connection) -> int:
    found = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    count: int = watcher.execute(text(found)).scalar_one()
    watcher.rollback()
    return count


def count(model: Any) -> int:
    return db.session.scalars(select(func.count()).select_from(model)).one()


def audited(action: str) -> int:
    return db.session.scalars(select(func.count()).where(AuditEntry.action == action)).one()


def book(case: CoachingCase, cast: Cast) -> None:
    with transaction():
        starts_at = NOW + timedelta(days=1)
        book_session(the_case(case), by=cast.brian.id, starts_at=starts_at, minutes=20, place=None, at=NOW)


def test_two_write_up_the_same_talk(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    address = f"/coaching/{case.id}/completion"
    assert both((browse(cast.brian), address, WORDS), (browse(cast.dora), address, OTHERS)) == [303, 409]
    assert Counter(talk.held_at is not None for talk in db.session.scalars(select(CoachingSession))) == {
        True: 1,
        False: 1,
    }
    assert (len(told(cast.kevin, "coaching.completed")), audited("coaching.completed")) == (1, 1)


def test_one_form_of_a_talk_comes_twice(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    sent = (browse(cast.brian), f"/coaching/{case.id}/completion", WORDS)
    assert both(sent, (browse(cast.brian), *sent[1:])) == [303, 303]
    assert count(CoachingSession) == 2
    assert (len(told(cast.kevin, "coaching.completed")), audited("coaching.completed")) == (1, 1)


def test_two_set_a_time(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    """The second moves what the first has set: one talk, each change told once, and the last word with the second."""
    address = f"/coaching/{case.id}/booking"
    assert both((browse(cast.brian), address, TIME), (browse(cast.dora), address, LATER)) == [303, 303]
    talk = db.session.scalars(select(CoachingSession)).one()
    assert [message.kind for message in told(cast.kevin)] == ["coaching.booked", "coaching.moved"]
    mails = Counter(
        (mail.person_id, mail.parameters["method"], mail.parameters["sequence"]) for mail in calendar_mails()
    )
    first, second = sorted((cast.brian.id, cast.dora.id), key=lambda leader: leader == talk.led_by_id)
    wanted = [(cast.kevin.id, "REQUEST", 0), (first, "REQUEST", 0), (cast.kevin.id, "REQUEST", 1)]
    assert mails == Counter([*wanted, (second, "REQUEST", 1), (first, "CANCEL", 1)])


def test_one_time_comes_twice(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    sent = (browse(cast.brian), f"/coaching/{case.id}/booking", TIME)
    assert both(sent, (browse(cast.brian), *sent[1:])) == [303, 303]
    assert [message.kind for message in told(cast.kevin)] == ["coaching.booked"]
    assert len(calendar_mails()) == 2


def test_two_call_it_off(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    book(case, cast)
    address = f"/coaching/{case.id}/calling-off"
    assert both((browse(cast.brian), address, {}), (browse(cast.dora), address, {})) == [303, 409]
    assert (len(told(cast.kevin, "coaching.called_off")), audited("coaching.called_off")) == (1, 1)
    assert sorted(mail.person_id for mail in calendar_mails() if mail.parameters["method"] == "CANCEL") == sorted(
        [cast.kevin.id, cast.brian.id]
    )


def test_two_put_it_off(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    address = f"/coaching/{case.id}/snooze"
    assert both((browse(cast.brian), address, SNOOZE), (browse(cast.dora), address, SNOOZE)) == [303, 409]
    assert (count(CoachingSnooze), len(told(cast.kevin, "coaching.snoozed"))) == (1, 1)


def test_two_close_it(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    address = f"/coaching/{case.id}/closing"
    assert both((browse(cast.brian), address, CLOSING), (browse(cast.dora), address, CLOSING)) == [303, 409]
    assert (len(told(cast.kevin, "coaching.closed")), audited("coaching.closed")) == (1, 1)


@pytest.mark.parametrize(
    ("path", "fields"), [("completion", WORDS), ("booking", TIME), ("snooze", SNOOZE), ("calling-off", {})]
)
def test_one_closes_what_the_other_goes_on_with(
    case: CoachingCase, cast: Cast, browse: Any, both: Any, path: str, fields: dict[str, str]
) -> None:
    """Whoever comes second finds the other's deed. Nothing is planned for a case that is closed."""
    if path == "calling-off":
        book(case, cast)
    closing = (browse(cast.dora), f"/coaching/{case.id}/closing", CLOSING)
    statuses = both((browse(cast.brian), f"/coaching/{case.id}/{path}", fields), closing)
    assert statuses in ([303, 303], [303, 409])
    assert the_case(case).closed_because == "talked"
    open_ones = select(CoachingSession).where(
        CoachingSession.held_at.is_(None), CoachingSession.called_off_at.is_(None)
    )
    assert db.session.scalars(open_ones).all() == []
    assert (len(told(cast.kevin, "coaching.closed")), audited("coaching.closed")) == (1, 1)


def test_two_replies(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    """From the till and from the phone: the later one stands, and who leads hears once."""
    address = f"/coaching/{case.id}/reply"
    texts = [{"text": "The queue was long."}, {"text": "Two tills were closed."}]
    assert both(*((browse(cast.kevin), address, one) for one in texts)) == [303, 303]
    assert {"text": the_case(case).reply} in texts
    assert len(told(cast.brian, "coaching.replied")) == 1


def test_a_reply_as_the_case_is_closed(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    """Kept if it came first; else it comes back to be copied, and is not half kept."""
    closing = (browse(cast.brian), f"/coaching/{case.id}/closing", CLOSING)
    statuses = both((browse(cast.kevin), f"/coaching/{case.id}/reply", {"text": "Two tills were closed."}), closing)
    assert statuses in ([303, 303], [303, 409])
    kept = the_case(case).reply
    assert (kept is not None) == (statuses == [303, 303])
    assert (len(told(cast.brian, "coaching.replied")), audited("coaching.replied")) == ((1, 1) if kept else (0, 0))


def test_one_takes_out_what_the_other_ticks(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    with transaction():
        point = add_to_agenda(the_case(case), by=cast.kevin.id, text="The plan", at=NOW).id
    kevin = (browse(cast.kevin), f"/coaching/points/{point}/removal", {})
    statuses = both((browse(cast.brian), f"/coaching/points/{point}/completion", {"done": "yes"}), kevin)
    assert statuses in ([303, 303], [303, 404], [303, 409])
    assert count(AgendaPoint) == 0
    assert audited("coaching.point_taken_back") == 1


def test_a_point_is_taken_out_twice(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    with transaction():
        point = add_to_agenda(the_case(case), by=cast.kevin.id, text="The plan", at=NOW).id
    sent = (f"/coaching/points/{point}/removal", {})
    assert both((browse(cast.kevin), *sent), (browse(cast.kevin), *sent)) in ([303, 404], [303, 409])
    assert audited("coaching.point_taken_back") == 1


def test_the_same_point_and_agreement_come_twice(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    sent = (f"/coaching/{case.id}/points", {"key": "a" * 32, "text": "The plan"})
    assert both((browse(cast.kevin), *sent), (browse(cast.kevin), *sent)) == [303, 303]
    agreed = {"key": "b" * 32, "text": "Open till 3", "owner": str(cast.kevin.id), "due_on": "2026-12-01"}
    sent = (f"/coaching/{case.id}/agreed", agreed)
    assert both((browse(cast.brian), *sent), (browse(cast.brian), *sent)) == [303, 303]
    assert (count(AgendaPoint), count(CoachingAction)) == (1, 1)


def test_both_cross_off_what_was_agreed(case: CoachingCase, cast: Cast, browse: Any, both: Any) -> None:
    with transaction():
        due_on = NOW.date() + timedelta(days=9)
        action = add_agreed(
            the_case(case), by=cast.brian.id, text="Open till 3", owner_id=cast.kevin.id, due_on=due_on, at=NOW
        ).id
    sent = (f"/coaching/agreed/{action}/completion", {"done": "yes"})
    assert both((browse(cast.kevin), *sent), (browse(cast.brian), *sent)) == [303, 303]
    assert audited("coaching.agreed_done") == 1


def test_a_kept_point_comes_twice_and_is_taken_out_twice(
    case: CoachingCase, cast: Cast, browse: Any, both: Any
) -> None:
    sent = ("/me/talk/points", {"key": "a" * 32, "text": "The plan"})
    assert both((browse(cast.kevin), *sent), (browse(cast.kevin), *sent)) == [303, 303]
    assert (count(TalkPoint), audited("own.point_added")) == (1, 1)
    with transaction():
        point = add_point("The queue", by=cast.kevin.id, at=NOW).id
    removal = (f"/me/talk/points/{point}/removal", {})
    assert both((browse(cast.kevin), *removal), (browse(cast.kevin), *removal)) in ([303, 404], [303, 409])
    assert (count(TalkPoint), audited("own.point_removed")) == (1, 1)


@pytest.mark.parametrize("path", ["hand-over", "private-note"])
def test_a_note_comes_twice(case: CoachingCase, cast: Cast, browse: Any, both: Any, path: str) -> None:
    sent = (f"/coaching/{case.id}/{path}", {"text": "For whoever comes next."})
    assert both((browse(cast.brian), *sent), (browse(cast.brian), *sent)) == [303, 303]
    assert len(told(cast.kevin, "coaching.handed_over")) == (1 if path == "hand-over" else 0)
