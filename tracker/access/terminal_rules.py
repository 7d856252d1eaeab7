"""Shared terminals, pure: which PINs are tried first, how long a session lasts, how long to wait after a wrong PIN."""

import re
from datetime import datetime, timedelta
from itertools import pairwise

from tracker.access.rules import keyed_hash

CODE_LENGTH = timedelta(minutes=15)
CODE_LETTERS = 8  # about 40 bits for 15 minutes, behind a limit of tries
SILENCE = timedelta(minutes=3)  # without a request
SESSION_LENGTH = timedelta(minutes=15)  # in all
FREE_PINS = 5
LONGEST_WAIT = timedelta(minutes=15)  # after a wrong PIN, for one person at one terminal
WARNED_AT = 10  # wrong PINs in a row, of which the person hears
# Wrong PINs of all people at one terminal: (length of the span, how many are taken in it). The longer one is there for whoever
# comes back day after day: a hundred tries a day find one PIN of four digits in a hundred days, at a till in plain view.
SPANS = ((timedelta(minutes=15), 20), (timedelta(days=1), 100))
PIN_PATTERN = r"\A[0-9]{4,8}\Z"
FIRST_YEAR, LAST_YEAR = 1930, 2039
TRIED_FIRST = frozenset(
    {
        "1004", "1470", "1379", "2580", "0852", "2468", "1357", "1397", "9731", "3690", "0258", "5683", "4711", "1337",
        "147258", "159753", "147852", "112233", "332211", "121314", "131313", "520520", "123321", "147369", "246810", "789456",
        "11223344", "12344321", "14725836", "12121212",
    }
)  # fmt: skip


def pin_problem(pin: str, *, staff_number: str) -> str | None:
    """Why a PIN is too easy to guess: `row` (repeated or in a row), `common`, `date` or `own`; None when it will do."""
    if pin_is_guessable(pin) or _repeats(pin):
        return "row"
    if pin in TRIED_FIRST:
        return "common"
    if pin in _digits(staff_number) or (len(_digits(staff_number)) >= 4 and _digits(staff_number) in pin):
        return "own"
    return "date" if _looks_like_a_date(pin) else None


def pin_is_guessable(pin: str) -> bool:
    """One digit over and over, or digits in a row."""
    steps = {ord(later) - ord(earlier) for earlier, later in pairwise(pin)}
    return steps in ({0}, {1}, {-1})


def _repeats(pin: str) -> bool:
    """1212, 123123, 1122: two halves alike, or pairs only."""
    half = len(pin) // 2
    pairs = re.fullmatch(r"(?:(\d)\1)(?:(\d)\2)+", pin)
    return len(pin) % 2 == 0 and (pin[:half] == pin[half:] or bool(pairs))


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _looks_like_a_date(pin: str) -> bool:
    """A day and month in either order, alone or with a year of two or four digits; or a year somebody was born or married in."""
    if len(pin) == 4:
        return _is_year(pin) or _is_day(pin)
    if len(pin) == 6:
        return _is_day(pin[:4]) or _is_day(pin[2:])
    if len(pin) == 8:
        return (_is_day(pin[:4]) and _is_year(pin[4:])) or (_is_year(pin[:4]) and _is_day(pin[4:]))
    return False


def _is_year(text: str) -> bool:
    return FIRST_YEAR <= int(text) <= LAST_YEAR


def _is_day(text: str) -> bool:
    first, second = int(text[:2]), int(text[2:])
    return (1 <= first <= 31 and 1 <= second <= 12) or (1 <= first <= 12 and 1 <= second <= 31)


def peppered(key: str, account_id: int, pin: str) -> str:
    """What is hashed of a PIN: worth nothing without `key`, which no database holds, and another text for each person."""
    return keyed_hash(key, f"pin:{account_id}:{pin}")


def is_silent(seen: object, *, at: datetime) -> bool:
    """Whether a session at a terminal has been left alone too long. `seen`: seconds since 1970, as the signed cookie says."""
    return not isinstance(seen, int) or at.timestamp() - seen > SILENCE.total_seconds()


def seconds_left(*, expires_at: datetime, at: datetime) -> int:
    """Until the page on the screen is to make room for the list of names: the shorter of the two limits, and a second more."""
    return max(1, round(min(SILENCE, expires_at - at).total_seconds()) + 1)


def wait_after(failures: int) -> timedelta | None:
    """How long nothing is taken after so many wrong PINs in a row: five are free, then a minute, doubling to 15."""
    over = failures - FREE_PINS
    return None if over < 0 else min(timedelta(minutes=2 ** min(over, 10)), LONGEST_WAIT)
