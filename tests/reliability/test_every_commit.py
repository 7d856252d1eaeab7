"""The timetable is struck down after every single one of its commits, one after the other. Random kills find wide gaps; this
finds narrow ones: between two commits there is no state that it has not been interrupted in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from tests.coaching.test_check_falls import CHECKED, KEVINS_MORNING, fallen  # noqa: F401 - a fixture is used by its name
from tests.conftest import Cast
from tests.core.smtp_sink import smtp_sink
from tracker.coaching.models import CoachingCase, CoachingReminder
from tracker.core import clock, tasks
from tracker.core.db import db
from tracker.core.models import OutboxMail
from tracker.notifications.models import Message
from tracker.ratings.models import Fall

# The check, the employees' morning, the end of the head start, and the manager's mornings with a reminder.
MOMENTS = [CHECKED, KEVINS_MORNING, *(datetime(2026, 11, day, 5, 0, 20, tzinfo=UTC) for day in (17, 20))]


class StruckDown(BaseException):
    """As a kill would be: no job can catch it, and only what is committed stays."""


@contextmanager
def struck_down_at(transaction_number: int) -> Iterator[None]:
    """Nobody gets further than to the beginning of this transaction, counted from 1."""
    begun = 0

    def strike(_connection: Any) -> None:
        nonlocal begun
        begun += 1
        if begun >= transaction_number:
            raise StruckDown

    event.listen(db.engine, "begin", strike)
    try:
        yield
    finally:
        event.remove(db.engine, "begin", strike)


def run_until_it_survives(app: Flask, at: datetime) -> int:
    """Struck down at its first transaction, its second, and so on until it comes through; how often it was."""
    number = 0
    while True:
        number += 1
        try:
            with clock.set_to(at), struck_down_at(number):
                tasks.run_due(app, app.extensions["timetable"], at=at)
        except StruckDown:
            db.session.rollback()
            continue
        return number - 1


def test_struck_down_after_every_commit_everybody_still_hears_of_everything_once(
    app: Flask,
    fallen: Cast,  # noqa: F811 - the fixture
) -> None:
    strikes = 0
    with smtp_sink() as sink:
        app.config["SMTP_URL"] = sink.url
        try:
            for moment in MOMENTS:
                strikes += run_until_it_survives(app, moment)
                tasks.run_due(
                    app, app.extensions["timetable"], at=moment + timedelta(minutes=6)
                )  # leases of the dead run out
        finally:
            app.config["SMTP_URL"] = ""
        assert strikes > 40
        assert [fall.person_id for fall in rows(Fall)] == [fallen.kevin.id]
        (case,) = rows(CoachingCase)
        assert (case.reminders_sent, case.shared_at is not None) == (2, True)
        assert [(step.step, step.recipient_id) for step in rows(CoachingReminder)] == [
            (0, fallen.brian.id),
            (1, fallen.brian.id),
        ]
        weeks = [message.person_id for message in rows(Message) if message.kind == "week"]
        assert len(weeks) == len(set(weeks)) == 10
        assert len([message for message in rows(Message) if message.kind == "coaching.reminder"]) == 2
        assert [mail.key for mail in rows(OutboxMail) if mail.sent_at is None] == []
        assert len(set(sink.ids())) == len(rows(OutboxMail)) == len(weeks) + 2 + len(told_of_roles(fallen))


def told_of_roles(cast: Cast) -> list[int]:
    """The cast has been told of its roles when it was made: one more mail each, unless it went with another message."""
    also_weekly = {message.person_id for message in rows(Message) if message.kind == "week"}
    return [m.person_id for m in rows(Message) if m.kind == "roles.changed" and m.person_id not in also_weekly]


def rows(model: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(select(model).order_by(model.id)))
