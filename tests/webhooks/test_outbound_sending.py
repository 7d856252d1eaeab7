"""Sending: signed, tried again, given up, never twice without need, and never to where it must not. The receiver is a real one."""

import socket
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_person, account_of
from tests.webhooks.receiver import AT, Receiver, a_webhook, an_event, lines, receiving, the_webhook
from tracker.access.actions import deactivate, set_roles
from tracker.core import hooks, http, leases
from tracker.core.db import db, transaction
from tracker.core.models import HookDelivery
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.webhooks import outbound_actions as actions
from tracker.webhooks import outbound_sending as sending
from tracker.webhooks.outbound_events import EVENTS, Event
from tracker.webhooks.outbound_jobs import forget_log
from tracker.webhooks.outbound_rules import WAITS, wait_after
from tracker.webhooks.outbound_sending import send_due

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def receiver(app: Flask) -> Iterator[Receiver]:
    with receiving(app) as server:
        yield server


def told() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == "webhook.paused")))


def test_an_event_arrives_once_and_its_signature_holds(cast: Cast, receiver: Receiver) -> None:
    _id, secret = a_webhook(cast.ruth, receiver.url)
    an_event(about=4711)
    assert send_due(AT) == 1
    assert send_due(AT + MINUTE) == 0
    (event,) = receiver.verified(secret)
    assert event == {"type": "rating.erased", "timestamp": AT.isoformat(), "data": {"rating_id": 4711}}
    (headers, _body) = receiver.got[0]
    assert headers["content-type"] == "application/json"
    (line,) = lines()
    assert headers["webhook-id"] == line.message_id
    assert (line.sent_at, line.status, line.attempts, line.lease, line.last_error) == (AT, 204, 1, None, None)


def test_the_same_key_is_one_event_and_other_kinds_are_not_told(cast: Cast, receiver: Receiver) -> None:
    a_webhook(cast.ruth, receiver.url, kinds=["rating.erased"])
    an_event()
    an_event()
    with transaction():
        hooks.announce("case.closed", about=1, key="case.closed|1", at=AT)
    assert [line.kind for line in lines()] == ["rating.erased"]


def test_an_event_whose_deed_is_rolled_back_never_existed(cast: Cast, receiver: Receiver) -> None:
    a_webhook(cast.ruth, receiver.url)
    with transaction():
        hooks.announce("rating.erased", about=1, key="k", at=AT)
        db.session.rollback()
    assert lines() == []
    assert send_due(AT) == 0


def test_each_webhook_gets_its_own_message_under_its_own_id(cast: Cast, receiver: Receiver) -> None:
    secrets = [a_webhook(cast.ruth, receiver.url)[1] for _number in range(2)]
    an_event()
    assert send_due(AT) == 2
    assert len(set(receiver.ids())) == 2
    assert len(set(secrets)) == 2


@pytest.mark.parametrize("status", [500, 404, 302, 400])
def test_a_refusal_is_tried_again_under_the_same_id(app: Flask, cast: Cast, status: int) -> None:
    with receiving(app, lambda n: status if n < 3 else 200) as receiver:
        id, secret = a_webhook(cast.ruth, receiver.url)
        an_event()
        assert send_due(AT) == 0
        (line,) = lines()
        assert (line.status, line.attempts, line.dead_at) == (status, 1, None)
        assert str(status) in str(line.last_error)
        assert WAITS[0] <= line.due_at - AT <= WAITS[0] * 1.2
        assert the_webhook(id).failing_since == AT
        assert send_due(AT + timedelta(seconds=1)) == 0
        assert send_due(AT + MINUTE) == 0
        assert send_due(AT + 8 * MINUTE) == 1
        assert len(receiver.verified(secret)) == 3
        assert len(set(receiver.ids())) == 1
    assert the_webhook(id).failing_since is None
    assert lines()[0].last_error is None


def test_the_waits_grow_to_three_days_and_then_it_is_given_up(app: Flask, cast: Cast) -> None:
    assert timedelta(days=3) < sum(WAITS, timedelta()) < timedelta(days=4)
    assert wait_after(len(WAITS) + 1, chance=0) is None
    with receiving(app, lambda _n: 503) as receiver:
        a_webhook(cast.ruth, receiver.url)
        an_event()
        at, tries = AT, 0
        while lines()[0].dead_at is None:
            send_due(at)
            tries += 1
            at = max(lines()[0].due_at, at)
        assert (tries, len(receiver.got)) == (10, 10)
    (line,) = lines()
    assert timedelta(days=3) < line.dead_at - AT < timedelta(days=4, hours=12)  # type: ignore[operator]  # it is dead
    assert send_due(at + DAY) == 0


