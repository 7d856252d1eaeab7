"""Customers to ask, from a file: each row an interaction with an address. The same file twice changes nothing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.access.rules import keyed_hash
from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.errors import Invalid
from tracker.core.language import PUBLIC_LANGUAGES
from tracker.intake.actions import CUSTOMERS_FILE, credited_on, customer_known_as
from tracker.intake.dates import DateReader, date_order
from tracker.intake.mapping import plain_words
from tracker.intake.queries import person_meant
from tracker.intake.tables import open_table
from tracker.invitations.planning import Contact, company_zone, plan_invitation
from tracker.invitations.rules import address_of
from tracker.ratings.models import Interaction, Touchpoint

MOST_ROWS = 1_000  # each is planned by itself; more come by the API
LONGEST = 120
# What each column is called, the surest name first.
COLUMNS = {
    "email": ("email", "e mail", "customer email", "mail", "email address", "barua pepe", "courriel"),
    "ended_at": ("ended at", "service ended", "ended on", "closed at", "date", "day", "visit date", "tarehe", "time"),
    "employee": ("employee", "staff number", "served by", "handler", "agent", "cashier", "staff", "mhudumu", "vendeur"),
    "customer": ("customer", "customer id", "customer number", "customer reference", "client"),
    "touchpoint": ("touchpoint", "stage", "counter", "department"),
    "place": ("place", "till", "desk"),
    "language": ("language", "lugha", "langue"),
    "visit": ("visit", "visit id", "interaction", "ticket", "ticket id", "receipt", "id"),
}
NEEDED = ("email", "ended_at", "employee")


@dataclass
class CustomersImport:
    """What became of the rows. `not_asked`: reason -> how many; `rejected`: (line, why)."""

    planned: int = 0
    unchanged: int = 0
    not_asked: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[int, str]] = field(default_factory=list)


class Unfit(ValueError):
    """A row that cannot be used; the message is the reason."""


def import_customers(path: Path, *, by: int, at: datetime) -> CustomersImport:
    """Plan to ask the customers of a file, in the caller's transaction. Raises UnreadableFile, or Invalid for the whole file."""
    with open_table(path) as table:
        columns = _columns(table.headers)
        rows = [(line, _cells(cells, columns)) for line, cells in table.rows()]
    rows = [(line, cells) for line, cells in rows if any(cells.values())]
    if len(rows) > MOST_ROWS:
        raise Invalid(_("At most %(most)s rows at once. Split the file, or use the API.", most=f"{MOST_ROWS:,}"))
    reader = _Reader([cells["ended_at"] for _line, cells in rows], by=by, at=at)
    result = CustomersImport()
    for line, cells in rows:
        try:
            _take(reader, cells, result)
        except Unfit as reason:
            result.rejected.append((line, str(reason)))
    record(
        "customers.imported",
        by=by,
        about="invitation",
        at=at,
        planned=result.planned,
        unchanged=result.unchanged,
        rejected=len(result.rejected),
    )
    return result


def _columns(headers: list[str]) -> dict[str, int]:
    known = {plain_words(header): position for position, header in reversed(list(enumerate(headers)))}
    found: dict[str, int] = {}
    for name, words in COLUMNS.items():
        position = next((known[word] for word in words if word in known), None)
        if position is not None and position not in found.values():
            found[name] = position
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise Invalid(_("This file has no column “%(name)s”. Name it so in the first line.", name=missing[0]))
    return found


def _cells(row: list[str], columns: dict[str, int]) -> dict[str, str]:
    found = {name: " ".join(row[i].split()) if i < len(row) else "" for name, i in columns.items()}
    return {**dict.fromkeys(COLUMNS, ""), **found}


class _Reader:
    """Turns the cells of one row into an interaction; names are looked up once a file."""

    def __init__(self, days: list[str], *, by: int, at: datetime) -> None:
        day_first = {"day": True, "month": False}.get(date_order([day for day in days if day]))
        zone = ZoneInfo(company_zone())
        self.by, self.at = by, at
        self.moment = DateReader(day_first=day_first, zone=zone, now=at.astimezone(UTC))
        self.person = lru_cache(maxsize=None)(person_meant)
        self.touchpoint = lru_cache(maxsize=None)(_touchpoint)

    def values(self, cells: dict[str, str]) -> dict[str, object]:
        """Columns of the interaction. Raises Unfit with the reason."""
        if any(len(text) > LONGEST or not text.isprintable() for name, text in cells.items() if name != "email"):
            raise Unfit(_("Something in this row is too long, or can’t be printed"))
        moment = self.moment(cells["ended_at"])
        if isinstance(moment, str):
            raise Unfit(moment)
        if moment.at > self.at:
            raise Unfit(_("This is in the future"))
        person = self.person(cells["employee"]) if cells["employee"] else None
        if person is None:
            raise Unfit(_("“%(name)s” is nobody known here, or more than one person", name=cells["employee"]))
        if person.id == self.by:
            raise Unfit(_("Nobody asks customers about their own service"))
        team_id, day = credited_on(person.id, moment.at)
        return {
            "person_id": person.id,
            "team_id": team_id,
            "ended_at": moment.at,
            "ended_on": day,
            "touchpoint_id": self.touchpoint(cells["touchpoint"]) if cells["touchpoint"] else None,
            "place": cells["place"][:80] or None,
        }


def _take(reader: _Reader, cells: dict[str, str], result: CustomersImport) -> None:
    address = address_of(cells["email"])
    if address is None:
        raise Unfit(_("This is not an email address"))
    language = cells["language"].lower()[:2] or "en"
    if language not in PUBLIC_LANGUAGES:
        raise Unfit(_("“%(name)s” is not one of the languages: en, sw, fr", name=cells["language"]))
    values = reader.values(cells)
    # A row without a number of its own is known by what it says; keyed, for an address is in it.
    said = "|".join(
        ["visit", cells["visit"]] if cells["visit"] else [address, str(values["ended_at"]), cells["employee"]]
    )
    key = keyed_hash(current_app.config["SECRET_KEY"], f"customer of a file|{said}")
    made = upsert(Interaction).values(**values, source=CUSTOMERS_FILE, external_id=key, created_by_id=reader.by)
    id = db.session.scalar(
        made.on_conflict_do_nothing(index_elements=["source", "external_id"]).returning(Interaction.id)
    )
    if id is None:
        result.unchanged += 1
        return
    visit = db.session.get_one(Interaction, id)
    if cells["customer"]:
        visit.customer_id = customer_known_as(cells["customer"])
        db.session.flush()
    planned = plan_invitation(visit, Contact(address, language), source="file", by=reader.by, at=reader.at)
    if planned.skip_reason:
        result.not_asked[planned.skip_reason] += 1
    else:
        result.planned += 1


def _touchpoint(name: str) -> int:
    found = db.session.scalar(select(Touchpoint.id).where(func.lower(Touchpoint.name) == name.lower()))
    if found is None:
        raise Unfit(_("There is no touchpoint “%(name)s”", name=name))
    return found
