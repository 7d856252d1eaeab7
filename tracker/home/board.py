"""The team board: who to talk to and why, everybody by name, and complaints that wait. Four queries, however large the team."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from operator import itemgetter

from sqlalchemy import String, and_, cast, literal

from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.coaching.policy import cases_seen_by
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Membership, Person, Team
from tracker.organisation.policy import holds_on, manages, teams_led_by
from tracker.ratings.models import Driver, Rating, ScoreCard
from tracker.ratings.policy import ratings_seen_by
from tracker.ratings.rules import LOW_STARS, Figures, theme
from tracker.recovery.queries import OpenCases, open_cases_counted
from tracker.training.queries import late_count

ROWS_SHOWN = 5
LOOKED_BACK = timedelta(weeks=13)
STRENGTH = {"talk": 0, "watch": 1, "thanks": 2}
Theme = tuple[str, int, int]


@dataclass(frozen=True)
class BoardRow:
    """One person of the team: the shared figures, the open case, the next and the last talk, what low ratings share, courses overdue."""

    person: Person
    figures: Figures | None
    case: CoachingCase | None = None
    next_talk: CoachingSession | None = None
    last_talk_on: date | None = None
    theme: Theme | None = None
    late_courses: int = 0

    @property
    def concern(self) -> str | None:
        """Why this person is in the list of whom to talk to: talk, watch or thanks."""
        if self.case:
            return "talk"
        if self.figures and self.figures.is_watched:
            return "watch"
        if self.figures and self.figures.mark == "above":
            return "thanks"
        return None


@dataclass(frozen=True)
class Board:
    """A team's board. `teams`: all that the viewer leads; `rows` by name; `concerns` by strength of the reason; `complaints`: all that
    the viewer may act on, of whichever team."""

    team: Team
    teams: list[Team]
    rows: list[BoardRow]
    concerns: list[BoardRow] = field(default_factory=list)
    talks: list[BoardRow] = field(default_factory=list)
    week: int | None = None
    complaints: OpenCases = field(default_factory=lambda: OpenCases(0, 0, []))

    @property
    def to_talk_to(self) -> int:
        return sum(row.concern in {"talk", "watch"} for row in self.rows)

    @property
    def to_thank(self) -> int:
        return sum(row.concern == "thanks" for row in self.rows)

    @property
    def late(self) -> list[BoardRow]:
        """Who has a course overdue, by name."""
        return [row for row in self.rows if row.late_courses]

    @property
    def with_score(self) -> list[Figures]:
        return [row.figures for row in self.rows if row.figures and row.figures.score is not None]


def board_of(viewer: Viewer, asked: int | None) -> Board | None:
    """The board of the team asked for, or of the first one led; None when the viewer does not lead it."""
    found = _teams_with_people(viewer)
    teams = list(dict.fromkeys(team for team, *_of_person in found))
    team = next((team for team in teams if asked in {None, team.id}), None)
    if team is None:
        return None
    people = [(person, card, late) for of, person, card, late in found if of is team and person]
    rows = _rows(viewer, people)
    return Board(
        team,
        teams,
        rows,
        concerns=_with_themes(viewer, _concerns(rows)),
        talks=_by_time(rows),
        complaints=open_cases_counted(viewer),
        week=max((card.week for _person, card, _late in people if card), default=None),
    )


def _teams_with_people(viewer: Viewer) -> list[tuple[Team, Person | None, ScoreCard | None, int]]:
    """Every team led, each with its people, their shared cards and how many courses they have overdue, in one query."""
    found = db.session.execute(
        teams_led_by(viewer)
        .add_columns(Person, ScoreCard, late_count(Person.id, viewer.today))
        .outerjoin(Membership, and_(Membership.team_id == Team.id, *holds_on(Membership, viewer.today)))
        .outerjoin(Person, and_(Person.id == Membership.person_id, manages(viewer, Person.id)))
        .outerjoin(ScoreCard, and_(ScoreCard.person_id == Person.id, ScoreCard.audience == "shared"))
        .order_by(Team.id, Person.name, Person.id)
    )
    return [(team, person, card, late) for team, person, card, late in found]


def _rows(viewer: Viewer, people: list[tuple[Person, ScoreCard | None, int]]) -> list[BoardRow]:
    cases, upcoming, last = _talks(viewer, [person.id for person, _card, _late in people])
    return [
        BoardRow(
            person,
            Figures(card.figures) if card else None,
            case=cases.get(person.id),
            next_talk=upcoming.get(person.id),
            last_talk_on=last.get(person.id),
            late_courses=late,
        )
        for person, card, late in people
    ]


def _concerns(rows: Iterable[BoardRow]) -> list[BoardRow]:
    return sorted((row for row in rows if row.concern), key=lambda row: (STRENGTH[str(row.concern)], row.person.name))


def _by_time(rows: list[BoardRow]) -> list[BoardRow]:
    """Those with a planned talk, the next one first."""
    planned = [(row.next_talk.starts_at, row) for row in rows if row.next_talk]
    return [row for _starts_at, row in sorted(planned, key=itemgetter(0))]


def _with_themes(viewer: Viewer, rows: list[BoardRow]) -> list[BoardRow]:
    found = _themes(viewer, [row.person.id for row in rows if row.concern in {"talk", "watch"}])
    return [replace(row, theme=found.get(row.person.id)) for row in rows]


def _themes(viewer: Viewer, people: list[int]) -> dict[int, Theme]:
    """Person id -> what the low ratings of the last 13 weeks share, by name, as far as the viewer reads them."""
    # Keys are kept as a JSON list: a key is in it when its quoted form is in the text.
    about = cast(Rating.drivers, String).contains(literal('"').concat(Driver.key).concat('"'))
    found = db.session.execute(
        ratings_seen_by(viewer)
        .with_only_columns(Rating.person_id, Rating.id, Rating.stars, Driver.name)
        .outerjoin(Driver, about)
        .where(
            Rating.person_id.in_(people),
            Rating.stars <= LOW_STARS,
            Rating.excluded_at.is_(None),
            Rating.rated_on > viewer.today - LOOKED_BACK,
        )
    )
    ratings: dict[int | None, dict[int, tuple[int, list[str]]]] = defaultdict(dict)
    for person, rating, stars, driver in found:
        _stars, drivers = ratings[person].setdefault(rating, (stars, []))
        drivers.extend([driver] if driver else [])
    themes = {person: theme(list(low.values())) for person, low in ratings.items()}
    return {person: shared for person, shared in themes.items() if person is not None and shared}


def _talks(
    viewer: Viewer, people: list[int]
) -> tuple[dict[int, CoachingCase], dict[int, CoachingSession], dict[int, date]]:
    """Open case, planned talk and last held talk of each person, from one query."""
    cases: dict[int, CoachingCase] = {}
    upcoming: dict[int, CoachingSession] = {}
    last: dict[int, date] = {}
    statement = (
        cases_seen_by(viewer)
        .add_columns(CoachingSession)
        .outerjoin(CoachingSession, CoachingSession.case_id == CoachingCase.id)
        .where(CoachingCase.person_id.in_(people))
    )
    for case, session in db.session.execute(statement):
        if case.closed_at is None:
            cases[case.person_id] = case
        if session is None or session.called_off_at:
            continue
        if session.held_at is None and case.closed_at is None:
            upcoming[case.person_id] = session
        if session.held_at:
            last[case.person_id] = max(session.starts_on, last.get(case.person_id, session.starts_on))
    return cases, upcoming, last
