"""Pushes: set up by a browser, encrypted for it alone, saying nothing but that something is new, and only while it may."""

import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from flask import Flask
from sqlalchemy import delete, select, update

from tests.access.terminals import a_till, has_pin, types
from tests.conftest import Cast
from tests.factories import account_of
from tests.notifications.pushes import PushBrowser, PushService, binary, claims_of, push_service, text
from tracker.access.actions import deactivate, end_sessions
from tracker.access.models import SignInSession
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.actions import tell
from tracker.notifications.choice_actions import choose, keep_quiet
from tracker.notifications.choice_models import PushDelivery, PushSubscription
from tracker.notifications.jobs import write_pushes
from tracker.notifications.models import Message
from tracker.notifications.push_keys import FILE, authorization, public_key
from tracker.notifications.push_rules import MAX_ATTEMPTS, MOST_BROWSERS, encrypted, keys_problem
from tracker.notifications.push_sending import send_due
from tracker.notifications.quiet_rules import Quiet
from tracker.organisation.models import Person

NOON = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # Wednesday, in everybody's working hours
NIGHT = datetime(2026, 11, 18, 19, 30, tzinfo=UTC)  # 22:30 in Nairobi
SEVEN = datetime(2026, 11, 19, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def at_noon(cast: Cast) -> Any:
    with transaction():
        db.session.execute(delete(Message))
    with clock.set_to(NOON):
        yield


@pytest.fixture
def service(app: Flask) -> Iterator[PushService]:
    with push_service(app) as found:
        yield found


@pytest.fixture
def sets_up(browse: Any) -> Any:
    """sets_up(person, push browser) -> the Browser in which the person has set it up."""

    def set_up(person: Person, browser: PushBrowser) -> Any:
        session = browse(person, at=NOON)
        assert session.post("/account/push", browser.keys).location == "/account/notifications"
        return session

    return set_up


def told(person: Person, key: str = "k", kind: str = "week", *, at: datetime = NOON, urgent: bool = False) -> None:
    with transaction():
        tell(kind, to=person.id, key=key, at=at, visible_at=at, urgent=urgent, state="plain", count=1)


def goes_round(at: datetime = NOON) -> tuple[int, int]:
    with clock.set_to(at):
        return write_pushes(at), send_due(at)


def deliveries() -> list[PushDelivery]:
    db.session.rollback()
    rows = select(PushDelivery).order_by(PushDelivery.id).execution_options(populate_existing=True)
    return list(db.session.scalars(rows))


def subscriptions() -> list[PushSubscription]:
    db.session.rollback()
    rows = select(PushSubscription).order_by(PushSubscription.id).execution_options(populate_existing=True)
    return list(db.session.scalars(rows))


# What is sent


def test_a_browser_is_told_that_something_is_new_and_nothing_else(
    cast: Cast, service: PushService, sets_up: Any
) -> None:
    browser = PushBrowser(service)
    sets_up(cast.amina, browser)
    told(cast.amina)
    assert goes_round() == (1, 1)
    assert browser.read() == [{"text": "New in your inbox"}]
    assert goes_round(NOON + MINUTE) == (0, 0)


def test_the_headers_are_those_of_the_standards(cast: Cast, service: PushService, sets_up: Any) -> None:
    browser = PushBrowser(service)
    sets_up(cast.amina, browser)
    told(cast.amina, urgent=True)
    goes_round()
    [(path, headers, body)] = service.got
    assert path == browser.path
    assert {name: headers[name] for name in ("content-encoding", "ttl", "topic", "urgency")} == {
        "content-encoding": "aes128gcm", "ttl": "86400", "topic": "inbox", "urgency": "high",
    }  # fmt: skip
    claims, key = claims_of(headers["authorization"])
    assert key == public_key()
    assert claims["aud"] == f"http://{service.host}"
    assert claims["sub"].startswith("mailto:")
    assert timedelta() < datetime.fromtimestamp(claims["exp"], UTC) - NOON <= timedelta(hours=24)
    assert b"inbox" not in body


def test_two_pushes_share_no_key_and_no_salt(cast: Cast, service: PushService, sets_up: Any) -> None:
    sets_up(cast.amina, PushBrowser(service))
    for number in range(2):
        told(cast.amina, f"k{number}")
        goes_round(NOON + number * MINUTE)
    first, second = (body for _path, _headers, body in service.got)
    assert first[:16] != second[:16]
    assert first[21:86] != second[21:86]


def test_the_encryption_is_that_of_rfc_8291() -> None:
    """The example of its section 5: what our library makes of it, and what it says to the browser’s keys."""
    server = derive_private_key(
        int.from_bytes(binary("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), SECP256R1()
    )
    browser = derive_private_key(
        int.from_bytes(binary("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"), SECP256R1()
    )
    point = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    secret = "BTBZMqHH6r4Tts7J_aSIgg"
    sent = http_ece.encrypt(
        b"When I grow up, I want to be a watermelon",
        salt=binary("DGv6ra1nlYgDCS1FRnbzlw"),
        private_key=server,
        dh=binary(point),
        auth_secret=binary(secret),
        version="aes128gcm",
    )
    assert text(sent) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    ours = encrypted(b"New in your inbox", p256dh=point, auth=secret)
    assert http_ece.decrypt(ours, private_key=browser, auth_secret=binary(secret), version="aes128gcm") == (
        b"New in your inbox"
    )


def test_many_new_things_are_one_push_to_each_browser(cast: Cast, service: PushService, sets_up: Any) -> None:
    browsers = [PushBrowser(service, name) for name in ("phone", "laptop")]
    for browser in browsers:
        sets_up(cast.amina, browser)
    for number in range(5):
        told(cast.amina, f"k{number}")
    assert goes_round() == (2, 2)
    assert [len(browser.read()) for browser in browsers] == [1, 1]


def test_nobody_hears_of_what_is_somebody_elses(cast: Cast, service: PushService, sets_up: Any) -> None:
    sets_up(cast.amina, PushBrowser(service))
    told(cast.kevin)
    assert goes_round() == (0, 0)
    assert service.got == []


def test_what_is_planned_for_later_is_pushed_later(cast: Cast, service: PushService, sets_up: Any) -> None:
    sets_up(cast.amina, PushBrowser(service))
    told(cast.amina, at=NOON + MINUTE)
    assert goes_round() == (0, 0)
    assert goes_round(NOON + MINUTE) == (1, 1)


@pytest.mark.parametrize("why", ["read", "group off", "away from here", "shut out", "signed out"])
def test_what_need_not_be_told_any_more_is_not(
    app: Flask, cast: Cast, service: PushService, sets_up: Any, why: str
) -> None:
    sets_up(cast.amina, PushBrowser(service))
    told(cast.amina)
    with clock.set_to(NOON):
        assert write_pushes(NOON) == 1
    with transaction():
        match why:
            case "read":
                db.session.execute(update(Message).values(read_at=NOON))
            case "group off":
                choose(cast.amina.id, {"week": ("daily", False)}, at=NOON)
            case "away from here":
                db.session.execute(update(Person).where(Person.id == cast.amina.id).values(ended_on=NOON.date()))
            case "shut out":
                deactivate(account_of(cast.amina), by=cast.ruth.id, at=NOON)
            case _:
                end_sessions(account_of(cast.amina).id, at=NOON)
    assert send_due(NOON) == 0
    assert service.got == []
    assert [row.dropped_at for row in deliveries()] == [NOON]


def test_a_group_without_pushes_is_not_even_planned(cast: Cast, service: PushService, sets_up: Any) -> None:
    sets_up(cast.amina, PushBrowser(service))
    with transaction():
        choose(cast.amina.id, {"week": ("daily", False)}, at=NOON)
    told(cast.amina)
    told(cast.amina, "other", "training.waived")
    assert goes_round() == (1, 1)
    with transaction():
        choose(cast.amina.id, {"training": ("daily", False)}, at=NOON)
    told(cast.amina, "third", "training.waived")
    assert goes_round(NOON + MINUTE) == (0, 0)


# Quiet hours


def test_in_the_night_it_waits_for_the_morning(cast: Cast, service: PushService, sets_up: Any) -> None:
    browser = PushBrowser(service)
    sets_up(cast.amina, browser)
    for number in range(3):
        told(cast.amina, f"k{number}", at=NIGHT + number * MINUTE)
        goes_round(NIGHT + number * MINUTE)
    assert service.got == []
    assert [row.due_at for row in deliveries()] == [SEVEN]
    assert goes_round(SEVEN) == (0, 1)
    assert len(browser.read()) == 1


def test_what_an_outage_held_up_does_not_ring_in_the_night(app: Flask, cast: Cast, sets_up: Any) -> None:
    evening = NIGHT - timedelta(hours=2, minutes=31)  # 19:59
    with push_service(app, lambda n: 503 if n == 1 else 201) as service:
        sets_up(cast.amina, PushBrowser(service))
        told(cast.amina, at=evening)
        assert goes_round(evening) == (1, 0)
        assert goes_round(NIGHT) == (0, 0)
        [row] = deliveries()
        assert (row.due_at, row.attempts, row.last_error) == (SEVEN, 1, "The push service answered 503.")
        assert goes_round(SEVEN) == (0, 1)
        assert len(service.got) == 2


def test_what_is_urgent_rings_in_the_night_for_whoever_lets_it(cast: Cast, service: PushService, sets_up: Any) -> None:
    sets_up(cast.amina, PushBrowser(service))
    with transaction():
        keep_quiet(cast.amina.id, Quiet(lets_urgent=True), at=NOON)
    told(cast.amina, "plain", at=NIGHT)
    assert goes_round(NIGHT) == (1, 0)
    told(cast.amina, "urgent", at=NIGHT + MINUTE, urgent=True)
    assert goes_round(NIGHT + MINUTE) == (1, 1)


# What push services answer


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(app: Flask, cast: Cast, sets_up: Any, status: int) -> None:
    with push_service(app, lambda _n: status) as service:
        sets_up(cast.amina, PushBrowser(service))
        told(cast.amina)
        assert goes_round() == (1, 0)
        assert subscriptions() == []
        told(cast.amina, "next", at=NOON + MINUTE)
        assert goes_round(NOON + MINUTE) == (0, 0)


def test_a_service_that_fails_is_asked_again_and_at_last_no_more(app: Flask, cast: Cast, sets_up: Any) -> None:
    with push_service(app, lambda _n: 500) as service:
        sets_up(cast.amina, PushBrowser(service))
        told(cast.amina)
        at = NOON
        for _round in range(MAX_ATTEMPTS + 2):
            goes_round(at)
            at = max(at, deliveries()[0].due_at)
        assert len(service.got) == MAX_ATTEMPTS
        assert deliveries()[0].dead_at is not None
        assert len(subscriptions()) == 1


def test_what_is_answered_the_same_for_ever_is_asked_once(app: Flask, cast: Cast, sets_up: Any) -> None:
    with push_service(app, lambda _n: 403) as service:
        sets_up(cast.amina, PushBrowser(service))
        told(cast.amina)
        goes_round()
        goes_round(NOON + timedelta(hours=1))
        assert len(service.got) == 1


def test_a_failing_service_holds_up_no_other(app: Flask, cast: Cast, service: PushService, sets_up: Any) -> None:
    good = PushBrowser(service)
    with push_service(app, lambda _n: 500) as failing:
        for name in ("a", "b", "c"):
            sets_up(cast.amina, PushBrowser(failing, name))
        sets_up(cast.kevin, good)
        told(cast.amina, "a")
        told(cast.kevin, "k")
        assert goes_round() == (4, 1)
        assert len(failing.got) == 1
        assert len(good.read()) == 1


def test_a_redirect_is_never_followed(app: Flask, cast: Cast, sets_up: Any) -> None:
    with push_service(app, lambda _n: 307) as service:
        sets_up(cast.amina, PushBrowser(service))
        told(cast.amina)
        assert goes_round() == (1, 0)
        assert len(service.got) == 1


def test_two_at_once_send_each_push_once(app: Flask, cast: Cast, service: PushService, sets_up: Any) -> None:
    for name in ("a", "b", "c"):
        sets_up(cast.amina, PushBrowser(service, name))
    told(cast.amina)
    db.session.rollback()
    start = threading.Barrier(3)

    def run() -> None:
        with app.app_context():
            start.wait()
            goes_round()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    goes_round()
    assert sorted(path for path, _headers, _body in service.got) == ["/send/a", "/send/b", "/send/c"]


# Setting up


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": ""}, {"endpoint": "http://push.example.org/x"}, {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "https://169.254.169.254/latest"}, {"endpoint": "https://[::1]/x"}, {"endpoint": "https://0x7f000001/"},
        {"endpoint": "javascript:alert(1)"}, {"endpoint": "https://user:word@push.example.org/"},
        {"p256dh": ""}, {"p256dh": "AAAA"}, {"p256dh": "B" * 87}, {"p256dh": "ä" * 10}, {"auth": ""}, {"auth": "AAAA"},
        {"auth": "?" * 22},
    ],
)  # fmt: skip
def test_what_is_no_browser_is_refused(cast: Cast, service: PushService, browse: Any, wrong: dict[str, str]) -> None:
    answer = browse(cast.amina, at=NOON).post("/account/push", {**PushBrowser(service).keys, **wrong})
    assert answer.status_code == 422
    assert subscriptions() == []


def test_a_browser_is_one_persons_the_last_who_set_it_up(cast: Cast, service: PushService, sets_up: Any) -> None:
    browser = PushBrowser(service)
    sets_up(cast.amina, browser)
    sets_up(cast.kevin, browser)
    assert [row.person_id for row in subscriptions()] == [cast.kevin.id]
    told(cast.amina)
    assert goes_round() == (0, 0)


def test_ones_own_are_listed_and_stopped_and_nobody_elses(cast: Cast, service: PushService, sets_up: Any) -> None:
    amina = sets_up(cast.amina, PushBrowser(service, "a"))
    kevin = sets_up(cast.kevin, PushBrowser(service, "k"))
    of_amina, of_kevin = subscriptions()
    page = amina.get("/account/notifications").text
    assert f"/account/push/{of_amina.id}/removal" in page
    assert f"/account/push/{of_kevin.id}/removal" not in page
    assert amina.post(f"/account/push/{of_kevin.id}/removal").status_code == 404
    assert amina.post(f"/account/push/{of_amina.id}/removal").status_code == 303
    assert [row.person_id for row in subscriptions()] == [cast.kevin.id]
    assert "No browser gets pushes for you." in amina.get("/account/notifications").text
    assert kevin.get("/account/notifications").status_code == 200


def test_signing_out_ends_the_pushes_of_that_browser(cast: Cast, service: PushService, sets_up: Any) -> None:
    amina = sets_up(cast.amina, PushBrowser(service))
    amina.post("/sign-out")
    told(cast.amina)
    assert goes_round() == (0, 0)
    assert subscriptions() == []


def test_a_session_that_only_ran_out_goes_on_being_pushed_to(cast: Cast, service: PushService, sets_up: Any) -> None:
    sets_up(cast.amina, PushBrowser(service))
    with transaction():
        db.session.execute(update(SignInSession).values(expires_at=NOON))
    told(cast.amina)
    assert goes_round() == (1, 1)


def test_so_many_browsers_and_the_oldest_makes_room(cast: Cast, service: PushService, sets_up: Any) -> None:
    for number in range(MOST_BROWSERS + 1):
        sets_up(cast.amina, PushBrowser(service, f"b{number}"))
    endpoints = [row.endpoint.rsplit("/", 1)[1] for row in subscriptions()]
    assert endpoints == [f"b{number}" for number in range(1, MOST_BROWSERS + 1)]


def test_a_shared_terminal_takes_none(app: Flask, cast: Cast, service: PushService, browse: Any) -> None:
    has_pin(app, cast.amina, at=NOON)
    till = a_till(app, browse, cast.tills)
    types(till, cast.amina, at=NOON)
    assert till.post("/account/push", PushBrowser(service).keys).status_code == 403
    assert subscriptions() == []


def test_the_page_works_without_a_script(cast: Cast, browse: Any) -> None:
    page = browse(cast.amina, at=NOON).get("/account/notifications").text
    assert "Setting up a push needs a script" in page
    assert public_key() in page
    worker = browse(None).get("/account/push/worker.js")
    assert worker.mimetype == "text/javascript"
    assert "Service-Worker-Allowed" not in worker.headers  # its scope is its own folder, which holds no page


# The key


def test_the_key_is_made_once_and_for_its_owner_alone(app: Flask, tmp_path: Path) -> None:
    before = app.config["KEY_DIR"]
    app.config["KEY_DIR"] = str(tmp_path / "keys")
    try:
        start, keys = threading.Barrier(6), set()

        def look() -> None:
            with app.app_context():
                start.wait()
                keys.add(public_key())

        threads = [threading.Thread(target=look) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        assert len(keys) == 1
        assert [file.name for file in (tmp_path / "keys").iterdir()] == [FILE]
        assert stat.S_IMODE((tmp_path / "keys" / FILE).stat().st_mode) == 0o600
        assert len(binary(public_key())) == 65
        claims, key = claims_of(authorization("https://push.example.org:8443/x/y", at=NOON))
        assert (claims["aud"], key) == ("https://push.example.org:8443", public_key())
    finally:
        app.config["KEY_DIR"] = before


def test_keys_of_a_browser_are_told_from_anything_else(service: PushService) -> None:
    keys = PushBrowser(service).keys
    assert not keys_problem(keys["p256dh"], keys["auth"])
    assert keys_problem(keys["p256dh"][:-2], keys["auth"])
    assert keys_problem(keys["p256dh"], keys["auth"] + "AA")


def test_ready_tells_how_many_pushes_wait_and_of_nobody(
    cast: Cast, service: PushService, sets_up: Any, browse: Any
) -> None:
    sets_up(cast.amina, PushBrowser(service))
    told(cast.amina)
    assert write_pushes(NOON) == 1
    with clock.set_to(NOON + 7 * MINUTE):
        answer = browse(None).get("/healthz/ready")
    assert answer.json["pushes_waiting"] == 1
    assert datetime.fromisoformat(answer.json["pushes_oldest_due_at"]) == deliveries()[0].due_at
    assert service.host not in answer.text
    goes_round()
    answer = browse(None).get("/healthz/ready")
    assert (answer.json["pushes_waiting"], answer.json["pushes_oldest_due_at"]) == (0, None)
