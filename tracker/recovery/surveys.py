"""Whether it helped: the customer is asked once, two days after a complaint was closed, and answers once.

Their own page asks everybody. Whoever left an address gets one mail as well, which the intake package decides and writes, for it
has the links; what came of that is kept here, in the case and in its history.
"""

from datetime import datetime

from sqlalchemy import select

from tracker.audit.actions import record
from tracker.core import hooks
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.sealing import Unreadable, opened, sealed
from tracker.notifications.actions import tell
from tracker.recovery import rules
from tracker.recovery.cases import note, refresh
from tracker.recovery.models import RecoveryAnswer, RecoveryCase
from tracker.recovery.opening import CONTACT

ADDRESS = "recovery survey address"  # what addresses that the customer was asked at before are sealed for


def answer_survey(case: RecoveryCase, *, solved: str, stars: int, comment: str | None, at: datetime) -> None:
    """The customer says whether it helped: once. It counts in nobody's score."""
    refresh(case)
    if not survey_is_open(case, at=at) or has_answer(case):
        raise Conflict("This has been answered already.")
    db.session.add(RecoveryAnswer(case_id=case.id, answered_at=at, solved=solved, stars=stars, comment=comment))
    note(case, "answered", at=at)
    hooks.announce("complaint.answered", about=case.id, key=f"complaint.answered|{case.id}", at=at)
    for person in {case.owner_id, case.closed_by_id} - {None}:
        key = f"recovery|{case.id}|answered|{person}"
        tell("recovery.answered", to=int(person or 0), key=key, at=at, about_id=case.id, solved=solved)


def survey_is_open(case: RecoveryCase, *, at: datetime) -> bool:
    """From two days after closing, for fourteen days."""
    return case.survey_due_at is not None and case.survey_due_at <= at < case.survey_due_at + rules.SURVEY_OPEN_FOR


def keep_address(case: RecoveryCase, address: str | None, *, language: str | None) -> None:
    """Where the customer was asked for the rating, sealed until the survey has gone there; and the customer's language."""
    if address is not None:
        case.address_sealed = sealed(address, purpose=ADDRESS)
    case.language = language or case.language


def known_to_reach(case: RecoveryCase) -> tuple[str, str]:
    """(how the customer wants to be reached, in their words; the address they were asked at); empty where there is none."""
    return _opened(case.contact_sealed, CONTACT), _opened(case.address_sealed, ADDRESS)


def cases_to_ask(at: datetime) -> list[int]:
    """Closed ones whose customer is to be asked by now, and about whom nothing has been decided; the oldest first."""
    due = select(RecoveryCase.id).where(
        RecoveryCase.survey_due_at <= at,
        RecoveryCase.survey_decided_at.is_(None),
        RecoveryCase.id.not_in(select(RecoveryAnswer.case_id)),
    )
    return list(db.session.scalars(due.order_by(RecoveryCase.survey_due_at, RecoveryCase.id)))


def claimed_for_survey(case_id: int) -> RecoveryCase | None:
    """The case, locked, when its customer is still to be asked: of two who come at once, one gets it."""
    case = db.session.get(RecoveryCase, case_id, with_for_update=True, populate_existing=True)
    if case is None or case.survey_due_at is None or case.survey_decided_at is not None:
        return None
    return case if not has_answer(case) else None


def has_answer(case: RecoveryCase) -> bool:
    return db.session.get(RecoveryAnswer, case.id) is not None


def leave_unasked(case: RecoveryCase, why: str, *, at: datetime) -> None:
    """No mail is written, or none any more, and why: `no_address`, `declined` or `too_late`. Their own page asks all the same."""
    case.survey_decided_at, case.address_sealed = at, None
    note(case, why, at=at)
    record("complaint.not_asked", by=None, about=case, at=at, why=why)


def note_asked(case_id: int, *, at: datetime) -> None:
    """The mail server has it: nothing more is written to this customer, so the ways to do so are forgotten."""
    case = db.session.get(RecoveryCase, case_id, with_for_update=True, populate_existing=True)
    if case is None or case.survey_sent_at is not None:
        return
    case.survey_sent_at, case.address_sealed, case.contact_sealed = at, None, None
    note(case, "asked", at=at)
    record("complaint.asked", by=None, about=case, at=at)


def _opened(text: str | None, purpose: str) -> str:
    try:
        return opened(text, purpose=purpose) if text is not None else ""
    except Unreadable:
        return ""
