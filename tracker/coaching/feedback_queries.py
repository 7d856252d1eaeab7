"""What leaders read of the answers about them, and what HR reads of coaching by leader. Only closed batches, ever."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import median

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from tracker.coaching.feedback_models import CoachFeedbackBatch, CoachFeedbackRequest, CoachFeedbackWords
from tracker.coaching.feedback_policy import batches_seen_by, reads_quality
from tracker.coaching.feedback_rules import ITEMS
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Person
from tracker.statistics.intervals import t_quantile
from tracker.statistics.proportions import wilson

FEWEST_COACHED = 20
PERIOD = timedelta(weeks=52)


@dataclass(frozen=True)
class Mark:
    """One item: mean of n answers, with its likely range (95 %) inside 1 to 5."""

    item: str
    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Batch:
    """One closed batch as its leader reads it. `words`: shuffled, of `words_from` answers."""

    month: date
    n: int
    marks: list[Mark]
    words: list[str]
    words_from: int


def with_leader(requests: Select[CoachFeedbackRequest]) -> Select[CoachFeedbackRequest]:
    return requests.options(joinedload(CoachFeedbackRequest.leader))


def own_batches(viewer: Viewer) -> list[Batch]:
    """Closed batches about the viewer's own coaching, the newest first."""
    rows = list(db.session.scalars(batches_seen_by(viewer).order_by(CoachFeedbackBatch.id.desc()).limit(24)))
    words: dict[int | None, list[str]] = defaultdict(list)
    shown = select(CoachFeedbackWords.batch_id, CoachFeedbackWords.text)
    for batch_id, text in db.session.execute(shown.where(CoachFeedbackWords.batch_id.in_([row.id for row in rows]))):
        words[batch_id].append(text)
    return [Batch(row.month, row.n, _marks([row]), _shuffled(words[row.id]), row.words_from) for row in rows]


@dataclass(frozen=True)
class Quality:
    """Coaching by one leader over 52 weeks, from 20 people coached.

    days: median from the end of the head start to the first talk, over `talks` cases; followed_up of `ended` closed cases with
    a talk, with the share's likely range; marks: closed batches of these weeks taken together."""

    leader: str
    coached: int
    days: int
    talks: int
    followed_up: int
    ended: int
    followed_up_range: tuple[float, float] | None
    marks: list[Mark]


@dataclass(frozen=True)
class CoachQuality:
    leaders: list[Quality]
    too_few: int  # leaders with talks, but fewer than 20 people coached


def coach_quality(viewer: Viewer) -> CoachQuality:
    """By leader, in the order of their names: never by a figure. Nothing for whoever may not read it, nobody about oneself."""
    if not reads_quality(viewer):
        return CoachQuality([], 0)
    talks = _first_talks(viewer)
    batches = _batches_by_leader(viewer)
    people = {leader: {talk.person_id for talk in held} for leader, held in talks.items()}
    enough = [leader for leader, coached in people.items() if len(coached) >= FEWEST_COACHED]
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(enough)))
    names = {row.id: row.name for row in rows}
    found = [
        _quality(names[leader], len(people[leader]), talks[leader], batches[leader])
        for leader in sorted(enough, key=lambda leader: (names[leader], leader))
    ]
    return CoachQuality(found, len(people) - len(enough))


@dataclass(frozen=True)
class _Talk:
    person_id: int
    days: int
    is_closed: bool
    was_followed_up: bool


def _first_talks(viewer: Viewer) -> dict[int, list[_Talk]]:
    """Leader -> the first talk held in each case of the last 52 weeks."""
    statement = (
        select(
            CoachingSession.led_by_id,
            CoachingCase.person_id,
            CoachingCase.shares_at,
            CoachingSession.held_at,
            CoachingCase.closed_at,
            CoachingCase.closed_because,
        )
        .join(CoachingCase, CoachingCase.id == CoachingSession.case_id)
        .where(
            CoachingSession.kind == "talk",
            CoachingSession.held_at.between(viewer.at - PERIOD, viewer.at),
            CoachingCase.shares_at <= viewer.at,
            CoachingSession.led_by_id != viewer.person_id,
            CoachingSession.led_by_id != CoachingCase.person_id,
        )
    )
    found: dict[int, list[_Talk]] = defaultdict(list)
    for leader, person, shares_at, held_at, closed_at, because in db.session.execute(statement):
        days = max(0, (held_at - shares_at).days) if held_at else 0
        found[leader].append(_Talk(person, days, closed_at is not None, because == "followed_up"))
    return found


def _batches_by_leader(viewer: Viewer) -> dict[int, list[CoachFeedbackBatch]]:
    recent = select(CoachFeedbackBatch).where(CoachFeedbackBatch.month > viewer.today - PERIOD)
    found: dict[int, list[CoachFeedbackBatch]] = defaultdict(list)
    for batch in db.session.scalars(recent):
        found[batch.leader_id].append(batch)
    return found


def _quality(name: str, coached: int, talks: Sequence[_Talk], batches: Sequence[CoachFeedbackBatch]) -> Quality:
    ended = [talk for talk in talks if talk.is_closed]
    followed_up = sum(talk.was_followed_up for talk in ended)
    return Quality(
        leader=name,
        coached=coached,
        days=round(median(talk.days for talk in talks)),
        talks=len(talks),
        followed_up=followed_up,
        ended=len(ended),
        followed_up_range=wilson(followed_up, len(ended)) if ended else None,
        marks=_marks(batches),
    )


def _marks(batches: Sequence[CoachFeedbackBatch]) -> list[Mark]:
    """Batches taken together: the mean of all their answers, and its range from the spread inside and between them."""
    n = sum(batch.n for batch in batches)
    return [_mark(item, n, batches) for item in ITEMS] if n else []


def _mark(item: str, n: int, batches: Sequence[CoachFeedbackBatch]) -> Mark:
    mean = sum(batch.n * batch.figures[item]["mean"] for batch in batches) / n
    squares = sum(
        batch.n * (batch.figures[item]["sd"] ** 2 + (batch.figures[item]["mean"] - mean) ** 2) for batch in batches
    )
    half = t_quantile(n - 1) * sqrt(squares / (n - 1) / n)  # a batch has five answers or more
    return Mark(item, n, mean, max(1.0, mean - half), min(5.0, mean + half))


def _shuffled(words: list[str]) -> list[str]:
    """In no order that says anything; another one at every reading."""
    return random.SystemRandom().sample(words, len(words))
