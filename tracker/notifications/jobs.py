"""Mails and pushes about the inbox: as each person chose it, one a day in working hours, or at once, and never in their quiet hours."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from tracker.core import clock, outbox
from tracker.core.clock import WorkCalendar
from tracker.core.db import db, transaction
from tracker.notifications.choices import DAILY, ONCE, Choices, choices_of
from tracker.notifications.models import Message
from tracker.notifications.push_actions import forget_pushes, plan_pushes
from tracker.notifications.queries import unmailed
from tracker.organisation.models import Person
from tracker.organisation.queries import calendars


def write_pushes(at: datetime) -> int:
    """Plan a push for what is new, to every browser that takes them; forget old ones. The number planned."""
    with transaction():
        forget_pushes(at=at)
        return plan_pushes(at=at)


def write_digests(at: datetime) -> int:
    """Turn what is new into outbox mails; the number of mails. One transaction: it is all inserts."""
    with transaction():
        waiting = unmailed(at=at)
        if not waiting:
            return 0
        people = {message.person_id for message in waiting}
        hours, choices = calendars(people, at.date() - timedelta(days=1)), choices_of(people)
        by_person = groupby(waiting, key=lambda message: message.person_id)
        return sum(_mails(list(messages), hours[who], choices[who], at) for who, messages in by_person)


def _mails(messages: list[Message], hours: WorkCalendar, choices: Choices, at: datetime) -> int:
    """One person's."""
    by_way: dict[str, list[Message]] = {}
    for message in messages:
        by_way.setdefault(choices.mails(message), []).append(message)
    count = sum(_at_once(message, hours, choices, at) for message in by_way.pop(ONCE, []))
    count += _digest(by_way.pop(DAILY, []), hours, choices, at)
    for message in (message for unwanted in by_way.values() for message in unwanted):
        message.mailed_at = at  # looked at, and no mail is wanted
    return count


def _at_once(message: Message, hours: WorkCalendar, choices: Choices, at: datetime) -> int:
    due_at = choices.held_until(at, hours, urgent=message.is_urgent)
    return _post(f"urgent|{message.id}", [message], at, due_at=due_at, urgent=message.is_urgent)


def _digest(messages: list[Message], hours: WorkCalendar, choices: Choices, at: datetime) -> int:
    if not messages or hours.next_working_moment(at) != at:
        return 0  # outside working hours: it waits for the morning
    key = f"digest|{messages[0].person_id}|{clock.local_day(at, hours.zone)}"
    return _post(key, messages, at, due_at=choices.held_until(at, hours, urgent=False), urgent=False)


def _post(key: str, messages: Iterable[Message], at: datetime, *, due_at: datetime, urgent: bool) -> int:
    messages = list(messages)
    person = db.session.get_one(Person, messages[0].person_id)
    unread = [message for message in messages if message.read_at is None]
    is_mailed = bool(person.email and unread)
    ids = [message.id for message in unread]
    if is_mailed and not outbox.post(
        "digest", to=person.id, key=key, due_at=due_at, at=at, messages=ids, urgent=urgent
    ):
        return 0  # today's mail has gone: these wait for tomorrow's
    for message in messages:
        message.mailed_at = at
    return int(is_mailed)
