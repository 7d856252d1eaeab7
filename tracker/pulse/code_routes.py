"""The door for who holds a slip: no account, and nobody is known here, also in a browser that is signed in.

The code travels in the body of each step, never in an address. Wrong ones are counted by network address, never by person.
"""

from flask import current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.access.actions import count_failure
from tracker.access.queries import blocked_until
from tracker.access.rules import keyed_hash
from tracker.core import clock
from tracker.core.audience import Blueprint, customers
from tracker.core.db import reading, transaction
from tracker.core.language import asked_language
from tracker.pulse.answer_page import Door, first_question, step
from tracker.pulse.answer_queries import Asked, asked_by_code, is_slip
from tracker.pulse.answering import Voter, code_hash
from tracker.pulse.codes import LONGEST_TYPED

bp = Blueprint("pulse_slips", __name__, url_prefix="/pulse/code")
FREE_GUESSES = 20  # a whole shop may share one address


@bp.before_request
def _know_nobody() -> None:
    g.viewer = None


@bp.get("")
@customers
def enter() -> ResponseReturnValue:
    return _door_page()


@bp.post("")
@customers
def begin() -> ResponseReturnValue:
    code = request.form.get("code", "")
    asked = _asked_of(code)
    return asked if not isinstance(asked, Asked) else first_question(asked, _door(code))


@bp.post("/answers")
@customers
def answer() -> ResponseReturnValue:
    code = request.form.get("code", "")
    asked = _asked_of(code)
    return asked if not isinstance(asked, Asked) else step(asked, _door(code), Voter(code_hash=code_hash(code)))


def _asked_of(code: str) -> Asked | ResponseReturnValue:
    """The round of a slip; for every code that opens none the same page, whether it is old or was never made."""
    at = clock.now()
    with reading():
        if blocked_until([_address()], at=at) is not None:
            return _door_page(has_to_wait=True), 429
        hashed = code_hash(code) if len(code) <= LONGEST_TYPED else ""
        asked, is_guess = asked_by_code(hashed), not is_slip(hashed)
    if asked is not None:
        return asked
    if is_guess:
        with transaction():
            count_failure(_address(), at=at, free=FREE_GUESSES)
    return _door_page(is_wrong=True), 422


def _door_page(*, is_wrong: bool = False, has_to_wait: bool = False) -> str:
    return render_template(
        "pulse/code.html", is_wrong=is_wrong, has_to_wait=has_to_wait, language_asked=asked_language()
    )


def _door(code: str) -> Door:
    kept = asked_language()
    return Door(url_for(".answer", language=kept), url_for(".enter", language=kept), code=code)


def _address() -> str:
    return f"pulse:{keyed_hash(current_app.config['SECRET_KEY'], request.remote_addr or '')}"
