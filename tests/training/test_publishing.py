"""A new version: old completions stand, or end for exactly those who have them; everybody is told once."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from tests.conftest import NOW, Cast
from tests.factories import a_course
from tests.statements import statements
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict, DomainError
from tracker.courses import actions
from tracker.courses.models import Course, CourseVersion
from tracker.notifications.models import Message
from tracker.organisation.models import Person, Team
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.completing import complete
from tracker.training.learning_models import CourseRun
from tracker.training.models import Assignment
from tracker.training.publishing import concerned, publish_version

EARLIER = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def first(app: Flask, cast: Cast) -> CourseVersion:
    """The first version of a course of Brian's team, which Amina and Kevin have finished."""
    with transaction():
        version = a_course(team=cast.tills, title="Calm", certificate_months=12)
        for person in (cast.amina, cast.kevin):
            complete(person.id, version, score=90, by=person.id, at=EARLIER, day=EARLIER.date())
    return version


def next_draft(version: CourseVersion, cast: Cast) -> CourseVersion:
    with transaction():
        return actions.begin_draft(db.session.get_one(Course, version.course_id), by=cast.brian.id, at=NOW)


def publish(draft: CourseVersion, cast: Cast, *, reopens: bool = True, at: datetime = NOW) -> int:
    with transaction():
        found = db.session.get_one(CourseVersion, draft.id)
        return publish_version(found, reopens=reopens, days=14, words="New law", by=cast.brian.id, at=at)


def assigned(draft: CourseVersion) -> list[tuple[int, str, date | None, str | None]]:
    mine = select(Assignment).where(Assignment.course_id == draft.course_id, Assignment.ended_at.is_(None))
    return [(row.person_id, row.why, row.due_on, row.words) for row in db.session.scalars(mine.order_by(Assignment.id))]


def standing(version: CourseVersion) -> set[int]:
    found = select(Completion.person_id).where(Completion.course_id == version.course_id, Completion.ended_at.is_(None))
    return set(db.session.scalars(found))


def told() -> list[int]:
    return sorted(db.session.scalars(select(Message.person_id).where(Message.kind == "training.reopened")))


def a_run(person: Person, version: CourseVersion) -> CourseRun:
    run = CourseRun(
        person_id=person.id,
        course_id=version.course_id,
        version_id=version.id,
        started_at=EARLIER,
        seen_at=EARLIER,
        place="read",
    )
    db.session.add(run)
    db.session.flush()
    return run


def test_who_finished_does_it_once_more_and_nobody_else(first: CourseVersion, cast: Cast) -> None:
    draft = next_draft(first, cast)
    assert concerned(first.course_id, NOW.date()) == 2
    assert publish(draft, cast) == 2
    due = date(2026, 12, 2)
    assert assigned(draft) == [(cast.amina.id, "version", due, "New law"), (cast.kevin.id, "version", due, "New law")]
    assert standing(first) == set()
    papers = db.session.scalars(select(Certificate)).all()
    assert [(paper.ended_on, paper.remind_on) for paper in papers] == [(date(2026, 11, 18), None)] * 2
    assert told() == sorted([cast.amina.id, cast.kevin.id])
    assert db.session.scalar(select(AuditEntry.details).where(AuditEntry.action == "training.reopened")) == {
        "version": 2,
        "people": 2,
    }


def test_what_was_finished_stands_unless_said_otherwise(first: CourseVersion, cast: Cast) -> None:
    with transaction():
        run = a_run(cast.dora, first)
    draft = next_draft(first, cast)
    assert publish(draft, cast, reopens=False) == 0
    assert (assigned(draft), told()) == ([], [])
    assert standing(first) == {cast.amina.id, cast.kevin.id}
    assert db.session.get_one(CourseRun, run.id).ended_at is None
    assert db.session.scalars(select(Certificate.ended_on)).all() == [None, None]


