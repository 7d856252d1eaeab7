"""What became of a delivery, in words."""

from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.webhooks.inbound_models import Delivery, Door

# State -> its words and the tone of its pill.
STATES = {
    "waiting": (_l("Waits to be worked off"), "attn"),
    "not_understood": (_l("Not understood"), "attn"),
    "tray": (_l("In the tray"), ""),
    "credited": (_l("Rating credited"), "good"),
    "changed": (_l("Rating changed by the customer"), "good"),
    "known": (_l("Known already"), ""),
    "rated_before": (_l("Rated before"), ""),
    "noted": (_l("Service noted"), "good"),
    "not_about": (_l("Nothing that counts here"), ""),
}
REFUSALS = {
    "no_secret": _l("no secret that can be read is set here"),
    "missing": _l("the signature was missing"),
    "old": _l("it was signed more than 5 minutes before or after it came"),
    "wrong": _l("the signature was wrong"),
}


# What `why` of a delivery means; `field` is a place in the payload, with what stands there.
REASONS = {
    "missing": _l("Missing: %(field)s"),
    "wrong": _l("Can’t be read: %(field)s"),
    "unknown": _l("Not known here: %(field)s. Add it, then work this off again."),
    "source": _l("Leave the source out, or write the name of this door there: %(field)s"),
    "future": _l("It speaks of a moment that hasn’t come yet: %(field)s"),
    "other": _l("This interaction is known here with other content. Nothing was changed."),
    "not_json": _l("The body is no JSON object. Choose JSON as the encoding where it is sent."),
    "forgotten": _l("It waited for more than 30 days, or its door was removed, and its body is deleted."),
    "failed": _l("A mistake of ours (%(field)s); the log says more. It can be worked off again."),
    "older": _l("It is older than what is known."),
}


class Fate(NamedTuple):
    words: str
    tone: str
    reason: str


def fate_of(row: Delivery) -> Fate:
    """For the list and the page. A rating that has left the tray since says so."""
    words, tone = STATES[row.state]
    person = row.rating.person if row.rating is not None else None
    if row.state == "credited" and person is not None:
        return Fate(_("Credited to %(name)s", name=person.name), tone, "")
    if row.state == "tray" and person is not None:
        return Fate(_("Waited in the tray; credited to %(name)s since", name=person.name), "good", "")
    return Fate(str(words), tone, _reason(row))


def refusal_of(door: Door) -> str:
    """Why the last refused delivery was refused; "" when none was."""
    return str(REFUSALS.get(door.refused_why or "", ""))


def _reason(row: Delivery) -> str:
    if row.state == "rated_before":
        return _("Another door was first; that rating is kept.")
    return str(REASONS.get(row.why or "", "")) % {"field": row.field or ""}
