"""Who is asked, when, and why not: once in 30 days, by day, over all channels."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import Cast
from tests.core.smtp_sink import Sink
from tests.factories import a_customer, a_rating, a_team
from tests.invitations.conftest import DAY, HOUR, NOW, a_visit, planned, the_invitation
from tests.statements import statements
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict
from tracker.core.models import OutboxMail
from tracker.intake.actions import open_link
from tracker.invitations.actions import ask_no_more
from tracker.invitations.jobs import decide, forget_addresses
from tracker.invitations.models import CustomerContact, Invitation
from tracker.invitations.planning import contact_of, plan_invitation
from tracker.invitations.rules import is_asking_time, next_asking_moment
from tracker.ratings.models import Interaction


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def reasons() -> list[str | None]:
    db.session.rollback()
    return list(db.session.scalars(select(Invitation.skip_reason).order_by(Invitation.id)))


def mails() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail.key).order_by(OutboxMail.id)))


# When


def test_a_customer_is_asked_an_hour_after_service(cast: Cast, sink: Sink) -> None:
    id = planned(cast.amina, ended_at=NOW)
    assert the_invitation(id).due_at == NOW + HOUR
    assert decide(NOW + HOUR - timedelta(seconds=1)) == 0
    assert decide(NOW + HOUR) == 1
    assert mails() == [f"asking|{id}"]
    assert decide(NOW + HOUR) == 0
    found = the_invitation(id)
    assert (found.asked_at, found.sent_at) == (NOW + HOUR, None)
    visit = db.session.get_one(Interaction, found.interaction_id)
    assert visit.invited_at == NOW + HOUR, "the samples of the grades read it"


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-11-18T16:59", "Africa/Nairobi", "2026-11-18T16:59"),  # 19:59
        ("2026-11-18T17:00", "Africa/Nairobi", "2026-11-19T05:00"),  # 20:00 is night
        ("2026-11-18T04:59", "Africa/Nairobi", "2026-11-18T05:00"),
        ("2026-11-18T21:30", "Africa/Nairobi", "2026-11-19T05:00"),  # half past midnight of the next day
        # The night in which Paris goes from summer to winter: 08:00 is an hour later in UTC than the day before.
        ("2026-10-24T19:00", "Europe/Paris", "2026-10-25T07:00"),
        ("2026-10-24T04:00", "Europe/Paris", "2026-10-24T06:00"),
        ("2026-03-28T20:00", "Europe/Paris", "2026-03-29T06:00"),
        # Lord Howe moves by half an hour.
        ("2026-10-03T12:00", "Australia/Lord_Howe", "2026-10-03T21:00"),
    ],
)
def test_nobody_is_written_to_at_night(moment: str, zone: str, expected: str) -> None:
    at, then = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (moment, expected))
    found = next_asking_moment(at, zone)
    assert found == then
    assert is_asking_time(found, zone)


def test_a_scheduler_that_comes_back_at_night_waits_for_the_teams_morning(cast: Cast, sink: Sink) -> None:
    with transaction():
        far = a_team("Auckland", time_zone="Pacific/Auckland")
        db.session.flush()
        zone = {"team_id": far.id}
    there, here = planned(cast.amina, "a@example.org", **zone), planned(cast.kevin, "b@example.org")
    night = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)  # four in Nairobi, two in the afternoon in Auckland
    assert decide(night) == 1
    assert (the_invitation(there).asked_at, the_invitation(here).asked_at) == (night, None)
    assert decide(night + 4 * HOUR) == 1


def test_without_a_mail_server_they_wait_and_are_given_up_after_14_days(cast: Cast) -> None:
    id = planned(cast.amina)
    assert decide(NOW) == 0
    assert forget_addresses(NOW + 13 * DAY) == 0
    assert forget_addresses(NOW + 14 * DAY) == 1
    assert the_invitation(id).skip_reason == "too_late"


# Whom


def test_one_address_is_asked_once_in_30_days(cast: Cast, sink: Sink) -> None:
    for number in range(3):
        planned(cast.amina, " Customer@Example.org" if number else "customer@example.org")
    assert decide(NOW) == 3
    assert reasons() == [None, "asked_before", "asked_before"]
    later = NOW + 30 * DAY
    planned(cast.amina, at=later - HOUR)
    assert decide(later - HOUR) == 1
    planned(cast.amina, at=later)
    decide(later)
    assert reasons()[3:] == ["asked_before", None]
    assert len(mails()) == 2


def test_one_customer_is_asked_once_whichever_address(cast: Cast, sink: Sink) -> None:
    """B shares the address of A and the customer of C: A is asked, B is not, and C has nothing against it."""
    with transaction():
        first, second = a_customer("C-1").id, a_customer("C-2").id
    for email, customer in (("a@example.org", first), ("a@example.org", second), ("b@example.org", second)):
        planned(cast.amina, email, customer_id=customer)
    assert decide(NOW) == 3
    assert reasons() == [None, "asked_before", None]


@pytest.mark.parametrize("channel", ["another system", "a link made by hand"])
def test_the_cap_holds_over_all_channels(cast: Cast, sink: Sink, channel: str) -> None:
    with transaction():
        customer = a_customer("C-1")
        if channel == "another system":
            a_visit(cast.kevin, customer_id=customer.id, source="pos", external_id="1", invited_at=NOW - 29 * DAY)
        else:
            at = NOW - 29 * DAY
            open_link(db.session.merge(cast.kevin), ended_at=at, by=cast.brian.id, at=at, customer_reference="C-1")
        id = customer.id
    planned(cast.amina, customer_id=id)
    decide(NOW)
    assert reasons() == ["asked_before"]
    planned(cast.amina, customer_id=id, at=NOW + DAY)
    decide(NOW + DAY)
    assert reasons() == ["asked_before", None]


def test_who_works_here_is_not_asked(cast: Cast, sink: Sink) -> None:
    planned(cast.amina, "late@example.org")
    with transaction():
        db.session.merge(cast.kevin).email = "Late@example.org"
        db.session.merge(cast.brian).email = "early@example.org"
    planned(cast.amina, "early@example.org")
    decide(NOW)
    assert reasons() == ["works_here", "works_here"]
    assert mails() == []


def test_who_declined_or_answered_is_not_asked(cast: Cast, sink: Sink) -> None:
    declined, answered = planned(cast.amina, "a@example.org"), planned(cast.amina, "b@example.org")
    visits = [the_invitation(id).interaction_id for id in (declined, answered)]
    with transaction():
        ask_no_more(db.session.get_one(Interaction, visits[0]), at=NOW)
        a_rating(cast.amina, interaction_id=visits[1])
    decide(NOW)
    assert reasons() == ["declined", "answered"]
    planned(cast.amina, "a@example.org")
    assert reasons()[2] == "declined", "said at once, and no address kept"
    assert db.session.scalar(select(func.count()).select_from(CustomerContact)) == 2


def test_what_speaks_against_it_is_said_when_it_is_planned(cast: Cast) -> None:
    with transaction():
        contact = contact_of("a@example.org", "en")
        given: list[tuple[Interaction, bool]] = [
            (Interaction(ended_at=NOW), False),
            (a_visit(cast.amina), True),
            (a_visit(cast.amina, ended_at=NOW - 14 * DAY), False),
        ]
        for visit, elsewhere in given:
            db.session.add(visit)
            db.session.flush()
            plan_invitation(visit, contact, source="api", by=None, at=NOW, asked_elsewhere=elsewhere)
    assert reasons() == ["handler_unknown", "asked_elsewhere", "too_late"]


# Many, and at once


def test_many_are_decided_in_a_handful_of_statements(app: Flask, cast: Cast, sink: Sink) -> None:
    for number in range(30):
        planned(cast.amina, f"c{number % 20}@example.org")
    with app.app_context(), statements() as sent:
        decide(NOW)
    assert len(sent) < 25
    assert len(mails()) == 20
    assert reasons().count("asked_before") == 10


def test_several_schedulers_at_once_decide_once(app: Flask, cast: Cast, sink: Sink) -> None:
    ids = [planned(cast.amina, f"c{number % 5}@example.org") for number in range(20)]

    def run(_number: int) -> int:
        with app.app_context():
            try:
                return decide(NOW)
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        decided = sum(pool.map(run, range(4)))
    assert decided == 20
    assert sorted(mails()) == sorted(f"asking|{id}" for id in ids[:5])
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "invitations.decided")).all()
    assert [entry.details for entry in entries] == [{"asked": 5, "skipped": 15}]


def test_a_visit_is_asked_about_once(cast: Cast, sink: Sink) -> None:
    id = planned(cast.amina)
    with transaction():
        visit = db.session.get_one(Interaction, the_invitation(id).interaction_id)
        again = plan_invitation(visit, contact_of("CUSTOMER@example.org", "fr"), source="file", by=None, at=NOW)
        assert again.id == id
    visit = db.session.get_one(Interaction, the_invitation(id).interaction_id)
    with pytest.raises(Conflict):
        plan_invitation(visit, contact_of("else@example.org", "en"), source="api", by=None, at=NOW)
