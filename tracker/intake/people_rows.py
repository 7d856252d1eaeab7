"""Reading a file of people: which column is what, and each row as clean values or the reason why not."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.errors import Invalid
from tracker.core.language import LANGUAGES
from tracker.intake.column_names import PEOPLE_COLUMNS
from tracker.intake.dates import DateReader, date_order
from tracker.intake.mapping import plain_words

# A “role” in most staff lists is the job, and nobody becomes an admin by a job title: only these names are meant here.
COLUMNS: dict[str, tuple[str, ...]] = {**PEOPLE_COLUMNS, "role": ("role", "roles", "access role")}
LENGTHS = {
    "staff_number": 40,
    "name": 120,
    "email": 254,
    "team": 120,
    "parent_team": 120,
    "manager": 120,
    "contract": 40,
}
ROLES = frozenset({"employee", "manager", "hr", "admin"})
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
EARLIEST_YEAR = 1950
AHEAD = timedelta(days=3 * 366)  # a contract may begin or end in the years to come


@dataclass(frozen=True)
class PersonRow:
    """One row as the file means it; None where the cell is empty, which changes nothing."""

    line: int
    staff_number: str
    name: str | None = None
    email: str | None = None
    team: str | None = None
    parent_team: str | None = None
    manager: str | None = None
    roles: frozenset[str] = frozenset()
    started_on: date | None = None
    ended_on: date | None = None
    contract: str | None = None
    language: str | None = None
    time_zone: str | None = None

    @property
    def key(self) -> str:
        return self.staff_number.casefold()


class Unfit(ValueError):
    """A row that cannot be used; the message is the reason."""


def columns_of(headers: Sequence[str]) -> dict[str, int]:
    """Field -> position of its column. Invalid when there is no column of staff numbers."""
    known = {plain_words(header): position for position, header in reversed(list(enumerate(headers)))}
    found: dict[str, int] = {}
    for field, names in COLUMNS.items():
        position = next((known[name] for name in (field.replace("_", " "), *names) if name in known), None)
        if position is not None and position not in found.values():
            found[field] = position
    if "staff_number" not in found:
        raise Invalid(_("This file has no column of staff numbers. Name it “staff_number” in the first line."))
    return found


def read_rows(
    rows: Iterable[tuple[int, list[str]]], columns: Mapping[str, int], *, at: datetime
) -> tuple[list[PersonRow], list[tuple[int, str]]]:
    """The rows that can be used, and (line, reason) of the others. A row without a single value is passed over."""
    cells = [(line, _cells(row, columns)) for line, row in rows]
    cells = [(line, found) for line, found in cells if any(found.values())]
    reader = _date_reader([found for _line, found in cells], at)
    good: list[PersonRow] = []
    bad: list[tuple[int, str]] = []
    for line, found in cells:
        try:
            good.append(_person_row(line, found, reader))
        except Unfit as reason:
            bad.append((line, str(reason)))
    return _without_twins(good, bad)


def _cells(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {field: " ".join(row[i].split()) if i < len(row) else "" for field, i in columns.items()}


def _date_reader(cells: list[dict[str, str]], at: datetime) -> DateReader:
    """All dates of a file are written in one order: one that can only be meant one way settles the others."""
    written = [found[field] for found in cells for field in ("started_on", "ended_on") if found.get(field)]
    day_first = {"day": True, "month": False}.get(date_order(written))
    return DateReader(day_first=day_first, zone=ZoneInfo("UTC"), now=at.astimezone(UTC) + AHEAD)


def _person_row(line: int, cells: dict[str, str], reader: DateReader) -> PersonRow:
    if not cells["staff_number"]:
        raise Unfit(_("There is no staff number in this row"))
    for field, most in LENGTHS.items():
        if len(cells.get(field, "")) > most:
            raise Unfit(_("“%(text)s…” is too long", text=cells[field][:30]))
    if any(not letter.isprintable() for text in cells.values() for letter in text):
        raise Unfit(_("There are characters in this row that nobody can read"))
    row = PersonRow(
        line=line,
        staff_number=cells["staff_number"],
        email=_email(cells.get("email", "")),
        roles=_roles(cells.get("role", "")),
        started_on=_day(cells.get("started_on", ""), reader),
        ended_on=_day(cells.get("ended_on", ""), reader),
        language=_language(cells.get("language", "")),
        time_zone=_zone(cells.get("time_zone", "")),
        **{field: cells.get(field) or None for field in ("name", "team", "parent_team", "manager", "contract")},
    )
    if row.started_on and row.ended_on and row.ended_on <= row.started_on:
        raise Unfit(_("The last day is before the first one"))
    if row.parent_team and not row.team:
        raise Unfit(_("There is a parent team in this row, but no team"))
    if row.parent_team and row.team and row.parent_team.casefold() == row.team.casefold():
        raise Unfit(_("The team “%(team)s” can’t be part of itself", team=row.team))
    return row


def _email(text: str) -> str | None:
    if not text:
        return None
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise Unfit(_("“%(text)s” is not an email address", text=text[:60])) from None


def _roles(text: str) -> frozenset[str]:
    """What the row gives beyond one's own work. Leading a team is no role: it comes with the column `manager`."""
    words = {word.strip().lower() for word in re.split(r"[;,/|]", text) if word.strip()}
    unknown = sorted(words - ROLES)
    if unknown:
        raise Unfit(_("“%(role)s” is no role. There are employee, manager, hr and admin", role=unknown[0][:40]))
    return frozenset(words & {"hr", "admin"})


