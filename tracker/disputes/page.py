"""What the page of a second look shows each of the three: who asked, who is heard, who answers."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import func

from tracker.core import clock
from tracker.core.audience import viewer
from tracker.core.db import db
from tracker.disputes import queries
from tracker.disputes import sentences as words
from tracker.disputes.forms import AppealForm, DecisionForm, StatementForm
from tracker.disputes.models import Dispute
from tracker.disputes.policy import disputes_heard_by, rounds_decided_by
from tracker.disputes.rules import may_appeal
from tracker.organisation.models import Person
from tracker.organisation.policy import people_seen_by
from tracker.ratings import sentences


def dispute_page(dispute: Dispute, **forms: Any) -> str:
    """The page as the viewer may see it; `forms` are those that came back with errors."""
    is_own = dispute.person_id == viewer().person_id
    last = dispute.last
    may_state = _is_in(disputes_heard_by(viewer()).where(Dispute.id == dispute.id).with_only_columns(Dispute.id))
    decides = rounds_decided_by(viewer()).where(Dispute.id == dispute.id)
    may_decide = _is_in(decides.with_only_columns(Dispute.id))
    appeals = is_own and may_appeal(last.outcome, last.number, last.decided_at, clock.now())
    return render_template(
        "disputes/dispute.html",
        dispute=dispute,
        last=last,
        is_own=is_own,
        statement=forms.get("statement")
        or (StatementForm(formdata=None, text=dispute.statement) if may_state else None),
        decision=forms.get("decision") or (_decision_form(dispute) if may_decide else None),
        appeal=forms.get("appeal") or (AppealForm(formdata=None) if appeals else None),
        say=sentences,
        words=words,
    )


def person_meant(form: DecisionForm) -> Person | None:
    """Whose rating it is: the colleague chosen, or the staff number given; None is the tray. Words on the field when unknown."""
    people = people_seen_by(viewer())
    if form.colleague.data:
        return db.session.scalar(people.where(Person.id == form.colleague.data))
    if not form.staff_number.data:
        return None
    number = form.staff_number.data.casefold()
    found = db.session.scalar(people.where(func.lower(Person.staff_number) == number))
    if found is None:
        form.staff_number.errors = [_("Nobody here has this staff number")]
    return found


def _decision_form(dispute: Dispute) -> DecisionForm:
    return DecisionForm(formdata=None, colleagues=queries.colleagues_of(dispute))


def _is_in(statement: Any) -> bool:
    return db.session.scalar(statement) is not None
