"""Around the customers' pages, for who works here: a code makes a tablet the kiosk, the PIN lets staff out, a touch starts it again.

These pages are in English (`kiosk_cookie`), so their texts are in no catalogue.
"""

from datetime import datetime

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.access import actions as access_actions
from tracker.access.forms import tries_later
from tracker.access.login import sign_out_browser
from tracker.access.models import SignInSession
from tracker.access.queries import blocked_until
from tracker.access.rules import FREE_FAILURES, keyed_hash, password_matches
from tracker.core import clock
from tracker.core.audience import customers, public, viewer_or_none
from tracker.core.db import db, reading
from tracker.intake import kiosk_actions
from tracker.intake.blueprint import bp
from tracker.intake.kiosk_cookie import customers_kiosk, forget_kiosk, give_cookie, paired_kiosk
from tracker.intake.kiosk_forms import PairingForm, PinForm

FREE_CODES = 10


@bp.post("/kiosk/pairing")
@public
def pair_kiosk() -> ResponseReturnValue:
    """One answer for every code that opens nothing, also while an address is held back."""
    form, at, address = PairingForm(), clock.now(), f"kiosk:{_keyed(request.remote_addr or '')}"
    is_free = blocked_until([address], at=at) is None
    token = None
    if form.validate() and is_free:
        token = kiosk_actions.pair(form.code.data, key=current_app.config["SECRET_KEY"], at=at)
    if token is None:
        if is_free:
            _count_failure(address, free=FREE_CODES)
        form.code.errors = [_("This code opens nothing. Codes work once, for 15 minutes; ask for a new one")]
        return render_template("intake/kiosk_pairing.html", form=form, staff=viewer_or_none()), 422
    _sign_staff_out()
    return give_cookie(make_response(redirect(url_for(".kiosk"), 303)), token)


@bp.get("/kiosk/leaving")
@customers
def leave_kiosk() -> ResponseReturnValue:
    here = customers_kiosk()
    return render_template("intake/kiosk_leave.html", form=PinForm(), kiosk=here) if here else _to_kiosk()


@bp.post("/kiosk/leaving")
@customers
def leave_kiosk_now() -> ResponseReturnValue:
    here, form, at = customers_kiosk(), PinForm(), clock.now()
    if here is None:
        return _to_kiosk()
    key, pin_hash, valid = f"kiosk-pin:{here.id}", here.pin_hash, form.validate()
    blocked = blocked_until([key], at=at)
    with reading():  # hashing takes long on purpose: not while holding the write lock
        matches = valid and not blocked and password_matches(form.pin.data, pin_hash)
    forget_kiosk()
    here = paired_kiosk()
    if matches and here is not None:
        access_actions.clear_failures([key])
        kiosk_actions.leave(here, at=at)
        return _to_kiosk()
    if valid and not blocked:
        blocked = _count_failure(key)
        form.pin.errors = [_("That is not the PIN")]
    if blocked:
        form.pin.errors = [tries_later(blocked)]
    return render_template("intake/kiosk_leave.html", form=form, kiosk=paired_kiosk()), 429 if blocked else 422


@bp.post("/kiosk/start")
@customers
def start_kiosk() -> ResponseReturnValue:
    """Back to the customers: whoever of the staff signed in meanwhile is signed out first."""
    here = paired_kiosk()
    if here is not None:
        kiosk_actions.start_again(here)
        _sign_staff_out()
    return _to_kiosk()


def _to_kiosk() -> ResponseReturnValue:
    return redirect(url_for(".kiosk"), 303)


def _sign_staff_out() -> None:
    """A shared tablet keeps no member of staff signed in."""
    staff = viewer_or_none()
    session = db.session.get(SignInSession, staff.session_id) if staff else None
    if staff and session:
        access_actions.end_session(session, by=staff.person_id, at=clock.now())
    sign_out_browser()


def _count_failure(key: str, *, free: int = FREE_FAILURES) -> datetime | None:
    """In a transaction of its own: it must survive the refusal."""
    db.session.rollback()
    block = access_actions.count_failure(key, at=clock.now(), free=free)
    db.session.commit()
    forget_kiosk()
    return block.until


def _keyed(text: str) -> str:
    return keyed_hash(current_app.config["SECRET_KEY"], text)
