"""Reading certificates: one, somebody's, those of a number, and how many end when."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from tracker.core.audience import Viewer
from tracker.core.clock import local_day
from tracker.core.db import db
from tracker.courses.models import Course, CourseVersion
from tracker.courses.queries import CURRENT
from tracker.organisation.models import Person
from tracker.organisation.queries import calendar_of, still_here
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.certificate_policy import people_overseen_by
from tracker.training.certificate_rules import State
from tracker.training.certificate_sentences import Standing, standing

FORECAST_MONTHS = 12
MAY_RENEW = {State.RENEWABLE, State.LAPSED, State.ENDED}


@dataclass(frozen=True)
class OwnCertificate:
    """One line of a list: the paper and how it stands today. `is_given`: the course is taught and gives one still."""

    certificate: Certificate
    standing: Standing
    is_given: bool

    @property
    def may_renew(self) -> bool:
        """Whether doing the course anew now gives a new one."""
        return self.is_given and self.standing.state in MAY_RENEW


def certificates_of(person_id: int, *, today: date) -> list[OwnCertificate]:
    """Everything somebody holds or held, what stands today first, then the newest; two queries. Whoever asks has checked the person."""
    theirs = with_details(select(Certificate).where(Certificate.person_id == person_id))
    found = list(db.session.scalars(theirs.order_by(Certificate.issued_on.desc(), Certificate.id.desc())))
    found.sort(key=lambda certificate: certificate.renewed_by_id is not None)
    return own_certificates(found, today)


def own_certificates(certificates: Sequence[Certificate], today: date) -> list[OwnCertificate]:
    giving = {course_id for course_id, _title in certified_courses()} if certificates else set()
    return [OwnCertificate(one, standing(one, today), one.course_id in giving) for one in certificates]


def with_details(certificates: Select[Certificate]) -> Select[Certificate]:
    return certificates.options(
        joinedload(Certificate.person),
        joinedload(Certificate.course),
        joinedload(Certificate.completion).joinedload(Completion.by),
    )


def certificate_of_number(number: str) -> Certificate | None:
    return db.session.scalar(
        select(Certificate).where(Certificate.number == number).options(joinedload(Certificate.person))
    )


def certified_courses() -> list[tuple[int, str]]:
    """(id, title) of the courses that are taught today and give a certificate, by title."""
    taught = (*CURRENT, CourseVersion.certificate_months.is_not(None), Course.retired_at.is_(None))
    statement = select(CourseVersion.course_id, CourseVersion.title).join(Course).where(*taught)
    rows = db.session.execute(statement.order_by(CourseVersion.title, CourseVersion.course_id))
    return [(course_id, title) for course_id, title in rows]


@dataclass(frozen=True)
class Forecast:
    """How many certificates end in each month by course. `months`: the first day of each; `rows`: (title, counts, their sum)."""

    months: list[date]
    rows: list[tuple[str, list[int], int]]
    totals: list[int]

    @property
    def total(self) -> int:
        return sum(self.totals)


def forecast(viewer: Viewer, courses: Sequence[tuple[int, str]]) -> Forecast:
    """Of people who are still here, from this month on, what has lapsed in it already too; one query."""
    months = months_from(viewer.today, FORECAST_MONTHS + 1)
    people = still_here(people_overseen_by(viewer), viewer.today).order_by(None).with_only_columns(Person.id)
    ending = select(Certificate.course_id, Certificate.expires_on, func.count()).where(
        Certificate.person_id.in_(people),
        Certificate.renewed_by_id.is_(None),
        Certificate.ended_on.is_(None),
        Certificate.expires_on >= months[0],
        Certificate.expires_on < months[-1],
    )
    counts: Counter[tuple[int, date]] = Counter()
    rows_by_day = db.session.execute(ending.group_by(Certificate.course_id, Certificate.expires_on))
    for course_id, day, count in rows_by_day:
        if day is not None:
            counts[course_id, day.replace(day=1)] += count
    months = months[:-1]
    rows = [(title, [counts[course_id, month] for month in months]) for course_id, title in courses]
    return Forecast(
        months,
        [(title, numbers, sum(numbers)) for title, numbers in rows if any(numbers)],
        [sum(numbers[place] for _title, numbers in rows) for place in range(FORECAST_MONTHS)],
    )


def months_from(day: date, count: int) -> list[date]:
    """The first days of so many months in a row, from the one that holds `day`."""
    return [date(day.year + (day.month - 1 + n) // 12, (day.month - 1 + n) % 12 + 1, 1) for n in range(count)]


def is_among(people: Select[Person], person_id: int) -> bool:
    return db.session.scalar(people.where(Person.id == person_id).with_only_columns(Person.id)) is not None


def today_of(person_id: int, at: datetime) -> date:
    """The day it is where somebody works."""
    return local_day(at, calendar_of(person_id, at.date()).zone)
