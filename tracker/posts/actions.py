"""What is done to posts and shifts. Nothing here touches a rating: what was credited stays until somebody gives a reason."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, Refused
from tracker.organisation.models import Person, Team
from tracker.posts.models import STANDS, Post, Shift
from tracker.posts.rules import LONGEST, key_of

AHEAD = timedelta(days=400)


def open_post(team: Team, name: str, *, by: int | None, at: datetime) -> Post:
    """A new post of a team. Its name is its own within the team."""
    if db.session.scalar(select(Post.id).where(Post.team_id == team.id, Post.key == key_of(name))):
        raise Conflict(_("This team has a post of this name already."))
    post = Post(team_id=team.id, name=name, key=key_of(name), created_at=at, created_by_id=by)
    db.session.add(post)
    record("post.opened", by=by, about=post, at=at)
    return post


def add_shift(
    post: Post,
    person: Person,
    *,
    starts_at: datetime,
    ends_at: datetime,
    by: int | None,
    at: datetime,
    reason: str | None = None,
) -> Shift:
    """Somebody holds a post from one moment to before another. One that has begun already needs a reason."""
    if person.id == by:
        raise Refused(_("Nobody enters shifts of their own."))
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise Invalid(_("A shift ends after it begins, and lasts 24 hours at most."))
    if starts_at > at + AHEAD:
        raise Invalid(_("That is too far ahead."))
    if starts_at <= at and not reason:
        raise Invalid(_("This shift has begun already. Say how you know who held the post."))
    if overlapping(post.id, person.id, starts_at, ends_at):
        raise Conflict(_("%(name)s holds this post in these hours already.", name=person.name))
    shift = Shift(
        post_id=post.id,
        person_id=person.id,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=at,
        created_by_id=by,
        reason=reason,
    )
    db.session.add(shift)
    record("shift.added", by=by, about=shift, person=person.id, reason=reason, at=at, post=post.id)
    return shift


def overlapping(post_id: int, person_id: int, starts_at: datetime, ends_at: datetime) -> list[Shift]:
    """What somebody holds of a post in these hours already."""
    same = (Shift.post_id == post_id, Shift.person_id == person_id, STANDS)
    hours = (Shift.starts_at < ends_at, Shift.ends_at > starts_at)
    return list(db.session.scalars(select(Shift).where(*same, *hours)))


def withdraw_shift(shift: Shift, *, by: int | None, reason: str | None, at: datetime) -> None:
    """It was not so, or will not be. One that has begun needs a reason; either stays on record, and so do its credits."""
    if shift.person_id == by:
        raise Refused(_("Nobody enters shifts of their own."))
    if shift.starts_at <= at and not reason:
        raise Invalid(_("This shift has begun already. Say what was wrong with it."))
    gone = (
        update(Shift)
        .where(Shift.id == shift.id, STANDS)
        .values(withdrawn_at=at, withdrawn_by_id=by, reason=reason)
        .returning(Shift.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(gone) is None:
        raise Conflict(_("This shift is taken out already."))
    record("shift.withdrawn", by=by, about=shift, person=shift.person_id, reason=reason, at=at, post=shift.post_id)
