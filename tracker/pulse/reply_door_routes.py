"""The door for whoever wrote a comment and kept its code: no account, and nobody is known here, also in a browser that is signed in.

The code travels in the body of each step, never in an address. Wrong ones are counted by network address, never by person.
"""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.core import clock
from tracker.core.audience import Blueprint, customers
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.language import asked_language
from tracker.pulse import reply_actions, reply_queries
from tracker.pulse.guessing import count_guess, has_to_wait, know_nobody
from tracker.pulse.models import PulseComment
from tracker.pulse.plan_sentences import item_words
from tracker.pulse.reply_door_form import LONGEST, WriteBackForm

bp = Blueprint("pulse_reply_door", __name__, url_prefix="/pulse/reply")
bp.before_request(know_nobody)


@bp.get("")
@customers
def enter() -> ResponseReturnValue:
    return _door()


@bp.post("")
@customers
def read() -> ResponseReturnValue:
    code = _code()
    found = _opened(code)
    return _conversations(code, found) if isinstance(found, list) else found


@bp.post("/words")
@customers
def write() -> ResponseReturnValue:
    """One more turn about one of the comments that the code opens."""
    code = _code()
    found = _opened(code)
    if not isinstance(found, list):
        return found
    key = request.form.get("comment", "")
    comment = next((one for one in found if one.k.hex() == key), None)
    form = WriteBackForm()
    if comment is None or not form.validate():
        return _conversations(code, found, about=key, errors=form.text.errors), 422
    try:
        reply_actions.write_back(comment, form.text.data)
    except Conflict as wait:
        db.session.rollback()
        return _conversations(code, reply_queries.of_code(code), about=key, errors=[wait.sentence]), 409
    return _conversations(code, reply_queries.of_code(code), kept=key)


def _code() -> str:
    return " ".join(request.form.get("code", "").split())


def _opened(code: str) -> list[PulseComment] | ResponseReturnValue:
    """What a code opens. For every code that opens nothing the same page: it was never made, its round is not closed, or too few
    answered for its comment to be shown."""
    at = clock.now()
    if has_to_wait(at):
        return _door(waits=True), 429
    found = reply_queries.of_code(code)
    if found:
        return found
    db.session.rollback()
    count_guess(at)
    db.session.commit()
    return _door(is_wrong=True), 422


def _door(*, is_wrong: bool = False, waits: bool = False) -> str:
    return render_template(
        "pulse/reply_door.html", is_wrong=is_wrong, has_to_wait=waits, language_asked=asked_language()
    )


def _conversations(
    code: str, comments: list[PulseComment], *, about: str = "", errors: Sequence[str] = (), kept: str = ""
) -> str:
    """about: the comment whose form came back; kept: the one to which something was just added."""
    return render_template(
        "pulse/reply_talk.html",
        code=code,
        conversations=reply_queries.conversations(comments, with_own=True),
        about=about,
        errors=errors,
        typed=request.form.get("text", "") if errors else "",
        kept=kept,
        longest=LONGEST,
        language_asked=asked_language(),
        item_words=item_words,
    )
