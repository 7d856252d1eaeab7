"""Plain functions that make what a test needs. Each takes what matters and makes up the rest."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import insert, select

from tracker.access.actions import open_account, set_roles
from tracker.access.models import Account
from tracker.core.db import db
from tracker.courses.actions import begin_course, publish
from tracker.courses.models import CourseVersion
from tracker.organisation.models import Absence, Membership, Organisation, Person, Team, Tenure
from tracker.posts.models import Post, Shift
from tracker.posts.rules import key_of
from tracker.ratings import rollup
from tracker.ratings.actions import Submission, record_rating
from tracker.ratings.models import Channel, Customer, Rating, Touchpoint

ZONE = "Africa/Nairobi"
LESSONS: list[dict[str, Any]] = [
    {"key": "read", "kind": "text", "title": "Read this", "minutes": 3, "text": "Ask **first**, then answer."},
    {
        "key": "check",
        "kind": "quiz",
        "title": "Check what you know",
        "minutes": 2,
        "questions": [
            {
                "key": "first",
                "kind": "single",
                "text": "What comes first?",
                "confidence": True,
                "explanation": "Whoever asks first solves the right problem.",
                "choices": [
                    {"text": "Answering", "right": False, "says": "That may answer another question."},
                    {"text": "Asking", "right": True, "says": "Yes."},
                ],
            },
            {
                "key": "both",
                "kind": "multiple",
                "text": "Which two help?",
                "choices": [
                    {"text": "A calm voice", "right": True},
                    {"text": "A sigh", "right": False},
                    {"text": "A name", "right": True},
                ],
            },
        ],
    },
]
LONG_AGO = date(2020, 1, 1)
NOON = time(9, tzinfo=UTC)  # twelve in Nairobi
_numbers = count(1)


def an_organisation(kind: str = "test", time_zone: str = ZONE) -> Organisation:
    found = db.session.get(Organisation, 1)
    if found is None:
        found = Organisation(
            name="Zawadora", kind=kind, time_zone=time_zone, created_at=datetime(2020, 1, 1, tzinfo=UTC)
        )
        db.session.add(found)
        db.session.flush()
    return found


def a_team(name: str | None = None, *, parent: Team | None = None, led_by: Person | None = None, **values: Any) -> Team:
    an_organisation()
    team = Team(
        name=name or f"Team {next(_numbers)}", parent_id=parent.id if parent else None, **{"time_zone": ZONE, **values}
    )
    db.session.add(team)
    db.session.flush()
    if led_by:
        leads(led_by, team)
    return team


def a_person(
    name: str | None = None,
    *,
    team: Team | None = None,
    roles: Sequence[str] = (),
    since: date = LONG_AGO,
    **values: Any,
) -> Person:
    """Somebody with an account, in `team` since `since`."""
    number = next(_numbers)
    given = {
        "staff_number": f"T-{number:04}",
        "email": f"person{number}@zawadora.example",
        "started_on": since,
        **values,
    }
    person = Person(name=name or f"Person {number}", **given)
    db.session.add(person)
    db.session.flush()
    if team:
        joins(person, team, since=since)
    at = datetime(2020, 1, 1, tzinfo=UTC)
    open_account(person, by=None, at=at)
    set_roles(person, set(roles), by=None, at=at)
    db.session.flush()
    return person


def joins(person: Person, team: Team, *, since: date = LONG_AGO, until: date | None = None) -> Membership:
    membership = Membership(person_id=person.id, team_id=team.id, started_on=since, ended_on=until)
    db.session.add(membership)
    db.session.flush()
    return membership


def leads(
    person: Person, team: Team, *, since: date = LONG_AGO, until: date | None = None, kind: str = "manager"
) -> Tenure:
    tenure = Tenure(person_id=person.id, team_id=team.id, started_on=since, ended_on=until, kind=kind)
    db.session.add(tenure)
    db.session.flush()
    return tenure


def is_away(person: Person, since: date, until: date) -> Absence:
    absence = Absence(person_id=person.id, started_on=since, ended_on=until)
    db.session.add(absence)
    db.session.flush()
    return absence


def a_touchpoint(name: str = "Tills", stage: str = "purchase") -> Touchpoint:
    return _named(Touchpoint, name, stage=stage)


def a_channel(name: str = "Mailed link") -> Channel:
    return _named(Channel, name)


def a_customer(reference: str | None = None) -> Customer:
    customer = Customer(reference=reference or f"customer-{next(_numbers)}")
    db.session.add(customer)
    db.session.flush()
    return customer


def a_rating(
    person: Person | None, stars: int = 4, *, on: date = date(2026, 11, 16), at: datetime | None = None, **values: Any
) -> Rating:
    """One answer, through the same action as every door uses."""
    rated_at = at or datetime.combine(on, NOON)
    given: dict[str, Any] = {
        "source": "test",
        "external_id": f"r{next(_numbers)}",
        "original_value": str(stars),
        "touchpoint_id": a_touchpoint().id,
        "channel_id": a_channel().id,
        **values,
    }
    submission = Submission(rated_at=rated_at, stars=stars, person_id=person.id if person else None, **given)
    return record_rating(submission, at=rated_at)


def a_shift(post: str, person: Person, starts_at: datetime, ends_at: datetime, *, team: Team | None = None) -> Shift:
    """Somebody at a post of a team, the person’s own if none is said; the post is made when it is new."""
    team_id = team.id if team else db.session.query(Membership).filter_by(person_id=person.id).one().team_id
    found = db.session.query(Post).filter_by(team_id=team_id, key=key_of(post)).first()
    if found is None:
        found = Post(team_id=team_id, name=post, key=key_of(post), created_at=starts_at)
        db.session.add(found)
        db.session.flush()
    shift = Shift(post_id=found.id, person_id=person.id, starts_at=starts_at, ends_at=ends_at, created_at=starts_at)
    db.session.add(shift)
    db.session.flush()
    return shift


def ratings_over(person: Person, stars: Sequence[int], *, until: date, days: int) -> list[Rating]:
    """These stars spread evenly over the `days` days that end the day before `until`."""
    gap = timedelta(days=days / max(len(stars), 1))
    first = datetime.combine(until, NOON) - timedelta(days=days)
    return [a_rating(person, star, at=first + gap * position) for position, star in enumerate(stars)]


def account_of(person: Person) -> Account:
    account: Account = db.session.query(Account).filter_by(person_id=person.id).one()
    return account


def _named(model: Any, name: str, **values: Any) -> Any:
    found = db.session.query(model).filter_by(name=name).first()
    if found is None:
        found = model(name=name, **values)
        db.session.add(found)
        db.session.flush()
    return found


def many_ratings(rows: Sequence[tuple[Person, int, date]], *, comment: str | None = None) -> None:
    """Many answers at once, as a finished import leaves them: facts stored and counted in their weeks."""
    touchpoint, channel = a_touchpoint().id, a_channel().id
    facts = [
        {
            "source": "history",
            "external_id": f"h{next(_numbers)}",
            "rated_at": datetime.combine(on, NOON),
            "rated_on": on,
            "stars": stars,
            "original_value": str(stars),
            "handled_by_id": person.id,
            "person_id": person.id,
            "touchpoint_id": touchpoint,
            "channel_id": channel,
            "comment": comment,
            "received_at": datetime.combine(on, NOON),
        }
        for person, stars, on in rows
    ]
    db.session.execute(insert(Rating), facts)
    rollup.add_counts(rollup.differences())


def a_history(people: Sequence[Person], *, until: date, weeks: int = 60, per_week: int = 4, seed: int = 1) -> None:
    """Steady J-shaped ratings of these people over the weeks before `until`: nothing changes for anybody."""
    random = Random(seed)
    days = [until - timedelta(days=7 * week + random.randint(1, 7)) for week in range(weeks) for _ in range(per_week)]
    many_ratings(
        [(person, random.choices((1, 2, 3, 4, 5), (9, 4, 8, 19, 60))[0], day) for person in people for day in days]
    )


def a_course(
    *, team: Team | None = None, published: bool = True, lessons: list[dict[str, Any]] | None = None, **values: Any
) -> CourseVersion:
    """The current version of a new course (or its draft): one lesson to read and a check, unless said otherwise."""
    at = values.pop("at", datetime(2026, 1, 5, 9, tzinfo=UTC))
    by = values.pop("by", None) or an_author().id
    given = {
        "title": f"Course {next(_numbers)}",
        "summary": "You can do it afterwards.",
        "content": {"lessons": lessons or LESSONS},
    }
    version = begin_course({**given, **values}, team_id=team.id if team else None, by=by, at=at)
    if published:
        publish(version, reopens=False, by=by, at=at)
    return version


def an_author() -> Person:
    """One HR person of the tests' own, who writes courses."""
    found = db.session.scalar(select(Person).where(Person.staff_number == "AUTHOR"))
    return found or a_person("Author Otieno", staff_number="AUTHOR", roles=["hr"])
