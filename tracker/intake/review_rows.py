"""What a row of a file of public reviews means."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from tracker.core.errors import Invalid
from tracker.core.formulas import active
from tracker.intake.dates import DateReader, date_order
from tracker.intake.mapping import plain_words
from tracker.reviews.plain import one_line, plain_text, tidy
from tracker.reviews.rules import (
    AUTHOR_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Given,
    Whose,
    key_of,
    language_of,
    stars_in,
    stars_of,
    web_link,
)

# Field -> what its column is called, in plain words.
COLUMNS: dict[str, tuple[str, ...]] = {
    "external_id": ("id", "review id", "external id", "reference", "guid"),
    "published_at": ("published at", "date", "published", "review date", "created at", "created", "posted", "time"),
    "text": ("text", "review", "comment", "content", "body", "review text", "message", "avis", "maoni"),
    "title": ("title", "headline", "subject", "review title", "titre"),
    "author": ("author", "reviewer", "author name", "reviewer name", "name", "user", "auteur"),
    "link": ("link", "url", "review url", "permalink", "address"),
    "stars": ("stars", "rating", "score", "star rating", "note", "nyota"),
    "team": ("team", "branch", "store", "shop"),
    "touchpoint": ("touchpoint",),
    "place": ("place", "location"),
    "language": ("language", "lang", "locale"),
}
NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")
PLACE_LENGTH = 80


class Unfit(ValueError):
    """A row that cannot be used; the message is the reason."""


@dataclass(frozen=True)
class ReviewRow:
    """A row as it will be kept."""

    line: int
    given: Given
    whose: Whose


@dataclass(frozen=True)
class Known:
    """Names that a file may use, in small letters, and how it writes dates."""

    teams: Mapping[str, int]
    touchpoints: Mapping[str, int]
    zone: str


def columns_of(headers: Sequence[str]) -> dict[str, int]:
    """Field -> position of its column. Invalid when there is neither a column of words nor one of stars."""
    known = {plain_words(header): position for position, header in reversed(list(enumerate(headers)))}
    found: dict[str, int] = {}
    for field, names in COLUMNS.items():
        position = next((known[name] for name in names if name in known and known[name] not in found.values()), None)
        if position is not None:
            found[field] = position
    if "text" not in found and "stars" not in found:
        raise Invalid(_("This file has no column of words or stars. Name one “text” or “stars” in the first line."))
    return found


def read_rows(
    rows: Iterable[tuple[int, list[str]]], columns: Mapping[str, int], *, source: str, known: Known, at: datetime
) -> tuple[list[ReviewRow], list[tuple[int, str]]]:
    """The rows that can be used, and (line, reason) of the others. A row without a single value is passed over."""
    cells = [(line, _cells(row, columns)) for line, row in rows]
    cells = [(line, found) for line, found in cells if any(found.values())]
    order = date_order([found["published_at"] for _line, found in cells if found.get("published_at")])
    day_first = {"day": True, "month": False}.get(order)
    reader = DateReader(day_first=day_first, zone=ZoneInfo(known.zone), now=at.astimezone(UTC))
    good: dict[str, ReviewRow] = {}
    bad: list[tuple[int, str]] = []
    for line, found in cells:
        try:
            row = _row(line, found, source, known, reader, at)
            twin = good.setdefault(row.given.external_id, row)
            if twin is not row and twin.given != row.given:
                raise Unfit(_("Line %(line)d has the same id and says something else", line=twin.line))
        except Unfit as reason:
            bad.append((line, str(reason)))
    return list(good.values()), bad


def _cells(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {field: active(row[i].strip()) if i < len(row) else "" for field, i in columns.items()}


def _row(line: int, cells: Mapping[str, str], source: str, known: Known, reader: DateReader, at: datetime) -> ReviewRow:
    text = plain_text(cells.get("text"), most=TEXT_LENGTH + 1)
    title = one_line(plain_text(cells.get("title"), most=TITLE_LENGTH), most=TITLE_LENGTH)
    author = one_line(cells.get("author"), most=AUTHOR_LENGTH)
    if len(text) > TEXT_LENGTH:
        raise Unfit(_("The text is longer than %(most)d characters", most=TEXT_LENGTH))
    stars, original = _stars(cells.get("stars", ""))
    if not text and not title and stars is None:
        raise Unfit(_("There are no words and no stars in this row"))
    published = _moment(cells.get("published_at", ""), reader, at)
    link = cells.get("link", "")
    if link and web_link(link) is None:
        raise Unfit(_("“%(link)s” is no link: it begins with https:// or http://", link=link[:60]))
    own_id = tidy(cells.get("external_id", ""), most=TEXT_LENGTH)
    written = published.isoformat() if published else ""
    given = Given(
        source=source,
        external_id=key_of(own_id) if own_id else key_of("", title, author, written, text),
        text=text,
        title=title,
        author=author,
        link=web_link(link),
        stars=stars,
        original_stars=original,
        language=language_of(cells.get("language")),
        published_at=published,
    )
    return ReviewRow(line, given, _whose(cells, known))


def _stars(text: str) -> tuple[int | None, str | None]:
    if not text:
        return None, None
    found = stars_in(text)
    if found is None and NUMBER.fullmatch(text):
        stars = stars_of(float(text.replace(",", ".")), 5)
        found = (stars, f"{text}/5") if stars and not text.startswith("0") else None
    if found is None:
        raise Unfit(_("“%(text)s” is not 1 to 5 stars. Write another scale as 8/10", text=text[:30]))
    return found


def _moment(text: str, reader: DateReader, at: datetime) -> datetime | None:
    """A day alone counts at noon, which today may still be to come."""
    if not text:
        return None
    moment = reader(text)
    if isinstance(moment, str):
        raise Unfit(moment)
    return min(moment.at, at)


def _whose(cells: Mapping[str, str], known: Known) -> Whose:
    team, touchpoint = cells.get("team", "").casefold(), cells.get("touchpoint", "").casefold()
    if team and team not in known.teams:
        raise Unfit(_("There is no team called “%(name)s”", name=cells["team"][:60]))
    if touchpoint and touchpoint not in known.touchpoints:
        raise Unfit(_("There is no touchpoint called “%(name)s”", name=cells["touchpoint"][:60]))
    place = one_line(cells.get("place"), most=PLACE_LENGTH)
    return Whose(known.teams.get(team), known.touchpoints.get(touchpoint), place)
