"""What every verb of a complaint needs: its history, its newest state, its calendar, and the start of its clock."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.core.clock import WorkCalendar
from tracker.core.db import db
from tracker.organisation.queries import calendars_of_teams
from tracker.ratings.models import Rating
from tracker.recovery import rules
from tracker.recovery.giving_rules import Gift
from tracker.recovery.limit_models import Given
from tracker.recovery.models import RecoveryCase, RecoveryEntry, RecoveryRating


def note(
    case: RecoveryCase,
    kind: str,
    *,
    at: datetime,
    by: int | None = None,
    to: int | None = None,
    until: datetime | None = None,
    words: str | None = None,
) -> RecoveryEntry:
    entry = RecoveryEntry(case_id=case.id, at=at, kind=kind, by_id=by, to_id=to, until=until, words=words)
    db.session.add(entry)
    db.session.flush()
    return entry


def was_noted(
    case: RecoveryCase, kind: str, words: str, *, by: int, after: int | None, gift: Gift | None = None
) -> bool:
    """Whether the very same line was written since a page was read: its button pressed twice, or the page sent again.

    after: the last line of that page, None where it is not known."""
    if after is None:
        return False
    of = RecoveryEntry
    lines = (
        select(Given.kind, Given.worth, Given.agreed_by_id)
        .select_from(of)
        .outerjoin(Given, Given.entry_id == of.id)
        .where(of.case_id == case.id, of.id > after, of.kind == kind, of.by_id == by, of.words == words)
    )
    said = (gift.kind, gift.worth, gift.agreed_by) if gift else (None, None, None)
    return said in [tuple(line) for line in db.session.execute(lines)]


def refresh(case: RecoveryCase) -> None:
    """Of two who act at once, the second finds what the first did."""
    db.session.flush()
    db.session.refresh(case, with_for_update={"of": RecoveryCase})


def calendar_of(case: RecoveryCase, at: datetime) -> WorkCalendar:
    """When the team of a case works; without a team, the organisation's weekdays and holidays."""
    since = min(at, case.opened_at).date() - timedelta(days=1)  # holidays before count for what is measured from there
    return calendars_of_teams([case.team_id], since)[case.team_id]


def start_clock(case: RecoveryCase, calendar: WorkCalendar, *, at: datetime) -> None:
    case.clock_since = at
    case.contact_due_at = calendar.after_working_time(at, rules.CONTACT_WITHIN)
    case.clock_at = rules.next_clock(0, since=at, last=at, calendar=calendar)


def case_of(rating: Rating) -> RecoveryCase | None:
    return db.session.scalar(
        select(RecoveryCase)
        .join(RecoveryRating, RecoveryRating.case_id == RecoveryCase.id)
        .where(RecoveryRating.rating_id == rating.id)
    )
