"""The tablet's own pages. Its cookie is the permission; with a script the page only delivers here, without one it works by forms."""

from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

from flask import current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from tracker.access import actions as access_actions
from tracker.access.forms import tries_later
from tracker.access.login import sign_out_browser
from tracker.access.models import SignInSession
from tracker.access.queries import blocked_until
from tracker.access.rules import FREE_FAILURES, keyed_hash, password_matches
from tracker.core import clock
from tracker.core.audience import customers, public, viewer_or_none
from tracker.core.db import db, reading
from tracker.core.errors import Refused
from tracker.intake import kiosk_actions
from tracker.intake.blueprint import bp
from tracker.intake.kiosk_cookie import forget_kiosk, give_cookie, give_cookie_again, paired_kiosk
from tracker.intake.kiosk_forms import FaceForm, PairingForm, PinForm
from tracker.intake.kiosk_queries import Helper, helpers_of
from tracker.intake.kiosk_rules import Answer, read_delivery
from tracker.intake.models import Kiosk

WORKER = Path(__file__).parents[1] / "static" / "kiosk-worker.js"
FREE_CODES = 10


@bp.get("/kiosk/")
@public
def kiosk() -> ResponseReturnValue:
    """The question; on a tablet that is no kiosk, the form for a code; after somebody left, the way back."""
    here = paired_kiosk()
    if here is None:
        return render_template("intake/kiosk_pairing.html", form=PairingForm(), staff=viewer_or_none())
    if here.left_at is not None:
        return render_template("intake/kiosk_left.html", kiosk=here, staff=viewer_or_none())
    return give_cookie_again(make_response(_screen(here, "ask", id=str(uuid4()))))


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


@bp.get("/kiosk/token")
@customers
def kiosk_token() -> ResponseReturnValue:
    """What the queue needs before it sends."""
    return jsonify(csrf_token=generate_csrf()) if _customers_kiosk() else _unpaired()


@bp.post("/kiosk/deliveries")
@customers
def take_kiosk_delivery() -> ResponseReturnValue:
    """The tablet's queue, in order and a few at a time. What is named in the answer may be struck off the queue."""
    here, at = _customers_kiosk(), clock.now()
    if here is None:
        return _unpaired()
    delivery = read_delivery(request.get_json(silent=True), at=at)
    if delivery is None:
        return jsonify(error=_("This is no delivery of a kiosk.")), HTTPStatus.UNPROCESSABLE_ENTITY
    kiosk_actions.take_delivery(here, delivery, at=at)
    return jsonify(taken=[answer.id for answer in delivery.answers], refused=delivery.refused)


@bp.post("/kiosk/answers")
@customers
def answer_kiosk() -> ResponseReturnValue:
    """A tablet without a script: the face, then perhaps who helped, each a form. Only the last one stores."""
    here, form, at = _customers_kiosk(), FaceForm(), clock.now()
    if here is None:
        return redirect(url_for(".kiosk"), 303)
    if not form.validate():
        return _screen(here, "ask", id=str(uuid4())), 422
    helpers = _helpers(here)
    person = request.form.get("p")
    if helpers and (person is None or person not in {"", *(str(helper.id) for helper in helpers)}):
        return _screen(here, "who", id=form.id.data, stars=form.stars.data), 200 if person is None else 422
    answer = Answer(form.id.data.lower(), int(form.stars.data), at, int(person) if helpers and person else None)
    kiosk_actions.take_answers(here, [answer], at=at)
    return redirect(url_for(".kiosk_thanks"), 303)


@bp.get("/kiosk/thanks")
@customers
def kiosk_thanks() -> ResponseReturnValue:
    here = _customers_kiosk()
    return _screen(here, "thanks") if here else redirect(url_for(".kiosk"), 303)


@bp.get("/kiosk/leaving")
@customers
def leave_kiosk() -> ResponseReturnValue:
    here = _customers_kiosk()
    return render_template("intake/kiosk_leave.html", form=PinForm(), kiosk=here) if here else _to_kiosk()


@bp.post("/kiosk/leaving")
@customers
def leave_kiosk_now() -> ResponseReturnValue:
    here, form, at = _customers_kiosk(), PinForm(), clock.now()
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


@bp.get("/kiosk/worker.js")
@public
def kiosk_worker() -> ResponseReturnValue:
    """Here and not among the static files, because a worker serves only what lies beneath its own address."""
    return Response(WORKER.read_text(encoding="utf-8"), mimetype="text/javascript")


def _customers_kiosk() -> Kiosk | None:
    """The kiosk of this tablet. Whoever works here and is signed in on it is refused: customers rate."""
    here, staff = paired_kiosk(), viewer_or_none()
    if here is not None and staff is not None:
        raise Refused(_("You’re signed in here as %(name)s, and only customers rate. Sign out first.", name=staff.name))
    return here


def _unpaired() -> ResponseReturnValue:
    return jsonify(error=_("This tablet is paired with no kiosk.")), HTTPStatus.NOT_FOUND


def _to_kiosk() -> ResponseReturnValue:
    return redirect(url_for(".kiosk"), 303)


def _screen(here: Kiosk, step: str, *, id: str = "", stars: str = "") -> str:
    return render_template("intake/kiosk.html", kiosk=here, step=step, id=id, stars=stars, helpers=_helpers(here))


def _helpers(here: Kiosk) -> list[Helper]:
    return helpers_of(here, clock.local_day(clock.now(), here.team.time_zone)) if here.asks_who else []


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
