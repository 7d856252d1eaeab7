"""Whether a certificate is true, for anybody who holds its number: no more than the paper says, and how it stands today."""

import re

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.access.actions import count_failure
from tracker.access.queries import blocked_until
from tracker.access.rules import keyed_hash
from tracker.core import clock
from tracker.core.audience import Blueprint, checked_elsewhere, customers
from tracker.core.db import db
from tracker.core.language import asked_language
from tracker.organisation.queries import the_organisation
from tracker.training.certificate_models import Certificate
from tracker.training.certificate_policy import is_open_to_anybody
from tracker.training.certificate_queries import certificate_of_number

bp = Blueprint("verification", __name__, url_prefix="/verify")
NUMBER = re.compile(r"[A-Za-z0-9_-]{24}")
FREE_GUESSES = 20  # a whole office may share one address


@bp.get("")
@customers
def asking() -> ResponseReturnValue:
    """A field for the number, for who has only the paper."""
    return _asking()


@bp.post("")
@customers
def find() -> ResponseReturnValue:
    number = "".join(request.form.get("number", "").split())
    if _is_blocked():
        return _asking(has_to_wait=True), 429
    if _known(number) is None:
        return _unknown()
    return redirect(url_for(".verify", number=number, language=asked_language()), 303)


@bp.get("/<number>")
@customers
def verify(number: str) -> ResponseReturnValue:
    checked_elsewhere()  # the number is the permission
    certificate = _known(number)
    if certificate is None:
        return _unknown()
    organisation = the_organisation()
    today = clock.local_day(clock.now(), organisation.time_zone if organisation else "UTC")
    state = certificate.state_on(today)
    return render_template(
        "training/verify.html",
        certificate=certificate,
        state=state,
        organisation=organisation,
        today=today,
    )


def _asking(*, has_to_wait: bool = False) -> str:
    return render_template("training/verify_asking.html", language_asked=asked_language(), has_to_wait=has_to_wait)


def _known(number: str) -> Certificate | None:
    """The certificate of a number, None for every number that is not ours. The address of a QR code is never held back: it has
    144 random bits, and a whole office may share an address with somebody who guesses."""
    if not is_open_to_anybody() or NUMBER.fullmatch(number) is None:
        return None
    return certificate_of_number(number)


def _unknown() -> ResponseReturnValue:
    """The same page for all of them. Only what is posted is counted: reading never writes."""
    if request.method == "POST":
        db.session.rollback()
        count_failure(_address(), at=clock.now(), free=FREE_GUESSES)
        db.session.commit()
    return render_template("training/verify_unknown.html"), 404


def _is_blocked() -> bool:
    return blocked_until([_address()], at=clock.now()) is not None


def _address() -> str:
    return f"verify:{keyed_hash(current_app.config['SECRET_KEY'], request.remote_addr or '')}"
