"""What the kiosk's pages show, and which kiosk a tablet is."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from tracker.access.rules import token_hash
from tracker.core import clock
from tracker.core.db import db
from tracker.intake.kiosk_rules import STILL_NEWS
from tracker.intake.models import Kiosk
from tracker.organisation.queries import people_in
from tracker.ratings.models import FROM_KIOSK, Rating


@dataclass(frozen=True)
class Helper:
    """Somebody a customer may point at: first name and initials, no more."""

    id: int
    name: str
    initials: str


def kiosk_of_token(token: str) -> Kiosk | None:
    """The kiosk that a tablet's cookie stands for, with its team; None once it is unpaired."""
    return db.session.scalar(
        select(Kiosk)
        .where(Kiosk.token_hash == token_hash(token), Kiosk.closed_at.is_(None))
        .options(joinedload(Kiosk.team))
    )


def kiosks_listed(scope: Select[Kiosk]) -> list[Kiosk]:
    """By team and place."""
    kiosks = db.session.scalars(scope.options(joinedload(Kiosk.team))).all()
    return sorted(kiosks, key=lambda kiosk: (kiosk.team.name, kiosk.place, kiosk.id))


def helpers_of(kiosk: Kiosk, day: date) -> list[Helper]:
    """Who was in the kiosk's team on a day. Of two with one first name each shows the initial of the last name as well."""
    people = people_in(kiosk.team_id, day)
    names = [person.first_name for person in people]
    return [
        Helper(
            person.id,
            person.first_name if names.count(person.first_name) == 1 else _with_initial(person.name),
            "".join(word[0] for word in person.name.split()[:2]).upper(),
        )
        for person in people
    ]


def _with_initial(name: str) -> str:
    first, *others = name.split()
    return f"{first} {others[-1][0]}." if others else first


def helper_ids(kiosk: Kiosk, moment: datetime) -> set[int]:
    """Whom an answer of that moment may name: the people of the team on that day, where the team works."""
    return {helper.id for helper in helpers_of(kiosk, clock.local_day(moment, kiosk.team.time_zone))}


def latest_answers(kiosk_id: int, *, at: datetime) -> list[tuple[datetime, int]]:
    """(moment, stars) of a kiosk's last hour, oldest first."""
    rows = db.session.execute(
        select(Rating.rated_at, Rating.stars)
        .where(FROM_KIOSK, Rating.external_id.like(f"{kiosk_id}:%"), Rating.rated_at >= at - STILL_NEWS)
        .order_by(Rating.rated_at, Rating.id)
    )
    return [(moment, stars) for moment, stars in rows]
