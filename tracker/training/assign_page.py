"""What the page for assigning shows: courses that fit what customers wish for, and the people who would gain from one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.courses.models import CourseVersion
from tracker.courses.policy import courses_read_by
from tracker.courses.queries import offered
from tracker.organisation.models import Membership, Person, Team, Tenure
from tracker.organisation.policy import holds_on, teams_led_by, teams_seen_by
from tracker.organisation.queries import still_here, team_tree
from tracker.ratings.models import Driver, Rating
from tracker.ratings.policy import ratings_seen_by
from tracker.ratings.queries import words_to_begin_with
from tracker.ratings.rules import LOW_STARS
from tracker.training.assigning import MANY_OPEN, Task, open_counts, open_of
from tracker.training.forms import AssignForm, id_sent
from tracker.training.models import Assignment, CourseWish
from tracker.training.policy import assigns, people_assigned_by
from tracker.training.queries import done_within

LOOKED_BACK = timedelta(days=28)
DONE_LATELY = timedelta(days=365)
COURSES_SHOWN = 4
PEOPLE_LISTED = 200  # of more than that, everybody is chosen or a team beneath


@dataclass(frozen=True)
class CourseChoice:
    """A course to choose, with how many low ratings name what it is about, and how many people asked for it."""

    version: CourseVersion
    fits: int
    wished: int


@dataclass(frozen=True)
class Candidate:
    """Somebody who could get the course. `times`: how often customers of theirs wished for `driver`."""

    person: Person
    driver: str | None
    times: int
    has_wished: bool
    open_courses: int
    has_it: bool
    is_done: bool

    @property
    def is_suggested(self) -> bool:
        is_free = not self.has_it and not self.is_done and self.open_courses < MANY_OPEN
        return is_free and (self.times > 0 or self.has_wished)


@dataclass(frozen=True)
class AssignPage:
    """`chosen`: the course that was asked for, else the one that fits best; `count`: how many people the viewer could choose from;
    `people` are listed only up to PEOPLE_LISTED; `done_count`: how many have done the course lately, listed or not."""

    chosen: int | None
    courses: list[CourseChoice]
    more_courses: int
    people: list[Candidate]
    done: list[Candidate]
    count: int
    done_count: int

    @property
    def everybody(self) -> int:
        """How many “everybody here” is."""
        return self.count - self.done_count


def assign_page(
    viewer: Viewer, within: Select[Person], *, course_id: int | None, person_id: int | None, all_courses: bool
) -> AssignPage:
    """A dozen queries, whatever there is. `within`: the people to choose from."""
    count = db.session.scalar(select(func.count()).select_from(within.order_by(None).subquery())) or 0
    people = list(db.session.scalars(within)) if count <= PEOPLE_LISTED else []
    lows = _low_drivers(viewer, [person.id for person in people])
    courses = _courses(viewer, lows)
    best = courses[0] if courses and course_id is None else None
    chosen = next((choice for choice in courses if choice.version.course_id == course_id), best)
    candidates = _candidates(people, chosen.version if chosen else None, lows, viewer.today)
    if person_id is not None:
        candidates.sort(key=lambda candidate: candidate.person.id != person_id)
    shown = courses if all_courses else _first(courses, chosen)
    return AssignPage(
        chosen.version.course_id if chosen else None,
        shown,
        len(courses) - len(shown),
        [candidate for candidate in candidates if not candidate.is_done],
        [candidate for candidate in candidates if candidate.is_done],
        count,
        len(_done(within, chosen.version.course_id, viewer.today)) if chosen else 0,
    )


def asked_people(viewer: Viewer, asked: Mapping[str, str]) -> Select[Person]:
    """Whom the viewer may choose from: still here; `team`: of a team and those beneath it; `who=leaders`: whoever leads one."""
    people = still_here(people_assigned_by(viewer), viewer.today)
    if asked.get("who") == "leaders":
        people = people.where(Person.id.in_(select(Tenure.person_id).where(*holds_on(Tenure, viewer.today))))
    team = id_sent(asked.get("team", ""))
    if not team:
        return people
    members = select(Membership.person_id).where(
        Membership.team_id.in_(team_tree().beneath(team)), *holds_on(Membership, viewer.today)
    )
    return people.where(Person.id.in_(members))


def course_for(viewer: Viewer, driver: str) -> int | None:
    """The course that is most about a driver: the one with the fewest others beside it."""
    versions = [
        version for version in db.session.scalars(offered(courses_read_by(viewer))) if driver in version.drivers
    ]
    return min(versions, key=lambda version: (len(version.drivers), version.minutes)).course_id if versions else None


def teams_to_choose(viewer: Viewer) -> list[Team]:
    """For who may assign to more people than they lead: every team; else those led, where they are several."""
    teams = teams_seen_by(viewer) if assigns(viewer) else teams_led_by(viewer)
    return list(db.session.scalars(teams.where(Team.closed_on.is_(None))))


def chosen_people(
    within: Select[Person], ids: Iterable[int], *, everybody: bool, course_id: int, today: date
) -> list[int]:
    """Of the people to choose from those who were ticked, or everybody who has not done the course lately."""
    found = within.order_by(None).with_only_columns(Person.id)
    if not everybody:
        return list(db.session.scalars(found.where(Person.id.in_(set(ids)))))
    done = _done(within, course_id, today)
    return [person for person in db.session.scalars(found) if person not in done]


def asked_task(viewer: Viewer, form: AssignForm, asked: Mapping[str, str]) -> tuple[Task, int | None]:
    """What the form says, with what it came from, and whose rating that is, as far as the viewer reads it."""
    found = ratings_seen_by(viewer).with_only_columns(Rating.id, Rating.person_id)
    rating = db.session.execute(found.where(Rating.id == id_sent(asked.get("rating", "")))).first()
    driver = asked.get("driver") if asked.get("driver") in driver_names() else None
    task = Task(
        course_id=form.course.data,
        why="rating" if rating or driver else "chosen",
        due_on=form.due_on.data,
        words=form.words.data or None,
        is_paid=form.is_paid.data,
        rating_id=rating.id if rating else None,
        driver=driver,
    )
    return task, rating.person_id if rating else None


def driver_names() -> dict[str, str]:
    """Driver's key -> what customers wish for, in a few words."""
    drivers = {driver.key: driver for driver in db.session.scalars(select(Driver))}
    return {key: words_to_begin_with(driver)["wish"].get("en", driver.name) for key, driver in drivers.items()}


