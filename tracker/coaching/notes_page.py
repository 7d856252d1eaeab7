"""What the two have written beside the talk, ready to show: both agendas, hand-overs, and the viewer’s own private note."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.coaching.forms import PointForm, PrivateNoteForm
from tracker.coaching.models import CoachingCase
from tracker.coaching.notes import words_of
from tracker.coaching.page_models import AgendaPoint, HandOverNote, PrivateNote
from tracker.coaching.policy import cases_with_agenda_of, hand_overs_seen_by, points_seen_by, private_notes_of
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.sealing import Unreadable
from tracker.ratings.models import Rating
from tracker.ratings.policy import ratings_seen_by


@dataclass(frozen=True)
class Written:
    """`ratings`: those that points are about, as far as the viewer reads them, by id.
    `private_at`: when the viewer’s own note was written; `is_key_lost`: it is there and cannot be opened any more.
    Forms are None for who may only read."""

    points: list[AgendaPoint]
    ratings: dict[int, Rating]
    hand_overs: list[HandOverNote]
    own_hand_over: str | None
    private_at: datetime | None
    is_key_lost: bool
    point: PointForm | None
    private: PrivateNoteForm


def notes_on(case: CoachingCase, viewer: Viewer, forms: dict[str, Any], *, writes: bool) -> Written:
    """Five queries. `forms`: what came back with errors; `writes`: the case is open."""
    points = db.session.scalars(
        points_seen_by(viewer).where(AgendaPoint.case_id == case.id).options(joinedload(AgendaPoint.by))
    ).all()
    left = db.session.scalars(
        hand_overs_seen_by(viewer).where(HandOverNote.case_id == case.id).options(joinedload(HandOverNote.by))
    ).all()
    kept = db.session.scalar(private_notes_of(viewer).where(PrivateNote.case_id == case.id))
    private, is_key_lost = _opened(kept)
    return Written(
        list(points),
        ratings_named(viewer, {point.rating_id for point in points if point.rating_id}),
        list(left),
        next((note.text for note in left if note.by_id == viewer.person_id), None),
        kept.written_at if kept else None,
        is_key_lost,
        _point_form(case, viewer, forms) if writes else None,
        with_ids(forms.get("private") or PrivateNoteForm(formdata=None, text=private), "private"),
    )


def with_ids(form: Any, name: str) -> Any:
    """Many forms stand on one page, and some ask for the same: ids must differ."""
    for field in form:
        field.id = f"{name}-{field.short_name}"
    return form


def _opened(kept: PrivateNote | None) -> tuple[str | None, bool]:
    """The words, and whether they are there and cannot be read."""
    if kept is None:
        return None, False
    try:
        return words_of(kept), False
    except Unreadable:
        return None, True


def ratings_named(viewer: Viewer, ids: Iterable[int]) -> dict[int, Rating]:
    """By id, as far as the viewer reads them."""
    found = ratings_seen_by(viewer).where(Rating.id.in_(set(ids)))
    return {rating.id: rating for rating in db.session.scalars(found)}


def _point_form(case: CoachingCase, viewer: Viewer, forms: dict[str, Any]) -> PointForm | None:
    may = cases_with_agenda_of(viewer).where(CoachingCase.id == case.id).with_only_columns(CoachingCase.id)
    if db.session.scalar(select(may.exists())) is not True:
        return None
    return with_ids(forms.get("point") or PointForm(formdata=None), "point")
