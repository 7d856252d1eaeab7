"""Reviews by a file and by the API: each once, every refused row with its line and its reason."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.api.conftest import Program, program
from tests.conftest import NOW, Browser, Cast
from tests.factories import a_touchpoint
from tracker.core.db import db, transaction
from tracker.intake.review_file import import_reviews
from tracker.reviews.models import Review, ReviewVersion

__all__ = ["program"]
FILE = """Review ID,Posted,Rating,Headline,Review,Reviewer,URL,Branch,Touchpoint,Colour
1,2026-11-17 10:05,5,Quick,In <b>and</b> out.,Wanjiru,https://x.example/1,Nairobi Central tills,Tills,red
2,2026-11-17,7/10,,Kind people.,,,,,
3,some day,4,,Fine.,,,,,
4,2026-11-16,9,,Fine.,,,,,
5,2026-11-16,4,,Fine.,,,The moon,,
6,2026-11-16,4,,Fine.,,javascript:alert(1),,,
7,2026-11-16,,,,Somebody,,,,
1,2026-11-17 10:05,1,Slow,Other words.,,,,,
8,2026-11-16,4,,Fine.,,,,The moon,
"""
BODY = {
    "source": "site",
    "external_id": "r-1",
    "published_at": "2026-11-17T10:00:00+03:00",
    "text": "Kind <b>people</b>.",
    "stars": 4,
    "team": "Nairobi Central tills",
}


def reviews() -> list[Review]:
    db.session.rollback()
    return list(db.session.scalars(select(Review).order_by(Review.id).execution_options(populate_existing=True)))


@pytest.fixture
def tills(cast: Cast) -> Cast:
    with transaction():
        a_touchpoint("Tills")
    return cast


def send(browser: Browser, content: str, *, source: str = "A site", name: str = "reviews.csv") -> str:
    """Choose a file; the address of the preview."""
    data = {"source": source, "file": (BytesIO(content.encode()), name)}
    answer = browser.post("/reviews/import", data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_a_file_is_looked_at_and_then_saved(tills: Cast, people: dict[str, Browser]) -> None:
    ruth = people["ruth"]
    page = send(ruth, FILE)
    shown = ruth.get(page).text
    assert "2 reviews are ready" in shown
    assert "7 rows don’t fit" in shown
    assert "published_at is read from “Posted”." in shown
    assert "These columns are not used: Colour." in shown
    for line, reason in (
        (4, "some day"),
        (5, "is not 1 to 5 stars"),
        (6, "There is no team called “The moon”"),
        (7, "is no link"),
        (8, "no words and no stars"),
        (9, "Line 2 has the same id"),
        (10, "There is no touchpoint called “The moon”"),
    ):
        row = shown[shown.index(f'<th scope="row">{line}</th>') :][:200]
        assert reason in row, line
    assert reviews() == []
    saved = ruth.post(page.split("?")[0], {"source": "A site"})
    assert saved.status_code == 303
    first, second = reviews()
    assert (first.text, first.title, first.author, first.stars) == ("In and out.", "Quick", "Wanjiru", 5)
    assert (first.team_id, first.link, first.touchpoint_id is None) == (tills.tills.id, "https://x.example/1", False)
    assert first.due_at is not None
    assert (second.stars, second.original_stars, second.team_id) == (4, "7/10", None)
    again = send(ruth, FILE)
    assert "Nothing to save" in ruth.get(again).text
    assert len(reviews()) == 2


def test_another_wording_in_a_later_file_is_a_version(tills: Cast, people: dict[str, Browser], tmp_path: Path) -> None:
    for words in ("Fine.", "Not so fine.", "Not so fine."):
        file = tmp_path / "reviews.csv"
        file.write_text(f"id,text\n1,{words}\n", encoding="utf-8")
        with transaction():
            import_reviews(file, source="A site", by=tills.ruth.id, at=NOW)
    (review,) = reviews()
    assert review.text == "Not so fine."
    assert db.session.scalar(select(func.count()).select_from(ReviewVersion)) == 2


def test_rows_without_an_id_are_told_apart_by_what_they_say(tills: Cast, tmp_path: Path) -> None:
    file = tmp_path / "reviews.csv"
    file.write_text("text,author\nFine.,A\nFine.,B\nFine.,A\n'=cmd,C\n", encoding="utf-8")
    for _time in range(2):
        with transaction():
            import_reviews(file, source="A site", by=tills.ruth.id, at=NOW)
    assert [(review.text, review.author) for review in reviews()] == [("Fine.", "A"), ("Fine.", "B"), ("=cmd", "C")]


@pytest.mark.parametrize(
    ("content", "source", "sentence"),
    [
        ("a,b\n1,2\n", "A site", "no column of words or stars"),
        ("text,author\nFine.,A\n", "feed 1", "begins with “feed”"),
        ("text,author\nFine.,A\n", " ", "where the reviews come from"),
        ("", "A site", "empty"),
        ("<html>", "A site", "web page"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered(
    tills: Cast, people: dict[str, Browser], content: str, source: str, sentence: str
) -> None:
    data = {"source": source, "file": (BytesIO(content.encode()), "reviews.csv")}
    answer = people["ruth"].post("/reviews/import", data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert sentence in answer.text


def test_only_admins_bring_in_a_file(tills: Cast, people: dict[str, Browser]) -> None:
    page = send(people["ruth"], FILE)
    for name in ("amina", "brian", "chloe", "dora"):
        assert people[name].get("/reviews/import").status_code == 403
        assert people[name].get(page).status_code == 403
    assert people["ruth"].get("/reviews/import/" + "0" * 32 + "?source=x").status_code == 404


def test_a_program_brings_in_a_review(tills: Cast, program: Callable[..., Program]) -> None:
    site = program()
    first = site.post("/reviews", BODY, key="one")
    assert (first.status_code, first.json["state"]) == (201, "team")
    assert site.post("/reviews", BODY, key="one").headers["Idempotency-Replayed"] == "true"
    assert site.post("/reviews", BODY).status_code == 200
    (review,) = reviews()
    assert (review.text, review.stars, review.team_id) == ("Kind people.", 4, tills.tills.id)
    assert review.published_at == NOW - timedelta(hours=26)
    assert site.post("/reviews", {**BODY, "text": "Other words."}).status_code == 409
    assert len(reviews()) == 1
    waiting = site.post("/reviews", {**BODY, "external_id": "r-2", "team": None})
    assert (waiting.status_code, waiting.json["state"]) == (201, "waiting")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " ", "stars": None}, "body"),
        ({"link": "javascript:alert(1)"}, "body"),
        ({"stars": 6}, "stars"),
        ({"stars": 4.5}, "stars"),
        ({"team": "The moon"}, "team"),
        ({"touchpoint": "The moon"}, "touchpoint"),
        ({"published_at": "2026-11-19T10:00:00Z"}, "published_at"),
        ({"source": "Feed 1"}, "source"),
        ({"person": "N-0412"}, "person"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    tills: Cast, program: Callable[..., Program], wrong: dict[str, object], field: str
) -> None:
    answer = program().post("/reviews", {**BODY, **wrong})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert reviews() == []
