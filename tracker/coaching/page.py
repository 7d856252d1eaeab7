"""What a case page shows: the evidence first, then what can be done. Both sides see the same evidence."""

from datetime import timedelta
from typing import Any

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.coaching import queries
from tracker.coaching.actions import people_of
from tracker.coaching.clock_page import clock_of
from tracker.coaching.forms import AgreedForm, BookingForm, CompletionForm, ReplyForm
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.core import clock
from tracker.core.audience import viewer
from tracker.core.db import db
from tracker.interviews.queries import counts_of
from tracker.interviews.sentences import counts_words
from tracker.organisation.models import Person
from tracker.ratings import sentences
from tracker.ratings.drawings import WIDE, drawings_of
from tracker.ratings.models import Driver, Fall, Rating, ScoreCard
from tracker.ratings.policy import cards_seen_by, ratings_seen_by
from tracker.ratings.rules import LOW_STARS, Figures, theme
from tracker.statistics.falls import one_check_in

EVIDENCE_SHOWN, PRAISE_SHOWN = 6, 2
_NO_FORMS: dict[str, Any] = {"booking": None, "completion": None, "agreed_form": None}


def case_page(case: CoachingCase, **forms: Any) -> str:
    """The page as the viewer may see it; `forms` are those that came back with errors."""
    person = db.session.get_one(Person, case.person_id)
    is_leader = viewer().person_id != case.person_id
    sessions = queries.sessions_of([case], viewer())[case.id]
    planned = next((talk for talk in sessions if talk.held_at is None), None)
    writes = case.closed_at is None
    return render_template(
        "coaching/case.html",
        case=case,
        person=person,
        leader=db.session.get(Person, sessions[-1].led_by_id) if sessions else None,
        sessions=sessions,
        planned=planned,
        agreed=queries.agreed_of(case, viewer()),
        is_leader=is_leader,
        say=sentences,
        noted=counts_words(*counts_of(viewer(), case.person_id)),
        **_found(case, person.first_name if is_leader else None),
        **(_leaders_forms(case, planned, forms) if is_leader and writes else _NO_FORMS),
        **clock_of(case, planned, viewer(), forms),
        reply=_reply_form(case, forms) if not is_leader and writes else None,
    )


def _found(case: CoachingCase, name: str | None) -> dict[str, Any]:
    """The evidence: what the check found and what customers said. `name` when it is read by somebody else."""
    fall = db.session.get(Fall, case.fall_id) if case.fall_id else None
    card = db.session.scalars(cards_seen_by(viewer()).where(ScoreCard.person_id == case.person_id)).first()
    figures = Figures(card.figures) if card else None
    low, praised = _evidence(case, fall)
    found = theme([(rating.stars, rating.drivers) for rating in low])
    return {
        "check": _as_stored(fall) if fall else None,
        "checked_on": clock.monday_of(fall.week + 1) if fall else None,
        "figures": figures,
        "drawings": drawings_of(figures, name=name, wide=WIDE) if figures else None,
        "ratings": [*low[: EVIDENCE_SHOWN - len(praised)], *praised],
        "theme": (_driver_name(found[0]), *found[1:]) if found else None,
    }


def _as_stored(fall: Fall) -> dict[str, Any]:
    """The alert in the shape of a card's check: it says for ever what was known when it was raised."""
    return {
        "since": clock.monday_of(fall.week - fall.window_weeks + 1).isoformat(),
        "n": fall.n,
        "observed": fall.observed,
        "expected": fall.expected,
        "one_in": one_check_in(fall.p),
    }


def _driver_name(key: str) -> str:
    return db.session.scalar(select(Driver.name).where(Driver.key == key)) or key


def _evidence(case: CoachingCase, fall: Fall | None) -> tuple[list[Rating], list[Rating]]:
    """What the talk is about: the low ratings of the window that alerted and since, those with words first; and the newest
    praise of the same weeks, for what works is part of the talk."""
    since = (
        clock.monday_of(fall.week - fall.window_weeks + 1) if fall else (case.opened_at - timedelta(weeks=13)).date()
    )
    statement = (
        ratings_seen_by(viewer())
        .where(Rating.person_id == case.person_id, Rating.rated_on >= since, Rating.excluded_at.is_(None))
        .options(joinedload(Rating.touchpoint), joinedload(Rating.survey))
    )
    low = statement.where(Rating.stars <= LOW_STARS).order_by(
        Rating.has_words().desc(), Rating.stars, Rating.rated_at.desc()
    )
    praised = (
        statement.where(Rating.stars > LOW_STARS, Rating.has_words())
        .order_by(Rating.stars.desc(), Rating.rated_at.desc())
        .limit(PRAISE_SHOWN)
    )
    return list(db.session.scalars(low)), list(db.session.scalars(praised))


def _leaders_forms(case: CoachingCase, planned: CoachingSession | None, given: dict[str, Any]) -> dict[str, Any]:
    completion = given.get("completion") or CompletionForm(formdata=None)
    agreed_form = given.get("agreed_form") or AgreedForm(today=viewer().today, formdata=None)
    people = people_of(case, viewer().person_id)
    for form, name in ((completion, "talk"), (agreed_form, "agreed")):
        form.owner.offer(people)
        for field in form:  # both stand on one page and have an owner and a date: ids must differ
            field.id = f"{name}-{field.id}"
    booking = given.get("booking") or BookingForm(formdata=None, data=_booked(planned))
    return {"booking": booking, "completion": completion, "agreed_form": agreed_form}


def _booked(planned: CoachingSession | None) -> dict[str, Any]:
    """What the booking form starts from when a talk is moved."""
    if planned is None:
        return {}
    local = planned.starts_at.astimezone(clock.zone(viewer().time_zone))
    return {"on": local.date(), "starts": local.time(), "minutes": planned.minutes, "place": planned.place}


def _reply_form(case: CoachingCase, given: dict[str, Any]) -> ReplyForm:
    return given.get("reply") or ReplyForm(formdata=None, text=case.reply)
