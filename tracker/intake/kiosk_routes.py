"""The tablet’s pages for customers. Its cookie is the permission; with a script the page only delivers here, else it works by forms."""

from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

from flask import jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from tracker.core import clock
from tracker.core.audience import customers, public, viewer_or_none
from tracker.core.language import asked_language
from tracker.intake import kiosk_actions
from tracker.intake.blueprint import bp
from tracker.intake.kiosk_cookie import customers_kiosk, give_cookie_again, paired_kiosk
from tracker.intake.kiosk_face_forms import FaceForm
from tracker.intake.kiosk_forms import PairingForm
from tracker.intake.kiosk_queries import Helper, helpers_of
from tracker.intake.kiosk_rules import Answer, read_delivery
from tracker.intake.models import Kiosk

WORKER = Path(__file__).parents[1] / "static" / "kiosk-worker.js"


@bp.get("/kiosk/")
@customers
def kiosk() -> ResponseReturnValue:
    """The question; on a tablet that is no kiosk, the form for a code; after somebody left, the way back."""
    here = paired_kiosk()
    if here is None:
        return render_template("intake/kiosk_pairing.html", form=PairingForm(), staff=viewer_or_none())
    if here.left_at is not None:
        return render_template("intake/kiosk_left.html", kiosk=here, staff=viewer_or_none())
    return give_cookie_again(make_response(_screen(here, "ask", id=str(uuid4()))))


@bp.get("/kiosk/token")
@customers
def kiosk_token() -> ResponseReturnValue:
    """What the queue needs before it sends."""
    return jsonify(csrf_token=generate_csrf()) if customers_kiosk() else _unpaired()


@bp.post("/kiosk/deliveries")
@customers
def take_kiosk_delivery() -> ResponseReturnValue:
    """The tablet's queue, in order and a few at a time. What is named in the answer may be struck off the queue."""
    here, at = customers_kiosk(), clock.now()
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
    here, form, at = customers_kiosk(), FaceForm(), clock.now()
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
    return redirect(url_for(".kiosk_thanks", language=asked_language()), 303)


@bp.get("/kiosk/thanks")
@customers
def kiosk_thanks() -> ResponseReturnValue:
    here = customers_kiosk()
    return _screen(here, "thanks") if here else redirect(url_for(".kiosk"), 303)


@bp.get("/kiosk/worker.js")
@public
def kiosk_worker() -> ResponseReturnValue:
    """Here and not among the static files, because a worker serves only what lies beneath its own address."""
    return Response(WORKER.read_text(encoding="utf-8"), mimetype="text/javascript")


def _unpaired() -> ResponseReturnValue:
    return jsonify(error=_("This tablet is paired with no kiosk.")), HTTPStatus.NOT_FOUND


def _screen(here: Kiosk, step: str, *, id: str = "", stars: str = "") -> str:
    answering = url_for(".answer_kiosk", language=asked_language())
    return render_template(
        "intake/kiosk.html", kiosk=here, step=step, id=id, stars=stars, helpers=_helpers(here), answering=answering
    )


def _helpers(here: Kiosk) -> list[Helper]:
    return helpers_of(here, clock.local_day(clock.now(), here.team.time_zone)) if here.asks_who else []
