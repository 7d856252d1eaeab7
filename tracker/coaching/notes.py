"""Notes beside the talk's own: a hand-over, which the person and the next leader read, and a private one, which only its author reads."""

from datetime import datetime

from sqlalchemy import select

from tracker.coaching.agenda import note
from tracker.coaching.locking import lock, still_open
from tracker.coaching.models import CoachingCase
from tracker.coaching.page_models import HandOverNote, PrivateNote
from tracker.core.db import db
from tracker.core.sealing import locked, unlocked
from tracker.notifications.actions import tell

PURPOSE = "coaching.private_note"


def hand_over(case: CoachingCase, *, by: int, text: str, at: datetime) -> None:
    """Leave a note for whoever leads the person next; the person is told and can answer. An empty one takes it away."""
    still_open(case)
    mine = (HandOverNote.case_id == case.id, HandOverNote.by_id == by)
    found = db.session.scalar(select(HandOverNote).where(*mine))
    if not text:
        if found is not None:
            db.session.delete(found)
            note("coaching.hand_over_removed", case, by=by, at=at)
        return
    if found is None:
        found = HandOverNote(case_id=case.id, by_id=by)
        db.session.add(found)
    found.text, found.written_at = text, at
    db.session.flush()
    note("coaching.handed_over", case, by=by, at=at)
    tell(
        "coaching.handed_over",
        to=case.person_id,
        key=f"coaching.handed_over|{found.id}",  # put right later, it is no news again
        at=at,
        about_id=case.id,
        leader=by,
    )


def write_private_note(case: CoachingCase, *, by: int, text: str, at: datetime) -> None:
    """Keep words for `by` alone; empty ones delete the note. Also once the case is closed: it is nobody else's."""
    lock(case)
    found = db.session.get(PrivateNote, (case.id, by))
    if not text:
        if found is not None:
            db.session.delete(found)
            note("coaching.private_note_removed", case, by=by, at=at)
        return
    if found is None:
        found = PrivateNote(case_id=case.id, author_id=by)
        db.session.add(found)
    found.locked = locked(text, purpose=PURPOSE, place=_place(found))
    found.written_at = at
    note("coaching.private_note_written", case, by=by, at=at)


def words_of(kept: PrivateNote) -> str:
    """What its author wrote; sealing.Unreadable when the key is lost or the row was moved or changed."""
    return unlocked(kept.locked, purpose=PURPOSE, place=_place(kept))


def _place(kept: PrivateNote) -> str:
    return f"case {kept.case_id}, author {kept.author_id}"
