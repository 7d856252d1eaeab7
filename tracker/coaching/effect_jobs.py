"""What becomes of ratings after an alert: worked out after each weekly check, shared 24 hours after the person’s next working morning."""

from dataclasses import asdict
from datetime import UTC, datetime, time

from sqlalchemy import select

from tracker.audit.actions import record
from tracker.coaching.effect_models import CaseEffect, CoachingEffect
from tracker.coaching.effect_rules import DECIDED, CaseFigures, is_lately, verdict_on
from tracker.coaching.effects import Found, found_as_of
from tracker.coaching.models import CoachingCase
from tracker.coaching.rules import HEAD_START
from tracker.core import clock, tasks
from tracker.core.clock import WorkCalendar, local_day
from tracker.core.db import db, reading, transaction, upsert
from tracker.notifications.actions import Told, tell_all
from tracker.organisation.queries import calendars, leaders_on, the_organisation
from tracker.ratings.weekly import last_frozen_week

RULE = "coaching.effects"


def work_out_effects(at: datetime) -> int:
    """Once for each weekly check: the company’s figures, and those of every case without a verdict; of how many cases.

    After a change of the past some weeks have no frozen means until Monday’s run: until then the figures stay as they are."""
    with reading():
        since, company, on = tasks.done_until(RULE), the_organisation(), last_frozen_week()
        if company is None or on is None or on < clock.last_complete_week(local_day(at, company.time_zone)) - 1:
            return 0
        slot = datetime.combine(clock.monday_of(on + 1), time(), UTC)
        if since is not None and since >= slot:
            return 0
        found = found_as_of(on, at=at)
    with transaction():
        if not tasks.advance(RULE, since=since, to=slot):
            return 0  # another process has just done it
        return _store(found, at=at) if found else 0


def _store(found: Found, *, at: datetime) -> int:
    made = upsert(CoachingEffect).values(week=found.on, figures=asdict(found.company))
    db.session.execute(made.on_conflict_do_update(index_elements=["week"], set_={"figures": made.excluded.figures}))
    cases = {
        case.id: case for case in db.session.scalars(select(CoachingCase).where(CoachingCase.id.in_(list(found.cases))))
    }
    known = {row.case_id: row for row in db.session.scalars(select(CaseEffect))}
    hours = calendars([case.person_id for case in cases.values()], at.date())
    told = []
    for case_id, figures in sorted(found.cases.items()):
        if (case := cases.get(case_id)) is None:
            continue
        row = known.get(case_id) or CaseEffect(case_id=case_id)
        morning = hours.get(case.person_id, WorkCalendar()).next_morning(at)
        row.week, row.figures, row.shares_at = found.on, asdict(figures), max(morning + HEAD_START, case.shares_at)
        row.decided_on = clock.monday_of(found.on + 1) if _is_decided(figures, found.on) else None
        db.session.add(row)
        if figures.verdict in DECIDED and is_lately(figures.week, found.on):
            told.append(_word(case, case.person_id, morning))
    tell_all(told, at=at)
    return len(found.cases)


def _is_decided(figures: CaseFigures, on: int) -> bool:
    over = clock.monday_of(on + 1) >= verdict_on(figures.week)
    return figures.verdict in DECIDED or (figures.verdict == "none" and over)


def _word(case: CoachingCase, to: int, visible_at: datetime) -> Told:
    return Told("coaching.verdict", to, f"coaching.verdict|{case.id}|{to}", visible_at, {}, about_id=case.id)


def share_effects(at: datetime) -> int:
    """Whoever leads the person gets what the person has had for 24 hours; the number of cases."""
    with transaction():
        due = select(CaseEffect).where(CaseEffect.shares_at <= at).with_for_update(skip_locked=True)
        rows = list(db.session.scalars(due))
        leaders = leaders_on(local_day(at, "UTC")) if any(row.decided_on for row in rows) else None
        for row in rows:
            row.shared_figures, row.shares_at = row.figures, None
            if leaders and row.figures["verdict"] in DECIDED:
                case = db.session.get_one(CoachingCase, row.case_id)
                record("coaching.verdict", by=None, about=case, person=case.person_id, at=at)
                if is_lately(row.figures["week"], row.week):
                    _tell_leader(case, leaders.above(case.person_id), at=at)
        return len(rows)


def _tell_leader(case: CoachingCase, above: list[int], *, at: datetime) -> None:
    for leader in above[:1]:
        works = calendars([leader], at.date()).get(leader, WorkCalendar())
        tell_all([_word(case, leader, works.next_working_moment(at))], at=at)
