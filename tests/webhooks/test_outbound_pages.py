"""The pages of webhooks: made, tested, paused, removed by admins; a new secret for the maker alone."""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Browser, Cast
from tests.core.test_http import INSIDE, NO_ADDRESS
from tests.factories import a_person
from tests.webhooks.receiver import AT, Receiver, a_webhook, an_event, lines, receiving, the_webhook
from tracker.access.actions import set_roles
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.core.models import HookSubscription
from tracker.organisation.models import Person
from tracker.webhooks import outbound_actions as actions
from tracker.webhooks.outbound_events import OFFERED
from tracker.webhooks.outbound_sending import send_due

HOME = "/settings/outgoing-webhooks"
NEW = {"name": "Helpdesk", "url": "https://example.org/hook", "kinds": ["rating.created", "rating.erased"]}


@pytest.fixture
def receiver(app: Flask) -> Iterator[Receiver]:
    with receiving(app) as server:
        yield server


@pytest.fixture
def ruth(cast: Cast, browse: Any) -> Browser:
    browser: Browser = browse(cast.ruth)
    return browser


def webhooks() -> list[HookSubscription]:
    db.session.rollback()
    return list(db.session.scalars(select(HookSubscription).execution_options(populate_existing=True)))


def secret_on(page: str) -> str:
    return "whsec_" + page.split('value="whsec_')[1].split('"')[0]


def test_an_admin_makes_one_and_sees_the_secret_once(cast: Cast, ruth: Browser) -> None:
    assert "No webhook yet" in ruth.get(HOME).text
    answer = ruth.post(HOME, NEW)
    assert answer.status_code == 200
    secret = secret_on(answer.text)
    (made,) = webhooks()
    assert (made.name, made.url, made.kinds, made.made_by_id) == (*NEW.values(), cast.ruth.id)
    assert secret not in made.secret
    assert secret[10:30] not in made.secret
    pages = [ruth.get(HOME).text, ruth.get(f"{HOME}/{made.id}").text]
    assert all("Helpdesk" in page and secret not in page for page in pages)
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "webhook.made"))
    assert secret not in str(entry.details)
    assert "example.org" not in str(entry.details)


@pytest.mark.parametrize("url", [*INSIDE, *NO_ADDRESS])
def test_an_address_that_leads_inside_or_nowhere_is_refused(ruth: Browser, url: str) -> None:
    assert ruth.post(HOME, {**NEW, "url": url}).status_code == 422
    assert webhooks() == []


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 81}, {"kinds": []}, {"kinds": ["webhook.test"]}])
def test_what_is_missing_is_said(ruth: Browser, wrong: dict[str, Any]) -> None:
    assert ruth.post(HOME, {**NEW, **wrong}).status_code == 422
    assert webhooks() == []


def test_only_admins_have_webhooks(cast: Cast, browse: Any) -> None:
    id, _secret = a_webhook(cast.ruth, "https://example.org/")
    an_event()
    line = lines()[0].id
    verbs = ("tests", "secret", "pause", "resumption", "removal", f"deliveries/{line}/retry")
    for person in (cast.amina, cast.brian, cast.chloe, cast.dora):
        browser = browse(person)
        for path in (HOME, f"{HOME}/{id}", f"{HOME}/events"):
            assert browser.get(path).status_code == 403
        for path in (HOME, *(f"{HOME}/{id}/{verb}" for verb in verbs)):
            assert browser.post(path, NEW).status_code == 403
    assert the_webhook(id).paused_at is None
    assert lines()[0].attempts == 0


def test_what_is_not_there_is_not_found(cast: Cast, ruth: Browser) -> None:
    one, _secret = a_webhook(cast.ruth, "https://example.org/")
    other, _secret = a_webhook(cast.ruth, "https://example.org/", kinds=["case.closed"])
    an_event()
    assert ruth.get(f"{HOME}/987654").status_code == 404
    for verb in ("tests", "secret", "pause", "resumption", "removal"):
        assert ruth.post(f"{HOME}/987654/{verb}").status_code == 404
    line = lines()[0].id
    assert ruth.post(f"{HOME}/{other}/deliveries/{line}/retry").status_code == 404  # a line of another webhook
    assert ruth.post(f"{HOME}/{one}/deliveries/{line}/retry").status_code == 303


