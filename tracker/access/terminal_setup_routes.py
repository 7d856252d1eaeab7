"""Shared terminals as their managers see them: the list, setting one up, a code for its browser, another name, revoking."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.access import terminal_actions
from tracker.access.blueprint import bp
from tracker.access.policy import teams_with_terminals_of, terminals_managed_by
from tracker.access.terminal_forms import TerminalForm, TerminalNameForm
from tracker.access.terminal_models import SharedTerminal
from tracker.access.terminal_queries import terminals_listed
from tracker.access.terminal_rules import CODE_LENGTH
from tracker.core import clock
from tracker.core.audience import find_or_404, members, viewer
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.core.pages import notice

FORM = "access/terminal_form.html"


@bp.get("/terminals")
@members
def terminals() -> ResponseReturnValue:
    _teams()
    listed = terminals_listed(terminals_managed_by(viewer()))
    return render_template("access/terminals.html", terminals=listed, at=clock.now())


@bp.get("/terminals/new")
@members
def new_terminal() -> ResponseReturnValue:
    teams = _teams()
    return render_template(
        FORM, form=TerminalForm(teams=teams, data={"team": teams[0][0] if len(teams) == 1 else None})
    )


@bp.post("/terminals/new")
@members
def make_terminal() -> ResponseReturnValue:
    """Shows the first code at once: it is kept nowhere, so there is no page to be sent on to."""
    form = TerminalForm(teams=_teams())
    if not form.validate():
        return render_template(FORM, form=form), 422
    name, team_id = form.name.data, form.team.data
    terminal = terminal_actions.make_terminal(name=name, team_id=team_id, by=viewer().person_id, at=clock.now())
    return _code_page(terminal)


@bp.post("/terminals/<int:id>/code")
@members
def make_terminal_code(id: int) -> ResponseReturnValue:
    return _code_page(find_or_404(terminals_managed_by(viewer()), id))


@bp.get("/terminals/<int:id>/name")
@members
def name_terminal(id: int) -> ResponseReturnValue:
    terminal: SharedTerminal = find_or_404(terminals_managed_by(viewer()), id)
    return _name_page(terminal, TerminalNameForm(obj=terminal))


@bp.post("/terminals/<int:id>/name")
@members
def rename_terminal(id: int) -> ResponseReturnValue:
    terminal: SharedTerminal = find_or_404(terminals_managed_by(viewer()), id)
    form = TerminalNameForm()
    if not form.validate():
        return _name_page(terminal, form), 422
    terminal_actions.rename(terminal, name=form.name.data, by=viewer().person_id, at=clock.now())
    notice(_("%(name)s is saved.", name=terminal.name))
    return redirect(url_for(".terminals"), 303)


@bp.post("/terminals/<int:id>/revoking")
@members
def revoke_terminal(id: int) -> ResponseReturnValue:
    terminal: SharedTerminal = find_or_404(terminals_managed_by(viewer()), id)
    terminal_actions.revoke(terminal, by=viewer().person_id, at=clock.now())
    notice(_("%(name)s is revoked. Whoever was signed in there is out.", name=terminal.name))
    return redirect(url_for(".terminals"), 303)


def _teams() -> list[tuple[int, str]]:
    """What a form can offer; for who looks after no team’s terminals there is no form."""
    teams = [(team.id, team.name) for team in db.session.scalars(teams_with_terminals_of(viewer()))]
    if not teams:
        raise Refused(_("Shared terminals are set up by the manager of the team that uses them, or by an admin."))
    return teams


def _name_page(terminal: SharedTerminal, form: TerminalNameForm) -> str:
    return render_template("access/terminal_name.html", terminal=terminal, form=form)


def _code_page(terminal: SharedTerminal) -> ResponseReturnValue:
    at = clock.now()
    code = terminal_actions.make_code(terminal, key=current_app.config["SECRET_KEY"], by=viewer().person_id, at=at)
    address = current_app.config["BASE_URL"] + url_for(".terminal")
    return render_template(
        "access/terminal_code.html", terminal=terminal, code=code, address=address, over_at=at + CODE_LENGTH
    )
