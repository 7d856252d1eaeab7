"""Customers' praise that is shared by itself: which words may be, from when on, and who is told before the first time."""

from datetime import datetime

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
    hours = calendars([person.id for _rating, person, _before, _was_of in found], at.date())
    for rating, person, before, was_of in found:
        withheld = withheld_because(rating.comment or "", of=person.name, colleagues=colleagues, known=known)
        if before is not None and was_of != person.id:
            _forget(before)
            before = None
        _decide(rating, before or _new(rating), withheld, hours=hours[person.id], at=at)
    db.session.flush()
    return len(found)


def _not_looked_at(at: datetime) -> Select[Rating, Person, Thanks | None, int | None]:
    """The newest top ratings with words that were not looked at, or whose words or person are others since."""
    changed = or_(
        Thanks.id.is_(None),
        Thanks.rating_edited_at.is_distinct_from(Rating.edited_at),
        Thanked.person_id != Rating.person_id,
    )
    return (
        select(Rating, Person, Thanks, Thanked.person_id)
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


def _new(rating: Rating) -> Thanks:
    thanks = Thanks(kind="praise", rating_id=rating.id)
    thanks.people = [Thanked(person_id=rating.person_id, team_id=rating.team_id)]
    return thanks


def _forget(thanks: Thanks) -> None:
    """It is somebody else's now, for whom it begins anew."""
    db.session.delete(thanks)
    db.session.flush()


def _decide(rating: Rating, thanks: Thanks, withheld: str | None, *, hours: WorkCalendar, at: datetime) -> None:
    """Keep what was decided of the words as they are. Whoever kept them as they were keeps them."""
    thanks.rating_edited_at, thanks.withheld, thanks.made_at = rating.edited_at, withheld, at
    thanks.shows_at = None if withheld else shows_from(at, hours)
    db.session.add(thanks)
    db.session.flush()
    if withheld or rating.person_id is None:
        return
    record("praise.shared", by=None, about=thanks, person=rating.person_id, at=at)
    # Once in a person's time here, before the first time: how to keep praise. The same key again says nothing.
    key, first = f"praise.first|{rating.person_id}", hours.next_working_moment(at)
    tell_all([Told("praise.first", rating.person_id, key, first, {}, about_id=thanks.id)], at=at)