def test_who_is_in_the_middle_starts_again_and_is_told(first: CourseVersion, cast: Cast) -> None:
    with transaction():
        run, mine = a_run(cast.dora, first), a_run(cast.amina, first)
    draft = next_draft(first, cast)
    publish(draft, cast)
    assert [db.session.get_one(CourseRun, one.id).outcome for one in (run, mine)] == ["replaced", "replaced"]
    assert told() == sorted([cast.amina.id, cast.kevin.id, cast.dora.id])
    assert cast.dora.id not in {person for person, *_rest in assigned(draft)}


def test_another_courses_people_are_left_alone(first: CourseVersion, cast: Cast) -> None:
    with transaction():
        other = a_course(title="Other", certificate_months=12)
        complete(cast.dora.id, other, score=90, by=cast.dora.id, at=EARLIER, day=EARLIER.date())
        run = a_run(cast.amina, other)
    publish(next_draft(first, cast), cast)
    assert standing(other) == {cast.dora.id}
    assert db.session.get_one(CourseRun, run.id).ended_at is None
    of_other = select(Certificate.ended_on).where(Certificate.course_id == other.course_id)
    assert db.session.scalars(of_other).all() == [None]


@pytest.mark.parametrize(
    ("had", "why", "has"),
    [
        (date(2026, 11, 24), "chosen", date(2026, 11, 24)),
        (date(2026, 12, 24), "version", date(2026, 12, 2)),
        (None, "version", date(2026, 12, 2)),
    ],
    ids=["earlier", "later", "none"],
)
def test_who_has_it_open_has_it_by_the_earlier_day(
    first: CourseVersion, cast: Cast, had: date | None, why: str, has: date
) -> None:
    """And that day is the one they are told."""
    common = {"person_id": cast.amina.id, "course_id": first.course_id, "assigned_at": EARLIER}
    with transaction():
        db.session.add(Assignment(**common, why="chosen" if had else "own", due_on=had))
    draft = next_draft(first, cast)
    publish(draft, cast)
    assert [row[:3] for row in assigned(draft)] == [
        (cast.amina.id, why, has),
        (cast.kevin.id, "version", date(2026, 12, 2)),
    ]
    amina = (Message.kind == "training.reopened", Message.person_id == cast.amina.id)
    assert db.session.scalars(select(Message).where(*amina)).one().parameters["due"] == has.isoformat()
    reminds = select(Assignment.remind_at).where(Assignment.person_id == cast.amina.id)
    assert (db.session.scalar(reminds) is None) == (why == "chosen"), "a new day comes with its reminder"


def test_who_had_no_go_left_begins_anew(first: CourseVersion, cast: Cast) -> None:
    """Another go at what is no longer right would end in a paper for it."""
    with transaction():
        asked, forgotten = a_run(cast.dora, first), a_run(cast.chloe, first)
        for run in (asked, forgotten):
            run.ended_at, run.outcome = EARLIER, "failed"
        db.session.add(Assignment(person_id=cast.dora.id, course_id=first.course_id, why="chosen", assigned_at=EARLIER))
    publish(next_draft(first, cast), cast)
    assert {db.session.get_one(CourseRun, run.id).outcome for run in (asked, forgotten)} == {"replaced"}
    assert told() == sorted([cast.amina.id, cast.kevin.id, cast.dora.id])


def test_papers_that_were_over_stay_as_they_were(app: Flask, cast: Cast) -> None:
    with transaction():
        version = a_course(team=cast.tills, title="Calm", certificate_months=12)
        for days in (1100, 700):
            at = NOW - timedelta(days=days)
            complete(cast.kevin.id, version, score=90, by=cast.kevin.id, at=at, day=at.date())
    publish(next_draft(version, cast), cast)
    assert db.session.scalars(select(Certificate.ended_on)).all() == [None, None]


