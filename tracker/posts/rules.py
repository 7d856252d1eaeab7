"""What names the same post, and when a shift is one. Pure: no database, no clock."""

from datetime import date, datetime, time, timedelta

from tracker.core import clock

LONGEST = timedelta(hours=24)  # also how far back a search for who holds a post has to look
LONGEST_NAME = 80


def key_of(name: str) -> str:
    """How a post is found: “Till  3” and “till 3” are one."""
    return " ".join(name.casefold().split())[:LONGEST_NAME]


def keys_in(place: str) -> list[tuple[str, str]]:
    """(key of the post, name of the team or "") that a place may mean: “Till 3”, or “Till 3, Nairobi Central tills”."""
    whole = " ".join(place.casefold().split())
    cuts = [position for position, letter in enumerate(whole) if letter == ","]
    return [(whole, ""), *((whole[:cut].strip(), whole[cut + 1 :].strip()) for cut in cuts)]


def span(day: date, starts: time, ends: time, zone: str) -> tuple[datetime, datetime]:
    """A shift's two moments; one that ends at or before the hour it begins ends on the next day."""
    last = day if ends > starts else day + timedelta(days=1)
    return clock.moment_at(day, starts, zone), clock.moment_at(last, ends, zone)
