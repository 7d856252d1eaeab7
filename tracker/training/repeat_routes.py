"""A minute a day: what was answered wrongly, asked again."""

from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from tracker.core import clock
from tracker.core.audience import checked_elsewhere, members, viewer
from tracker.training.blueprint import bp
from tracker.training.forms import AnswerForm
from tracker.training.repeats import answer_repeat, due_repeats, repeat_of


@bp.get("/repeats")
@members
def repeats() -> ResponseReturnValue:
    """The first of today's."""
    due = due_repeats(viewer().person_id, viewer().today)
    return render_template("training/repeat.html", repeat=due[0] if due else None, left=len(due), form=None, given=None)


@bp.post("/repeats/<int:course>/<key>")
@members
def answer_again(course: int, key: str) -> ResponseReturnValue:
    """The answer with what there is to say to it, on the page that was asked from: a day's answer counts once."""
    checked_elsewhere()  # the key holds the viewer's own id
    due_on = request.form.get("due", type=date.fromisoformat)
    repeat = repeat_of(viewer().person_id, course, key, due_on=due_on)
    if repeat is None:
        raise NotFound
    form = AnswerForm(repeat.question, [place for place, _choice in repeat.choices], request.form)
    left = len(due_repeats(viewer().person_id, viewer().today))
    if not form.validate():
        return render_template("training/repeat.html", repeat=repeat, left=left, form=form, given=None), 422
    given = form.answer()
    is_right = repeat.question.is_right(given)
    answer_repeat(repeat, is_right=is_right, is_sure=form.is_sure() is not False, day=viewer().today, at=clock.now())
    more = due_repeats(viewer().person_id, viewer().today)
    shown = {"given": given, "is_right": is_right, "more": url_for(".repeats") if more else None}
    return render_template("training/repeat.html", repeat=repeat, left=len(more), form=None, given=shown)