def test_a_receiver_that_is_gone_is_left_alone_and_the_maker_hears(app: Flask, cast: Cast) -> None:
    with receiving(app, lambda _n: 410) as receiver:
        id, _secret = a_webhook(cast.ruth, receiver.url)
        an_event("1")
        an_event("2")
        assert send_due(AT) == 0
        assert send_due(AT + DAY) == 0
        assert len(receiver.got) == 1
    assert (the_webhook(id).paused_because, the_webhook(id).paused_at) == ("gone", AT)
    assert [(message.person_id, message.about_id) for message in told()] == [(cast.ruth.id, id)]
    an_event("3")
    assert sorted(line.key for line in lines()) == ["1", "2"]


def test_after_five_days_of_failures_it_is_paused_and_the_maker_hears_once(app: Flask, cast: Cast) -> None:
    with receiving(app, lambda _n: 500) as receiver:
        id, _secret = a_webhook(cast.ruth, receiver.url)
        for day in range(8):
            an_event(str(day), at=AT + day * DAY)
            send_due(AT + day * DAY)
        tries = len(receiver.got)
        assert the_webhook(id).paused_at == AT + 5 * DAY
        send_due(AT + 20 * DAY)
        assert len(receiver.got) == tries
    assert len(told()) == 1
    assert {line.created_at for line in lines()} == {AT + day * DAY for day in range(6)}


def test_what_waited_goes_out_when_it_is_started_again(cast: Cast, receiver: Receiver) -> None:
    id, _secret = a_webhook(cast.ruth, receiver.url)
    an_event("before")
    with transaction():
        actions.pause(the_webhook(id), because="asked", by=cast.ruth.id, at=AT)
    an_event("meanwhile")
    assert send_due(AT) == 0
    assert hooks.depth_and_oldest(AT) == (0, None)
    with transaction():
        actions.resume(the_webhook(id), by=cast.ruth.id, at=AT)
    assert hooks.depth_and_oldest(AT) == (1, AT)
    assert send_due(AT) == 1
    assert [line.key for line in lines()] == ["before"]
    assert told() == []


def lose_the_role(person: Person, cast: Cast) -> None:
    set_roles(person, {"hr"}, by=cast.ruth.id, at=AT)


def be_shut_out(person: Person, cast: Cast) -> None:
    deactivate(account_of(person), by=cast.ruth.id, at=AT)


def leave(person: Person, _cast: Cast) -> None:
    person.ended_on = date(2026, 11, 1)


@pytest.mark.parametrize("happens", [lose_the_role, be_shut_out, leave])
def test_a_webhook_stops_with_its_maker(cast: Cast, receiver: Receiver, happens: Any) -> None:
    with transaction():
        maker = a_person("Njeri Kariuki", team=db.session.merge(cast.root), roles=["admin"])
        maker_id = maker.id
    a_webhook(maker, receiver.url)
    an_event()
    with transaction():
        happens(db.session.get_one(Person, maker_id), cast)
    assert send_due(AT) == 0
    (line,) = lines()
    assert (receiver.got, line.dropped_at, line.attempts) == ([], AT, 1)
    assert "no admin" in str(line.last_error)


def test_both_secrets_sign_for_a_day(cast: Cast, receiver: Receiver) -> None:
    id, old = a_webhook(cast.ruth, receiver.url, at=AT)
    with transaction():
        new = actions.renew_secret(the_webhook(id), by=cast.ruth.id, at=AT)
    an_event("1")
    send_due(AT)
    assert len(receiver.verified(old)) == len(receiver.verified(new)) == 1
    with transaction():
        the_webhook(id).old_secret_until = AT - DAY
    receiver.got.clear()
    an_event("2")
    send_due(AT)
    assert len(receiver.got[0][0]["webhook-signature"].split()) == 1
    assert len(receiver.verified(new)) == 1


@pytest.mark.parametrize(
    "url", ["https://localhost/", "https://127.0.0.1/", "https://10.0.0.7/", "http://example.org/"]
)
def test_an_address_inside_is_refused_when_it_is_sent_to(cast: Cast, url: str) -> None:
    """Also one that got past the form: a name that leads inside by now, or a setting that was taken back."""
    a_webhook(cast.ruth, url)
    an_event()
    assert send_due(AT) == 0
    (line,) = lines()
    assert line.status is None
    assert "address" in str(line.last_error)


def test_a_name_that_leads_inside_by_now_is_refused(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = receiver.server.server_port
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: found)
    a_webhook(cast.ruth, f"https://example.org:{port}/")
    an_event()
    assert send_due(AT) == 0
    assert receiver.got == []
    assert lines()[0].last_error == "This address is not a public one."


def test_a_redirect_is_not_followed(app: Flask, cast: Cast) -> None:
    with receiving(app, lambda _n: 307) as receiver:
        a_webhook(cast.ruth, receiver.url)
        an_event()
        send_due(AT)
        assert len(receiver.got) == 1
    assert "never followed" in str(lines()[0].last_error)


