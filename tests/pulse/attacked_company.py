"""A random company made in the database by the product’s own actions, and rounds that it really answers: for test_attack_pages.py.

Everything that an attack may not find out is written down here, beside the product: who answered what, and where.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import select

from tests.factories import ZONE, a_person, an_organisation
from tests.pulse.organisations import IntArray, Organisation
from tests.pulse.rounds import OPENS, an_open_round, closed
from tracker.access.actions import open_account
from tracker.core.db import db, reading, transaction
from tracker.organisation.actions import add_person, appoint_manager, edit_team, end_employment, move_person, open_team
from tracker.organisation.models import Membership, Person, Team, Tenure
from tracker.pulse.answering import Answers, Outcome, Voter, answer, code_hash
from tracker.pulse.bank import RECOMMENDING, Item, items, next_items, stage_items
from tracker.pulse.models import PulseMember, PulseNode, PulseRound
from tracker.pulse.slips import make_slips

FIRST = next_items([])[0]
TURNED = next(item for item in items().values() if item.is_reversed and item.driver != FIRST.driver)
ASKED: tuple[Item, ...] = (FIRST, TURNED, items()["recommend_1"], stage_items()[1])
TEAM_SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 12)
OFFICE_SIZES = (0, 0, 1, 2, 3, 6)
LONG_BEFORE = date(2026, 1, 5)
MONTH = timedelta(days=28)
FIVES = np.eye(5, dtype=np.int64)


@dataclass
class Truth:
    """What one round holds: its nodes by id, and of each item the answers 1..5 (5 is the good end) of the people of each node."""

    round_id: int
    opens_at: datetime
    month: date
    ids: list[int]
    names: list[str]
    same: list[str]  # of each node what it is in every round: the top, the managers, or a team
    parent: IntArray
    stars: dict[str, IntArray]
    ballots: IntArray
    place: dict[int, int] = field(default_factory=dict)  # person -> index of a node

    def organisation(self, item: str) -> Organisation:
        return Organisation(self.parent, self.stars[item])

    @property
    def everybody(self) -> Organisation:
        """Whoever has answered at all, all alike."""
        return Organisation(self.parent, self.ballots[:, None] * FIVES[0])

    def index(self, name: str) -> int:
        return self.names.index(name)

    def members(self, node: int) -> set[int]:
        """Who was asked in a node or beneath it, whether or not they have answered."""
        within = self.everybody.within[node]
        return {person for person, place in self.place.items() if place in within}


@dataclass
class Company:
    rng: np.random.Generator
    ruth: Person  # admin
    chloe: Person  # HR
    nobody: Person  # in no team
    teams: list[int] = field(default_factory=list)
    rounds: list[Truth] = field(default_factory=list)

    @property
    def last_close(self) -> datetime:
        return self.rounds[-1].opens_at + timedelta(days=7)


def a_company(seed: int) -> Company:
    """Three or four levels, some teams of one to four, a manager for most, some people without mail, one in no team."""
    rng = np.random.default_rng([7, seed])
    db.session.expire_on_commit = False
    with transaction():
        an_organisation()
        people = [a_person(name, roles=roles) for name, roles in (("Ruth", ["admin"]), ("Chloe", ["hr"]), ("Nia", []))]
        company = Company(rng, *people)
        depth = [0]
        company.teams.append(_team(company, None).id)
        while len(depth) < rng.integers(6, 10):
            above = int(rng.choice([node for node, level in enumerate(depth) if level < (2 if seed % 2 else 3)]))
            depth.append(depth[above] + 1)
            company.teams.append(_team(company, company.teams[above]).id)
    _fill(company)
    return company


def _team(company: Company, parent_id: int | None) -> Team:
    made = open_team(
        {"name": f"Unit {len(company.teams):02}", "parent_id": parent_id, "time_zone": ZONE},
        by=company.ruth.id,
        at=OPENS - MONTH,
    )
    db.session.flush()
    return made


def _fill(company: Company) -> None:
    with transaction():
        teams = [db.session.get_one(Team, team_id) for team_id in company.teams]
        above = {team.parent_id for team in teams}
        for team in teams:
            for _person in range(int(company.rng.choice(OFFICE_SIZES if team.id in above else TEAM_SIZES))):
                _hire(company, team, since=LONG_BEFORE)
            if company.rng.random() < 0.7:
                leader = _hire(company, team, since=LONG_BEFORE)
                appoint_manager(team, leader, since=LONG_BEFORE, by=company.ruth.id, at=OPENS - MONTH)


def _hire(company: Company, team: Team, *, since: date) -> Person:
    number = int(company.rng.integers(10**9))
    details: dict[str, Any] = {"name": f"P{number}", "staff_number": f"S-{number}", "started_on": since}
    details["email"] = f"p{number}@zawadora.example" if company.rng.random() < 0.8 else None
    person = add_person(details, team=team, since=since, by=company.ruth.id, at=OPENS - MONTH)
    open_account(person, by=None, at=OPENS - MONTH)
    return person


# --- What happens between two rounds ---------------------------------------------------------------------------------


def time_passes(company: Company) -> None:
    """Some join, leave and change their team; a part of the tree moves; a team gets another name."""
    last = company.rounds[-1].opens_at
    at, day = last + timedelta(days=14), (last + timedelta(days=14)).date()
    rng, by = company.rng, company.ruth.id
    with transaction():
        teams = [db.session.get_one(Team, team_id) for team_id in company.teams]
        free = _free(company)
        leaver, mover = (free[place] for place in rng.choice(len(free), 2, replace=False))
        end_employment(leaver, on=day, by=by, at=at)
        _moved_person(mover, teams, rng, day=day, by=by, at=at)
        for _joiner in range(int(rng.integers(1, 4))):
            _hire(company, teams[rng.integers(len(teams))], since=day)
        renamed = teams[rng.integers(len(teams))]
        _edit(renamed, by=by, at=at, name=f"{renamed.name} anew")
        moved, beneath = teams[rng.integers(1, len(teams))], teams[rng.integers(len(teams))]
        if not _lies_in(beneath, moved, teams):
            _edit(moved, by=by, at=at, parent_id=beneath.id)


def _free(company: Company) -> list[Person]:
    """Who leads nothing and is still here."""
    leaders = select(Tenure.person_id)
    here = select(Person).where(Person.ended_on.is_(None), Person.id.in_(select(Membership.person_id)))
    return list(db.session.scalars(here.where(Person.id.not_in(leaders)).order_by(Person.id)))


def _moved_person(
    mover: Person, teams: list[Team], rng: np.random.Generator, *, day: date, by: int, at: datetime
) -> None:
    now = db.session.scalar(
        select(Membership.team_id).where(Membership.person_id == mover.id, Membership.ended_on.is_(None))
    )
    others = [team for team in teams if team.id != now]
    move_person(mover, others[rng.integers(len(others))], since=day, by=by, at=at)


def _edit(team: Team, *, by: int, at: datetime, **changed: Any) -> None:
    edit_team(team, {"name": team.name, "parent_id": team.parent_id, **changed}, by=by, at=at)


def _lies_in(team: Team, other: Team, teams: list[Team]) -> bool:
    by_id = {one.id: one for one in teams}
    above: Team | None = team
    while above is not None and above is not other:
        above = by_id.get(above.parent_id or 0)
    return above is not None


# --- A round ---------------------------------------------------------------------------------------------------------


def open_and_answer(company: Company, *, share: tuple[float, float] = (0.6, 1.0)) -> Truth:
    """A round that some answer signed in and some by a slip; it stays open."""
    opens_at = OPENS + MONTH * len(company.rounds)
    round_id = an_open_round(items=ASKED, opens_at=opens_at, uses_codes=bool(company.rng.random() < 0.5))
    truth = _frozen(round_id, opens_at)
    _answered(company, truth, float(company.rng.uniform(*share)), _leanings(company.rng, len(truth.ids)))
    company.rounds.append(truth)
    return truth


def close(truth: Truth) -> None:
    closed(truth.round_id, at=truth.opens_at + timedelta(days=7))


def _frozen(round_id: int, opens_at: datetime) -> Truth:
    with reading():
        nodes = list(db.session.scalars(select(PulseNode).where(PulseNode.round_id == round_id).order_by(PulseNode.id)))
        ids = [node.id for node in nodes]
        parent = [ids.index(node.parent_id) if node.parent_id else -1 for node in nodes]
        asked = select(PulseMember.person_id, PulseMember.node_id).where(PulseMember.round_id == round_id)
        members = db.session.execute(asked.order_by(PulseMember.person_id))
        place = {person: ids.index(node) for person, node in members}
        month = db.session.get_one(PulseRound, round_id).month
    return Truth(
        round_id,
        opens_at,
        month,
        ids,
        [node.name for node in nodes],
        [_same(node) for node in nodes],
        np.array(parent, dtype=np.int64),
        {item.key: np.zeros((len(ids), 5), np.int64) for item in ASKED},
        np.zeros(len(ids), np.int64),
        place,
    )


def _same(node: PulseNode) -> str:
    return "top" if node.parent_id is None else f"{node.kind} {node.team_id or ''}"


def _leanings(rng: np.random.Generator, nodes: int) -> list[dict[str, Any]]:
    """Of each node and item how likely each answer is; every third node thinks alike about it."""
    alike = [np.eye(5)[4], np.eye(5)[1], np.array([0, 0, 0, 0.5, 0.5]), np.array([0.4, 0.3, 0.3, 0, 0])]
    return [
        {
            item.key: alike[rng.integers(4)] if rng.random() < 0.35 else rng.dirichlet([1.0, 1.0, 2.0, 3.0, 3.0])
            for item in ASKED
        }
        for _node in range(nodes)
    ]


def _answered(company: Company, truth: Truth, share: float, leanings: list[dict[str, Any]]) -> None:
    rng = company.rng
    slips = _slips(company, truth)
    skipping = 0.0 if rng.random() < 0.5 else 0.1
    for person, place in truth.place.items():
        if rng.random() > share or person == company.chloe.id:  # HR looks at the form while the round is open
            continue
        stars = {
            key: int(rng.choice(5, p=leaning)) + 1
            for key, leaning in leanings[place].items()
            if rng.random() >= skipping
        }
        said = Answers({key: _as_said(key, star, rng) for key, star in stars.items()}, _words(truth, place, rng))
        if (person in slips and not slips[person]) or not stars:
            continue
        voter = Voter(code_hash=slips[person]) if person in slips else Voter(person_id=person)
        assert answer(truth.round_id, voter, said) == Outcome.KEPT
        truth.ballots[place] += 1
        for key, star in stars.items():
            truth.stars[key][place] += FIVES[_in_five(key, star) - 1]


def _slips(company: Company, truth: Truth) -> dict[int, str]:
    """Whoever answers on paper -> the hash of a slip of their team."""
    with reading():
        waiting = select(PulseMember.person_id).where(
            PulseMember.round_id == truth.round_id, PulseMember.by_code.is_(True)
        )
        people = list(db.session.scalars(waiting.order_by(PulseMember.person_id)))
    if not people:
        return {}
    with transaction():
        made = make_slips(
            db.session.get_one(PulseRound, truth.round_id), by=company.chloe.id, at=truth.opens_at + timedelta(hours=1)
        )
    codes = {team.team: list(team.codes) for team in made}
    return {person: code_hash(codes[truth.names[truth.place[person]]].pop()) for person in people}


def _as_said(key: str, star: int, rng: np.random.Generator) -> int:
    """The number that somebody gives to mean it: a reversed question the other way round, recommending from 0 to 10."""
    item = items()[key]
    if item.scale == RECOMMENDING:
        return int(rng.integers(*{1: (0, 7), 2: (0, 7), 3: (7, 9), 4: (9, 11), 5: (9, 11)}[star]))
    return 6 - star if item.is_reversed else star


def _in_five(key: str, star: int) -> int:
    return {1: 1, 2: 1, 3: 3, 4: 5, 5: 5}[star] if items()[key].scale == RECOMMENDING else star


def _words(truth: Truth, place: int, rng: np.random.Generator) -> dict[str, str]:
    """A comment that says where it is from."""
    return {ASKED[0].key: f"marker-{truth.ids[place]}-{rng.integers(10**6)}"} if rng.random() < 0.5 else {}