def _day(text: str, reader: DateReader) -> date | None:
    if not text:
        return None
    iso = ISO.fullmatch(text)  # read here: people have worked for longer than ratings have been counted
    if iso and int(iso[1]) >= EARLIEST_YEAR:
        try:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        except ValueError:
            raise Unfit(_("There is no such day: %(text)s", text=text)) from None
    moment = reader(text)
    if isinstance(moment, str):
        raise Unfit(moment)
    return moment.on


def _language(text: str) -> str | None:
    """The code of a language by code or name; None when its texts are not here yet, which is no reason to refuse."""
    if not text:
        return None
    known = {code: code for code in LANGUAGES} | {name.casefold(): code for code, name in LANGUAGES.items()}
    return known.get(text.casefold()) or known.get(re.split(r"[-_]", text.casefold())[0])


def _zone(text: str) -> str | None:
    if not text:
        return None
    try:
        return clock.zone(text).key
    except ValueError:
        raise Unfit(_("“%(text)s” is no time zone. Use a name such as Africa/Nairobi", text=text[:60])) from None


def _without_twins(rows: list[PersonRow], bad: list[tuple[int, str]]) -> tuple[list[PersonRow], list[tuple[int, str]]]:
    """A staff number or an address that stands twice: nobody can tell which row is right, so neither is used."""
    twice = _lines_by(rows, lambda row: row.key)
    mailed = _lines_by(rows, lambda row: row.email)
    good = []
    for row in rows:
        if len(twice[row.key]) > 1:
            bad.append(
                (
                    row.line,
                    _(
                        "The staff number %(number)s stands on lines %(lines)s",
                        number=row.staff_number,
                        lines=_listed(twice[row.key]),
                    ),
                )
            )
        elif row.email and len(mailed[row.email]) > 1:
            bad.append(
                (
                    row.line,
                    _(
                        "The address %(address)s stands on lines %(lines)s",
                        address=row.email,
                        lines=_listed(mailed[row.email]),
                    ),
                )
            )
        else:
            good.append(row)
    return good, sorted(bad)


def _lines_by(rows: Iterable[PersonRow], key: Callable[[PersonRow], str | None]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in rows:
        value = key(row)
        if value:
            found.setdefault(value, []).append(row.line)
    return found


def _listed(lines: list[int]) -> str:
    return ", ".join(map(str, lines))
