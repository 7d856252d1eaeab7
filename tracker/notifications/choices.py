"""What people chose, looked up for one or for many, and held against what is to be told."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.core.clock import WorkCalendar
from tracker.core.db import db
from tracker.notifications.choice_models import NotificationChoice, QuietHours
from tracker.notifications.groups import group_of
from tracker.notifications.models import Message
from tracker.notifications.quiet_rules import Quiet, quiet_until
from tracker.organisation.queries import calendar_of

AUTO, ONCE, DAILY, NONE = "auto", "once", "daily", "none"


@dataclass(frozen=True)
class Choices:
    """One person’s. A group that is not named here is as it comes."""

    mail: dict[str, str] = field(default_factory=dict)
    push: dict[str, bool] = field(default_factory=dict)
    quiet: Quiet = field(default_factory=Quiet)

    def mails(self, message: Message) -> str:
        """How a message goes out by mail: `once`, `daily` or `none`. What must reach people does, whatever is stored."""
        group = group_of(message.kind)
        chosen = AUTO if group.must_reach else self.mail.get(group.key, AUTO)
        if chosen == AUTO:
            return ONCE if message.is_urgent else DAILY
        return chosen

    def pushes(self, kind: str) -> bool:
        return self.push.get(group_of(kind).key, True)

    def held_until(self, moment: datetime, calendar: WorkCalendar, *, urgent: bool) -> datetime:
        """The first moment, now or later, at which it is not quiet."""
        return quiet_until(moment, self.quiet, calendar, urgent=urgent) or moment


def choices_of(person_ids: Iterable[int]) -> dict[int, Choices]:
    """Everybody’s in two questions."""
    wanted = set(person_ids)
    mail: dict[int, dict[str, str]] = defaultdict(dict)
    push: dict[int, dict[str, bool]] = defaultdict(dict)
    for row in db.session.scalars(select(NotificationChoice).where(NotificationChoice.person_id.in_(wanted))):
        mail[row.person_id][row.group], push[row.person_id][row.group] = row.mail, row.push
    quiet = {
        row.person_id: Quiet(row.is_on, row.starts, row.ends, row.days_off, row.lets_urgent)
        for row in db.session.scalars(select(QuietHours).where(QuietHours.person_id.in_(wanted)))
    }
    return {person_id: Choices(mail[person_id], push[person_id], quiet.get(person_id, Quiet())) for person_id in wanted}


def held_until(person_id: int, moment: datetime, *, urgent: bool) -> datetime | None:
    """Until when one person wants nothing sent; None when it may go. The day before counts: a night begins there."""
    quiet = choices_of([person_id])[person_id].quiet
    return quiet_until(moment, quiet, calendar_of(person_id, moment.date() - timedelta(days=1)), urgent=urgent)