def test_a_leader_ends_nothing_of_people_whom_somebody_else_leads(
    first: CourseVersion, cast: Cast, browse: Any
) -> None:
    """Everybody may do a team's course; what they have of it is not its author's to take."""
    with transaction():
        complete(cast.dora.id, first, score=90, by=cast.dora.id, at=EARLIER, day=EARLIER.date())
        running = a_run(cast.faith, first)
    draft = next_draft(first, cast)
    page = browse(cast.brian).get(f"/courses/{first.course_id}/publication").text
    assert "2 people have finished" in page
    assert "concerns the people you lead" in page
    sent = {"revision": draft.revision, "effect": "again", "days": 14}
    assert browse(cast.brian).post(f"/courses/{first.course_id}/publication", sent).status_code == 303
    assert standing(first) == {cast.dora.id}
    assert [row[0] for row in assigned(draft)] == [cast.amina.id, cast.kevin.id]
    assert db.session.get_one(CourseRun, running.id).ended_at is None


def test_who_has_left_is_given_nothing(first: CourseVersion, cast: Cast) -> None:
    with transaction():
        db.session.execute(update(Person).where(Person.id == cast.kevin.id).values(ended_on=NOW.date()))
        db.session.execute(
            update(Person).where(Person.id == cast.amina.id).values(ended_on=NOW.date() + timedelta(days=1))
        )
    draft = next_draft(first, cast)
    assert concerned(first.course_id, NOW.date()) == 1
    assert publish(draft, cast) == 1
    assert [person for person, *_rest in assigned(draft)] == [cast.amina.id]
    assert told() == [cast.amina.id]
    assert standing(first) == set(), "what they had finished is of an older version too"


def test_a_certificate_ends_on_each_persons_own_day(first: CourseVersion, cast: Cast) -> None:
    with transaction():
        db.session.execute(update(Team).where(Team.id == cast.tills.id).values(time_zone="Pacific/Auckland"))
        complete(cast.dora.id, first, score=90, by=cast.dora.id, at=EARLIER, day=EARLIER.date())
    publish(next_draft(first, cast), cast, at=datetime(2026, 11, 18, 15, tzinfo=UTC))
    ended = dict(db.session.execute(select(Certificate.person_id, Certificate.ended_on)).all())
    assert (ended[cast.amina.id], ended[cast.dora.id]) == (date(2026, 11, 19), date(2026, 11, 18))


def test_a_certificate_that_had_ended_keeps_its_day(first: CourseVersion, cast: Cast) -> None:
    with transaction():
        db.session.execute(
            update(Certificate).where(Certificate.person_id == cast.amina.id).values(ended_on=date(2026, 7, 1))
        )
    publish(next_draft(first, cast), cast)
    ended = dict(db.session.execute(select(Certificate.person_id, Certificate.ended_on)).all())
    assert ended == {cast.amina.id: date(2026, 7, 1), cast.kevin.id: date(2026, 11, 18)}


def test_two_versions_in_a_row_leave_one_assignment(first: CourseVersion, cast: Cast) -> None:
    publish(next_draft(first, cast), cast)
    third = next_draft(first, cast)
    assert publish(third, cast) == 0, "nobody had finished the second one"
    assert len(assigned(third)) == 2
    assert len(told()) == 2


def test_publishing_twice_is_refused(first: CourseVersion, cast: Cast) -> None:
    draft = next_draft(first, cast)
    publish(draft, cast)
    with pytest.raises(Conflict, match="published already"):
        publish(draft, cast)
    assert len(assigned(draft)) == 2


