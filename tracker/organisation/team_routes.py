"""The tree of teams, and one team: its people, who leads it, its holidays."""

from datetime import date
from typing import Any

from babel.dates import format_date
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import find_or_404, members, office, viewer
from tracker.core.db import db
from tracker.core.errors import DomainError, Refused
from tracker.core.language import locale
from tracker.core.pages import notice
from tracker.organisation import actions, page_queries, queries
from tracker.organisation.blueprint import bp
from tracker.organisation.forms import DeputyForm, HolidayForm, LeaderForm, TeamForm, zone_names
from tracker.organisation.models import Team, Tenure
from tracker.organisation.policy import (
    by_role,
    teams_deputised_by,
    teams_edited_by,
    teams_seen_by,
    tenures_edited_by,
    tenures_seen_by,
)


@bp.get("/teams")
@members
def teams() -> ResponseReturnValue:
    edits = by_role("team.edit", viewer())
    return render_template("organisation/teams.html", forest=page_queries.team_forest(viewer().today), edits=edits)


@bp.get("/teams/new")
@office
def new_team() -> ResponseReturnValue:
    organisation = queries.the_organisation()
    form = TeamForm(
        parent_id=request.args.get("parent", type=int), time_zone=organisation.time_zone if organisation else "UTC"
    )
    return _team_form(form, None)


@bp.post("/teams")
@office
def add_team() -> ResponseReturnValue:
    form = TeamForm()
    form.parent_id.offer(queries.team_choices())
    if not form.validate():
        return _team_form(form, None), 422
    try:
        team = actions.open_team(form.values(), by=viewer().person_id, at=clock.now())
        db.session.flush()
    except DomainError as error:
        form.name.errors = [error.sentence]
        return _team_form(form, None), int(error.status)
    notice(_("%(team)s is there. Who leads it?", team=team.name))
    return redirect(url_for(".team", id=team.id), 303)


@bp.get("/teams/<int:id>")
@members
def team(id: int) -> ResponseReturnValue:
    return _team_page(find_or_404(teams_seen_by(viewer()), id))


@bp.get("/teams/<int:id>/edit")
@office
def edit_team(id: int) -> ResponseReturnValue:
    team = find_or_404(teams_edited_by(viewer()), id)
    return _team_form(TeamForm(obj=team, working_days=list(team.working_days)), team)


@bp.post("/teams/<int:id>")
@members
def save_team(id: int) -> ResponseReturnValue:
    team = _edited(id)
    form = TeamForm()
    form.parent_id.offer(queries.team_choices())
    if not form.validate():
        return _team_form(form, team), 422
    try:
        actions.edit_team(team, form.values(), by=viewer().person_id, at=clock.now())
    except DomainError as error:
        (form.name if isinstance(error, actions.Taken) else form.parent_id).errors = [error.sentence]
        return _team_form(form, team), int(error.status)
    notice(_("Saved."))
    return redirect(url_for(".team", id=id), 303)


@bp.post("/teams/<int:id>/manager")
@members
def appoint_manager(id: int) -> ResponseReturnValue:
    team = _edited(id)
    form = LeaderForm(today=viewer().today, prefix="manager")
    if not form.validate():
        return _team_page(team, manager_form=form), 422
    assert form.person is not None  # noqa: S101 - validation found exactly one
    try:
        actions.appoint_manager(team, form.person, since=form.since.data, by=viewer().person_id, at=clock.now())
    except DomainError as error:
        form.who.errors = [error.sentence]
        return _team_page(_again(id), manager_form=form), int(error.status)
    notice(_("%(name)s leads %(team)s from that day on, and is told.", name=form.person.name, team=team.name))
    return redirect(url_for(".team", id=id), 303)


@bp.post("/teams/<int:id>/deputies")
@members
def appoint_deputy(id: int) -> ResponseReturnValue:
    team = _deputised(id)
    form = _deputy_form()
    if not form.validate():
        return _team_page(team, deputy_form=form), 422
    assert form.person is not None  # noqa: S101 - validation found exactly one
    try:
        actions.appoint_deputy(
            team,
            form.person,
            since=form.since.data,
            last=form.last.data,
            by=viewer().person_id,
            at=clock.now(),
        )
    except DomainError as error:
        form.who.errors = [error.sentence]
        db.session.rollback()
        return _team_page(_deputised(id), deputy_form=form), int(error.status)
    notice(_("%(name)s stands in while the manager is away, and is told.", name=form.person.name))
    return redirect(url_for(".team", id=id), 303)


