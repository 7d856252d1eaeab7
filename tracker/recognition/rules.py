"""The rules of thanks and praise. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from tracker.core.clock import WorkCalendar
from tracker.recognition.names import has_contact, is_doubtful, tokens_of

RECEIVERS_AT_MOST = 8
KUDOS_A_DAY = 5
STORIES_A_DAY = 3
ONE_DAY = timedelta(hours=24)
LONGER_THAN = 10  # characters of praise: a comment of more than 10
TOP_STARS = 5
# On these scales five stars are wider than the best answer: there only the best one is praise.
TOP_VALUES = {"nps": ("10", "10.0"), "csat100": ("100", "100.0")}
TAKEN_UP_FOR = timedelta(days=14)  # after a rating came in
OLDEST_PRAISE = timedelta(days=30)  # of a service: a file of years is no news
# Why praise is not shared, as it is stored.
NAMES_SOMEBODY, HAS_CONTACT, DOUBTFUL, NO_WORDS = "names", "contact", "doubtful", "no words"
_LETTER = re.compile(r"[^\W\d_]")


def withheld_because(comment: str, *, of: str, colleagues: Iterable[str], known: frozenset[str]) -> str | None:
    """Why a customer's words are not shared, or None. In doubt they are not: whom they are about reads them all the same.

    `of`: the name of whom the rating credits; `colleagues`: the words of everybody's names (`names.tokens_of`);
    `known`: words with a capital letter that are no person's name here (teams, places, the company).
    """
    if not _LETTER.search(comment):
        return NO_WORDS
    own = tokens_of(of)
    said = tokens_of(comment)
    if said & (set(colleagues) - own):
        return NAMES_SOMEBODY
    if has_contact(comment):
        return HAS_CONTACT
    return DOUBTFUL if is_doubtful(comment, own=own, known=known) else None


def shows_from(moment: datetime, calendar: WorkCalendar) -> datetime:
    """When the wall may show what somebody could read from `moment` on: the working morning after the first one at work.

    So the person has had a working day to read it first, and to keep it, whenever it came."""
    first = calendar.next_working_moment(moment)
    return calendar.next_morning(first + timedelta(seconds=1))


def words_mark(title: str | None, text: str | None, *, is_for_all: bool) -> str:
    """What tells one wording of a story from another, so that nobody says yes to words that changed while they read."""
    return sha256(f"{title}|{text}|{is_for_all}".encode()).hexdigest()[:16]


def may_take_back(made_at: datetime, taken_back_at: datetime | None, at: datetime) -> bool:
    """Whether who gave thanks may still take them back: for 24 hours."""
    return taken_back_at is None and at - made_at <= ONE_DAY
