"""Whose a waiting rating may be: each person once, with why, in words that go into the ledger when somebody agrees."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.intake import queries
from tracker.organisation.models import Person
from tracker.posts.queries import holders_of
from tracker.ratings.models import Rating

MOST = 8
KIOSK = "kiosk"  # its ratings wait under “place, team”, which names one post


@dataclass(frozen=True)
class Suggestion:
    person: Person
    reason: str


def suggestions_for(rating: Rating) -> list[Suggestion]:
    """By a later file, by who held the post, by the same customer that day, by names that look alike; the surest first."""
    why: dict[int, list[str]] = {}
    for person_id, sentence in _found(rating):
        why.setdefault(person_id, []).append(sentence)
    people = queries.people_by_id(why)
    ordered = [(people[id], reasons) for id, reasons in why.items() if id in people]
    return [Suggestion(person, " ".join(reasons)) for person, reasons in ordered[:MOST]]


def _found(rating: Rating) -> Iterator[tuple[int, str]]:
    for told in queries.later_names(rating):
        if told.to_person_id is not None:
            yield told.to_person_id, _("A later file names them.")
    yield from _by_post(rating)
    for person_id in queries.served_the_same_customer(rating):
        yield person_id, _("Served the same customer that day.")
    for person in queries.people_like(rating.employee_reference):
        yield person.id, _("The number or name looks like “%(reference)s”.", reference=rating.employee_reference)


def _by_post(rating: Rating) -> Iterator[tuple[int, str]]:
    place = rating.employee_reference if rating.source == KIOSK and rating.employee_reference else rating.place
    held = holders_of(place, queries.moment_served(rating))
    for person_id in held:
        yield (
            person_id,
            ngettext(
                "Alone held %(post)s then.",
                "One of %(num)d who held %(post)s then.",
                len(held),
                post=rating.place or place,
            ),
        )
