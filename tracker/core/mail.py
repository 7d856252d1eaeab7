"""The mail port: the only place that talks SMTP. Tests stand a real SMTP server behind it."""

import smtplib
import ssl
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template

TIMEOUT_SECONDS = 20.0  # a mail server that never answers must not hold the sender for ever


class Recipient(Protocol):
    """Whoever a mail is for."""

    name: str
    email: str | None


def written(person: Recipient, subject: str, template: str, **context: object) -> EmailMessage | None:
    """A mail in text and HTML from `email/<template>.txt` and `.html`; None when the person has no address."""
    if not person.email:
        return None
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = current_app.config["MAIL_FROM"], person.email, subject
    mail["Auto-Submitted"] = "auto-generated"
    context = {**context, "person": person, "subject": subject, "base_url": current_app.config["BASE_URL"]}
    mail.set_content(render_template(f"email/{template}.txt", **context))
    mail.add_alternative(render_template(f"email/{template}.html", **context), subtype="html")
    return mail


class MailNotSent(Exception):
    """The mail server could not be reached or refused; the message names the reason without addresses or text."""


def send(smtp_url: str, message: EmailMessage) -> None:
    """Hand one message to the server of `smtp_url` (smtp:// with STARTTLS where offered, smtps:// for TLS from the start)."""
    try:
        with _connect(smtp_url) as server:
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(f"{type(error).__name__} {_code(error)}".strip()) from error


def _connect(smtp_url: str) -> smtplib.SMTP:
    url = urlsplit(smtp_url)
    host = url.hostname or "localhost"
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, url.port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server


def _code(error: Exception) -> str:
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return str(code) if code else ""
