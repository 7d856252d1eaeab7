"""Bringing in public reviews from a file; the same file twice changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from tracker.audit.actions import record
from tracker.core.errors import Invalid
from tracker.intake.review_rows import Known, ReviewRow, columns_of, read_rows
from tracker.intake.tables import open_table
from tracker.organisation.queries import the_organisation
from tracker.ratings.queries import touchpoint_choices
from tracker.reviews.actions import take_review
from tracker.reviews.models import Review
from tracker.reviews.queries import known_under, open_teams
from tracker.reviews.rules import FEED_SOURCE

MOST_ROWS = 20_000
SOURCE_LENGTH = 120


@dataclass(frozen=True)
class ReviewFile:
    """What a file would do or has done: counts of rows, and (line, reason) of those left out, by line."""

    added: int
    changed: int
    unchanged: int
    rejected: list[tuple[int, str]]
    columns: dict[str, str]  # field -> header
    columns_left_out: list[str]
    first: list[ReviewRow]


def preview_reviews(path: Path, *, source: str, at: datetime) -> ReviewFile:
    """What `import_reviews` would do; reads only. Raises UnreadableFile or Invalid with a sentence."""
    return _planned(path, source=source, at=at)[1]


def import_reviews(path: Path, *, source: str, by: int, at: datetime) -> ReviewFile:
    """Save the rows that fit, in the caller's transaction; the others are listed with their line and the reason."""
    rows, result = _planned(path, source=source, at=at)
    for row in rows:
        take_review(row.given, by=by, at=at, whose=row.whose)
    left_out = len(result.rejected)
    record(
        "reviews.imported",
        by=by,
        about="review",
        at=at,
        added=result.added,
        changed=result.changed,
        rejected=left_out,
    )
    return result


def checked_source(text: str | None) -> str:
    """The name a file's reviews go by; Invalid when it cannot be one."""
    source = " ".join((text or "").split())
    if not source or len(source) > SOURCE_LENGTH or not source.isprintable():
        raise Invalid(_("Say in a few words where the reviews come from."))
    if source.casefold().startswith(FEED_SOURCE):
        raise Invalid(_("A name that begins with “feed” is for the product’s own feeds. Choose another."))
    return source


def _planned(path: Path, *, source: str, at: datetime) -> tuple[list[ReviewRow], ReviewFile]:
    with open_table(path) as table:
        columns = columns_of(table.headers)
        headers = list(table.headers)
        rows, rejected = read_rows(_counted(table.rows()), columns, source=source, known=_known(), at=at)
    before = known_under(source, [row.given.external_id for row in rows])
    changed = sum(row.given.external_id in before and _is_new_wording(row, before) for row in rows)
    new = sum(row.given.external_id not in before for row in rows)
    left_out = [header for position, header in enumerate(headers) if position not in columns.values()]
    named = {field: headers[position] for field, position in columns.items()}
    unchanged = len(rows) - new - changed
    return rows, ReviewFile(new, changed, unchanged, sorted(rejected), named, left_out, rows[:5])


def _is_new_wording(row: ReviewRow, before: Mapping[str, Review]) -> bool:
    kept = before[row.given.external_id]
    return any(getattr(kept, name) != value for name, value in row.given.wording.items())


def _counted(rows: Iterable[tuple[int, list[str]]]) -> Iterable[tuple[int, list[str]]]:
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise Invalid(_("This file has more than %(most)d rows. Split it.", most=MOST_ROWS))
        yield row


def _known() -> Known:
    organisation = the_organisation()
    teams = {name.casefold(): id for id, name in open_teams()}
    touchpoints = {name.casefold(): id for id, name in touchpoint_choices()}
    return Known(teams, touchpoints, organisation.time_zone if organisation else "UTC")
