"""A talk as a calendar entry, which calendars recognise again when it is moved."""

from datetime import timedelta

from icalendar import Calendar, Event

from tracker.coaching.models import CoachingSession


def ics(session: CoachingSession, *, summary: str, host: str, url: str) -> bytes:
    """An iCalendar file (RFC 5545) of one talk: the same UID for its whole life, SEQUENCE up by one each time it moves."""
    event = Event()
    event.add("uid", f"talk-{session.id}@{host}")
    event.add("sequence", session.calendar_sequence)
    event.add("dtstamp", session.booked_at)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.starts_at + timedelta(minutes=session.minutes))
    event.add("summary", summary)
    event.add("url", url)
    if session.place:
        event.add("location", session.place)
    calendar = Calendar()
    calendar.add("prodid", "-//Service tracker//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
