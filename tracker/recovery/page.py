"""What a complaint's page shows. Several views answer with it, so it is no view's own."""

from typing import Any

from flask import render_template

from tracker.core import clock
from tracker.core.audience import viewer
from tracker.core.db import db
from tracker.core.sealing import Unreadable, opened
from tracker.ratings import sentences as rating_sentences
from tracker.ratings.obstacles import cause_choices
from tracker.recovery import limit_sentences, queries, sentences
from tracker.recovery.forms import CloseForm, ContactForm, GiveForm, NoteForm, PostponeForm, PromiseForm
from tracker.recovery.giving_rules import Purse
from tracker.recovery.limits import purse_of
from tracker.recovery.models import RecoveryCase
from tracker.recovery.opening import CONTACT
from tracker.recovery.policy import cases_resolved_by, contacts_read_by, keeps_for_all


def complaint_page(case: RecoveryCase, **forms: Any) -> str:
    """The page as the viewer may see it; `forms` are those that came back with errors."""
    may_act = _is_in(cases_resolved_by(viewer()), case)
    replies = queries.replies_for(case.team_id) if may_act else []
    return render_template(
        "recovery/complaint.html",
        case=case,
        may_act=may_act,
        contact=_contact(case) if _is_in(contacts_read_by(viewer()), case) else None,
        forms=_forms(case, forms) if may_act else {},
        replies=replies,
        keeps_replies=viewer().manages or keeps_for_all(viewer()),
        words=sentences,
        limit_words=limit_sentences,
        say=rating_sentences,
    )


def form_for(name: str, case: RecoveryCase, *, purse: Purse | None = None, **given: Any) -> Any:
    """An empty form, or with `formdata` as it was sent. purse: what the viewer may give, where that is known already."""
    if name in {"contact", "close"}:
        given["purse"] = purse or purse_of(case.id, viewer().person_id, at=clock.now())
    match name:
        case "contact":
            return ContactForm(last=_last_line(case), **given)
        case "promise":
            return PromiseForm(zone=viewer().time_zone, at=clock.now(), **given)
        case "later":
            return PostponeForm(zone=viewer().time_zone, at=clock.now(), **given)
        case "note":
            return NoteForm(last=_last_line(case), **given)
        case "give":
            form = GiveForm(**given)
            form.person.offer(queries.may_take_it(case, clock.now()))
            return form
    return CloseForm(drivers=queries.driver_choices(), known=cause_choices(), **given)


def _last_line(case: RecoveryCase) -> int:
    return max((entry.id for entry in case.entries), default=0)


def _forms(case: RecoveryCase, given: dict[str, Any]) -> dict[str, Any]:
    purse = purse_of(case.id, viewer().person_id, at=clock.now())
    forms = {
        name: given.get(name) or form_for(name, case, formdata=None, purse=purse)
        for name in ("contact", "promise", "later", "note", "give", "close")
    }
    for name, form in forms.items():
        for field in form:  # they stand on one page: ids must differ
            field.id = f"{name}-{field.id}"
    return forms


def _contact(case: RecoveryCase) -> str | None:
    if case.contact_sealed is None:
        return None
    try:
        return opened(case.contact_sealed, purpose=CONTACT)
    except Unreadable:
        return None


def _is_in(scope: Any, case: RecoveryCase) -> bool:
    found = scope.where(RecoveryCase.id == case.id).with_only_columns(RecoveryCase.id)
    return db.session.scalar(found) is not None
