"""The events there are: when each is sent, and what it holds. The page and the sending read the same list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.core.audience import Viewer
from tracker.core.models import HookDelivery
from tracker.webhooks import outbound_payloads as payloads
from tracker.webhooks.outbound_rules import TEST


@dataclass(frozen=True)
class Field:
    """One field of an event's data. `needs`: sent only where whoever made the webhook reads the thing itself in the pages."""

    name: str
    holds: Any
    needs: bool = False


@dataclass(frozen=True)
class Event:
    """One kind of event: its words, what makes its data, and what can stand in it."""

    says: Any
    said: Callable[[HookDelivery, Viewer], dict[str, Any] | None]
    fields: tuple[Field, ...]


_STAFF_NUMBER = Field("staff_number", _l("whose it is"), needs=True)
_RATING = (
    Field("rating_id", _l("the rating’s number, as in the API")),
    Field("rated_at", _l("when the customer answered")),
    Field("touchpoint", _l("its name, or null")),
    Field("team", _l("the team it counts for, or null")),
    Field("waiting", _l("true while it waits in the tray")),
    Field("stars", _l("1 to 5"), needs=True),
    Field("counts", _l("false while it is left out of the score"), needs=True),
    _STAFF_NUMBER,
    Field("url", _l("the page to read it on"), needs=True),
)
_IMPORT = (
    Field("import_id", _l("the import’s number")),
    Field("stored", _l("how many ratings were new")),
    Field("unchanged", _l("how many were here already")),
    Field("waiting", _l("how many of the new ones went to the tray")),
    Field("rejected", _l("how many rows were left out")),
    Field("url", _l("the page of the import")),
)
_CASE = (
    Field("case", _l("a reference that stays the same for all events of a case")),
    _STAFF_NUMBER,
    Field("url", _l("the page of the case"), needs=True),
)
_TALK = (
    *_CASE,
    Field("talk", _l("a reference that stays the same for all events of a talk")),
    Field("starts_at", _l("when it is, or was"), needs=True),
    Field("minutes", _l("how long"), needs=True),
)
_LOOK = (
    Field("second_look_id", _l("its number")),
    Field("round", _l("1, or 2 when it was asked once more")),
    _STAFF_NUMBER,
    Field("rating_id", _l("the rating it is about"), needs=True),
    Field("outcome", _l("accepted, partly, declined or withdrawn; null while it is open"), needs=True),
    Field("url", _l("its page"), needs=True),
)
_KIOSK = (
    Field("kiosk_id", _l("the kiosk’s number")),
    Field("place", _l("where it stands")),
    Field("team", _l("its team")),
    Field("since", _l("the first of these answers")),
    Field("until", _l("the last of these answers")),
    Field("unhappy", _l("how many were unhappy"), needs=True),
    Field("count", _l("of how many"), needs=True),
    Field("url", _l("the page of the kiosks")),
)
_COMPLAINT = (
    Field("complaint_id", _l("its number")),
    Field("team", _l("the team it is about, or null")),
    Field("opened_at", _l("when it was opened")),
    Field("due_at", _l("by when somebody is to have spoken with the customer, or null where nobody can be reached")),
)
_COMPLAINT_READ = (
    Field("rating_ids", _l("the ratings it is about"), needs=True),
    Field("url", _l("its page"), needs=True),
)
_LEVEL = Field("level", _l("1 after 8 working hours, 2 after 16"))
_CLOSED_AT = Field("closed_at", _l("when it was closed"))
_OUTCOME = Field("outcome", _l("solved, partly, unsolved, not_reached or taken_back"), needs=True)
_SOLVED = Field("solved", _l("what the customer said: yes, partly or no"), needs=True)

EVENTS = {
    "rating.created": Event(_l("A rating has come in"), payloads.rating, _RATING),
    "rating.changed": Event(
        _l("A rating was changed by its customer, left out, or counted again"), payloads.rating, _RATING
    ),
    "rating.reassigned": Event(_l("A rating was credited to somebody else"), payloads.rating, _RATING),
    "rating.erased": Event(_l("A rating was taken back by its customer"), payloads.erased_rating, _RATING[:1]),
    "ratings.imported": Event(_l("A file of ratings is in: one event for the whole file"), payloads.imported, _IMPORT),
    "ratings.import_undone": Event(_l("A file of ratings was taken out again"), payloads.imported, _IMPORT),
    "fall.alerted": Event(
        _l("The weekly check suggests a talk, and the person’s 24 hours are over"),
        payloads.fall,
        (*_CASE, Field("week", _l("the Monday of the last week it rests on"), needs=True)),
    ),
    "case.opened": Event(_l("A case is open to who leads the person"), payloads.case, _CASE),
    "case.closed": Event(_l("A case was closed"), payloads.case, _CASE),
    "talk.booked": Event(_l("A talk was set"), payloads.talk, _TALK),
    "talk.moved": Event(_l("A talk was moved"), payloads.talk, _TALK),
    "talk.called_off": Event(_l("A talk was called off"), payloads.talk, _TALK),
    "talk.held": Event(_l("A talk was written up"), payloads.talk, _TALK),
    "second_look.asked": Event(_l("A second look was asked for"), payloads.second_look, _LOOK),
    "second_look.answered": Event(_l("A second look was answered"), payloads.second_look, _LOOK),
    "second_look.withdrawn": Event(_l("A second look was taken back"), payloads.second_look, _LOOK),
    "complaint.opened": Event(_l("A complaint was opened"), payloads.complaint, (*_COMPLAINT, *_COMPLAINT_READ)),
    "complaint.escalated": Event(
        _l("A complaint waited too long, and somebody above was asked to help"),
        payloads.complaint,
        (*_COMPLAINT, _LEVEL, *_COMPLAINT_READ),
    ),
    "complaint.closed": Event(
        _l("A complaint was closed"), payloads.closed_complaint, (*_COMPLAINT, _CLOSED_AT, _OUTCOME, *_COMPLAINT_READ)
    ),
    "complaint.answered": Event(
        _l("A customer said whether a complaint was put right"),
        payloads.answered_complaint,
        (*_COMPLAINT, _CLOSED_AT, _OUTCOME, _SOLVED, *_COMPLAINT_READ),
    ),
    "kiosk.unhappy_burst": Event(_l("Many customers at one kiosk are unhappy"), payloads.kiosk, _KIOSK),
    TEST: Event(_l("Somebody pressed the test button"), payloads.test, ()),
}
OFFERED = {kind: event for kind, event in EVENTS.items() if kind != TEST}
