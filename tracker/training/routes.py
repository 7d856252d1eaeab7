"""The learner's first page; wishes. The other pages of training stand in *_routes.py."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import find_or_404, members, viewer
from tracker.core.pages import notice
from tracker.courses.models import Course
from tracker.courses.policy import courses_read_by
from tracker.training import (
    assign_routes,
    author_routes,
    effect_routes,
    queries,
    repeat_routes,
    rollout_routes,
    rule_routes,
    run_routes,
    sentences,
    team_routes,
    wishes,
)
from tracker.training.assign_page import driver_names
from tracker.training.blueprint import bp
from tracker.training.certificate_queries import certificates_of
from tracker.training.forms import WishForm

__all__ = [
    "assign_routes",
    "author_routes",
    "bp",
    "effect_routes",
    "repeat_routes",
    "rollout_routes",
    "rule_routes",
    "run_routes",
    "team_routes",
]


@bp.get("")
@members
def training() -> ResponseReturnValue:
    return _page(WishForm(formdata=None))


@bp.post("/wishes")
@members
def wish() -> ResponseReturnValue:
    form = WishForm()
    if not form.validate():
        return _page(form), 422
    wishes.wish_for(form.words.data, by=viewer().person_id, at=clock.now())
    notice(_("Whoever leads your team reads it."))
    return redirect(url_for(".training"), 303)


@bp.post("/courses/<int:id>/wish")
@members
def wish_for_course(id: int) -> ResponseReturnValue:
    course: Course = find_or_404(courses_read_by(viewer()), id)
    wishes.wish_for_course(course, by=viewer().person_id, at=clock.now())
    notice(_("Whoever leads your team sees that you would like this course."))
    return redirect(url_for(".training"), 303)


def _page(form: WishForm) -> str:
    return render_template(
        "training/training.html",
        mine=queries.my_training(viewer()),
        certificates=certificates_of(viewer().person_id, today=viewer().today),
        is_mine=True,
        form=form,
        words=sentences,
        drivers=driver_names(),
    )
