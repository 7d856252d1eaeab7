"""The import by page: choose, match, check, save; nothing is stored before the last step, and all of it can be undone."""

import csv
import io
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_touchpoint
from tracker.access.models import RoleGrant
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.intake import importing
from tracker.intake.columns import masked
from tracker.intake.models import ImportDraft, ImportMapping
from tracker.ratings import rollup
from tracker.ratings.import_models import Import
from tracker.ratings.models import Rating, ScoreWeek

HEADER = "txn_id,emp_no,csat,txn_time,remark,till,cust_phone\n"
GOOD = [
    "R1,N-0412,5,2026-11-02 14:22,Quick and friendly,Till 4,0722 417 318\n",
    "R2,N-0412,4,2026-11-03 09:10,,Till 4,0733 000 111\n",
]
BAD = [
    "R3,N-0977,4,2026-11-03 09:10,,Till 4,0733 000 112\n",
    "R4,N-0977,3,2026-11-03 09:12,,Till 4,0733 000 113\n",
    "R5,N-0412,9,2026-11-03 09:10,,Till 4,0733 000 114\n",
    "R6,N-0412,5,31/31/2025,=1+1,Till 4,0733 000 115\n",
]


@pytest.fixture
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def ruth(app: Flask, cast: Cast, browse: Any, now: datetime, monkeypatch: Any) -> Browser:
    monkeypatch.setattr("tracker.intake.saving.PATIENCE_SECONDS", 60)  # on a busy machine a short file is a long one
    for file in uploads(app):
        file.unlink()
    with transaction():
        a_touchpoint("Till 4")
    return browse(cast.ruth, at=NOW)


def uploads(app: Flask) -> list[Path]:
    return list((Path(app.instance_path) / "uploads").glob("*"))


def send(browser: Browser, rows: list[str], *, header: str = HEADER, source: str = "till system") -> Any:
    file = (io.BytesIO((header + "".join(rows)).encode()), "till-feedback-october.csv")
    return browser.post("/imports/new", {"file": file, "source": source}, content_type="multipart/form-data")


def prepared(browser: Browser, rows: list[str], **options: Any) -> str:
    """The address of the check page of a file whose columns are matched as guessed."""
    answer = send(browser, rows, **options)
    assert answer.status_code == 303, answer.text
    page = browser.get(answer.location).text
    chosen = re.findall(r'<select class="in small".*?</select>', page, re.DOTALL)
    goals = [next(iter(re.findall(r'value="(\w*)" selected', select_)), "") for select_ in chosen]
    order = next(iter(re.findall(r'<option selected value="(day|month)"', page)), "")
    form = {"column": goals, "scale": "stars", "order": order, "remember": "y"}
    assert browser.post(answer.location, form).status_code == 303
    return answer.location.removesuffix("/columns")


def count(model: Any) -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(model)).one()


def test_a_file_goes_all_the_way(cast: Cast, ruth: Browser) -> None:
    check = prepared(ruth, GOOD)
    page = ruth.get(check).text
    assert "till-feedback-october.csv · 2 rows · nothing is saved until step 4" in page
    assert "2 rows are ready" in page
    assert "Every row fits" in page
    assert count(Rating) == count(Import) == 0
    saved = ruth.post(f"{check}/saving")
    assert saved.status_code == 303
    result = ruth.get(saved.location).text
    assert "2 ratings were saved" in result
    assert "2 ratings are saved." in result
    db.session.rollback()
    first = db.session.scalars(select(Rating).order_by(Rating.id)).first()
    assert (first.source, first.external_id, first.person_id) == ("till system", "R1", cast.amina.id)
    assert (first.comment, first.rated_at) == ("Quick and friendly", datetime(2026, 11, 2, 11, 22, tzinfo=UTC))
    assert count(ImportDraft) == 0
    assert rollup.differences() == {}
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "import.finished")).one()
    assert entry.by_id == cast.ruth.id
    assert "Ruth Kiprop" in ruth.get("/imports").text
    assert ruth.get(check).status_code == 404


def test_personal_columns_are_left_out_and_masked(ruth: Browser) -> None:
    page = ruth.get(send(ruth, GOOD).location).text
    assert "0722 417 318" not in page
    assert "07•• ••• 318" in page
    assert "Looks personal, so it’s left out" in page


