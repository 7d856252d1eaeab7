"""What is done to people, teams, tenures, absences and holidays. `ended_on` is the first day something no longer holds."""

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, Refused
from tracker.core.language import day as written
from tracker.organisation.models import Absence, Holiday, Membership, Organisation, Person, Team, Tenure
from tracker.organisation.ports import announce, outranks
from tracker.organisation.queries import team_tree


class Taken(Conflict):
    """Somebody or something else has this already; `field` names the column."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def add_person(details: dict[str, Any], *, team: Team, since: date, by: int, at: datetime) -> Person:
    """Somebody new, in a team from a day on. `details` holds columns of Person by name."""
    _refuse_taken(details, None)
    person = Person(**details)
    db.session.add(person)
    db.session.flush()
    db.session.add(Membership(person_id=person.id, team_id=team.id, started_on=since))
    record("person.added", by=by, about=person, person=person.id, at=at)
    return person


def edit_person(person: Person, details: dict[str, Any], *, by: int | None, at: datetime) -> list[str]:
    """Change a person's details; the names of the columns that changed. The same again changes nothing."""
    _not_oneself(person.id, by)
    changed = [name for name, value in details.items() if getattr(person, name) != value]
    if not changed:
        return []
    if "email" in changed and not outranks(by, person.id):
        raise Refused(_("Only an admin changes the address of somebody who holds a role."))
    _refuse_taken(details, person)
    for name in changed:
        setattr(person, name, details[name])
    if person.started_on and person.ended_on and person.ended_on <= person.started_on:
        raise Invalid(_("The last day is before the first one."))
    record("person.edited", by=by, about=person, person=person.id, at=at, fields=changed)
    return changed


def move_person(person: Person, team: Team, *, since: date, by: int | None, at: datetime) -> None:
    """From `since` on the person is in `team`. What was before ends that day: history stays true, nothing overlaps."""
    _not_oneself(person.id, by)
    _refuse_absent(person, since)
    _lock(person)
    before, latest = _last_two(person.id)
    if latest and latest.team_id == team.id and latest.ended_on == person.ended_on:
        raise Conflict(_("%(name)s is in this team already.", name=person.name))
    if latest and latest.started_on > since:
        raise Invalid(
            _("That is before the present team began, on %(day)s. Choose a later day.", day=written(latest.started_on))
        )
    _put_into(team.id, person, since=since, latest=latest, before=before)
    record("person.moved", by=by, about=person, person=person.id, at=at, team=team.id, since=str(since))
    announce("person.moved", to=person.id, by=by, key=f"moved|{person.id}|{team.id}|{since}", at=at, team=team.id)


def _put_into(
    team_id: int, person: Person, *, since: date, latest: Membership | None, before: Membership | None
) -> None:
    if latest and latest.started_on == since:  # a correction: that day began with the wrong team
        if before and before.team_id == team_id and before.ended_on == since:
            db.session.delete(latest)
            db.session.flush()  # of two open memberships one must be gone first
            before.ended_on = person.ended_on
        else:
            latest.team_id, latest.ended_on = team_id, person.ended_on
        return
    if latest and (latest.ended_on is None or latest.ended_on > since):
        latest.ended_on = since
    db.session.flush()
    db.session.add(Membership(person_id=person.id, team_id=team_id, started_on=since, ended_on=person.ended_on))
    db.session.flush()


def _last_two(person_id: int) -> tuple[Membership | None, Membership | None]:
    """The membership before the last one, and the last one."""
    rows = db.session.scalars(
        select(Membership).where(Membership.person_id == person_id).order_by(Membership.started_on.desc()).limit(2)
    ).all()
    return (rows[1] if len(rows) > 1 else None), (rows[0] if rows else None)


def end_employment(person: Person, *, on: date | None, by: int | None, at: datetime) -> None:
    """From `on` the person no longer works here: sign-in stops, membership and tenures end. None takes it back.

    Taking it back or putting it off gives the membership back; a team that got another leader keeps that one.
    """
    _not_oneself(person.id, by)
    former = person.ended_on
    if former == on:
        return
    if on and person.started_on and on <= person.started_on:
        raise Invalid(_("The last day is before the first one."))
    _lock(person)
    person.ended_on = on
    led = _rows_beyond(Tenure, person.id, on, None) if on else []
    for row in [*_rows_beyond(Membership, person.id, on, former), *led]:
        _end(row, on)
    db.session.flush()
    record("person.left", by=by, about=person, person=person.id, at=at, on=str(on) if on else None)


