"""Fourteen months of training in the demo: six courses, given team by team, finished, renewed and let go, with the product's own actions.

Two courses went from team to team (story.LISTENING and story.SAYING_NO). Data protection is everybody's, once a year. The rest is
what a leader would give.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select

from tracker.access.queries import people_with_role
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.courses.actions import publish
from tracker.courses.content import Content, Question
from tracker.courses.models import Course, CourseVersion
from tracker.courses.queries import current_version
from tracker.courses.transfer import read_folder
from tracker.demo.places import TEAMS, WORK, ZONE
from tracker.demo.story import AMINA, KEVIN, LISTENING, SAYING_NO
from tracker.organisation.models import Membership, Person, Team
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import leaders_on
from tracker.training.assigning import Task, assign_course, waive
from tracker.training.completing import complete
from tracker.training.learning import finish_lesson, start_run
from tracker.training.models import Assignment
from tracker.training.quizzes import answer_question, start_attempt
from tracker.training.rule_actions import make_rule
from tracker.training.wishes import wish_for, wish_for_course

COURSES = Path(__file__).with_name("courses")
BEGAN = timedelta(weeks=60)
NOON = time(12)
NAMES = {team.key: team.name for team in TEAMS}
# Weeks ago that each team did data protection the first time: certificates in every state.
PROTECTION = dict(zip(WORK, range(57, 13, -4), strict=True))
SEED, A_WEEK = 5, timedelta(weeks=1)
RENEWED, FINISHED = 0.9, 0.95  # shares of people
WISH = "How to explain instalments without making them sound free."


def give_training(at: datetime) -> None:
    """From the first course to the one that Amina is in the middle of."""
    chance = Random(SEED)
    with transaction():
        courses = _write(at - BEGAN)
        _rules(courses, at - BEGAN)
    for slug, weeks in (("listening-first", LISTENING), ("saying-no-kindly", SAYING_NO)):
        _team_by_team(courses[slug], weeks, at, chance)
    _team_by_team(courses["data-protection-at-the-till"], PROTECTION, at, chance, again=timedelta(weeks=51))
    _team_by_team(courses["complaint-to-the-end"], {"complaints-desk": 20}, at, chance)
    with transaction():
        _today(courses, at)


def _write(at: datetime) -> dict[str, int]:
    """Folder's name -> id of the course, published by HR."""
    author = people_with_role("hr")[0]
    found = {}
    for folder in sorted(COURSES.iterdir()):
        draft = read_folder(folder, team_id=None, by=author, at=at)
        publish(draft, reopens=False, by=author, at=at)
        found[folder.name] = draft.course_id
    return found


def _rules(courses: Mapping[str, int], at: datetime) -> None:
    """Whoever comes begins with listening, and is told about data protection."""
    author, since = people_with_role("hr")[0], clock.local_day(at + BEGAN, ZONE)
    for slug, days in (("listening-first", 14), ("data-protection-at-the-till", 30)):
        values = {
            "kind": "joined",
            "course_id": courses[slug],
            "days": days,
            "since": since,
            "words": "Welcome to Zawadora.",
        }
        make_rule(values, by=author, at=at)


def _team_by_team(
    course: int, weeks_ago: Mapping[str, int], at: datetime, chance: Random, *, again: timedelta | None = None
) -> None:
    """Each team in its week: assigned by who leads it, finished by nearly all within three weeks; `again`: done anew after that."""
    version = current_version(course)
    monday = clock.local_day(at, ZONE) - timedelta(days=clock.local_day(at, ZONE).weekday())
    for key, weeks in weeks_ago.items():
        with transaction():
            start = monday - timedelta(weeks=weeks)
            people = _members(NAMES[key], start)
            leader = leaders_on(start).up_from(_team_id(NAMES[key]))[0]
            begun = _noon(start)
            task = Task(course, "wave" if again is None else "chosen", start + timedelta(days=28))
            for person in assign_course(task, [one for one in people if one != leader], by=leader, at=begun):
                _learn(person, version, start, leader, at, chance, again)


