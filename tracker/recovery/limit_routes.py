"""What may be given on the spot: one's own amount, the teams one reads, and the choice for one of them or for the company."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.core.errors import DomainError, Refused
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.organisation.models import Team
from tracker.recovery import limit_queries, limit_sentences
from tracker.recovery.giving_form import LimitForm
from tracker.recovery.limit_actions import Chosen, choose_limit
from tracker.recovery.limit_page import own_limit_words
from tracker.recovery.limits import COMPANY, limits_at
from tracker.recovery.policy import chooses_limits, teams_with_limits_seen_by

bp = Blueprint("giving_limits", __name__, url_prefix="/complaints/limits")


@bp.get("")
@members
def limits() -> ResponseReturnValue:
    """One's own amount, for everybody; the teams that one leads and those beneath, for HR and admins all."""
    found = limits_at(viewer().at)
    page = page_of(teams_with_limits_seen_by(viewer()))
    return render_template(
        "recovery/limits.html",
        own=own_limit_words(viewer()),
        page=page,
        rows=limit_queries.holding(found, [None, *page.rows]) if page.rows or chooses_limits(viewer()) else [],
        currency=found.currency,
        chooses=chooses_limits(viewer()),
        words=limit_sentences,
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
    team = _team(id)
    _refuse_others()
    return _chosen(team)


def _team(id: int) -> Team:
    found: Team = find_or_404(teams_with_limits_seen_by(viewer()), id)
    return found


def _refuse_others() -> None:
    if not chooses_limits(viewer()):
        raise Refused(_("HR or an admin chooses what may be given without asking."))


def _choosing(team: Team | None, form: LimitForm | None = None) -> str:
    """What holds and what was chosen before; with the form for whoever may choose."""
    found = limits_at(viewer().at)
    row = found.rows.get(team.id if team else COMPANY)
    mark = found.mark(team.id if team else None)
    now = {"staff": row and row.staff, "leads": row and row.leads, "currency": found.currency, "seen": mark}
    return render_template(
        "recovery/limits_of.html",
        team=team,
        form=form or _form(team, found.currency, formdata=None, data=now),
        holds=limit_queries.holding(found, [team])[0],
        page=page_of(limit_queries.history(team)),
        currency=found.currency,
        chooses=chooses_limits(viewer()) and (team is None or found.currency is not None),
        words=limit_sentences,
    )


def _chosen(team: Team | None) -> ResponseReturnValue:
    form = _form(team, limits_at(viewer().at).currency)
    if not form.validate():
        return _choosing(team, form), 422
    chosen = Chosen(form.staff.data, form.leads.data, form.chosen_currency())
    try:
        choose_limit(team, chosen, by=viewer().person_id, at=clock.now(), seen=form.seen.data)
    except DomainError as error:
        form.form_errors = [error.sentence]
        form.seen.data = limits_at(viewer().at).mark(team.id if team else None)
        return _choosing(team, form), int(error.status)
    notice(_("Saved. It holds from now on, and whoever may give another amount than before is told."))
    return redirect(url_for(".limits"), 303)


def _form(team: Team | None, currency: str | None, **given: object) -> LimitForm:
    """Of a team without a currency of the company yet: none to choose, and the action refuses it."""
    return LimitForm(currency=None if team is None else currency or "", **given)
