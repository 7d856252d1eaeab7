"""Whose shifts the viewer reads and enters, and of which teams the posts."""

from sqlalchemy import Select, false, select

from tracker.core.audience import Viewer
from tracker.organisation.models import Person, Team
from tracker.organisation.policy import allowed, by_role, cell, teams_led_by
from tracker.posts.models import STANDS, Post, Shift


def teams_with_posts_of(viewer: Viewer) -> Select[Team]:
    """The teams whose posts the viewer looks after: those led today, for HR and admins every one that is not closed."""
    led = teams_led_by(viewer) if cell("post.manage", "mgr_now") == "A" else select(Team).where(false())
    teams = select(Team).order_by(Team.name) if by_role("post.manage", viewer) else led
    return teams.where(Team.closed_on.is_(None))


def posts_managed_by(viewer: Viewer) -> Select[Post]:
    teams = teams_with_posts_of(viewer).order_by(None).with_only_columns(Team.id)
    return select(Post).where(Post.team_id.in_(teams))


def shifts_seen_by(viewer: Viewer) -> Select[Shift]:
    return select(Shift).where(allowed("shift.read", viewer, Shift.person_id), STANDS)


def shifts_edited_by(viewer: Viewer) -> Select[Shift]:
    """Of the viewer's teams' posts, and never one's own: a shift says whose ratings are whose."""
    posts = posts_managed_by(viewer).with_only_columns(Post.id)
    return select(Shift).where(allowed("shift.edit", viewer, Shift.person_id), Shift.post_id.in_(posts), STANDS)


def people_put_on_posts_by(viewer: Viewer) -> Select[Person]:
    """Whose shifts the viewer may enter, by name."""
    return select(Person).where(allowed("shift.edit", viewer, Person.id)).order_by(Person.name, Person.id)
