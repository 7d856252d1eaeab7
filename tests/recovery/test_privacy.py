"""How to reach a customer: read by who takes care of the complaint while it is open, and found nowhere else, by nobody."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import inspect, select, text
from werkzeug.routing import Rule

from tests.api.conftest import program  # noqa: F401 - a fixture by its name
from tests.conftest import NOW, Browser, Cast
from tests.core.smtp_sink import smtp_sink
from tests.factories import a_rating, a_touchpoint
from tests.webhooks.receiver import Receiver, a_webhook, receiving
from tracker.access.actions import set_roles
from tracker.core import clock, outbox
from tracker.core.db import db, transaction
from tracker.notifications.jobs import write_digests
from tracker.organisation.models import Person
from tracker.recovery import actions
from tracker.recovery.jobs import follow_clocks
from tracker.recovery.models import RecoveryCase
from tracker.recovery.opening import open_case
from tracker.webhooks.outbound_sending import send_due as send_events

CONTACT = "0722-417-318"
WORDS = "Charged twice for the kettle."
LATER = NOW + timedelta(days=3)
CASE = "recovery.case"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def case_id(cast: Cast) -> int:
    with transaction():
        rating = a_rating(cast.amina, 1, at=NOW, comment=WORDS, touchpoint_id=a_touchpoint("Tills").id)
        case = open_case(rating, contact=CONTACT, at=NOW)
        assert case is not None
        assert case.owner_id == cast.brian.id
        return case.id


def escalated(cast: Cast, case_id: int) -> None:
    follow_clocks(LATER)


def given_to_hr(cast: Cast, case_id: int) -> None:
    with transaction():
        actions.give_to(db.session.get_one(RecoveryCase, case_id), cast.chloe.id, by=cast.brian.id, at=NOW)


def closed(cast: Cast, case_id: int) -> None:
    with transaction():
        case = db.session.get_one(RecoveryCase, case_id)
        actions.record_contact(case, "Called.", reached=True, by=cast.brian.id, at=NOW)
        actions.close(case, outcome="solved", words="Paid.", by=cast.brian.id, at=NOW, cause="process", driver=None)


def untouched(_cast: Cast, _case_id: int) -> None:
    """As it was opened."""


ROLES = {
    # who: after what, where the contact stands, what the case's page answers, whether the case is in the list of open ones
    "the owner": ("brian", untouched, {CASE}, 200, True),
    "the owner, after the end": ("brian", closed, set(), 200, False),
    "the handler": ("amina", untouched, set(), 200, False),
    "who leads above": ("faith", untouched, set(), 404, False),
    "who was asked to help": ("faith", escalated, {CASE}, 200, True),
    "who was asked to help, after the end": ("faith", closed, set(), 404, False),
    "HR": ("chloe", untouched, set(), 404, False),
    "HR as the owner": ("chloe", given_to_hr, {CASE}, 200, True),
    "an admin": ("ruth", untouched, set(), 404, False),
    "who leads another team": ("dora", untouched, set(), 404, False),
    "a colleague": ("kevin", untouched, set(), 404, False),
    "nobody signed in": (None, untouched, set(), 303, False),
}


@pytest.mark.parametrize("role", ROLES)
def test_on_every_page_there_is(app: Flask, cast: Cast, browse: Any, case_id: int, role: str) -> None:
    """Every address that answers a GET, with the numbers of the complaint, its handler and their team."""
    who, after, where, answer, is_listed = ROLES[role]
    after(cast, case_id)
    at = LATER if after is escalated else NOW
    with clock.set_to(at):
        browser: Browser = browse(getattr(cast, who) if who else None, at=at)
        numbers = sorted({cast.tills.id, cast.amina.id, case_id})
        pages = {path: (rule.endpoint, browser.get(path)) for rule, path in _addresses(app, numbers)}
        assert len(pages) > 60
        assert {name for name, page in pages.values() if CONTACT in page.text} == where
        its_page = pages[f"/complaints/{case_id}"][1]
        assert its_page.status_code == answer
        assert ("kettle" in pages["/complaints"][1].text.partition("About your own service")[0]) is is_listed
        may_act = "Write it down" in its_page.text
        assert may_act is (CASE in where)
        if answer == 404:
            assert not {name for name, page in pages.values() if "kettle" in page.text}
            assert its_page.data == browser.get("/complaints/999999").data


def _named(rule: Rule) -> dict[str, str]:
    return {"name": "customers"} if "name" in rule.arguments else {}


def _addresses(app: Flask, numbers: list[int]) -> list[tuple[Rule, str]]:
    with app.test_request_context():
        return [
            (rule, url_for(rule.endpoint, **{**dict.fromkeys(rule.arguments, number), **_named(rule)}))
            for rule in app.url_map.iter_rules()
            for number in (numbers if rule.arguments else numbers[:1])
            if "GET" in (rule.methods or ()) and rule.endpoint not in {"static", "health.live", "health.ready"}
        ]


def test_in_no_mail_event_answer_of_the_api_entry_log_or_table(
    app: Flask,
    cast: Cast,
    program: Any,  # noqa: F811 - the fixture
    capfd: pytest.CaptureFixture[str],
) -> None:
    with transaction():
        set_roles(db.session.get_one(Person, cast.brian.id), {"admin"}, by=cast.ruth.id, at=NOW - timedelta(days=9))
    with receiving(app) as receiver, smtp_sink() as sink:
        app.config["SMTP_URL"] = sink.url
        for maker in (cast.ruth, cast.brian):
            a_webhook(maker, receiver.url)
        with transaction():
            rating = a_rating(cast.amina, 1, at=NOW, comment=WORDS)
            case = open_case(rating, contact=CONTACT, at=NOW)
            assert case is not None
            actions.promise_call(case, LATER + timedelta(days=1), by=cast.brian.id, at=NOW)
            case_id = case.id
        for at, deed in ((NOW, untouched), (LATER, escalated), (LATER, closed)):
            deed(cast, case_id)
            with clock.set_to(at):
                write_digests(at)
                outbox.send_due(at)
                send_events(at)
        app.config["SMTP_URL"] = ""
    answers = [
        program(maker).get(path).text for maker in (cast.ruth, cast.brian) for path in ("/ratings", "/interactions")
    ]
    assert '"stars":1' in answers[2], "Brian’s program reads the rating itself"
    assert len(sink.mails) >= 2
    assert len(receiver.got) >= 6
    told = _events(receiver) + "".join(str(mail) for mail in sink.mails)
    assert WORDS not in told
    db.session.rollback()
    tables = inspect(db.engine).get_table_names()
    kept = {table: str(db.session.execute(text(f"SELECT * FROM {table}")).all()) for table in tables}  # noqa: S608 - our own names
    assert "complaint.opened" in kept["audit_entry"]
    assert [table for table, rows in kept.items() if WORDS in rows] == ["rating"]
    assert [table for table, rows in kept.items() if CONTACT in rows] == []
    logged = capfd.readouterr()
    assert CONTACT not in "".join([told, *answers, logged.out, logged.err])
    assert db.session.scalars(select(RecoveryCase.contact_sealed)).one() is not None, "it is there, sealed"


def _events(receiver: Receiver) -> str:
    return b"".join(body for _headers, body in receiver.got).decode()
