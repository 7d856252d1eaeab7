"""Forged, changed, old and repeated deliveries: nothing of them is kept but their number, and the last reason."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from tests.conftest import Cast
from tests.webhooks import payloads
from tests.webhooks.conftest import NOW, Helpdesk
from tracker.core.db import db, transaction
from tracker.ratings.models import Rating
from tracker.webhooks.inbound_actions import set_secret
from tracker.webhooks.inbound_jobs import work_off
from tracker.webhooks.inbound_models import Delivery, Door
from tracker.webhooks.inbound_refusals import WRITES_A_MINUTE, write_refusals

Make = Callable[..., Helpdesk]
KINDS = ("chatwoot", "zendesk", "freshdesk", "standard")
SIGNED = ("chatwoot", "zendesk", "standard")
PAYLOADS: dict[str, Any] = {
    "chatwoot": payloads.chatwoot_answer(),
    "zendesk": payloads.zendesk_trigger(assignee_email="", assignee_name="Amina Otieno"),
    "freshdesk": payloads.freshdesk_answer(agent_email=""),
    "standard": payloads.standard(),
}


def kept() -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(Delivery)).one()


def door_of(helpdesk: Helpdesk) -> Door:
    db.session.rollback()
    return db.session.get_one(Door, helpdesk.door_id)


@pytest.mark.parametrize("kind", KINDS)
def test_a_true_delivery_is_kept_and_its_repetition_is_known(helpdesk: Make, kind: str) -> None:
    one = helpdesk(kind)
    body = json.dumps(PAYLOADS[kind]).encode()
    headers = one.headers(body, number="n-same")
    first, second = one.post(body, headers), one.post(body, headers)
    assert (first.status_code, first.json) == (202, {"state": "kept"})
    assert (second.status_code, second.json) == (200, {"state": "known"})
    assert kept() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_secret_is_refused_and_counted(helpdesk: Make, kind: str) -> None:
    one = helpdesk(kind)
    wrong = "whsec_" + b64encode(b"x" * 24).decode()
    answers = [one.send(PAYLOADS[kind], secret=wrong) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert answers[0].mimetype == "application/problem+json"
    assert kept() == 0
    door = door_of(one)
    assert (door.refused, door.refused_why, door.refused_since, door.refused_at) == (3, "wrong", NOW, NOW)


@pytest.mark.parametrize("kind", SIGNED)
def test_a_changed_body_is_refused(helpdesk: Make, kind: str) -> None:
    one = helpdesk(kind)
    body = json.dumps(PAYLOADS[kind]).encode()
    assert one.post(body.replace(b"5", b"1", 1), one.headers(body)).status_code == 401
    assert one.post(body + b" ", one.headers(body)).status_code == 401
    assert (kept(), door_of(one).refused) == (0, 2)


@pytest.mark.parametrize("kind", SIGNED)
@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_signature_and_one_from_the_future_are_refused(helpdesk: Make, kind: str, minutes: int) -> None:
    one = helpdesk(kind)
    body = json.dumps(PAYLOADS[kind]).encode()
    headers = one.headers(body)
    one.wait(minutes=minutes)
    assert one.post(body, headers).status_code == 401
    assert (kept(), door_of(one).refused_why) == (0, "old")


@pytest.mark.parametrize("kind", SIGNED)
def test_an_old_signature_with_a_new_moment_is_refused(helpdesk: Make, kind: str) -> None:
    """The moment is part of what is signed."""
    one = helpdesk(kind)
    body = json.dumps(PAYLOADS[kind]).encode()
    old = one.headers(body, number="n1")
    one.wait(minutes=6)
    fresh = one.headers(body, number="n1")
    stamps = {name: value for name, value in fresh.items() if name.casefold().endswith("timestamp")}
    assert one.post(body, {**old, **stamps}).status_code == 401
    assert (kept(), door_of(one).refused_why) == (0, "wrong")


@pytest.mark.parametrize("kind", ["chatwoot", "zendesk"])
def test_a_replay_under_another_number_is_known(helpdesk: Make, kind: str) -> None:
    """Their delivery numbers are not signed: whoever listened in may change them."""
    one = helpdesk(kind)
    body = json.dumps(PAYLOADS[kind]).encode()
    headers = one.headers(body)
    name = "X-Chatwoot-Delivery" if kind == "chatwoot" else "X-Zendesk-Webhook-Invocation-Id"
    assert one.post(body, headers).status_code == 202
    assert one.post(body, {**headers, name: "another"}).status_code == 200
    assert one.post(body, {key: value for key, value in headers.items() if key != name}).status_code == 200
    assert kept() == 1


@pytest.mark.parametrize("kind", SIGNED)
def test_a_true_repetition_signed_anew_is_known_by_its_number(helpdesk: Make, kind: str) -> None:
    one = helpdesk(kind)
    assert one.send(PAYLOADS[kind], number="n7").status_code == 202
    one.wait(minutes=20)
    assert one.send(PAYLOADS[kind], number="n7").status_code == 200
    assert kept() == 1


def test_without_a_signature_the_body_is_known_for_five_minutes(helpdesk: Make) -> None:
    freshdesk = helpdesk("freshdesk")
    freshdesk.at = NOW + timedelta(minutes=4, seconds=50)
    assert freshdesk.send(PAYLOADS["freshdesk"]).status_code == 202
    freshdesk.wait(seconds=20)  # over the edge of the five minutes by the clock
    assert freshdesk.send(PAYLOADS["freshdesk"]).status_code == 200
    freshdesk.wait(minutes=10)
    assert freshdesk.send(PAYLOADS["freshdesk"]).status_code == 202
    work_off(freshdesk.at)
    assert len(db.session.scalars(select(Rating)).all()) == 1


def test_freshdesk_may_give_the_secret_as_a_password(helpdesk: Make) -> None:
    freshdesk = helpdesk("freshdesk")
    body = json.dumps(PAYLOADS["freshdesk"]).encode()
    for pair, status in (("anybody:wrong-secret", 401), (f"anybody:{freshdesk.secret}", 202)):
        given = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        assert freshdesk.post(body, given).status_code == status
    for strange in ("Basic !!!", "Basic", "Bearer x", f"Basic {b64encode(b'nocolon').decode()}"):
        assert freshdesk.post(body, {"Authorization": strange}).status_code == 401


@pytest.mark.parametrize("kind", KINDS)
def test_no_header_no_secret_no_door(helpdesk: Make, app: Flask, kind: str) -> None:
    one = helpdesk(kind)
    assert one.post(b"{}", {}).status_code == 401
    assert door_of(one).refused_why == "missing"
    with transaction():
        db.session.get_one(Door, one.door_id).secret = None
    assert one.send({}).status_code == 401
    assert door_of(one).refused_why == "no_secret"
    one.address = "somebody-elses"
    answer = one.send({})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    with app.app_context():
        assert app.test_client().get(f"/hooks/{one.address}").status_code == 405


def test_strange_headers_are_refused_and_never_crash(helpdesk: Make) -> None:
    for kind in KINDS:
        one = helpdesk(kind, f"strange {kind}")
        good = one.headers(b"{}")
        for name in good:
            for value in ("", "é", "99999999999999999999", "-1", "1e9", "2026-11-18", "v1,", "v1,é v2,x", "sha256="):
                assert one.post(b"{}", {**good, name: value}).status_code in {401, 202, 200}, (kind, name, value)


def test_a_secret_of_another_key_opens_nothing(helpdesk: Make, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    one = helpdesk("chatwoot")
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key of more than 32 characters")
    assert one.send(PAYLOADS["chatwoot"]).status_code == 401
    assert door_of(one).refused_why == "no_secret"


def test_the_secret_is_not_in_the_database(helpdesk: Make) -> None:
    one = helpdesk("chatwoot")
    stored = " ".join(map(str, db.session.execute(text("SELECT * FROM webhook_door")).one()))
    assert one.secret not in stored


def test_an_old_secret_is_good_for_24_hours_more(helpdesk: Make, cast: Cast) -> None:
    one = helpdesk("standard")
    with transaction():
        new = set_secret(db.session.get_one(Door, one.door_id), None, by=cast.ruth.id, at=NOW)
    one.wait(hours=23)
    assert one.send(PAYLOADS["standard"]).status_code == 202
    assert one.send(PAYLOADS["standard"], secret=new).status_code == 202
    one.wait(hours=2)
    assert one.send(PAYLOADS["standard"]).status_code == 401
    assert one.send(PAYLOADS["standard"], secret=new).status_code == 202


def test_too_large_and_no_text(helpdesk: Make) -> None:
    one = helpdesk("chatwoot")
    assert one.send(b"x" * 1_000_001).status_code == 413
    assert one.send(b"\xff\xfe").status_code == 400
    assert kept() == 0
    assert one.tell(b'{"event": "a\x00b"}').event == "a\ufffdb"  # PostgreSQL keeps no NUL


def test_a_flood_of_forgeries_is_counted_with_few_writes(helpdesk: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one = helpdesk("chatwoot")
    one.at = NOW + timedelta(hours=1)
    for _time in range(WRITES_A_MINUTE + 20):
        one.send({}, secret="wrong" * 5)
    assert door_of(one).refused == WRITES_A_MINUTE
    write_refusals(one.at)
    assert door_of(one).refused == WRITES_A_MINUTE + 20


def test_no_cookie_and_no_form_token_count_there(helpdesk: Make, cast: Cast, browse: Any) -> None:
    one = helpdesk("chatwoot")
    assert browse(cast.ruth).post(f"/hooks/{one.address}").status_code == 401
