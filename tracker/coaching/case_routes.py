"""What the two add to a case beside the talk itself: points for it, a hand-over, a private note, training."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.coaching import agenda, notes
from tracker.coaching.forms import HandOverForm, PointForm, PrivateNoteForm, TrainingForm
from tracker.coaching.models import CoachingCase
from tracker.coaching.page import case_page, unsaved_page
from tracker.coaching.page_models import AgendaPoint
from tracker.coaching.policy import cases_led_by, cases_seen_by, cases_with_agenda_of, points_of, points_ticked_by
from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, managers, members, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict, Refused
from tracker.core.pages import notice
from tracker.courses.models import Course
from tracker.courses.policy import courses_read_by
from tracker.organisation.models import Person
from tracker.ratings.models import Rating
from tracker.ratings.policy import ratings_seen_by
from tracker.training import assigning
from tracker.training.assign_page import driver_names
from tracker.training.forms import id_sent
from tracker.training.policy import people_assigned_by

bp = Blueprint("case", __name__, url_prefix="/coaching")


@bp.post("/<int:id>/points")
@members
def add_point(id: int) -> ResponseReturnValue:
    """A point in words, or the rating beside which the button stands."""
    case: CoachingCase = find_or_404(cases_with_agenda_of(viewer()), id)
    form = PointForm()
    if not form.validate():
        return case_page(case, point=form), 422
    rating = _rating_of(case, form.rating.data)
    said, rating_id = form.text.data or "", rating.id if rating else None
    try:
        agenda.add_to_agenda(
            case, by=viewer().person_id, text=said, rating_id=rating_id, form_key=form.sent_as(), at=clock.now()
        )
    except Conflict as late:
        return unsaved_page(id, late, said), 409
    notice(_("It stands on the agenda."))
    return _back(case)


@bp.post("/points/<int:id>/removal")
@members
def take_back_point(id: int) -> ResponseReturnValue:
    """One's own only: of somebody else's point a reader gets 403."""
    point: AgendaPoint = find_or_404(points_ticked_by(viewer()), id)
    if db.session.scalar(points_of(viewer()).where(AgendaPoint.id == id).with_only_columns(AgendaPoint.id)) is None:
        raise Refused(_("Only who put it down takes it back."))
    case = find_or_404(cases_seen_by(viewer()), point.case_id)
    agenda.take_back(point, case, at=clock.now())
    return _back(case)


@bp.post("/points/<int:id>/completion")
@members
def tick_point(id: int) -> ResponseReturnValue:
    """Either of the two ticks a point off, or opens it again: the button says which, so that two clicks are one."""
    point: AgendaPoint = find_or_404(points_ticked_by(viewer()), id)
    case = find_or_404(cases_seen_by(viewer()), point.case_id)
    agenda.tick_point(point, case, done=request.form.get("done") == "yes", by=viewer().person_id, at=clock.now())
    return _back(case)


@bp.post("/<int:id>/private-note")
@members
def write_private_note(id: int) -> ResponseReturnValue:
    """The viewer's own: there is no address under which anybody reads somebody else's."""
    case: CoachingCase = find_or_404(cases_seen_by(viewer()), id)
    form = PrivateNoteForm()
    if not form.validate():
        return case_page(case, private=form), 422
    notes.write_private_note(case, by=viewer().person_id, text=form.text.data or "", at=clock.now())
    notice(_("Kept. Only you can read it.") if form.text.data else _("Your private note is deleted."))
    return _back(case)


@bp.post("/<int:id>/hand-over")
@managers
def hand_over(id: int) -> ResponseReturnValue:
    case = led(id)
    form = HandOverForm()
    if not form.validate():
        return case_page(case, hand_over=form), 422
    try:
        notes.hand_over(case, by=viewer().person_id, text=form.text.data or "", at=clock.now())
    except Conflict as late:
        return unsaved_page(id, late, form.text.data or ""), 409
    notice(_("Saved. Both can read it.") if form.text.data else _("The hand-over note is taken away."))
    return _back(case)


@bp.post("/<int:id>/training")
@managers
def assign(id: int) -> ResponseReturnValue:
    """A course that teaches what low ratings name: the second of two clicks."""
    case = led(id)
    form = TrainingForm(today=viewer().today)
    course: Course = find_or_404(courses_read_by(viewer()), id_sent(form.course.data))
    person: Person = find_or_404(people_assigned_by(viewer()), case.person_id)
    if form.validate() and assigning.laden([person.id], course.id):
        form.due_on.errors = [
            _("%(name)s has two courses open already. Let one of them end first.", name=person.first_name)
        ]
    if form.errors:
        return case_page(case, training=form), 422
    given = assigning.assign_course(_task(form, course), [person.id], by=viewer().person_id, at=clock.now())
    said = _("Assigned. %(name)s hears of it in working hours.") if given else _("%(name)s has it open already.")
    notice(said % {"name": person.first_name})
    return _back(case)


def _task(form: TrainingForm, course: Course) -> assigning.Task:
    driver = form.driver.data if form.driver.data in driver_names() else None
    return assigning.Task(course.id, why="rating", due_on=form.due_on.data, driver=driver)


def _rating_of(case: CoachingCase, sent: str | None) -> Rating | None:
    """The rating meant, of the person the case is about and as far as the viewer reads it."""
    if not sent:
        return None
    found: Rating = find_or_404(ratings_seen_by(viewer()).where(Rating.person_id == case.person_id), id_sent(sent))
    return found


def led(id: int) -> CoachingCase:
    """The case, if the viewer leads it: a reader who may not write gets 403, a stranger 404."""
    case: CoachingCase = find_or_404(cases_seen_by(viewer()), id)
    if (
        db.session.scalar(cases_led_by(viewer()).where(CoachingCase.id == id).with_only_columns(CoachingCase.id))
        is None
    ):
        raise Refused(_("This is for the person who leads the talk."))
    return case


def _back(case: CoachingCase) -> ResponseReturnValue:
    return redirect(url_for("coaching.case", id=case.id), 303)
