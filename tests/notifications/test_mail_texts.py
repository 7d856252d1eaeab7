"""Mails in text and HTML: whole, in the recipient's words, with addresses of our own."""

from email.message import EmailMessage
from typing import Any

from flask import Flask

from tests.conftest import NOW, Cast
from tracker.core import outbox
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.notifications.actions import tell
from tracker.notifications.models import Message


def _composed(app: Flask, kind: str, to: int, **parameters: Any) -> tuple[EmailMessage, str, str]:
    with transaction():
        outbox.post(kind, to=to, key=f"{kind}|test", due_at=NOW, at=NOW, **parameters)
    row = db.session.query(OutboxMail).filter_by(kind=kind).one()
    mail = app.extensions["mail_composers"][kind](row)
    text, html = (part.get_content() for part in mail.iter_parts())
    return mail, text, html


def test_a_digest_lists_what_is_new_and_leads_to_the_inbox(app: Flask, cast: Cast) -> None:
    with transaction():
        for number in range(2):
            tell("week", to=cast.amina.id, key=f"week|{number}", at=NOW, visible_at=NOW, state="plain", count=3)
    ids = [message.id for message in db.session.query(Message).filter_by(person_id=cast.amina.id)]
    mail, text, html = _composed(app, "digest", cast.amina.id, messages=ids)
    assert mail["Subject"] == "2 things are new for you"
    for body in (text, html):
        assert body.count("Your week: 3 new ratings") == 2
        assert "http://localhost/inbox" in body
        assert "Zawadora" in body
    assert "<" not in text


def test_a_digest_begins_with_praise(app: Flask, cast: Cast) -> None:
    """Whatever came first: a week with five stars stands above what is to be done, and within it the thanks above the news."""
    with transaction():
        told = {"to": cast.amina.id, "at": NOW, "visible_at": NOW}
        tell("gap", key="gap|1", **told)
        tell("week", key="week|1", state="below", count=4, praised=1, **told)
        tell("week", key="week|2", state="plain", count=9, praised=6, **told)
        tell("week", key="week|3", state="plain", count=2, praised=0, **told)
    ids = [message.id for message in db.session.query(Message).filter_by(person_id=cast.amina.id)]
    _mail, text, html = _composed(app, "digest", cast.amina.id, messages=ids)
    in_order = ("9 new ratings", "6 customers gave you 5 stars. Your score", "A talk may help", "A harder few weeks")
    for body in (text, html):
        places = [body.index(words) for words in (*in_order, "1 customer gave you 5 stars.", "2 new ratings")]
        assert places == sorted(places)


def test_an_invitation_and_a_reset_carry_a_link_and_say_how_long_it_works(app: Flask, cast: Cast) -> None:
    for kind, words in (("invitation", "14 days"), ("reset", "2 hours")):
        _mail, text, html = _composed(app, kind, cast.amina.id)
        for body in (text, html):
            assert "http://localhost/welcome/" in body
            assert words in body
