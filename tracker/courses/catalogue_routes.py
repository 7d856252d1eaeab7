"""The catalogue that everybody reads, a course’s own page, and how one is begun, taken up again and retired."""

from typing import TypeVar

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import find_or_404, members, viewer
from tracker.core.errors import Refused
from tracker.core.forms import REQUIRED
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.courses import actions, policy, sentences
from tracker.courses.blueprint import bp
from tracker.courses.content import Content
from tracker.courses.forms import BeginForm, ImportForm, lines
from tracker.courses.models import Course
from tracker.courses.opening import course_to_write
from tracker.courses.page_queries import (
    described,
    drafts_listed,
    owners_listed,
    retired_listed,
    versions_listed,
    with_team,
)
from tracker.courses.ports import drivers
from tracker.courses.queries import offered

OwnedForm = TypeVar("OwnedForm", BeginForm, ImportForm)


@bp.get("/courses")
@members
def catalogue() -> ResponseReturnValue:
    me = viewer()
    return render_template(
        "courses/catalogue.html",
        page=page_of(offered(policy.courses_read_by(me))),
        drafts=drafts_listed(policy.drafts_edited_by(me)),
        retired=retired_listed(policy.courses_edited_by(me)),
        may_begin=policy.begins_courses(me),
        driver_names={one.key: one.name for one in drivers()},
        words=sentences,
    )


@bp.get("/courses/new")
@members
def new_course() -> ResponseReturnValue:
    return _begin_page(offer_owners(BeginForm(formdata=None)))


@bp.post("/courses")
@members
def begin_course() -> ResponseReturnValue:
    form = offer_owners(BeginForm())
    if not form.validate():
        return _begin_page(form), 422
    values = {"title": form.title.data, "summary": lines(form.summary.data), "content": {"lessons": []}}
    draft = actions.begin_course(values, team_id=form.team.data, by=viewer().person_id, at=clock.now())
    notice(_("The course is begun. Only those who write it see it until it is published."))
    return redirect(url_for(".draft", id=draft.course_id), 303)


@bp.get("/courses/<int:id>")
@members
def course(id: int) -> ResponseReturnValue:
    found: Course = find_or_404(with_team(policy.courses_read_by(viewer())), id)
    whole = described(found)
    return render_template(
        "courses/course.html",
        course=found,
        version=whole.shown,
        whole=whole,
        lessons=Content(whole.shown.content).lessons,
        may_write=policy.may_write(viewer(), id),
        versions=versions_listed(id),
        driver_names={one.key: one.name for one in drivers()},
        words=sentences,
    )


@bp.post("/courses/<int:id>/draft")
@members
def begin_draft(id: int) -> ResponseReturnValue:
    actions.begin_draft(course_to_write(id), by=viewer().person_id, at=clock.now())
    return redirect(url_for(".draft", id=id), 303)


@bp.post("/courses/<int:id>/retirement")
@members
def retire_course(id: int) -> ResponseReturnValue:
    actions.retire(course_to_write(id), by=viewer().person_id, at=clock.now())
    notice(_("The course is retired. Nobody is given it any more; who has it open may finish it."))
    return redirect(url_for(".course", id=id), 303)


@bp.post("/courses/<int:id>/return")
@members
def resume_course(id: int) -> ResponseReturnValue:
    actions.resume(course_to_write(id), by=viewer().person_id, at=clock.now())
    notice(_("The course is offered again."))
    return redirect(url_for(".course", id=id), 303)


def offer_owners(form: OwnedForm) -> OwnedForm:
    """The teams that the viewer writes for; the whole company only for those who may. 403 where there is nobody."""
    if not policy.begins_courses(viewer()):
        raise Refused(_("Courses are written by those who lead a team, by HR and by admins."))
    form.team.offer(owners_listed(policy.teams_written_for_by(viewer())))
    if not policy.writes_for_all(viewer()):
        form.team.choices.pop(0)
        form.team.validators = [REQUIRED]
    return form


def _begin_page(form: BeginForm) -> str:
    return render_template("courses/begin.html", form=form)
