"""Row 16: training in a large company: one learner's page, one team's certificates, and an hourly rule that has nothing to do.

Against reading the rows that each of them needs by the driver, where nothing is decided, sorted out or put into words.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.company import a_company, insert_many
from benchmarks.instances import on_postgres, on_sqlite, settle
from benchmarks.measuring import Result, Sizes, Turn, compare, stopwatch, timed
from tracker.core.audience import Viewer
from tracker.core.db import db, reading, transaction
from tracker.courses.models import Course, CourseVersion
from tracker.training.certificate_matrix import people_listed, rows_of
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.models import TrainingRule
from tracker.training.queries import my_training
from tracker.training.rule_queries import events_of

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)
TODAY, ISSUED, ENDS = AT.date(), date(2026, 3, 2), date(2027, 3, 2)
LESSON = {"key": "read", "kind": "text", "title": "Read this", "minutes": 3, "text": "Ask first."}
TEAM_SIZE = 30
COURSES_SHOWN = 50
OWN = "SELECT * FROM completion WHERE person_id = 1"
OF_TEAM = "SELECT c.* FROM certificate c JOIN membership m ON m.person_id = c.person_id WHERE m.team_id = 1"
MEMBERS = "SELECT person_id, started_on FROM membership WHERE started_on >= '2020-01-01'"


def measure(sizes: Sizes) -> Iterator[Result]:
    """No goal as a ratio: how many questions a page asks is tested; a rule must stay under a second."""
    for database, opened in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        with opened():
            leader, rule = _company(sizes.people_trained, sizes.courses)
            sides: dict[str, tuple[Callable[[], Any], str]] = {
                "my training": (lambda: my_training(_viewer(1)), OWN),
                "certificates of a team": (lambda leader=leader: _matrix(_viewer(leader)), OF_TEAM),
                "a rule, nothing due": (
                    lambda rule=rule: events_of(db.session.get_one(TrainingRule, rule), TODAY),
                    MEMBERS,
                ),
            }
            for name, (ours, bare) in sides.items():
                yield compare(
                    16, f"{name}, {database}", _read(ours), _read_bare(bare), goal=None, repeats=sizes.repeats
                )


def _company(people: int, courses: int) -> tuple[int, int]:
    """Everybody has finished every course and holds its certificate; (who leads the first team, the rule)."""
    company = a_company(people, team_size=TEAM_SIZE)
    version = {"number": 1, "summary": "You can do it.", "drivers": [], "content": {"lessons": [LESSON]}, "minutes": 3}
    common = {"pass_mark": 80, "certificate_months": 12, "changed_at": AT, "published_at": AT, "language": "en"}
    ids = range(1, courses + 1)
    with transaction():
        insert_many(Course, ({"id": id, "made_at": AT} for id in ids))
        insert_many(
            CourseVersion, ({**version, **common, "id": id, "course_id": id, "title": f"Course {id}"} for id in ids)
        )
        insert_many(Completion, (_done(person, id, courses) for person in company.people for id in ids))
        insert_many(Certificate, (_paper(person, id, courses) for person in company.people for id in ids))
        rule = TrainingRule(kind="joined", course_id=1, days=14, since=date(2020, 1, 1), made_at=AT)
        db.session.add(rule)
        db.session.flush()
        found = rule.id
    settle()
    return company.leaders[0], found


def _done(person: int, course: int, courses: int) -> dict[str, Any]:
    return {
        "id": (person - 1) * courses + course,
        "person_id": person,
        "course_id": course,
        "version_id": course,
        "how": "learned",
        "completed_at": AT,
        "completed_on": ISSUED,
        "score": 100,
    }


def _paper(person: int, course: int, courses: int) -> dict[str, Any]:
    number = (person - 1) * courses + course
    return {
        "id": number,
        "number": f"{number:032}",
        "person_id": person,
        "course_id": course,
        "completion_id": number,
        "title": f"Course {course}",
        "issued_on": ISSUED,
        "expires_on": ENDS,
        "step": 0,
    }


def _viewer(person: int) -> Viewer:
    return Viewer(person_id=person, name="Amina Person", at=AT, today=TODAY, manages=True)


def _matrix(viewer: Viewer) -> Any:
    courses = [(version, f"Course {version}") for version in range(1, COURSES_SHOWN + 1)]
    people = db.session.execute(people_listed(viewer, 1).limit(50)).all()
    return rows_of(viewer, people, courses)


def _read(ours: Callable[[], Any]) -> Turn:
    return timed(lambda: _reading(ours))


def _reading(ours: Callable[[], Any]) -> None:
    with reading():
        ours()


def _read_bare(statement: str) -> Turn:
    def turn() -> float:
        with reading():
            cursor = db.session.connection().connection.cursor()
            with stopwatch() as lap:
                cursor.execute(statement)
                cursor.fetchall()
        return lap.seconds

    return turn
