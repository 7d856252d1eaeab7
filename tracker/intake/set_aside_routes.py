"""Votes set aside: what speaks for a program, and counting or discarding them by hand."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import find_or_404, office, viewer
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.intake import queries, set_aside
from tracker.intake.actions import release_vote
from tracker.intake.blueprint import bp
from tracker.intake.policy import set_aside_votes_decided_by, set_aside_votes_seen_by
from tracker.intake.sign_words import signs_in_words


@bp.get("/tray/set-aside")
@office
def set_aside_votes() -> ResponseReturnValue:
    page = page_of(queries.with_visits(set_aside_votes_seen_by(viewer())))
    return render_template("intake/set_aside.html", page=page, signs=signs_in_words)


@bp.post("/tray/set-aside/<int:id>/release")
@office
def release(id: int) -> ResponseReturnValue:
    vote = find_or_404(queries.with_visits(set_aside_votes_decided_by(viewer())), id)
    release_vote(vote, by=viewer().person_id, at=clock.now())
    notice(_("It counts now, as given when it was sent."))
    return redirect(url_for(".set_aside_votes"), 303)


@bp.post("/tray/set-aside/<int:id>/discard")
@office
def discard(id: int) -> ResponseReturnValue:
    vote = find_or_404(set_aside_votes_decided_by(viewer()), id)
    set_aside.discard(vote, by=viewer().person_id, at=clock.now())
    notice(_("Discarded. The customer’s link stays open."))
    return redirect(url_for(".set_aside_votes"), 303)
