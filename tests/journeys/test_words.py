"""Messages and mails of the demo company, each as its reader gets it: none says what the design guide would not."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW
from tests.house.words import said_all_the_same, written_by_people
from tracker.core.db import db
from tracker.core.models import OutboxMail
from tracker.notifications.kinds import kind_of
from tracker.notifications.models import Message

pytestmark = pytest.mark.browser  # the demo of the page tests is made once for all of them


def test_messages_say_none_of_them(demo: Flask) -> None:
    with demo.test_request_context():
        messages = db.session.scalars(select(Message)).all()
        texts = {f"{kind_of(one).title(one)} {kind_of(one).text(one)}" for one in messages}
        assert len({one.kind for one in messages}) > 10
        assert said_all_the_same(" | ".join(sorted(texts)), written_by_people()) == []


def test_mails_say_none_of_them(demo: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.core.clock.now", lambda: NOW)
    with demo.app_context():
        texts = [text for row in db.session.scalars(select(OutboxMail)) for text in _bodies(demo, row)]
        assert texts
        assert said_all_the_same(" | ".join(texts), written_by_people()) == []


def _bodies(demo: Flask, row: OutboxMail) -> list[str]:
    mail = demo.extensions["mail_composers"][row.kind](row)
    return [str(mail["Subject"]), *(part.get_content() for part in mail.iter_parts())] if mail else []
