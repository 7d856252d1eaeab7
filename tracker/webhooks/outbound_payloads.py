"""What an event says: made at the moment of sending, with whoever made the webhook as the viewer. None: nothing may be said.

Numbers, moments and links. No customer's words, no contact, and of people the staff number alone, where the viewer reads it in
the pages too. Talks go by references that nobody can count: from gaps in numbers somebody could see a case before its time.
"""

from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.access.rules import keyed_hash
from tracker.api.policy import ratings_read_by
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.coaching.policy import cases_seen_by
from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.models import HookDelivery
from tracker.disputes.models import Dispute, DisputeRound
from tracker.disputes.policy import disputes_seen_by
from tracker.intake.models import Kiosk
from tracker.intake.policy import kiosks_managed_by
from tracker.organisation.models import Team
from tracker.organisation.policy import teams_led_by
from tracker.ratings.import_models import Import
from tracker.ratings.models import Rating
from tracker.ratings.policy import counted, imports_run_by
from tracker.recovery.models import RecoveryCase
from tracker.recovery.policy import cases_seen_by as complaints_seen_by
from tracker.webhooks.outbound_policy import sees

Said = dict[str, Any] | None
REFERENCE_LENGTH = 20


def rating(row: HookDelivery, viewer: Viewer) -> Said:
    """That it is here, and where; stars and whose it is only for who reads the rating itself."""
    loaded = (joinedload(Rating.touchpoint), joinedload(Rating.team), joinedload(Rating.person))
    found = db.session.scalar(select(Rating).where(counted(), Rating.id == row.about_id).options(*loaded))
    if found is None:
        return None
    said = {
        "rating_id": found.id,
        "rated_at": found.rated_at.isoformat(),
        "touchpoint": found.touchpoint.name if found.touchpoint else None,
        "team": found.team.name if found.team else None,
        "waiting": found.person_id is None,
    }
    if sees(ratings_read_by(viewer), Rating, found.id):
        said |= {"stars": found.stars, "counts": found.excluded_at is None, "url": _rating_page(found, viewer)}
        said |= {"staff_number": found.person.staff_number} if found.person else {}
    return said


def erased_rating(row: HookDelivery, _viewer: Viewer) -> Said:
    """Nothing of it stays, so there is nothing more to say; programs that know it are to forget it too."""
    return {"rating_id": row.about_id}


def imported(row: HookDelivery, viewer: Viewer) -> Said:
    found = db.session.scalar(imports_run_by(viewer).where(Import.id == row.about_id))
    if found is None:
        return None
    counts = {name: getattr(found, name) for name in ("stored", "unchanged", "waiting", "rejected")}
    return {"import_id": found.id, **counts, "url": _link("intake.import_result", id=found.id)}


def fall(row: HookDelivery, viewer: Viewer) -> Said:
    said, found = _case_said(row.about_id, viewer)
    if said is not None and "staff_number" in said and found.fall is not None:
        said["week"] = clock.monday_of(found.fall.week).isoformat()
    return said


def case(row: HookDelivery, viewer: Viewer) -> Said:
    return _case_said(row.about_id, viewer)[0]


def talk(row: HookDelivery, viewer: Viewer) -> Said:
    session = db.session.get(CoachingSession, row.about_id)
    said, _found = _case_said(session.case_id if session else None, viewer)
    if said is None or session is None:
        return None
    said["talk"] = _reference("talk", session.id)
    if "staff_number" in said:
        said |= {"starts_at": session.starts_at.isoformat(), "minutes": session.minutes}
    return said


def second_look(row: HookDelivery, viewer: Viewer) -> Said:
    """That it was asked or answered; by whom, about what and how only for who reads it in the pages."""
    found = db.session.get(Dispute, row.about_id, options=[joinedload(Dispute.person)])
    if found is None:
        return None
    number = row.parameters["round"]
    said = {"second_look_id": found.id, "round": number}
    if sees(disputes_seen_by(viewer), Dispute, found.id):
        of_round = (DisputeRound.dispute_id == found.id, DisputeRound.number == number)
        outcome = db.session.scalar(select(DisputeRound.outcome).where(*of_round))
        said |= {"rating_id": found.rating_id, "staff_number": found.person.staff_number, "outcome": outcome}
        said |= {"url": _link("disputes.dispute", id=found.id)}
    return said


