"""The list of complaints and the page of one."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict, Refused
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.recovery import actions, credit, queries, sentences
from tracker.recovery import report as reports
from tracker.recovery.cases import was_noted
from tracker.recovery.limit_page import own_limit_words
from tracker.recovery.models import RecoveryCase
from tracker.recovery.page import complaint_page, form_for
from tracker.recovery.policy import (
    cases_ended_by,
    cases_resolved_by,
    cases_seen_by,
    chooses_for_all,
    keeps_for_all,
    reads_report,
)

bp = Blueprint("recovery", __name__, url_prefix="/complaints")


@bp.get("")
@members
def cases() -> ResponseReturnValue:
    """Open ones in the order of work; `own` are about the viewer's own service."""
    page = page_of(queries.open_cases(viewer()))
    return render_template(
        "recovery/complaints.html",
        page=page,
        own=queries.own_cases(viewer()),
        keeps_replies=viewer().manages or keeps_for_all(viewer()),
        has_report=viewer().manages or reads_report(viewer()),
        chooses_owners=viewer().manages or chooses_for_all(viewer()),
        own_limit=own_limit_words(viewer()),
        words=sentences,
        at=clock.now(),
    )


@bp.get("/closed")
@members
def closed() -> ResponseReturnValue:
    page = page_of(queries.closed_cases(viewer()))
    return render_template("recovery/closed.html", page=page, words=sentences, at=clock.now())


@bp.get("/report")
@members
def report() -> ResponseReturnValue:
    """Of people one leads, of teams beneath them, or for HR of the whole company; `of` chooses where somebody has several."""
    kinds = reports.offered(viewer())
    if not kinds:
        raise Refused(_("This is for who leads a team, and for HR."))
    asked = request.args.get("of", "")
    chosen = asked if asked in kinds else kinds[0]
    return render_template(
        "recovery/report.html",
        report=reports.report(viewer(), chosen),
        kinds=kinds,
        pairs=queries.answered_cases(viewer()) if chosen == "own" else [],
        words=sentences,
    )


@bp.get("/put-right")
@members
def put_right() -> ResponseReturnValue:
    """What the viewer closed: credit, apart from every score."""
    page = page_of(credit.thanks_to(viewer()))
    return render_template("recovery/put_right.html", row=credit.credit_of(viewer()), page=page, words=sentences)


@bp.get("/<int:id>")
@members
def case(id: int) -> ResponseReturnValue:
    """`?reply=` begins the form of a contact with one of the texts for answers, with `&into=close` that of the end."""
    case = find_or_404(queries.whole(cases_seen_by(viewer())), id)
    name = "close" if request.args.get("into") == "close" else "contact"
    text = queries.reply_text(request.args.get("reply", ""), case.team_id)
    begun = {name: form_for(name, case, formdata=None, data={"words": text})} if text else {}
    return complaint_page(case, **begun)


@bp.post("/<int:id>/contact")
@members
def note_contact(id: int) -> ResponseReturnValue:
    case, form = _acting_on(id, "contact")
    reached = form.reached.data == "yes"
    said = _("Written down.") if reached else _("Written down. The clock goes on.")
    if was_noted(
        case,
        "contact" if reached else "missed",
        form.words.data or "",
        by=viewer().person_id,
        after=form.seen.data,
        gift=form.gift(),
    ):
        return _back(id, said)
    if not form.validate():
        return complaint_page(case, contact=form), 422
    actions.record_contact(
        case,
        form.words.data,
        reached=reached,
        gift=form.gift(),
        seen=form.seen.data,
        by=viewer().person_id,
        at=clock.now(),
    )
    return _back(id, said)


@bp.post("/<int:id>/promise")
@members
def promise(id: int) -> ResponseReturnValue:
    case, form = _acting_on(id, "promise")
    if not form.validate():
        return complaint_page(case, promise=form), 422
    actions.promise_call(case, form.until(), by=viewer().person_id, at=clock.now())
    return _back(id, _("Promised. The customer sees it on their page, and you are reminded."))


@bp.post("/<int:id>/postponement")
@members
def postpone(id: int) -> ResponseReturnValue:
    case, form = _acting_on(id, "later")
    if not form.validate():
        return complaint_page(case, later=form), 422
    actions.postpone(case, form.until(), form.words.data, by=viewer().person_id, at=clock.now())
    return _back(id, _("The clock begins at the time the customer agreed to."))


@bp.post("/<int:id>/notes")
@members
def add_note(id: int) -> ResponseReturnValue:
    case, form = _acting_on(id, "note")
    if not form.validate():
        return complaint_page(case, note=form), 422
    actions.add_note(case, form.words.data, seen=form.seen.data, by=viewer().person_id, at=clock.now())
    return _back(id, _("Written down."))


@bp.post("/<int:id>/owner")
@members
def give(id: int) -> ResponseReturnValue:
    case, form = _acting_on(id, "give")
    if not form.validate():
        return complaint_page(case, give=form), 422
    actions.give_to(case, form.person.data, by=viewer().person_id, at=clock.now())
    notice(_("Handed on."))
    return redirect(url_for(".cases"), 303)


@bp.post("/<int:id>/closing")
@members
def close(id: int) -> ResponseReturnValue:
    ended = find_or_404(queries.whole(cases_ended_by(viewer())), id)
    if ended.closed_by_id == viewer().person_id:
        return _closed_before(ended)
    case, form = _acting_on(id, "close")
    if not form.validate():
        return complaint_page(case, close=form), 422
    actions.close(
        case,
        outcome=form.outcome.data,
        words=form.words.data,
        cause=form.cause.data,
        driver=form.driver.data or None,
        obstacle=form.in_the_way(),
        gift=form.gift(),
        by=viewer().person_id,
        at=clock.now(),
    )
    return _closed(case)


def _closed_before(case: RecoveryCase) -> ResponseReturnValue:
    """By the viewer: where the form says the same, it is the same button twice."""
    if not form_for("close", case).says_what_closed(case):
        raise Conflict(_("You have closed this complaint already, with other words. What you wrote then stands."))
    return _closed(case)


def _closed(case: RecoveryCase) -> ResponseReturnValue:
    is_asked = case.survey_due_at is not None
    notice(_("Closed. In two days the customer is asked whether it helped.") if is_asked else _("Closed."))
    return redirect(url_for(".cases"), 303)


def _acting_on(id: int, name: str) -> tuple[RecoveryCase, Any]:
    """The case, for whoever may act on it, with the form that was sent. A reader who may not act gets 403."""
    case = find_or_404(queries.whole(cases_seen_by(viewer())), id)
    may_act = cases_resolved_by(viewer()).where(RecoveryCase.id == id).with_only_columns(RecoveryCase.id)
    if case.closed_at is None and db.session.scalar(may_act) is None:
        raise Refused(_("This is for whoever takes care of the complaint."))
    return case, form_for(name, case)


def _back(id: int, words: str) -> ResponseReturnValue:
    notice(words)
    return redirect(url_for(".case", id=id), 303)
