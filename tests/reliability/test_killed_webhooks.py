"""Two senders of webhooks on one database, killed again and again: every event arrives, at most once more for each kill."""

import os
import random
import signal
import time
from datetime import timedelta
from pathlib import Path

from flask import Flask

from tests.conftest import Cast
from tests.core.smtp_sink import wait_until
from tests.reliability.databases import copied
from tests.reliability.processes import an_app, send_webhooks, started
from tests.webhooks.receiver import AT, a_webhook, an_event, lines, receiving
from tracker.core import leases
from tracker.core.db import db, transaction
from tracker.core.hooks import SEALED_FOR
from tracker.core.models import HookSubscription
from tracker.core.sealing import sealed
from tracker.webhooks.outbound_rules import new_secret

KILLS = int(os.environ.get("RELIABILITY_KILLS", "12"))
EVENTS = 60


def test_kills_of_two_senders_lose_no_event(app: Flask, cast: Cast, database_url: str, tmp_path: Path) -> None:
    chance = random.Random(5)
    with receiving(app, lambda _n: time.sleep(0.01) or 204) as receiver:  # type: ignore[func-returns-value]  # the pause
        for _number in range(2):
            a_webhook(cast.ruth, receiver.url)
        with copied(database_url, tmp_path) as url:
            _seal_anew(url, tmp_path)
            _set_now(tmp_path, 0)
            running = [started(send_webhooks, url, tmp_path, receiver.host) for _number in range(2)]
            try:
                for step in range(KILLS + 2):
                    _announce(url, tmp_path, step)
                    _set_now(tmp_path, step)
                    if step < KILLS:
                        time.sleep(chance.random() * 0.2)
                        victim = running.pop(chance.randrange(2))
                        os.kill(victim.pid or 0, signal.SIGKILL)
                        victim.join(timeout=120)
                        running.append(started(send_webhooks, url, tmp_path, receiver.host))
                    wait_until(lambda step=step: _done(tmp_path, step) == 2)  # type: ignore[misc]
            finally:
                for process in running:
                    process.kill()
                    process.join(timeout=120)
            found = _rows(url, tmp_path)
        repeated = len(receiver.ids()) - len(set(receiver.ids()))
        print(f"{KILLS} kills, {repeated} of {len(receiver.ids())} events repeated")  # noqa: T201
        assert len(found) == 2 * EVENTS
        assert all(sent_at is not None and lease is None for _id, sent_at, lease in found)
        assert set(receiver.ids()) == {message_id for message_id, _sent_at, _lease in found}
        assert repeated <= KILLS


def _seal_anew(url: str, folder: Path) -> None:
    """The senders have a SECRET_KEY of their own."""
    with an_app(url, folder).app_context():
        with transaction():
            for webhook in db.session.query(HookSubscription):
                webhook.secret = sealed(new_secret(), purpose=SEALED_FOR)
        db.engine.dispose()


def _announce(url: str, folder: Path, step: int) -> None:
    """Some more events for both; none in the last two steps, in which what the dead had in their hands goes out."""
    if step >= KILLS:
        return
    with an_app(url, folder).app_context():
        share = range(EVENTS * step // KILLS, EVENTS * (step + 1) // KILLS)
        for number in share:
            an_event(str(number), about=number)
        db.session.remove()
        db.engine.dispose()


def _set_now(folder: Path, step: int) -> None:
    """Each step is later than the leases of the step before."""
    moment = AT + step * (leases.LEASE + timedelta(minutes=1))
    (folder / "next").write_text(moment.isoformat(), encoding="utf-8")
    (folder / "next").rename(folder / "now")


def _done(folder: Path, step: int) -> int:
    """How many of those alive have done all there was at this moment."""
    moment = AT + step * (leases.LEASE + timedelta(minutes=1))
    log = (folder / "log").read_text(encoding="utf-8") if (folder / "log").exists() else ""
    return len({line for line in log.splitlines() if line.startswith(f"done {moment.isoformat()}")})


def _rows(url: str, folder: Path) -> list[tuple[str, object, object]]:
    with an_app(url, folder).app_context():
        found = [(line.message_id, line.sent_at, line.lease) for line in lines()]
        db.session.remove()
        db.engine.dispose()
    return found