def test_a_silent_receiver_costs_a_round_one_wait_and_holds_up_nobody(
    app: Flask, cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SILENCE_SECONDS", 3)  # long enough for a receiver on a busy machine
    with receiving(app, lambda _n: 0) as silent:
        slow, _secret = a_webhook(cast.ruth, silent.url)
        a_webhook(cast.ruth, receiver.url)
        for number in range(10):
            an_event(str(number))
        assert send_due(AT) == 10
        assert (len(silent.got), len(receiver.got)) == (1, 10)
    mine = [line for line in lines() if line.subscription_id == slow]
    assert sorted(line.attempts for line in mine) == [0] * 9 + [1]
    assert {line.lease for line in mine} == {None}
    an_event("next")
    assert (send_due(AT), len(receiver.got)) == (1, 11)


def test_a_round_takes_turns_and_ends_in_time(
    app: Flask, cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, _secret = a_webhook(cast.ruth, receiver.url)
    for number in range(sending.EACH + 5):
        an_event(f"many{number}")
    other, _secret = a_webhook(cast.ruth, receiver.url)
    an_event("one")
    assert send_due(AT) == sending.EACH + 1
    (line,) = [line for line in lines() if line.subscription_id == other]
    assert line.sent_at is not None
    monkeypatch.setattr(sending, "ROUND_SECONDS", -1.0)
    assert send_due(AT) == 0
    waiting = [line for line in lines() if line.sent_at is None]
    assert [(line.attempts, line.lease) for line in waiting] == [(0, None)] * 6
    assert {line.subscription_id for line in waiting} == {busy}


def test_a_round_ends_long_before_its_lease() -> None:
    assert leases.LEASE.total_seconds() > 2 * (sending.ROUND_SECONDS + http.CALL_SECONDS + http.SILENCE_SECONDS)


def test_one_that_cannot_be_written_does_not_hold_up_the_others(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_row: HookDelivery, _viewer: Any) -> dict[str, Any]:
        raise ZeroDivisionError

    monkeypatch.setitem(EVENTS, "case.closed", Event("", broken, ()))
    a_webhook(cast.ruth, receiver.url, kinds=["case.closed"])
    a_webhook(cast.ruth, receiver.url, kinds=["rating.erased"])
    with transaction():
        hooks.announce("case.closed", about=1, key="case.closed|1", at=AT)
    an_event()
    assert send_due(AT) == 1
    assert lines()[0].last_error == "It could not be written: ZeroDivisionError."
    assert "webhook_not_written" in capsys.readouterr().err


def test_a_dead_senders_lease_runs_out_and_it_goes_again_under_the_same_id(cast: Cast, receiver: Receiver) -> None:
    """The first sender reached the receiver and was killed before it could cross it off."""
    a_webhook(cast.ruth, receiver.url)
    an_event()
    (number,) = leases.claim(HookDelivery, sending._wanted(AT), "dead" * 8, at=AT)
    (line,) = lines()
    with transaction():
        letter = sending._letter(db.session.get_one(HookDelivery, number), the_webhook(line.subscription_id), at=AT)
    sending.posted(letter)
    assert send_due(AT + leases.LEASE) == 0
    assert send_due(AT + leases.LEASE + timedelta(seconds=1)) == 1
    assert len(receiver.ids()) == 2
    assert len(set(receiver.ids())) == 1


def test_a_sender_that_lost_its_lease_changes_nothing(cast: Cast, receiver: Receiver) -> None:
    a_webhook(cast.ruth, receiver.url)
    an_event()
    slow, quick = "slow" * 8, "swift" * 6
    (number,) = leases.claim(HookDelivery, sending._wanted(AT), slow, at=AT)
    late = AT + leases.LEASE + MINUTE
    assert leases.claim(HookDelivery, sending._wanted(late), quick, at=late) == [number]
    assert sending._send_one(number, slow, set(), at=AT) == 0
    with transaction():
        assert not leases.finish(HookDelivery, leases.Claimed(number, slow, 1), dead_at=AT)
    assert (receiver.got, lines()[0].lease, lines()[0].dead_at) == ([], quick, None)


def test_two_senders_at_once_send_each_once(app: Flask, cast: Cast, receiver: Receiver) -> None:
    a_webhook(cast.ruth, receiver.url)
    for number in range(sending.EACH):
        an_event(str(number))
    sent: list[int] = []
    start = threading.Barrier(2)

    def send() -> None:
        with app.app_context():
            start.wait()
            sent.append(send_due(AT))

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sum(sent) == sending.EACH
    assert len(receiver.ids()) == len(set(receiver.ids())) == sending.EACH


def test_the_log_is_forgotten_after_30_days_and_what_was_removed_after_one(cast: Cast, receiver: Receiver) -> None:
    id, _secret = a_webhook(cast.ruth, receiver.url)
    an_event("old", at=AT - 31 * DAY)
    an_event("new", at=AT - 29 * DAY)
    assert forget_log(AT) == 1
    assert [line.key for line in lines()] == ["new"]
    with transaction():
        actions.remove(the_webhook(id), by=cast.ruth.id, at=AT)
    forget_log(AT + timedelta(hours=23))
    assert the_webhook(id).secret == ""
    assert send_due(AT) == 0
    forget_log(AT + 2 * DAY)
    assert lines() == []
    assert receiver.got == []
