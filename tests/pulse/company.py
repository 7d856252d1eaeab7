"""A company with rounds behind it: tills and floor large enough to be shown, a corner too small, and leaders apart."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_person, a_team
from tests.pulse.rounds import an_open_round, closed, everybody_answers
from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Team
from tracker.pulse.bank import Item, items, next_items

OCTOBER = datetime(2026, 10, 5, 5, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
WITH_ENPS: tuple[Item, ...] = (*next_items([])[:4], items()["recommend_1"], items()["motivation_3"])
KEYS = [item.key for item in WITH_ENPS]
ByName = Callable[[str, int], Mapping[str, int]]  # somebody's name, and their place by name among all


def grown(cast: Cast, *, tills: int = 12, floor: int = 9, corner: int = 3) -> Team:
    """So many people in each team, leaders apart; gives the corner, which is too small to be shown."""
    with transaction():
        small = a_team("Repairs corner", parent=db.session.get_one(Team, cast.tills.parent_id))
        for team, name, size in (
            (cast.tills, "Till", tills - 2),
            (cast.floor, "Floor", floor),
            (small, "Corner", corner),
        ):
            for number in range(size):
                a_person(f"{name} {number:03}", team=team)
        for number in range(6):
            a_person(f"Office {number}", team=cast.root)
    return small


def mixed(_name: str, place: int) -> dict[str, int]:
    """Answers all over the scale, the same each time for the same person."""
    said = {key: 1 + (place * 7 + at * 3) % 5 for at, key in enumerate(KEYS)}
    return {**said, "recommend_1": (place * 7) % 11}


def a_closed_round(say: ByName = mixed, *, opens_at: datetime = NOVEMBER, **given: Any) -> int:
    """Everybody who is asked answers; closed a week later."""
    round_id = an_answered_round(say, opens_at=opens_at, **given)
    closed(round_id, at=opens_at + timedelta(days=7))
    return round_id


def an_answered_round(say: ByName = mixed, *, opens_at: datetime = NOVEMBER, **given: Any) -> int:
    words, asked = given.pop("words", None), given.pop("items", WITH_ENPS)
    keys = {item.key for item in asked}
    round_id = an_open_round(items=asked, opens_at=opens_at, **given)
    names = dict(db.session.execute(select(Person.id, Person.name).order_by(Person.name)).all())
    places = {person_id: place for place, person_id in enumerate(names)}
    everybody_answers(
        round_id,
        lambda person: {key: said for key, said in say(names[person], places[person]).items() if key in keys},
        words=words,
    )
    return round_id
