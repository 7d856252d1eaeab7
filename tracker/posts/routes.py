"""Posts of a team by day, as who looks after them sees them; and one's own shifts."""

from datetime import date, datetime, time, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.core.db import db
from tracker.core.errors import DomainError, Refused
from tracker.core.pages import notice
from tracker.organisation.models import Person, Team
from tracker.posts import actions, queries
from tracker.posts.forms import PostForm, ShiftForm, WithdrawForm
from tracker.posts.models import Post, Shift
from tracker.posts.policy import (
    people_put_on_posts_by,
    posts_managed_by,
    shifts_edited_by,
    shifts_seen_by,
    teams_with_posts_of,
)

bp = Blueprint("posts", __name__)
LOOKED_BACK = timedelta(days=28)
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@bp.get("/posts")
@members
def posts() -> ResponseReturnValue:
    return _page(_team(request.args.get("team", type=int)), _day(request.args.get("on", "")))


@bp.post("/posts/of/<int:id>")
@members
def open_post(id: int) -> ResponseReturnValue:
    team, form = _team(id), PostForm()
    if not form.validate():
        return _page(team, viewer().today, post_form=form), 422
    try:
        actions.open_post(team, form.name.data, by=viewer().person_id, at=clock.now())
    except DomainError as error:
        form.name.errors = [error.sentence]
        return _page(team, viewer().today, post_form=form), int(error.status)
    notice(_("%(post)s is on the list.", post=form.name.data))
    return redirect(url_for(".posts", team=team.id), 303)


@bp.post("/posts/of/<int:id>/shifts")
@members
def add_shift(id: int) -> ResponseReturnValue:
    team = _team(id)
    form = _shift_form(team)
    if not form.validate():
        return _page(team, form.day.data or viewer().today, shift_form=form), 422
    post: Post = find_or_404(posts_managed_by(viewer()), form.post.data)
    person: Person = find_or_404(people_put_on_posts_by(viewer()), form.person.data)
    starts_at, ends_at = form.hours(team.time_zone)
    try:
        actions.add_shift(
            post,
            person,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=form.reason.data or None,
            by=viewer().person_id,
            at=clock.now(),
        )
    except DomainError as error:
        (form.reason if not form.reason.data and starts_at <= clock.now() else form.starts).errors = [error.sentence]
        return _page(team, form.day.data, shift_form=form), int(error.status)
    notice(_("Saved. Ratings that are credited already stay where they are."))
    return redirect(url_for(".posts", team=team.id, on=form.day.data.isoformat()), 303)


@bp.get("/shifts/<int:id>/removal")
@members
def removing(id: int) -> ResponseReturnValue:
    shift = _edited(id)
    return render_template("posts/removal.html", shift=shift, form=WithdrawForm(), has_begun=_has_begun(shift))


@bp.post("/shifts/<int:id>/removal")
@members
def remove(id: int) -> ResponseReturnValue:
    shift, form = _edited(id), WithdrawForm()
    if _has_begun(shift) and not form.reason.data:
        form.reason.errors = [_("Fill this in")]
    elif form.validate():
        actions.withdraw_shift(shift, by=viewer().person_id, reason=form.reason.data or None, at=clock.now())
        notice(_("Taken out. Ratings that are credited already stay where they are."))
        on = clock.local_day(shift.starts_at, shift.post.team.time_zone)
        return redirect(url_for(".posts", team=shift.post.team_id, on=on.isoformat()), 303)
    return render_template("posts/removal.html", shift=shift, form=form, has_begun=_has_begun(shift)), 422


@bp.get("/me/posts")
@members
def my_posts() -> ResponseReturnValue:
    """What is on record of one's own: it says which ratings come without a name and are one's own all the same."""
    since = viewer().at - LOOKED_BACK
    mine = shifts_seen_by(viewer()).where(Shift.person_id == viewer().person_id, Shift.ends_at > since)
    shifts = sorted(queries.with_names(mine), key=lambda shift: shift.starts_at, reverse=True)
    return render_template("posts/mine.html", shifts=shifts)


def _team(id: int | None) -> Team:
    """The team asked for, or the first the viewer looks after; for who looks after none there is no page."""
    scope = teams_with_posts_of(viewer())
    if db.session.scalar(scope.limit(1)) is None:
        raise Refused(_("Posts are looked after by the manager of their team, HR or an admin."))
    team: Team = find_or_404(scope, id) if id is not None else find_or_404(scope.limit(1))
    return team


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return viewer().today
    return day if EARLIEST < day < LATEST else viewer().today


def _page(team: Team, on: date, *, post_form: PostForm | None = None, shift_form: ShiftForm | None = None) -> str:
    begins, ends = _bounds(on, team.time_zone)
    of_day = shifts_seen_by(viewer()).join(Post).where(Post.team_id == team.id)
    shifts = queries.with_names(of_day.where(Shift.starts_at < ends, Shift.ends_at > begins))
    editable = set(
        db.session.scalars(
            shifts_edited_by(viewer()).with_only_columns(Shift.id).where(Shift.id.in_([s.id for s in shifts]))
        )
    )
    return render_template(
        "posts/posts.html",
        team=team,
        teams=db.session.scalars(teams_with_posts_of(viewer())).all(),
        on=on,
        before=on - timedelta(days=1),
        after=on + timedelta(days=1),
        posts=queries.posts_of(team.id),
        shifts=shifts,
        editable=editable,
        post_form=post_form or PostForm(formdata=None),
        shift_form=shift_form or _shift_form(team, on),
        may_import=bool(viewer().roles),
    )


def _bounds(on: date, zone: str) -> tuple[datetime, datetime]:
    return clock.moment_at(on, time(), zone), clock.moment_at(on + timedelta(days=1), time(), zone)


def _shift_form(team: Team, on: date | None = None) -> ShiftForm:
    """`on` for a fresh form; without it the one that was sent."""
    posts = [(post.id, post.name) for post in queries.posts_of(team.id)]
    people = queries.people_of(people_put_on_posts_by(viewer()))
    if on is None:
        return ShiftForm(posts=posts, people=people)
    return ShiftForm(posts=posts, people=people, formdata=None, data={"day": on})


def _edited(id: int) -> Shift:
    """A reader who may not change gets 403; a stranger finds nothing."""
    shift: Shift = find_or_404(shifts_seen_by(viewer()), id)
    if db.session.scalar(shifts_edited_by(viewer()).where(Shift.id == id)) is None:
        raise Refused(_("Shifts are entered by who leads the team, HR or an admin, and nobody enters their own."))
    found: list[Shift] = queries.with_names(shifts_seen_by(viewer()).where(Shift.id == shift.id))
    return found[0]


def _has_begun(shift: Shift) -> bool:
    return shift.starts_at <= clock.now()
