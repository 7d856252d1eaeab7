"""Opening a package, and keeping what it reports. One window at a time writes: the one that took the newest ticket."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Invalid
from tracker.courses.content import Lesson
from tracker.scorm.data_model import is_storable
from tracker.scorm.finishing import finish_if_done
from tracker.scorm.manifest import Item
from tracker.scorm.models import PackageState, PackageVisit
from tracker.scorm.queries import file_of, item_of, next_item, states_of
from tracker.scorm.rules import MOST_SECONDS, outcome
from tracker.scorm.taking import take_package
from tracker.training.learning_models import CourseRun


@dataclass(frozen=True)
class Report:
    """What a window says: `number` counts its reports, `data` are all elements, `seconds` the time over all visits."""

    number: int
    data: dict[str, str]
    seconds: int
    is_open: bool


def open_visit(run: CourseRun, lesson: Lesson, *, item: str | None, anew: bool, by: int, at: datetime) -> PackageVisit:
    """A visit of an item, by itself where it is to go on. `anew`: what the item stored is forgotten, its best result is not."""
    file = file_of(run, lesson)
    if file is None:
        raise Conflict(_("The package of this lesson is not here any more. Tell whoever wrote the course."))
    package = take_package(file, by=by, at=at)
    states = states_of(run.id, lesson.key)
    chosen = item or next_item(package, states)
    if item_of(package, chosen) is None:
        raise Invalid(_("There is no such part in this package."))
    if anew and chosen in states:
        states[chosen].data, states[chosen].is_open = {}, False
    visit = PackageVisit(run=run, package=package, lesson_key=lesson.key, item=chosen, opened_at=at)
    run.seen_at = at
    db.session.add(visit)
    db.session.flush()
    return visit


def take_ticket(visit: PackageVisit, *, at: datetime) -> str:
    """The secret with which a window writes. Taking it ends every other visit of the lesson; Conflict when this one is over."""
    _lock(visit)
    same_lesson = (PackageVisit.run_id == visit.run_id, PackageVisit.lesson_key == visit.lesson_key)
    others = (PackageVisit.id != visit.id, PackageVisit.ticket_hash.is_not(None), PackageVisit.ended_at.is_(None))
    db.session.execute(update(PackageVisit).where(*same_lesson, *others).values(ended_at=at))
    ticket = secrets.token_urlsafe(32)
    visit.ticket_hash, visit.number = hash_of(ticket), 0
    db.session.flush()
    return ticket


def save_state(visit: PackageVisit, lesson: Lesson, report: Report, *, ticket: str, at: datetime) -> PackageState:
    """Keep what an item reports, and finish the lesson when that was the last thing missing.

    Conflict for a ticket that is not the newest. A report that came before, or out of order, changes nothing."""
    _lock(visit)
    if not visit.ticket_hash or not secrets.compare_digest(visit.ticket_hash, hash_of(ticket)):
        raise Conflict(_("This was opened elsewhere."))
    if not is_storable(visit.package.standard, report.data) or not 0 <= report.seconds <= MOST_SECONDS:
        raise Invalid(_("The package said something that cannot be stored."))
    state = _state_of(visit, at=at)
    item = item_of(visit.package, visit.item)
    if report.number > visit.number and item is not None:
        visit.number = report.number
        _write(state, visit.package.standard, item, report, at=at)
        visit.run.seen_at = at
        db.session.flush()
        finish_if_done(visit.run, lesson, visit.package, at=at)
    return state


def hash_of(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "replace")).hexdigest()


def _lock(visit: PackageVisit) -> None:
    """The run’s row is what all windows of a learner wait for."""
    db.session.execute(select(CourseRun.id).where(CourseRun.id == visit.run_id).with_for_update())
    db.session.refresh(visit, ["ticket_hash", "number", "ended_at"])
    if visit.ended_at is not None:
        raise Conflict(_("This was opened elsewhere."))


def _state_of(visit: PackageVisit, *, at: datetime) -> PackageState:
    key = {"run_id": visit.run_id, "lesson_key": visit.lesson_key, "item": visit.item}
    empty = {"data": {}, "is_open": False, "seconds": 0, "saved_at": at}
    db.session.execute(upsert(PackageState).on_conflict_do_nothing(), {**key, **empty})
    return db.session.get_one(PackageState, tuple(key.values()))


def _write(state: PackageState, standard: str, item: Item, report: Report, *, at: datetime) -> None:
    """The best there was stays: a package that is opened again to look something up takes nothing away."""
    state.data, state.is_open, state.saved_at = report.data, report.is_open, at
    state.seconds = max(state.seconds, report.seconds)
    said = outcome(standard, report.data, is_open=report.is_open, mastery=item.mastery, threshold=item.threshold)
    if said.completed or not item.is_sco:
        state.completed_at = state.completed_at or at
    if said.passed is not None and state.passed is not True:
        state.passed = said.passed
    if said.scaled is not None:
        state.score_scaled = max(said.scaled, -1.0 if state.score_scaled is None else state.score_scaled)
