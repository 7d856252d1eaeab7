"""The clock of one case: who leads the person today, what is due, telling it, and when to look again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tracker.access.queries import people_with_role
from tracker.coaching import rules
from tracker.coaching.appointments import planned_session
from tracker.coaching.models import CoachingCase, CoachingReminder, CoachingSession
from tracker.coaching.rules import STEPS, Situation
from tracker.coaching.turn_models import CoachingPlace
from tracker.core import clock
from tracker.core.clock import WorkCalendar
from tracker.core.db import db
from tracker.notifications.actions import tell
from tracker.organisation.queries import Leaders, calendars, leaders_on


@dataclass(frozen=True)
class Lead:
    """Who leads a person on a day. `leader` is for whom the clock runs, `present` who is told: a deputy while the leader is away.

    `above`: everybody further up, nearest first. All None and empty where nobody leads.
    """

    leader: int | None
    present: int | None
    above: list[int]


def lead_of(leaders: Leaders, person_id: int) -> Lead:
    """Only who leads the person's own team may plan a talk; whoever leads a team above it hears that one waits."""
    team_id = leaders.team_by_person.get(person_id)
    leader = None if team_id is None else _leader_of_team(leaders, team_id, person_id)
    present = None if team_id is None or leader is None else leaders.of_team(team_id, but=person_id) or leader
    above = [other for other in leaders.above(person_id) if other not in {leader, present}]
    return Lead(leader, present, above)


def _leader_of_team(leaders: Leaders, team_id: int, person_id: int) -> int | None:
    """Its manager, also while away; where there is none, its first deputy."""
    in_order = [leaders.managers.get(team_id), *leaders.deputies.get(team_id, [])]
    return next((leader for leader in in_order if leader not in {None, person_id}), None)


def look_again(case: CoachingCase, *, at: datetime) -> None:
    """Let the clock be looked at on the next working morning: something about the case has just changed."""
    today = clock.local_day(at, "UTC")
    waited = calendars([case.person_id], today - timedelta(days=1))[case.person_id]
    case.reminds_at = waited.next_morning(_not_before_its_turn(case, at))


def _not_before_its_turn(case: CoachingCase, at: datetime) -> datetime:
    """`at`, or the end of the head start, or the turn that was drawn for the case: whichever is the latest."""
    turn_at = db.session.scalar(select(CoachingPlace.turn_at).where(CoachingPlace.case_id == case.id))
    return max(at, case.shares_at, turn_at or at)


def take_step(case: CoachingCase, *, at: datetime) -> int:
    """Say what is due about a case, at most one step, and set when to look again; how many steps were taken.

    The case is locked by the caller, open, and its head start over.
    """
    planned = planned_session(case)
    lead, waited, own = _who_and_when(case, at)
    if planned and _end_of(planned) > at:  # nobody is nagged while a talk is booked
        case.reminds_at = waited.next_morning(_end_of(planned))
        return 0
    if case.clock_starts_on is None:
        case.clock_starts_on = waited.next_working_day(clock.local_day(at, waited.zone))
        case.clock_leader_id = lead.leader
    now = _situation(case, lead, waited, own)
    due = rules.due_step(now, at=at)
    if due is not None:
        _say(case, due, lead, waited, at=at)
        now = _situation(case, lead, waited, own)
    case.reminds_at = rules.next_look(now, at=at)
    return int(due is not None)


def _who_and_when(case: CoachingCase, at: datetime) -> tuple[Lead, WorkCalendar, WorkCalendar]:
    """Who leads, the employee's calendar, and that of who is told without the employee's days off."""
    since = min(case.clock_starts_on or at.date(), case.first_reminded_on or at.date(), at.date()) - timedelta(days=1)
    waited = calendars([case.person_id], since)[case.person_id]
    lead = lead_of(leaders_on(clock.local_day(at, waited.zone)), case.person_id)
    if lead.present is None:
        return lead, waited, waited
    own = calendars([lead.present], since)[lead.present]
    return lead, waited, rules.without_days(own, waited.days_off)