def test_the_check_says_what_is_wrong_and_what_is_ready(ruth: Browser) -> None:
    page = ruth.get(prepared(ruth, GOOD + BAD)).text
    assert "4 rows need a look" in page
    assert "2: the person isn’t known here" in page
    assert "1: the rating isn’t on its scale" in page
    assert "1: the date can’t be read" in page
    assert "4 rows are ready" in page
    assert "2 of them name nobody we know and will wait in the tray." in page
    assert "Save 4, leave out 2" in page
    assert "also fixes 1 more row" in page
    assert ">9</td><td>Stars go from 1 to 5</td>" in page


def test_the_check_promises_what_saving_does(ruth: Browser) -> None:
    """Every sort of row at once: known, repeated, contradicting, unknown, wrong."""
    first = ruth.post(f"{prepared(ruth, GOOD)}/saving")
    assert first.status_code == 303
    mixed = [*GOOD, *BAD, GOOD[0].replace(",5,", ",1,"), BAD[0], BAD[0].replace(",4,", ",5,")]
    check = prepared(ruth, mixed)
    page = ruth.get(check).text
    assert "Save 2, leave out 4" in page
    assert "3 were imported before and are passed over." in page
    ruth.post(f"{check}/saving")
    row = db.session.scalars(select(Import).order_by(Import.id.desc())).first()
    assert (row.stored, row.unchanged, row.waiting, row.rejected) == (2, 3, 2, 4)


def test_one_answer_settles_all_rows_of_a_person(cast: Cast, ruth: Browser) -> None:
    check = prepared(ruth, GOOD + BAD)
    page = ruth.get(f"{check}/people?reference=N-0977").text
    assert "Who is “N-0977”?" in page
    wrong = ruth.post(f"{check}/people", {"reference": "N-0977", "somebody": "Nobody"})
    assert (wrong.status_code, "Nobody here has exactly" in wrong.text) == (422, True)
    form = {"reference": "N-0977", "somebody": "Kevin Odhiambo"}
    assert ruth.post(f"{check}/people", form).status_code == 303
    page = ruth.get(check).text
    assert "the person isn’t known here" not in page
    ruth.post(f"{check}/saving")
    assert db.session.scalars(select(Rating.person_id).where(Rating.external_id == "R4")).one() == cast.kevin.id


def test_the_order_of_dates_is_settled_in_place(ruth: Browser) -> None:
    rows = ["R1,N-0412,5,03/04/2026 10:00,,,\n", "R2,N-0412,5,05/06/2026 10:00,,,\n"]
    check = prepared(ruth, rows)
    assert "2: the date can’t be read" in ruth.get(check).text
    assert ruth.post(f"{check}/date-order", {"order": "day"}).status_code == 303
    assert "2 rows are ready" in ruth.get(check).text
    ruth.post(f"{check}/saving")
    days = db.session.scalars(select(Rating.rated_on).order_by(Rating.rated_on)).all()
    assert [day.isoformat() for day in days] == ["2026-04-03", "2026-06-05"]


def test_rows_are_put_right_in_place(ruth: Browser) -> None:
    check = prepared(ruth, GOOD + BAD)
    assert 'name="stars-6"' in ruth.get(check).text
    typed = {"stars-6": "3", "rated_at-7": "2026-11-05T09:30", "stars-2": "", "employee-2": "N-0001", "stars-x": "4"}
    assert ruth.post(f"{check}/fixes", typed).status_code == 303
    page = ruth.get(check).text
    assert "2 rows are read anew." in page
    assert "6 rows are ready" in page
    ruth.post(f"{check}/saving")
    saved = db.session.execute(
        select(Rating.external_id, Rating.stars, Rating.rated_on).order_by(Rating.external_id)
    ).all()
    assert [(name, stars, day.isoformat()) for name, stars, day in saved if name in {"R1", "R5", "R6"}] == [
        ("R1", 5, "2026-11-02"),
        ("R5", 3, "2026-11-03"),
        ("R6", 5, "2026-11-05"),
    ]


def test_a_fix_that_is_wrong_itself_is_asked_for_again(ruth: Browser) -> None:
    check = prepared(ruth, BAD)
    ruth.post(f"{check}/fixes", {"stars-4": "7"})
    page = ruth.get(check).text
    assert ">7</td><td>Stars go from 1 to 5</td>" in page
    ruth.post(f"{check}/fixes", {"stars-4": "2"})
    assert "Stars go from 1 to 5" not in ruth.get(check).text


