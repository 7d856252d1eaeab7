"""The exports of helpdesks come in without anybody matching columns, and no row of them is lost without a word."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_person
from tracker.core.db import db, transaction
from tracker.intake.columns import guessed, sample_of, scale_of
from tracker.intake.exports import recognised
from tracker.intake.mark_words import MARK_WORDS, is_word
from tracker.ratings.models import Rating

CHATWOOT = """Agent Name,Rating,Feedback Comment,Contact Name,Contact Phone Number,Link to the conversation,Recorded date

Amina Otieno (amina@example.org),5,"Muy bien, gracias",Juan,'+5215512345678,https://chat.example/42,2026-11-02 10:00:00 UTC
,2,Nobody answered,Ana,,https://chat.example/43,2026-11-02 11:00:00 UTC
Kevin Odhiambo (other@example.org),1,,Ana,,https://chat.example/44,2026-11-03 11:00:00 UTC
Reporting period 2026-11-01 to 2026-11-08
"""
ZENDESK_API = """id,assignee_id,group_id,requester_id,ticket_id,score,comment,reason,created_at
7811,N-0412,1,900,45,good_with_comment,Fast and kind,,2026-11-02T10:00:00Z
7812,N-0412,1,901,46,bad,,The issue took too long to resolve,2026-11-02T12:00:00Z
7813,N-0412,1,902,47,offered,,,2026-11-03T12:00:00Z
"""
ZENDESK_EXPLORE = """Ticket ID,Assignee name,Ticket group,Ticket satisfaction rating,Ticket satisfaction comment,Ticket solved - Date
45,Amina Otieno,Tills,Good,Fast and kind,2026-11-02
46,Kevin Odhiambo,Tills,Bad,,2026-11-03
"""
FRESHDESK = """Ticket ID,Agent,Group,Survey Result,Comments,Responded time
101,Amina Otieno,Tills,Extremely Happy,Great,2026-11-02 10:00
102,Amina Otieno,Tills,Unhappy,,2026-11-02 11:00
103,Kevin Odhiambo,Tills,Neutral,,2026-11-02 12:00
104,Kevin Odhiambo,Tills,103,,2026-11-02 13:00
"""
FREESCOUT = """Conversation,Mailbox,User,Customer,Rating,Comment,Date
#1201,Support,Amina Otieno,c@example.com,Great,Thank you,2026-11-02 10:00
#1202,Support,Kevin Odhiambo,d@example.com,Not Good,,2026-11-02 11:00
#1203,Support,Kevin Odhiambo,d@example.com,Okay,,2026-11-02 12:00
"""
ODOO = """Submitted on,Resource name,Parent Document Name,Rated Operator,Customer,Rating Value,Rating,Comment
2026-11-02 10:00:00,Ticket (#1),Helpdesk,Amina Otieno,Azure Interior,5.0,Satisfied,Great
2026-11-02 11:00:00,Ticket (#2),Helpdesk,Kevin Odhiambo,Deco Addict,1.0,Dissatisfied,
2026-11-02 12:00:00,Ticket (#3),Helpdesk,Kevin Odhiambo,Deco Addict,3.0,Okay,
2026-11-02 13:00:00,Ticket (#4),Helpdesk,Kevin Odhiambo,Deco Addict,0.0,Not Rated yet,
"""
FILES = {
    "Chatwoot": (CHATWOOT, [5, 2, 1], 1),
    "Zendesk": (ZENDESK_API, [5, 1], 1),
    "Zendesk Explore": (ZENDESK_EXPLORE, [5, 1], 0),
    "Freshdesk": (FRESHDESK, [5, 2, 3, 5], 0),
    "FreeScout": (FREESCOUT, [5, 1, 3], 0),
    "Odoo": (ODOO, [5, 1, 3], 1),
}


@pytest.fixture
def people(cast: Cast) -> None:
    with transaction():
        cast.amina.email = "amina@example.org"


def brought(app: Flask, path: Path) -> dict[str, Any]:
    result = app.test_cli_runner().invoke(args=["ratings", "import", str(path), "--json"])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("name", FILES)
def test_an_export_comes_in_without_a_word_about_its_columns(
    app: Flask, people: None, tmp_path: Path, name: str
) -> None:
    content, stars, left_out = FILES[name]
    path = tmp_path / "export.csv"
    path.write_text(content, encoding="utf-8")
    export = recognised(sample_of(path).headers)
    assert export is not None
    assert export.name == name.split()[0]
    result = brought(app, path)
    assert (result["stored"], len(result["rejected"])) == (len(stars), left_out), result
    db.session.rollback()
    assert [rating.stars for rating in db.session.scalars(select(Rating).order_by(Rating.id))] == stars
    assert brought(app, path)["stored"] == 0


def test_agents_with_their_mail_are_found_and_an_empty_one_waits(
    app: Flask, cast: Cast, people: None, tmp_path: Path
) -> None:
    path = tmp_path / "csat.csv"
    path.write_text(CHATWOOT, encoding="utf-8")
    assert brought(app, path)["waiting"] == 1
    db.session.rollback()
    found = db.session.execute(select(Rating.person_id, Rating.comment).order_by(Rating.id)).all()
    assert [person for person, _comment in found] == [cast.amina.id, None, cast.kevin.id]
    assert found[0].comment == "Muy bien, gracias"


def test_a_line_of_totals_is_named_and_not_lost(app: Flask, people: None, tmp_path: Path) -> None:
    path = tmp_path / "csat.csv"
    path.write_text(CHATWOOT, encoding="utf-8")
    assert brought(app, path)["rejected"] == [{"line": 6, "reason": "There is no rating in this row"}]


def test_a_name_two_people_have_waits_unless_the_mail_tells(
    app: Flask, cast: Cast, people: None, tmp_path: Path
) -> None:
    with transaction():
        a_person("Kevin Odhiambo", team=cast.floor, email="kevin2@example.org")
    path = tmp_path / "csat.csv"
    path.write_text(CHATWOOT.replace("other@", "kevin2@"), encoding="utf-8")
    assert brought(app, path)["waiting"] == 1
    path.write_text(CHATWOOT.replace("11-03 11:00", "11-04 11:00"), encoding="utf-8")
    assert brought(app, path)["waiting"] == 1


def test_the_word_is_kept_beside_its_stars(app: Flask, people: None, tmp_path: Path) -> None:
    path = tmp_path / "freshdesk.csv"
    path.write_text(FRESHDESK, encoding="utf-8")
    brought(app, path)
    db.session.rollback()
    kept = db.session.execute(select(Rating.original_value, Rating.original_scale).order_by(Rating.id)).all()
    assert kept[0] == ("Extremely Happy", "words")


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (["Good", "Bad", "Offered"], "words"),
        (["Great", "Not Good"], "words"),
        (["5", "4", "1"], "stars"),
        (["Satisfait", "Insatisfait"], "words"),
        (["Nzuri", "Mbaya"], "words"),
        (["😍", "😡"], "words"),
    ],
)
def test_words_are_told_from_numbers(tmp_path: Path, values: list[str], scale: str) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("Date,Rating,Agent\n" + "".join(f"2026-11-02,{value},N-1\n" for value in values), encoding="utf-8")
    sample = sample_of(path)
    assert scale_of(sample, guessed(sample)["stars"]) == scale


def test_no_word_stands_twice_and_every_one_is_known() -> None:
    assert set(MARK_WORDS.values()) == {1, 2, 3, 4, 5}
    assert not is_word("5")
    assert not is_word("103")


def test_a_file_that_says_no_date_is_refused_with_what_is_missing(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("Agent Name,Rating,Feedback Comment\nAmina Otieno,5,Good\n", encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["ratings", "import", str(path), "--json"])
    assert result.exit_code == 1
    assert "Say which column holds the date (rated_at)." in result.output
