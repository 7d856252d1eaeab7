"""One person, one answer: from two threads, two devices, by the back button, and with a slip and a sign-in at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import Cast
from tests.pulse.rounds import OPENS, an_open_round
from tests.pulse.slips import a_slip, without_mail
from tests.pulse.walking import go_on, last_question
from tracker.core import clock
from tracker.core.db import db
from tracker.pulse.models import PulseBox
from tracker.pulse.queries import share_answered


@pytest.fixture(autouse=True)
def during_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: OPENS.replace(hour=9))


def boxes() -> int:
    found = db.session.scalar(select(func.count()).select_from(PulseBox)) or 0
    db.session.rollback()
    return found


def at_once(app: Flask, senders: list[Callable[[], int]]) -> list[int]:
    """The status that each got, all sent at the same moment from threads of their own."""
    db.session.rollback()
    ready = Barrier(len(senders))

    def run(send: Callable[[], int]) -> int:
        ready.wait()
        with app.app_context():
            return send()

    with ThreadPoolExecutor(len(senders)) as pool:
        return sorted(pool.map(run, senders))


def test_double_submit_two_threads_one_answer(app: Flask, cast: Cast, browse: Any) -> None:
    round_id = an_open_round()
    devices = [browse(cast.amina, at=OPENS) for _ in range(4)]
    pages = [last_question(device, device.get("/pulse/answers")) for device in devices]
    sends = [lambda d=d, p=p: go_on(d, p, answer="3").status_code for d, p in zip(devices, pages, strict=True)]
    assert at_once(app, sends) == [200, 409, 409, 409]
    assert (boxes(), share_answered(round_id)[0]) == (1, 1)


def test_one_slip_in_two_hands_is_one_answer(app: Flask, cast: Cast, browse: Any) -> None:
    round_id = an_open_round(uses_codes=True)
    code = a_slip(round_id, cast.tills.name)
    devices = [browse(None) for _ in range(3)]
    pages = [last_question(device, device.post("/pulse/code", {"code": code})) for device in devices]
    sends = [lambda d=d, p=p: go_on(d, p, answer="3").status_code for d, p in zip(devices, pages, strict=True)]
    statuses = at_once(app, sends)
    assert statuses.count(200) == 1
    assert set(statuses[1:]) <= {409, 422}
    assert (boxes(), share_answered(round_id)[0]) == (1, 1)


def test_a_slip_and_a_sign_in_at_once(app: Flask, cast: Cast, browse: Any) -> None:
    """Whoever is to answer on paper has one way in; whoever is not has the other."""
    without_mail(cast.kevin)
    round_id = an_open_round(uses_codes=True)
    code = a_slip(round_id, cast.tills.name)
    amina, kevin = browse(cast.amina, at=OPENS), browse(cast.kevin, at=OPENS)
    signed_in = last_question(amina, amina.get("/pulse/answers"))
    by_slip = last_question(kevin, kevin.post("/pulse/code", {"code": code}))
    sends = [
        lambda: go_on(kevin, by_slip, answer="3").status_code,
        lambda: go_on(kevin, signed_in, answer="3").status_code,
    ]
    assert at_once(app, sends) == [200, 409]
    assert (boxes(), share_answered(round_id)[0]) == (1, 1)


def test_two_devices_one_after_the_other(cast: Cast, browse: Any) -> None:
    an_open_round()
    phone, till = browse(cast.amina, at=OPENS), browse(cast.amina, at=OPENS)
    on_phone = last_question(phone, phone.get("/pulse/answers"))
    half_way = go_on(till, till.get("/pulse/answers"), answer="1")
    assert go_on(phone, on_phone, answer="4").status_code == 200
    told = go_on(till, half_way, answer="1")
    assert told.status_code == 409, "told at once, not after the last question"
    assert "You have already answered this round" in told.text
    assert boxes() == 1


def test_the_back_button_after_sending(cast: Cast, browse: Any) -> None:
    """The browser shows an old page; whatever is sent from it, the answer stays one."""
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    first = amina.get("/pulse/answers")
    last = last_question(amina, first)
    assert go_on(amina, last, answer="4").status_code == 200
    assert [go_on(amina, page, answer="1").status_code for page in (last, first)] == [409, 409]
    assert boxes() == 1


def test_a_session_that_ends_in_the_middle(cast: Cast, browse: Any) -> None:
    an_open_round()
    amina = browse(cast.amina, at=OPENS)
    page = last_question(amina, amina.get("/pulse/answers"))
    with amina.client.session_transaction() as session:
        session.pop("_user_id")
    sent = go_on(amina, page, answer="4")
    assert sent.status_code == 303
    assert "/sign-in?next=%2Fpulse%2Fanswers" in sent.headers["Location"]
    assert boxes() == 0
    again = browse(cast.amina, at=OPENS)
    assert go_on(again, last_question(again, again.get("/pulse/answers")), answer="4").status_code == 200
    assert boxes() == 1
