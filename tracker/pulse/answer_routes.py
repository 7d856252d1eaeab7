"""The tab “Pulse”, and the questions for who is signed in."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.core.audience import Blueprint, begins_again_at, members, viewer
from tracker.core.db import reading
from tracker.core.language import asked_language, in_public_languages
from tracker.pulse.answer_page import ended, first_question, signed_in_door, step
from tracker.pulse.answer_queries import Standing, next_opening, standing_of
from tracker.pulse.answering import Voter
from tracker.pulse.told import told

bp = Blueprint("pulse_answers", __name__, url_prefix="/pulse")


@bp.get("")
@members
@in_public_languages
def pulse() -> ResponseReturnValue:
    standing, asked = standing_of(viewer())
    return render_template(
        "pulse/pulse.html",
        standing=standing.value,
        asked=asked,
        next_opening=None if asked else next_opening(viewer().at),
        told=told(viewer()),
        language_asked=asked_language(),
    )


@bp.get("/answers")
@members
@in_public_languages
def begin() -> ResponseReturnValue:
    """The first question. Asking for it leaves no trace."""
    standing, asked = standing_of(viewer())
    if standing is not Standing.ASKED or asked is None:
        return redirect(url_for(".pulse", language=asked_language()), 303)
    return first_question(asked, signed_in_door())


@bp.post("/answers")
@members
@in_public_languages
@begins_again_at("pulse_answers.begin")
def answer() -> ResponseReturnValue:
    """A step, or the last one. Everything that is read is read before; nothing but the answer is written."""
    door = signed_in_door()
    with reading():
        standing, asked = standing_of(viewer())
    if standing is Standing.ASKED and asked is not None:
        return step(asked, door, Voter(person_id=viewer().person_id))
    return ended("closed" if standing is Standing.NONE else standing.value, door)