def _rows_beyond(model: Any, person_id: int, on: date | None, former: date | None) -> list[Any]:
    """Rows that are open, that end with the former last day, or that go beyond the new one."""
    ends = [model.ended_on.is_(None), model.ended_on == former] if former else [model.ended_on.is_(None)]
    ends += [model.ended_on > on] if on else []
    return list(db.session.scalars(select(model).where(model.person_id == person_id, or_(*ends))))


def _end(row: Any, on: date | None) -> None:
    if on and row.started_on >= on:
        db.session.delete(row)
    else:
        row.ended_on = on


def add_absence(person: Person, *, first: date, last: date, by: int, at: datetime) -> Absence:
    """Days away, both included. Dates only: nobody writes down why."""
    _not_oneself(person.id, by)
    if last < first:
        raise Invalid(_("The last day is before the first one."))
    ended_on = last + timedelta(days=1)
    overlapping = select(Absence.id).where(
        Absence.person_id == person.id, Absence.started_on < ended_on, Absence.ended_on > first
    )
    if db.session.scalars(overlapping).first():
        raise Conflict(_("Some of these days are entered already."))
    absence = Absence(person_id=person.id, started_on=first, ended_on=ended_on)
    db.session.add(absence)
    record("absence.added", by=by, about=absence, person=person.id, at=at)
    return absence


def remove_absence(absence: Absence, *, by: int, at: datetime) -> None:
    _not_oneself(absence.person_id, by)
    record("absence.removed", by=by, about=absence, person=absence.person_id, at=at)
    db.session.delete(absence)


def open_team(values: dict[str, Any], *, by: int | None, at: datetime) -> Team:
    """A new team. `values` holds columns of Team by name."""
    _refuse_taken_name(values["name"], None)
    team = Team(**values)
    db.session.add(team)
    record("team.opened", by=by, about=team, at=at)
    return team


def edit_team(team: Team, values: dict[str, Any], *, by: int, at: datetime) -> None:
    """Change a team; its parent may be anything but the team itself and what is beneath it."""
    changed = [name for name, value in values.items() if getattr(team, name) != value]
    if not changed:
        return
    _refuse_taken_name(values["name"], team)
    if values["parent_id"] is not None:
        db.session.execute(
            select(Team.id).order_by(Team.id).with_for_update()
        )  # two moves at once could close a circle
        if values["parent_id"] in team_tree().beneath(team.id):
            raise Invalid(_("A team can’t stand below itself or below a team of its own."))
    for name in changed:
        setattr(team, name, values[name])
    record("team.edited", by=by, about=team, at=at, fields=changed)


def appoint_manager(team: Team, person: Person, *, since: date, by: int | None, at: datetime) -> None:
    """From `since` on the person leads the team; whoever led it until then stops that day."""
    _not_oneself(person.id, by)
    _refuse_absent(person, since)
    db.session.refresh(team, with_for_update=True)  # two appointments at once: the second sees the first
    latest = db.session.scalar(
        select(Tenure)
        .where(Tenure.team_id == team.id, Tenure.kind == "manager")
        .order_by(Tenure.started_on.desc(), Tenure.id.desc())
        .limit(1)
    )
    if latest and latest.ended_on is None and latest.person_id == person.id:
        raise Conflict(_("%(name)s leads this team already.", name=person.name))
    if latest and latest.started_on > since:
        raise Invalid(
            _(
                "That is before the present manager began, on %(day)s. Choose a later day.",
                day=written(latest.started_on),
            )
        )
    if latest and (latest.ended_on is None or latest.ended_on > since):
        _not_oneself(latest.person_id, by)
        _end(latest, since)
        db.session.flush()
    _begin_tenure(team, person, "manager", since=since, until=person.ended_on, by=by, at=at)


