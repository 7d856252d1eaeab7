"""The door for who holds a slip: no account, and nobody is known here, also in a browser that is signed in.

The code travels in the body of each step, never in an address. Wrong ones are counted by network address, never by person.
"""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.core import clock
from tracker.core.audience import Blueprint, customers
from tracker.core.db import reading, transaction
from tracker.core.language import asked_language
from tracker.pulse.answer_page import Door, first_question, step
from tracker.pulse.answer_queries import Asked, asked_by_code, is_slip
from tracker.pulse.answering import Voter, code_hash
from tracker.pulse.codes import LONGEST_TYPED
from tracker.pulse.guessing import count_guess, has_to_wait, know_nobody

bp = Blueprint("pulse_slips", __name__, url_prefix="/pulse/code")
bp.before_request(know_nobody)


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
        if has_to_wait(at):
            return _door_page(waits=True), 429
        hashed = code_hash(code) if len(code) <= LONGEST_TYPED else ""
        asked, is_guess = asked_by_code(hashed), not is_slip(hashed)
    if asked is not None:
        return asked
    if is_guess:
        with transaction():
            count_guess(at)
    return _door_page(is_wrong=True), 422


def _door_page(*, is_wrong: bool = False, waits: bool = False) -> str:
    return render_template("pulse/code.html", is_wrong=is_wrong, has_to_wait=waits, language_asked=asked_language())


def _door(code: str) -> Door:
    kept = asked_language()
    return Door(url_for(".answer", language=kept), url_for(".enter", language=kept), code=code)
