"""The directory, and one person: details, teams, absences."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import find_or_404, members, office, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError, Refused
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.organisation import actions, page_queries, queries
from tracker.organisation.blueprint import bp
from tracker.organisation.forms import AbsenceForm, EditPersonForm, MoveForm, NewPersonForm
from tracker.organisation.models import Absence, Person, Team
from tracker.organisation.policy import (
    absences_edited_by,
    absences_seen_by,
    by_role,
    may,
    people_seen_by,
    teams_seen_by,
)


@bp.get("/people")
@members
def people() -> ResponseReturnValue:
    """Everybody by name. Whoever may edit people can also look at those who have left."""
    edits = by_role("person.edit", viewer())
    search, team_id = request.args.get("q", "").strip()[:80], request.args.get("team", type=int)
    with_left = edits and request.args.get("left") == "1"
    found: Any = queries.directory(people_seen_by(viewer()), day=viewer().today, search=search)
    if not with_left:
        found = queries.still_here(found, viewer().today)
    if team_id:
        found = page_queries.in_teams(found, queries.team_tree().beneath(team_id))
    return render_template(
        "organisation/people.html",
        page=page_of(found, scalars=False),
        teams=queries.team_choices(),
        search=search,
        team_id=team_id,
        with_left=with_left,
        edits=edits,
        imports=by_role("import.run", viewer()),
    )


@bp.get("/people/new")
@office
def new_person() -> ResponseReturnValue:
    form = NewPersonForm(team=request.args.get("team", type=int), started_on=viewer().today)
    form.team.offer(queries.team_choices())
    return render_template("organisation/new_person.html", form=form)


@bp.post("/people")
@office
def add_person() -> ResponseReturnValue:
    form = NewPersonForm()
    form.team.offer(queries.team_choices())
    if not form.validate():
        return render_template("organisation/new_person.html", form=form), 422
    team = find_or_404(teams_seen_by(viewer()), form.team.data)
    since = form.started_on.data or viewer().today
    try:
        person = actions.add_person(form.details(), team=team, since=since, by=viewer().person_id, at=clock.now())
    except actions.Taken as error:
        return render_template("organisation/new_person.html", form=_taken(form, error)), 409
    notice(
        _("%(name)s is in the directory.", name=person.name),
        link_label=_("Let them sign in"),
        link_url=url_for("accounts.account", id=person.id),
    )
    return redirect(url_for(".person", id=person.id), 303)


@bp.get("/people/<int:id>")
@members
def person(id: int) -> ResponseReturnValue:
    return _person_page(find_or_404(people_seen_by(viewer()), id))


@bp.get("/people/<int:id>/edit")
@office
def edit_person(id: int) -> ResponseReturnValue:
    person = _edited(id)
    return render_template("organisation/edit_person.html", person=person, form=EditPersonForm(obj=person))


@bp.post("/people/<int:id>")
@members
def save_person(id: int) -> ResponseReturnValue:
    person = _edited(id)
    form = EditPersonForm()
    if not form.validate():
        return render_template("organisation/edit_person.html", person=person, form=form), 422
    try:
        actions.end_employment(person, on=form.ended_on.data, by=viewer().person_id, at=clock.now())
        actions.edit_person(person, form.details(), by=viewer().person_id, at=clock.now())
    except actions.Taken as error:
        db.session.rollback()
        person = _edited(id)
        return render_template("organisation/edit_person.html", person=person, form=_taken(form, error)), 409
    notice(_("Saved."))
    return redirect(url_for(".person", id=id), 303)


@bp.post("/people/<int:id>/memberships")
@members
def move(id: int) -> ResponseReturnValue:
    person = _edited(id)
    form = MoveForm()
    form.team.offer(queries.team_choices())
    if not form.validate():
        return _person_page(person, move_form=form), 422
    team: Team = find_or_404(teams_seen_by(viewer()), form.team.data)
    try:
        actions.move_person(person, team, since=form.since.data, by=viewer().person_id, at=clock.now())
    except DomainError as error:
        db.session.rollback()
        form.since.errors = [error.sentence]
        return _person_page(_edited(id), move_form=form), int(error.status)
    notice(_("%(name)s is in %(team)s from that day on, and is told.", name=person.name, team=team.name))
    return redirect(url_for(".person", id=id), 303)


@bp.post("/people/<int:id>/absences")
@members
def add_absence(id: int) -> ResponseReturnValue:
    person: Person = find_or_404(people_seen_by(viewer()), id)
    if not may("absence.edit", viewer(), person.id):
        raise Refused(_("Absences are entered by the person’s manager, HR or an admin."))
    form = AbsenceForm()
    if not form.validate():
        return _person_page(person, absence_form=form), 422
    try:
        actions.add_absence(person, first=form.first.data, last=form.last.data, by=viewer().person_id, at=clock.now())
    except Conflict as error:
        form.first.errors = [error.sentence]
        return _person_page(person, absence_form=form), 409
    notice(_("Saved. Reminders keep away from these days."))
    return redirect(url_for(".person", id=id), 303)


@bp.post("/absences/<int:id>/removal")
@members
def remove_absence(id: int) -> ResponseReturnValue:
    absence: Absence = find_or_404(absences_seen_by(viewer()), id)
    if db.session.scalar(absences_edited_by(viewer()).where(Absence.id == id)) is None:
        raise Refused(_("Absences are entered by the person’s manager, HR or an admin."))
    actions.remove_absence(absence, by=viewer().person_id, at=clock.now())
    notice(_("These days are taken out again."))
    return redirect(url_for(".person", id=absence.person_id), 303)


def _edited(id: int) -> Person:
    """The person, if the viewer may edit them: everybody reads the directory, so who may not gets 403."""
    person: Person = find_or_404(people_seen_by(viewer()), id)
    if not may("person.edit", viewer(), person.id):
        raise Refused(_("Only HR and admins change these details, and nobody their own."))
    return person


def _taken(form: Any, error: actions.Taken) -> Any:
    """Put the refusal beside the field that it is about."""
    form[error.field].errors = [error.sentence]
    return form


def _person_page(person: Person, *, move_form: MoveForm | None = None, absence_form: AbsenceForm | None = None) -> str:
    edits = may("person.edit", viewer(), person.id)
    if move_form is None:
        move_form = MoveForm(formdata=None, since=viewer().today)
    move_form.team.offer(queries.team_choices())
    seen = absences_seen_by(viewer()).where(Absence.person_id == person.id)
    return render_template(
        "organisation/person.html",
        person=person,
        memberships=page_queries.memberships_of(person.id),
        tenures=page_queries.tenures_of(person.id),
        absences=db.session.scalars(seen).all(),
        edits=edits,
        edits_absences=may("absence.edit", viewer(), person.id),
        sees_absences=may("absence.read", viewer(), person.id),
        move_form=move_form,
        absence_form=absence_form or AbsenceForm(formdata=None),
    )
