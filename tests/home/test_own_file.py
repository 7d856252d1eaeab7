"""One's own file: all that is held on somebody and nothing of anybody else, as it stands on their own pages."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_rating
from tests.home.cards import a_card, a_case, fallen, figures
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.home.own_file import LEFT_OUT, SECTIONS
from tracker.ratings.models import Rating


def taken(browser: Browser) -> dict[str, Any]:
    answer = browser.post("/me/file", {"kind": "json"})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=my-data-")
    return dict(json.loads(answer.data))


@pytest.fixture
def fallen_cast(cast: Cast) -> Cast:
    with transaction():
        a_rating(cast.kevin, 2, at=NOW - timedelta(days=3), comment="=cmd|'/c calc'!A1", drivers=["speed"])
        a_rating(cast.amina, 5, at=NOW - timedelta(days=3), comment="About Amina alone")
        a_card(cast.kevin, fallen(), shares_at=NOW + timedelta(hours=20))
        a_card(cast.amina, figures())
        a_case(cast.kevin, shares_at=NOW + timedelta(hours=20)).reply = "Two tills were closed."
    return cast


def test_every_table_that_points_at_a_person_is_in_the_file_or_left_out_for_a_reason(cast: Cast) -> None:
    pointing = {
        table.name
        for table in db.metadata.sorted_tables
        if any(key.column.table.name == "person" for column in table.columns for key in column.foreign_keys)
    }
    covered = {table for section in SECTIONS for table in section.tables}
    assert pointing - covered - set(LEFT_OUT) == set(), "put it into a section, or into LEFT_OUT with a reason"
    assert covered & set(LEFT_OUT) == set()
    assert set(LEFT_OUT) <= pointing
    assert all(len(reason) > 10 for reason in LEFT_OUT.values())
    assert len({section.key for section in SECTIONS}) == len(SECTIONS)


def test_it_holds_ratings_own_words_score_with_n_and_range_and_the_talk(fallen_cast: Cast, browse: Any) -> None:
    kevin = browse(fallen_cast.kevin)
    rating = db.session.scalars(select(Rating).where(Rating.person_id == fallen_cast.kevin.id)).one()
    id = rating.id
    kevin.post(f"/ratings/{id}/side", {"text": "I said so at once."})
    kevin.post(f"/ratings/{id}/saving")
    kevin.post(f"/ratings/{id}/acknowledgement")
    kevin.post("/me/talk/points", {"text": "A second scanner"})
    found = taken(kevin)
    assert [one["stars"] for one in found["ratings"]] == [2]
    assert (found["ratings"][0]["touchpoint"], found["ratings"][0]["drivers"]) == ("Tills", ["speed"])
    assert [one["text"] for one in found["my_side"]] == ["I said so at once."]
    assert [one["rating_id"] for one in found["saved_for_talk"] + found["read"]] == [id, id]
    assert [one["text"] for one in found["points_for_talk"]] == ["A second scanner"]
    (score,) = found["score"]
    assert (score["score"], score["n"], score["low"], score["high"]) == (3.6, 46, 4.1, 4.7)
    assert score["headline"] == "A harder few weeks. Let’s look at why together."
    assert len(found["score_12_weeks"]) == 12
    assert any("÷" in one["step"] for one in found["score_worked_out"])
    (talk,) = found["talks"]
    assert talk["reply"] == "Two tills were closed."
    assert talk["check"] == score["check"]
    assert found["you"][0]["name"] == "Kevin Odhiambo"
    assert found["teams"][0]["team"] == "Nairobi Central tills"
    assert "Own words added to a rating" in [one["what"] for one in found["what_you_did"]]


def test_it_holds_nothing_of_anybody_else(fallen_cast: Cast, browse: Any) -> None:
    """Not even for who leads them: what Brian reads of his team stays on the pages."""
    for who in (fallen_cast.brian, fallen_cast.dora, fallen_cast.chloe, fallen_cast.ruth):
        found = taken(browse(who))
        text = json.dumps(found)
        for words in ("About Amina alone", "cmd|", "Two tills were closed", "Odhiambo", "Otieno"):
            assert words not in text, (who.name, words)
        assert found["ratings"] == found["score"] == found["talks"] == []


def test_nothing_secret_is_in_it(fallen_cast: Cast, browse: Any) -> None:
    text = json.dumps(taken(browse(fallen_cast.kevin)))
    assert "token" not in text
    assert "password_hash" not in text
    assert "argon2" not in text


def test_the_sheet_says_the_same_and_runs_nothing(fallen_cast: Cast, browse: Any) -> None:
    kevin = browse(fallen_cast.kevin)
    answer = kevin.post("/me/file", {"kind": "xlsx"})
    with ZipFile(BytesIO(answer.data)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == len(SECTIONS)
        assert not any("<f>" in book.read(name).decode() for name in sheets)
        texts = book.read("xl/sharedStrings.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert all(f'name="{section.key[:31]}"' in names for section in SECTIONS)
    assert "=cmd|" in texts  # as a text among texts
    assert "Kevin Odhiambo" in texts


@pytest.mark.parametrize("kind", ["", "csv", "exe"])
def test_another_kind_of_file_is_refused(cast: Cast, browse: Any, kind: str) -> None:
    assert browse(cast.kevin).post("/me/file", {"kind": kind}).status_code == 422


def test_taking_it_is_audited_without_what_it_says_or_who(fallen_cast: Cast, browse: Any) -> None:
    taken(browse(fallen_cast.kevin))
    db.session.rollback()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "own.file_taken")).one()
    assert (entry.by_id, entry.details) == (fallen_cast.kevin.id, {"kind": "json"})
    line = next(
        row for row in browse(fallen_cast.chloe).get("/audit").text.split("<tr>") if "File of everything" in row
    )
    assert "Kevin" not in line


def test_the_page_says_what_is_in_it_and_a_get_takes_nothing(cast: Cast, browse: Any) -> None:
    kevin = browse(cast.kevin)
    page = kevin.get("/me/file").text
    assert "Everything that is held on you here" in page
    assert "/me/file" in kevin.get("/me").text
    db.session.rollback()
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "own.file_taken")).all() == []
    assert browse(None).post("/me/file", {"kind": "json"}).status_code == 303


def test_a_newcomer_gets_a_file_too(cast: Cast, browse: Any) -> None:
    found = taken(browse(cast.ruth))
    assert found["you"][0]["name"] == "Ruth Kiprop"
    assert found["roles"][0]["role"] == "admin"
    assert set(found) >= {section.key for section in SECTIONS}
