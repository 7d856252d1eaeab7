"""Who held a post at a moment: one question for one moment, or a roster for many."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.organisation.models import Person, Team
from tracker.posts.models import STANDS, Post, Shift
from tracker.posts.rules import LONGEST, keys_in

IN_ONE_QUESTION = 500


def holder_of(place: str | None, moment: datetime, *, team_id: int | None = None, but: int | None = None) -> int | None:
    """Who alone held the post of that name then: whom the service ended there is credited to. None when nobody did, when
    several did, when the name stands for posts of several teams, and when it would be `but`, who may not be credited."""
    held = holders_of(place, moment, team_id=team_id)
    return held[0] if len(held) == 1 and held[0] != but else None


def holders_of(place: str | None, moment: datetime, *, team_id: int | None = None) -> list[int]:
    """Everybody who held a post of that name then."""
    return Roster([place] if place else [], since=moment, until=moment).holders(place or "", moment, team_id=team_id)


class Roster:
    """Who held which of these posts in these days, loaded with two questions (one more for each 500 posts)."""

    def __init__(self, places: Iterable[str], *, since: datetime, until: datetime) -> None:
        named = {place: keys_in(place) for place in places}
        self._posts = _posts({key for keys in named.values() for key, _team in keys})
        self._known: dict[tuple[str, int | None], list[int]] = {}
        wanted = sorted({post_id for posts in self._posts.values() for post_id, *_team in posts})
        self._shifts = _shifts(wanted, since, until)

    def holder(self, place: str, moment: datetime, *, team_id: int | None = None) -> int | None:
        held = self.holders(place, moment, team_id=team_id)
        return held[0] if len(held) == 1 else None

    def holders(self, place: str, moment: datetime, *, team_id: int | None = None) -> list[int]:
        """People, each once. A name that stands for posts of several teams gives the holders of all of them."""
        if (place, team_id) not in self._known:
            self._known[place, team_id] = list(self._meant(place, team_id))
        return sorted({person for post in self._known[place, team_id] for person in self._held(post, moment)})

    def team_of(self, place: str) -> int | None:
        """The team whose post it is, when the name stands for posts of one team alone."""
        teams = {
            of_team
            for key, team in keys_in(place)
            for _post, of_team, name in self._posts.get(key, ())
            if team in {"", name}
        }
        return teams.pop() if len(teams) == 1 else None

    def _meant(self, place: str, team_id: int | None) -> Iterator[int]:
        for key, team in keys_in(place):
            for post_id, of_team, team_name in self._posts.get(key, ()):
                if team in {"", team_name} and team_id in {None, of_team}:
                    yield post_id

    def _held(self, post_id: int, moment: datetime) -> Iterator[int]:
        """From its first moment to before its last: who takes over at two has it at two."""
        shifts = self._shifts.get(post_id, [])
        for position in range(bisect_left(shifts, (moment - LONGEST,)), len(shifts)):
            starts_at, ends_at, person_id = shifts[position]
            if starts_at > moment:
                return
            if moment < ends_at:
                yield person_id


def _posts(keys: set[str]) -> dict[str, list[tuple[int, int, str]]]:
    """Key -> (post, its team, the team's name folded) of every post called that."""
    found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    ordered = sorted(keys)
    for start in range(0, len(ordered), IN_ONE_QUESTION):
        some = ordered[start : start + IN_ONE_QUESTION]
        rows = select(Post.key, Post.id, Post.team_id, Team.name).join(Team, Team.id == Post.team_id)
        for key, post_id, team_id, team in db.session.execute(rows.where(Post.key.in_(some))):
            found[key].append((post_id, team_id, " ".join(team.casefold().split())))
    return found


def _shifts(posts: list[int], since: datetime, until: datetime) -> dict[int, list[tuple[datetime, datetime, int]]]:
    """Post -> its shifts of these days as (start, end, person), earliest first."""
    found: dict[int, list[tuple[datetime, datetime, int]]] = defaultdict(list)
    for start in range(0, len(posts), IN_ONE_QUESTION):
        rows = (
            select(Shift.post_id, Shift.starts_at, Shift.ends_at, Shift.person_id)
            .where(
                Shift.post_id.in_(posts[start : start + IN_ONE_QUESTION]),
                STANDS,
                Shift.starts_at >= since - LONGEST,
                Shift.starts_at <= until,
                Shift.ends_at > since,
            )
            .order_by(Shift.starts_at)
        )
        for post_id, starts_at, ends_at, person_id in db.session.execute(rows):
            found[post_id].append((starts_at, ends_at, person_id))
    return found


def with_names(shifts: Select[Shift]) -> list[Shift]:
    """Shifts with their people and posts, by post and hour."""
    loaded = shifts.options(joinedload(Shift.person), joinedload(Shift.post).joinedload(Post.team))
    return sorted(db.session.scalars(loaded), key=lambda shift: (shift.post.key, shift.starts_at, shift.person.name))


def posts_of(team_id: int) -> list[Post]:
    return list(db.session.scalars(select(Post).where(Post.team_id == team_id).order_by(Post.key)))


def people_of(scope: Select[Person]) -> list[tuple[int, str]]:
    """(id, name with number) of a scope, for a list to choose from."""
    return [(person.id, f"{person.name}, {person.staff_number}") for person in db.session.scalars(scope)]
