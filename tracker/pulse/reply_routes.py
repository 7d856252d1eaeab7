"""Comments of the pulse and their answers, for HR and whoever leads the group."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, id_in_address, members, viewer
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.pulse import reply_actions, reply_queries
from tracker.pulse.models import PulseComment
from tracker.pulse.plan_policy import comments_answered_by, comments_hidden_by
from tracker.pulse.plan_sentences import item_words
from tracker.pulse.policy import comments_seen_by
from tracker.pulse.reply_forms import HideForm, ReplyForm

bp = Blueprint("pulse_replies", __name__, url_prefix="/pulse/comments")


@bp.get("")
@members
def comments() -> ResponseReturnValue:
    """Of one round, the newest unless another is asked for; those written back; for HR those hidden."""
    if not viewer().manages and "hr" not in viewer().roles:
        raise Refused(_("Comments are read by HR, and by who leads a group of eight or more who answered."))
    shown = request.args.get("show", "")
    rounds = reply_queries.rounds_with_comments(viewer())
    asked = request.args.get("round", type=id_in_address)
    chosen = next((one for one in rounds if one.id == asked), rounds[0] if rounds else None)
    scope = comments_seen_by(viewer())
    if shown == "hidden":
        scope = comments_hidden_by(viewer()).where(PulseComment.hidden_because.is_not(None))
    elif shown == "back":
        scope = reply_queries.written_back(scope)
    elif chosen is not None:
        scope = scope.where(PulseComment.round_id == chosen.id)
    page = page_of(scope)
    return render_template(
        "pulse/replies.html",
        page=page,
        conversations=reply_queries.conversations(page.rows),
        rounds=rounds,
        chosen=chosen,
        shown=shown,
        hides="hr" in viewer().roles,
        item_words=item_words,
    )


@bp.get("/<key>")
@members
def conversation(key: str) -> ResponseReturnValue:
    return _page(_seen(key))


@bp.post("/<key>/replies")
@members
def reply(key: str) -> ResponseReturnValue:
    comment, form = _seen(key), ReplyForm()
    if not _is_in(comments_answered_by(viewer()), comment):
        raise Refused(_("This is for HR, and for who leads the group."))
    if not form.validate():
        return _page(comment, reply=form), 422
    is_new = reply_actions.answer_comment(comment, form.text.data, by=viewer().person_id, at=clock.now())
    notice(
        _("Answered. Whoever wrote the comment can read it, with your name, by their code.")
        if is_new
        else _("This was sent already; here it is.")
    )
    return redirect(url_for(".conversation", key=key), 303)


@bp.post("/<key>/hiding")
@members
def hide(key: str) -> ResponseReturnValue:
    comment, form = _hidden_by_viewer(key), HideForm()
    if not form.validate():
        return _page(comment, hide=form), 422
    reply_actions.hide_comment(comment, form.because.data, by=viewer().person_id, at=clock.now())
    notice(_("Hidden. Its writer still reads it, with your reason."))
    return redirect(url_for(".conversation", key=key), 303)


@bp.post("/<key>/showing")
@members
def show(key: str) -> ResponseReturnValue:
    reply_actions.show_comment(_hidden_by_viewer(key), by=viewer().person_id, at=clock.now())
    notice(_("Shown again, where it was before."))
    return redirect(url_for(".conversation", key=key), 303)


def _seen(key: str) -> PulseComment:
    """One that the viewer reads; a hidden one is there for whoever hides."""
    k = reply_queries.key_in_address(key)
    hidden = comments_hidden_by(viewer()).where(PulseComment.k == k, PulseComment.hidden_because.is_not(None))
    scope = hidden if db.session.scalar(hidden) is not None else comments_seen_by(viewer()).where(PulseComment.k == k)
    found: PulseComment = find_or_404(scope)
    return found


def _hidden_by_viewer(key: str) -> PulseComment:
    comment = _seen(key)
    if not _is_in(comments_hidden_by(viewer()), comment):
        raise Refused(_("Comments are hidden by HR. Tell them which, and why."))
    return comment


def _is_in(scope: reply_queries.Comments, comment: PulseComment) -> bool:
    return db.session.scalar(scope.where(PulseComment.k == comment.k).with_only_columns(PulseComment.k)) is not None


def _page(comment: PulseComment, *, reply: ReplyForm | None = None, hide: HideForm | None = None) -> str:
    one = reply_queries.conversations([comment])[0]
    answers = comment.hidden_because is None and _is_in(comments_answered_by(viewer()), comment)
    return render_template(
        "pulse/reply.html",
        one=one,
        reply=(reply or ReplyForm(formdata=None)) if answers and one.can_be_answered else None,
        hide=(hide or HideForm(formdata=None)) if _is_in(comments_hidden_by(viewer()), comment) else None,
        item_words=item_words,
    )