def _courses(viewer: Viewer, lows: dict[int, list[set[str]]]) -> list[CourseChoice]:
    """Every course that is taught, those that fit most first."""
    wished = dict(
        db.session.execute(
            select(CourseWish.course_id, func.count())
            .where(CourseWish.course_id.is_not(None), CourseWish.person_id.in_(lows or [0]))
            .group_by(CourseWish.course_id)
        ).all()
    )
    ratings = [drivers for of_person in lows.values() for drivers in of_person]
    found = [
        CourseChoice(
            version, sum(1 for named in ratings if named & set(version.drivers)), wished.get(version.course_id, 0)
        )
        for version in db.session.scalars(offered(courses_read_by(viewer)))
    ]
    return sorted(found, key=lambda choice: (-choice.fits, -choice.wished, choice.version.title))


def _first(courses: list[CourseChoice], chosen: CourseChoice | None) -> list[CourseChoice]:
    first = courses[:COURSES_SHOWN]
    return first if chosen is None or chosen in first else [chosen, *first[:-1]]


def _candidates(
    people: list[Person], version: CourseVersion | None, lows: dict[int, list[set[str]]], today: date
) -> list[Candidate]:
    ids = [person.id for person in people]
    if version is None:
        return []
    open_ones, names = open_counts(ids), driver_names()
    mine = open_of(version.course_id).where(Assignment.person_id.in_(ids))
    has_it = set(db.session.scalars(mine.with_only_columns(Assignment.person_id)))
    wishes = select(CourseWish.person_id).where(
        CourseWish.course_id == version.course_id, CourseWish.person_id.in_(ids)
    )
    wished, done = set(db.session.scalars(wishes)), done_within(version.course_id, ids, today - DONE_LATELY)
    found = []
    for person in people:
        driver, times = _most_named(lows.get(person.id, []), version.drivers)
        found.append(
            Candidate(
                person,
                names.get(driver, driver) if driver else None,
                times,
                person.id in wished,
                open_ones.get(person.id, 0),
                person.id in has_it,
                person.id in done,
            )
        )
    return sorted(found, key=lambda candidate: (not candidate.is_suggested, -candidate.times, candidate.person.name))


def _done(within: Select[Person], course_id: int, today: date) -> set[int]:
    """Who of these finished the course lately."""
    return done_within(course_id, within.order_by(None).with_only_columns(Person.id), today - DONE_LATELY)


def _most_named(lows: Iterable[set[str]], drivers: list[str]) -> tuple[str | None, int]:
    counts = Counter(driver for named in lows for driver in named if driver in drivers)
    return counts.most_common(1)[0] if counts else (None, 0)


def _low_drivers(viewer: Viewer, people: list[int]) -> dict[int, list[set[str]]]:
    """Person id -> what each low rating of the last four weeks names, as far as the viewer reads ratings."""
    rows = db.session.execute(
        ratings_seen_by(viewer)
        .with_only_columns(Rating.person_id, Rating.drivers)
        .where(
            Rating.person_id.in_(people),
            Rating.stars <= LOW_STARS,
            Rating.excluded_at.is_(None),
            Rating.rated_on > viewer.today - LOOKED_BACK,
        )
    )
    found: dict[int, list[set[str]]] = defaultdict(list, {person: [] for person in people})
    for person, drivers in rows:
        if person is not None:
            found[person].append(set(drivers))
    return found
