"""Other people's accounts: inviting, slips on paper, shutting out, roles. Nobody looks after their own here."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.access import actions, queries
from tracker.access.models import Account
from tracker.access.people_forms import RolesForm
from tracker.access.rules import LINK_LENGTH
from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, office, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict, Refused
from tracker.core.pages import notice
from tracker.organisation.models import Person
from tracker.organisation.policy import may, teams_edited_by
from tracker.organisation.ports import outranks
from tracker.organisation.queries import people_in

bp = Blueprint("accounts", __name__)


@dataclass(frozen=True)
class Slip:
    """One person's part of the printed page."""

    person: Person
    code: str
    expires_at: datetime


@bp.get("/people/<int:id>/account")
@office
def account(id: int) -> ResponseReturnValue:
    return _account_page(_person(id))


@bp.post("/people/<int:id>/invitation")
@office
def invite(id: int) -> ResponseReturnValue:
    person = _person(id)
    if not person.email:
        raise Conflict(_("%(name)s has no email address here. Print a slip instead.", name=person.name))
    account = _open_account(person)
    if account.deactivated_at:
        raise Conflict(_("This account is shut out. Let the person in again first."))
    actions.invite(account, by=viewer().person_id, at=clock.now())
    if current_app.config["SMTP_URL"]:
        notice(_("The invitation is on its way to %(address)s.", address=person.email))
    else:
        notice(
            _("There is no mail server yet, so the invitation waits. A printed slip lets the person in today."),
            kind="attn",
        )
    return redirect(url_for(".account", id=id), 303)


@bp.post("/people/<int:id>/slip")
@office
def print_slip(id: int) -> ResponseReturnValue:
    """The page itself is the only copy of the code, so it is the answer, and no redirect."""
    return _printed([_slip(_person(id))])


@bp.post("/teams/<int:id>/slips")
@office
def print_slips(id: int) -> ResponseReturnValue:
    """Slips for everybody of a team who has never signed in, on one page."""
    team = find_or_404(teams_edited_by(viewer()), id)
    waiting = set(queries.without_password(person.id for person in people_in(team.id, viewer().today)))
    people = [
        person
        for person in people_in(team.id, viewer().today)
        if person.id in waiting and person.id != viewer().person_id and outranks(viewer().person_id, person.id)
    ]
    if not people:
        notice(_("Everybody in this team has a way in already. A new slip is on each person’s account page."))
        return redirect(url_for("organisation.team", id=id), 303)
    return _printed([_slip(person) for person in people])


@bp.post("/people/<int:id>/shutout")
@office
def shut_out(id: int) -> ResponseReturnValue:
    person = _person(id, "user.deactivate")
    actions.deactivate(_open_account(person), by=viewer().person_id, at=clock.now())
    notice(_("%(name)s is signed out everywhere and can’t sign in.", name=person.name))
    return redirect(url_for(".account", id=id), 303)


@bp.post("/people/<int:id>/readmission")
@office
def let_in_again(id: int) -> ResponseReturnValue:
    person = _person(id, "user.deactivate")
    actions.reactivate(_open_account(person), by=viewer().person_id, at=clock.now())
    notice(_("%(name)s can sign in again.", name=person.name))
    return redirect(url_for(".account", id=id), 303)


@bp.post("/people/<int:id>/sessions/end")
@office
def end_sessions(id: int) -> ResponseReturnValue:
    person = _person(id, "user.deactivate")
    actions.end_all_sessions(_open_account(person), by=viewer().person_id, at=clock.now())
    notice(_("%(name)s is signed out everywhere.", name=person.name))
    return redirect(url_for(".account", id=id), 303)


@bp.post("/people/<int:id>/roles")
@office
def set_roles(id: int) -> ResponseReturnValue:
    person = _person(id, "user.edit_roles")
    form = RolesForm()
    if not form.validate():
        return _account_page(person, form), 422
    actions.set_roles(person, set(form.roles.data or ()), by=viewer().person_id, at=clock.now())
    notice(_("Saved. %(name)s is told.", name=person.name))
    return redirect(url_for(".account", id=id), 303)


def _person(id: int, action: str = "account.invite") -> Person:
    """Whose account it is: 404 outside the viewer's reach (their own too), 403 where they may look but not do this."""
    person: Person = find_or_404(queries.accounts_managed_by(viewer()), id)
    if not may(action, viewer(), person.id):
        raise Refused(_("Only an admin does this."))
    return person


def _open_account(person: Person) -> Account:
    return actions.account_for(person, by=viewer().person_id, at=clock.now())


def _slip(person: Person) -> Slip:
    at = clock.now()
    return Slip(
        person, actions.print_slip(_open_account(person), by=viewer().person_id, at=at), at + LINK_LENGTH["slip"]
    )


def _printed(slips: list[Slip]) -> str:
    db.session.flush()
    return render_template("access/slip_print.html", slips=slips, address=f"{current_app.config['BASE_URL']}/slip")


def _account_page(person: Person, form: RolesForm | None = None) -> str:
    account = queries.account_of_person(person.id)
    sessions = db.session.scalars(queries.open_sessions_of(person.id, at=clock.now())).all()
    roles = queries.roles_of([person.id])[person.id]
    return render_template(
        "access/person_account.html",
        person=person,
        account=account,
        state=_state(person, account),
        sessions=sessions,
        roles=sorted(roles),
        form=form or RolesForm(formdata=None, roles=sorted(roles)),
        edits_roles=may("user.edit_roles", viewer(), person.id),
        may_print=outranks(viewer().person_id, person.id),
        mail_waits=queries.mail_waiting(person.id),
        has_server=bool(current_app.config["SMTP_URL"]),
    )


def _state(person: Person, account: Account | None) -> str:
    """`left`, `out`, `never` or `active`."""
    if person.ended_on and person.ended_on <= viewer().today:
        return "left"
    if account and account.deactivated_at:
        return "out"
    return "active" if account and account.password_hash else "never"
