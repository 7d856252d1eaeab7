"""The outbox: kept, sent, tried again, given up, and never twice without need. The mail server is a real one."""

import os
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from tests.conftest import Cast
from tests.core.smtp_sink import Sink, free_port, silent_server, smtp_sink
from tests.factories import account_of
from tracker.core import clock, leases, mail, outbox
from tracker.core.db import db, reading, transaction
from tracker.core.models import OutboxMail
from tracker.notifications.actions import tell
from tracker.notifications.jobs import write_digests
from tracker.notifications.models import Message

AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # noon in Nairobi, a Wednesday
LATER = AT + timedelta(minutes=3)


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    with smtp_sink() as server:
        yield server


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with clock.set_to(AT):
        yield


@pytest.fixture
def use(app: Flask) -> Iterator[Any]:
    """use(url): the mail server of this instance."""

    def set_url(url: str) -> None:
        app.config["SMTP_URL"] = url

    yield set_url
    app.config["SMTP_URL"] = ""


def an_invitation(cast: Cast, *, key: str = "invitation|1", due_at: datetime = AT) -> None:
    with transaction():
        outbox.post("invitation", to=cast.amina.id, key=key, due_at=due_at, at=AT)


def a_digest(cast: Cast, *, key: str = "x") -> None:
    with transaction():
        db.session.execute(delete(Message))  # the cast has been told of its roles
        tell("week", to=cast.amina.id, key=key, at=AT, visible_at=AT, state="plain", count=3)
    write_digests(AT)


def the_mail() -> OutboxMail:
    db.session.rollback()
    return db.session.scalars(select(OutboxMail)).one()


def test_a_mail_is_sent_once_and_names_its_recipient(cast: Cast, sink: Sink, use: Any) -> None:
    use(sink.url)
    a_digest(cast)
    assert outbox.send_due(AT) == 1
    assert outbox.send_due(LATER) == 0
    assert len(sink.mails) == 1
    assert sink.mails[0]["To"] == cast.amina.email
    assert "3 new ratings" in sink.mails[0]["Subject"]
    assert (the_mail().sent_at, the_mail().sent_to, the_mail().lease) == (AT, cast.amina.email, None)


def test_the_same_key_is_one_mail(cast: Cast) -> None:
    with transaction():
        first = outbox.post("reset", to=cast.amina.id, key="k", due_at=AT, at=AT)
        assert (first, outbox.post("reset", to=cast.amina.id, key="k", due_at=AT, at=AT)) == (True, False)
    assert the_mail().key == "k"


def test_a_mail_whose_deed_is_rolled_back_never_existed(cast: Cast) -> None:
    with transaction():
        outbox.post("reset", to=cast.amina.id, key="k", due_at=AT, at=AT)
        db.session.rollback()
    assert db.session.scalars(select(OutboxMail)).all() == []


def test_without_a_server_mails_are_kept_and_go_when_there_is_one(cast: Cast, sink: Sink, use: Any) -> None:
    an_invitation(cast)
    assert outbox.send_due(AT) == 0
    assert (the_mail().attempts, the_mail().last_error) == (0, None)
    use(sink.url)
    assert outbox.send_due(AT + timedelta(days=2)) == 1
    assert len(sink.mails) == 1


def test_a_mail_that_is_not_due_waits(cast: Cast, sink: Sink, use: Any) -> None:
    use(sink.url)
    an_invitation(cast, due_at=LATER)
    assert (outbox.send_due(AT), outbox.send_due(LATER)) == (0, 1)


@pytest.mark.parametrize("answer", ["451 not now", "554 no", "hang up"])
def test_a_refusal_is_tried_again_later_under_the_same_message_id(cast: Cast, use: Any, answer: str) -> None:
    with smtp_sink(lambda n: answer if n < 3 else "250 OK") as sink:
        use(sink.url)
        an_invitation(cast)
        assert outbox.send_due(AT) == 0
        first_wait = the_mail().due_at - AT
        assert outbox.send_due(AT + timedelta(minutes=1)) == 0
        assert outbox.send_due(AT + timedelta(minutes=2)) == 0
        assert the_mail().due_at - AT - timedelta(minutes=2) > first_wait
        assert outbox.send_due(AT + timedelta(minutes=6)) == 1
        assert (sink.asked, len(sink.mails)) == (3, 1)
    assert (the_mail().attempts, the_mail().last_error) == (3, None)


