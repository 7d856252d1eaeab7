"""Who takes care of complaints: the list of teams, and the choice for one of them or for the company."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.core.errors import DomainError, Refused
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.organisation.models import Team
from tracker.recovery import owner_queries, sentences
from tracker.recovery.forms import OwnersForm
from tracker.recovery.owner_actions import choose_owners
from tracker.recovery.owners import COMPANY
from tracker.recovery.policy import chooses_for_all, teams_given_owners_by

bp = Blueprint("complaint_owners", __name__, url_prefix="/complaints/owners")


@bp.get("")
@members
def teams() -> ResponseReturnValue:
    """Each team with what holds for it; above them the company's rule, which everybody here reads."""
    if not viewer().manages and not chooses_for_all(viewer()):
        raise Refused(_("This is for who leads a team, for HR and for admins."))
    page = page_of(teams_given_owners_by(viewer()))
    return render_template(
        "recovery/owners.html",
        page=page,
        rows=owner_queries.holding(page.rows, viewer().today),
        company=owner_queries.holding_for_company(viewer().today),
        chooses_for_all=chooses_for_all(viewer()),
        words=sentences,
    )


@bp.get("/company")
@members
def of_company() -> ResponseReturnValue:
    _refuse_others()
    return _choosing(None)


@bp.post("/company")
@members
def choose_for_company() -> ResponseReturnValue:
    _refuse_others()
    return _chosen(None)


@bp.get("/<int:id>")
@members
def of_team(id: int) -> ResponseReturnValue:
    return _choosing(_team(id))


@bp.post("/<int:id>")
@members
def choose_for_team(id: int) -> ResponseReturnValue:
    return _chosen(_team(id))


def _team(id: int) -> Team:
    found: Team = find_or_404(teams_given_owners_by(viewer()), id)
    return found


def _refuse_others() -> None:
    if not chooses_for_all(viewer()):
        raise Refused(_("HR or an admin chooses for the whole company."))


def _choosing(team: Team | None, form: OwnersForm | None = None) -> str:
    now = {str(person) for person in owner_queries.chosen_for(team.id if team else COMPANY)}
    return render_template(
        "recovery/owners_of.html",
        team=team,
        form=form or _form(team, formdata=None, data={"people": now}),
        holds=owner_queries.holding([team], viewer().today)[0]
        if team
        else owner_queries.holding_for_company(viewer().today),
        by_number=chooses_for_all(viewer()),
        words=sentences,
    )


def _chosen(team: Team | None) -> ResponseReturnValue:
    form = _form(team)
    numbered = _numbered(form) if form.validate() else set()
    if form.errors:
        return _choosing(team, form), 422
    try:
        choose_owners(team, form.chosen | numbered, by=viewer().person_id, at=clock.now())
    except DomainError as error:
        form.people.errors = [error.sentence]
        return _choosing(team, form), int(error.status)
    notice(_("Saved. It holds for complaints from now on."))
    return redirect(url_for(".teams"), 303)


def _form(team: Team | None, **given: object) -> OwnersForm:
    return OwnersForm(offered=owner_queries.offered_for(team, viewer().today), **given)


def _numbered(form: OwnersForm) -> set[int]:
    """Whom the staff numbers mean; a number that is nobody's, or of somebody who has left, goes back to the form."""
    numbers = form.numbers_given if chooses_for_all(viewer()) else []
    found = owner_queries.able_numbered(viewer(), numbers)
    form.numbers.errors = [
        _("Nobody who works here and can sign in has the staff number %(number)s", number=number)
        for number in numbers
        if number.lower() not in found
    ]
    return set(found.values())