def _learn(
    person: int,
    version: CourseVersion | None,
    start: date,
    leader: int,
    at: datetime,
    chance: Random,
    again: timedelta | None,
) -> None:
    finished = start + timedelta(days=chance.randrange(1, 21))
    is_lucky, is_renewed, score = (
        chance.random() < FINISHED,
        chance.random() < RENEWED,
        chance.choice((80, 83, 100, 100)),
    )
    if version is None or _noon(finished) >= at:
        return
    if not is_lucky:
        _waived(person, version.course_id, leader, _noon(finished))
        return
    complete(person, version, score=score, by=person, at=_noon(finished), day=finished)
    if again and is_renewed and _noon(finished + again) < at:
        complete(person, version, score=score, by=person, at=_noon(finished + again), day=finished + again)


def _waived(person: int, course: int, leader: int, at: datetime) -> None:
    mine = (Assignment.person_id == person, Assignment.course_id == course, Assignment.ended_at.is_(None))
    waive(db.session.scalars(select(Assignment).where(*mine)).one(), "Learned it in the last job.", by=leader, at=at)


def _today(courses: Mapping[str, int], at: datetime) -> None:
    """Brian has given Amina and Kevin a course each; Amina is half way, and has got something wrong. Two wishes wait for him."""
    day = clock.local_day(at, ZONE)
    amina, kevin = _person(AMINA), _person(KEVIN)
    leader = leaders_on(day).above(amina)[0]
    words = "Returns came up a lot this month. Do it on shift, 20 minutes are planned."
    task = Task(courses["returns-and-guarantees"], "chosen", day + timedelta(days=9), words=words)
    assign_course(task, [amina], by=leader, at=at - timedelta(days=5))
    late = Task(courses["calm-at-the-counter"], "chosen", day - timedelta(days=4), words="For the long queues at noon.")
    assign_course(late, [kevin], by=leader, at=at - timedelta(days=20))
    _half_way(courses["returns-and-guarantees"], amina, at - timedelta(days=2))
    others = sorted(set(_members(NAMES["nairobi-central-tills"], day)) - {amina, kevin, leader})
    wish_for_course(db.session.get_one(Course, courses["calm-at-the-counter"]), by=others[0], at=at - A_WEEK)
    wish_for(WISH, by=others[1], at=at - A_WEEK)


def _half_way(course: int, person: int, at: datetime) -> None:
    """The lessons before the practice, and the practice with its first answer wrong."""
    day = clock.local_day(at, ZONE)
    run = start_run(db.session.get_one(Course, course), by=person, day=day, at=at)
    for lesson in Content(db.session.get_one(CourseVersion, run.version_id).content).lessons:
        if lesson.kind != "quiz":
            finish_lesson(run, lesson, by=person, day=day, at=at)
            continue
        attempt = start_attempt(run, lesson, at=at, chance=Random(SEED))
        question = lesson.question(attempt.asked[0]["key"])
        if question is not None:
            answer_question(attempt, question, _wrong(question), is_sure=True, by=person, day=day, at=at)
        return


def _wrong(question: Question) -> list[int]:
    places = range(len(question.choices))
    return list(reversed(places)) if question.kind == "order" else [next(p for p in places if p not in question.right)]


def _members(team: str, day: date) -> list[int]:
    members = select(Membership.person_id).join(Team, Team.id == Membership.team_id)
    return list(
        db.session.scalars(members.where(Team.name == team, *holds_on(Membership, day)).order_by(Membership.id))
    )


def _team_id(name: str) -> int:
    return db.session.scalars(select(Team.id).where(Team.name == name)).one()


def _person(staff_number: str) -> int:
    return db.session.scalars(select(Person.id).where(Person.staff_number == staff_number)).one()


def _noon(day: date) -> datetime:
    return clock.moment_at(day, NOON, ZONE)
