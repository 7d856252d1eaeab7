"""Fourteen months of the pulse in the demo company, and a round that is open now.

The truth is built in, so that a report can be seen to find it: how much power to fix things a team feels in a month follows from how
its customers rate it in the NEXT month (against what others get at the same touchpoint), with noise. So in this company, and because
we made it so, power comes before satisfaction. Nairobi Central tills are short of staff for four months; that is in their answers alone.
All else is chance. Answers go through sealed boxes and the close of every round: what is published is what the product published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import select

from tracker.core import clock
from tracker.core.db import db, reading
from tracker.demo.places import ZONE
from tracker.demo.pulse_plans import REPLY_CODE
from tracker.demo.pulse_words import ASKS_FOR_A_REPLY, WORDS
from tracker.demo.story import AMINA, KEVIN
from tracker.organisation.models import Person, Team
from tracker.pulse.answering import Answers
from tracker.pulse.bank import RECOMMENDING, Item, items, next_items
from tracker.pulse.closing import StillRead, clean_all, close_round
from tracker.pulse.past import answer_past, asked_in, open_past
from tracker.ratings.models import Rating

SEED, ROUNDS = 7_051, 14
OPENED, OPEN_DAYS, MORNING = timedelta(days=2), timedelta(days=7), time(8)
SHORT_STAFFED, TROUBLE = "Nairobi Central tills", range(9, 13)  # the rounds, counted from 0
STAFFING = "staffing_1"
ANSWER, ANSWER_SO_FAR, WRITE = 0.95, 0.45, 0.12  # shares of people
USUAL, LINK, WIDEST = 3.7, 0.6, 2.0
SHORT = -0.9  # not lower: where nobody agrees, a group of under ten is hidden
PATIENT = (AMINA, KEVIN, "N-0107", "M-0204", "H-0007", "H-0011")  # who can be tried out: they have not answered yet
FEWEST = 10  # ratings of a team in a month

log = structlog.get_logger()


@dataclass(frozen=True)
class Moment:
    """One round: its number, when it opens and closes, and the month whose ratings its answers come before, as year * 12 + month."""

    number: int
    opens_at: datetime
    closes_at: datetime

    @property
    def next_month(self) -> int:
        return _month(self.closes_at) + 1


def hold_rounds(at: datetime) -> None:
    """From the oldest to the one that is open."""
    chance = Random(SEED)
    link, people, teams = _link(), _people(), _teams()
    asked: list[list[str]] = []
    closed = []
    for number in range(ROUNDS + 1):
        moment = _moment(number, at)
        questions = _questions(number, asked)
        asked.append([item.key for item in questions])
        day = clock.local_day(moment.opens_at, ZONE)
        round_id = open_past(items=questions, opens_at=moment.opens_at, closes_at=moment.closes_at, today=day)
        said = _Answering(chance, moment, questions, link, teams).of(
            asked_in(round_id), people, is_open=number == ROUNDS
        )
        if number == ROUNDS - 1:
            said |= _asks_for_a_reply(said, asked_in(round_id), teams, questions[0])
        answer_past(round_id, said)
        if number < ROUNDS:
            close_round(round_id, by=None, at=moment.closes_at)
            closed.append(round_id)
    try:
        clean_all(closed, at=at)
    except StillRead:  # somebody looks at the demo already: the timetable cleans up
        log.info("demo_pulse_cleaned_later")


def _asks_for_a_reply(
    said: Mapping[int, Answers], asked: Mapping[int, int | None], teams: Mapping[int, str], item: Item
) -> dict[int, Answers]:
    """Somebody at the tills keeps a code in the newest round, so that there is a conversation to look at (pulse_plans.py)."""
    writer = next(person for person in sorted(said) if teams.get(asked[person] or 0) == SHORT_STAFFED)
    return {writer: Answers(said[writer].numbers, {item.key: ASKS_FOR_A_REPLY}, REPLY_CODE)}


def _moment(number: int, at: datetime) -> Moment:
    """The last round opened two days ago, each other one a month before the next."""
    newest = clock.local_day(at - OPENED, ZONE)
    months = newest.year * 12 + newest.month - 1 - (ROUNDS - number)
    day = newest.replace(year=months // 12, month=months % 12 + 1, day=min(newest.day, 28))
    opens_at = clock.moment_at(day, MORNING, ZONE)
    return Moment(number, opens_at, opens_at + OPEN_DAYS)


def _questions(number: int, asked: list[list[str]]) -> list[Item]:
    """As the product chooses them; while it is short somewhere, HR asks everybody about staffing as well."""
    chosen = next_items(asked)
    also = [items()[STAFFING]] if number in TROUBLE and STAFFING not in {item.key for item in chosen} else []
    return [*chosen, *also]


def _people() -> dict[int, str]:
    with reading():
        return dict(db.session.execute(select(Person.id, Person.staff_number)).all())


def _teams() -> dict[int, str]:
    with reading():
        return dict(db.session.execute(select(Team.id, Team.name)).all())


def _link() -> dict[tuple[int, int], float]:
    """(team, month) -> how much better or worse than usual its customers rated it then, in standard deviations."""
    columns = (Rating.team_id, Rating.rated_on, Rating.touchpoint_id, Rating.channel_id, Rating.stars)
    with reading():
        rows = db.session.execute(select(*columns).where(Rating.team_id.is_not(None)).order_by(Rating.id)).all()
    stars = np.array([row[4] for row in rows], np.float64)
    beyond = stars - _mean_by([(row[2], row[3]) for row in rows], stars)
    of_rows = [(int(row[0] or 0), row[1].year * 12 + row[1].month) for row in rows]
    groups = sorted(set(of_rows))
    place = {group: index for index, group in enumerate(groups)}
    at = np.array([place[group] for group in of_rows], np.int64)
    n = np.bincount(at, minlength=len(groups))
    means = np.bincount(at, beyond, len(groups)) / np.maximum(n, 1)
    spread = float(means[n >= FEWEST].std()) or 1.0
    known = {group: float(np.clip(mean / spread, -WIDEST, WIDEST)) for group, mean in zip(groups, means, strict=True)}
    return {group: known[group] for group in groups if n[place[group]] >= FEWEST}


def _mean_by(cells: list[tuple[int | None, int | None]], stars: NDArray[np.float64]) -> NDArray[np.float64]:
    names = {cell: index for index, cell in enumerate(dict.fromkeys(cells))}
    at = np.array([names[cell] for cell in cells], np.int64)
    means: NDArray[np.float64] = np.bincount(at, stars) / np.bincount(at)
    return means[at]


def _month(moment: datetime) -> int:
    day = clock.local_day(moment, ZONE)
    return day.year * 12 + day.month


@dataclass(frozen=True)
class _Answering:
    """Who says what in one round."""

    chance: Random
    moment: Moment
    questions: list[Item]
    link: Mapping[tuple[int, int], float]
    teams: Mapping[int, str]

    def of(self, asked: Mapping[int, int | None], people: Mapping[int, str], *, is_open: bool) -> dict[int, Answers]:
        """In the order of staff numbers, so that the same seed tells the same story."""
        said = {}
        for person in sorted(asked, key=lambda id: people[id]):
            answers = self.chance.random() < (ANSWER_SO_FAR if is_open else ANSWER)
            mood = Random(people[person]).gauss(0, 0.5)
            words = self._answers(asked[person], mood)
            if answers and not (is_open and people[person] in PATIENT):
                said[person] = words
        return said

    def _answers(self, team: int | None, mood: float) -> Answers:
        numbers = {item.key: self._number(item, team, mood) for item in self.questions}
        item = self.chance.choice(self.questions)
        writes, french = self.chance.random() < WRITE, self.chance.random()
        words = self._words(item, numbers[item.key], "fr" if french < 0.1 else "sw" if french < 0.4 else "en")
        return Answers(numbers, {item.key: words} if writes and words else {})

    def _number(self, item: Item, team: int | None, mood: float) -> int:
        feels = USUAL + mood + self._lifts(item, team) + self.chance.gauss(0, 0.6)
        if item.scale == RECOMMENDING:
            return max(0, min(10, round(2.2 * feels)))
        clicked = max(1, min(5, round(feels)))
        return 6 - clicked if item.is_reversed else clicked

    def _lifts(self, item: Item, team: int | None) -> float:
        """What is more than chance in it."""
        if item.driver == "power" and team is not None:
            return LINK * self.link.get((team, self.moment.next_month), 0.0)
        if item.driver == "staffing" and team is not None and self._is_short(team):
            return SHORT
        if item.stage:
            return 1.1 if team is None else 0.7  # whoever leads is further from it
        return 0.0

    def _is_short(self, team: int) -> bool:
        return self.teams[team] == SHORT_STAFFED and self.moment.number in TROUBLE

    def _words(self, item: Item, number: int, language: str) -> str:
        """What somebody who clicked that would write; nothing where there are no words for it."""
        happy, unhappy = WORDS.get("stage" if item.stage else item.driver or "", {}).get(language, ((), ()))
        is_good = (number >= 4) != item.is_reversed
        fitting = happy if is_good else unhappy
        return self.chance.choice(fitting) if fitting else ""
