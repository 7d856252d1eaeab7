"""Why a customer is not asked, and where an invitation stands, in words."""

from typing import Any

from flask_babel import gettext as _

from tracker.core.language import moment


def reason_words(reason: str) -> str:
    """For a list, without the customer in it."""
    match reason:
        case "declined":
            return _("asked not to be asked again")
        case "works_here":
            return _("works here")
        case "asked_before":
            return _("was asked in the last 30 days")
        case "asked_elsewhere":
            return _("another system asked about this visit")
        case "answered":
            return _("has answered already")
        case "too_late":
            return _("the visit was more than 14 days ago")
        case "handler_unknown":
            return _("nobody known here served the customer")
        case _:
            return reason


def reason_to_sender(reason: str) -> str:
    """For whoever wanted to ask by hand."""
    match reason:
        case "declined":
            return _("This customer asked not to be asked again.")
        case "works_here":
            return _("This address belongs to somebody who works here, and only customers rate.")
        case _:
            return _("This customer was asked in the last 30 days. Once in 30 days is enough.")


def state_words(row: Any) -> str:
    """Of one invitation of a list (queries.InvitationRow)."""
    if row.is_answered:
        return _("answered")
    if row.skip_reason:
        return _("not asked: %(why)s", why=reason_words(row.skip_reason))
    if row.reminded_at:
        return _("reminded %(when)s", when=moment(row.reminded_at))
    if row.sent_at:
        return _("sent %(when)s", when=moment(row.sent_at))
    if row.asked_at:
        return _("on its way")
    return _("planned for %(when)s", when=moment(row.due_at))
