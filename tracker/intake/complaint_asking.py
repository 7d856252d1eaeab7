"""Asking a customer by mail whether a complaint was put right: once, by the link family of the first answer.

The address is the one that the customer left in the complaint, or else the one at which they were asked for the rating. It is not
counted as being asked again: it belongs to the answer that was given. Who asked not to be asked is left in peace here too.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from sqlalchemy import select

from tracker.access.rules import new_token, token_hash
from tracker.core import clock, outbox
from tracker.core.db import db
from tracker.core.models import OutboxMail
from tracker.invitations.actions import can_decline
from tracker.invitations.models import CustomerContact, Invitation, MailedToken
from tracker.invitations.planning import company_zone, declined, hashed
from tracker.invitations.rules import address_of, is_asking_time, next_asking_moment
from tracker.organisation.models import Team
from tracker.ratings.models import Interaction, Rating, SurveyLink
from tracker.recovery import surveys
from tracker.recovery.cases import case_of
from tracker.recovery.models import RecoveryCase, RecoveryRating
from tracker.recovery.rules import SURVEY_OPEN_FOR

KIND = "recovery_asking"  # of mail
WORD_WITH_AT = re.compile(r"[^\s<>,;()]+@[^\s<>,;()]+")


@dataclass(frozen=True)
class Letter:
    """What the mail needs; the secret in it is kept nowhere."""

    address: str
    language: str
    secret: str
    rated_on: date
    can_decline: bool


def keep_for_survey(rating: Rating, *, language: str | None) -> None:
    """Keep with a complaint where its customer was asked, for the invitation’s address goes with the answer."""
    case = case_of(rating)
    if case is None or case.closed_at is not None:
        return
    asked = db.session.execute(
        select(CustomerContact.email, Invitation.language)
        .join(Invitation, Invitation.id == CustomerContact.invitation_id)
        .where(Invitation.interaction_id == rating.interaction_id)
    ).first()
    address, invited_in = asked if asked is not None else (None, None)
    surveys.keep_address(case, address, language=language or case.language or invited_in)


def decide(case_id: int, *, at: datetime) -> bool:
    """Queue the one mail of a complaint, or write down why there is none; False when that was done or has to wait."""
    case = surveys.claimed_for_survey(case_id)
    if case is None:
        return False
    address, link = _address(case), _link(case)
    why = _reason_against(case, address, link, at=at)
    if why is not None:
        surveys.leave_unasked(case, why, at=at)
        return True
    if not current_app.config["SMTP_URL"]:
        return False  # as long as the customer may answer, a mail server may still come
    case.survey_decided_at = at
    outbox.post(KIND, to=None, key=f"{KIND}|{case.id}", due_at=at, at=at)
    return True


def open_letter(case_id: int, *, at: datetime) -> Letter | None:
    """The contents of the mail, with a secret of its own; None when there is nothing to ask any more.

    Raises outbox.NotNow at night, for a mail server that was away may come back then.
    """
    case = db.session.get(RecoveryCase, case_id, with_for_update=True, populate_existing=True)
    if case is None or case.survey_sent_at is not None or surveys.has_answer(case):
        return None
    address, link = _address(case), _link(case)
    why = _reason_against(case, address, link, at=at)
    if why is not None or address is None or link is None:
        if case.survey_due_at is not None:
            surveys.leave_unasked(case, why or "no_address", at=at)
        return None
    zone = _zone(case)
    if not is_asking_time(at, zone):
        raise outbox.NotNow(next_asking_moment(at, zone))
    secret = new_token()
    db.session.add(MailedToken(token_hash=token_hash(secret), link_id=link.id, mailed_at=at))
    rated_on = clock.local_day(link.answered_at or at, zone)
    visit = db.session.get_one(Interaction, link.interaction_id)
    return Letter(address, case.language or "en", secret, rated_on, can_decline(visit))


def case_id_of(row: OutboxMail) -> int:
    return int(row.key.partition("|")[2])


def _address(case: RecoveryCase) -> str | None:
    """The one address in what the customer wrote of reaching them, else where they were asked."""
    words, asked_at = surveys.known_to_reach(case)
    written = {address_of(word.rstrip(".:!?").removeprefix("mailto:")) for word in WORD_WITH_AT.findall(words)} - {None}
    return next(iter(written)) if len(written) == 1 else asked_at or None


def _link(case: RecoveryCase) -> SurveyLink | None:
    """Of the first of its ratings that came by a link."""
    return db.session.scalar(
        select(SurveyLink)
        .join(RecoveryRating, RecoveryRating.rating_id == SurveyLink.rating_id)
        .join(Rating, Rating.id == RecoveryRating.rating_id)
        .where(RecoveryRating.case_id == case.id)
        .order_by(Rating.rated_at, SurveyLink.id)
        .limit(1)
    )


def _reason_against(case: RecoveryCase, address: str | None, link: SurveyLink | None, *, at: datetime) -> str | None:
    if case.survey_due_at is None or at >= case.survey_due_at + SURVEY_OPEN_FOR:
        return "too_late"
    if address is None or link is None:
        return "no_address"
    visit = db.session.get_one(Interaction, link.interaction_id)
    refused = declined(hashed(address), visit.customer_id or case.customer_id)
    return "declined" if db.session.scalar(select(refused)) else None


def _zone(case: RecoveryCase) -> str:
    return db.session.scalar(select(Team.time_zone).where(Team.id == case.team_id)) or company_zone()