def test_the_order_of_dates_is_only_asked_where_it_helps(ruth: Browser) -> None:
    assert "Day first or month first?" not in ruth.get(prepared(ruth, [*GOOD, "R9,N-0412,5,some day,,,\n"])).text
    assert "Day first or month first?" in ruth.get(prepared(ruth, [*GOOD, "R9,N-0412,5,03/04/2026,,,\n"])).text


def test_rows_to_fix_are_downloaded_inert(ruth: Browser) -> None:
    bad = [*BAD, "R7,N-0412,=HYPERLINK(1),2026-11-03,,,\n"]
    answer = ruth.get(f"{prepared(ruth, bad)}/rows.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["Row", "In the file", "What’s wrong"]
    assert [row[0] for row in rows[1:]] == ["4", "5", "6"]
    assert rows[3][1] == "'=HYPERLINK(1)"


def test_all_or_nothing(ruth: Browser) -> None:
    check = prepared(ruth, GOOD + BAD)
    answer = ruth.post(f"{check}/saving", {"only_if_clean": "1"})
    assert answer.location == check
    assert "Nothing was saved: 2 rows can’t be taken." in ruth.get(check).text
    assert count(Rating) == 0
    assert ruth.post(f"{check}/saving").status_code == 303
    assert count(Rating) == 4


def test_the_next_file_of_a_source_starts_from_the_last(ruth: Browser) -> None:
    header = "a,b,c,d\n"
    location = send(ruth, ["2026-11-02,N-0412,4,R1\n"], header=header).location
    form = {"column": ["rated_at", "employee", "stars", "external_id"], "scale": "nps", "order": "day", "remember": "y"}
    ruth.post(location, form)
    ruth.post(f"{location.removesuffix('/columns')}/saving")
    kept = db.session.get_one(ImportMapping, "till system")
    assert kept.mapping == {"rated_at": "a", "employee": "b", "stars": "c", "external_id": "d"}
    assert (kept.scale, kept.day_first) == ("nps", True)
    db.session.rollback()
    page = ruth.get(send(ruth, ["2026-11-02,N-0412,4,R2\n"], header=header).location).text
    assert '<option value="stars" selected>' in page
    assert '<option selected value="nps">' in page


def test_an_import_is_undone_by_page(ruth: Browser) -> None:
    location = ruth.post(f"{prepared(ruth, GOOD)}/saving").location
    assert ">Undo<" in ruth.get("/imports").text
    assert ruth.post(f"{location}/undoing").status_code == 303
    assert "Undone on" in ruth.get(location).text
    assert count(Rating) == 0
    assert ruth.post(f"{location}/undoing").status_code == 409
    assert ">Undo<" not in ruth.get("/imports").text


def test_after_thirty_days_there_is_no_undo(ruth: Browser, browse: Any, cast: Cast) -> None:
    location = ruth.post(f"{prepared(ruth, GOOD)}/saving").location
    later = NOW + timedelta(days=31)
    with clock.set_to(later):
        browser = browse(cast.ruth, at=later)
        assert ">Undo<" not in browser.get(location).text
        assert browser.post(f"{location}/undoing").status_code == 403
    assert count(Rating) == 2


def test_what_was_left_out_stays_listed(ruth: Browser) -> None:
    location = ruth.post(f"{prepared(ruth, BAD)}/saving").location
    page = ruth.get(location).text
    assert "Rows that were left out" in page
    assert "Stars go from 1 to 5" in page


# It refuses


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"PK\x03\x04 broken", "damaged"),
        (b"%PDF-1.4", "PDF"),
        (b"only one column\n1\n", "only one column"),
        (b"a,b\n", "no rows"),
    ],
)
def test_what_is_no_table_is_said_at_once(ruth: Browser, app: Flask, content: bytes, words: str) -> None:
    data = {"file": (io.BytesIO(content), "x.csv"), "source": "till"}
    answer = ruth.post("/imports/new", data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert words in answer.text
    assert uploads(app) == []
    assert count(ImportDraft) == 0


def test_a_form_without_a_file_is_asked_again(ruth: Browser) -> None:
    answer = ruth.post("/imports/new", {"source": "till"})
    assert (answer.status_code, "Choose a file" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("goals", "words"),
    [
        (["stars", "stars", "rated_at", "", "", "", ""], "Two columns go to the same place"),
        (["stars", "", "", "", "", "", ""], "Say which column holds the rating, and which one its date"),
        (["stars", "rated_at"], "Say for each column where it goes"),
        (["stars", "rated_at", "person_id", "", "", "", ""], "Say for each column where it goes"),
    ],
)
def test_columns_that_cannot_be_matched_are_said(ruth: Browser, goals: list[str], words: str) -> None:
    location = send(ruth, GOOD).location
    answer = ruth.post(location, {"column": goals, "scale": "stars", "order": ""})
    assert answer.status_code == 422
    assert words in answer.text


def test_a_long_file_is_looked_at_in_part_and_saved_whole(ruth: Browser, monkeypatch: Any) -> None:
    monkeypatch.setattr("tracker.intake.checking.MOST_ROWS", 1)
    check = prepared(ruth, GOOD)
    page = ruth.get(check).text
    assert "This is a long file." in page
    assert "Save the whole file" in page
    assert "2 ratings were saved" in ruth.get(ruth.post(f"{check}/saving").location).text
    assert count(Rating) == 2


def running(ruth: Browser, monkeypatch: Any, rows: int) -> str:
    """The address of a file that is being saved, halfway: the next batch waits until `go_on` is set."""
    monkeypatch.setattr("tracker.intake.saving.PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr("tracker.intake.rows.BATCH", 10)
    lines = [f"L{n},N-0412,5,2026-11-02 14:22,,Till 4,\n" for n in range(rows)]
    answer = ruth.post(f"{prepared(ruth, lines)}/saving")
    assert answer.status_code == 303
    return str(answer.location)


@pytest.fixture
def held(monkeypatch: Any) -> Iterator[tuple[Event, Event]]:
    """Lets a file be saved up to its second batch: (one batch is stored, go on)."""
    stored, go_on = Event(), Event()
    begin = importing._Running.store

    def store(self: Any, batch: Any) -> None:
        begin(self, batch)
        stored.set()
        assert go_on.wait(60)

    monkeypatch.setattr(importing._Running, "store", store)
    yield stored, go_on
    go_on.set()
    wait_for_threads()


def wait_for_threads() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("import-"):
            thread.join(60)


def test_a_file_on_its_way_tells_how_far_it_is(ruth: Browser, held: tuple[Event, Event], monkeypatch: Any) -> None:
    location = running(ruth, monkeypatch, 25)
    stored, go_on = held
    assert stored.wait(60)
    page = ruth.get(location).text
    assert "It is being saved" in page
    assert "10 rows read" in page
    assert "Look again" in page
    assert count(ScoreWeek) == 0
    assert ruth.post(f"{location}/undoing").status_code == 409
    go_on.set()
    wait_for_threads()
    assert "25 ratings were saved" in ruth.get(location).text
    assert count(ImportDraft) == 0
    assert rollup.differences() == {}


def test_a_file_that_is_stopped_leaves_nothing(
    app: Flask, cast: Cast, ruth: Browser, held: tuple[Event, Event], monkeypatch: Any
) -> None:
    location = running(ruth, monkeypatch, 25)
    stored, go_on = held
    assert stored.wait(60)
    assert count(Rating) == 10
    assert ruth.post(f"{location}/stopping").status_code == 303
    go_on.set()
    wait_for_threads()
    page = ruth.get(location).text
    assert "Nothing of it was saved" in page
    assert "It was stopped." in page
    assert count(Rating) == 0
    assert rollup.differences() == {}
    assert count(ImportDraft) == 1, "it can be saved anew"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "import.cancelled")).one()
    assert entry.by_id == cast.ruth.id
    assert ruth.post(f"{location}/stopping").status_code == 409


