"""What a case page shows: the evidence first, then what can be done. Both sides see the same evidence."""

from typing import Any

from flask import render_template

from tracker.coaching import queries
from tracker.coaching import sentences as words
from tracker.coaching.actions import TALK_TIME, held_talks, people_of
from tracker.coaching.brought import brought_to
from tracker.coaching.clock_page import clock_of
from tracker.coaching.effect_page import effect_shown
from tracker.coaching.evidence import Evidence, evidence_of
from tracker.coaching.forms import AgreedForm, BookingForm, CompletionForm, HandOverForm, ReplyForm, TrainingForm
from tracker.coaching.learning import Fitting, Given, courses_given, courses_that_fit, due_after
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.coaching.notes_page import Written, notes_on, with_ids
from tracker.coaching.policy import cases_seen_by
from tracker.coaching.rules import last_follow_up_day
from tracker.coaching.topics import topics_of
from tracker.coaching.turns import turn_of
from tracker.core import clock
from tracker.core.audience import find_or_404, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.interviews.queries import counts_of
from tracker.interviews.sentences import counts_words
from tracker.organisation.models import Person
from tracker.ratings import sentences
from tracker.ratings.card_contents import check_of
from tracker.ratings.drawings import WIDE, drawings_of
from tracker.ratings.fall_queries import team_fall_of
from tracker.ratings.models import Fall, ScoreCard
from tracker.ratings.policy import cards_seen_by
from tracker.ratings.rules import Figures
from tracker.ratings.team_falls import said_of

FEWEST_NAMED = 2  # low ratings that name a driver before a course for it is offered
_NO_FORMS: dict[str, Any] = {"booking": None, "completion": None, "agreed_form": None, "hand_over": None}


def case_page(case: CoachingCase, **forms: Any) -> str:
    """The page as the viewer may see it; `forms` are those that came back with errors."""
    person = db.session.get_one(Person, case.person_id)
    is_leader = viewer().person_id != case.person_id
    sessions = queries.sessions_of([case], viewer())[case.id]
    planned = next((talk for talk in sessions if talk.held_at is None), None)
    writes = case.closed_at is None
    found = _found(case, person.first_name if is_leader else None)
    written = notes_on(case, viewer(), forms, writes=writes)
    brought = brought_to(case, viewer())
    given = courses_given(case, viewer())
    return render_template(
        "coaching/case.html",
        case=case,
        person=person,
        leader=db.session.get(Person, sessions[-1].led_by_id) if sessions else None,
        sessions=sessions,
        planned=planned,
        agreed=queries.agreed_of(case, viewer()),
        given=given,
        is_leader=is_leader,
        read_at=brought.read_at,
        topics=topics_of(written.points, written.ratings, brought, person=person, viewer_id=viewer().person_id),
        say=sentences,
        words=words,
        effect=effect_shown(case, viewer()) if any(talk.held_at for talk in sessions) else None,
        turn=turn_of(case),
        noted=counts_words(*counts_of(viewer(), case.person_id)),
        written=written,
        **found,
        **(_leaders_forms(case, planned, written, forms) if is_leader and writes else _NO_FORMS),
        fitting=_fitting(case, found["evidence"], given, forms) if is_leader and writes else [],
        **clock_of(case, planned, viewer(), forms),
        reply=_reply_form(case, forms) if not is_leader and writes else None,
        unsaved=forms.get("unsaved"),
    )


def unsaved_page(case_id: int, why: Conflict, words: str) -> str:
    """The page as it is by now, with what was written and came too late: nobody has to write it again."""
    db.session.rollback()
    return case_page(find_or_404(cases_seen_by(viewer()), case_id), unsaved=(why.sentence, words))


def completion_form(case: CoachingCase, **kwargs: Any) -> CompletionForm:
    """The form for writing up a talk of this case, with the follow-ups that are possible."""
    last_day = last_follow_up_day(case.closes_by, TALK_TIME, viewer().time_zone)
    form = CompletionForm(today=viewer().today, last_day=last_day, **kwargs)
    if form.held.data is None:
        form.held.data = str(len(held_talks(case)))
    return form


def _found(case: CoachingCase, name: str | None) -> dict[str, Any]:
    """The evidence: what the check found and what customers said. `name` when it is read by somebody else."""
    fall = db.session.get(Fall, case.fall_id) if case.fall_id else None
    card = db.session.scalars(cards_seen_by(viewer()).where(ScoreCard.person_id == case.person_id)).first()
    figures = Figures(card.figures) if card else None
    team = team_fall_of(fall.team_id, fall.week) if fall else None
    evidence = evidence_of(case, fall, viewer())
    return {
        "check": check_of(fall) if fall else None,
        "team_fell_then": said_of(team) if team else None,
        "checked_on": clock.monday_of(fall.week + 1) if fall else None,
        "figures": figures,
        "drawings": drawings_of(figures, name=name, wide=WIDE) if figures else None,
        "evidence": evidence,
        "work_sentences": [
            sentence
            for sentence in (words.queue_sentence(evidence.queue, name), words.day_sentence(evidence.day, name))
            if sentence
        ],
    }


def _leaders_forms(
    case: CoachingCase, planned: CoachingSession | None, written: Written, given: dict[str, Any]
) -> dict[str, Any]:
    completion = given.get("completion") or completion_form(case, formdata=None)
    agreed_form = given.get("agreed_form") or AgreedForm(today=viewer().today, formdata=None)
    hand_over = given.get("hand_over") or HandOverForm(formdata=None, text=written.own_hand_over)
    people = people_of(case, viewer().person_id)
    for form in (completion, agreed_form):
        form.owner.offer(people)
    for form, name in ((completion, "talk"), (agreed_form, "agreed"), (hand_over, "hand-over")):
        with_ids(form, name)
    booking = given.get("booking") or BookingForm(formdata=None, data=_booked(planned))
    return {"booking": booking, "completion": completion, "agreed_form": agreed_form, "hand_over": hand_over}


def _fitting(
    case: CoachingCase, evidence: Evidence, given: list[Given], forms: dict[str, Any]
) -> list[tuple[Fitting, TrainingForm]]:
    """Courses for what low ratings name, each with its form; the one that came back with errors is among them."""
    drivers = [count.key for count in evidence.drivers if count.low >= FEWEST_NAMED]
    sent: TrainingForm | None = forms.get("training")
    found = []
    for course in courses_that_fit(drivers, viewer(), person_id=case.person_id, given=given):
        is_sent = sent is not None and sent.course.data == str(course.course_id)
        start = {"course": course.course_id, "driver": course.driver, "due_on": due_after(viewer().today)}
        form = sent if sent and is_sent else TrainingForm(today=viewer().today, formdata=None, data=start)
        found.append((course, with_ids(form, f"course-{course.course_id}")))
    return found


def _booked(planned: CoachingSession | None) -> dict[str, Any]:
    """What the booking form starts from when a talk is moved."""
    if planned is None:
        return {}
    local = planned.starts_at.astimezone(clock.zone(viewer().time_zone))
    return {"on": local.date(), "starts": local.time(), "minutes": planned.minutes, "place": planned.place}


def _reply_form(case: CoachingCase, given: dict[str, Any]) -> ReplyForm:
    return given.get("reply") or ReplyForm(formdata=None, text=case.reply)
