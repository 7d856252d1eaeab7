"""A complaint in words: whole sentences, one for each case."""

from datetime import datetime

from flask_babel import gettext as _

from tracker.core.language import moment
from tracker.recovery.forms import CAUSES, OUTCOMES
from tracker.recovery.models import RecoveryCase, RecoveryEntry

TITLE_LENGTH = 60


def title(case: RecoveryCase) -> str:
    """The beginning of the customer's own words; without any, what is known of the visit."""
    words = next((rating.words for rating in case.ratings if rating.words), None)
    if words:
        first = " ".join(words.split())
        return first if len(first) <= TITLE_LENGTH else first[:TITLE_LENGTH].rsplit(" ", 1)[0] + " …"
    if case.call_asked_at:
        return _("A customer asks for a call")
    return _("A rating without words")


def state(case: RecoveryCase, at: datetime) -> str:
    """Where it stands, in one sentence."""
    if case.closed_at:
        return outcome(case)
    if case.promised_at and case.promised_at > at:
        return _("A call is promised for %(when)s", when=moment(case.promised_at))
    if case.contacted_at:
        return _("Spoken with the customer, still open")
    if case.contact_due_at is None:
        return _("Nobody can be reached: write down what was done")
    if case.contact_due_at <= at:
        return _("Waits since %(when)s for a first word", when=moment(case.opened_at))
    return _("A first word is due by %(when)s", when=moment(case.contact_due_at))


def outcome(case: RecoveryCase) -> str:
    if case.outcome == "taken_back":
        return _("The customer took the answer back")
    return next(str(choice.label) for choice in OUTCOMES if choice.value == case.outcome)


def cause(case: RecoveryCase) -> str | None:
    return next((str(choice.label) for choice in CAUSES if choice.value == case.cause), None)


def entry(row: RecoveryEntry) -> str:
    """What happened, without the words that somebody wrote."""
    to = row.to.name if row.to else _("nobody yet")
    until = moment(row.until) if row.until else ""
    match row.kind:
        case "opened":
            return _("Opened by itself. %(name)s takes care of it", name=to)
        case "added":
            return _("Another rating of this customer was added")
        case "given":
            return _("%(name)s takes care of it now", name=to)
        case "call_asked":
            return _("The customer asked for a call")
        case "overdue":
            return _("Nobody had spoken with the customer by %(when)s", when=until)
        case "escalated":
            return _("%(name)s was asked to help", name=to)
        case "contact":
            return _("Spoken with the customer")
        case "missed":
            return _("Tried, nobody answered")
        case "promise":
            return _("A call was promised for %(when)s", when=until)
        case "postponed":
            return _("The customer wants it later: %(when)s", when=until)
        case "note":
            return _("Note")
        case "answered":
            return _("The customer said whether it helped")
    return _("Closed")


def solved(answer: str) -> str:
    return {"yes": _("It was put right"), "partly": _("It was partly put right"), "no": _("It was not put right")}[
        answer
    ]
