"""Who has what open; moving and waiving; free answers to read; another go."""

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import find_or_404, members, viewer
from tracker.core.clock import local_day
from tracker.core.errors import Refused
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.courses.content import Content
from tracker.organisation.policy import by_role
from tracker.organisation.queries import calendar_of
from tracker.training import assigning, queries, quizzes, results_page, sentences, team_page
from tracker.training.assign_page import teams_to_choose
from tracker.training.blueprint import bp
from tracker.training.forms import DueForm, MarkForm, WaiveForm
from tracker.training.learning_models import CourseRun, QuizAnswer
from tracker.training.models import Assignment
from tracker.training.policy import (
    answers_marked_by,
    assignments_read_by,
    assignments_waived_by,
    runs_given_more_by,
    runs_read_by,
)
from tracker.training.rollout_queries import turns_to_come


@bp.get("/team")
@members
def team() -> ResponseReturnValue:
    """`?team=` looks at one team and those beneath it."""
    if not viewer().manages and not by_role("assignment.read", viewer()):
        raise Refused(_("This is for whoever leads a team, and for HR."))
    page = page_of(team_page.open_assignments(viewer(), request.args.get("team", type=int)))
    return render_template(
        "training/team.html",
        page=page,
        rows=team_page.rows_of(list(page.rows)),
        waits=team_page.waits(viewer()),
        teams=teams_to_choose(viewer()),
        team_id=request.args.get("team", type=int),
        turns=turns_to_come(viewer()),
        words=sentences,
    )


@bp.get("/assignments/<int:id>")
@members
def assignment(id: int) -> ResponseReturnValue:
    found: Assignment = find_or_404(assignments_read_by(viewer()), id)
    return _assignment_page(found)


@bp.post("/assignments/<int:id>/day")
@members
def move(id: int) -> ResponseReturnValue:
    found, form = _acting_on(id), DueForm(today=viewer().today)
    if not form.validate():
        return _assignment_page(found, move=form), 422
    assigning.move_due(found, form.due_on.data, by=viewer().person_id, at=clock.now())
    notice(_("Moved."))
    return redirect(url_for(".team"), 303)


@bp.post("/assignments/<int:id>/waiver")
@members
def waive(id: int) -> ResponseReturnValue:
    found, form = _acting_on(id), WaiveForm()
    if not form.validate():
        return _assignment_page(found, waive=form), 422
    assigning.waive(found, form.reason.data, by=viewer().person_id, at=clock.now())
    notice(_("Waived. They hear why."))
    return redirect(url_for(".team"), 303)


@bp.get("/runs/<int:id>/results")
@members
def results(id: int) -> ResponseReturnValue:
    """How the learner of a run did in the checks of its course, this time and before."""
    found: CourseRun = find_or_404(runs_read_by(viewer()), id)
    return render_template(
        "training/results.html", runs=results_page.results_of(found.person_id, found.course_id, viewer())
    )


@bp.post("/runs/<int:id>/more")
@members
def give_another(id: int) -> ResponseReturnValue:
    run: CourseRun = find_or_404(runs_given_more_by(viewer()), id)
    quizzes.allow_another(run, by=viewer().person_id, at=clock.now())
    notice(_("They have another go, and hear of it."))
    return redirect(url_for(".team"), 303)


@bp.get("/marking")
@members
def marking() -> ResponseReturnValue:
    """Free answers that wait for the viewer."""
    return _marking_page()


@bp.post("/answers/<int:id>/mark")
@members
def mark(id: int) -> ResponseReturnValue:
    answer: QuizAnswer = find_or_404(answers_marked_by(viewer()), id)
    form = MarkForm()
    if not form.validate():
        return _marking_page(id, form), 422
    learner = quizzes.learner_of(answer)
    quizzes.mark_answer(
        answer,
        is_right=form.right.data == "yes",
        words=form.words.data,
        by=viewer().person_id,
        day=_day_of(learner),
        at=clock.now(),
    )
    notice(_("Sent. The course goes on."))
    return redirect(url_for(".marking"), 303)


def _acting_on(id: int) -> Assignment:
    """Open ones that the viewer may move or waive; a reader who may not gets 403."""
    found: Assignment = find_or_404(assignments_read_by(viewer()), id)
    if found.ended_at is None and not assigning.may_waive(assignments_waived_by(viewer()), id):
        raise Refused(_("This is for whoever leads the learner, and for HR."))
    return found


def _assignment_page(found: Assignment, **forms: object) -> str:
    row = next(iter(team_page.rows_of([team_page.whole(found)])), None)
    may_act = found.ended_at is None and assigning.may_waive(assignments_waived_by(viewer()), found.id)
    empty = {
        "move": DueForm(today=viewer().today, formdata=None, data={"due_on": found.due_on}),
        "waive": WaiveForm(formdata=None),
    }
    return render_template(
        "training/assignment.html",
        found=found,
        row=row,
        may_act=may_act,
        run_id=results_page.readable_run(found, viewer()),
        words=sentences,
        **{**empty, **forms},
    )


def _marking_page(id: int | None = None, form: MarkForm | None = None) -> str:
    answers = queries.to_mark(viewer())
    questions = {answer.id: _question_of(answer) for answer in answers}
    return render_template(
        "training/marking.html",
        answers=answers,
        questions=questions,
        sent=id,
        form=form,
        empty_form=MarkForm(formdata=None),
    )


def _question_of(answer: QuizAnswer) -> object:
    return Content(answer.attempt.run.version.content).question(answer.question_key)


def _day_of(person_id: int) -> date:
    now = clock.now()
    return local_day(now, calendar_of(person_id, now.date()).zone)