def test_a_second_file_of_the_source_waits(ruth: Browser, held: tuple[Event, Event], monkeypatch: Any) -> None:
    other = prepared(ruth, GOOD)
    running(ruth, monkeypatch, 25)
    assert held[0].wait(60)
    refused = ruth.post(f"{other}/saving")
    assert refused.status_code == 409
    assert "is being imported" in refused.text


def test_what_goes_wrong_on_the_way_stands_on_the_page(app: Flask, ruth: Browser, monkeypatch: Any) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("the disk is full of secrets")

    check, kept = prepared(ruth, GOOD), importing.insert_ratings
    monkeypatch.setattr(importing, "insert_ratings", broken)
    page = ruth.get(ruth.post(f"{check}/saving").location).text
    assert "It could not be finished (OSError)." in page
    assert "secrets" not in page
    assert count(Rating) == 0
    assert count(ImportDraft) == 1
    monkeypatch.setattr(importing, "insert_ratings", kept)
    assert ruth.post(f"{check}/saving").status_code == 303
    assert count(Rating) == 2


def test_a_large_file_is_taken_from_an_admin_alone(cast: Cast, ruth: Browser, browse: Any) -> None:
    rows = [f"R{n},N-0412,5,2026-11-02 14:22,{'x' * 1000},Till 4,\n" for n in range(1_100)]

    def send_by_hand(browser: Browser) -> int:
        """As bytes of our own: the test client would leave a temporary file open."""
        parts = {
            'name="csrf_token"': browser.csrf_token,
            'name="source"': "till",
            'name="file"; filename="large.csv"': HEADER + "".join(rows),
        }
        body = "".join(f"--b\r\nContent-Disposition: form-data; {n}\r\n\r\n{v}\r\n" for n, v in parts.items())
        kind = "multipart/form-data; boundary=b"
        with browser._as_the_server_would():
            return browser.client.post("/imports/new", data=f"{body}--b--".encode(), content_type=kind).status_code

    assert send_by_hand(ruth) == 303
    assert send_by_hand(browse(cast.chloe, at=NOW)) == 413
    assert send_by_hand(browse(None)) == 413
    assert ruth.post("/imports/drafts/1/columns", {"column": "x" * 1_100_000}).status_code == 413


