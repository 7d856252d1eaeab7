"""What the two want to talk about, each thing once: points put down on the case, points kept before it, and saved ratings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tracker.coaching.brought import Brought
from tracker.coaching.page_models import AgendaPoint
from tracker.organisation.models import Person
from tracker.ratings.models import Rating


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One thing to talk about. `kept`: on the agenda of the case, or under “For my talk” as a point or a saved rating; `id`: of the
    point, or of the saved rating. `is_about_rating`: one is meant, though the viewer may not read it (`rating` is None then).
    `added_at`: None for a saved rating. `is_own`: the viewer's, who may take it out."""

    kept: Literal["agenda", "point", "saved"]
    id: int
    text: str
    rating: Rating | None
    is_about_rating: bool
    by_name: str
    added_at: datetime | None
    done_at: datetime | None
    is_own: bool


@dataclass(frozen=True)
class Topics:
    """`named`: ids of ratings that need no “Put on the agenda” any more: the viewer's, and what the other one still waits with."""

    of_person: list[Topic]
    of_leaders: list[Topic]
    named: set[int]

    @property
    def waiting(self) -> int:
        """How many of the other one wait for the viewer."""
        return sum(not topic.is_own and topic.done_at is None for topic in (*self.of_person, *self.of_leaders))


def topics_of(
    points: Sequence[AgendaPoint], ratings: Mapping[int, Rating], brought: Brought, *, person: Person, viewer_id: int
) -> Topics:
    """Open ones first. A saved rating, or a kept point in the same words, is left out where the person has put it down here."""
    stated = [_stated(point, ratings, viewer_id) for point in points]
    by_person = {point.id for point in points if point.by_id == person.id}
    theirs = [topic for topic in stated if topic.id in by_person]
    on_case = {topic.rating.id for topic in theirs if topic.rating}
    said = {_plain(topic.text) for topic in theirs}
    is_own = person.id == viewer_id
    kept = [_kept(point.id, point.text, point.added_at, person, is_own=is_own) for point in brought.points]
    saved = [_saved(rating, person, is_own=is_own) for rating in brought.ratings if rating.id not in on_case]
    added = [topic for topic in kept if _plain(topic.text) not in said] + saved
    of_leaders = [topic for topic in stated if topic.id not in by_person]
    named = {topic.rating.id for topic in (*stated, *added) if topic.rating and (topic.is_own or topic.done_at is None)}
    return Topics(_open_first(theirs, added), _open_first(of_leaders, []), named)


def _stated(point: AgendaPoint, ratings: Mapping[int, Rating], viewer_id: int) -> Topic:
    return Topic(
        kept="agenda",
        id=point.id,
        text=point.text,
        rating=ratings.get(point.rating_id) if point.rating_id else None,
        is_about_rating=point.rating_id is not None or not point.text,
        by_name=point.by.first_name,
        added_at=point.added_at,
        done_at=point.done_at,
        is_own=point.by_id == viewer_id,
    )


def _kept(id: int, text: str, added_at: datetime, person: Person, *, is_own: bool) -> Topic:
    return Topic(
        kept="point",
        id=id,
        text=text,
        rating=None,
        is_about_rating=False,
        by_name=person.first_name,
        added_at=added_at,
        done_at=None,
        is_own=is_own,
    )


def _saved(rating: Rating, person: Person, *, is_own: bool) -> Topic:
    return Topic(
        kept="saved",
        id=rating.id,
        text="",
        rating=rating,
        is_about_rating=True,
        by_name=person.first_name,
        added_at=None,
        done_at=None,
        is_own=is_own,
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _open_first(stated: list[Topic], added: list[Topic]) -> list[Topic]:
    return [
        *(topic for topic in stated if topic.done_at is None),
        *added,
        *(topic for topic in stated if topic.done_at is not None),
    ]
