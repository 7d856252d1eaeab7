"""What a row of ratings must hold, and what it means. Pure: no file, no database, no clock."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from math import ceil
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.core.formulas import active, inert
from tracker.intake.column_names import PEOPLE_COLUMNS, RATING_COLUMNS
from tracker.intake.dates import DateOrder, DateReader, Moment, date_order
from tracker.intake.mapping import Scale, guess_mapping, guess_scale, looks_personal
from tracker.intake.mark_words import MARK_WORDS, UNANSWERED, plain

__all__ = [
    "FIELDS",
    "PEOPLE_COLUMNS",
    "RATING_COLUMNS",
    "SCALES",
    "DateOrder",
    "RatingRow",
    "Rejection",
    "Scale",
    "UnusableMapping",
    "active",
    "date_order",
    "guess_mapping",
    "guess_scale",
    "inert",
    "looks_personal",
    "rating_reader",
    "read_rating",
    "row_key",
]

NAMES = ("employee", "team", "touchpoint", "channel", "customer")
SERVICE = ("queue_length", "started_at", "ended_at", "outcome")  # optional facts of the service behind a rating
TEXTS = ("external_id", *NAMES, "drivers", "comment", "place", "contributors", *SERVICE)
FIELDS = ("rated_at", "stars", *TEXTS)
MAX_CHARACTERS = {**dict.fromkeys(TEXTS, 200), "drivers": 2_000, "contributors": 2_000, "comment": 20_000}
PLAIN_ROW_CHARACTERS = 200
LONGEST_VALUE = 20
STAR_MARKS = re.compile(r"([★⭐]\ufe0f?){1,9}[☆✩]*")
# "4", "4.0", "4 stars", "4/5", "80 %": the number, its fraction, and what it is counted in.
MARK = re.compile(r"([+-]?\d{1,6})(?:[.,](\d{1,12}))?\s*(stars?|%|/\s*\d{1,3}|out of \d{1,3})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ScaleRule:
    """A scale: its bounds, how it becomes 1 to 5 stars, and what to say when a value is outside."""

    low: int
    high: int
    stars: Callable[[float], int]
    sentence: str
    whole: bool = True


SCALES: dict[Scale, ScaleRule] = {
    "stars": ScaleRule(1, 5, int, "Stars go from 1 to 5"),
    # 0-2, 3-4, 5-6, 7-8, 9-10
    "nps": ScaleRule(0, 10, lambda value: max(1, ceil(value / 2)), "NPS goes from 0 to 10"),
    # The ends and the middle keep their meaning; the two steps between share a star: 1 | 2 3 | 4 | 5 6 | 7
    "csat7": ScaleRule(1, 7, lambda value: (1, 2, 2, 3, 4, 4, 5)[int(value) - 1], "This scale goes from 1 to 7"),
    # 0-20, 21-40, 41-60, 61-80, 81-100; a fraction belongs to the fifth it reaches into
    # Helpdesks’ own words, or a plain number of stars between them
    "words": ScaleRule(1, 5, int, "This is no word for a rating that is known here"),
    "csat100": ScaleRule(0, 100, lambda value: max(1, ceil(value / 20)), "This scale goes from 0 to 100", whole=False),
}


class RatingRow(NamedTuple):
    """One rating as the file tells it; "" where the file says nothing.

    `rated_at` is in UTC, `rated_on` the day it was in the zone asked for. `stars` is 1 to 5; `original_value` is the
    value on `original_scale`. `drivers` are the keys as written. A tuple and no dataclass: five times faster to make.
    """

    external_id: str
    rated_at: datetime
    rated_on: date
    stars: int
    original_value: float | str  # the word where it came as one
    original_scale: Scale
    employee: str
    team: str
    touchpoint: str
    channel: str
    customer: str
    comment: str
    drivers: tuple[str, ...]
    place: str = ""
    contributors: str = ""  # names, split by ; or , where they are looked up
    service: tuple[str, ...] = ()  # in the order of SERVICE, where the row says any of it; read where they are stored


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row is not taken, which field is to blame ("" for the row as a whole), and what the file says there."""

    reason: str
    field: str = ""
    value: str = ""


class UnusableMapping(ValueError):
    """The mapping names what is not there, or leaves out what every rating needs. Its text is for the person."""


Reader = Callable[[list[str]], RatingRow | Rejection]
Mark = tuple[int, float | str]  # stars, and the value on its scale


def read_rating(
    cells: Sequence[str],
    headers: Sequence[str],
    mapping: Mapping[str, str],
    *,
    scale: Scale,
    day_first: bool | None,
    zone: ZoneInfo,
    now: datetime,
) -> RatingRow | Rejection:
    """Read one row. For a whole file make a `rating_reader` once: it remembers what it has read."""
    return rating_reader(headers, mapping, scale=scale, day_first=day_first, zone=zone, now=now)(list(cells))


