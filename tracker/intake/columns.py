"""Step 2 of an import: which column of the file goes where, guessed, remembered, checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import delete

from tracker.core.db import db, upsert
from tracker.core.errors import Invalid
from tracker.intake.exports import mapping_of, recognised
from tracker.intake.mapping import PHONE
from tracker.intake.models import ImportDraft, ImportMapping
from tracker.intake.refusals import UnreadableFile
from tracker.intake.rules import FIELDS, Scale, date_order, guess_mapping, guess_scale, looks_personal
from tracker.intake.tables import open_table
from tracker.intake.uploads import KEPT, Upload

SAMPLE_ROWS = 500
LONGEST_SAMPLE = 40
FIXABLE = ("stars", "rated_at")  # what can be put right beside a row; anything else is put right in the file


@dataclass(frozen=True)
class Column:
    """One column of a file as the page shows it: its name, one value of it (masked where it looks like somebody's own), and
    where it goes ("" is left out)."""

    header: str
    sample: str
    field: str
    is_personal: bool


@dataclass(frozen=True)
class Sample:
    """The beginning of a file: its column names and, for each, the values that are filled in."""

    headers: list[str]
    values: list[list[str]]
    rows: list[list[str]]


def sample_of(path: Path) -> Sample:
    """Raises Invalid with a sentence when the file is no table."""
    try:
        with open_table(path) as table:
            rows = [cells for _line, cells in islice(table.rows(), SAMPLE_ROWS)]
            headers = table.headers
    except UnreadableFile as problem:
        raise Invalid(problem.sentence) from problem
    values = [[row[i] for row in rows if i < len(row) and row[i].strip()] for i in range(len(headers))]
    return Sample(headers, values, rows)


def begin_draft(path: Path, *, owner_id: int, token: str, file_name: str, source: str, at: datetime) -> ImportDraft:
    """A file to be prepared, with what its source's last file was matched like, else with a guess. Raises Invalid."""
    sample = sample_of(path)
    db.session.execute(delete(ImportDraft).where(ImportDraft.created_at < at - KEPT))  # their files are gone
    before = db.session.get(ImportMapping, source)
    remembered = before is not None and set(before.mapping.values()) <= set(sample.headers)
    mapping = before.mapping if before and remembered else guessed(sample)
    draft = ImportDraft(
        owner_id=owner_id,
        token=token,
        file_name=file_name[-200:],
        source=source,
        mapping=dict(mapping),
        scale=before.scale if before and remembered else scale_of(sample, mapping.get("stars")),
        day_first=before.day_first if before and remembered else _day_first(_values(sample, mapping.get("rated_at"))),
        create_missing=False,
        remember=True,
        people={},
        fixes={},
        created_at=at,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def guessed(sample: Sample) -> dict[str, str]:
    """As the helpdesk's export that it is recognised as has it, else by the names of the columns and what is in them."""
    export = recognised(sample.headers)
    known = mapping_of(export, sample.headers) if export else {}
    rest = guess_mapping(sample.headers, sample.rows)
    free = {field: header for field, header in rest.items() if field not in known and header not in known.values()}
    return {**known, **({} if {"stars", "rated_at"} <= set(known) else free)}


def columns_of(sample: Sample, mapping: Mapping[str, str]) -> list[Column]:
    """The columns in the order of the file."""
    fields = {header: field for field, header in mapping.items()}
    found = []
    for header, values in zip(sample.headers, sample.values, strict=True):
        is_personal = looks_personal(header, values)
        first = values[0].strip() if values else ""
        shown = masked(first) if is_personal or PHONE.fullmatch(first) else first
        found.append(Column(header, shown[:LONGEST_SAMPLE], fields.get(header, ""), is_personal))
    return found


def matched(headers: Sequence[str], goals: Sequence[str]) -> dict[str, str]:
    """Field -> header, from one goal for each header. Raises Invalid with what is missing or there twice."""
    if len(goals) != len(headers) or not set(goals) <= {"", *FIELDS}:
        raise Invalid(_("Say for each column where it goes"))
    mapping: dict[str, str] = {}
    for header, goal in zip(headers, goals, strict=True):
        if goal in mapping:
            raise Invalid(_("Two columns go to the same place: %(one)s and %(other)s", one=mapping[goal], other=header))
        if goal:
            mapping[goal] = header
    if not {"stars", "rated_at"} <= set(mapping):
        raise Invalid(_("Say which column holds the rating, and which one its date"))
    return mapping


def fixes_from(form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Line -> field -> what to read instead, from fields named stars-48 and rated_at-48; the empty ones say nothing."""
    fixes: dict[str, dict[str, str]] = {}
    for name, value in form.items():
        field, _dash, line = name.rpartition("-")
        if field in FIXABLE and line.isdecimal() and value.strip():
            fixes.setdefault(str(int(line)), {})[field] = value.strip()[:LONGEST_SAMPLE]
    return fixes


def merged(before: Mapping[str, dict[str, str]], fixes: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The fixes so far with new ones; of two for one field the new one counts. A new object, so that the change is seen."""
    return {line: {**before.get(line, {}), **fixes.get(line, {})} for line in {**before, **fixes}}


def masked(text: str) -> str:
    """Enough to recognise a column by, too little to recognise a person: the first two and, of long ones, the last three
    characters stay."""
    keep = 3 if len(text) > 8 else 0
    middle = text[2 : len(text) - keep]
    return text[:2] + re.sub(r"\w", "•", middle) + text[len(text) - keep :]


def goals() -> list[tuple[str, str]]:
    """Where a column can go, in the order of the page."""
    return [
        ("", _("Leave out")),
        ("stars", _("The rating")),
        ("rated_at", _("Its date")),
        ("employee", _("Who served the customer")),
        ("team", _("Team")),
        ("place", _("Post or place")),
        ("contributors", _("Who else helped")),
        ("queue_length", _("How many were waiting")),
        ("started_at", _("When service began")),
        ("ended_at", _("When service ended")),
        ("outcome", _("How it ended")),
        ("touchpoint", _("Touchpoint")),
        ("channel", _("Channel")),
        ("comment", _("Comment")),
        ("drivers", _("What it is about")),
        ("customer", _("Customer’s reference")),
        ("external_id", _("The rating’s own number")),
    ]


def close_draft(draft: ImportDraft, *, is_saved: bool) -> None:
    """Done with it and its file; what was saved is what the next file of this source starts from."""
    Upload.forget(draft.token, draft.owner_id)
    if is_saved and draft.remember:
        _remember(draft)
    db.session.delete(draft)


def _remember(draft: ImportDraft) -> None:
    values = {"mapping": draft.mapping, "scale": draft.scale, "day_first": draft.day_first}
    made = upsert(ImportMapping).values(source=draft.source, **values)
    db.session.execute(made.on_conflict_do_update(index_elements=["source"], set_=values))


def scale_of(sample: Sample, header: str | None) -> Scale:
    """A column that says it holds stars holds stars, whatever slips are in it; else the values tell."""
    if header and "star" in header.lower():
        return "stars"
    export, values = recognised(sample.headers), _values(sample, header)
    if export and export.zero_is_no_answer:
        values = [value for value in values if value.strip("0. ")]
    return guess_scale(values)


def _values(sample: Sample, header: str | None) -> list[str]:
    return sample.values[sample.headers.index(header)] if header in sample.headers else []


def _day_first(values: Sequence[str]) -> bool | None:
    return {"day": True, "month": False}.get(date_order(values))