def test_the_test_button_sends_at_once_and_shows_the_answer(cast: Cast, ruth: Browser, receiver: Receiver) -> None:
    id, secret = a_webhook(cast.ruth, receiver.url, kinds=["case.closed"])
    answer = ruth.post(f"{HOME}/{id}/tests", follow_redirects=True)
    assert "it answered 204" in answer.text
    assert [event["type"] for event in receiver.verified(secret)] == ["webhook.test"]
    assert "webhook.test" in answer.text
    receiver.answers = lambda _n: 418
    answer = ruth.post(f"{HOME}/{id}/tests", follow_redirects=True)
    assert "The receiver answered 418." in answer.text
    assert [(line.status, line.sent_at is None) for line in lines()] == [(204, False), (418, True)]
    assert (the_webhook(id).failing_since, send_due(AT)) == (None, 0)


def test_the_test_button_reaches_nothing_inside(cast: Cast, ruth: Browser) -> None:
    id, _secret = a_webhook(cast.ruth, "https://localhost/")
    assert "not a public one" in ruth.post(f"{HOME}/{id}/tests", follow_redirects=True).text


def test_pausing_starting_and_removing(cast: Cast, ruth: Browser, receiver: Receiver) -> None:
    id, _secret = a_webhook(cast.ruth, receiver.url)
    an_event()
    assert [ruth.post(f"{HOME}/{id}/pause").status_code for _twice in range(2)] == [303, 409]
    assert "not sent, also not later" in ruth.get(f"{HOME}/{id}").text
    assert "Paused" in ruth.get(HOME).text
    assert send_due(AT) == 0
    assert [ruth.post(f"{HOME}/{id}/resumption").status_code for _twice in range(2)] == [303, 409]
    assert send_due(AT) == 1
    an_event("later")
    assert [ruth.post(f"{HOME}/{id}/removal").status_code for _twice in range(2)] == [303, 404]
    assert send_due(AT) == 0
    kept = the_webhook(id)
    assert (kept.secret, kept.url) == ("", "")
    assert ruth.get(f"{HOME}/{id}").status_code == 404
    assert "Helpdesk" not in ruth.get(HOME).text
    recorded = set(db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("webhook."))))
    assert recorded == {"webhook.made", "webhook.paused", "webhook.resumed", "webhook.removed"}


def test_a_new_secret_is_its_makers_alone(cast: Cast, ruth: Browser, browse: Any) -> None:
    """A webhook says what its maker may see: another admin may stop it, and not get hold of it."""
    with transaction():
        other = a_person("Njeri Kariuki", team=db.session.merge(cast.root), roles=["admin"])
    id, old = a_webhook(cast.ruth, "https://example.org/")
    njeri = browse(other)
    assert njeri.post(f"{HOME}/{id}/secret").status_code == 403
    assert "New secret" not in njeri.get(f"{HOME}/{id}").text
    answer = ruth.post(f"{HOME}/{id}/secret")
    assert answer.status_code == 200
    assert secret_on(answer.text) != old
    assert the_webhook(id).old_secret is not None
    assert njeri.post(f"{HOME}/{id}/pause").status_code == 303


def test_the_page_says_that_its_maker_is_no_admin_any_more(cast: Cast, browse: Any, receiver: Receiver) -> None:
    with transaction():
        maker = a_person("Njeri Kariuki", team=db.session.merge(cast.root), roles=["admin"])
        maker_id = maker.id
    id, _secret = a_webhook(maker, receiver.url)
    with transaction():
        set_roles(db.session.get_one(Person, maker_id), set(), by=cast.ruth.id, at=AT)
    ruth = browse(cast.ruth)
    assert "Nothing is sent." in ruth.get(f"{HOME}/{id}").text
    assert "Stopped" in ruth.get(HOME).text
    assert ruth.post(f"{HOME}/{id}/tests").status_code == 409
    assert receiver.got == []