def rating_reader(
    headers: Sequence[str],
    mapping: Mapping[str, str],
    *,
    scale: Scale,
    day_first: bool | None,
    zone: ZoneInfo,
    now: datetime,
) -> Reader:
    """Return a function that reads the cells of one row; the cells are spent by it.

    `mapping` is {field: header}, headers compared without case; `day_first` None reads only dates that can mean one
    day; a date without a time counts at noon in `zone`; `now` (aware) bounds the future. Raises UnusableMapping.
    """
    width = len(headers)
    columns = _columns(headers, mapping)
    date_column, mark_column = columns["rated_at"], columns["stars"]
    # A field without a column reads the empty cell that every row gets after its last one.
    pick = itemgetter(*(columns.get(field, width) for field in TEXTS))
    moment_of = DateReader(day_first=day_first, zone=zone, now=now)
    mark_of = _mark_reader(scale)

    def read(cells: list[str]) -> RatingRow | Rejection:
        if len(cells) != width and (surplus := _fitted(cells, width)):
            return surplus
        cells.append("")
        mark = mark_of(cells[mark_column])
        if isinstance(mark, str):
            return Rejection(mark, "stars", cells[mark_column][:80])
        moment = moment_of(cells[date_column])
        if isinstance(moment, str):
            return Rejection(moment, "rated_at", cells[date_column][:80])
        texts = pick(cells)
        together = "".join(texts)
        if len(together) > PLAIN_ROW_CHARACTERS or not together.isprintable():
            texts = _cleaned(texts)
        return texts if isinstance(texts, Rejection) else _made(texts, moment, mark, scale)

    return read


def _made(texts: tuple[str, ...], moment: Moment, mark: Mark, scale: Scale) -> RatingRow:
    """What RatingRow(...) does, without its detour through keywords: this runs once a row."""
    external_id, employee, team, touchpoint, channel, customer, drivers, comment, place, contributors, *service = texts
    keys = _driver_keys(drivers) if drivers else ()
    names = (employee.strip(), team.strip(), touchpoint.strip(), channel.strip(), customer.strip())
    told = tuple(service) if any(service) else ()
    return tuple.__new__(
        RatingRow,
        (external_id.strip(), *moment, *mark, scale, *names, comment, keys, place.strip(), contributors, told),
    )


def _fitted(cells: list[str], width: int) -> Rejection | None:
    """Make a row as long as the header; cells beyond it may only be empty."""
    if any(map(str.strip, cells[width:])):
        reason = f"This row has {len(cells)} cells, the first line {width}"
        return Rejection(reason, "", "".join(cells[width:])[:80])
    cells[:] = cells[:width] + [""] * (width - len(cells))
    return None


def row_key(row: RatingRow) -> str:
    """Return a stable key for a row of a file without ids: 32 hexadecimal digits of its content.

    Equal rows have equal keys: who stores them numbers the occurrences.
    """
    content = "\x1f".join(
        (  # a control character: no field can hold one
            row.rated_at.isoformat(),
            str(row.original_value),
            row.original_scale,
            row.employee,
            row.team,
            row.touchpoint,
            row.channel,
            row.customer,
            row.comment,
            *row.drivers,
            *filter(None, (row.place, row.contributors)),  # without these a file’s keys stay what they always were
        )
    )
    return blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _columns(headers: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    positions = {header.casefold(): position for position, header in enumerate(headers)}
    for field, header in mapping.items():
        if field not in FIELDS:
            raise UnusableMapping(f"There is no field “{field}”. The fields are {', '.join(FIELDS)}.")
        if header.strip().casefold() not in positions:
            raise UnusableMapping(f"The file has no column “{header}”. Its columns are {', '.join(headers)}.")
    for field, meaning in (("stars", "the rating"), ("rated_at", "the date")):
        if field not in mapping:
            raise UnusableMapping(f"Say which column holds {meaning} ({field}).")
    return {field: positions[header.strip().casefold()] for field, header in mapping.items()}


def _mark_reader(scale: Scale) -> Callable[[str], Mark | str]:
    """Return a function from a cell to (stars, value on the scale), or to the reason why not."""
    known: dict[str, Mark | str] = {}

    def read(text: str) -> Mark | str:
        mark = known.get(text)
        if mark is None:
            if len(known) > 10_000:
                known.clear()
            mark = known[text] = _mark(text.strip(), scale)
        return mark

    return read


def _mark(text: str, scale: Scale) -> Mark | str:
    rule = SCALES[scale]
    if not text:
        return "There is no rating in this row"
    if scale == "words" and (word := plain(text)) in MARK_WORDS:
        return MARK_WORDS[word], text[:LONGEST_VALUE]
    if plain(text) in UNANSWERED:
        return "The customer was asked and has not answered"
    if scale == "stars" and STAR_MARKS.fullmatch(text):
        text = str(text.count("★") + text.count("⭐"))
    found = MARK.fullmatch(text)
    if found is None or not _counted_in(found[3], rule):
        return rule.sentence
    fraction = (found[2] or "").rstrip("0")
    if fraction and rule.whole:
        return f"{rule.sentence} in whole steps"
    value = float(f"{found[1]}.{fraction}") if fraction else int(found[1])
    if not rule.low <= value <= rule.high:
        return rule.sentence
    return rule.stars(value), value


def _counted_in(unit: str | None, rule: ScaleRule) -> bool:
    """Say whether "stars", "%", "/5" or "out of 5" belongs to this scale: 4/10 is no four stars."""
    if not unit:
        return True
    size = re.sub(r"\D", "", unit)
    if size:
        return int(size) == rule.high
    return rule.high == (100 if unit == "%" else 5)


def _cleaned(texts: tuple[str, ...]) -> tuple[str, ...] | Rejection:
    cleaned = []
    for field, text in zip(TEXTS, texts, strict=True):
        if len(text) > MAX_CHARACTERS[field]:
            label = field.replace("_", " ")
            return Rejection(f"The {label} is longer than {MAX_CHARACTERS[field]:,} characters", field, text[:80])
        if not text.isprintable():
            text = _without_controls(text)
        cleaned.append(text if field == "comment" else " ".join(text.split()))
    return tuple(cleaned)


def _without_controls(text: str) -> str:
    """Keep line breaks (as \\n) and tabs; drop other control characters, and halves of surrogate pairs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "", text)


def _driver_keys(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key in (part.strip() for part in re.split("[;,]", text)) if key))
