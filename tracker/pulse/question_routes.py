"""Questions that HR writes: the list, writing one, wording it anew until somebody has been asked, retiring it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, hr, id_in_address, viewer
from tracker.core.pages import notice
from tracker.pulse import question_actions as actions
from tracker.pulse import round_sentences as say
from tracker.pulse.models import PulseItem
from tracker.pulse.policy import questions_managed_by
from tracker.pulse.round_actions import was_asked
from tracker.pulse.round_checks import LANGUAGES
from tracker.pulse.round_forms import QuestionForm
from tracker.pulse.round_queries import own_questions

bp = Blueprint("pulse_questions", __name__, url_prefix="/pulse/rounds/questions")


@bp.get("")
@hr
def questions() -> ResponseReturnValue:
    return _list_page(QuestionForm(formdata=None))


@bp.post("")
@hr
def write() -> ResponseReturnValue:
    form = QuestionForm()
    if not form.validate():
        return _list_page(form), 422
    actions.write_question(form.texts, is_reversed=form.is_reversed.data, by=viewer().person_id, at=clock.now())
    notice(_("Written. Tick it under “Your own questions” where a round is set up."))
    return redirect(url_for(".questions", back=_round_meant()), 303)


@bp.get("/<int:id>")
@hr
def question(id: int) -> ResponseReturnValue:
    found = _question(id)
    return _question_page(found, QuestionForm(kept=found, formdata=None))


@bp.post("/<int:id>")
@hr
def reword(id: int) -> ResponseReturnValue:
    found = _question(id)
    form = QuestionForm(kept=found)
    if not form.validate():
        return _question_page(found, form), 422
    by = viewer().person_id
    actions.reword_question(found, form.texts, is_reversed=form.is_reversed.data, by=by, at=clock.now())
    notice(_("Saved. Rounds that are not open yet ask it like this."))
    return redirect(url_for(".questions"), 303)


@bp.post("/<int:id>/retirement")
@hr
def retire(id: int) -> ResponseReturnValue:
    actions.retire_question(_question(id), by=viewer().person_id, at=clock.now())
    notice(_("Retired. No round asks it from now on; what it has brought stays."))
    return redirect(url_for(".questions"), 303)


def _question(id: int) -> PulseItem:
    found: PulseItem = find_or_404(questions_managed_by(viewer()), id)
    return found


def _round_meant() -> int | None:
    """`?back=`: the round that somebody came from."""
    return request.args.get("back", type=id_in_address)


def _list_page(form: QuestionForm) -> str:
    return render_template(
        "pulse/questions.html",
        form=form,
        questions=[(one, [code for code in LANGUAGES if not one.text.get(code)]) for one in own_questions()],
        back_id=_round_meant(),
        say=say,
    )


def _question_page(found: PulseItem, form: QuestionForm) -> str:
    return render_template("pulse/question.html", question=found, form=form, was_asked=was_asked(found.id))