def test_after_a_new_secret_key_the_page_asks_for_a_new_secret(
    app: Flask, cast: Cast, ruth: Browser, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, _secret = a_webhook(cast.ruth, receiver.url)
    with transaction():
        the_webhook(id).secret = "sealed under another key"
    an_event()
    assert "can’t be read any more" in ruth.get(f"{HOME}/{id}").text
    assert ruth.post(f"{HOME}/{id}/tests").status_code == 409
    assert send_due(AT) == 0
    assert "Make a new one" in str(lines()[0].last_error)
    secret = secret_on(ruth.post(f"{HOME}/{id}/secret").text)
    assert "it answered 204" in ruth.post(f"{HOME}/{id}/tests", follow_redirects=True).text
    assert len(receiver.verified(secret)) == 1


def test_the_log_says_what_became_of_each_and_sends_it_again(cast: Cast, ruth: Browser, receiver: Receiver) -> None:
    id, secret = a_webhook(cast.ruth, receiver.url)
    receiver.answers = lambda n: 500 if n == 1 else 200
    an_event()
    page = ruth.get(f"{HOME}/{id}").text
    assert "goes out with the next round" in page
    assert "Send again" not in page
    send_due(AT)
    page = ruth.get(f"{HOME}/{id}").text
    assert "The receiver answered 500." in page
    assert "Next try" in page
    assert "Not answering" in page
    (line,) = lines()
    assert ruth.post(f"{HOME}/{id}/deliveries/{line.id}/retry").status_code == 303
    assert lines()[0].attempts == 0
    assert send_due(max(lines()[0].due_at, AT)) == 1
    assert "answered 200" in ruth.get(f"{HOME}/{id}").text
    ruth.post(f"{HOME}/{id}/deliveries/{line.id}/retry")
    assert send_due(max(lines()[0].due_at, AT)) == 1  # also what has been taken
    assert len(set(receiver.ids())) == 1
    assert len(receiver.verified(secret)) == 3


def test_a_long_log_comes_in_pages(cast: Cast, ruth: Browser) -> None:
    id, _secret = a_webhook(cast.ruth, "https://example.org/")
    for number in range(30):
        an_event(f"rating.erased|{number}")
    first, second = (ruth.get(f"{HOME}/{id}?page={number}").text for number in (1, 2))
    assert (first.count("msg_"), second.count("msg_")) == (25, 5)


def test_what_happened_once_it_gave_up_is_told_in_the_inbox(app: Flask, cast: Cast, browse: Any) -> None:
    with receiving(app, lambda _n: 410) as receiver:
        id, _secret = a_webhook(cast.ruth, receiver.url)
        an_event()
        send_due(AT)
    with transaction():
        db.session.execute(db.text("UPDATE message SET visible_at = created_at"))
    assert "The webhook “Helpdesk” is paused" in browse(cast.ruth).get("/inbox").text
    assert "gone for good" in browse(cast.ruth).get(f"{HOME}/{id}").text
    with transaction():
        actions.remove(the_webhook(id), by=cast.ruth.id, at=AT)
    assert "Helpdesk" not in browse(cast.ruth).get("/inbox").text


def test_the_page_of_events_names_them_all(ruth: Browser) -> None:
    page = ruth.get(f"{HOME}/events").text
    assert [kind for kind in OFFERED if f">{kind}<" not in page] == []
    assert "staff_number" in page


def test_names_are_shown_as_text(cast: Cast, ruth: Browser) -> None:
    mark = f"<b>{secrets.token_hex(4)}</b>"
    ruth.post(HOME, {**NEW, "name": mark})
    assert mark not in ruth.get(HOME).text + ruth.get(f"{HOME}/{webhooks()[0].id}").text
