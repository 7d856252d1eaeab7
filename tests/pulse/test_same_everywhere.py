"""One table feeds screen, print, files and API: every number and every hidden cell is the same in all of them."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.api.conftest import Program
from tests.conftest import NOW, Browser, Cast
from tests.pulse.company import OCTOBER, WITH_ENPS, a_closed_round, grown
from tracker.access.actions import set_roles
from tracker.api.actions import make_token
from tracker.api.clients import Uses
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.pulse.result_table import label_of

HIDDEN = "hidden to protect people"
Cells = dict[tuple[str, str], tuple[Any, ...] | None]  # (group, question) -> figures, None where hidden


@pytest.fixture(autouse=True)
def _hour() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.mark.parametrize("who", ["chloe", "brian", "faith", "amina"])
def test_export_and_api_equal_page(app: Flask, cast: Cast, browse: Any, who: str) -> None:
    grown(cast)
    a_closed_round(opens_at=OCTOBER)
    round_id = a_closed_round()
    person: Person = getattr(cast, who)
    with transaction():  # tokens are of admins, who read nothing more of the pulse for it
        set_roles(db.session.merge(person), {"admin", "hr"} if who == "chloe" else {"admin"}, by=cast.ruth.id, at=NOW)
    browser = browse(person, at=NOW)
    sheet = _of_sheet(browser, round_id)
    assert sheet == _of_csv(browser, round_id) == _of_paper(browser, round_id) == _of_api(app, person, round_id)
    short = {place: figures and figures[:2] for place, figures in sheet.items()}
    for address in (f"/pulse/results/{round_id}", "/pulse/results", f"/pulse/results/{round_id}/paper"):
        assert _of_map(browser.get(address).text) == short
    assert any(figures is None for figures in sheet.values()) or who == "amina"
    assert any(sheet.values())
    for group in {group for group, _label in sheet}:
        of_group = {label: figures for (name, label), figures in sheet.items() if name == group}
        assert _of_group(browser, round_id, group) == of_group


def test_a_file_taken_is_remembered_and_no_other_kind_is_given(cast: Cast, browse: Any) -> None:
    grown(cast)
    round_id = a_closed_round()
    browser = browse(cast.chloe, at=NOW)
    assert browser.post(f"/pulse/results/{round_id}/files", {"file": "exe"}).status_code == 422
    assert _taken(browser, round_id, "csv")
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "pulse.exported"))
    assert (entry.details["file"], entry.details["rows"]) == ("csv", 6 * len(WITH_ENPS))


def test_the_excel_file_says_how_it_is_worked_out(cast: Cast, browse: Any) -> None:
    grown(cast)
    book = _book(browse(cast.chloe, at=NOW), a_closed_round())
    assert book.sheet_names == ["Pulse results", "How it is worked out"]
    assert any("Wilson" in str(row[0]) for row in book.get_sheet_by_index(1).to_python())


def _book(browser: Browser, round_id: int) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(_taken(browser, round_id, "xlsx")))


def _taken(browser: Browser, round_id: int, kind: str) -> bytes:
    with browser.post(f"/pulse/results/{round_id}/files", {"file": kind}) as taken:
        assert taken.status_code == 200
        return bytes(taken.data)


def _of_sheet(browser: Browser, round_id: int) -> Cells:
    """Real numbers: an integer is one, a hidden cell has none."""
    sheet = _book(browser, round_id).get_sheet_by_index(0).to_python()[1:]
    rows: list[Any] = [[None if value == "" else value for value in row] for row in sheet]
    for row in rows:
        assert all(value is None or isinstance(value, float) for value in (*row[5:9], *row[10:18]))
    return {(row[0], row[3]): _figures(row) for row in rows}


def _of_csv(browser: Browser, round_id: int) -> Cells:
    rows = list(csv.reader(io.StringIO(_taken(browser, round_id, "csv").decode("utf-8-sig"))))[1:]
    numbers = [
        [
            float(value) if place not in {0, 1, 2, 3, 4, 9} and value else value or None
            for place, value in enumerate(row)
        ]
        for row in rows
    ]
    return {(row[0], row[3]): _figures(row) for row in numbers}  # type: ignore[misc]


def _figures(row: Any) -> tuple[Any, ...] | None:
    if row[4] == HIDDEN:
        assert not any(row[5:])
        return None
    counts = None if row[13] is None else tuple(row[13:18])
    return (row[6], row[5], row[7], row[8], row[10], row[11], row[12], counts)


def _of_api(app: Flask, person: Person, round_id: int) -> Cells:
    app.extensions["api_uses"] = Uses()
    with transaction():
        secret = make_token("board", ["pulse:read"], expires_at=None, by=person.id, at=NOW)
    answer = Program(app, secret).get("/pulse/results")
    [found] = [one for one in (answer.json or {})["data"] if one["id"] == round_id]
    cells: Cells = {}
    for row in found["results"]:
        names = ("mean", "n", "mean_low", "mean_high", "favourable", "favourable_low", "favourable_high")
        figures = (*(row[name] for name in names), tuple(row["counts"]) if row["counts"] else None)
        assert not row["hidden"] or not any(figures)
        cells[row["group"], row["text"]] = None if row["hidden"] else figures
    return cells


def _of_paper(browser: Browser, round_id: int) -> Cells:
    text = browser.get(f"/pulse/results/{round_id}/paper").text
    rows = _rows(text.split("<tbody>")[2])
    cells: Cells = {}
    for at, row in enumerate(rows):
        item = WITH_ENPS[at % len(WITH_ENPS)]
        assert row[1] == label_of(item)
        if row[2] == HIDDEN:
            cells[row[0], item.text("en")] = None
            continue
        n, mean, low, high, share, share_low, share_high = (float(value) if value else None for value in row[2:9])
        counts = None if row[9] == "–" else tuple(float(count) for count in row[9].split(" · "))
        cells[row[0], item.text("en")] = (mean, n, low, high, share, share_low, share_high, counts)
    return cells


def _of_map(text: str) -> Cells:
    cells: Cells = {}
    for row in _rows(text.split("<tbody>")[1]):
        for item, cell in zip(WITH_ENPS, row[1:], strict=True):
            figure, _n, n = cell.partition(" n ")
            place = (row[0].removesuffix(" yours"), item.text("en"))
            cells[place] = None if HIDDEN in cell else (_number(figure), float(n))
    return cells


def _of_group(browser: Browser, round_id: int, group: str) -> dict[str, tuple[Any, ...] | None]:
    listed = browser.get(f"/pulse/results/{round_id}").text
    address = re.search(rf'href="(/pulse/results/groups/\d+)">{re.escape(group)}</a>', listed)
    assert address
    cards = browser.get(address.group(1)).text.split('aria-labelledby="q-')[1:]
    found: dict[str, tuple[Any, ...] | None] = {}
    for item, card in zip(WITH_ENPS, cards, strict=True):
        if 'class="score"' not in card:
            assert HIDDEN in card
            found[item.text("en")] = None
            continue
        figure = re.search(r'class="score">([^<]+)<', card).group(1)  # type: ignore[union-attr]
        n = re.search(r"<br>(\d+) answers<", card).group(1)  # type: ignore[union-attr]
        ends = re.search(r"<p class=\"s\">Likely between ([^ ]+) and ([\d.+−]+?)[,.]?(?: by|\.?<)", card)
        share = re.search(r">(\d+)% [^<]*?likely (\d+) to (\d+)%", card)
        assert ends
        assert share
        counts = re.findall(r'<th scope="row">[^<]*</th><td>(\d+)</td></tr>', card.split("round to round")[0])
        whole = None
        if counts and "How many gave each answer: " in card:
            best_first = [float(count) for count in counts[: 3 if item.scale == "enps" else 5]]
            whole = (
                tuple(best_first[::-1])
                if item.scale != "enps"
                else (best_first[2], 0.0, best_first[1], 0.0, best_first[0])
            )
        found[item.text("en")] = (
            _number(figure), float(n), _number(ends.group(1)), _number(ends.group(2)),
            *(float(value) for value in share.groups()), whole,
        )  # fmt: skip
    return found


def _rows(body: str) -> list[list[str]]:
    rows = body.split("</tbody>")[0].split("</tr>")[:-1]
    return [
        [
            unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", cell)).strip())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        for row in rows
    ]


def _number(words: str) -> float:
    return float(words.replace("−", "-").replace("+", ""))
