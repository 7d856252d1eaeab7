"""A second look from the question to the answer. The rating counts on meanwhile; only the checks for a fall leave it out."""

from datetime import datetime

from sqlalchemy import select

from tracker.audit.actions import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.disputes.models import Dispute, DisputeRound
from tracker.disputes.queries import decider_for
from tracker.disputes.rules import ANSWERED_WITHIN, may_appeal, may_ask
from tracker.notifications.actions import tell
from tracker.organisation.models import Person
from tracker.organisation.queries import calendar_of, leaders_on
from tracker.ratings.actions import check_again, exclude_rating, hide_words, leave_out_of_checks, lock, reassign_rating
from tracker.ratings.models import Rating


def ask(rating: Rating, *, kind: str, comment: str, at: datetime) -> Dispute:
    """The person credited asks about a rating: once, within 30 days. Who leads them is heard, somebody else decides."""
    lock(rating)
    if rating.person_id is None or not may_ask(rating, at):
        raise Conflict("A second look can be asked for once, within 30 days, while the rating counts.")
    dispute = Dispute(rating_id=rating.id, person_id=rating.person_id, kind=kind, asked_at=at)
    db.session.add(dispute)
    db.session.flush()
    leave_out_of_checks(rating, at=at)
    record("dispute.asked", by=dispute.person_id, about=dispute, person=dispute.person_id, at=at, kind=kind)
    leader = next(iter(leaders_on(at.date()).above(dispute.person_id)), None)
    if leader is not None:
        tell("dispute.asked", to=leader, key=f"dispute.asked|{dispute.id}", at=at, about_id=dispute.id)
    _begin_round(dispute, 1, comment, at=at)
    return dispute


def appeal(dispute: Dispute, *, comment: str, at: datetime) -> DisputeRound:
    """Ask once more; somebody else decides, and nothing follows after that."""
    _refresh(dispute)
    last = _rounds(dispute)[-1]
    if not may_appeal(last.outcome, last.number, last.decided_at, at):
        raise Conflict("It can be asked once more, within 14 days of an answer that is not a plain yes.")
    leave_out_of_checks(db.session.get_one(Rating, dispute.rating_id), at=at)
    record("dispute.appealed", by=dispute.person_id, about=dispute, person=dispute.person_id, at=at)
    return _begin_round(dispute, 2, comment, at=at)


def _begin_round(dispute: Dispute, number: int, comment: str, *, at: datetime) -> DisputeRound:
    calendar = calendar_of(dispute.person_id, at.date())
    first_day = calendar.next_working_day(clock.local_day(at, calendar.zone))
    due_on = calendar.working_days_after(first_day, ANSWERED_WITHIN)
    begun = DisputeRound(dispute_id=dispute.id, number=number, comment=comment, asked_at=at, due_on=due_on)
    db.session.add(begun)
    db.session.flush()
    find_decider(begun, dispute, at=at)
    _announce("second_look.asked", begun, at=at)
    return begun


def find_decider(open_round: DisputeRound, dispute: Dispute, *, at: datetime) -> None:
    """Give an open round to somebody without a part in it: HR, else who leads above; nobody yet when there is none."""
    decider = decider_for(dispute, at=at)
    if decider == open_round.decider_id:
        return
    open_round.decider_id = decider
    record("dispute.assigned", by=None, about=dispute, person=dispute.person_id, at=at, to=decider)
    if decider is not None:
        key = f"dispute.waiting|{open_round.id}|{decider}"
        tell("dispute.waiting", to=decider, key=key, at=at, about_id=dispute.id)


def state(dispute: Dispute, text: str, *, by: int, at: datetime) -> None:
    """What who leads the person knows about it; the person reads it too. It can be put better until the answer is given."""
    _refresh(dispute)
    if _rounds(dispute)[-1].decided_at:
        raise Conflict("This second look has been answered already.")
    dispute.statement, dispute.stated_by_id, dispute.stated_at = text, by, at
    record("dispute.stated", by=by, about=dispute, person=dispute.person_id, at=at)


def decide(
    dispute: Dispute,
    *,
    outcome: str,
    reason: str,
    by: int,
    at: datetime,
    to: Person | None = None,
    leave_out: bool = False,
    hides_words: bool = False,
) -> None:
    """Answer with a reason. A yes leaves the rating out (`leave_out`) or credits it to somebody else (`to`; None: the tray).

    Abusive words can be hidden with it: from then on nobody who works here reads them."""
    last = _open_round(dispute)
    rating = db.session.get_one(Rating, dispute.rating_id)
    last.outcome, last.reason, last.decided_at, last.decider_id = outcome, reason, at, by
    check_again(rating)
    if hides_words:
        hide_words(rating, by=by, at=at)
    if outcome == "accepted" and leave_out:
        exclude_rating(rating, by=by, reason=reason, at=at)
    elif outcome == "accepted":
        if to is not None and to.id == dispute.person_id:
            raise Invalid(f"{to.name} is credited already, and says it was somebody else.")
        reassign_rating(rating, to, by=by, reason=reason, at=at)
    record("dispute.decided", by=by, about=dispute, person=dispute.person_id, at=at, outcome=outcome, round=last.number)
    _announce("second_look.answered", last, at=at)
    _tell_answer(dispute, last, at=at)


def withdraw(dispute: Dispute, *, at: datetime) -> None:
    """The person takes the question back; the rating is as it was."""
    last = _open_round(dispute)
    last.outcome, last.decided_at = "withdrawn", at
    check_again(db.session.get_one(Rating, dispute.rating_id))
    record("dispute.withdrawn", by=dispute.person_id, about=dispute, person=dispute.person_id, at=at)
    _announce("second_look.withdrawn", last, at=at)


def remind_decider(late: DisputeRound, *, at: datetime) -> None:
    """Once, when the promised day is over."""
    late.reminded_at = at
    if late.decider_id is not None:
        key = f"dispute.late|{late.id}"
        tell("dispute.late", to=late.decider_id, key=key, at=at, about_id=late.dispute_id)


def _announce(kind: str, of: DisputeRound, *, at: datetime) -> None:
    hooks.announce(kind, about=of.dispute_id, key=f"{kind}|{of.id}", at=at, round=of.number)


def _tell_answer(dispute: Dispute, answered: DisputeRound, *, at: datetime) -> None:
    leader = next(iter(leaders_on(at.date()).above(dispute.person_id)), None)
    for person in {dispute.person_id, leader} - {None, answered.decider_id}:
        key = f"dispute.decided|{answered.id}|{person}"
        tell("dispute.decided", to=int(person or 0), key=key, at=at, about_id=dispute.id)


def _open_round(dispute: Dispute) -> DisputeRound:
    _refresh(dispute)
    last = _rounds(dispute)[-1]
    if last.decided_at:
        raise Conflict("This second look has been answered already.")
    return last


def _rounds(dispute: Dispute) -> list[DisputeRound]:
    found = select(DisputeRound).where(DisputeRound.dispute_id == dispute.id).order_by(DisputeRound.number)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def _refresh(dispute: Dispute) -> None:
    """Of two who act at once, the second finds what the first did."""
    db.session.flush()
    db.session.refresh(dispute, with_for_update={"of": Dispute})
