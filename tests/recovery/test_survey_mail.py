"""The one mail that asks a customer whether a complaint was put right: to whom, when, once, and when there is none."""

import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from tests.conftest import NOW, Browser, Cast
from tests.core.smtp_sink import Sink, smtp_sink
from tests.factories import a_touchpoint
from tracker.core import clock, outbox
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.intake.actions import open_link
from tracker.intake.jobs import ask_whether_it_helped
from tracker.invitations.jobs import forget_addresses
from tracker.invitations.models import DoNotAsk
from tracker.invitations.planning import contact_of, hashed, plan_invitation
from tracker.ratings.models import Interaction, SurveyLink
from tracker.ratings.survey_actions import ensure_default_surveys
from tracker.recovery import actions
from tracker.recovery.jobs import forget_contacts
from tracker.recovery.models import RecoveryCase, RecoveryEntry

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CLOSED = NOW + 3 * HOUR
DUE = CLOSED + 2 * DAY
MAIL = "njeri.secret@example.org"
LINK = re.compile(r"http://localhost(/rate/[\w-]{40,})")


@pytest.fixture
def sink(app: Flask, cast: Cast) -> Iterator[Sink]:
    with smtp_sink() as server, clock.set_to(NOW):
        app.config["SMTP_URL"] = server.url
        yield server
        app.config["SMTP_URL"] = ""


@pytest.fixture
def complain(cast: Cast, browse: Any) -> Any:
    def complained(*, reach: str | None = None, invited: str | None = None, language: str = "en") -> str:
        """One star by a link, then a call and the end of the complaint; the link's token."""
        with transaction():
            ensure_default_surveys(at=NOW)
            person = db.session.merge(cast.amina)
            token = open_link(person, touchpoint_id=a_touchpoint("Tills").id, ended_at=NOW, by=cast.brian.id, at=NOW)
            if invited is not None:
                link = db.session.scalars(select(SurveyLink)).one()
                visit = db.session.get_one(Interaction, link.interaction_id)
                plan_invitation(visit, contact_of(invited, "fr"), source="page", by=None, at=NOW, link_id=link.id)
        form = {"r": "1", "c": "Charged twice."} | ({"k": "y", "p": reach} if reach else {})
        with clock.set_to(NOW):
            assert browse(None).post(f"/rate/{token}?language={language}", form).status_code == 303
        forget_addresses(NOW + HOUR)
        with transaction():
            case = db.session.scalars(select(RecoveryCase)).one()
            actions.record_contact(case, "Called her.", reached=True, by=cast.brian.id, at=CLOSED)
            actions.close(case, outcome="solved", words="Paid.", by=cast.brian.id, at=CLOSED, cause="process", driver=None)  # fmt: skip
        return token

    return complained


def tick(at: datetime) -> None:
    with clock.set_to(at):
        ask_whether_it_helped(at)
        outbox.send_due(at)


def the_case() -> RecoveryCase:
    db.session.rollback()
    return db.session.scalars(select(RecoveryCase).execution_options(populate_existing=True)).one()


def history() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(RecoveryEntry.kind).order_by(RecoveryEntry.id)))


def words(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage) -> str:
    return str(LINK.findall(words(mail))[0])


def test_two_days_after_the_end_the_customer_is_asked_once(sink: Sink, complain: Any, browse: Any, cast: Cast) -> None:
    complain(reach=f"write to me: {MAIL}.")
    tick(DUE - timedelta(minutes=1))
    assert sink.mails == []
    for at in (DUE, DUE, DUE + HOUR, DUE - DAY, DUE + 3 * DAY):  # a clock that was set back changes nothing
        tick(at)
    [mail] = sink.mails
    assert (mail["To"], mail["From"]) == (MAIL, "Zawadora <tracker@localhost>")
    assert mail["Subject"] == "Zawadora: did we put it right?"
    for kind in ("plain", "html"):
        said = words(mail, kind)
        assert "On Wednesday 18 November 2026 you told us that something was not right" in said
        assert not {"Charged", "Amina", "Brian", "Paid"} & set(re.findall(r"\w+", said))
    assert mail["List-Unsubscribe"] is None, "nothing is kept by which this customer could be asked again"
    assert history()[-2:] == ["closed", "asked"]
    page = browse(cast.brian, at=DUE + HOUR).get(f"/complaints/{the_case().id}").text
    assert "Asked by mail on" in page
    assert MAIL not in page


