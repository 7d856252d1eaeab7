"""Certificates for the pages: of the demo’s tills, in every state that one can be in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.factories import LESSONS
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.courses.actions import begin_course, publish
from tracker.courses.models import CourseVersion
from tracker.organisation.models import Membership, Person
from tracker.training.certificate_models import Certificate
from tracker.training.completing import complete
from tracker.training.models import Assignment

FIRE, LIFTING = "Fire safety in the shop", "Lifting without harm"
AMINA, KEVIN = "N-0412", "N-0398"
# Days since somebody did each course; the demo’s people take turns, Amina and Kevin have their own.
TURNS: list[tuple[int | None, int | None]] = [(40, 500), (300, 40), (360, None), (420, 40), (None, None), (100, 200)]


def certificate_of(staff_number: str, title: str, *, newest: bool = True) -> Callable[[], dict[str, int]]:
    return lambda: {"id": _certificate(staff_number, title, newest=newest).id}


def number_of(staff_number: str, title: str, *, newest: bool = True, **more: str) -> Callable[[], dict[str, str]]:
    return lambda: {"number": _certificate(staff_number, title, newest=newest).number, **more}


def certified(arguments: Callable[[], Any] = dict) -> Callable[[], Any]:
    """The arguments of a page that is to show them."""

    def first() -> Any:
        _certify()
        return arguments()

    return first


def _certificate(staff_number: str, title: str, *, newest: bool) -> Certificate:
    _certify()
    theirs = select(Certificate).join(Person, Person.id == Certificate.person_id)
    theirs = theirs.where(Person.staff_number == staff_number, Certificate.title == title)
    order = Certificate.id.desc() if newest else Certificate.id
    return db.session.scalars(theirs.order_by(order).limit(1)).one()


def _certify() -> None:
    if db.session.scalar(select(CourseVersion.id).where(CourseVersion.title == FIRE)):
        return
    with transaction():
        author = _person("H-0007").id
        fire, lifting = (_a_course(title, author) for title in (FIRE, LIFTING))
        amina, kevin = _person(AMINA), _person(KEVIN)
        for days in (730, 356):
            _finish(amina, fire, days)
        _finish(amina, lifting, 20)
        _finish(kevin, fire, 372)
        db.session.add(
            Assignment(person_id=kevin.id, course_id=lifting.course_id, why="chosen", assigned_at=clock.now())
        )
        team = select(Membership.team_id).where(Membership.person_id == amina.id, Membership.ended_on.is_(None))
        of_team = select(Person).join(Membership).where(Membership.team_id.in_(team), Membership.ended_on.is_(None))
        others = of_team.where(Person.id.not_in([amina.id, kevin.id])).order_by(Person.id)
        for number, person in enumerate(db.session.scalars(others).all()):
            for course, days in zip((fire, lifting), TURNS[number % len(TURNS)], strict=True):
                if days is not None:
                    _finish(person, course, days)


def _a_course(title: str, author: int) -> CourseVersion:
    values = {"title": title, "summary": "You can do it.", "certificate_months": 12, "content": {"lessons": LESSONS}}
    version = begin_course(values, team_id=None, by=author, at=clock.now() - timedelta(days=800))
    publish(version, reopens=False, by=author, at=clock.now() - timedelta(days=800))
    return version


def _finish(person: Person, version: CourseVersion, days_ago: int) -> None:
    at = clock.now() - timedelta(days=days_ago)
    complete(person.id, version, score=100, by=person.id, at=at, day=at.date())


def _person(staff_number: str) -> Person:
    return db.session.scalars(select(Person).where(Person.staff_number == staff_number)).one()
