"""Page, files and API of actions are made of the same rows: the same words, the same figures, the same ones hidden."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.api.conftest import Program
from tests.conftest import Browser, Cast
from tests.factories import a_person
from tests.pulse.company import NOVEMBER, OCTOBER, a_closed_round, grown
from tests.pulse.planning import a_plan_for, said_done
from tracker.access.actions import set_roles
from tracker.api.actions import make_token
from tracker.api.clients import Uses
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.pulse.models import PulsePlan
from tracker.pulse.plan_actions import give_plan, give_up
from tracker.pulse.plan_jobs import follow_plans

NOW = NOVEMBER + timedelta(days=9)
FIGURES = "read by who belongs to the group"
Action = tuple[Any, ...]  # what, group, question, who, state, words
Figures = tuple[Any, ...]


@pytest.fixture(autouse=True)
def _hour() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def company(cast: Cast) -> Cast:
    """Four actions of October: done and moved in November, still open, of the whole company, and given up; the second is somebody’s
    who works elsewhere."""
    grown(cast, corner=0)
    october = a_closed_round(opens_at=OCTOBER)
    a_closed_round(lambda _name, place: {"motivation_1": 5 - place % 3, "trained_1": 1 + place % 3})
    at, tills = OCTOBER + timedelta(days=8), cast.tills.name
    moved = a_plan_for(cast, october, tills, "A second phone", at=at, item="motivation_1")
    open_one = a_plan_for(cast, october, tills, "=Short courses", at=at, item="trained_1")
    a_plan_for(cast, october, cast.root.name, "A word of thanks a week", at=at)
    ended = a_plan_for(cast, october, cast.floor.name, "A new counter", at=at)
    said_done(cast, moved, "It is there", at=NOW)
    with transaction():
        elsewhere = a_person("Njeri Kariuki", team=db.session.merge(cast.root))
        plan = db.session.get_one(PulsePlan, open_one)
        give_plan(plan, elsewhere, due_on=plan.due_on, by=cast.chloe.id, at=NOW)
        give_up(db.session.get_one(PulsePlan, ended), "No money", by=cast.chloe.id, at=NOW)
    follow_plans(NOW)
    return cast


def named(cast: Cast, who: str) -> Person:
    if who != "njeri":
        found: Person = getattr(cast, who)
        return found
    return db.session.scalars(select(Person).where(Person.name == "Njeri Kariuki")).one()


@pytest.mark.parametrize(("who", "count"), [("chloe", 4), ("brian", 3), ("amina", 3), ("njeri", 2)])
def test_page_files_and_api_say_the_same(app: Flask, company: Cast, browse: Any, who: str, count: int) -> None:
    person = named(company, who)
    with transaction():  # tokens are of admins, who read nothing more of the pulse for it
        set_roles(
            db.session.merge(person), {"admin", "hr"} if who == "chloe" else {"admin"}, by=company.ruth.id, at=NOW
        )
    browser = browse(person, at=NOW)
    in_sheet, in_csv = of_sheet(browser), of_csv(browser)
    in_api = of_api(app, person)
    assert len(in_sheet) == count
    assert set(in_sheet) == of_page(browser)
    assert in_sheet == in_api
    assert in_csv == in_api
    hidden = {action for action, figures in in_api.items() if FIGURES in action[5]}
    assert len(hidden) == (1 if who == "njeri" else 0)
    assert all((not any(figures)) == (action in hidden) for action, figures in in_api.items())


def test_a_figure_never_comes_without_its_answers(app: Flask, company: Cast) -> None:
    with transaction():
        set_roles(db.session.merge(company.chloe), {"admin", "hr"}, by=company.ruth.id, at=NOW)
    found = asked(app, company.chloe)["data"]
    figures = [one[place] for one in found for place in ("before", "latest", "moved") if one[place]]
    assert len(figures) > 4
    assert all(figure["n"] >= 5 for figure in figures)
    assert {one["state"] for one in found} == {"moved", "open", "given_up"}
    [moved] = [one for one in found if one["action"] == "A second phone"]
    assert (moved["moved"]["month"], moved["sure"]) == ("2026-11-01", "maybe")
    assert "Maybe a change: it can be chance." in moved["words"]
    assert moved["moved"]["mean"] >= moved["aim"] > moved["before"]["mean"]


def test_pages_of_the_list_follow_each_other(app: Flask, company: Cast) -> None:
    with transaction():
        set_roles(db.session.merge(company.chloe), {"admin", "hr"}, by=company.ruth.id, at=NOW)
    first = asked(app, company.chloe, "?limit=3")
    rest = asked(app, company.chloe, f"?limit=3&cursor={first['next_cursor']}")
    whole = asked(app, company.chloe)
    assert [len(page["data"]) for page in (first, rest, whole)] == [3, 1, 4]
    assert first["data"] + rest["data"] == whole["data"]
    assert rest["next_cursor"] is whole["next_cursor"] is None


def test_a_file_taken_is_remembered_and_no_other_kind_is_given(company: Cast, browse: Any) -> None:
    chloe = browse(company.chloe, at=NOW)
    assert chloe.post("/actions/files", {"file": "exe"}).status_code == 422
    assert taken(chloe, "csv")
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "pulse.plans_exported"))
    assert entry.details == {"file": "csv", "rows": 4}


def test_the_excel_file_says_what_its_figures_are(company: Cast, browse: Any) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken(browse(company.chloe, at=NOW), "xlsx")))
    assert book.sheet_names == ["Actions", "How it is worked out"]
    notes = [str(row[0]) for row in book.get_sheet_by_index(1).to_python()]
    assert any("(95 %)" in note for note in notes)


def taken(browser: Browser, kind: str) -> bytes:
    with browser.post("/actions/files", {"file": kind}) as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def of_sheet(browser: Browser) -> dict[Action, Figures]:
    """Real numbers and days: an empty cell has none."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(taken(browser, "xlsx"))).get_sheet_by_index(0).to_python()[1:]
    assert all(isinstance(number, float) or number == "" for row in rows for number in (*row[6:11], *row[12:16]))
    return {of_row(row): figures_of(row) for row in rows}


