"""Kiosks as their managers see them: the list, setting one up, a code for the tablet, unpairing."""

from typing import Any

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.access.rules import hash_password
from tracker.core import clock
from tracker.core.audience import find_or_404, members, viewer
from tracker.core.db import db, reading
from tracker.core.errors import Refused
from tracker.core.pages import notice
from tracker.intake import kiosk_actions
from tracker.intake.blueprint import bp
from tracker.intake.kiosk_forms import KioskChangeForm, KioskForm
from tracker.intake.kiosk_queries import kiosks_listed
from tracker.intake.kiosk_rules import CODE_LENGTH, clock_is_off
from tracker.intake.models import Kiosk
from tracker.intake.policy import kiosks_managed_by, teams_with_kiosks_of
from tracker.ratings.queries import touchpoint_choices

FORM = "intake/kiosk_form.html"


@bp.get("/kiosks")
@members
def kiosks() -> ResponseReturnValue:
    _choices()
    listed = kiosks_listed(kiosks_managed_by(viewer()))
    return render_template("intake/kiosks.html", kiosks=listed, at=clock.now(), clock_is_off=clock_is_off)


@bp.get("/kiosks/new")
@members
def new_kiosk() -> ResponseReturnValue:
    choices = _choices()
    only = choices["teams"][0][0] if len(choices["teams"]) == 1 else None
    return render_template(FORM, form=KioskForm(**choices, data={"team": only}), kiosk=None)


@bp.post("/kiosks/new")
@members
def make_kiosk() -> ResponseReturnValue:
    """Shows the first code at once: it is kept nowhere, so there is no page to be sent on to."""
    form = KioskForm(**_choices())
    if not form.validate():
        return render_template(FORM, form=form, kiosk=None), 422
    pin_hash = _hashed(form)
    kiosk = kiosk_actions.make_kiosk(**form.given(), pin_hash=str(pin_hash), by=viewer().person_id, at=clock.now())
    return _code_page(kiosk)


@bp.get("/kiosks/<int:id>")
@members
def edit_kiosk(id: int) -> ResponseReturnValue:
    kiosk: Kiosk = find_or_404(kiosks_managed_by(viewer()), id)
    return render_template(FORM, form=KioskChangeForm.of(kiosk, **_choices()), kiosk=kiosk)


@bp.post("/kiosks/<int:id>")
@members
def change_kiosk(id: int) -> ResponseReturnValue:
    kiosk: Kiosk = find_or_404(kiosks_managed_by(viewer()), id)
    form = KioskChangeForm(**_choices())
    if not form.validate():
        return render_template(FORM, form=form, kiosk=kiosk), 422
    pin_hash = _hashed(form)
    kiosk = find_or_404(kiosks_managed_by(viewer()), id)
    kiosk_actions.change_kiosk(kiosk, **form.given(), pin_hash=pin_hash, by=viewer().person_id, at=clock.now())
    notice(_("Saved. The tablet shows it within an hour."))
    return redirect(url_for(".kiosks"), 303)


@bp.post("/kiosks/<int:id>/code")
@members
def make_kiosk_code(id: int) -> ResponseReturnValue:
    return _code_page(find_or_404(kiosks_managed_by(viewer()), id))


@bp.post("/kiosks/<int:id>/unpairing")
@members
def unpair_kiosk(id: int) -> ResponseReturnValue:
    kiosk: Kiosk = find_or_404(kiosks_managed_by(viewer()), id)
    kiosk_actions.unpair(kiosk, by=viewer().person_id, at=clock.now())
    notice(_("%(place)s is unpaired. Its tablet can send nothing any more.", place=kiosk.place))
    return redirect(url_for(".kiosks"), 303)


@bp.post("/kiosks/<int:id>/closing")
@members
def close_kiosk(id: int) -> ResponseReturnValue:
    kiosk: Kiosk = find_or_404(kiosks_managed_by(viewer()), id)
    kiosk_actions.close_kiosk(kiosk, by=viewer().person_id, at=clock.now())
    notice(_("%(place)s is off the list. Its answers so far stay.", place=kiosk.place))
    return redirect(url_for(".kiosks"), 303)


def _choices() -> dict[str, Any]:
    """What a form can offer; for who looks after no team's kiosks there is no form."""
    teams = [(team.id, team.name) for team in db.session.scalars(teams_with_kiosks_of(viewer()))]
    if not teams:
        raise Refused(_("Kiosks are set up by the manager of the team they stand with, or by an admin."))
    return {"teams": teams, "touchpoints": touchpoint_choices()}


def _hashed(form: KioskForm) -> str | None:
    with reading():  # hashing takes long on purpose: not while holding the write lock
        return hash_password(form.pin.data) if form.pin.data else None


def _code_page(kiosk: Kiosk) -> ResponseReturnValue:
    at = clock.now()
    code = kiosk_actions.make_code(kiosk, key=current_app.config["SECRET_KEY"], by=viewer().person_id, at=at)
    address = current_app.config["BASE_URL"] + url_for(".kiosk")
    over_at = at + CODE_LENGTH
    return render_template("intake/kiosk_code.html", kiosk=kiosk, code=code, address=address, over_at=over_at)
