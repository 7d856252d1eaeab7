"""The mail to a customer: written when it is sent, with a secret of its own, in three languages, and reminded of once."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text

from tests.conftest import Browser, Cast
from tests.core.smtp_sink import Sink
from tests.factories import a_rating
from tests.invitations.conftest import DAY, HOUR, NOW, planned, the_invitation
from tracker.core import clock, outbox
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.invitations.actions import ask_no_more
from tracker.invitations.jobs import decide, forget_addresses, remind
from tracker.invitations.models import CustomerContact, Invitation, MailedToken
from tracker.ratings.models import Interaction, Rating, SurveyLink

LINK = re.compile(r"http://localhost(/rate/[\w-]{40,})")


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def send(at: Any = NOW) -> None:
    with clock.set_to(at):
        decide(at)
        remind(at)
        outbox.send_due(at)


def words(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage) -> str:
    return LINK.findall(words(mail))[0]


def test_the_mail_names_the_person_the_matter_and_the_day(cast: Cast, sink: Sink) -> None:
    planned(cast.amina, place="till 4")
    send()
    [mail] = sink.mails
    assert mail["To"] == "customer@example.org"
    assert mail["From"] == "Zawadora <tracker@localhost>"
    assert mail["Subject"] == "Amina at Zawadora: how was it?"
    for kind in ("plain", "html"):
        text = words(mail, kind)
        assert "Wednesday 18 November 2026 you were served by Amina (Tills)" in text
        assert "Otieno" not in text
        assert {f"?r={stars}&" in text.replace("&amp;", "&") for stars in range(1, 6)} == {True}
    assert "<img" not in words(mail, "html")
    assert re.fullmatch(r"<http://localhost/rate/[\w-]{40,}/one-click>", mail["List-Unsubscribe"].strip())
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("sw", "Amina wa Zawadora: ilikuwaje?", "ulihudumiwa na Amina"),
        ("fr", "Amina chez Zawadora : comment cela s’est-il passé ?", "Amina a assuré votre service"),
    ],
)
def test_the_mail_speaks_the_customers_language(
    cast: Cast, sink: Sink, browse: Any, language: str, subject: str, sentence: str
) -> None:
    planned(cast.amina, language=language)
    send()
    [mail] = sink.mails
    assert mail["Subject"] == subject
    assert sentence in words(mail)
    assert f'lang="{language}"' in words(mail, "html")
    page = browse(None).get(f"{link_in(mail)}?language={language}").text
    assert f'lang="{language}"' in page


def test_a_star_of_the_mail_is_chosen_and_not_sent(cast: Cast, sink: Sink, browse: Any) -> None:
    planned(cast.amina)
    send()
    page = browse(None).get(f"{link_in(sink.mails[0])}?r=4&language=en").text
    assert re.search(r'<input checked [^>]*value="4"', page)
    assert 'value="9" checked' not in browse(None).get(f"{link_in(sink.mails[0])}?r=9").text
    assert db.session.scalar(select(func.count()).select_from(Rating)) == 0


def test_the_reminder_carries_another_secret_of_the_same_link(cast: Cast, sink: Sink, browse: Any) -> None:
    id = planned(cast.amina)
    send()
    send(NOW + 3 * DAY - timedelta(minutes=1))
    assert len(sink.mails) == 1
    send(NOW + 3 * DAY)
    send(NOW + 3 * DAY)
    send(NOW + 4 * DAY)
    first, second = sink.mails
    assert "This is the only reminder" in words(second)
    assert "reminder" not in words(first)
    one, other = link_in(first), link_in(second)
    assert one != other
    with clock.set_to(NOW + 4 * DAY):
        customer: Browser = browse(None)
        opened = re.search(r'name="o" type="hidden" value="([^"]+)"', customer.get(one).text)
        assert opened
        browser_sends = {"User-Agent": "Mozilla/5.0 Firefox/130.0", "Accept-Language": "en"}
        assert customer.post(one, {"r": "5", "o": opened[1]}, headers=browser_sends).status_code == 303
        assert "Thank you!" in customer.get(other).text
    found = the_invitation(id)
    assert (found.sent_at, found.reminded_at) == (NOW, NOW + 3 * DAY)
    assert db.session.scalar(select(func.count()).select_from(SurveyLink)) == 1


@pytest.mark.parametrize("why", ["answered by another door", "taken back", "declined"])
def test_no_reminder_after_an_answer_by_any_door(cast: Cast, sink: Sink, why: str) -> None:
    id = planned(cast.amina)
    send()
    with transaction():
        found = db.session.get_one(Invitation, id)
        visit = db.session.get_one(Interaction, found.interaction_id)
        if why == "answered by another door":
            a_rating(cast.amina, interaction_id=visit.id)
        elif why == "taken back":
            db.session.get_one(SurveyLink, found.link_id).answered_at = NOW
        else:
            ask_no_more(visit, at=NOW)
    send(NOW + 3 * DAY)
    assert len(sink.mails) == 1


@pytest.mark.parametrize("why", ["answered", "declined"])
def test_what_happens_between_deciding_and_sending_counts(cast: Cast, sink: Sink, why: str) -> None:
    id = planned(cast.amina)
    decide(NOW)
    with transaction():
        visit = db.session.get_one(Interaction, db.session.get_one(Invitation, id).interaction_id)
        if why == "answered":
            a_rating(cast.amina, interaction_id=visit.id)
        else:
            ask_no_more(visit, at=NOW)
    send()
    assert sink.mails == []
    if why == "declined":
        found = the_invitation(id)
        assert found.skip_reason == "declined"
        assert db.session.get_one(Interaction, found.interaction_id).invited_at is None, "nobody was asked"


def test_a_mail_server_that_comes_back_at_night_waits_for_the_morning(cast: Cast, sink: Sink) -> None:
    planned(cast.amina)
    decide(NOW)
    night, morning = NOW + 12 * HOUR, NOW + 20 * HOUR
    send(night)
    assert sink.mails == []
    row = db.session.scalars(select(OutboxMail)).one()
    assert (row.due_at, row.attempts, row.last_error) == (morning, 0, None)
    send(morning)
    assert len(sink.mails) == 1


def test_a_mail_sent_again_works_too(cast: Cast, sink: Sink, browse: Any) -> None:
    """The server took it and the process died: the second mail has the same Message-ID and another secret."""
    planned(cast.amina)
    send()
    with transaction():
        row = db.session.scalars(select(OutboxMail)).one()
        row.sent_at = None
    send()
    first, second = sink.mails
    assert first["Message-ID"] == second["Message-ID"]
    for mail in sink.mails:
        assert browse(None).get(link_in(mail)).status_code == 200


def test_the_address_stands_nowhere_else_and_is_forgotten(app: Flask, cast: Cast, sink: Sink) -> None:
    planned(cast.amina, "njeri.secret@example.org")
    send()
    secret = link_in(sink.mails[0]).rpartition("/")[2]
    db.session.rollback()
    everywhere = {
        table: [str(value) for row in db.session.execute(text(f"SELECT * FROM {table}")) for value in row]  # noqa: S608 - our own names
        for table in inspect(db.engine).get_table_names()
    }
    holding = [table for table, values in everywhere.items() if any("njeri.secret" in value for value in values)]
    assert holding == ["customer_contact"]
    assert [table for table, values in everywhere.items() if any(secret in value for value in values)] == []
    assert forget_addresses(NOW + 13 * DAY) == 0
    assert forget_addresses(NOW + 14 * DAY) == 1
    assert db.session.scalar(select(func.count()).select_from(CustomerContact)) == 0


def test_the_address_goes_with_the_reminder_and_the_hash_after_60_days(cast: Cast, sink: Sink) -> None:
    id = planned(cast.amina)
    send()
    send(NOW + 3 * DAY)
    assert forget_addresses(NOW + 3 * DAY) == 1
    forget_addresses(NOW + 60 * DAY - HOUR)
    assert the_invitation(id).address_hash is not None
    forget_addresses(NOW + 60 * DAY)
    assert the_invitation(id).address_hash is None
    assert db.session.scalar(select(func.count()).select_from(MailedToken)) == 2
