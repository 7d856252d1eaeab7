"""A report by mail: once a month to each, as they may read it when it goes, and ended by whoever may, or by losing the right."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.conftest import Browser, Cast
from tests.core.smtp_sink import Sink, smtp_sink
from tests.reports.jobs import READ, all_worked_out
from tests.reports.made import NEXT_READ, october_rated
from tests.reports.test_ways_out import sentences_of_page
from tracker.access.actions import set_roles
from tracker.access.models import Account
from tracker.audit.models import AuditEntry
from tracker.core import clock, outbox
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.notifications.choice_actions import choose
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.reports.mail_jobs import plan_mails
from tracker.reports.mail_models import ReportMail
from tracker.reports.models import ReportFigures

PAGE = "/reports/customers/mails"
MORNING = datetime(2026, 12, 10, 5, tzinfo=UTC)  # eight in Nairobi, the next working morning


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    with smtp_sink() as server:
        app.config["SMTP_URL"] = server.url
        yield server
    app.config["SMTP_URL"] = ""


@pytest.fixture
def browser(cast: Cast, browse: Any) -> Browser:
    """Chloe’s, with October to read."""
    october_rated(cast)
    opened: Browser = browse(cast.chloe)
    return opened


def put_down(browser: Browser, *people: Person) -> None:
    answer = browser.post(PAGE, {"people": "\n".join(person.staff_number for person in people)})
    assert answer.status_code == 303, answer.text


def rows() -> list[ReportMail]:
    db.session.rollback()
    found = select(ReportMail).order_by(ReportMail.id).execution_options(populate_existing=True)
    return list(db.session.scalars(found))


def kinds_told(person: Person) -> list[str]:
    db.session.rollback()
    told = select(Message.kind).where(Message.person_id == person.id, Message.kind.startswith("report."))
    return list(db.session.scalars(told))


def sent_in(sink: Sink) -> list[tuple[str, str]]:
    return [(str(mail["To"]), str(mail["Subject"])) for mail in sink.mails]


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def test_the_mail_says_what_the_page_says_and_goes_once(browser: Browser, cast: Cast, browse: Any, sink: Sink) -> None:
    put_down(browser, cast.chloe)
    assert plan_mails(READ) == 0, "October could be read already"
    all_worked_out(NEXT_READ)
    assert (plan_mails(NEXT_READ), plan_mails(NEXT_READ)) == (1, 0)
    assert db.session.scalars(select(OutboxMail.due_at).where(OutboxMail.kind == "report")).one() == MORNING
    with clock.set_to(MORNING):
        assert (outbox.send_due(MORNING), outbox.send_due(MORNING)) == (1, 0)
        page = browse(cast.chloe, at=MORNING).get("/reports/customers?month=2026-11").text
    assert sent_in(sink) == [(cast.chloe.email, "Customers over a year: November 2026")]
    said = re.findall(r"^- (.*)$", text_of(sink.mails[0]), re.MULTILINE)
    assert said == sentences_of_page(page)
    assert said != []
    in_html = sink.mails[0].get_body(("html",)).get_content()  # type: ignore[union-attr]  # it has one
    assert [unescape(one) for one in re.findall(r"<li>(.*?)</li>", in_html)] == said
    assert "http://localhost/reports/customers?month=2026-11" in text_of(sink.mails[0])
    assert "Chloe Yusuf put you down for it" in text_of(sink.mails[0])
    assert rows()[0].sent_at == MORNING
    assert "Thu 10 Dec, 08:00" in browser.get(PAGE).text


def test_a_plan_that_was_killed_is_made_again_and_one_that_was_made_is_not(browser: Browser, cast: Cast) -> None:
    put_down(browser, cast.chloe)
    all_worked_out(NEXT_READ)
    assert plan_mails(NEXT_READ) == 1
    with transaction():  # as another process finds it that read before the first had written
        db.session.execute(update(ReportMail).values(planned_month=None))
    assert plan_mails(NEXT_READ) == 0
    assert len(db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "report")).all()) == 1


def test_a_report_that_is_not_worked_out_yet_waits(browser: Browser, cast: Cast) -> None:
    put_down(browser, cast.chloe)
    all_worked_out(NEXT_READ)
    with transaction():
        db.session.query(ReportFigures).filter_by(month=date(2026, 11, 1)).delete()
    assert plan_mails(NEXT_READ) == 0
    all_worked_out(NEXT_READ)
    assert plan_mails(NEXT_READ) == 1


def test_whoever_lost_the_right_is_told_once_and_taken_off(
    browser: Browser, cast: Cast, browse: Any, sink: Sink
) -> None:
    with transaction():
        set_roles(db.session.merge(cast.faith), {"hr"}, by=cast.ruth.id, at=READ)
    put_down(browser, cast.faith)
    assert kinds_told(cast.faith) == ["report.put_down"]
    all_worked_out(NEXT_READ)
    assert plan_mails(NEXT_READ) == 1
    with transaction():
        set_roles(db.session.merge(cast.faith), set(), by=cast.ruth.id, at=NEXT_READ)
    with clock.set_to(MORNING):
        outbox.send_due(MORNING)
    assert [subject for _to, subject in sent_in(sink)] == ["You no longer get “Customers over a year” by mail"]
    assert "Call-back" not in text_of(sink.mails[0])
    [row] = rows()
    assert (row.ended_because, row.ended_at) == ("right", MORNING)
    assert (kinds_told(cast.chloe), kinds_told(cast.ruth)) == (["report.mail_ended"], [])
    assert plan_mails(NEXT_READ + timedelta(days=40)) == 0
    with clock.set_to(MORNING + timedelta(hours=2)):
        inbox = browse(cast.chloe, at=MORNING).get("/inbox").text
    assert "Faith Wambui no longer gets “Customers over a year”" in inbox


def test_whoever_is_shut_out_gets_nothing_and_hr_is_told(browser: Browser, cast: Cast, sink: Sink) -> None:
    with transaction():
        set_roles(db.session.merge(cast.faith), {"hr"}, by=cast.ruth.id, at=READ)
    put_down(browser, cast.faith)
    all_worked_out(NEXT_READ)
    with transaction():
        db.session.execute(update(Account).where(Account.person_id == cast.faith.id).values(deactivated_at=NEXT_READ))
    assert plan_mails(NEXT_READ) == 0
    assert rows()[0].ended_because == "gone"
    assert kinds_told(cast.chloe) == ["report.mail_ended"]
    assert sink.mails == []


def test_whoever_is_shut_out_overnight_gets_nothing(browser: Browser, cast: Cast, sink: Sink) -> None:
    with transaction():
        set_roles(db.session.merge(cast.faith), {"hr"}, by=cast.ruth.id, at=READ)
    put_down(browser, cast.faith)
    all_worked_out(NEXT_READ)
    assert plan_mails(NEXT_READ) == 1
    with transaction():
        db.session.execute(update(Account).where(Account.person_id == cast.faith.id).values(deactivated_at=NEXT_READ))
    with clock.set_to(MORNING):
        assert outbox.send_due(MORNING) == 0
    assert sink.mails == []


@pytest.mark.parametrize(("chosen", "count"), [("none", 0), ("daily", 1), ("once", 1)])
def test_everybody_can_turn_it_off(browser: Browser, cast: Cast, sink: Sink, chosen: str, count: int) -> None:
    put_down(browser, cast.chloe)
    with transaction():
        choose(cast.chloe.id, {"reports": (chosen, True)}, at=READ)
    all_worked_out(NEXT_READ)
    plan_mails(NEXT_READ)
    with clock.set_to(MORNING):
        assert outbox.send_due(MORNING) == count
    assert [row.ended_at for row in rows()] == [None]


def test_a_mail_on_its_way_does_not_go_once_it_is_stopped(browser: Browser, cast: Cast, sink: Sink) -> None:
    put_down(browser, cast.chloe)
    all_worked_out(NEXT_READ)
    plan_mails(NEXT_READ)
    [row] = rows()
    for _twice in range(2):
        answer = browser.post(f"/reports/mails/{row.id}/end")
    assert answer.status_code == 404, "what has ended is on the list no more"
    with clock.set_to(MORNING):
        assert outbox.send_due(MORNING) == 0
    assert rows()[0].ended_because == "asked"
    assert kinds_told(cast.chloe) == []


def test_the_page_lists_them_and_the_audit_remembers(browser: Browser, cast: Cast) -> None:
    assert "Nobody gets it yet" in browser.get(PAGE).text
    put_down(browser, cast.chloe)
    put_down(browser, cast.chloe)
    page = browser.get(PAGE).text
    assert page.count("<tr>") == 2
    assert "Chloe Yusuf, Wed 4 Nov" in page
    assert "They get it already." in page
    assert "No mail server is set up" in page
    browser.post(f"/reports/mails/{rows()[0].id}/end")
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("report_mail."))).all()
    assert sorted((entry.action, entry.by_id, entry.person_id) for entry in entries) == [
        ("report_mail.ended", cast.chloe.id, cast.chloe.id),
        ("report_mail.made", cast.chloe.id, cast.chloe.id),
    ]
    put_down(browser, cast.chloe)
    assert [row.ended_at is None for row in rows()] == [False, True], "whoever was taken off can be put down again"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("", "Fill this in"),
        ("nobody@example.org", "“nobody@example.org” is nobody who can sign in here."),
        ("{brian}", "Brian Kamau may not read this report."),
        ("{chloe}\nx\n{amina}", "“x” is nobody who can sign in here. Amina Otieno may not read this report."),
        ("\n".join(str(number) for number in range(21)), "Name 20 people at most at a time."),
        ("<script>", "“&lt;script&gt;” is nobody"),
    ],
)
def test_who_cannot_get_it_is_named_and_nobody_is_put_down(browser: Browser, cast: Cast, lines: str, says: str) -> None:
    numbers = {name: getattr(cast, name).staff_number for name in ("brian", "chloe", "amina")}
    answer = browser.post(PAGE, {"people": lines.format(**numbers)})
    assert answer.status_code == 422
    assert says in answer.text
    assert rows() == []


def test_who_has_no_address_cannot_get_it(browser: Browser, cast: Cast) -> None:
    number = cast.chloe.staff_number
    with transaction():
        db.session.get_one(Person, cast.chloe.id).email = None
    assert "Chloe Yusuf has no email address." in browser.post(PAGE, {"people": number}).text


@pytest.mark.parametrize("who", ["amina", "brian", "dora", "faith", "ruth"])
def test_only_hr_says_to_whom_it_goes(browser: Browser, cast: Cast, browse: Any, who: str) -> None:
    put_down(browser, cast.chloe)
    stranger = browse(getattr(cast, who))
    assert stranger.get(PAGE).status_code == 403
    assert stranger.post(PAGE, {"people": cast.chloe.staff_number}).status_code == 403
    assert stranger.post(f"/reports/mails/{rows()[0].id}/end").status_code == 404
    assert stranger.get("/reports/nothing/mails").status_code == 404
    assert rows()[0].ended_at is None
    assert browse(None).get(PAGE).status_code == 303


def test_the_report_leads_to_its_mails(browser: Browser) -> None:
    assert f'href="{PAGE}"' in browser.get("/reports/customers").text