def test_its_link_leads_to_the_question(sink: Sink, complain: Any, browse: Any, cast: Cast) -> None:
    token = complain(reach=MAIL)
    tick(DUE)
    link = link_in(sink.mails[0])
    assert token not in link, "a secret of its own"
    customer: Browser = browse(None)
    with clock.set_to(DUE + HOUR):
        assert "Did we put it right?" in customer.get(link).text
        assert customer.post(f"{link}/recovery", {"solved": "yes", "r": "5"}).status_code == 303
        assert "Thank you for telling us whether it helped." in customer.get(f"/rate/{token}").text
    assert history()[-1] == "answered"


def test_the_address_of_an_invitation_serves_too(sink: Sink, complain: Any) -> None:
    complain(invited=MAIL)
    tick(DUE)
    [mail] = sink.mails
    assert mail["To"] == MAIL
    assert re.fullmatch(r"<http://localhost/rate/[\w-]{40,}/one-click>", mail["List-Unsubscribe"].strip())
    assert "/no-more" in words(mail)


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("sw", "Zawadora: je, tumelirekebisha?", "ulituambia kwamba jambo fulani halikuwa sawa"),
        ("fr", "Zawadora : avons-nous pu arranger les choses ?", "vous nous avez dit que quelque chose n’allait pas"),
    ],
)
def test_it_speaks_the_language_of_the_answer(
    sink: Sink, complain: Any, browse: Any, language: str, subject: str, sentence: str
) -> None:
    complain(reach=MAIL, language=language)
    tick(DUE)
    [mail] = sink.mails
    assert mail["Subject"] == subject
    assert sentence in words(mail)
    assert f'lang="{language}"' in words(mail, "html")
    assert f"?language={language}" in words(mail)


@pytest.mark.parametrize("reach", ["0722 417 318, after five", "a@example.org or b@example.org", None])
def test_without_an_address_there_is_none_and_the_page_says_why(
    sink: Sink, complain: Any, browse: Any, cast: Cast, reach: str | None
) -> None:
    token = complain(reach=reach)
    tick(DUE)
    tick(DUE + DAY)
    assert sink.mails == []
    assert history()[-2:] == ["closed", "no_address"]
    page = browse(cast.brian, at=DUE).get(f"/complaints/{the_case().id}").text
    assert "left no address with an answer by link. Their own page asks for 14 days." in page
    with clock.set_to(DUE):
        assert "Did we put it right?" in browse(None).get(f"/rate/{token}").text


@pytest.mark.parametrize("when", ["before it is decided", "before it is sent"])
def test_who_asked_not_to_be_written_to_is_left_in_peace(sink: Sink, complain: Any, app: Flask, when: str) -> None:
    complain(reach=MAIL)
    if when == "before it is sent":
        ask_whether_it_helped(DUE)
    with transaction():
        db.session.add(DoNotAsk(address_hash=hashed(MAIL), at=DUE))
    tick(DUE)
    assert sink.mails == []
    assert history()[-1] == "declined"
    assert the_case().survey_sent_at is None


@pytest.mark.parametrize("what", ["answered", "taken back"])
def test_what_the_customer_does_before_it_is_sent_counts(sink: Sink, complain: Any, browse: Any, what: str) -> None:
    token = complain(reach=MAIL)
    ask_whether_it_helped(DUE)
    with clock.set_to(DUE):
        where, form = ("recovery", {"solved": "no", "r": "1"}) if what == "answered" else ("erasure", {})
        assert browse(None).post(f"/rate/{token}/{where}", form).status_code == 303
    tick(DUE)
    assert sink.mails == []
    assert {"asked", "no_address"} & set(history()) == set()