def test_of_two_who_publish_at_once_one_does(first: CourseVersion, cast: Cast, app: Flask) -> None:
    draft = next_draft(first, cast)
    draft_id, brian = draft.id, cast.brian.id
    outcomes: list[Any] = []
    both = Barrier(2)

    def try_it() -> None:
        with app.app_context():
            both.wait(timeout=20)
            try:
                with transaction():
                    mine = db.session.get_one(CourseVersion, draft_id)
                    outcomes.append(publish_version(mine, reopens=True, days=14, words=None, by=brian, at=NOW))
            except DomainError as error:
                outcomes.append(error.sentence)
            db.session.remove()

    db.session.rollback()
    threads = [Thread(target=try_it) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(map(str, outcomes)) == ["2", "This version was published already."]
    assert (len(assigned(draft)), len(told())) == (2, 2)


def test_a_retired_course_reopens_for_nobody(first: CourseVersion, cast: Cast) -> None:
    draft = next_draft(first, cast)
    with transaction():
        actions.retire(db.session.get_one(Course, first.course_id), by=cast.brian.id, at=NOW)
    with pytest.raises(Conflict, match="retired"):
        publish(draft, cast)
    assert standing(first) == {cast.amina.id, cast.kevin.id}
    assert publish(draft, cast, reopens=False) == 0


@pytest.mark.parametrize("count", [30, 10_000])
def test_ten_thousand_take_a_bounded_number_of_statements(app: Flask, cast: Cast, count: int) -> None:
    with transaction():
        version = a_course(title="Calm", certificate_months=12)
        staff = [{"staff_number": f"X-{number}", "name": f"Somebody {number}"} for number in range(count)]
        db.session.execute(insert(Person), [{**one, "language": "en"} for one in staff])
        ids = db.session.scalars(select(Person.id).where(Person.staff_number.startswith("X-"))).all()
        finished = {"course_id": version.course_id, "version_id": version.id, "how": "learned", "score": 90}
        when = {"completed_at": EARLIER, "completed_on": EARLIER.date()}
        db.session.execute(insert(Completion), [{**finished, **when, "person_id": id} for id in ids])
        paper = {"course_id": version.course_id, "title": "Calm", "issued_on": EARLIER.date(), "step": 0}
        rows = db.session.execute(select(Completion.id, Completion.person_id)).all()
        papers = [{**paper, "number": f"n{id}", "person_id": person, "completion_id": id} for id, person in rows]
        db.session.execute(insert(Certificate), papers)
    draft = next_draft(version, cast)
    with statements() as sent:
        publish(draft, cast)
    assert len(sent) <= 60
    assert len(assigned(draft)) == count
    assert len(told()) == count
    assert db.session.scalars(select(Certificate.ended_on).distinct()).all() == [date(2026, 11, 18)]


def test_on_the_page_it_is_said_before_and_after(first: CourseVersion, cast: Cast, browse: Any) -> None:
    brian, id = browse(cast.brian), first.course_id
    brian.post(f"/courses/{id}/draft")
    page = brian.get(f"/courses/{id}/publication").text
    assert "2 people have finished an earlier one." in page
    missing = brian.post(f"/courses/{id}/publication", {"effect": "again", "days": "", "revision": "1"})
    assert missing.status_code == 422
    assert "Say how many days they have" in missing.text
    assert brian.post(f"/courses/{id}/publication", {"effect": "maybe", "revision": "1"}).status_code == 422
    old = brian.post(f"/courses/{id}/publication", {"effect": "again", "days": "10", "words": "Mine", "revision": "9"})
    assert old.status_code == 409
    assert "Mine" in old.text
    assert standing(first) == {cast.amina.id, cast.kevin.id}
    done = brian.post(f"/courses/{id}/publication", {"effect": "again", "days": "10", "revision": "1"})
    assert done.location == f"/courses/{id}"
    assert "2 people do it once more, and are told." in brian.get(f"/courses/{id}").text
    db.session.rollback()
    with transaction():
        db.session.execute(update(Message).values(visible_at=EARLIER))
    inbox = browse(cast.amina).get("/inbox").text
    assert "“Calm” has changed" in inbox
    assert "Please do it once more, by" in inbox


def test_the_first_version_asks_nothing_and_a_faulty_one_is_not_published(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        draft = a_course(team=cast.tills, published=False)
        faulty = a_course(team=cast.tills, published=False, summary="")
    brian = browse(cast.brian)
    assert "finished an earlier version" not in brian.get(f"/courses/{draft.course_id}/publication").text
    assert brian.post(f"/courses/{draft.course_id}/publication", {"revision": "1"}).status_code == 303
    assert browse(cast.amina).get(f"/courses/{draft.course_id}").status_code == 200
    page = brian.get(f"/courses/{faulty.course_id}/publication").text
    assert f'href="/courses/{faulty.course_id}/draft/facts"' in page
    assert brian.post(f"/courses/{faulty.course_id}/publication", {"revision": "1"}).status_code == 422
    assert browse(cast.amina).get(f"/courses/{faulty.course_id}").status_code == 404
