"""Lists for the pages: the wall, one's own, whom to choose."""

from collections.abc import Iterable

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.organisation.models import Membership, Person, Team, Tenure
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import directory
from tracker.ratings.drivers import DEFAULT_DRIVERS
from tracker.ratings.models import Rating
from tracker.ratings.queries import drivers_by_name
from tracker.recognition.models import Thanked, Thanks, WallChoice
from tracker.recognition.policy import given_by, own_thanks, wall_of

FOUND_AT_MOST = 20
TEAM_AT_MOST = 40
COMING_AT_MOST = 10


def whole(thanks: Select[Thanks]) -> Select[Thanks]:
    """With all that a card says."""
    return thanks.options(
        joinedload(Thanks.by),
        joinedload(Thanks.hidden_by),
        joinedload(Thanks.rating).joinedload(Rating.touchpoint),
        selectinload(Thanks.people).joinedload(Thanked.person),
    )


def on_the_wall(viewer: Viewer, kind: str | None = None) -> Select[Thanks]:
    """Newest first, of one kind or all."""
    shown = whole(wall_of(viewer)).order_by(Thanks.shows_at.desc(), Thanks.id.desc())
    return shown.where(Thanks.kind == kind) if kind else shown


def said_to(viewer: Viewer) -> Select[Thanks]:
    return whole(own_thanks(viewer)).order_by(Thanks.made_at.desc(), Thanks.id.desc())


def said_by(viewer: Viewer) -> Select[Thanks]:
    return whole(given_by(viewer)).order_by(Thanks.made_at.desc(), Thanks.id.desc())


def coming(viewer: Viewer) -> list[Thanks]:
    """What the wall is about to show of the viewer, and stories that wait for the viewer's yes, the first first."""
    mine = select(Thanked.thanks_id).where(Thanked.person_id == viewer.person_id, Thanked.kept_at.is_(None))
    asked = mine.where(Thanked.agreed_at.is_(None))
    found = (
        whole(own_thanks(viewer))
        .where(
            Thanks.hidden_at.is_(None),
            or_(
                Thanks.id.in_(mine) & (Thanks.kind != "story") & (Thanks.shows_at > viewer.at),
                Thanks.id.in_(asked) & (Thanks.kind == "story"),
            ),
        )
        .order_by(Thanks.made_at, Thanks.id)
        .limit(COMING_AT_MOST)
    )
    return list(db.session.scalars(found).unique())


def shown_to(viewer: Viewer, thanks_id: int | None) -> Thanks | None:
    """What a story is about, while the wall shows it to the viewer."""
    return db.session.scalar(whole(wall_of(viewer)).where(Thanks.id == thanks_id)) if thanks_id else None


def is_off_the_wall(viewer: Viewer) -> bool:
    return db.session.get(WallChoice, viewer.person_id) is not None


def to_choose_from(viewer: Viewer, people: Select[Person], chosen: Iterable[int], search: str) -> list[tuple[int, str]]:
    """(id, "name · team") of those chosen already, then of who is found by name, then of the viewer's own team and those led."""
    listed = directory(people, day=viewer.today)
    parts = [listed.where(Person.id.in_(list(chosen)))]
    if search:
        parts.append(directory(people, day=viewer.today, search=search).limit(FOUND_AT_MOST))
    parts.append(listed.where(Team.id.in_(_teams_of(viewer))).limit(TEAM_AT_MOST))
    rows = [row for part in parts for row in db.session.execute(part)]
    return list(
        {
            person.id: (person.id, f"{person.name} · {team}" if team else person.name) for person, team, _id in rows
        }.values()
    )


def _teams_of(viewer: Viewer) -> list[int]:
    """The team that the viewer is in, and those led."""
    parts = (
        select(dated.team_id).where(dated.person_id == viewer.person_id, *holds_on(dated, viewer.today))
        for dated in (Membership, Tenure)
    )
    return [team_id for part in parts for team_id in db.session.scalars(part)]


def names_of_all() -> list[str]:
    return list(db.session.scalars(select(Person.name)))


def driver_names() -> dict[str, str]:
    """Driver -> its name in lists; that somebody felt seen as a person comes first."""
    names = DEFAULT_DRIVERS | {driver.key: driver.name for driver in drivers_by_name() if driver.retired_at is None}
    first = "felt_as_an_individual"
    return {first: names[first], **dict(sorted(names.items(), key=lambda pair: pair[1]))}
