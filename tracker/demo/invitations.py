"""Customers of the demo's tills who were asked by mail: one answered, one not yet, one not asked again, one vote set aside."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update

from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.intake.actions import answer_link
from tracker.intake.scanner_rules import Sending, evidence_of
from tracker.intake.set_aside import put_aside
from tracker.invitations.actions import invitation_of, note_sent, open_letter
from tracker.invitations.deciding import decide_due
from tracker.invitations.models import Invitation
from tracker.invitations.planning import contact_of, plan_invitation
from tracker.organisation.models import Person
from tracker.organisation.queries import team_of
from tracker.ratings.models import Interaction, SurveyLink, Touchpoint

MORNING = time(7, tzinfo=UTC)  # ten in Nairobi
# Who served, the customer's address, and hours after the morning at which service ended.
ASKED = (
    ("N-0405", "wanjiru@example.org", 0.5),
    ("N-0388", "otieno.family@example.org", 1.0),
    ("N-0405", "wanjiru@example.org", 1.5),
    ("N-0388", "office@example.org", 2.0),
)
ANSWERED, BY_A_PROGRAM = 0, 3


def ask_customers(at: datetime) -> None:
    """Yesterday’s customers, decided at noon; and one of half an hour ago, who waits for the hour after service."""
    morning = datetime.combine(at.date() - timedelta(days=1), MORNING)
    noon = morning + timedelta(hours=3)
    with transaction():
        for staff_number, address, hours in ASKED:
            _plan(staff_number, address, morning + timedelta(hours=hours), at=morning + timedelta(hours=hours))
        _plan("N-0405", "mama.zawadi@example.org", at - timedelta(minutes=30), at=at)
    with transaction():
        decide_due(noon)
        _send(noon)
    with transaction():
        invitations = db.session.scalars(select(Invitation).order_by(Invitation.id)).all()
        _answer(_link(invitations[ANSWERED]), noon + timedelta(minutes=20))
        _set_aside(_link(invitations[BY_A_PROGRAM]), noon)


def _plan(staff_number: str, address: str, ended_at: datetime, *, at: datetime) -> None:
    person = db.session.scalars(select(Person).where(Person.staff_number == staff_number)).one()
    team = team_of(person.id, ended_at.date())
    visit = Interaction(
        person_id=person.id,
        team_id=team.id if team else None,
        touchpoint_id=db.session.scalar(select(Touchpoint.id).where(Touchpoint.name == "Tills")),
        ended_at=ended_at,
        ended_on=ended_at.date(),
        place="till 3",
    )
    db.session.add(visit)
    db.session.flush()
    plan_invitation(visit, contact_of(address, "en"), source="api", by=None, at=at)


def _send(at: datetime) -> None:
    """As if a mail server had taken them; what they said is kept nowhere."""
    for mail in db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "asking")).all():
        open_letter(invitation_of(mail), is_reminder=False, at=at)
        note_sent(mail, at)
    db.session.execute(update(OutboxMail).where(OutboxMail.kind == "asking").values(sent_at=at))


def _link(invitation: Invitation) -> SurveyLink:
    link = db.session.get_one(SurveyLink, invitation.link_id)
    db.session.refresh(link, ["interaction"])
    return link


def _answer(link: SurveyLink, at: datetime) -> None:
    answer_link(link, stars=5, comment=None, emotions=["at_ease"], drivers=["speed"], at=at)


def _set_aside(link: SurveyLink, mailed_at: datetime) -> None:
    """A mail scanner pressed every button it found, two seconds after the mail."""
    at = mailed_at + timedelta(seconds=2)
    headers = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0", "Sec-Fetch-Mode": "navigate"}
    sending = Sending(at=at, mailed_at=mailed_at, opened_at=at, headers=headers, has_decoy=False, other_links=0)
    given: dict[str, Any] = {
        "stars": 1,
        "comment": None,
        "comment_language": None,
        "emotions": [],
        "drivers": [],
        "effort": None,
    }
    put_aside(link, {**given, "survey_version_id": None}, evidence_of(sending), at=at)
