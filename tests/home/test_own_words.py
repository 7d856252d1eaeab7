"""What somebody adds to their own feedback: their side, what is saved for a talk, “I have read it”, points to bring."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_rating, leads
from tests.home.cards import a_card, a_case, fallen
from tests.journeys.crawl import TOKEN
from tracker.audit.models import AuditEntry
from tracker.coaching.models import CoachingCase
from tracker.core.db import db, transaction
from tracker.organisation.models import Tenure
from tracker.ratings.models import Rating
from tracker.ratings.own_actions import MOST_POINTS, add_point
from tracker.ratings.own_models import Acknowledgement, RatingSide, SavedRating, TalkPoint

WORDS = "Two tills were closed, and I said so."
EVERY_POST = ("side", "side/removal", "saving", "saving/end", "acknowledgement")


@pytest.fixture
def rating(cast: Cast) -> Rating:
    with transaction():
        return a_rating(cast.kevin, 2, at=NOW - timedelta(days=3), comment="I waited for half an hour.")


def rows(model: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(select(model)))


def without_token(page: str) -> str:
    """The form token differs from second to second."""
    return TOKEN.sub("", page)


def actions() -> list[str]:
    db.session.rollback()
    found = select(AuditEntry.action).where(AuditEntry.action.startswith("own.")).order_by(AuditEntry.id)
    return list(db.session.scalars(found))


def say(browser: Browser, rating: Rating, words: str = WORDS) -> None:
    assert browser.post(f"/ratings/{rating.id}/side", {"text": words}).status_code == 303


def test_my_side_stands_with_the_rating_for_me_and_for_who_leads_me(cast: Cast, rating: Rating, browse: Any) -> None:
    kevin, brian = browse(cast.kevin), browse(cast.brian)
    say(kevin, rating)
    for page in ("/me", "/me/ratings", f"/ratings/{rating.id}/mine"):
        assert WORDS in kevin.get(page).text, page
    for page in ("feedback", "ratings"):
        read = brian.get(f"/people/{cast.kevin.id}/{page}").text
        assert "Kevin’s side" in read
        assert WORDS in read
    assert "Add your side" not in brian.get(f"/people/{cast.kevin.id}/ratings").text


def test_my_side_can_be_changed_and_taken_back_and_the_audit_holds_no_word(
    cast: Cast, rating: Rating, browse: Any
) -> None:
    kevin = browse(cast.kevin)
    say(kevin, rating)
    say(kevin, rating)  # the same once more changes nothing
    say(kevin, rating, "Three tills were closed.")
    (side,) = rows(RatingSide)
    assert (side.text, side.changed_at is not None) == ("Three tills were closed.", True)
    for _time in range(2):
        assert kevin.post(f"/ratings/{rating.id}/side/removal").status_code == 303
    assert rows(RatingSide) == []
    assert actions() == ["own.side_written", "own.side_written", "own.side_taken_back"]
    kept = [entry for entry in rows(AuditEntry) if entry.action.startswith("own.")]
    assert [(entry.details, entry.reason) for entry in kept] == [({}, None)] * 3


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_words_that_cannot_be_kept_are_refused_with_a_reason(
    cast: Cast, rating: Rating, browse: Any, text: str
) -> None:
    answer = browse(cast.kevin).post(f"/ratings/{rating.id}/side", {"text": text})
    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.text
    assert rows(RatingSide) == []


def test_who_reads_the_rating_may_not_write_and_a_stranger_finds_nothing(
    cast: Cast, rating: Rating, browse: Any
) -> None:
    for who, status in ((cast.brian, 403), (cast.dora, 404), (cast.chloe, 404), (cast.ruth, 404), (cast.amina, 404)):
        browser = browse(who)
        assert browser.get(f"/ratings/{rating.id}/mine").status_code == status
        for verb in EVERY_POST:
            assert browser.post(f"/ratings/{rating.id}/{verb}", {"text": WORDS}).status_code == status, (who.name, verb)
    assert (rows(RatingSide), rows(SavedRating), rows(Acknowledgement)) == ([], [], [])
    assert browse(cast.kevin).post(f"/ratings/{rating.id + 1}/side", {"text": WORDS}).status_code == 404


def test_a_new_leader_reads_no_side_of_a_rating_from_before(cast: Cast, rating: Rating, browse: Any) -> None:
    say(browse(cast.kevin), rating)
    with transaction():
        tenure = db.session.scalars(select(Tenure).where(Tenure.team_id == cast.tills.id)).one()
        tenure.ended_on = NOW.date()
        leads(cast.dora, cast.tills, since=NOW.date())
    assert WORDS not in browse(cast.dora).get(f"/people/{cast.kevin.id}/ratings").text
    assert browse(cast.brian).get(f"/people/{cast.kevin.id}/ratings").status_code == 403


def test_credited_to_somebody_else_my_side_does_not_go_with_the_rating(cast: Cast, rating: Rating, browse: Any) -> None:
    say(browse(cast.kevin), rating)
    with transaction():
        db.session.get_one(Rating, rating.id).person_id = cast.amina.id
    for person in (cast.amina, cast.kevin):
        assert WORDS not in browse(person).get("/me/ratings").text
    assert WORDS not in browse(cast.brian).get(f"/people/{cast.amina.id}/ratings").text
    say(browse(cast.amina), rating, "I only took over.")
    assert sorted(side.text for side in rows(RatingSide)) == ["I only took over.", WORDS]


def test_words_are_shown_as_words(cast: Cast, rating: Rating, browse: Any) -> None:
    say(browse(cast.kevin), rating, "<script>alert(1)</script>")
    page = browse(cast.brian).get(f"/people/{cast.kevin.id}/ratings").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_a_rating_is_saved_once_and_let_go(cast: Cast, rating: Rating, browse: Any) -> None:
    kevin = browse(cast.kevin)
    for _time in range(2):
        assert kevin.post(f"/ratings/{rating.id}/saving").status_code == 303
    assert len(rows(SavedRating)) == 1
    assert "Saved for your talk" in kevin.get("/me/ratings").text
    assert "1 rating saved" in kevin.get("/me").text
    assert "half an hour" in kevin.get("/me/talk").text
    for _time in range(2):
        assert kevin.post(f"/ratings/{rating.id}/saving/end", {"from": "talk"}).location == "/me/talk"
    assert "No rating is saved" in kevin.get("/me/talk").text
    assert actions() == ["own.rating_saved", "own.rating_let_go"]


def test_read_once_is_read_and_nobody_else_sees_it(cast: Cast, rating: Rating, browse: Any) -> None:
    kevin, brian = browse(cast.kevin), browse(cast.brian)
    before = without_token(brian.get(f"/people/{cast.kevin.id}/ratings").text)
    for _time in range(2):
        assert kevin.post(f"/ratings/{rating.id}/acknowledgement").status_code == 303
    assert len(rows(Acknowledgement)) == 1
    assert "Marked as read" in kevin.get(f"/ratings/{rating.id}/mine").text
    assert without_token(brian.get(f"/people/{cast.kevin.id}/ratings").text) == before
    assert actions() == ["own.ratings_read"]


def test_all_of_a_page_are_marked_at_once_and_only_ones_own(cast: Cast, rating: Rating, browse: Any) -> None:
    with transaction():
        others = a_rating(cast.amina, 5, at=NOW - timedelta(days=2))
        second = a_rating(cast.kevin, 5, at=NOW - timedelta(days=2))
    kevin = browse(cast.kevin)
    assert "I have read these" in kevin.get("/me/ratings").text
    given = {"rating": [str(rating.id), str(second.id), str(others.id)]}
    assert kevin.post("/me/ratings/acknowledgement", given).status_code == 303
    assert {row.rating_id for row in rows(Acknowledgement)} == {rating.id, second.id}
    assert "I have read these" not in kevin.get("/me/ratings").text
    assert kevin.post("/me/ratings/acknowledgement").status_code == 303


@pytest.mark.parametrize("given", [["x"], ["-1"], ["9" * 30], ["1"] * 26])
def test_what_no_page_of_ours_sends_is_refused(cast: Cast, browse: Any, given: list[str]) -> None:
    assert browse(cast.kevin).post("/me/ratings/acknowledgement", {"rating": given}).status_code == 422
    assert rows(Acknowledgement) == []


def test_points_are_kept_ticked_off_and_taken_out(cast: Cast, browse: Any) -> None:
    kevin = browse(cast.kevin)
    assert "No points yet" in kevin.get("/me/talk").text
    assert kevin.post("/me/talk/points", {"text": "A second scanner at noon"}).status_code == 303
    (point,) = rows(TalkPoint)
    assert "1 point, 0 ratings saved" in kevin.get("/me").text
    for _time in range(2):
        assert kevin.post(f"/me/talk/points/{point.id}/completion", {"done": "yes"}).status_code == 303
    assert rows(TalkPoint)[0].done_at is not None
    kevin.post(f"/me/talk/points/{point.id}/completion", {"done": "no"})
    assert rows(TalkPoint)[0].done_at is None
    assert kevin.post(f"/me/talk/points/{point.id}/removal").status_code == 303
    assert rows(TalkPoint) == []
    assert actions() == ["own.point_added", "own.point_done", "own.point_reopened", "own.point_removed"]


@pytest.mark.parametrize("text", ["", "x" * 301])
def test_a_point_that_cannot_be_kept_is_refused(cast: Cast, browse: Any, text: str) -> None:
    answer = browse(cast.kevin).post("/me/talk/points", {"text": text})
    assert (answer.status_code, 'id="error-summary"' in answer.text) == (422, True)


def test_there_is_an_end_to_points(cast: Cast, browse: Any) -> None:
    with transaction():
        for number in range(MOST_POINTS):
            add_point(f"Point {number}", by=cast.kevin.id, at=NOW)
    assert browse(cast.kevin).post("/me/talk/points", {"text": "One more"}).status_code == 409
    assert len(rows(TalkPoint)) == MOST_POINTS


def test_points_of_others_do_not_exist(cast: Cast, browse: Any) -> None:
    with transaction():
        point = add_point("A second scanner", by=cast.kevin.id, at=NOW)
    for who in (cast.brian, cast.dora, cast.chloe, cast.ruth):
        for verb in ("completion", "removal"):
            assert browse(who).post(f"/me/talk/points/{point.id}/{verb}").status_code == 404
    assert rows(TalkPoint)[0].done_at is None


def everywhere(brian: Browser, cast: Cast) -> str:
    pages = ["/board", "/coaching", "/inbox", f"/people/{cast.kevin.id}/feedback", f"/people/{cast.kevin.id}/ratings"]
    return " ".join(brian.get(page).text for page in pages)


def test_what_is_kept_for_a_talk_is_private_until_a_case_is_shared_and_again_when_it_is_closed(
    cast: Cast, rating: Rating, browse: Any
) -> None:
    kevin, brian = browse(cast.kevin), browse(cast.brian)
    kevin.post("/me/talk/points", {"text": "A second scanner at noon"})
    kevin.post(f"/ratings/{rating.id}/saving")
    assert "second scanner" not in everywhere(brian, cast)
    with transaction():
        a_card(cast.kevin, fallen(), shares_at=NOW + timedelta(hours=20))
        case = a_case(cast.kevin, shares_at=NOW + timedelta(hours=20))
    assert brian.get(f"/coaching/{case.id}").status_code == 404
    assert "second scanner" not in everywhere(brian, cast)
    assert "second scanner" in kevin.get(f"/coaching/{case.id}").text
    assert "Nobody else knows of it yet." in kevin.get("/me/talk").text
    share(case.id)
    page = brian.get(f"/coaching/{case.id}").text
    assert "Kevin’s points" in page
    assert "second scanner" in page
    assert browse(cast.dora).get(f"/coaching/{case.id}").status_code == 404
    assert "second scanner" not in everywhere(brian, cast)
    with transaction():
        db.session.get_one(type(case), case.id).closed_at = NOW
    assert "second scanner" not in brian.get(f"/coaching/{case.id}").text


def share(case_id: int) -> None:
    with transaction():
        case = db.session.get_one(CoachingCase, case_id)
        case.shares_at = case.shared_at = NOW - timedelta(hours=1)


def test_a_case_is_acknowledged_and_the_audit_is_silent_in_the_head_start(cast: Cast, browse: Any) -> None:
    with transaction():
        case = a_case(cast.kevin, shares_at=NOW + timedelta(hours=20))
    kevin, brian = browse(cast.kevin), browse(cast.brian)
    address = f"/coaching/{case.id}/acknowledgement"
    assert brian.post(address).status_code == 404
    assert kevin.post(address).status_code == 303
    assert "You have read this" in kevin.get(f"/coaching/{case.id}").text
    assert actions() == []
    share(case.id)
    assert "Kevin has read this" in brian.get(f"/coaching/{case.id}").text
    assert brian.post(address).status_code == 403
    assert browse(cast.dora).post(address).status_code == 404
    assert kevin.post(address).status_code == 303
    assert len(rows(Acknowledgement)) == 1


def test_the_audit_names_nobody_who_keeps_something_of_their_own(
    app: Flask, cast: Cast, rating: Rating, browse: Any
) -> None:
    say(browse(cast.kevin), rating)
    page = browse(cast.chloe).get("/audit").text
    line = next(row for row in page.split("<tr>") if "Own words added to a rating" in row)
    assert "Kevin" not in line
    assert line.count("hidden to protect people") == 2
