"""First pages: where somebody lands, My feedback, the team board, how scores are worked out, the operator's lists."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.audit.words import in_words
from tracker.core import clock, outbox
from tracker.core.audience import Blueprint, admins, find_or_404, hr, managers, members, office, viewer
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.disputes.sentences import link_beside
from tracker.home import queries
from tracker.home.board import ROWS_SHOWN, board_of
from tracker.home.drawings import BoardDrawings
from tracker.home.policy import audit_seen_by, mails_seen_by
from tracker.home.sentences import about_complaint, board_headline, reasons
from tracker.home.stream import stream_of
from tracker.interviews.sentences import counts_words
from tracker.organisation.policy import people_led_by
from tracker.ratings import fall_sentences, sentences
from tracker.ratings.drawings import WIDE, drawings_of
from tracker.ratings.fall_queries import people_tested, thresholds_on
from tracker.ratings.rules import Figures
from tracker.ratings.sample_groups import groups_seen_by
from tracker.ratings.workings import spread_step, working_steps
from tracker.recovery.sentences import title_from
from tracker.training.sentences import find_training

bp = Blueprint("home", __name__)


@bp.get("/")
@members
def start() -> ResponseReturnValue:
    """The page somebody needs first: their team, their office, or their own feedback."""
    if viewer().manages:
        return redirect(url_for(".board"))
    return redirect(url_for("organisation.people" if viewer().roles else ".my_feedback"))


@bp.get("/me")
@members
def my_feedback() -> ResponseReturnValue:
    page = queries.feedback_page(viewer(), viewer().person_id)
    return render_template(
        "home/my_feedback.html",
        page=page,
        drawings=page.figures and drawings_of(page.figures),
        say=sentences,
        link_beside=link_beside,
        counts_words=counts_words,
    )


@bp.get("/me/ratings")
@members
def my_ratings() -> ResponseReturnValue:
    stream = stream_of(viewer(), viewer().person_id)
    helped = queries.helped_count(viewer())
    return render_template(
        "home/ratings.html", stream=stream, person=None, helped=helped, say=sentences, link_beside=link_beside
    )


@bp.get("/explained")
@members
def explained() -> ResponseReturnValue:
    card = queries.own_card(viewer())
    figures = Figures(card.figures) if card else None
    return render_template(
        "home/explained.html",
        figures=figures,
        steps=working_steps(figures) if figures else [],
        spread=spread_step(figures) if figures else None,
        say=sentences,
        rule=fall_sentences,
        thresholds=thresholds_on(viewer().today),
        tested=people_tested(),
    )


@bp.get("/board")
@managers
def board() -> ResponseReturnValue:
    """The board of the team asked for, or of the first one led."""
    found = board_of(viewer(), request.args.get("team", type=int)) or abort(404)
    return render_template(
        "home/board.html",
        board=found,
        monday=clock.monday_of(found.week) if found.week else None,
        shown=ROWS_SHOWN,
        drawings=BoardDrawings(found),
        headline=board_headline(found),
        reasons=reasons,
        say=sentences,
        complaint_title=title_from,
        about_complaint=about_complaint,
    )


@bp.get("/people/<int:id>/feedback")
@managers
def person_feedback(id: int) -> ResponseReturnValue:
    """What a person's leader reads: the shared card, and ratings from the present tenure."""
    person = find_or_404(people_led_by(viewer()), id)
    page = queries.feedback_page(viewer(), person.id)
    drawings = page.figures and drawings_of(page.figures, name=person.first_name, wide=WIDE)
    return render_template(
        "home/person_feedback.html",
        page=page,
        person=person,
        drawings=drawings,
        say=sentences,
        counts_words=counts_words,
        find_training=find_training,
    )


@bp.get("/people/<int:id>/ratings")
@managers
def person_ratings(id: int) -> ResponseReturnValue:
    person = find_or_404(people_led_by(viewer()), id)
    stream = stream_of(viewer(), person.id)
    return render_template(
        "home/ratings.html", stream=stream, person=person, helped=0, say=sentences, find_training=find_training
    )


@bp.get("/samples")
@hr
def samples() -> ResponseReturnValue:
    return render_template("home/samples.html", groups=groups_seen_by(viewer()))


@bp.get("/mail")
@admins
def mails() -> ResponseReturnValue:
    page = page_of(mails_seen_by(viewer()), scalars=False)
    return render_template("home/mails.html", page=page, has_server=queries.has_mail_server())


@bp.post("/mail/<int:id>/retry")
@admins
def retry_mail(id: int) -> ResponseReturnValue:
    outbox.retry(find_or_404(mails_seen_by(viewer()), id)[0], at=clock.now())
    notice(_("It is in the queue again."))
    return redirect(url_for(".mails"), 303)


@bp.get("/audit")
@office
def audit() -> ResponseReturnValue:
    page = page_of(audit_seen_by(viewer()), scalars=False)
    return render_template("home/audit.html", page=page, in_words=in_words)
