"""Many at once over real HTTP, and workers that are killed: nothing is lost, nothing counts twice, nobody is sent away."""

import http.client
import json
import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import Cast
from tests.core.smtp_sink import wait_until
from tests.journeys.serving import Hour, serving
from tests.reliability.databases import copied
from tests.reliability.processes import an_app, started
from tests.webhooks import payloads
from tests.webhooks.conftest import NOW, Helpdesk
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.ratings import rollup
from tracker.ratings.models import Rating
from tracker.webhooks import inbound_jobs
from tracker.webhooks.inbound_actions import keep_delivery
from tracker.webhooks.inbound_jobs import work_off
from tracker.webhooks.inbound_models import Delivery
from tracker.webhooks.inbound_queries import OpenDoor
from tracker.webhooks.inbound_signatures import Proof

Make = Callable[..., Helpdesk]
POSTS = int(os.environ.get("WEBHOOK_POSTS", "120"))
DIFFERENT = 20
SENDERS = 40
KILLS = int(os.environ.get("WEBHOOK_KILLS", "4"))


@pytest.mark.parametrize("kind", ["chatwoot", "freshdesk", "standard"])
def test_parallel_and_repeated_posts_make_one_rating_each(
    app: Flask, helpdesk: Make, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Each answer several times, some under the same number, some signed anew; meanwhile the job works."""
    monkeypatch.setattr(clock, "now", Hour(NOW))
    one = helpdesk(kind)
    requests = []
    for number in range(POSTS):
        which, turn = number % DIFFERENT, number // DIFFERENT
        body = json.dumps(_answer(kind, which)).encode()
        one.at = NOW + timedelta(seconds=turn)
        requests.append((body, one.headers(body, number=f"d{which}" if turn % 2 else f"d{which}-{turn}")))
    with serving(app) as base, ThreadPoolExecutor(SENDERS) as senders:
        sent = [senders.submit(_post, base, one.address, *request) for request in requests]
        for _time in range(3):
            work_off(NOW)
        answers = Counter(future.result() for future in sent)
    while work_off(NOW):
        pass
    assert set(answers) <= {200, 202}
    assert sum(answers.values()) == POSTS
    db.session.rollback()
    ids = db.session.scalars(select(Rating.external_id)).all()
    assert len(ids) == len(set(ids)) == DIFFERENT
    assert answers[202] == db.session.scalars(select(func.count()).select_from(Delivery)).one()
    assert set(db.session.scalars(select(Delivery.state))) == {"credited", "known"} - (
        {"known"} if kind == "freshdesk" else set()
    )
    assert rollup.differences() == {}
    print(f"{kind}: {POSTS} posts by {SENDERS} at once, {dict(answers)}")  # noqa: T201 - a figure for the report


def test_killed_workers_lose_nothing_and_do_nothing_twice(
    app: Flask, helpdesk: Make, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    """Two processes work off the same deliveries; one after the other is killed in the middle of it."""
    one = helpdesk("chatwoot")
    opened = OpenDoor(one.door_id, one.kind, ())
    with transaction():
        for number in range(150):
            body = json.dumps(
                payloads.chatwoot_answer(1 + number // 50, message=number % 50, at=payloads.SECONDS + number)
            )
            keep_delivery(opened, body, Proof(f"g{number}", f"d{number}", NOW), at=NOW)
    db.session.remove()
    with copied(database_url, tmp_path) as url:
        workers = [started(work_for_ever, url, tmp_path) for _number in range(2)]
        for kill in range(KILLS):
            before = _lines(tmp_path)
            wait_until(lambda before=before: _lines(tmp_path) > before, seconds=60)  # type: ignore[misc]
            os.kill(workers[kill % 2].pid or 0, signal.SIGKILL)
            workers[kill % 2] = started(work_for_ever, url, tmp_path)
        with an_app(url, tmp_path).app_context():
            wait_until(_is_done, seconds=60)
            for worker in workers:
                os.kill(worker.pid or 0, signal.SIGKILL)
                worker.join(timeout=120)
            states = Counter(db.session.scalars(select(Delivery.state)))
            stars = dict(db.session.execute(select(Rating.external_id, Rating.stars)).all())
            differences = rollup.differences()
            db.session.remove()
            db.engine.dispose()
    assert states == {"credited": 50, "changed": 100}
    assert stars == {f"message {number}": 3 for number in range(50)}
    assert differences == {}


def work_for_ever(url: str, folder: Path) -> None:
    """In a process of its own, which is killed. One line after each round."""
    app = an_app(url, folder)
    inbound_jobs.ROUND_SECONDS = 0.02
    with app.app_context():
        for _time in range(100_000):
            if work_off(NOW):
                with (folder / "worked").open("a", encoding="utf-8") as log:
                    log.write("x\n")


def _is_done() -> bool:
    db.session.rollback()
    waiting = select(func.count()).where(Delivery.state == "waiting")
    left = db.session.scalars(waiting).one()
    db.session.rollback()
    return left == 0


def _lines(folder: Path) -> int:
    log = folder / "worked"
    return log.read_text(encoding="utf-8").count("\n") if log.exists() else 0


def _answer(kind: str, number: int) -> object:
    if kind == "chatwoot":
        return payloads.chatwoot_answer(message=number, conversation=number)
    if kind == "freshdesk":
        return payloads.freshdesk_answer(ticket_id=number, agent_email="")
    return payloads.standard(external_id=f"answer-{number}")


def _post(base: str, address: str, body: bytes, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
    try:
        connection.request("POST", f"/hooks/{address}", body=body, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()