def kiosk(row: HookDelivery, viewer: Viewer) -> Said:
    """Where and when; how many only for who leads the team, as in the inbox."""
    scope = kiosks_managed_by(viewer).where(Kiosk.id == row.about_id).options(joinedload(Kiosk.team))
    found = db.session.scalar(scope)
    if found is None:
        return None
    said = {"kiosk_id": found.id, "place": found.place, "team": found.team.name, "url": _link("intake.kiosks")}
    said |= {name: row.parameters[name] for name in ("since", "until")}
    if sees(teams_led_by(viewer), Team, found.team_id):
        said |= {name: row.parameters[name] for name in ("unhappy", "count")}
    return said


def complaint(row: HookDelivery, viewer: Viewer) -> Said:
    """That there is one, of which team, and how far it is; about which ratings only for who reads it in the pages."""
    return _complaint_said(row, viewer)[0]


def closed_complaint(row: HookDelivery, viewer: Viewer) -> Said:
    said, found = _complaint_said(row, viewer)
    return _with_outcome(said, found) if said is not None else None


def answered_complaint(row: HookDelivery, viewer: Viewer) -> Said:
    said, found = _complaint_said(row, viewer)
    if said is None or found.answer is None:
        return None
    more = {"solved": found.answer.solved} if "url" in said else {}
    return _with_outcome(said, found) | more


def test(_row: HookDelivery, _viewer: Viewer) -> Said:
    return {}


def _case_said(case_id: int | None, viewer: Viewer) -> tuple[Said, Any]:
    """A case after its head start; whose it is only for who leads the person, or for the person."""
    loaded = (joinedload(CoachingCase.person), joinedload(CoachingCase.fall))
    found = db.session.get(CoachingCase, case_id, options=loaded) if case_id is not None else None
    if found is None or found.shares_at > viewer.at:
        return None, found
    said: dict[str, Any] = {"case": _reference("case", found.id)}
    if sees(cases_seen_by(viewer), CoachingCase, found.id):
        said |= {"staff_number": found.person.staff_number, "url": _link("coaching.case", id=found.id)}
    return said, found


def _complaint_said(row: HookDelivery, viewer: Viewer) -> tuple[Said, Any]:
    loaded = (joinedload(RecoveryCase.team), joinedload(RecoveryCase.answer), selectinload(RecoveryCase.ratings))
    wanted = select(RecoveryCase).where(RecoveryCase.id == row.about_id).options(*loaded)
    found = db.session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        return None, None
    said: dict[str, Any] = {
        "complaint_id": found.id,
        "team": found.team.name if found.team else None,
        "opened_at": found.opened_at.isoformat(),
        "due_at": found.contact_due_at.isoformat() if found.contact_due_at else None,
        **row.parameters,
    }
    if sees(complaints_seen_by(viewer), RecoveryCase, found.id):
        said |= {"rating_ids": [about.id for about in found.ratings], "url": _link("recovery.case", id=found.id)}
    return said, found


def _with_outcome(said: dict[str, Any], found: RecoveryCase) -> dict[str, Any]:
    said["closed_at"] = found.closed_at.isoformat() if found.closed_at else None
    return said | ({"outcome": found.outcome} if "url" in said else {})


def _rating_page(found: Rating, viewer: Viewer) -> str:
    if found.person_id is None:
        return _link("intake.waiting_rating", id=found.id)
    if found.person_id == viewer.person_id:
        return _link("home.my_ratings")
    return _link("home.person_ratings", id=found.person_id)


def _reference(kind: str, id: int) -> str:
    return f"{kind}_{keyed_hash(current_app.config['SECRET_KEY'], f'{kind}|{id}')[:REFERENCE_LENGTH]}"


def _link(endpoint: str, **values: Any) -> str:
    """The address of a page. There is no request here that `url_for` could take the host from."""
    return str(current_app.config["BASE_URL"] + current_app.url_map.bind("localhost").build(endpoint, values))
