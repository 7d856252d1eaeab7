"""How a certificate stands, in words: plain, and never by colour alone."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import plain_day
from tracker.training.certificate_models import Certificate
from tracker.training.certificate_rules import State


@dataclass(frozen=True)
class Standing:
    """`words` for a line, `tone` of the pill around them (None: no pill), `more` beside it."""

    state: State
    words: str
    tone: str | None = None
    more: str | None = None


def standing(certificate: Certificate, today: date) -> Standing:
    """How it stands today. The last day that it is valid is named, never the first on which it is not."""
    state, last_day = certificate.state_on(today), certificate.last_day
    if state is State.REPLACED:
        return Standing(state, _("replaced by a newer one"))
    if state is State.ENDED and certificate.ended_on:
        return Standing(state, _("ended %(day)s", day=plain_day(certificate.ended_on)), "attn", _("to be done anew"))
    if last_day is None or certificate.expires_on is None:
        return Standing(state, _("valid, without an end"))
    if state is State.LAPSED:
        return Standing(state, _("lapsed since %(day)s", day=plain_day(certificate.expires_on)), "attn")
    if state is State.VALID:
        return Standing(state, _("valid until %(day)s", day=plain_day(last_day)))
    return Standing(
        state, days_left(certificate.expires_on - today), "warm", _("valid until %(day)s", day=plain_day(last_day))
    )


def days_left(length: timedelta) -> str:
    return ngettext("ends in %(num)d day", "ends in %(num)d days", length.days)


def how(certificate: Certificate) -> str:
    return _("done here") if certificate.completion.how == "learned" else _("attested")


def within(days: int, count: int) -> str:
    return ngettext("%(num)d ends within %(days)s days", "%(num)d end within %(days)s days", count, days=days)
