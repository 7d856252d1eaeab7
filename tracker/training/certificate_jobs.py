"""What happens to certificates by themselves: people hear in time that one ends, and that one has ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Row, Select, and_, case, func, or_, select, update

from tracker.audit.actions import record
from tracker.core.clock import WorkCalendar, local_day
from tracker.core.db import db, reading, transaction
from tracker.notifications.actions import Told, tell_all
from tracker.organisation.models import Membership, Person, Team
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import Leaders, calendars, leaders_on, the_organisation
from tracker.training.certificate_models import Certificate
from tracker.training.certificate_rules import LEADER_TOLD_DAYS, Step, due_step

AT_ONCE = 500  # a round of the timetable stays short; the next one goes on
ONE_DAY = timedelta(days=1)
# id, step, remind_on, issued_on, expires_on, person_id, and the person's ended_on
Due = Row[int, int, date | None, date, date | None, int, date | None]


@dataclass(frozen=True)
class Around:
    """What all reminders of one round need, loaded once: hours of people and of who leads them."""

    at: datetime
    hours: Mapping[int, WorkCalendar]
    leaders: Leaders

    def today_of(self, person_id: int) -> date:
        return local_day(self.at, self.hours[person_id].zone)


def remind(at: datetime) -> int:
    """Every step that is due by the person’s local day, each in its own transaction; the number of steps."""
    with reading():
        due = db.session.execute(due_on_local_days(at).limit(AT_ONCE)).all()
        around = _around(due, at)
    return sum(_remind(row, around) for row in due)


def due_on_local_days(at: datetime) -> Select[int, int, date | None, date, date | None, int, date | None]:
    """Certificates whose next step is due where the person works, the oldest first."""
    day = at.date()
    organisation = the_organisation()
    zone = func.coalesce(Team.time_zone, organisation.time_zone if organisation else "UTC")
    zones = {name: local_day(at, name) for name in db.session.scalars(select(Team.time_zone).distinct())}
    if organisation:
        zones[organisation.time_zone] = local_day(at, organisation.time_zone)
    return (
        select(
            Certificate.id,
            Certificate.step,
            Certificate.remind_on,
            Certificate.issued_on,
            Certificate.expires_on,
            Certificate.person_id,
            Person.ended_on,
        )
        .join(Person, Person.id == Certificate.person_id)
        .outerjoin(Membership, and_(Membership.person_id == Person.id, *holds_on(Membership, day)))
        .outerjoin(Team, Team.id == Membership.team_id)
        .where(
            Certificate.remind_on <= day + ONE_DAY,
            or_(Certificate.remind_on < day - ONE_DAY, Certificate.remind_on <= case(zones, value=zone, else_=day)),
            Certificate.renewed_by_id.is_(None),
            Certificate.ended_on.is_(None),
        )
        .order_by(Certificate.remind_on, Certificate.id)
    )


def _around(due: Sequence[Due], at: datetime) -> Around:
    leaders = leaders_on(at.date())
    people = {row.person_id for row in due}
    led_by = {leader for person in people for leader in leaders.above(person)[:1]}
    return Around(at, calendars(people | led_by, at.date() - ONE_DAY), leaders)


def _remind(row: Due, around: Around) -> int:
    """Claimed by the row: whoever was first has moved the step. Who has left hears nothing, and the steps go on."""
    if row.expires_on is None:
        return 0  # it never ends
    today = around.today_of(row.person_id)
    step, behind, next_on = due_step(row.issued_on, row.expires_on, taken=row.step, today=today)
    if step is None:
        return 0
    as_read = (Certificate.id == row.id, Certificate.step == row.step, Certificate.remind_on == row.remind_on)
    with transaction():
        claim = update(Certificate).where(*as_read, Certificate.renewed_by_id.is_(None), Certificate.ended_on.is_(None))
        if db.session.scalar(claim.values(step=behind, remind_on=next_on).returning(Certificate.id)) is None:
            return 0
        if row.ended_on is None or row.ended_on > today:
            tell_all([*_to_person(row, step, next_on, around), *_to_leader(row, step, around)], at=around.at)
        if step.before == 0:
            certificate = db.session.get_one(Certificate, row.id)
            record("certificate.lapsed", by=None, about=certificate, person=row.person_id, at=around.at)
    return 1


def _to_person(row: Due, step: Step, next_on: date | None, around: Around) -> list[Told]:
    """On the next working moment. Whoever is away until the step after this one hears that one alone."""
    hours = around.hours[row.person_id]
    visible_at = hours.next_working_moment(around.at)
    if next_on is not None and local_day(visible_at, hours.zone) >= next_on:
        return []
    kind = "certificate.lapsed" if step.before == 0 else "certificate.ending"
    key = f"{kind}|{row.id}|{step.before}"
    return [Told(kind, row.person_id, key, visible_at, {"before": step.before}, about_id=row.id)]


def _to_leader(row: Due, step: Step, around: Around) -> list[Told]:
    """One message a day, however many certificates it is about: it counts when it is read."""
    leader = next(iter(around.leaders.above(row.person_id)), None)
    if leader is None or step.before not in LEADER_TOLD_DAYS:
        return []
    hours = around.hours[leader]
    key = f"certificate.team|{leader}|{local_day(around.at, hours.zone)}"
    return [Told("certificate.team", leader, key, hours.next_working_moment(around.at), {})]
