"""Making a link: by who leads the person, never by the person; shown once."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Browser, Cast
from tests.factories import a_channel, a_touchpoint
from tracker.access.models import RoleGrant
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.invitations.models import Invitation
from tracker.ratings.models import Customer, Interaction, SurveyLink

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def form(cast: Cast, now: datetime) -> dict[str, str]:
    return {"person": str(cast.amina.id), "ended_on": "2026-11-18", "ended": "11:30"}


def the_interaction() -> Interaction:
    db.session.rollback()
    return db.session.scalars(select(Interaction)).one()


def test_a_manager_makes_a_link_that_works(cast: Cast, browse: Any, form: dict[str, str]) -> None:
    with transaction():
        touchpoint, channel = a_touchpoint("Returns"), a_channel("QR card")
    form |= {"touchpoint": str(touchpoint.id), "channel": str(channel.id), "place": "till 4", "customer": "C-9"}
    page = browse(cast.brian, at=NOW).post("/links/new", form)
    assert page.status_code == 200
    [address] = re.findall(r'value="http://localhost(/rate/[\w-]{40,})"', page.text)
    assert 'src="data:image/svg+xml' in page.text
    served = the_interaction()
    assert (served.person_id, served.team_id, served.place) == (cast.amina.id, cast.tills.id, "till 4")
    assert (served.touchpoint_id, served.channel_id) == (touchpoint.id, channel.id)
    assert served.ended_at == NOW - timedelta(minutes=30), "half past eleven in Nairobi"
    assert served.created_by_id == cast.brian.id
    assert db.session.get_one(Customer, served.customer_id).reference == "C-9"
    customer: Browser = browse(None)
    assert "served by Amina" in customer.get(address).text
    assert customer.post(address, {"r": "5"}).status_code == 303


def test_the_form_begins_with_now(cast: Cast, browse: Any, now: datetime) -> None:
    page = browse(cast.brian, at=NOW).get("/links/new").text
    assert 'value="2026-11-18"' in page
    assert 'value="12:00"' in page


def test_the_secret_is_kept_nowhere(cast: Cast, browse: Any, form: dict[str, str]) -> None:
    page = browse(cast.brian, at=NOW).post("/links/new", form).text
    [secret] = set(re.findall(r"/rate/([\w-]{40,})", page))
    db.session.rollback()
    kept = [str(value) for row in db.session.execute(select(SurveyLink.__table__)) for value in row]
    kept += [str(entry.details) for entry in db.session.scalars(select(AuditEntry))]
    assert not [value for value in kept if secret in value]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "survey_link.opened")).one()
    assert (entry.by_id, entry.person_id) == (cast.brian.id, cast.amina.id)


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("brian", "amina", 200),
        ("brian", "kevin", 200),
        ("brian", "brian", 422),  # nobody chooses their own raters
        ("brian", "dora", 422),
        ("dora", "amina", 403),  # leads nobody's rater, so there is nobody to ask about
        ("faith", "brian", 200),
        ("ruth", "amina", 200),
        ("ruth", "ruth", 422),
        ("amina", "amina", 403),
        ("amina", "kevin", 403),
        ("chloe", "amina", 403),
    ],
)
def test_who_may_ask_about_whom(
    cast: Cast, browse: Any, form: dict[str, str], who: str, whom: str, status: int
) -> None:
    browser = browse(getattr(cast, who), at=NOW)
    form["person"] = str(getattr(cast, whom).id)
    assert browser.post("/links/new", form).status_code == status
    assert browser.get("/links/new").status_code == (403 if status == 403 else 200)
    db.session.rollback()
    assert len(db.session.scalars(select(SurveyLink)).all()) == (1 if status == 200 else 0)


def test_an_admin_who_lost_the_role_makes_no_link(cast: Cast, browse: Any, form: dict[str, str]) -> None:
    browser = browse(cast.ruth, at=NOW)
    with transaction():
        db.session.delete(db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == cast.ruth.id)).one())
    assert browser.post("/links/new", form).status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("ended", "12:30", "Service has to be over"),
        ("ended_on", "2026-11-19", "Service has to be over"),
        ("ended_on", "2026-11-03", "more than 14 days ago"),
        ("ended_on", "", "Choose a day"),
        ("ended", "25:99", "Not a valid time value"),
        ("person", "", "Choose a person"),
        ("person", "999999999", "Choose one from the list"),
        ("touchpoint", "999", "Choose one from the list"),
        ("place", "x" * 81, "Use 80 characters at most"),
    ],
)
def test_what_cannot_be_is_said(
    cast: Cast, browse: Any, form: dict[str, str], field: str, value: str, words: str
) -> None:
    answer = browse(cast.brian, at=NOW).post("/links/new", form | {field: value})
    assert answer.status_code == 422
    assert words in answer.text


def test_the_same_customer_twice_is_one(cast: Cast, browse: Any, form: dict[str, str]) -> None:
    browser = browse(cast.brian, at=NOW)
    for _time in range(2):
        browser.post("/links/new", form | {"customer": "C-9"})
    db.session.rollback()
    assert db.session.scalars(select(Customer.reference)).all() == ["C-9"]


def test_the_link_is_mailed_and_can_be_pasted(cast: Cast, browse: Any, form: dict[str, str]) -> None:
    page = browse(cast.brian, at=NOW).post("/links/new", form | {"email": "C@example.org", "language": "fr"})
    assert "The mail waits: no mail server is set up." in page.text
    assert "Service assuré par Amina. Comment cela s’est-il passé ? http://localhost/rate/" in page.text
    db.session.rollback()
    invitation = db.session.scalars(select(Invitation)).one()
    assert (invitation.source, invitation.language, invitation.created_by_id) == ("page", "fr", cast.brian.id)
    assert invitation.due_at == NOW, "at once, for it is day"
    assert invitation.link_id == db.session.scalars(select(SurveyLink.id)).one(), "one link, and so one answer"
