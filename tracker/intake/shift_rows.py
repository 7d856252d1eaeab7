"""Reading a file of shifts: which column is what, and each row as clean values or the reason why not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from tracker.core.errors import Invalid
from tracker.intake.dates import DateReader, date_order, tells_the_hour
from tracker.intake.mapping import plain_words
from tracker.intake.people_rows import Unfit
from tracker.posts.actions import AHEAD
from tracker.posts.rules import LONGEST_NAME, span

COLUMNS: dict[str, tuple[str, ...]] = {  # the surest name first
    "post": ("post", "place", "till", "desk", "counter", "queue", "station", "register", "line", "position"),
    "employee": ("employee", "staff number", "employee id", "employee number", "staff id", "agent", "person", "name"),
    "day": ("day", "date", "shift date", "work date", "tarehe"),
    "start": ("start", "starts at", "from", "begin", "start time", "shift start", "begins"),
    "end": ("end", "ends at", "until", "to", "end time", "shift end", "finish"),
    "team": ("team", "department", "unit", "branch", "group", "store"),
}
LONGEST = 120
CLOCK = re.compile(r"(\d{1,2})[:.hH](\d{2})?(?::\d{2})?\s*(?:([ap])\.?m\.?)?|(\d{1,2})\s*([ap])\.?m\.?", re.IGNORECASE)


@dataclass(frozen=True)
class ShiftRow:
    """One row as the file means it. The hours are texts until it is known in which zone they are."""

    line: int
    post: str
    employee: str
    team: str
    day: str
    start: str
    end: str


def columns_of(headers: Sequence[str]) -> dict[str, int]:
    """Field -> position of its column. Invalid when one of the four that every shift needs is missing."""
    known = {plain_words(header): position for position, header in reversed(list(enumerate(headers)))}
    found: dict[str, int] = {}
    for field, names in COLUMNS.items():
        position = next((known[name] for name in names if name in known and known[name] not in found.values()), None)
        if position is not None:
            found[field] = position
    missing = [field for field in ("post", "employee", "start", "end") if field not in found]
    if missing:
        raise Invalid(_("This file has no column named “%(name)s” in its first line.", name=missing[0]))
    return found


def read_rows(
    rows: Iterable[tuple[int, list[str]]], columns: Mapping[str, int]
) -> tuple[list[ShiftRow], list[tuple[int, str]]]:
    """The rows that can be used, and (line, reason) of the others. A row without a single value is passed over."""
    good: list[ShiftRow] = []
    bad: list[tuple[int, str]] = []
    for line, cells in rows:
        found = {field: " ".join(cells[i].split()) if i < len(cells) else "" for field, i in columns.items()}
        if not any(found.values()):
            continue
        reason = _problem(found)
        if reason:
            bad.append((line, reason))
        else:
            good.append(ShiftRow(line=line, team=found.pop("team", ""), day=found.pop("day", ""), **found))
    return good, bad


def _problem(cells: Mapping[str, str]) -> str | None:
    words = {
        "post": _("There is no post in this row"),
        "employee": _("There is nobody’s number or name in this row"),
        "start": _("This row does not say when the shift begins"),
        "end": _("This row does not say when the shift ends"),
    }
    for field, sentence in words.items():
        if not cells[field]:
            return sentence
    if len(cells["post"]) > LONGEST_NAME or any(len(text) > LONGEST for text in cells.values()):
        return _("There is a text in this row that is too long")
    if any(not letter.isprintable() for text in cells.values() for letter in text):
        return _("There are characters in this row that nobody can read")
    return None


class Hours:
    """Reads when shifts begin and end, in the zone of the post's team: hours beside a day, or whole moments."""

    def __init__(self, rows: Iterable[ShiftRow], *, at: datetime) -> None:
        written = [text for row in rows for text in (row.day, row.start, row.end) if not _clock(text)]
        self._day_first = {"day": True, "month": False}.get(date_order([text for text in written if text]))
        self._latest = at.astimezone(UTC) + AHEAD
        self._readers: dict[str, DateReader] = {}

    def of(self, row: ShiftRow, zone: str) -> tuple[datetime, datetime]:
        """Raises Unfit with the reason. An end at or before the beginning is on the next day."""
        starts, ends = _clock(row.start), _clock(row.end)
        if starts is None:
            starts_at = self._moment(row.start, zone)
            day = starts_at.astimezone(ZoneInfo(zone)).date()
            begins = starts_at.astimezone(ZoneInfo(zone)).time().replace(tzinfo=None)
            return starts_at, self._moment(row.end, zone) if ends is None else span(day, begins, ends, zone)[1]
        if ends is None:
            raise Unfit(_("The end of this row is no time of day, but its beginning is"))
        if not row.day:
            raise Unfit(_("There is no day in this row"))
        return span(self._day(row.day, zone), starts, ends, zone)

    def _day(self, text: str, zone: str) -> date:
        return self._read(text, zone)[1]

    def _moment(self, text: str, zone: str) -> datetime:
        if not tells_the_hour(text):
            raise Unfit(_("“%(text)s” is no time", text=text[:40]))
        return self._read(text, zone)[0]

    def _read(self, text: str, zone: str) -> tuple[datetime, date]:
        if zone not in self._readers:
            self._readers[zone] = DateReader(day_first=self._day_first, zone=ZoneInfo(zone), now=self._latest)
        found = self._readers[zone](text)
        if isinstance(found, str):
            raise Unfit(found)
        return found


def _clock(text: str) -> time | None:
    """22:00, 22.00, 22h, 22h30, 10 pm; None when it is no time of day."""
    found = CLOCK.fullmatch(text)
    if found is None:
        return None
    hour, minute, half = int(found[1] or found[4]), int(found[2] or 0), found[3] or found[5]
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half in ("p", "P") else 0) if half else hour
    if hour == 24 and minute == 0:
        return time()
    return time(hour, minute) if hour < 24 and minute < 60 else None
