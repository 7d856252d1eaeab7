"""Customers' praise that is shared by itself: which words may be, from when on, and who is told before the first time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from tracker.audit.actions import record
from tracker.core.clock import WorkCalendar
from tracker.core.db import db
from tracker.notifications.actions import Told, tell_all
from tracker.organisation.models import Person, Team
from tracker.organisation.queries import calendars, the_organisation
from tracker.ratings.models import Rating, Touchpoint
from tracker.recognition.models import Thanked, Thanks
from tracker.recognition.names import tokens_of
from tracker.recognition.policy import is_praise
from tracker.recognition.rules import OLDEST_PRAISE, TAKEN_UP_FOR, shows_from, withheld_because

AT_ONCE = 200


def take_up_praise(at: datetime) -> int:
    """Look at praise that nobody has looked at as it now stands, some at a time; how many ratings it was."""
    found = db.session.execute(_not_looked_at(at).limit(AT_ONCE)).all()
    if not found:
        return 0
    colleagues, known = _names()
    hours = calendars({rating.person_id for rating, _person, _known in found if rating.person_id}, at.date())
    for rating, person, before in found:
        _decide(rating, person, before, names=(colleagues, known), hours=hours, at=at)
    db.session.flush()
    return len(found)


def _not_looked_at(at: datetime) -> Select[Rating, Person, Thanks]:
    """The newest top ratings with words that were not looked at, or whose words or person are others since."""
    changed = or_(
        Thanks.id.is_(None),
        Thanks.rating_edited_at.is_distinct_from(Rating.edited_at),
        Thanked.person_id != Rating.person_id,
    )
    return (
        select(Rating, Person, Thanks)
        .join(Person, Person.id == Rating.person_id)
        .outerjoin(Thanks, Thanks.rating_id == Rating.id)
        .outerjoin(Thanked, Thanked.thanks_id == Thanks.id)
        .where(
            Rating.received_at.between(at - TAKEN_UP_FOR, at),
            Rating.rated_at > at - OLDEST_PRAISE,
            is_praise(),
            changed,
        )
        .order_by(Rating.received_at, Rating.id)
    )


def _names() -> tuple[frozenset[str], frozenset[str]]:
    """The words of everybody's names, also of who has left; and words with a capital that are no person's: teams, places, the company."""
    people = db.session.scalars(select(Person.name))
    places = [*db.session.scalars(select(Team.name)), *db.session.scalars(select(Touchpoint.name))]
    company = the_organisation()
    known = tokens_of(" ".join([*places, company.name if company else ""]))
    names = frozenset(token for name in people for token in tokens_of(name))
    return names, frozenset(known) - names


def _decide(
    rating: Rating,
    person: Person,
    before: Thanks | None,
    *,
    names: tuple[frozenset[str], frozenset[str]],
    hours: Mapping[int, WorkCalendar],
    at: datetime,
) -> None:
    """Keep what was decided, in place of what was decided of the words as they were."""
    if before is not None:
        db.session.delete(before)
        db.session.flush()
    withheld = withheld_because(rating.comment or "", of=person.name, colleagues=names[0], known=names[1])
    first, when = hours[person.id].next_working_moment(at), shows_from(at, hours[person.id])
    thanks = Thanks(
        kind="praise", rating_id=rating.id, rating_edited_at=rating.edited_at, withheld=withheld, made_at=at
    )
    thanks.shows_at = None if withheld else when
    thanks.people = [Thanked(person_id=person.id, team_id=rating.team_id)]
    db.session.add(thanks)
    db.session.flush()
    if not withheld:
        record("praise.shared", by=None, about=thanks, person=person.id, at=at)
        tell_all([_told(thanks, person.id, first)], at=at)


def _told(thanks: Thanks, person_id: int, visible_at: datetime) -> Told:
    """Once in a person's time here: that praise goes onto the wall, and how to keep it. The same key again says nothing."""
    return Told("praise.first", person_id, f"praise.first|{person_id}", visible_at, _nothing(), about_id=thanks.id)


def _nothing() -> dict[str, Any]:
    return {}
