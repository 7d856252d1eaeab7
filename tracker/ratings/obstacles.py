"""The kinds of obstacle, what stood in the way as a thing of its own, and naming one about a rating or a complaint."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, exists, select, update

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Cause, CauseEntry, Obstacle

KINDS = {
    "policy": _l("A rule of ours"),
    "system": _l("A system or a device"),
    "stock": _l("Something was not there to sell or to give"),
    "staffing": _l("Too few people"),
    "knowledge": _l("Something that nobody had learnt or could look up"),
}


@dataclass(frozen=True)
class Named:
    """What somebody says it was: one that others have named (`cause_id`), or a kind with a name of its own.

    `name` may be missing: then it counts under its kind alone."""

    cause_id: int | None = None
    kind: str | None = None
    name: str | None = None


def name_obstacle_of_case(
    case_id: int,
    named: Named,
    *,
    rating: Rating | None,
    team_id: int | None,
    touchpoint_id: int | None,
    driver: str | None,
    by: int,
    at: datetime,
) -> Obstacle:
    """What stood in the way of a complaint that is being closed. `rating` is the one that opened it, if one did."""
    cause = cause_of(named, at=at)
    obstacle = Obstacle(
        kind=_kind(named, cause),
        cause_id=cause.id if cause else None,
        case_id=case_id,
        team_id=team_id,
        touchpoint_id=touchpoint_id,
        driver=driver,
        said_by_id=by,
        said_at=at,
        **_kept_of(rating),
    )
    db.session.add(obstacle)
    record("obstacle.named", by=by, about=obstacle, at=at, kind=obstacle.kind, case=case_id)
    return obstacle


def name_obstacle(rating: Rating, named: Named, *, words: str | None, shares: bool, at: datetime) -> Obstacle:
    """What whoever is credited with a rating says stood in the way: one each, said anew as often as they like."""
    if rating.person_id is None:
        raise Invalid("This rating is nobody’s yet.")
    cause = cause_of(named, at=at)
    if cause is None:
        raise Invalid("Give it a name.")
    obstacle = own_obstacle(rating)
    about: dict[str, Any] = {"person": rating.person_id, "at": at, "kind": cause.kind}
    if obstacle is None:
        obstacle = Obstacle(kind=cause.kind, said_by_id=rating.person_id, said_at=at, **_kept_of(rating))
        db.session.add(obstacle)
        record("obstacle.named", by=rating.person_id, about=obstacle, **about)
    else:
        obstacle.changed_at = at
        record("obstacle.changed", by=rating.person_id, about=obstacle, **about)
    obstacle.kind, obstacle.cause_id = cause.kind, cause.id
    obstacle.team_id, obstacle.touchpoint_id = rating.team_id, rating.touchpoint_id
    obstacle.words, obstacle.words_shared_at = words or None, at if shares and words else None
    db.session.flush()
    return obstacle


def own_obstacle(rating: Rating) -> Obstacle | None:
    """What whoever is credited with it has said, if anything."""
    own = (Obstacle.rating_id == rating.id, Obstacle.said_by_id == rating.person_id, Obstacle.case_id.is_(None))
    return db.session.scalar(select(Obstacle).where(*own).execution_options(populate_existing=True))


def cause_of(named: Named, *, at: datetime) -> Cause | None:
    """The one that is meant: as chosen, else of that name whatever its spelling, else a new one.

    Raises Invalid when nothing is said, or what was chosen has gone."""
    if named.cause_id is not None:
        chosen = standing(db.session.get(Cause, named.cause_id))
        if chosen is None:
            raise Invalid("Choose one from the list.")
        return chosen
    if named.kind not in KINDS:
        raise Invalid("Say what kind it was.")
    if not named.name:
        return None
    return cause_named(named.name) or _new(named.name, named.kind, at=at)


def cause_named(name: str) -> Cause | None:
    """The one of that name; where it was merged, what it is a part of by now."""
    found = select(Cause).where(Cause.name_key == key_of(name)).order_by(Cause.merged_into_id.is_not(None), Cause.id)
    return standing(db.session.scalars(found.limit(1)).first())


def standing(cause: Cause | None) -> Cause | None:
    """What it is a part of by now: itself, unless it was merged."""
    return db.session.get(Cause, cause.merged_into_id) if cause and cause.merged_into_id else cause


def key_of(name: str) -> str:
    """A name without capitals, widths and spaces: what tells apart only to a computer."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:160]


def cause_choices() -> list[tuple[int, str]]:
    """(id, name) of every one that stands, by name."""
    found = select(Cause.id, Cause.name).where(Cause.merged_into_id.is_(None))
    return list(db.session.execute(found.order_by(Cause.name_key)))


def drop_unused(cause_id: int | None) -> None:
    """One that nobody names any more goes, unless something has happened to it."""
    used = (
        exists(select(Obstacle.id).where(Obstacle.cause_id == Cause.id)),
        exists(select(CauseEntry.id).where(CauseEntry.cause_id == Cause.id)),
        Cause.merged_into_id.is_not(None),
    )
    gone = delete(Cause).where(Cause.id == cause_id, *(~one for one in used))
    db.session.execute(gone.execution_options(synchronize_session="fetch"))


def forget_words_of(rating: Rating) -> None:
    """The customer takes the answer back: what was said about it still counts, without the words."""
    about = Obstacle.rating_id == rating.id
    db.session.execute(update(Obstacle).where(about).values(words=None, words_shared_at=None))


def forget_obstacles_of_import(import_id: int) -> None:
    """A file that is undone was never rated: nothing stood in the way of it."""
    about = Obstacle.rating_id.in_(select(Rating.id).where(Rating.import_id == import_id))
    named = db.session.scalars(select(Obstacle.cause_id).where(about, Obstacle.cause_id.is_not(None)).distinct()).all()
    db.session.execute(delete(Obstacle).where(about).execution_options(synchronize_session=False))
    for cause_id in named:
        drop_unused(cause_id)


def _new(name: str, kind: str, *, at: datetime) -> Cause:
    cause = Cause(kind=kind, name=name, name_key=key_of(name), opened_at=at)
    db.session.add(cause)
    db.session.flush()
    return cause


def _kind(named: Named, cause: Cause | None) -> str:
    return cause.kind if cause else str(named.kind)


def _kept_of(rating: Rating | None) -> dict[str, object]:
    """What stays of a rating when the customer takes it back."""
    if rating is None:
        return {}
    kept = {"rated_on": rating.rated_on, "stars": rating.stars, "person_id": rating.person_id}
    return kept | {"rating_id": rating.id}