def of_csv(browser: Browser) -> dict[Action, Figures]:
    rows = list(csv.reader(io.StringIO(taken(browser, "csv").decode("utf-8-sig"))))[1:]
    assert all(not row[0].startswith("=") for row in rows), "nothing in it is a formula"
    return {of_row([row[0].removeprefix("'"), *row[1:]]): figures_of(row) for row in rows}


def of_row(row: list[Any]) -> Action:
    return (row[0], row[1], row[2], row[3], row[5], row[16])


def figures_of(row: list[Any]) -> Figures:
    """From mean, answers, range to the newest; and where it is to reach."""
    return tuple(None if value == "" else float(value) for value in (*row[6:11], *row[12:16]))


def asked(app: Flask, person: Person, query: str = "") -> Any:
    app.extensions["api_uses"] = Uses()
    with transaction():
        secret = make_token("board", ["pulse:read"], expires_at=None, by=person.id, at=NOW)
    return Program(app, secret).get(f"/pulse/actions{query}").json


def of_api(app: Flask, person: Person) -> dict[Action, Figures]:
    words = {
        "open": "open",
        "late": "past its day",
        "done": "done, measure still open",
        "moved": "the measure moved",
        "given_up": "given up",
    }
    found = {}
    for one in asked(app, person)["data"]:
        action = (one["action"], one["group"], one["text"], one["owner"], words[one["state"]], one["words"])
        found[action] = (*reading(one["before"]), one["aim"], *reading(one["latest"]))
    return found


def reading(figure: dict[str, Any] | None) -> Figures:
    return tuple(figure[name] for name in ("mean", "n", "low", "high")) if figure else (None,) * 4


def of_page(browser: Browser) -> set[Action]:
    rows = browser.get("/actions").text.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:-1]
    return {of_cells(re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)) for row in rows}


def of_cells(cells: list[str]) -> Action:
    what, who, measure, state = ([plain(part) for part in cell.split("<br>")] for cell in cells)
    return (what[0], what[1], measure[0], who[0], state[0], measure[1])


def plain(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html)).strip())
