"""What a case page shows: the evidence first, then what can be done. The employee and the leader see the same evidence."""

from datetime import timedelta
from typing import Any

from flask import render_template
from sqlalchemy.orm import joinedload

from tracker.coaching import queries
from tracker.coaching.actions import people_of
from tracker.coaching.forms import AgreedForm, BookingForm, CompletionForm, ReplyForm
from tracker.coaching.models import CoachingCase
from tracker.core import clock
from tracker.core.audience import viewer
from tracker.core.db import db
from tracker.organisation.models import Person
from tracker.ratings.models import Fall, Rating, ScoreCard
from tracker.ratings.policy import cards_seen_by, ratings_seen_by
from tracker.ratings.rules import Figures, theme

EVIDENCE_SHOWN = 12


def case_page(case: CoachingCase, **forms: Any) -> str:
    """The page as the viewer may see it; `forms` are those that came back with errors."""
    person = db.session.get_one(Person, case.person_id)
    fall = db.session.get(Fall, case.fall_id) if case.fall_id else None
    card = db.session.scalar(cards_seen_by(viewer()).where(ScoreCard.person_id == case.person_id))
    ratings = _evidence(case, fall)
    sessions = queries.sessions_of([case], viewer())[case.id]
    is_leader = viewer().person_id != case.person_id
    leader = db.session.get(Person, sessions[-1].led_by_id) if sessions else None
    return render_template(
        "coaching/case.html",
        case=case,
        person=person,
        leader=leader,
        fall=fall,
        figures=Figures(card.figures) if card else None,
        ratings=ratings[:EVIDENCE_SHOWN],
        theme=theme([(rating.stars, rating.drivers) for rating in ratings]),
        sessions=sessions,
        planned=next(
            (session for session in sessions if session.held_at is None and session.cancelled_at is None), None
        ),
        agreed=queries.agreed_of(case, viewer()),
        is_leader=is_leader,
        **_forms(case, forms)
        if is_leader
        else {"reply": forms.get("reply") or ReplyForm(formdata=None, text=case.reply)},
    )


def _evidence(case: CoachingCase, fall: Fall | None) -> list[Rating]:
    """The ratings of the window that alerted, and those since, low ones first: what the talk is about."""
    since = (
        clock.monday_of(fall.week - fall.window_weeks + 1) if fall else (case.opened_at - timedelta(weeks=13)).date()
    )
    statement = (
        ratings_seen_by(viewer())
        .where(Rating.person_id == case.person_id, Rating.rated_on >= since, Rating.excluded_at.is_(None))
        .options(joinedload(Rating.touchpoint))
        .order_by(Rating.comment.is_(None), Rating.stars, Rating.rated_at.desc())
        .limit(200)
    )
    return list(db.session.scalars(statement))


def _forms(case: CoachingCase, given: dict[str, Any]) -> dict[str, Any]:
    completion = given.get("completion") or CompletionForm(formdata=None)
    agreed_form = given.get("agreed_form") or AgreedForm(today=viewer().today, formdata=None)
    for form in (completion, agreed_form):
        form.owner.offer(people_of(case, viewer().person_id))
    return {
        "booking": given.get("booking") or BookingForm(formdata=None),
        "completion": completion,
        "agreed_form": agreed_form,
    }