@bp.post("/tenures/<int:id>/ending")
@members
def end_tenure(id: int) -> ResponseReturnValue:
    tenure: Tenure = find_or_404(tenures_seen_by(viewer()), id)
    if db.session.scalar(tenures_edited_by(viewer()).where(Tenure.id == id)) is None:
        raise Refused(_("HR and admins end this, and a team’s manager the days of a deputy."))
    team_id = tenure.team_id
    actions.end_tenure(tenure, on=viewer().today, by=viewer().person_id, at=clock.now())
    notice(_("That ends today."))
    return redirect(url_for(".team", id=team_id), 303)


@bp.post("/teams/<int:id>/holidays")
@members
def add_team_holiday(id: int) -> ResponseReturnValue:
    team = _edited(id)
    form = HolidayForm()
    if not form.validate():
        return _team_page(team, holiday_form=form), 422
    try:
        actions.add_holiday(form.on.data, form.name.data, team=team, by=viewer().person_id, at=clock.now())
    except DomainError as error:
        form.on.errors = [error.sentence]
        return _team_page(team, holiday_form=form), int(error.status)
    notice(_("Saved. Reminders keep away from that day."))
    return redirect(url_for(".team", id=id, year=form.on.data.year), 303)


def _edited(id: int) -> Team:
    """The team, if the viewer may edit it: everybody reads the tree, so who may not gets 403."""
    team: Team = find_or_404(teams_seen_by(viewer()), id)
    if not by_role("team.edit", viewer()):
        raise Refused(_("Only HR and admins change teams."))
    return team


def _deputised(id: int) -> Team:
    """The team, if the viewer may name its deputies."""
    team: Team = find_or_404(teams_seen_by(viewer()), id)
    if not _names_deputies(team):
        raise Refused(_("Only HR, admins and the team’s manager name a deputy."))
    return team


def _names_deputies(team: Team) -> bool:
    return db.session.scalar(teams_deputised_by(viewer()).where(Team.id == team.id)) is not None


def _deputy_form(**given: Any) -> DeputyForm:
    """Whoever may not change the team itself says until when somebody stands in."""
    must_end = not by_role("team.edit", viewer())
    return DeputyForm(today=viewer().today, must_end=must_end, prefix="deputy", **given)


def _again(id: int) -> Team:
    """The team after a refusal half way: what had been begun is dropped first."""
    db.session.rollback()
    return _edited(id)


def _team_form(form: TeamForm, team: Team | None) -> str:
    beneath = queries.team_tree().beneath(team.id) if team else set()
    form.parent_id.offer(queries.team_choices(but=beneath))
    return render_template("organisation/edit_team.html", form=form, team=team, zones=zone_names())


def _team_page(
    team: Team,
    *,
    manager_form: LeaderForm | None = None,
    deputy_form: DeputyForm | None = None,
    holiday_form: HolidayForm | None = None,
) -> str:
    today = viewer().today
    edits = by_role("team.edit", viewer())
    year = asked_year(today.year)
    tenures = page_queries.tenures_in(team.id)
    tree = queries.team_tree()
    forms: dict[str, Any] = {
        "manager_form": manager_form or LeaderForm(today=today, prefix="manager", formdata=None, since=today),
        "deputy_form": deputy_form or _deputy_form(formdata=None, since=today),
        "holiday_form": holiday_form or HolidayForm(formdata=None),
    }
    return render_template(
        "organisation/team.html",
        team=team,
        parent=tree.teams.get(team.parent_id or 0),
        working_days=[_weekday(int(number)) for number in team.working_days],
        below=sorted((t for t in tree.teams.values() if t.parent_id == team.id), key=lambda t: t.name.casefold()),
        team_names={team_id: found.name for team_id, found in tree.teams.items()},
        people=queries.people_in(team.id, today),
        managers=[tenure for tenure in tenures if tenure.kind == "manager"],
        deputies=[tenure for tenure in tenures if tenure.kind == "deputy"],
        holidays=page_queries.holidays_in(year, [None, *tree.upwards(team.id)]),
        year=year,
        edits=edits,
        names_deputies=_names_deputies(team),
        suggested=page_queries.suggested_people(today) if edits or _names_deputies(team) else [],
        **forms,
    )


def _weekday(number: int) -> str:
    """Mon for 1: the first of January 2024 was a Monday."""
    return str(format_date(date(2024, 1, number), "EEE", locale=locale()))


def asked_year(this_year: int) -> int:
    """The year of `?year=`, within ten years of this one."""
    asked = request.args.get("year", this_year, type=int)
    return asked if abs(asked - this_year) <= 10 else this_year
