"""Cases at set moments, without the weekly run, and the hours of the timetable's jobs about them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from tests.home.cards import ON, fallen
from tracker.coaching.actions import open_case, share_case
from tracker.coaching.jobs import close_overdue_cases, follow_changes, remind, share_cards
from tracker.coaching.models import CoachingCase, CoachingReminder
from tracker.core import clock
from tracker.core.db import db
from tracker.core.models import OutboxMail
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.organisation.queries import calendar_of, team_of
from tracker.ratings.actions import store_fall

ZONE = "Africa/Nairobi"


def at(day: str, hour: int = 8, minute: int = 0, *, zone: str = ZONE) -> datetime:
    """That local time, in UTC."""
    return clock.moment_at(date.fromisoformat(day), time(hour, minute), zone)


def a_shared_case(person: Person, *, shares_at: datetime, week: int = ON, shared: bool = True) -> CoachingCase:
    """An open case as the weekly check leaves it, its head start over at `shares_at`."""
    opened_at = shares_at - timedelta(days=1)
    team = team_of(person.id, opened_at.date())
    fall = store_fall(
        person.id,
        week,
        fallen()["check"],
        team_id=team.id if team else None,
        parameters={},
        formula="three-window/1",
        shares_at=shares_at,
        at=opened_at,
    )
    reminds_at = calendar_of(person.id, opened_at.date()).next_morning(shares_at)
    case = open_case(fall, reminds_at=reminds_at, at=opened_at)
    if shared:
        share_case(case, at=shares_at)
    db.session.flush()
    return case


def run_jobs(moment: datetime) -> None:
    """What the timetable does about talks at one moment."""
    share_cards(moment)
    follow_changes(moment)
    remind(moment)
    close_overdue_cases(moment)


def hourly(since: datetime, until: datetime) -> Iterator[datetime]:
    moment = since
    while moment <= until:
        yield moment
        moment += timedelta(hours=1)


def live(since: datetime, until: datetime, *, every_hour: bool = False) -> None:
    """The jobs at midnight, four, eight and so on in Nairobi, and at both ends; or every hour."""
    for moment in hourly(since, until):
        if every_hour or moment in {since, until} or (moment.hour + 3) % 4 == 0:
            run_jobs(moment)


def the_case(case: CoachingCase) -> CoachingCase:
    """As it is stored now."""
    return db.session.get_one(CoachingCase, case.id, populate_existing=True)


def said(case: CoachingCase) -> list[tuple[date, int, int | None]]:
    """(local day, position of the step, who was told), in the order of telling."""
    rows = db.session.scalars(
        select(CoachingReminder)
        .where(CoachingReminder.case_id == case.id)
        .order_by(CoachingReminder.sent_at, CoachingReminder.step)
    )
    return [(clock.local_day(row.sent_at, ZONE), row.step % 10, row.recipient_id) for row in rows]


def told(person: Person, kind: str | None = None) -> list[Message]:
    """What lies in somebody's inbox about talks, in order."""
    messages = select(Message).where(Message.person_id == person.id, Message.kind.startswith("coaching."))
    if kind:
        messages = messages.where(Message.kind == kind)
    return list(db.session.scalars(messages.order_by(Message.created_at, Message.id)))


def calendar_mails(person: Person | None = None) -> list[OutboxMail]:
    mails = select(OutboxMail).where(OutboxMail.kind == "coaching.calendar").order_by(OutboxMail.id)
    return list(db.session.scalars(mails.where(OutboxMail.person_id == person.id) if person else mails))
