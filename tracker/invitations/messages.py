"""The mail that asks a customer: written when it is sent, in the customer's language, from the organisation."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, parseaddr

from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.core import clock, mail, outbox
from tracker.core.db import transaction
from tracker.core.models import OutboxMail
from tracker.invitations.actions import Letter, invitation_of, note_sent, open_letter
from tracker.invitations.deciding import FIRST, REMINDER
from tracker.organisation.queries import the_organisation

STARS = (1, 2, 3, 4, 5)


@dataclass
class Customer:
    """The reader of the mail: no name is known, and none is asked for."""

    email: str | None
    name: str = ""


def start(app: Flask) -> None:
    outbox.composes(app, FIRST, _mail_to_customer, sent=note_sent)
    outbox.composes(app, REMINDER, _mail_to_customer, sent=note_sent)


def _mail_to_customer(row: OutboxMail) -> EmailMessage | None:
    with transaction():
        letter = open_letter(invitation_of(row), is_reminder=row.kind == REMINDER, at=clock.now())
    return _written(letter) if letter else None


def _written(letter: Letter) -> EmailMessage | None:
    # The address comes from the settings, never from a request: a forged Host header must not end up in a mail.
    link = f"{current_app.config['BASE_URL']}/rate/{letter.secret}"
    organisation = the_organisation()
    name = organisation.name if organisation else ""
    with force_locale(letter.language):
        faces = [_("Very bad"), _("Bad"), _("OK"), _("Good"), _("Very good")]
        message = mail.written(
            Customer(letter.address),
            _("%(name)s at %(company)s: how was it?", name=letter.first_name, company=name),
            "asking",
            letter=letter,
            link=f"{link}?language={letter.language}",
            no_more=f"{link}/no-more?language={letter.language}",
            faces=[
                (stars, word, f"{link}?r={stars}&language={letter.language}")
                for stars, word in zip(STARS, faces, strict=True)
            ],
        )
    if message is not None:
        address_from_organisation(message, name, unsubscribe=f"{link}/one-click")
    return message


def address_from_organisation(message: EmailMessage, name: str, *, unsubscribe: str | None) -> None:
    """To a customer the organisation writes, and a mail program may ask it in one click not to (RFC 8058)."""
    del message["From"]
    message["From"] = formataddr((name, parseaddr(current_app.config["MAIL_FROM"])[1]))
    if unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
