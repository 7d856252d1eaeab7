"""The daily digest: at most one mail a day, in working hours; only what is urgent goes out by itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from tracker.core import clock, outbox
from tracker.core.clock import WorkCalendar
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.notifications.queries import unmailed
from tracker.organisation.models import Person
from tracker.organisation.queries import calendars


def write_digests(at: datetime) -> int:
    """Turn what is new into outbox mails; the number of mails. One transaction: it is all inserts."""
    with transaction():
        count = sum(_urgent(message, at) for message in unmailed(at=at, urgent=True))
        waiting = unmailed(at=at, urgent=False)
        hours = calendars({message.person_id for message in waiting}, at.date() - timedelta(days=1))
        for person_id, messages in groupby(waiting, key=lambda message: message.person_id):
            count += _digest(person_id, messages, hours[person_id], at)
    return count


def _urgent(message: Message, at: datetime) -> int:
    return _post(f"urgent|{message.id}", message.person_id, [message], at)


def _digest(person_id: int, messages: Iterable[Message], hours: WorkCalendar, at: datetime) -> int:
    if hours.next_working_moment(at) != at:
        return 0  # outside working hours: it waits for the morning
    return _post(f"digest|{person_id}|{clock.local_day(at, hours.zone)}", person_id, list(messages), at)


def _post(key: str, person_id: int, messages: list[Message], at: datetime) -> int:
    person = db.session.get_one(Person, person_id)
    unread = [message for message in messages if message.read_at is None]
    is_mailed = bool(person.email and unread)
    ids = [message.id for message in unread]
    if is_mailed and not outbox.post("digest", to=person_id, key=key, due_at=at, at=at, messages=ids):
        return 0  # today's mail has gone: these wait for tomorrow's
    for message in messages:
        message.mailed_at = at
    return int(is_mailed)