def appoint_deputy(team: Team, person: Person, *, since: date, last: date | None, by: int, at: datetime) -> None:
    """Somebody who leads the team while its manager is away, up to and including `last`; None leaves it open."""
    _not_oneself(person.id, by)
    _refuse_absent(person, since)
    if last and last < since:
        raise Invalid(_("The last day is before the first one."))
    until = last + timedelta(days=1) if last else None
    same = select(Tenure.id).where(
        Tenure.team_id == team.id,
        Tenure.person_id == person.id,
        or_(Tenure.ended_on.is_(None), Tenure.ended_on > since),
        Tenure.started_on < until if until else Tenure.id.is_not(None),
    )
    if db.session.scalars(same).first():
        raise Conflict(_("%(name)s leads this team already.", name=person.name))
    _begin_tenure(team, person, "deputy", since=since, until=until or person.ended_on, by=by, at=at)


def _begin_tenure(
    team: Team, person: Person, kind: str, *, since: date, until: date | None, by: int | None, at: datetime
) -> None:
    tenure = Tenure(team_id=team.id, person_id=person.id, kind=kind, started_on=since, ended_on=until)
    db.session.add(tenure)
    db.session.flush()
    record(f"team.{kind}_appointed", by=by, about=team, person=person.id, at=at, since=str(since))
    announce(f"team.{kind}", to=person.id, by=by, key=f"tenure|{tenure.id}", at=at, team=team.id)


def end_tenure(tenure: Tenure, *, on: date, by: int, at: datetime) -> None:
    """From `on` the person no longer leads the team; a tenure that had not begun is taken away."""
    _not_oneself(tenure.person_id, by)
    if tenure.ended_on and tenure.ended_on <= on:
        raise Conflict(_("This is over already."))
    record("team.tenure_ended", by=by, about=tenure, person=tenure.person_id, at=at, team=tenure.team_id, on=str(on))
    _end(tenure, on)


def add_holiday(on: date, name: str, *, team: Team | None, by: int, at: datetime) -> Holiday:
    """A day off, for everybody or for one team and what is beneath it."""
    team_id = team.id if team else None
    if db.session.scalars(
        select(Holiday.id).where(Holiday.on == on, Holiday.team_id.is_not_distinct_from(team_id))
    ).first():
        raise Conflict(_("That day is a holiday already."))
    holiday = Holiday(on=on, name=name, team_id=team_id)
    db.session.add(holiday)
    record("holiday.added", by=by, about=holiday, at=at, on=str(on), team=team_id)
    return holiday


def remove_holiday(holiday: Holiday, *, by: int, at: datetime) -> None:
    record("holiday.removed", by=by, about=holiday, at=at, on=str(holiday.on), team=holiday.team_id)
    db.session.delete(holiday)


def edit_settings(organisation: Organisation, *, name: str, time_zone: str, by: int, at: datetime) -> None:
    if (organisation.name, organisation.time_zone) == (name, time_zone):
        return
    organisation.name, organisation.time_zone = name, time_zone
    record("settings.edited", by=by, about=organisation, at=at, time_zone=time_zone)


def _not_oneself(person_id: int, by: int | None) -> None:
    """A role never applies to one's own record."""
    if by == person_id:
        raise Refused(_("Nobody changes their own record. Ask a colleague who may."))


def _refuse_absent(person: Person, since: date) -> None:
    if not person.works_on(since):
        raise Invalid(_("%(name)s doesn’t work here on that day.", name=person.name))


def _refuse_taken(details: dict[str, Any], person: Person | None) -> None:
    for column, sentence in (
        (Person.staff_number, _("Somebody else has this staff number.")),
        (Person.email, _("Somebody else has this email address.")),
    ):
        value = details.get(column.key)
        holder = db.session.scalar(select(Person.id).where(column == value)) if value else None
        if holder is not None and (person is None or holder != person.id):
            raise Taken(sentence, column.key)


def _refuse_taken_name(name: str, team: Team | None) -> None:
    holder = db.session.scalar(select(Team.id).where(Team.name == name))
    if holder is not None and (team is None or holder != team.id):
        raise Taken(_("There is a team of this name already."), "name")


def _lock(person: Person) -> None:
    """Two changes of the same person at once wait for each other (PostgreSQL; on SQLite writers do anyway)."""
    db.session.flush()
    db.session.scalar(select(Person.id).where(Person.id == person.id).with_for_update())