def test_a_server_that_takes_the_mail_and_hangs_up_gets_it_again_under_the_same_id(cast: Cast, use: Any) -> None:
    with smtp_sink(lambda n: "hang up after taking it" if n == 1 else "250 OK") as sink:
        use(sink.url)
        an_invitation(cast)
        assert outbox.send_due(AT) == 0
        assert outbox.send_due(LATER) == 1
        assert len(sink.mails) == 2
        assert len(set(sink.ids())) == 1


def test_the_error_names_the_reason_and_nobody(cast: Cast, use: Any) -> None:
    use(f"smtp://127.0.0.1:{free_port()}")
    an_invitation(cast)
    outbox.send_due(AT)
    assert the_mail().last_error == "ConnectionRefusedError 111"
    with smtp_sink(lambda _n: "550 no such user amina") as sink:
        use(sink.url)
        outbox.send_due(LATER)
    assert the_mail().last_error == "SMTPDataError 550"


def test_after_ten_attempts_it_rests_until_somebody_asks_for_more(cast: Cast, sink: Sink, use: Any) -> None:
    use(f"smtp://127.0.0.1:{free_port()}")
    an_invitation(cast)
    for day in range(12):
        outbox.send_due(AT + timedelta(days=day))
    assert (the_mail().attempts, the_mail().dead_at) == (10, AT + timedelta(days=9))
    use(sink.url)
    assert outbox.send_due(AT + timedelta(days=13)) == 0
    with transaction():
        outbox.retry(the_mail(), at=AT + timedelta(days=14))
    assert outbox.send_due(AT + timedelta(days=14)) == 1