@pytest.mark.parametrize("who", ["amina", "brian", "chloe"])
def test_importing_is_for_admins(cast: Cast, ruth: Browser, browse: Any, who: str) -> None:
    check = prepared(ruth, GOOD)
    done = ruth.post(f"{prepared(ruth, GOOD)}/saving").location
    browser = browse(getattr(cast, who), at=NOW)
    pages = ["/imports", "/imports/new", check, f"{check}/columns", f"{check}/rows.csv", f"{check}/people", done]
    posts = [f"{check}/{deed}" for deed in ("columns", "people", "date-order", "saving", "removal")]
    assert {browser.get(page).status_code for page in pages} == {403}
    assert {browser.post(page).status_code for page in [*posts, f"{done}/undoing"]} == {403}
    assert send(browser, GOOD).status_code == 403
    assert count(Rating) == 2


def test_a_file_in_preparation_is_its_owners_alone(cast: Cast, ruth: Browser, browse: Any) -> None:
    check = prepared(ruth, GOOD)
    with transaction():
        db.session.add(RoleGrant(person_id=cast.kevin.id, role="admin", granted_at=NOW))
    other = browse(cast.kevin, at=NOW)
    for page in (check, f"{check}/columns", f"{check}/rows.csv", f"{check}/people"):
        assert other.get(page).status_code == 404
    for deed in ("columns", "people", "date-order", "saving", "removal"):
        assert other.post(f"{check}/{deed}").status_code == 404
    assert ruth.get(check).status_code == 200


def test_starting_again_forgets_the_file(ruth: Browser, app: Flask) -> None:
    check = prepared(ruth, GOOD)
    assert len(uploads(app)) == 1
    assert ruth.post(f"{check}/removal").status_code == 303
    assert uploads(app) == []
    assert ruth.get(check).status_code == 404


def test_no_word_of_a_file_becomes_markup(ruth: Browser) -> None:
    evil = "<script>alert(1)</script>"
    header = HEADER.replace("remark", evil)
    check = prepared(ruth, [f"R1,{evil},5,2026-11-02,{evil},{evil},\n", f"R2,x,{evil},2026-11-02,,,\n"], header=header)
    for page in (f"{check}/columns", check, f"{check}/people?reference={evil}"):
        text = ruth.get(page).text
        assert evil not in text
        assert "&lt;script&gt;" in text
    assert evil not in ruth.get(ruth.post(f"{check}/saving").location).text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("0722 417 318", "07•• ••• 318"), ("amina@example.com", "am•••@•••••••.com"), ("Kim", "Ki•"), ("", "")],
)
def test_a_masked_value_shows_its_shape(text: str, shown: str) -> None:
    assert masked(text) == shown
