"""What stands in the way in the demo company: a rule whose answer is overdue, a plan at noon that waits for Brian’s word, labels
that will change, and one that too few have named to be counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from tracker.access.queries import people_with_role
from tracker.core.db import db, transaction
from tracker.obstacles.actions import answer, give, say
from tracker.obstacles.jobs import follow_up
from tracker.organisation.models import Team
from tracker.organisation.queries import leaders_on
from tracker.ratings.models import Rating, Touchpoint
from tracker.ratings.obstacle_models import Cause
from tracker.ratings.obstacles import Named, cause_named

SEED = 2_604
UNHAPPY = 3
SINCE = timedelta(weeks=20)


@dataclass(frozen=True)
class Story:
    """Who says it about which unhappy ratings, and who is asked to answer `asked` days ago, within `within` days."""

    name: str
    kind: str
    touchpoints: tuple[str, ...]
    people: int
    each: int
    words: tuple[str, ...]
    owner: str | None = None
    asked: int = 0
    within: int = 0


STORIES = (
    Story(
        "Returns need a receipt",
        "policy",
        ("Returns and guarantees",),
        14,
        2,
        (
            "He had the bank’s message with the sum and the day on his phone. I still had to say no.",
            "It was a present. Nobody gives the receipt with a present.",
            "She had bought it from me, I remembered her.",
        ),
        owner="Head office",
        asked=40,
        within=28,
    ),
    Story(
        "Two tills open at noon",
        "staffing",
        ("Tills",),
        11,
        2,
        (
            "Twenty people in the queue, and two of us. I asked for a third till and there was nobody.",
            "I could only say sorry for the wait.",
            "From twelve to two it is always the same. The plan says two tills, the car park says five.",
        ),
        owner="Nairobi Central tills",
        asked=6,
        within=14,
    ),
    Story(
        "Shelf labels show last week’s price",
        "system",
        ("Product advice", "Tills"),
        9,
        1,
        ("The shelf said 180, the till 210. I am not allowed to change it.",),
        owner="Nairobi Central floor",
        asked=30,
        within=14,
    ),
    Story("No spare parts for kettles", "stock", ("Returns and guarantees",), 2, 1, ()),
)
ANSWER = (
    "From next month labels are printed in the shop on the morning a price changes. Until then the lower price counts."
)
CHANGES_IN = timedelta(days=24)


def name_obstacles(at: datetime) -> None:
    """Through the product’s own actions, in the order of time; nothing where the seed gave too few unhappy ratings."""
    chance = Random(SEED)
    with transaction():
        taken: set[int] = set()
        found = [pick for story in STORIES for pick in _picked(story, taken, chance, at)]
        for rating, story, words in sorted(found, key=lambda pick: (pick[0].rated_at, pick[0].id)):
            named = Named(kind=story.kind, name=story.name)
            say(rating, named, words=words, shares=bool(words), at=min(rating.rated_at + timedelta(hours=3), at))
        for story in STORIES:
            _ask(story, at)
        _answer_labels(at)
    follow_up(at)


def _picked(story: Story, taken: set[int], chance: Random, at: datetime) -> Iterator[tuple[Rating, Story, str | None]]:
    """Unhappy ratings of so many people; the first authors wrote something, and let it be read."""
    rows = (
        select(Rating)
        .join(Touchpoint, Touchpoint.id == Rating.touchpoint_id)
        .where(
            Touchpoint.name.in_(story.touchpoints),
            Rating.stars <= UNHAPPY,
            Rating.person_id.is_not(None),
            Rating.excluded_at.is_(None),
            Rating.rated_at.between(at - SINCE, at - timedelta(days=9)),
        )
        .order_by(Rating.rated_at, Rating.source, Rating.external_id)
    )
    of_people: dict[int, list[Rating]] = {}
    for rating in db.session.scalars(rows):
        if rating.id not in taken:
            of_people.setdefault(int(rating.person_id or 0), []).append(rating)
    people, words = list(of_people.values()), iter(story.words)
    for mine in chance.sample(people, min(story.people, len(people))):
        for rating in chance.sample(mine, min(story.each, len(mine))):
            taken.add(rating.id)
            yield rating, story, next(words, None)


def _ask(story: Story, at: datetime) -> None:
    cause, asked_at = cause_named(story.name), at - timedelta(days=story.asked)
    office = people_with_role("hr")[:1]
    if story.owner is None or cause is None or not office:
        return
    team = db.session.scalars(select(Team).where(Team.name == story.owner)).one()
    due_on = asked_at.date() + timedelta(days=story.within)
    give(cause, team, due_on=due_on, by=office[0], at=asked_at)


def _answer_labels(at: datetime) -> None:
    cause: Cause | None = cause_named(STORIES[2].name)
    if cause is None or cause.owner_id is None:
        return
    answered_at = at - timedelta(days=5)
    leader = leaders_on(answered_at.date()).of_team(cause.owner_id)
    if leader is not None:
        change_on = at.date() + CHANGES_IN
        answer(cause, kind="planned", words=ANSWER, change_on=change_on, by=leader, at=answered_at)
