"""Reading cases: lists, counts, what a case page shows."""

from collections.abc import Iterable

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import contains_eager, joinedload

from tracker.coaching.models import CoachingAction, CoachingCase, CoachingSession
from tracker.coaching.policy import agreed_actions_seen_by, cases_led_by, cases_seen_by, sessions_seen_by
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.ratings.models import Fall


def waiting_count(viewer: Viewer) -> ScalarSelect[int]:
    """Open cases that wait for the viewer as leader: a number to be asked for together with others."""
    waiting = cases_led_by(viewer).where(CoachingCase.closed_at.is_(None)).subquery()
    return select(func.count()).select_from(waiting).scalar_subquery()


def cases_of_team(viewer: Viewer) -> list[CoachingCase]:
    """Cases of people the viewer leads: every open one, and the closed ones of the last time, a hundred at most."""
    statement = (
        cases_led_by(viewer)
        .join(CoachingCase.person)
        .options(contains_eager(CoachingCase.person), joinedload(CoachingCase.fall))
        .order_by(CoachingCase.closed_at.is_not(None), CoachingCase.closed_at.desc(), CoachingCase.opened_at)
        .limit(100)
    )
    return list(db.session.scalars(statement))


def own_cases(viewer: Viewer) -> list[CoachingCase]:
    statement = (
        cases_seen_by(viewer)
        .where(CoachingCase.person_id == viewer.person_id)
        .options(joinedload(CoachingCase.person), joinedload(CoachingCase.fall))
    )
    return list(db.session.scalars(statement.order_by(CoachingCase.id.desc()).limit(20)))


def sessions_of(cases: Iterable[CoachingCase], viewer: Viewer) -> dict[int, list[CoachingSession]]:
    """Case id -> its talks as far as the viewer reads them, in order."""
    found: dict[int, list[CoachingSession]] = {case.id: [] for case in cases}
    for session in db.session.scalars(sessions_seen_by(viewer).where(CoachingSession.case_id.in_(list(found)))):
        found[session.case_id].append(session)
    return found


def agreed_of(case: CoachingCase, viewer: Viewer) -> list[CoachingAction]:
    statement = (
        agreed_actions_seen_by(viewer)
        .where(CoachingAction.case_id == case.id)
        .options(joinedload(CoachingAction.owner))
    )
    return list(db.session.scalars(statement))


def frozen_baselines() -> dict[int, int]:
    """Person id -> the last week the baseline may use: while a case is open it ends where the alert's window starts,
    so that the fall does not become the new normal."""
    rows = db.session.execute(
        select(CoachingCase.person_id, Fall.week, Fall.window_weeks)
        .join(Fall, Fall.id == CoachingCase.fall_id)
        .where(CoachingCase.closed_at.is_(None))
    )
    return {person: week - window for person, week, window in rows}


def people_in_cool_down(week: int, weeks: int) -> set[int]:
    """People alerted in the `weeks` weeks before `week`, and those with an open case."""
    alerted = select(Fall.person_id).where(Fall.week > week - weeks, Fall.week <= week)
    in_case = select(CoachingCase.person_id).where(CoachingCase.closed_at.is_(None))
    return set(db.session.scalars(alerted)) | set(db.session.scalars(in_case))
