"""The learner’s side of a package: opening it, its page, the ticket of a window, and what that window reports."""

from typing import Any

from flask import current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.core.errors import Invalid
from tracker.core.headers import framing_from
from tracker.courses.content import Lesson
from tracker.scorm import actions
from tracker.scorm.launching import pseudonym, values_at_opening
from tracker.scorm.models import PackageVisit
from tracker.scorm.page import content_origin, page_of
from tracker.scorm.policy import runs_played_by, visits_of
from tracker.scorm.queries import is_finished, items_of, package_lesson, states_of

MOST_BYTES = 512_000  # of one report
MOST_ELEMENTS = 20_000
LARGEST_NUMBER = 2**31 - 1

bp = Blueprint("scorm", __name__)


@bp.post("/training/runs/<int:run>/packages/<key>/visits")
@members
def open_package(run: int, key: str) -> ResponseReturnValue:
    """Open the package of a lesson: where it is to go on, or at the item that was chosen."""
    found = find_or_404(runs_played_by(viewer()), run)
    lesson = package_lesson(found, key)
    if lesson is None:
        raise NotFound
    item, anew = request.form.get("item") or None, request.form.get("anew") == "1"
    visit = actions.open_visit(found, lesson, item=item, anew=anew, by=viewer().person_id, at=clock.now())
    return redirect(url_for("scorm.package", id=visit.id), 303)


@bp.get("/training/packages/<int:id>")
@members
def package(id: int) -> ResponseReturnValue:
    visit, lesson = _visit_and_lesson(id)
    page = page_of(visit, lesson)
    return framing_from(make_response(render_template("scorm/package.html", page=page)), content_origin())


@bp.post("/training/packages/<int:id>/tickets")
@members
def take_ticket(id: int) -> ResponseReturnValue:
    """For the window that shows this visit from now on: its ticket, and where the learner stood."""
    visit, _lesson = _visit_and_lesson(id)
    ticket = actions.take_ticket(visit, at=clock.now())
    items = items_of(visit.package)
    place = [item.key for item in items].index(visit.item)
    state = states_of(visit.run_id, visit.lesson_key).get(visit.item)
    values = values_at_opening(
        visit.package.standard,
        items[place],
        state,
        learner=pseudonym(current_app.config["SECRET_KEY"], of="run", id=visit.run_id),
        name=viewer().first_name,
        valid={"continue": place + 1 < len(items), "previous": place > 0},
    )
    return jsonify(ticket=ticket, values=values, seconds=state.seconds if state else 0)


@bp.post("/training/packages/<int:id>/state")
@members
def save_state(id: int) -> ResponseReturnValue:
    visit, lesson = _visit_and_lesson(id)
    if len(request.get_data()) > MOST_BYTES:
        raise RequestEntityTooLarge
    ticket, report = _read_report(request.get_json(silent=True))
    state = actions.save_state(visit, lesson, report, ticket=ticket, at=clock.now())
    states = states_of(visit.run_id, visit.lesson_key)
    finished = all(is_finished(states.get(item.key)) for item in items_of(visit.package))
    return jsonify(completed=state.completed_at is not None, passed=state.passed, finished=finished)


def _visit_and_lesson(id: int) -> tuple[PackageVisit, Lesson]:
    visit = find_or_404(visits_of(viewer()), id)
    lesson = package_lesson(visit.run, visit.lesson_key)
    if lesson is None:
        raise NotFound
    return visit, lesson


def _read_report(sent: Any) -> tuple[str, actions.Report]:
    """The ticket, and what is reported; Invalid unless it has exactly the shape that our own script sends."""
    kinds = {"ticket": str, "number": int, "data": dict, "seconds": int, "open": bool}
    is_one = isinstance(sent, dict) and all(type(sent.get(name)) is kind for name, kind in kinds.items())
    if not is_one or len(sent["data"]) > MOST_ELEMENTS or not 0 < sent["number"] <= LARGEST_NUMBER:
        raise Invalid(_("The package said something that cannot be stored."))
    return sent["ticket"], actions.Report(sent["number"], sent["data"], sent["seconds"], sent["open"])
