"""What two pages show: one rating with what stood in the way of it, and one thing that stands in the way. Several views
answer with them, so they are no view’s own."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from tracker.charts.star_bars import star_bars
from tracker.core import clock
from tracker.core.audience import viewer
from tracker.core.db import db
from tracker.core.language import number
from tracker.obstacles import queries, sentences
from tracker.obstacles.actions import is_answered
from tracker.obstacles.forms import AnswerForm, GiveForm, MergeForm, NameForm, ObstacleForm
from tracker.obstacles.policy import (
    causes_answered_by,
    causes_edited_by,
    causes_given_by,
    obstacles_seen_by,
    reads_summary,
    words_read_by,
)
from tracker.obstacles.report import Tally, by_month, period_of, said_in
from tracker.obstacles.rules import ANSWER_WITHIN
from tracker.organisation.queries import calendars_of_teams
from tracker.ratings import sentences as rating_sentences
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Cause, Obstacle
from tracker.ratings.obstacles import cause_choices, standing

WIDTH, WIDE = 326.0, 460.0


def rating_page(rating: Rating, *, is_own: bool, form: ObstacleForm | None = None) -> str:
    """For its author with the form, while it is unanswered; for who leads them to read."""
    seen = obstacles_seen_by(viewer()).where(
        Obstacle.rating_id == rating.id, Obstacle.said_by_id == rating.person_id, Obstacle.case_id.is_(None)
    )
    obstacle = db.session.scalar(seen)
    cause = standing(db.session.get(Cause, obstacle.cause_id)) if obstacle and obstacle.cause_id else None
    is_closed = obstacle is not None and is_answered(obstacle)
    return render_template(
        "obstacles/rating.html",
        rating=rating,
        obstacle=obstacle,
        cause=cause,
        answer=queries.last_answers([cause.id]).get(cause.id) if cause else None,
        form=(form or said_form(obstacle, cause)) if is_own and not is_closed else None,
        is_own=is_own,
        say=rating_sentences,
        words=sentences,
    )


def said_form(obstacle: Obstacle | None, cause: Cause | None) -> ObstacleForm:
    """Empty, or with what was said."""
    known: dict[str, Any] = {"known": cause_choices(), "formdata": None}
    if obstacle is None:
        return ObstacleForm(**known)
    said = {"cause": cause.id if cause else None, "kind": obstacle.kind, "words": obstacle.words}
    return ObstacleForm(**known, data={**said, "shares": obstacle.words_shared_at is not None})


def cause_page(cause: Cause, **forms: Any) -> str:
    """As the viewer may see it; `forms` are those that came back with errors."""
    period = period_of(viewer().today)
    said = said_in(period, cause_id=cause.id)
    row = queries.row_of(cause, said)
    return render_template(
        "obstacles/cause.html",
        cause=cause,
        row=row,
        period=period,
        months=by_month(said, period.months) if row.tally else {},
        stars=_stars(row.tally, WIDTH, "stars") if row.tally else None,
        stars_wide=_stars(row.tally, WIDE, "stars-wide") if row.tally else None,
        star_rows=_star_rows(row.tally) if row.tally else [],
        with_people=reads_summary(viewer()),
        history=queries.history_of(cause),
        parts=queries.parts_of(cause),
        mine=queries.said_by(viewer(), cause),
        shared=list(db.session.scalars(words_read_by(viewer(), cause))),
        answers=is_in(causes_answered_by(viewer()), cause),
        forms=_forms(cause, forms),
        words=sentences,
    )


def form_for(name: str, cause: Cause, **given: Any) -> Any:
    """An empty form, or with `formdata` as it was sent."""
    match name:
        case "give":
            form = GiveForm(today=viewer().today, **given)
            form.team.offer(queries.led_teams_choices(viewer().today))
            return form
        case "answer":
            return AnswerForm(today=viewer().today, **given)
        case "rename":
            return NameForm(**given)
    merge = MergeForm(**given)
    editable = set(db.session.scalars(causes_edited_by(viewer()).with_only_columns(Cause.id)))
    merge.into.offer([(id, words) for id, words in cause_choices() if id != cause.id and id in editable])
    return merge


def is_in(scope: Any, cause: Cause) -> bool:
    return db.session.scalar(scope.where(Cause.id == cause.id).with_only_columns(Cause.id)) is not None


def _forms(cause: Cause, given: dict[str, Any]) -> dict[str, Any]:
    """Those that the viewer may send."""
    allowed = {
        "give": causes_given_by(viewer()),
        "answer": causes_answered_by(viewer()),
        "rename": causes_edited_by(viewer()),
        "merge": causes_edited_by(viewer()),
    }
    names = [name for name, scope in allowed.items() if name in given or is_in(scope, cause)]
    forms = {name: given.get(name) or form_for(name, cause, formdata=None, data=_begin(name, cause)) for name in names}
    if "merge" in forms and len(forms["merge"].into.choices) == 1 and "merge" not in given:
        del forms["merge"]  # there is no other
    for name, form in forms.items():
        for field in form:  # they stand on one page: ids must differ
            field.id = f"{name}-{field.id}"
    return forms


def _begin(name: str, cause: Cause) -> dict[str, Any]:
    if name == "rename":
        return {"name": cause.name}
    if name != "give":
        return {}
    calendar = calendars_of_teams([cause.owner_id], viewer().today)[cause.owner_id]
    first = calendar.next_working_day(clock.local_day(viewer().at, calendar.zone))
    return {"team": cause.owner_id, "due_on": calendar.working_days_after(first, ANSWER_WITHIN)}


def _stars(tally: Tally, width: float, prefix: str) -> Any:
    rows = _star_rows(tally)
    title = _("Stars of these ratings")
    described = "; ".join(f"{words}: {count}" for words, count in rows)
    return star_bars(
        prefix=prefix, title=title, description=described, rows=rows, number=lambda n: number(n, 0), width=width
    )


def _star_rows(tally: Tally) -> list[tuple[str, int]]:
    names = [_("5 stars"), _("4 stars"), _("3 stars"), _("2 stars"), _("1 star")]
    return list(zip(names, tally.stars, strict=True))
