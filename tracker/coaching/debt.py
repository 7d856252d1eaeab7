"""Who has talks waiting, and how long: counted by leader. No employee, no figure.

Who leads fewer than five people is not listed before a talk has gone further up anyway: in so small a team a count comes close to a
name. Nothing that is still the employee's alone is counted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.coaching.reminding import Lead, days_waited, lead_of
from tracker.coaching.rules import ABOVE, STEPS
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Person
from tracker.organisation.policy import cell
from tracker.organisation.queries import Leaders, leaders_on
from tracker.statistics.disclosure import SMALLEST_GROUP

GONE_UP_AFTER = STEPS[ABOVE].after_working_days
_Key = tuple[int | None, int | None]


@dataclass(frozen=True)
class Debt:
    """One leader's waiting talks; `leader` is None where nobody leads the team. `longest`: working days; `teams`: their names."""

    leader: Person | None
    teams: list[str]
    count: int
    longest: int
    since: date | None

    @property
    def has_gone_up(self) -> bool:
        return self.longest >= GONE_UP_AFTER


def may_see_debts(viewer: Viewer) -> bool:
    """HR, and whoever leads a team with other teams beneath it (`coaching_reminder.read`, in groups)."""
    return _as_hr(viewer) or (viewer.manages and bool(_teams_beneath(viewer, leaders_on(viewer.today))))


def debts_seen_by(viewer: Viewer) -> list[Debt]:
    """By leader, the longest waiting first; never one's own talks, nor a case about oneself."""
    leaders = leaders_on(viewer.today)
    reach = None if _as_hr(viewer) else _teams_beneath(viewer, leaders)
    waiting = [
        case for case in _waiting(viewer) if reach is None or leaders.team_by_person.get(case.person_id) in reach
    ]
    days = days_waited(waiting, at=viewer.at)
    by_leader: dict[_Key, list[CoachingCase]] = defaultdict(list)
    for case in waiting:
        lead = lead_of(leaders, case.person_id)
        if viewer.person_id not in {lead.leader, lead.present}:
            by_leader[_key(case, lead, leaders)].append(case)
    sizes = _sizes(leaders)
    names = _people(key[0] for key in by_leader)
    debts = [(key, _debt(key, cases, days, leaders, names)) for key, cases in by_leader.items()]
    shown = [debt for key, debt in debts if debt.has_gone_up or sizes[key] >= SMALLEST_GROUP]
    return sorted(shown, key=lambda debt: (-debt.longest, -debt.count, debt.leader.name if debt.leader else ""))


def _as_hr(viewer: Viewer) -> bool:
    return "hr" in viewer.roles and cell("coaching_reminder.read", "hr") == "G"


def _teams_beneath(viewer: Viewer, leaders: Leaders) -> set[int]:
    """Teams below those that the viewer leads, which somebody else leads or nobody."""
    if cell("coaching_reminder.read", "skip") != "G":
        return set()
    led = {team for team in leaders.tree.teams if viewer.person_id in _leading(leaders, team)}
    return {below for team in led for below in leaders.tree.beneath(team)} - led


def _leading(leaders: Leaders, team_id: int) -> list[int | None]:
    return [leaders.managers.get(team_id), *leaders.deputies.get(team_id, [])]


def _waiting(viewer: Viewer) -> list[CoachingCase]:
    """Open cases after their head start in which no talk lies ahead."""
    ahead = select(CoachingSession.case_id).where(
        CoachingSession.held_at.is_(None),
        CoachingSession.called_off_at.is_(None),
        CoachingSession.starts_at > viewer.at,
    )
    return list(
        db.session.scalars(
            select(CoachingCase).where(
                CoachingCase.closed_at.is_(None),
                CoachingCase.shared_at.is_not(None),
                CoachingCase.shares_at <= viewer.at,
                CoachingCase.person_id != viewer.person_id,
                CoachingCase.id.not_in(ahead),
            )
        )
    )


def _key(case: CoachingCase, lead: Lead, leaders: Leaders) -> _Key:
    """By leader; where there is none, by team."""
    return (lead.leader, None) if lead.leader else (None, leaders.team_by_person.get(case.person_id))


def _sizes(leaders: Leaders) -> Counter[_Key]:
    """How many people each leader leads, and how many are in each team that nobody leads."""
    sizes: Counter[_Key] = Counter()
    for person_id, team_id in leaders.team_by_person.items():
        leader = next((one for one in _leading(leaders, team_id) if one not in {None, person_id}), None)
        sizes[(leader, None) if leader else (None, team_id)] += 1
    return sizes


def _people(ids: Iterable[int | None]) -> dict[int, Person]:
    wanted = [id for id in ids if id is not None]
    return {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(wanted)))}


def _debt(
    key: _Key, cases: list[CoachingCase], days: dict[int, int], leaders: Leaders, names: dict[int, Person]
) -> Debt:
    teams = {leaders.team_by_person.get(case.person_id) for case in cases}
    oldest = max(cases, key=lambda case: days[case.id])
    return Debt(
        leader=names.get(key[0]) if key[0] else None,
        teams=sorted(leaders.tree.teams[team].name for team in teams if team is not None),
        count=len(cases),
        longest=days[oldest.id],
        since=oldest.clock_starts_on,
    )