def test_it_waits_for_the_morning(sink: Sink, complain: Any) -> None:
    complain(reach=MAIL)
    night = DUE + 7 * HOUR  # ten in the evening in Nairobi
    tick(night)
    assert sink.mails == []
    db.session.rollback()
    morning = db.session.scalars(select(OutboxMail.due_at).where(OutboxMail.kind == "recovery_asking")).one()
    assert clock.local_day(morning, "Africa/Nairobi") == clock.local_day(night, "Africa/Nairobi") + DAY
    tick(morning)
    assert len(sink.mails) == 1


def test_without_a_mail_server_it_waits_until_it_is_too_late(
    app: Flask, sink: Sink, complain: Any, browse: Any, cast: Cast
) -> None:
    complain(reach=MAIL)
    url, app.config["SMTP_URL"] = app.config["SMTP_URL"], ""
    tick(DUE)
    assert history()[-1] == "closed"
    with clock.set_to(DUE):
        page = browse(cast.brian, at=DUE).get(f"/complaints/{the_case().id}").text
    assert "No mail has been sent." in page
    tick(DUE + 14 * DAY)
    app.config["SMTP_URL"] = url
    tick(DUE + 14 * DAY)
    assert sink.mails == []
    assert history()[-1] == "too_late"


def test_two_timetables_at_once_queue_one_mail(app: Flask, sink: Sink, complain: Any) -> None:
    complain(reach=MAIL)
    db.session.rollback()
    start, decided = threading.Barrier(4), []

    def run() -> None:
        with app.app_context():
            start.wait()
            decided.append(ask_whether_it_helped(DUE))

    runs = [threading.Thread(target=run) for _number in range(4)]
    for run_ in runs:
        run_.start()
    for run_ in runs:
        run_.join()
    assert sorted(decided) == [0, 0, 0, 1]
    tick(DUE)
    assert len(sink.mails) == 1


def test_a_sender_that_died_is_followed_under_the_same_id_and_both_links_work(
    sink: Sink, complain: Any, browse: Any
) -> None:
    complain(invited=MAIL)
    ask_whether_it_helped(DUE)
    with clock.set_to(DUE):
        lease = "dead" * 8
        [number] = outbox._claim(lease, DUE)
        row = db.session.get_one(OutboxMail, number)
        first = outbox._composed(row)
        assert first is not None
        db.session.rollback()
    tick(DUE + timedelta(minutes=6))
    [second] = sink.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert link_in(first) != link_in(second)
    with clock.set_to(DUE + HOUR):
        for mail in (first, second):
            assert "Did we put it right?" in browse(None).get(link_in(mail)).text


def test_the_address_lies_sealed_and_goes_with_the_mail(sink: Sink, complain: Any, cast: Cast) -> None:
    complain(invited=MAIL)
    assert the_case().address_sealed is not None
    assert holding(MAIL) == []
    tick(DUE)
    found = the_case()
    assert (found.address_sealed, found.contact_sealed) == (None, None)
    assert holding(link_in(sink.mails[0]).rpartition("/")[2]) == []


def test_without_a_mail_the_address_goes_after_30_days(app: Flask, complain: Any) -> None:
    complain(invited=MAIL)
    assert forget_contacts(CLOSED + 30 * DAY) == 0
    assert forget_contacts(CLOSED + 30 * DAY + HOUR) == 1
    assert the_case().address_sealed is None


def holding(secret: str) -> list[str]:
    """The tables in which it stands in clear."""
    db.session.rollback()
    return [
        table
        for table in inspect(db.engine).get_table_names()
        if any(secret in str(row) for row in db.session.execute(text(f"SELECT * FROM {table}")))  # noqa: S608 - our own names
    ]
