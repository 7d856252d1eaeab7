"""The mail that asks whether a complaint was put right: written when it is sent. It says nothing of what the complaint was about."""

from datetime import datetime
from email.message import EmailMessage

from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.core import clock, mail, outbox
from tracker.core.db import transaction
from tracker.core.models import OutboxMail
from tracker.intake.complaint_asking import KIND, Letter, case_id_of, open_letter
from tracker.invitations.messages import Customer, address_from_organisation
from tracker.organisation.queries import the_organisation
from tracker.recovery.surveys import note_asked


def start(app: Flask) -> None:
    outbox.composes(app, KIND, _mail_to_customer, sent=_note_sent)


def _mail_to_customer(row: OutboxMail) -> EmailMessage | None:
    with transaction():
        letter = open_letter(case_id_of(row), at=clock.now())
    return _written(letter) if letter else None


def _note_sent(row: OutboxMail, at: datetime) -> None:
    note_asked(case_id_of(row), at=at)


def _written(letter: Letter) -> EmailMessage | None:
    link = f"{current_app.config['BASE_URL']}/rate/{letter.secret}"
    organisation = the_organisation()
    name = organisation.name if organisation else ""
    with force_locale(letter.language):
        message = mail.written(
            Customer(letter.address),
            _("%(company)s: did we put it right?", company=name),
            "recovery_asking",
            letter=letter,
            link=f"{link}?language={letter.language}",
            no_more=f"{link}/no-more?language={letter.language}" if letter.can_decline else None,
        )
    if message is not None:
        address_from_organisation(message, name, unsubscribe=f"{link}/one-click" if letter.can_decline else None)
    return message
