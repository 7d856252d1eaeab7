"""One source: score, range and sentences are the same on every page, in the mail, in the file and from the API, for each reader.

A real company with a real check. Kevin reads his own card at once; Brian, who leads him, reads the one before until it is shared.
"""

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.api.conftest import Program
from tests.conftest import Cast
from tests.factories import a_history, a_person, many_ratings
from tracker.access.actions import set_roles
from tracker.api.actions import make_token
from tracker.api.clients import Uses
from tracker.api.rules import SCOPES
from tracker.coaching.jobs import check_falls, share_cards
from tracker.coaching.models import CoachingCase
from tracker.core import clock, outbox
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.notifications.models import Message
from tracker.organisation.models import Person

MONDAY = date(2026, 11, 16)
CHECKED = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # 04:00 in Nairobi
HEAD_START = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)  # an hour after Kevin’s morning
SHARED = datetime(2026, 11, 17, 5, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@pytest.fixture
def company(cast: Cast) -> Cast:
    """A year of steady ratings and eight weeks in which only Kevin’s customers are unhappy; last week’s cards are shared."""
    with transaction():
        for person in (
            cast.kevin,
            cast.amina,
            cast.brian,
        ):  # whoever reads through a program is an admin, and that opens nothing
            set_roles(person, {"admin"}, by=cast.ruth.id, at=CHECKED - WEEK)
        others = [a_person(team=team) for team in (cast.tills, cast.floor) for _ in range(4)]
        a_history([cast.amina, cast.kevin, cast.brian, *others], until=MONDAY - timedelta(weeks=6), weeks=52, seed=3)
        a_history([cast.amina, *others], until=MONDAY, weeks=6, seed=4)
        a_history([cast.kevin], until=MONDAY - timedelta(weeks=2), weeks=4, seed=5)
        many_ratings([(cast.kevin, 1 + n % 3, MONDAY - timedelta(days=1 + n % 7)) for n in range(35)])
    check_falls(CHECKED - WEEK)
    share_cards(CHECKED - WEEK + timedelta(days=2))
    assert check_falls(CHECKED) == 1
    return cast


class Reader:
    """All that one person reads at one moment."""

    def __init__(self, app: Flask, person: Person, at: datetime, browse: Callable[..., Any]) -> None:
        self.app, self.person, self.at = app, person, at
        self.browser = browse(person, at=at)
        app.extensions["api_uses"] = Uses()
        with transaction():
            secret = make_token("one source", SCOPES, expires_at=None, by=person.id, at=at)
        self.program = Program(app, secret)

    def page(self, url: str) -> str:
        answer = self.browser.get(url)
        assert answer.status_code == 200, url
        return re.sub(r"\s+", " ", html.unescape(answer.text))

    def score_of(self, person: Person) -> dict[str, Any]:
        (row,) = [row for row in self.program.get("/scores").json["data"] if row["person_id"] == person.id]
        return dict(row)

    def file(self) -> dict[str, Any]:
        return dict(json.loads(self.browser.post("/me/file", {"kind": "json"}).data))


@pytest.fixture
def reads(app: Flask, browse: Any) -> Any:
    """reads(person, at) -> a Reader."""

    def made(person: Person, at: datetime) -> Reader:
        return Reader(app, person, at, browse)

    return made


def bar(row: dict[str, Any]) -> str:
    return f"expected {row['expected_low']:.1f} to {row['expected_high']:.1f}"


def case_of(person: Person) -> int:
    db.session.rollback()
    return db.session.scalars(select(CoachingCase.id).where(CoachingCase.person_id == person.id)).one()


@pytest.mark.parametrize("at", [HEAD_START, SHARED], ids=["in the head start", "shared"])
@pytest.mark.parametrize("who", ["kevin", "amina"])
def test_what_somebody_reads_of_themselves_is_one_card(
    app: Flask, company: Cast, reads: Any, who: str, at: datetime
) -> None:
    person = getattr(company, who)
    with clock.set_to(at):
        share_cards(at)
        reader = reads(person, at)
        row, (score,), feedback = reader.score_of(person), reader.file()["score"], reader.page("/me")
        told = reader.page("/explained")
    names = {"score": "score", "n": "n", "weeks": "weeks", "low": "expected_low", "high": "expected_high"}
    names |= {"verdict": "verdict", "headline": "sentence", "check": "check", "week": "week"}
    assert {name: score[name] for name in names} == {name: row[other] for name, other in names.items()}
    assert row["week"] == "2026-11-09"
    assert f">{row['sentence']}</h1>" in feedback
    assert f'<span class="score">{row["score"]:.1f}</span>' in feedback
    assert score["rests_on"] == f"{row['n']} ratings in {row['weeks']} weeks"
    assert score["rests_on"] in feedback
    assert bar(row) == score["expected_range"]
    assert bar(row) in feedback
    assert score["range_source"] in feedback
    assert (row["check"] is not None) == (who == "kevin")
    for page in (feedback, told):
        assert row["check"] is None or row["check"] in page


@pytest.mark.parametrize("at", [HEAD_START, SHARED], ids=["in the head start", "shared"])
def test_the_case_says_what_the_card_says(company: Cast, reads: Any, at: datetime) -> None:
    with clock.set_to(at):
        share_cards(at)
        kevin = reads(company.kevin, at)
        row, file, page = kevin.score_of(company.kevin), kevin.file(), kevin.page(f"/coaching/{case_of(company.kevin)}")
    (talk,) = file["talks"]
    assert talk["check"] == row["check"]
    assert row["check"] in page
    assert bar(row) in page
    assert f'<span class="score">{row["score"]:.1f}</span>' in page


@pytest.mark.parametrize("at", [HEAD_START, SHARED], ids=["in the head start", "shared"])
@pytest.mark.parametrize("who", ["kevin", "amina"])
def test_what_who_leads_them_reads_is_one_card_too(company: Cast, reads: Any, who: str, at: datetime) -> None:
    person = getattr(company, who)
    with clock.set_to(at):
        share_cards(at)
        brian = reads(company.brian, at)
        row, board = brian.score_of(person), brian.page("/board")
        page = brian.page(f"/people/{person.id}/feedback")
        case = brian.browser.get(f"/coaching/{case_of(company.kevin)}")
    assert row["week"] == ("2026-11-02" if at == HEAD_START else "2026-11-09")
    assert f">{row['sentence']}</h2>" in page
    assert f'<span class="score">{row["score"]:.1f}</span>' in page
    assert f"{row['n']} ratings in {row['weeks']} weeks" in page
    assert bar(row) in page
    place = {"below": "below", "a_little_under": "below", "above": "above"}.get(row["verdict"], "inside")
    at_a_glance = f"{person.name} {row['score']:.1f}, {place} the expected range"
    assert f"{at_a_glance} {row['expected_low']:.1f} to {row['expected_high']:.1f}" in board
    if who == "kevin" and at == SHARED:
        text = re.sub(r"\s+", " ", html.unescape(case.text))
        assert row["check"].startswith("Kevin’s last")
        assert row["check"] in page
        assert row["check"] in text
        assert bar(row) in text
    else:
        assert row["check"] is None
        assert "one check in" not in page + board
    assert (case.status_code == 404) == (at == HEAD_START)


def test_both_read_the_same_numbers_once_it_is_shared(company: Cast, reads: Any) -> None:
    with clock.set_to(SHARED):
        share_cards(SHARED)
        own = reads(company.kevin, SHARED).score_of(company.kevin)
        led = reads(company.brian, SHARED).score_of(company.kevin)
    words = {"sentence", "check"}
    assert {name: own[name] for name in own if name not in words} == {
        name: led[name] for name in led if name not in words
    }
    assert all(own[name] != led[name] for name in words)
    assert re.findall(r"[\d.,]+\d", own["check"]) == re.findall(r"[\d.,]+\d", led["check"])


def test_the_mail_says_what_the_page_says(app: Flask, company: Cast, reads: Any) -> None:
    with clock.set_to(HEAD_START):
        row = reads(company.kevin, HEAD_START).score_of(company.kevin)
        message = db.session.scalars(
            select(Message.id).where(
                Message.person_id == company.kevin.id, Message.key.endswith(f"|{clock.week_of(MONDAY) - 1}")
            )
        ).one()
        with transaction():
            outbox.post("digest", to=company.kevin.id, key="one", due_at=HEAD_START, at=HEAD_START, messages=[message])
        mail = app.extensions["mail_composers"]["digest"](db.session.query(OutboxMail).filter_by(key="one").one())
    assert mail["Subject"] == row["sentence"]
    assert all(row["sentence"] in part.get_content() for part in mail.iter_parts())