def _situation(case: CoachingCase, lead: Lead, waited: WorkCalendar, own: WorkCalendar) -> Situation:
    said = db.session.scalars(select(CoachingReminder.step).where(CoachingReminder.case_id == case.id))
    assert case.clock_starts_on is not None  # noqa: S101 - take_step has just set it
    return Situation(
        waited=waited,
        leaders=own,
        starts_on=case.clock_starts_on,
        first_on=case.first_reminded_on,
        done=rules.done_steps(set(said), case.clock_from),
        snoozed_until=case.snoozed_until,
        is_led=lead.leader is not None,
        has_above=bool(lead.above),
    )


def _say(case: CoachingCase, number: int, lead: Lead, waited: WorkCalendar, *, at: datetime) -> None:
    """The leader hears of the person; those above hear only of the leader: no employee, no figure."""
    days = rules.working_days_waited(waited, case.clock_starts_on, clock.local_day(at, waited.zone))
    told = STEPS[number].told
    recipients = _recipients(case, told, lead)
    step = case.clock_from + number
    for recipient in recipients:
        key = f"coaching|{case.id}|{step}|{recipient}"
        if told == "leader":
            tell("coaching.reminder", to=recipient, key=key, at=at, about_id=case.id, days=days)
        else:
            kind = "coaching.escalated" if lead.leader else "coaching.unled"
            about: dict[str, Any] = {"case": case.id, "leader": lead.leader, "team": case.team_id, "days": days}
            tell(kind, to=recipient, key=key, at=at, **about)
    if told == "leader" and case.first_reminded_on is None:
        case.first_reminded_on = clock.local_day(at, waited.zone)
    case.reminders_sent += 1
    due_at = case.reminds_at or at
    first = recipients[0] if recipients else None
    db.session.add(CoachingReminder(case_id=case.id, step=step, recipient_id=first, due_at=due_at, sent_at=at))
    db.session.flush()


def _recipients(case: CoachingCase, told: str, lead: Lead) -> list[int]:
    if told == "leader":
        return [lead.present] if lead.present else []
    if told != "hr" and lead.above:
        return lead.above[:1]
    # Whoever has heard of it from above does not hear it again as HR.
    heard = select(CoachingReminder.recipient_id).where(
        CoachingReminder.case_id == case.id, CoachingReminder.recipient_id.is_not(None)
    )
    barred = {case.person_id, lead.leader, lead.present, *db.session.scalars(heard)}
    return [person for person in people_with_role("hr") if person not in barred]


def start_afresh(case: CoachingCase, *, leader: int | None, at: datetime) -> None:
    """A fair clock for whoever leads the person from now on: nothing that the former leader left undone counts against them."""
    if case.clock_starts_on is not None:
        case.clock_from += rules.NEXT_LEADER
    case.clock_starts_on = case.first_reminded_on = case.snoozed_until = None
    case.clock_leader_id = leader
    if leader is None:
        case.reminds_at = _not_before_its_turn(case, at)  # then who is above, or HR, hears without waiting
    else:
        look_again(case, at=at)


def turn_to_follow_up(case: CoachingCase) -> None:
    """The talk was held: what is said from now on is about its follow-up, counted anew."""
    case.clock_from += rules.FOLLOW_UP_STEP
    case.clock_starts_on = case.first_reminded_on = case.snoozed_until = None


def _end_of(session: CoachingSession) -> datetime:
    return session.starts_at + timedelta(minutes=session.minutes)


def days_waited(cases: list[CoachingCase], *, at: datetime) -> dict[int, int]:
    """Case id -> how many working days a case has waited, in one look at the calendars. The count that reminders, lists and sums show."""
    started = [case for case in cases if case.clock_starts_on is not None]
    if not started:
        return {case.id: 0 for case in cases}
    first: date = min(case.clock_starts_on for case in started if case.clock_starts_on)
    found = calendars([case.person_id for case in started], first - timedelta(days=1))
    days = {
        case.id: rules.working_days_waited(
            found[case.person_id], case.clock_starts_on, clock.local_day(at, found[case.person_id].zone)
        )
        for case in started
    }
    return {case.id: days.get(case.id, 0) for case in cases}
