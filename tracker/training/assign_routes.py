"""Assigning: one course, the people who would gain from it, one day."""

from dataclasses import replace
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core import clock
from tracker.core.audience import members, viewer
from tracker.core.errors import Refused
from tracker.core.pages import notice
from tracker.training import assigning, sentences
from tracker.training.assign_page import (
    AssignPage,
    asked_people,
    asked_task,
    assign_page,
    chosen_people,
    course_for,
    teams_to_choose,
)
from tracker.training.blueprint import bp
from tracker.training.forms import AssignForm
from tracker.training.policy import assigns

DUE_AFTER = timedelta(days=12)


@bp.get("/assign")
@members
def assign() -> ResponseReturnValue:
    """`?course=`, `?person=` and `?team=` choose; `?driver=` finds the course that is most about it; `?rating=` is what it comes from."""
    _refuse_others()
    asked = request.args
    course = asked.get("course", type=int) or (course_for(viewer(), asked["driver"]) if asked.get("driver") else None)
    page = _asked_page(course)
    person = asked.get("person", type=int)
    suggested = [candidate.person.id for candidate in page.people if candidate.is_suggested]
    begun = {
        "course": page.chosen,
        "people": [person] if person else suggested,
        "due_on": viewer().today + DUE_AFTER,
        "is_paid": True,
    }
    return _page(AssignForm(today=viewer().today, formdata=None, data=begun), page)


@bp.post("/assign")
@members
def assign_now() -> ResponseReturnValue:
    _refuse_others()
    form = AssignForm(today=viewer().today)
    page = _asked_page(form.course.data)
    if not form.validate():
        return _page(form, page), 422
    people = _chosen(form)
    if not people:
        everybody_did = form.everybody.data and page.done_count
        form.people.errors = [
            _("Everybody here finished it within the last year.") if everybody_did else _("Choose somebody")
        ]
        return _page(form, page), 422
    if not form.sure.data and (laden := assigning.laden(people, form.course.data)):
        form.sure.errors = [_has_many(laden)]
        return _page(form, page), 422
    notice(_said(_assign(form, people), len(people)))
    return redirect(url_for(".team"), 303)


def _chosen(form: AssignForm) -> list[int]:
    return chosen_people(
        asked_people(viewer(), request.args),
        form.people.data,
        everybody=form.everybody.data,
        course_id=form.course.data,
        today=viewer().today,
    )


def _assign(form: AssignForm, people: list[int]) -> int:
    """How many got it. What a rating is the reason for is only for whom the rating is about; others were chosen with them."""
    task, about = asked_task(viewer(), form, request.args)
    beside = replace(task, why="chosen", rating_id=None, driver=None) if task.rating_id else task
    groups = [(task, [id for id in people if id == about]), (beside, [id for id in people if id != about])]
    given = [assigning.assign_course(one, ids, by=viewer().person_id, at=clock.now()) for one, ids in groups]
    return sum(map(len, given))


def _asked_page(course: int | None) -> AssignPage:
    asked = request.args
    return assign_page(
        viewer(),
        asked_people(viewer(), asked),
        course_id=course,
        person_id=asked.get("person", type=int),
        all_courses="all" in asked,
    )


def _has_many(names: list[str]) -> str:
    return _(
        "%(names)s: two courses or more are open already. Leave them out, or say that you want to give another.",
        names=", ".join(names),
    )


def _said(given: int, of: int) -> str:
    words = ngettext(
        "Assigned to one person. They hear of it in their working hours.",
        "Assigned to %(num)d people. They hear of it in their working hours.",
        given,
    )
    return words if given == of else f"{words} {_('The others have it open already.')}"


def _refuse_others() -> None:
    if not viewer().manages and not assigns(viewer()):
        raise Refused(_("Courses are assigned by whoever leads a team, and by HR."))


def _page(form: AssignForm, page: AssignPage) -> str:
    return render_template(
        "training/assign.html",
        form=form,
        page=page,
        teams=teams_to_choose(viewer()),
        assigns_all=assigns(viewer()),
        asked=request.args,
        words=sentences,
    )
