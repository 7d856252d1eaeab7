"""What HR needs to prepare a round: what was asked before, whom today's directory would ask, and who is too few to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, or_, select

from tracker.core.db import db
from tracker.organisation.models import Membership, Person, Tenure
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import team_tree
from tracker.pulse.bank import Item
from tracker.pulse.models import PulseItem, PulseMember, PulseNode, PulseRound, PulseSchedule
from tracker.pulse.opening import MANAGERS, works_on
from tracker.statistics.disclosure import publishable

OWN = "own_"  # how the keys of HR's own questions begin
ASKED = ("open", "closing", "closed", "lost")  # states of rounds that staff have seen


@dataclass(frozen=True)
class Small:
    """A group that cannot be shown by itself even if all answer: how many it has, and with whom it is counted."""

    name: str
    people: int
    counted_with: str | None  # None: no group above it is large enough either


@dataclass(frozen=True)
class Staff:
    """Whom a round would ask today."""

    people: int
    without_mail: int
    small: list[Small]


def the_schedule() -> PulseSchedule:
    """The cadence as it stands; before anybody has chosen one, off."""
    kept = db.session.get(PulseSchedule, 1)
    off = PulseSchedule(is_on=False, week=1, weekday=1, every_months=1, open_days=7, k_score=5, k_comment=8)
    off.uses_codes = False
    return kept or off


def keys_asked(*, before: datetime, at: datetime) -> list[list[str]]:
    """The keys of each round that was or will be asked before a moment, oldest first. A draft whose day has passed asked nobody."""
    rounds = select(PulseRound.items).where(
        PulseRound.state != "cancelled",
        or_(PulseRound.state != "draft", PulseRound.opens_at > at),
        PulseRound.opens_at < before,
    )
    rows = db.session.scalars(rounds.order_by(PulseRound.opens_at, PulseRound.id))
    return [[str(stored["key"]) for stored in items] for items in rows]


def last_asked() -> dict[str, date]:
    """By key, the month of the last round that has asked it."""
    rounds = select(PulseRound.month, PulseRound.items).where(PulseRound.state.in_(ASKED)).order_by(PulseRound.opens_at)
    return {stored["key"]: month for month, items in db.session.execute(rounds) for stored in items}


def own_questions() -> list[PulseItem]:
    """Those that HR wrote, the newest first."""
    return list(db.session.scalars(select(PulseItem).order_by(PulseItem.id.desc())))


def own_items() -> list[Item]:
    """Those of them that can be asked."""
    return [item_of(question) for question in own_questions() if question.retired_at is None]


def item_of(question: PulseItem) -> Item:
    return Item(f"{OWN}{question.id}", question.text, is_reversed=question.is_reversed)


def overlapping(opens_at: datetime, closes_at: datetime, *, but: int | None) -> PulseRound | None:
    """Another round that is planned or open in these days."""
    others = select(PulseRound).where(
        PulseRound.state.in_(["planned", "open", "closing"]),
        PulseRound.opens_at < closes_at,
        PulseRound.closes_at > opens_at,
    )
    others = others if but is None else others.where(PulseRound.id != but)
    return db.session.scalars(others.order_by(PulseRound.opens_at).limit(1)).first()


def staff_on(today: date, *, k: int) -> Staff:
    """By the directory of a day: it says nothing of answers, for nobody has been asked yet."""
    counts = _people_by_place(today)
    without = select(func.count()).where(Person.email.is_(None), *works_on(today))
    return Staff(sum(counts.values()), db.session.scalar(without) or 0, _too_small(counts, k))


Place = tuple[int | None, bool]  # team, and whether they manage one


def _people_by_place(today: date) -> dict[Place, int]:
    """How many would be asked where, as opening.py places them."""
    leads = exists(
        select(Tenure.id).where(Tenure.person_id == Person.id, Tenure.kind == "manager", *holds_on(Tenure, today))
    )
    here = (
        select(Membership.team_id.label("team_id"), leads.label("leads"))
        .select_from(Person)
        .outerjoin(Membership, and_(Membership.person_id == Person.id, *holds_on(Membership, today)))
        .where(*works_on(today))
        .subquery()
    )
    rows = db.session.execute(select(here.c.team_id, here.c.leads, func.count()).group_by(here.c.team_id, here.c.leads))
    found: dict[Place, int] = {}
    for team_id, leads_one, count in rows:
        place = (None, True) if leads_one else (team_id, False)
        found[place] = found.get(place, 0) + count
    return found


def _too_small(counts: Mapping[Place, int], k: int) -> list[Small]:
    """The groups that would stay hidden if everybody answered, by name."""
    tree = team_tree()
    tops = [team_id for team_id, team in tree.teams.items() if team.parent_id is None]
    top = 0  # where those in no team are, and those who manage one; also the only team at the top
    places = [top, *(team_id for team_id in tree.teams if tops != [team_id]), -1]
    index = {team_id: number for number, team_id in enumerate(places)}
    index |= {tops[0]: 0} if len(tops) == 1 else {}
    parent = [-1, *(index[tree.teams[place].parent_id or top] for place in places[1:-1]), 0]
    own = [0] * len(places)
    for (team_id, leads), count in counts.items():
        own[len(places) - 1 if leads else index[team_id or top]] += count
    total = _with_beneath(own, parent)
    shown = publishable(parent, total, k)
    names = ["", *(tree.teams[place].name for place in places[1:-1]), MANAGERS]
    names[0] = tree.teams[tops[0]].name if len(tops) == 1 else ""
    hidden = [number for number in range(1, len(places)) if total[number] and not shown[number]]
    small = [Small(names[one], total[one], _nearest(one, parent, shown, names)) for one in hidden]
    return sorted(small, key=lambda group: (group.name, group.people))


def _with_beneath(own: list[int], parent: list[int]) -> list[int]:
    total = list(own)
    for number, count in enumerate(own):
        above = parent[number]
        while above >= 0:
            total[above] += count
            above = parent[above]
    return total


def _nearest(number: int, parent: list[int], shown: object, names: list[str]) -> str | None:
    above = parent[number]
    while above >= 0:
        if shown[above]:  # type: ignore[index]  # an array of yes and no
            return names[above]
        above = parent[above]
    return None


def slips_by_node(round_id: int) -> list[tuple[int, str, int]]:
    """(node, its name, how many answer there by a code), by name. It says who has no mail, nothing of answers."""
    waiting = (
        select(PulseNode.id, PulseNode.name, func.count())
        .join(PulseMember, PulseMember.node_id == PulseNode.id)
        .where(PulseNode.round_id == round_id, PulseMember.by_code.is_(True))
        .group_by(PulseNode.id, PulseNode.name)
        .order_by(PulseNode.name, PulseNode.id)
    )
    return [(node_id, name, count) for node_id, name, count in db.session.execute(waiting)]