def test_a_silent_server_holds_up_one_round_and_loses_nothing(
    cast: Cast, sink: Sink, use: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(outbox, "ROUND_SECONDS", 0.2)
    for number in range(4):
        an_invitation(cast, key=f"invitation|{number}")
    with silent_server() as port:
        use(f"smtp://127.0.0.1:{port}")
        assert outbox.send_due(AT) == 0
    rows = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    assert [row.attempts for row in rows] == [1, 0, 0, 0]
    assert {row.lease for row in rows} == {None}
    db.session.rollback()
    use(sink.url)
    monkeypatch.setattr(outbox, "ROUND_SECONDS", 60)
    assert outbox.send_due(LATER) == 4


def test_a_round_ends_long_before_its_lease() -> None:
    """A message needs at most six answers of the server; the round may begin its last one just before its end."""
    assert leases.LEASE.total_seconds() > outbox.ROUND_SECONDS + 6 * mail.TIMEOUT_SECONDS


def test_one_mail_that_cannot_be_written_does_not_hold_up_the_others(
    app: Flask, cast: Cast, sink: Sink, use: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_row: OutboxMail) -> EmailMessage:
        raise ZeroDivisionError

    app.extensions["mail_composers"]["broken"] = broken
    with transaction():
        outbox.post("broken", to=cast.amina.id, key="broken", due_at=AT - timedelta(hours=1), at=AT)
        outbox.post("no such kind", to=cast.amina.id, key="kind", due_at=AT - timedelta(hours=1), at=AT)
    an_invitation(cast)
    use(sink.url)
    assert outbox.send_due(AT) == 1
    rows = db.session.scalars(select(OutboxMail).where(OutboxMail.sent_at.is_(None)).order_by(OutboxMail.id)).all()
    assert [row.last_error for row in rows] == [
        "could not be written: ZeroDivisionError",
        "could not be written: KeyError",
    ]
    assert "ZeroDivisionError" in capsys.readouterr().err
    db.session.rollback()
    for day in range(1, 12):
        outbox.send_due(AT + timedelta(days=day))
    assert {row.attempts for row in db.session.scalars(select(OutboxMail)) if row.dead_at} == {10}
    db.session.rollback()


def test_a_dead_senders_lease_runs_out_and_the_mail_goes_under_the_same_id(cast: Cast, use: Any) -> None:
    """The first sender reached the server and was killed before it could cross the mail off."""
    with smtp_sink() as sink:
        use(sink.url)
        an_invitation(cast)
        lease = "dead" * 8
        assert outbox._claim(lease, AT) != []
        with reading():
            message = outbox._composed(the_mail())
        assert message is not None
        mail.send(sink.url, message)
        assert outbox.send_due(AT + leases.LEASE) == 0
        assert outbox.send_due(AT + leases.LEASE + timedelta(seconds=1)) == 1
        assert len(sink.ids()) == 2
        assert len(set(sink.ids())) == 1
    assert the_mail().attempts == 2


def test_a_sender_that_lost_its_lease_neither_sends_nor_finishes(cast: Cast, sink: Sink, use: Any) -> None:
    use(sink.url)
    an_invitation(cast)
    slow, quick = "slow" * 8, "swift" * 6
    (number,) = outbox._claim(slow, AT)
    assert outbox._claim(quick, LATER) == []
    assert outbox._claim(quick, AT + timedelta(minutes=6)) == [number]
    assert outbox._send_one(number, slow, smtp_url=sink.url, at=AT) == 0
    outbox._finish(leases.Claimed(number, slow, 1), dead_at=AT)
    assert sink.mails == []
    assert (the_mail().dead_at, the_mail().lease) == (None, quick)


def test_two_senders_at_once_send_each_mail_once(app: Flask, cast: Cast, sink: Sink, use: Any) -> None:
    use(sink.url)
    for number in range(20):
        an_invitation(cast, key=f"invitation|{number}")
    db.session.rollback()
    sent: list[int] = []
    start = threading.Barrier(2)

    def send() -> None:
        with app.app_context():
            start.wait()
            sent.append(outbox.send_due(AT))

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sum(sent) == 20
    assert len(sink.ids()) == len(set(sink.ids())) == 20


def test_who_has_no_address_any_more_gets_nothing_and_nothing_waits(cast: Cast, sink: Sink, use: Any) -> None:
    use(sink.url)
    a_digest(cast)
    with transaction():
        cast.amina.email = None
    assert outbox.send_due(AT) == 0
    assert (the_mail().dropped_at, sink.mails) == (AT, [])


def test_who_was_shut_out_after_the_mail_was_written_down_gets_nothing(cast: Cast, sink: Sink, use: Any) -> None:
    use(sink.url)
    a_digest(cast)
    an_invitation(cast)
    with transaction():
        account_of(cast.amina).deactivated_at = AT
    assert outbox.send_due(AT) == 0
    assert {row.dropped_at for row in db.session.scalars(select(OutboxMail))} == {AT}
    assert sink.mails == []
    db.session.rollback()


def test_who_has_left_gets_nothing(cast: Cast, sink: Sink, use: Any) -> None:
    use(sink.url)
    a_digest(cast)
    with transaction():
        cast.amina.ended_on = AT.date()
    assert outbox.send_due(AT) == 0
    assert (the_mail().dropped_at, sink.mails) == (AT, [])


def test_neither_text_nor_link_of_a_mail_is_in_the_database(
    app: Flask, cast: Cast, sink: Sink, use: Any, database_url: str
) -> None:
    use(sink.url)
    with transaction():
        cast.amina.name = "Sentinelia Quux"
    an_invitation(cast)
    a_digest(cast)
    assert outbox.send_due(AT) == 2
    texts = [part for mail_ in sink.mails for part in (mail_.get_body(("plain",)).get_content(),)]  # type: ignore[union-attr]
    secret = next(word for text in texts for word in text.split() if "/welcome/" in word).split("/")[-1]
    assert any("Hello Sentinelia" in text for text in texts)
    stored = _everything_stored(database_url)
    assert b"Sentinelia Quux" in stored  # the person's own row: the search itself works
    for word in (secret, "Hello Sentinelia", "Open your inbox", "3 new ratings"):
        assert word.encode() not in stored, word


def _everything_stored(url: str) -> bytes:
    """The bytes of the database's files; on PostgreSQL, of every table's text."""
    db.session.rollback()
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        # By another process: closing the file in this one would drop the locks that SQLite holds on it here.
        parts = [str(part) for part in file.parent.iterdir() if part.name.startswith(file.name)]
        return subprocess.run(["cat", *parts], check=True, capture_output=True).stdout
    tables = db.metadata.sorted_tables
    found = os.linesep.join(str(row) for table in tables for row in db.session.execute(select(table)))
    db.session.rollback()
    return found.encode()
