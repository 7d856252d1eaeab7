"""What coachees say of their talks: asked once, apart from who said it, and shown in closed batches only."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text

from tests.conftest import Cast
from tests.factories import a_person
from tests.home.cards import a_case
from tracker.audit.models import AuditEntry
from tracker.coaching.actions import complete_session
from tracker.coaching.feedback_actions import answer, ask, close_batch
from tracker.coaching.feedback_jobs import ask_coachees, close_batches
from tracker.coaching.feedback_models import (
    CoachFeedbackAnswer,
    CoachFeedbackBatch,
    CoachFeedbackRequest,
    CoachFeedbackWords,
)
from tracker.coaching.feedback_rules import can_close, summed_up
from tracker.coaching.models import CoachingSession
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Person

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)  # a Wednesday
MARKS = [(5, 4, 5), (4, 4, 3), (2, 3, 4), (5, 5, 5), (4, 3, 4)]


def talked(person: Person, leader: Person, *, at: datetime) -> CoachingSession:
    """A talk that was held with somebody, without a follow-up."""
    case = a_case(person, shares_at=at - timedelta(days=3))
    return complete_session(case, by=leader.id, note="We talked.", agreed=[], follow_up_on=None, at=at)


def answered(person: Person, leader: Person, marks: tuple[int, int, int], words: str | None = None) -> None:
    session = talked(person, leader, at=NOW - timedelta(days=7))
    ask(session, person_id=person.id, at=NOW)
    request = db.session.get_one(CoachFeedbackRequest, session.id)
    answer(request, listened=marks[0], next_step=marks[1], fair=marks[2], words=words)


def several_answer(cast: Cast, marks: list[tuple[int, int, int]], *, words: bool = False) -> list[Person]:
    people = [a_person(team=cast.tills) for _ in marks]
    for place, person in enumerate(people):
        answered(person, cast.brian, marks[place], f"Words number {place}" if words else None)
    return people


def test_a_coachee_is_asked_two_working_days_later_and_once(cast: Cast) -> None:
    with transaction():
        session = talked(cast.kevin, cast.brian, at=NOW)
    assert ask_coachees(NOW + timedelta(days=1)) == 0
    friday_morning = datetime(2026, 11, 20, 5, tzinfo=UTC)  # eight in Nairobi
    assert ask_coachees(friday_morning - timedelta(minutes=1)) == 0
    assert ask_coachees(friday_morning) == 1
    assert ask_coachees(friday_morning + timedelta(days=1)) == 0
    told = db.session.scalars(select(Message).where(Message.kind == "coaching.feedback")).one()
    assert (told.person_id, told.about_id) == (cast.kevin.id, session.id)


def test_of_one_case_only_the_first_talk_is_asked_about(cast: Cast) -> None:
    with transaction():
        case = a_case(cast.kevin, shares_at=NOW - timedelta(days=30))
        follow_up_on = (NOW + timedelta(days=3)).date()
        complete_session(case, by=cast.brian.id, note="One", agreed=[], follow_up_on=follow_up_on, at=NOW)
    assert ask_coachees(NOW + timedelta(days=5)) == 1
    with transaction():
        db.session.refresh(case)
        complete_session(case, by=cast.brian.id, note="Two", agreed=[], follow_up_on=None, at=NOW + timedelta(days=6))
    assert ask_coachees(NOW + timedelta(days=12)) == 0


def test_whoever_has_left_is_not_asked(cast: Cast) -> None:
    with transaction():
        talked(cast.kevin, cast.brian, at=NOW)
        db.session.get_one(Person, cast.kevin.id).ended_on = NOW.date()
    assert ask_coachees(NOW + timedelta(days=5)) == 0


def test_it_can_be_answered_on_a_page_and_once(cast: Cast, browse: Any) -> None:
    with transaction():
        session = talked(cast.kevin, cast.brian, at=NOW - timedelta(days=7))
        ask(session, person_id=cast.kevin.id, at=NOW)
        url = f"/coaching/talks/{session.id}/feedback"
    kevin = browse(cast.kevin)
    assert "How was your talk with Brian Kamau?" in kevin.get(url).text
    refused = kevin.post(url, data={"listened": "6", "fair": "4", "words": "x" * 1_001})
    assert refused.status_code == 422
    assert "There are 3 problems" in refused.text
    assert "x" * 1_001 in refused.text
    given = {"listened": "5", "next_step": "4", "fair": "3", "words": "He asked first."}
    assert kevin.post(url, data=given).status_code == 303
    assert "You have answered" in kevin.get(url).text
    assert kevin.post(url, data=given).status_code == 409
    assert db.session.scalar(select(func.count()).select_from(CoachFeedbackAnswer)) == 1


def test_only_the_person_is_asked(cast: Cast, browse: Any) -> None:
    with transaction():
        session = talked(cast.kevin, cast.brian, at=NOW - timedelta(days=7))
        ask(session, person_id=cast.kevin.id, at=NOW)
        url = f"/coaching/talks/{session.id}/feedback"
    for other in (cast.brian, cast.amina, cast.dora, cast.chloe, cast.ruth, cast.faith):
        assert browse(other).get(url).status_code == 404
        assert browse(other).post(url, data={"listened": "1", "next_step": "1", "fair": "1"}).status_code == 404


def test_four_people_say_nothing_yet_and_the_fifth_closes_the_batch(cast: Cast, browse: Any) -> None:
    with transaction():
        several_answer(cast, MARKS[:4])
    before = browse(cast.brian).get("/coaching/feedback").text
    assert "Nothing to show yet" in before
    with transaction():
        assert close_batch(cast.brian.id, month=NOW.date().replace(day=1), at=NOW) is None
    assert "Nothing to show yet" in browse(cast.brian).get("/coaching/feedback").text
    with transaction():
        several_answer(cast, MARKS[4:])
        batch = close_batch(cast.brian.id, month=NOW.date().replace(day=1), at=NOW)
        assert batch is not None
        assert batch.n == 5
        assert batch.figures["listened"]["mean"] == 4.0
    page = browse(cast.brian).get("/coaching/feedback").text
    assert "Nov 2026" in page
    assert "5 answers" in page
    assert db.session.scalar(select(func.count()).select_from(CoachFeedbackAnswer)) == 0


def test_the_page_is_the_same_with_none_and_with_four_answers(cast: Cast, browse: Any) -> None:
    """Not even the number of answers that wait is told."""
    brian = browse(cast.brian)
    empty = brian.get("/coaching/feedback").text
    with transaction():
        several_answer(cast, MARKS[:4], words=True)
    assert _main(brian.get("/coaching/feedback").text) == _main(empty)


def _main(page: str) -> str:
    return page.split("<main", 1)[1].split("</main>")[0]


def test_one_person_twice_is_still_one_person() -> None:
    answers = [{"listened": 5 - place % 2, "next_step": 4 - place % 2, "fair": 3 + place % 2} for place in range(6)]
    assert not can_close(answers, people=4)
    assert can_close(answers, people=5)


def test_answers_that_are_all_equal_wait_for_more() -> None:
    """Five times “Not at all” would say what each of the five has said."""
    equal = [{"listened": 1, "next_step": 2 + place % 2, "fair": 3 + place % 2} for place in range(9)]
    assert not can_close(equal, people=9)
    assert can_close([*equal, {"listened": 1, "next_step": 2, "fair": 3}], people=10)
    assert summed_up(equal)["listened"] == {"mean": 1, "sd": 0}


def test_words_wait_for_eight_answers_and_carry_no_marks(cast: Cast, browse: Any) -> None:
    with transaction():
        several_answer(cast, MARKS, words=True)
        close_batch(cast.brian.id, month=NOW.date().replace(day=1), at=NOW)
    brian = browse(cast.brian)
    assert "Words number" not in brian.get("/coaching/feedback").text
    with transaction():
        several_answer(cast, MARKS)
        close_batch(cast.brian.id, month=NOW.date().replace(day=1), at=NOW)
    page = brian.get("/coaching/feedback").text
    assert page.count("Words number") == 5
    assert "from 10 answers" in page
    columns = {column.name for column in inspect(CoachFeedbackWords).columns}
    assert columns == {"key", "leader_id", "text", "batch_id"}


def test_a_batch_closes_at_the_turn_of_a_month_only(cast: Cast) -> None:
    assert close_batches(NOW) == 0  # the month's run
    with transaction():
        several_answer(cast, MARKS)
    assert close_batches(NOW + timedelta(days=3)) == 0
    assert close_batches(datetime(2026, 12, 2, tzinfo=UTC)) == 1
    assert close_batches(datetime(2026, 12, 3, tzinfo=UTC)) == 0
    assert db.session.scalars(select(CoachFeedbackBatch.month)).one().isoformat() == "2026-12-01"
    told = db.session.scalars(select(Message).where(Message.kind == "coaching.feedback_closed")).one()
    assert told.person_id == cast.brian.id


def test_nobody_else_reads_a_batch(cast: Cast, browse: Any) -> None:
    with transaction():
        several_answer(cast, MARKS)
        close_batch(cast.brian.id, month=NOW.date().replace(day=1), at=NOW)
    for other in (cast.dora, cast.faith):
        assert "Nothing to show yet" in browse(other).get("/coaching/feedback").text
    for other in (cast.amina, cast.chloe, cast.ruth):
        assert browse(other).get("/coaching/feedback").status_code == 403
    for other in (cast.amina, cast.brian, cast.dora, cast.ruth, cast.faith):
        assert browse(other).get("/coaching/quality").status_code == 403


def test_no_row_says_who_said_what(cast: Cast) -> None:
    """No column of an answer names the person, a time or an order; nothing is audited, and no message is sent by answering."""
    assert {column.name for column in inspect(CoachFeedbackAnswer).columns} == {
        "key",
        "leader_id",
        "listened",
        "next_step",
        "fair",
    }
    assert "at" not in " ".join(column.name.rsplit("_", 1)[-1] for column in inspect(CoachFeedbackRequest).columns)
    with transaction():
        session = talked(cast.kevin, cast.brian, at=NOW)
        ask(session, person_id=cast.kevin.id, at=NOW)
    entries = select(func.count()).select_from(AuditEntry)
    messages = select(func.count()).select_from(Message)
    before = db.session.scalar(entries), db.session.scalar(messages)
    db.session.rollback()
    with transaction():
        request = db.session.get_one(CoachFeedbackRequest, session.id)
        answer(request, listened=2, next_step=2, fair=2, words="Quite short")
    assert (db.session.scalar(entries), db.session.scalar(messages)) == before


def test_the_order_of_the_rows_is_chance(app: Flask, cast: Cast) -> None:
    """On SQLite rows lie by their random key: 40 answers in the order of the table link about as many people as chance does."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps rows as they were written until the batch closes; the form says so")
    linked = 0
    for _run in range(10):
        with transaction():
            marks = [(1 + place % 5, 1 + place // 5 % 5, 1 + place // 25 % 5) for place in range(40)]
            for mark in marks:
                db.session.add(
                    CoachFeedbackAnswer(leader_id=cast.brian.id, listened=mark[0], next_step=mark[1], fair=mark[2])
                )
                db.session.flush()
        rows = db.session.execute(text("SELECT listened, next_step, fair FROM coach_feedback_answer")).all()
        linked += sum(tuple(row) == mark for row, mark in zip(rows, marks, strict=True))
        db.session.rollback()
        with transaction():
            db.session.query(CoachFeedbackAnswer).delete()
    assert linked / 10 < 4  # of 40; in the order of writing it would be 40


def test_hr_reads_of_leaders_with_twenty_coached_and_of_nobody_else(cast: Cast, browse: Any) -> None:
    with transaction():
        several_answer(cast, [MARKS[place % 5] for place in range(19)])
        talked(a_person(team=cast.floor), cast.dora, at=NOW)
    db.session.rollback()
    page = _quality(browse, cast)
    assert "Brian Kamau" not in page
    assert "2 leaders have held talks with fewer than 20 people each" in page
    with transaction():
        several_answer(cast, MARKS[:1])
        close_batch(cast.brian.id, month=NOW.date().replace(day=1), at=NOW)
    page = _quality(browse, cast)
    assert "Brian Kamau" in page
    assert "20 people coached" in page
    assert "What 20 answers say" in page
    assert "3 days, over 20 talks" in page
    assert "0 of 20, likely 0 to 16 %" in page
    assert "Dora Mwangi" not in page
    assert "1 leader has held talks with fewer than 20 people" in page


def _quality(browse: Any, cast: Cast) -> str:
    with clock.set_to(NOW + timedelta(hours=1)):
        page: str = browse(cast.chloe, at=NOW).get("/coaching/quality").text
    return page


def test_a_talk_that_is_erased_takes_the_request_along(cast: Cast) -> None:
    with transaction():
        session = talked(cast.kevin, cast.brian, at=NOW)
        ask(session, person_id=cast.kevin.id, at=NOW)
        db.session.execute(text("DELETE FROM coaching_session"))
    assert db.session.scalar(select(func.count()).select_from(CoachFeedbackRequest)) == 0


def test_the_form_says_what_the_schema_keeps(app: Flask) -> None:
    page = (Path(app.root_path) / "templates" / "coaching" / "feedback.html").read_text(encoding="utf-8")
    for promise in ("five people or more", "eight answers or more", "20 people or more", "Single answers are deleted"):
        assert promise in page
