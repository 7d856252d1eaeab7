"""Ways out of a report: what a file holds is what the page shows, whoever may not read the page gets none, and it is remembered."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.conftest import Browser, Cast
from tests.reports.jobs import READ, all_worked_out
from tests.reports.made import NEXT_READ, october_rated
from tracker.access.actions import set_roles
from tracker.api.actions import make_token
from tracker.audit.models import AuditEntry
from tracker.core import clock, sheets
from tracker.core.db import db, transaction
from tracker.core.sheets import Sheet
from tracker.reports.contents import Chapter, Contents
from tracker.reports.report_files import as_file
from tracker.reports.sections import Table

PAGE, FILES = "/reports/customers", "/reports/customers/files"
Cells = list[list[str]]  # a table with its headings, as the page writes it


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


def tables_of_page(html: str) -> list[Cells]:
    found = []
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("<tr>")[1:]]
        found.append([[unescape(cell) for cell in row] for row in rows])
    return with_rows(found)


def with_rows(tables: list[Any]) -> list[Any]:
    """A page may leave out a table in which there is nothing."""
    return [table for table in tables if len(table) > 1]


def sentences_of_page(html: str) -> list[str]:
    """The first of a section stands out, the others do not."""
    return [
        unescape(said).replace("\u00a0", " ")
        for said in re.findall(r'<p class="measure">(?:<b>)?(.*?)(?:</b>)?</p>', html)
    ]


def written(value: Any) -> str:
    """A value of a file as a page writes it: made here anew, so that the two cannot go wrong together."""
    if value in ("", None):
        return "–"
    if isinstance(value, str) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return value.removeprefix("'")
    return (f"{float(value):,.2f}" if float(value) % 1 else f"{float(value):,.0f}").replace("-", "−")


def taken(browser: Browser, kind: str, **arguments: str) -> bytes:
    with browser.post(FILES, {"file": kind, **arguments}) as answer:
        assert answer.status_code == 200, answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        return bytes(answer.data)


def book_of(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def archive_of(content: bytes) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))) for name in archive.namelist()
        }


def test_the_files_hold_what_the_page_shows(cast: Cast, browse: Any) -> None:
    october_rated(cast)
    browser = browse(cast.chloe)
    page = browser.get(PAGE).text
    on_page = tables_of_page(page)
    assert any(row[0] == "Tills" for table in on_page for row in table)
    book, archive = book_of(taken(browser, "xlsx")), list(archive_of(taken(browser, "zip")).values())
    in_book, in_archive = with_rows(list(book.values())[1:-1]), with_rows(archive[1:-1])
    for found in (in_book, in_archive):
        assert [[table[0], *[[written(cell) for cell in row] for row in table[1:]]] for table in found] == on_page
    assert [row[1] for row in book["Findings"][1:]] == sentences_of_page(page) == [row[1] for row in archive[0][1:]]
    numbers = [cell for table in in_book for row in table[1:] for cell in row if isinstance(cell, float)]
    assert len(numbers) > 10, "numbers are numbers"


def test_the_api_gives_what_the_page_shows(app: Flask, cast: Cast, browse: Any) -> None:
    october_rated(cast)
    with transaction():
        set_roles(db.session.merge(cast.chloe), {"admin", "hr"}, by=cast.ruth.id, at=READ)
        secret = make_token("board", ["reports:read"], expires_at=None, by=cast.chloe.id, at=READ)
    page = browse(cast.chloe).get(PAGE).text
    answer = app.test_client().get("/api/v1/reports/customers", headers={"Authorization": f"Bearer {secret}"}).json
    tables = [table for section in answer["sections"] for table in section["tables"]]
    as_written = [[table["headings"], *[[written(cell) for cell in row] for row in table["rows"]]] for table in tables]
    assert with_rows(as_written) == tables_of_page(page)
    assert [said for section in answer["sections"] for said in section["sentences"]] == sentences_of_page(page)


def test_the_method_sheet_says_of_whom_when_and_for_whom(cast: Cast, browse: Any) -> None:
    october_rated(cast)
    method = dict(book_of(taken(browse(cast.chloe), "xlsx"))["Method"])
    assert method["Period"] == "The whole company, the twelve months from November 2025 to October 2026."
    assert (method["Month"], method["Who may see it"]) == ("October 2026", "This is for HR.")
    assert method["Worked out"] == "Wednesday 4 November 2026, 12:00", "a file is kept for years"
    assert "Times served:" in method["Where nobody asks"]
    assert "Hidden to protect people" in method["Empty cells"]


def test_a_hidden_cell_is_empty_and_a_formula_is_a_text(app: Flask) -> None:
    table = Table("Teams: a [first] look/over everybody", ["Team", "Share, %"], [["=1+1", 12.5], ["Tills", None]])
    other = Table("teams  a  first  look over everybody", ["Team"], [])
    chapters = [Chapter("a", "A", [], [table, table, other], "So.")]
    contents = Contents("T", "All.", "HR.", READ.date(), [READ.date()], chapters, READ)
    with as_file("xlsx", contents)[0] as made:
        book = book_of(made.read())
    names = list(book)[1:-1]
    assert len({name.lower() for name in names}) == len(names) == 3
    assert book[names[0]] == [["Team", "Share, %"], ["=1+1", 12.5], ["Tills", ""]]
    with as_file("zip", contents)[0] as made:
        [_findings, first, *_more] = archive_of(made.read()).values()
    assert first == [["Team", "Share, %"], ["'=1+1", "12.5"], ["Tills", ""]]


def test_the_name_of_a_sheet_ends_with_a_whole_word(app: Flask) -> None:
    titles = ("Three inputs beside what customers say", "The other way round: ratings first", "x" * 40)
    tables = [Table(title, ["Team"], [["Tills"]]) for title in titles]
    contents = Contents("T", "All.", "HR.", READ.date(), [READ.date()], [Chapter("a", "A", [], tables, "So.")], READ)
    with as_file("xlsx", contents)[0] as made:
        names = list(book_of(made.read()))[1:-1]
    assert names == ["Three inputs beside what", "The other way round ratings", "x" * 31]


def test_a_sheet_has_its_head_frozen_and_its_widths() -> None:
    file, count = sheets.as_book([Sheet("One", ["A", "B"], [["x", 1]], (12, 80))])
    with file, zipfile.ZipFile(file) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert (count, 'state="frozen"' in sheet) == (1, True)
    assert re.findall(r'<col min="(\d)" max="\d" width="(\d+)', sheet) == [("1", "12"), ("2", "80")]


def test_a_file_taken_is_remembered_and_no_other_kind_is_given(cast: Cast, browse: Any) -> None:
    october_rated(cast)
    browser = browse(cast.chloe)
    assert browser.post(FILES, {"file": "exe"}).status_code == 422
    with browser.post(FILES, {"file": "zip", "month": "2026-10"}) as answer:
        assert "customers-2026-10.zip" in answer.headers["Content-Disposition"]
        rows = sum(len(table) - 1 for table in list(archive_of(answer.data).values())[1:-1])
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "report.exported"))
    assert (entry.by_id, entry.details) == (
        cast.chloe.id,
        {"report": "customers", "month": "2026-10", "kind": "zip", "rows": rows},
    )


@pytest.mark.parametrize(
    ("who", "status"), [("amina", 403), ("brian", 403), ("faith", 403), ("ruth", 403), ("chloe", 200)]
)
def test_only_who_reads_the_page_gets_a_file(cast: Cast, browse: Any, who: str, status: int) -> None:
    october_rated(cast)
    browser = browse(getattr(cast, who))
    assert browser.get(PAGE).status_code == status
    with browser.post(FILES, {"file": "xlsx"}) as answer:
        assert answer.status_code == status
    assert browse(None).post(FILES, {"file": "xlsx"}).status_code == 303
    assert browser.post("/reports/nothing/files", {"file": "xlsx"}).status_code == 404


@pytest.mark.parametrize("month", ["2026-11", "2026-13", "x", ""])
def test_of_a_month_that_is_not_there_there_is_no_file(cast: Cast, browse: Any, month: str) -> None:
    october_rated(cast)
    assert browse(cast.chloe).post(FILES, {"file": "xlsx", "month": month}).status_code == 404


def test_before_the_first_month_there_is_nothing_to_take(cast: Cast, browse: Any) -> None:
    browser = browse(cast.chloe)
    page = browser.get(PAGE).text
    assert "No month to read yet" in page
    assert FILES not in page
    assert browser.post(FILES, {"file": "xlsx"}).status_code == 422


def test_the_month_is_chosen_by_form_and_link_and_stays_in_the_address(cast: Cast, browse: Any) -> None:
    october_rated(cast)
    all_worked_out(NEXT_READ)
    with clock.set_to(NEXT_READ):
        browser = browse(cast.chloe, at=NEXT_READ)
        latest, october = browser.get(PAGE).text, browser.get(PAGE + "?month=2026-10").text
    assert '<option value="2026-11" selected>November 2026</option>' in latest
    assert f'rel="prev" href="{PAGE}?month=2026-10"' in latest
    assert 'rel="next"' not in latest
    assert '<option value="2026-10" selected>October 2026</option>' in october
    assert f'rel="next" href="{PAGE}?month=2026-11"' in october
    assert '<input type="hidden" name="month" value="2026-10">' in october
    assert "to October 2026" in october


def test_what_counts_as_happy_goes_along_to_another_month_and_into_the_file(cast: Cast, browse: Any) -> None:
    october_rated(cast)
    browser = browse(cast.chloe)
    page = browser.get(PAGE + "?happy=5").text
    assert page.count('<input type="hidden" name="happy" value="5">') == 3  # the months’ form, and both files
    assert f'href="{PAGE}?month=2026-09&amp;happy=5"' in page
    assert taken(browser, "xlsx", happy="5", month="2026-10")
