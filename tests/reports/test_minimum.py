"""The minimum of a slope at its borders, on every way out: page, workbook, archive, API and mail show it, or none of them does."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from tests.conftest import Cast
from tests.reports.companies import many_teams, noise
from tests.reports.jobs import READ
from tracker.access.actions import set_roles
from tracker.access.queries import viewer_of_person
from tracker.api.actions import make_token
from tracker.core import clock
from tracker.core.audience import seen_by
from tracker.core.db import db, transaction
from tracker.reports import mail_messages
from tracker.reports.jobs import work_out
from tracker.reports.known import KNOWN

PAGE = "/reports/engagement"
SAID = r"moved by ([+−]?\d\.\d\d) stars \(([+−]?\d\.\d\d) to ([+−]?\d\.\d\d)\)"
LAGS, REVERSED = "Which moves first?", "The other way round: ratings first"
Ways = dict[str, tuple[str, dict[str, list[list[Any]]]]]  # way -> its words, and its tables by title


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


def every_way_out(app: Flask, cast: Cast, browse: Any) -> Ways:
    with transaction():
        set_roles(db.session.merge(cast.chloe), {"admin", "hr"}, by=cast.ruth.id, at=READ)
        secret = make_token("board", ["reports:read"], expires_at=None, by=cast.chloe.id, at=READ)
    chloe = browse(cast.chloe)
    page = chloe.get(PAGE).text
    headers = {"Authorization": f"Bearer {secret}"}
    answer = app.test_client().get("/api/v1/reports/engagement", headers=headers).json
    said = " ".join(sentence for section in answer["sections"] for sentence in section["sentences"])
    tables = {table["title"]: table["rows"] for section in answer["sections"] for table in section["tables"]}
    return {
        "page": (re.sub(r"<[^>]+>", " ", page), {}),
        "api": (said, tables),
        "mail": (mail_of(app, cast), {}),
        "xlsx": book_of(taken(chloe, "xlsx")),
        "csv": archive_of(taken(chloe, "zip")),
    }


def taken(chloe: Any, kind: str) -> bytes:
    with chloe.post(f"{PAGE}/files", {"file": kind}) as answer:
        return bytes(answer.data)


def mail_of(app: Flask, cast: Cast) -> str:
    viewer = viewer_of_person(cast.chloe.id, at=READ)
    assert viewer is not None
    with app.test_request_context(), seen_by(viewer):
        mail = mail_messages._written(cast.chloe, viewer, KNOWN["engagement"], month="2026-10", made_by_id=None)
        assert mail is not None
        return " ".join(str(part.get_content()) for part in mail.walk() if not part.is_multipart())


def book_of(content: bytes) -> tuple[str, dict[str, list[list[Any]]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return in_words({name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names})


def archive_of(content: bytes) -> tuple[str, dict[str, list[list[Any]]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    return in_words({name: list(csv.reader(io.StringIO(text))) for name, text in texts.items()})


def in_words(sheets: dict[str, list[list[Any]]]) -> tuple[str, dict[str, list[list[Any]]]]:
    words = " ".join(str(cell) for rows in sheets.values() for row in rows for cell in row)
    found = {}
    for rows in sheets.values():
        if rows and "Months later" in map(str, rows[0]):
            found[LAGS] = rows[1:]
        if rows and any(str(heading).startswith("Points a month after") for heading in rows[0]):
            found[REVERSED] = rows[1:]
    return words, found


def slopes_in(tables: dict[str, list[list[Any]]]) -> list[float]:
    """Every figure of a slope, either way; what hides it is empty."""
    cells = [cell for row in tables[LAGS] for cell in row[4:]] + [cell for row in tables[REVERSED] for cell in row[1:]]
    return [float(cell) for cell in cells if cell not in (None, "")]


def a_company(teams: int, months: int, *, every: int = 1) -> None:
    moods, besides = noise(1, teams, months, 0.4), noise(2, teams, months, 0.05)
    many_teams(
        teams,
        months,
        lambda team, month: 3.5 + moods[team, month],
        lambda team, month: 0.3 * (moods[team, month - 1] if month else 0) + besides[team, month],
        every=every,
    )
    while work_out(READ):
        pass


@pytest.mark.parametrize(
    ("teams", "months", "every", "basis"),
    [
        (9, 12, 1, "9 teams and 12 months"),
        (10, 11, 1, "10 teams and 11 months"),
        (19, 6, 1, "19 teams and 6 months"),
        (20, 5, 1, "20 teams and 5 months"),
        (10, 12, 2, "10 teams and 7 months"),
        (20, 12, 3, "20 teams and 5 months"),
    ],
)
def test_one_below_the_minimum_no_way_out_has_a_slope(
    app: Flask, cast: Cast, browse: Any, teams: int, months: int, every: int, basis: str
) -> None:
    a_company(teams, months, every=every)
    for way, (words, tables) in every_way_out(app, cast, browse).items():
        assert f"{basis}; it takes 10 and 12, or 20 and 6." in re.sub(r"\s+", " ", words), way
        assert not re.search(SAID, re.sub(r"\s+", " ", words)), way
        assert "above its own usual" not in words, way
        if tables:
            assert slopes_in(tables) == [], way


@pytest.mark.parametrize(("teams", "months", "every"), [(10, 12, 1), (20, 6, 1), (20, 12, 2)])
def test_at_the_minimum_every_way_out_has_the_same(
    app: Flask, cast: Cast, browse: Any, teams: int, months: int, every: int
) -> None:
    a_company(teams, months, every=every)
    ways = every_way_out(app, cast, browse)
    said = {way: re.findall(SAID, re.sub(r"\s+", " ", words)) for way, (words, _tables) in ways.items()}
    assert all(said.values()), said
    assert len({found[0] for found in said.values()}) == 1, said
    figures = {way: slopes_in(tables) for way, (_words, tables) in ways.items() if tables}
    assert set(figures) == {"api", "xlsx", "csv"}
    assert len({tuple(found) for found in figures.values()}) == 1
    low, high = (float(end.replace("−", "-")) for end in said["page"][0][1:])
    after_a_month = next(row for row in ways["api"][1][LAGS] if row[1] == 1)
    assert after_a_month[5:7] == [low, high]
