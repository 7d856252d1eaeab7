"""Rounds of the pulse, for HR: the list, the cadence, setting one up, opening, watching and ending it, slips of paper."""

from datetime import date

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, hr, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.pages import notice
from tracker.pulse import round_actions as actions
from tracker.pulse import round_page as pages
from tracker.pulse import round_sentences as say
from tracker.pulse.models import PulseRound
from tracker.pulse.policy import rounds_managed_by
from tracker.pulse.queries import share_answered
from tracker.pulse.round_checks import LANGUAGES, checks_of
from tracker.pulse.round_forms import CadenceForm, mark_of
from tracker.pulse.round_queries import staff_on
from tracker.pulse.slip_page import slips_page
from tracker.pulse.slips import make_slips

bp = Blueprint("pulse_rounds", __name__, url_prefix="/pulse/rounds")


@bp.get("")
@hr
def rounds() -> ResponseReturnValue:
    return pages.rounds_page()


@bp.post("")
@hr
def begin() -> ResponseReturnValue:
    """The draft there is, or a new one: so twice is once."""
    made = actions.begin_draft(by=viewer().person_id, at=clock.now(), zone=pages.zone())
    return redirect(url_for(".round_page", id=made.id), 303)


@bp.get("/cadence")
@hr
def cadence() -> ResponseReturnValue:
    return pages.cadence_page()


@bp.post("/cadence")
@hr
def save_cadence() -> ResponseReturnValue:
    form = CadenceForm()
    if not form.validate():
        return pages.cadence_page(form), 422
    changed = actions.save_schedule(form.choices_made(), by=viewer().person_id, at=clock.now())
    notice(_("Saved. Rounds that are prepared already stay as they are.") if changed else _("Nothing was changed."))
    return redirect(url_for(".cadence"), 303)


@bp.get("/<int:id>")
@hr
def round_page(id: int) -> ResponseReturnValue:
    return pages.page_of_round(_round(id))


@bp.post("/<int:id>")
@hr
def save(id: int) -> ResponseReturnValue:
    """`then`: only save it as a draft, plan it, or go on to opening it now."""
    found = _round(id)
    form = pages.round_form(found, sent=True)
    if found.state in {"draft", "planned"} and not form.validate():
        return pages.setup_page(found, form), 422
    if form.seen.data != mark_of(found):
        raise Conflict(
            _(
                "Somebody has changed this round since you opened the page. Look at it again; nothing of yours was saved."
            )
        )
    at, by = clock.now(), viewer().person_id
    actions.save_round(found, form.plan(), by=by, at=at, zone=pages.zone())
    if form.then.data not in {"plan", "open"}:
        notice(_("Saved as a draft. It opens only once you plan it or open it."))
    elif not _is_ready(found):
        notice(_("Saved as a draft. Before it can open, something is missing: see the list."), kind="attn")
    elif form.then.data == "open":
        return redirect(url_for(".opening", id=id), 303)
    else:
        actions.plan_round(found, by=by, at=at, today=_today())
        notice(_("Planned. It opens by itself, and everybody is told at the start of their shift."))
    return redirect(url_for(".round_page", id=id), 303)


@bp.get("/<int:id>/preview")
@hr
def preview(id: int) -> ResponseReturnValue:
    """`?language=` of the three that staff answer in."""
    asked = request.args.get("language", "en")
    return pages.preview_page(_round(id), asked if asked in LANGUAGES else "en")


@bp.get("/<int:id>/opening")
@hr
def opening(id: int) -> ResponseReturnValue:
    found = _round(id)
    if found.state not in {"draft", "planned"} or not _is_ready(found):
        return redirect(url_for(".round_page", id=id), 303)
    staff = staff_on(_today(), k=found.k_score)
    return _confirm("opening", found, staff=staff)


@bp.post("/<int:id>/opening")
@hr
def open_round(id: int) -> ResponseReturnValue:
    found = _round(id)
    actions.open_now(found, by=viewer().person_id, at=clock.now(), today=_today())
    notice(_("It is open. Everybody who is asked hears of it at the start of their shift."))
    return redirect(url_for(".round_page", id=id), 303)


@bp.get("/<int:id>/cancellation")
@hr
def cancellation(id: int) -> ResponseReturnValue:
    found = _round(id)
    if found.state not in {"draft", "planned"}:
        return redirect(url_for(".round_page", id=id), 303)
    return _confirm("cancellation", found)


@bp.post("/<int:id>/cancellation")
@hr
def cancel(id: int) -> ResponseReturnValue:
    actions.cancel_round(_round(id), by=viewer().person_id, at=clock.now())
    notice(_("Cancelled. Nobody was asked."))
    return redirect(url_for(".rounds"), 303)


@bp.get("/<int:id>/closing")
@hr
def closing(id: int) -> ResponseReturnValue:
    found = _round(id)
    if found.state != "open":
        return redirect(url_for(".round_page", id=id), 303)
    return _confirm("closing", found, share=say.share_so_far_words(*share_answered(id), found.k_score))


@bp.post("/<int:id>/closing")
@hr
def close(id: int) -> ResponseReturnValue:
    actions.end_early(_round(id), by=viewer().person_id, at=clock.now())
    notice(_("Ended. It is being counted; results are there in a few minutes."))
    return redirect(url_for(".round_page", id=id), 303)


@bp.post("/<int:id>/slips")
@hr
def slips(id: int) -> ResponseReturnValue:
    """The page itself is the only copy of the codes, so it is the answer, and no redirect."""
    found = _round(id)
    made = make_slips(found, by=viewer().person_id, at=clock.now())
    db.session.flush()
    return slips_page(found, made, address=f"{current_app.config['BASE_URL']}/pulse/code", zone=pages.zone())


def _round(id: int) -> PulseRound:
    found: PulseRound = find_or_404(rounds_managed_by(viewer()), id)
    return found


def _today() -> date:
    """In the zone of the organisation, whose rounds these are."""
    return clock.local_day(clock.now(), pages.zone())


def _is_ready(found: PulseRound) -> bool:
    return checks_of(found, staff_on(_today(), k=found.k_score), at=clock.now()).are_met


def _confirm(what: str, found: PulseRound, **more: object) -> str:
    return render_template("pulse/round_confirm.html", what=what, round=found, zone=pages.zone(), say=say, **more)
