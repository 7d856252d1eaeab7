"""What became of cases, in the words of their pages, for one’s own file and for programs: the same rows, the same reader, the same time."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, select

from tracker.coaching.effect_contents import Contents, contents_of
from tracker.coaching.effect_models import CaseEffect
from tracker.coaching.effect_policy import case_effects_seen_by
from tracker.coaching.effect_rules import DECIDED, CaseFigures
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.coaching.policy import cases_seen_by, sessions_seen_by
from tracker.core.audience import Viewer
from tracker.core.db import db


def newest_cases(people: Iterable[int], viewer: Viewer) -> dict[int, CoachingCase]:
    """Person id -> the latest of their cases that the viewer sees. One query."""
    seen = cases_seen_by(viewer).where(CoachingCase.person_id.in_(list(people))).subquery()
    newest = select(func.max(seen.c.id)).group_by(seen.c.person_id)
    return {
        case.person_id: case for case in db.session.scalars(select(CoachingCase).where(CoachingCase.id.in_(newest)))
    }


def effects_told(cases: Sequence[CoachingCase], viewer: Viewer) -> dict[int, Contents]:
    """Case id -> what its page says under “Did the talk help?”, of those where it says anything to the viewer: only after a talk
    that the viewer can read of. Two queries."""
    held = sessions_seen_by(viewer).where(
        CoachingSession.held_at.is_not(None), CoachingSession.case_id.in_([case.id for case in cases])
    )
    talked = set(db.session.scalars(held.with_only_columns(CoachingSession.case_id).order_by(None)))
    rows = {
        row.case_id: row
        for row in db.session.scalars(case_effects_seen_by(viewer).where(CaseEffect.case_id.in_(talked)))
    }
    found = {case.id: figures_told(rows[case.id], case, viewer) for case in cases if case.id in rows}
    return {
        case_id: contents_of(told[0], decided_on=told[1], today=viewer.today)
        for case_id, told in found.items()
        if told is not None
    }


def figures_told(row: CaseEffect, case: CoachingCase, viewer: Viewer) -> tuple[CaseFigures, date | None] | None:
    """What the viewer has of it, with the day of its verdict if that is part of it: one’s own at once, others’ a day later."""
    stored = row.figures if case.person_id == viewer.person_id else row.shared_figures
    if stored is None:
        return None
    figures = CaseFigures(**stored)
    return figures, row.decided_on if figures.verdict in DECIDED else None
