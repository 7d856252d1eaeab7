"""A talk as a calendar entry, which calendars recognise again when it is moved, handed on or called off."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vCalAddress


@dataclass(frozen=True)
class Entry:
    """One state of one talk (RFC 5545): the same UID for its whole life, SEQUENCE up by one with each change."""

    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    minutes: int
    summary: str
    url: str
    place: str | None = None


def ics(entry: Entry) -> bytes:
    """A file to be taken into a calendar by hand."""
    return _file(_event(entry, "CONFIRMED"), "PUBLISH")


def invitation(entry: Entry, *, method: str, organizer: str, attendee: str) -> bytes:
    """A REQUEST or CANCEL for one mailbox (RFC 5546).

    The product is the organizer: the talk outlives its leader, and a leader who organized it would not be invited to it. Each of the
    two is the only attendee of their own copy, because calendars are often shared, and who meets whom is theirs.
    """
    event = _event(entry, "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event["organizer"] = vCalAddress(f"mailto:{organizer}")
    guest = vCalAddress(f"mailto:{attendee}")
    guest.params["ROLE"], guest.params["PARTSTAT"], guest.params["RSVP"] = "REQ-PARTICIPANT", "NEEDS-ACTION", "FALSE"
    event.add("attendee", guest, encode=False)
    return _file(event, method)


def _event(entry: Entry, status: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.starts_at + timedelta(minutes=entry.minutes))
    event.add("summary", entry.summary)
    event.add("status", status)
    event.add("url", entry.url)
    if entry.place:
        event.add("location", entry.place)
    return event


def _file(event: Event, method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Service tracker//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
