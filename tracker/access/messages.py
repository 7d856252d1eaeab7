"""Invitations and resets: the secret in the link is made when the mail is, and stored nowhere."""

from email.message import EmailMessage

from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.access.actions import make_link
from tracker.access.queries import account_of_person
from tracker.core import clock, mail, outbox
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.organisation.models import Person


def start(app: Flask) -> None:
    outbox.composes(app, "invitation", _account_mail)
    outbox.composes(app, "reset", _account_mail)


def _account_mail(row: OutboxMail) -> EmailMessage | None:
    if row.person_id is None:
        return None
    person, account = db.session.get(Person, row.person_id), account_of_person(row.person_id)
    if person is None or account is None or account.deactivated_at:
        return None
    with transaction():
        secret = make_link(account, row.kind, at=clock.now(), by=None)
    # The address comes from the settings, never from a request: a forged Host header must not end up in a mail.
    link = f"{current_app.config['BASE_URL']}/welcome/{secret}"
    with force_locale(person.language):
        subject = _("Your way in to the service tracker") if row.kind == "invitation" else _("Set a new password")
        return mail.written(person, subject, row.kind, link=link)
