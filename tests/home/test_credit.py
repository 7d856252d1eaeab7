"""How a rating was credited, as those who may read it see it; and what somebody reads who helped."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.factories import a_rating
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.ratings import rollup
from tracker.ratings.actions import exclude_rating, hide_words, reassign_rating
from tracker.ratings.import_models import Import
from tracker.ratings.ledger import flag
from tracker.ratings.ledger_models import Contribution, Transfer
from tracker.ratings.models import Rating

WORDS = "She found the right cable at once."
TWO = datetime(2026, 11, 17, 11, 0, tzinfo=UTC)


@pytest.fixture
def rating(cast: Cast) -> Rating:
    with transaction():
        return a_rating(cast.amina, 2, at=TWO, comment=WORDS, place="Till 3", handled_how="post")


def helped(person: Any, rating: Rating) -> None:
    with transaction():
        db.session.add(Contribution(rating_id=rating.id, person_id=person.id, reason="Saw it", at=NOW))


def test_the_person_and_who_leads_them_read_how_it_was_credited(cast: Cast, rating: Rating, browse: Any) -> None:
    url = f"/ratings/{rating.id}/credit"
    own = browse(cast.amina)
    assert "because you alone held Till 3 then" in own.get("/me/ratings").text
    assert "because you alone held Till 3 then" in own.get("/me").text
    assert "Amina Otieno, who alone held Till 3 then" in own.get(url).text
    assert "Amina, who alone held Till 3 then" in browse(cast.brian).get(f"/people/{cast.amina.id}/ratings").text
    assert browse(cast.brian).get(url).status_code == 200
    for stranger in (cast.kevin, cast.dora, cast.chloe, cast.ruth, cast.faith):
        assert browse(stranger).get(url).status_code == 404


def test_a_transfer_after_the_rating_is_said_to_both_of_them(cast: Cast, rating: Rating, browse: Any) -> None:
    with transaction():
        found = db.session.get_one(Rating, rating.id)
        flag(found, at=NOW)
        row = {"rating_id": rating.id, "to_person_id": cast.kevin.id, "to_reference": "Kevin", "at": NOW}
        db.session.add(Transfer(**row, transferred_at=NOW, after_rating=True, moved_handler=False))
    assert "after the rating; the credit stays with you" in browse(cast.amina).get("/me/ratings").text
    brian = browse(cast.brian)
    assert "after the rating; the credit stays with Amina" in brian.get(f"/people/{cast.amina.id}/feedback").text
    assert "Handed to Kevin Odhiambo" in brian.get(f"/ratings/{rating.id}/credit").text
    assert WORDS not in browse(cast.kevin).get("/me/ratings").text
    assert WORDS not in browse(cast.kevin).get("/me/helped").text


def test_what_a_file_that_is_being_read_hands_on_is_not_said_yet(cast: Cast, rating: Rating, browse: Any) -> None:
    with transaction():
        reading = Import(source="x", file_name="x", started_at=NOW, alive_until=NOW)
        db.session.add(reading)
        db.session.flush()
        row = {"rating_id": rating.id, "to_person_id": cast.kevin.id, "to_reference": "Kevin", "at": NOW}
        row |= {"transferred_at": NOW, "after_rating": True, "moved_handler": False, "import_id": reading.id}
        db.session.add(Transfer(**row))
    assert "Kevin" not in browse(cast.amina).get(f"/ratings/{rating.id}/credit").text


def test_every_entry_stands_with_who_and_why(cast: Cast, rating: Rating, browse: Any) -> None:
    with transaction():
        found = db.session.get_one(Rating, rating.id)
        reassign_rating(found, cast.kevin, by=cast.chloe.id, reason="They had swapped", at=NOW)
    page = browse(cast.kevin).get(f"/ratings/{rating.id}/credit").text
    for words in (
        "who alone held Till 3 then",
        "Credited to Kevin Odhiambo by hand",
        "They had swapped",
        "Chloe Yusuf",
    ):
        assert words in page
    assert page.index("alone held Till 3") < page.index("by hand")
    assert "because you alone held" not in browse(cast.kevin).get("/me/ratings").text


def test_who_helped_reads_it_and_it_counts_for_the_handler(cast: Cast, rating: Rating, browse: Any) -> None:
    assert "You helped with" not in browse(cast.kevin).get("/me/ratings").text
    helped(cast.kevin, rating)
    kevin = browse(cast.kevin)
    assert "You helped with 1 rating" in kevin.get("/me/ratings").text
    page = kevin.get("/me/helped").text
    assert WORDS in page
    assert "it counts for Amina Otieno" in page
    assert WORDS not in kevin.get("/me").text
    assert kevin.get(f"/ratings/{rating.id}/credit").status_code == 404
    assert kevin.get(f"/ratings/{rating.id}/second-look").status_code == 404
    assert rollup.differences() == {}
    for other in (cast.dora, cast.chloe, cast.ruth, cast.brian, cast.amina):
        assert WORDS not in browse(other).get("/me/helped").text


def test_who_leads_a_helper_of_another_team_reads_nothing_by_it(cast: Cast, browse: Any) -> None:
    with transaction():
        rating = a_rating(cast.dora, 2, at=TWO, comment=WORDS)
    helped(cast.kevin, rating)
    assert WORDS in browse(cast.kevin).get("/me/helped").text
    brian = browse(cast.brian)
    assert WORDS not in brian.get(f"/people/{cast.kevin.id}/ratings").text
    assert WORDS not in brian.get(f"/people/{cast.kevin.id}/feedback").text
    assert brian.get(f"/ratings/{rating.id}/credit").status_code == 404


def test_a_helper_reads_no_more_than_the_handler(cast: Cast, rating: Rating, browse: Any) -> None:
    helped(cast.kevin, rating)
    with transaction():
        reassign_rating(db.session.get_one(Rating, rating.id), None, by=cast.chloe.id, reason="Nobody’s", at=NOW)
    assert WORDS not in browse(cast.kevin).get("/me/helped").text  # it waits in the tray, where nobody reads the words
    with transaction():
        reassign_rating(db.session.get_one(Rating, rating.id), cast.kevin, by=cast.chloe.id, reason="His", at=NOW)
    assert WORDS not in browse(cast.kevin).get("/me/helped").text  # it is his own now
    assert WORDS in browse(cast.kevin).get("/me/ratings").text


def test_one_of_an_unfinished_import_exists_for_no_helper(cast: Cast, rating: Rating, browse: Any) -> None:
    helped(cast.kevin, rating)
    with transaction():
        reading = Import(source="x", file_name="x", started_at=NOW, alive_until=NOW)
        db.session.add(reading)
        db.session.flush()
        db.session.get_one(Rating, rating.id).import_id = reading.id
    assert WORDS not in browse(cast.kevin).get("/me/helped").text


def test_a_leader_adds_who_helped_with_a_reason(cast: Cast, rating: Rating, browse: Any) -> None:
    url, form = f"/ratings/{rating.id}/contributors", {"who": cast.kevin.staff_number, "reason": "Fetched the cable"}
    assert browse(cast.amina).post(url, form).status_code == 403  # reads it, may not
    assert browse(cast.dora).post(url, form).status_code == 404
    brian = browse(cast.brian)
    assert brian.post(url, form).status_code == 303
    assert "Kevin Odhiambo is down as a helper already" in brian.post(url, form).text
    assert "Fetched the cable" in browse(cast.amina).get(f"/ratings/{rating.id}/credit").text
    assert WORDS in browse(cast.kevin).get("/me/helped").text
    db.session.rollback()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "rating.contributor_added")).one()
    assert (entry.by_id, entry.person_id, entry.reason) == (cast.brian.id, cast.kevin.id, "Fetched the cable")


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"who": "N-0412", "reason": "x"}, 409, "credited with it already"),
        ({"who": "X-1", "reason": "x"}, 422, "Nobody here has this staff number"),
        ({"who": "N-0412", "reason": ""}, 422, "Fill this in"),
    ],
)
def test_who_cannot_be_a_helper(
    cast: Cast, rating: Rating, browse: Any, form: dict[str, str], status: int, words: str
) -> None:
    answer = browse(cast.brian).post(f"/ratings/{rating.id}/contributors", form)
    assert (answer.status_code, words in answer.text) == (status, True)


def test_nobody_adds_themselves(cast: Cast, rating: Rating, browse: Any) -> None:
    form = {"who": cast.brian.staff_number, "reason": "I was there"}
    assert browse(cast.brian).post(f"/ratings/{rating.id}/contributors", form).status_code == 403


def test_what_is_left_out_is_marked_for_the_helper_too(cast: Cast, rating: Rating, browse: Any) -> None:
    helped(cast.kevin, rating)
    with transaction():
        exclude_rating(db.session.get_one(Rating, rating.id), by=cast.chloe.id, reason="x", at=NOW + timedelta(hours=1))
    assert "Left out of the score" in browse(cast.kevin).get("/me/helped").text


def test_words_that_are_hidden_are_hidden_from_helpers_too(cast: Cast, rating: Rating, browse: Any) -> None:
    helped(cast.kevin, rating)
    assert WORDS in browse(cast.kevin).get("/me/helped").text
    with transaction():
        hide_words(db.session.get_one(Rating, rating.id), by=cast.chloe.id, at=NOW)
    page = browse(cast.kevin).get("/me/helped").text
    assert "it counts for Amina Otieno" in page
    assert WORDS not in page
    assert WORDS not in browse(cast.amina).get(f"/ratings/{rating.id}/credit").text


def test_who_helped_with_another_rating_has_not_helped_with_this_one(cast: Cast, rating: Rating, browse: Any) -> None:
    """Neither has an interaction: that is nothing which they have in common."""
    with transaction():
        other = a_rating(cast.dora, 2, at=TWO, comment="Another till.").id
    helped(cast.kevin, db.session.get_one(Rating, other))
    assert "Saw it" not in browse(cast.amina).get(f"/ratings/{rating.id}/credit").text
    form = {"who": cast.kevin.staff_number, "reason": "Fetched the cable"}
    assert browse(cast.brian).post(f"/ratings/{rating.id}/contributors", form).status_code == 303
    assert "Fetched the cable" in browse(cast.amina).get(f"/ratings/{rating.id}/credit").text
