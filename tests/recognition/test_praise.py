"""Customers' praise that is shared by itself: what is, from when on, and what makes it leave the wall."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_rating, is_away
from tests.recognition.saying import PRAISE, praised, read_at, the_thanks, told
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.ratings.actions import (
    edit_rating,
    erase_rating,
    exclude_rating,
    hide_words,
    leave_out_of_checks,
    reassign_rating,
)
from tracker.ratings.import_models import Import
from tracker.ratings.models import Rating
from tracker.recognition.jobs import share_praise

People = dict[str, Browser]
TOMORROW = NOW.replace(hour=5) + timedelta(days=1)  # Thursday, eight in Nairobi
LATER = TOMORROW + timedelta(hours=2)


def the(rating: Rating) -> Rating:
    return db.session.get_one(Rating, rating.id)


def test_it_stands_on_the_wall_from_the_next_working_morning_and_without_the_customer(
    cast: Cast, people: People
) -> None:
    praised(cast.kevin, original_value="5")
    page = read_at(NOW, people["kevin"])
    assert "For you first" in page
    assert "A customer about you" in page
    for other in ("amina", "brian"):
        assert PRAISE not in read_at(TOMORROW - timedelta(seconds=1), people[other])
        page = read_at(TOMORROW, people[other])
        assert PRAISE in page
        assert "A customer about Kevin Odhiambo" in page


def test_who_is_away_reads_it_first_on_coming_back(cast: Cast, people: People) -> None:
    friday = (NOW + timedelta(days=2)).date()
    with transaction():
        is_away(cast.kevin, NOW.date(), friday)
    praised(cast.kevin)
    (praise,) = the_thanks()
    assert praise.shows_at == TOMORROW + timedelta(days=4)  # Friday is his first day: the wall has it on Monday


def test_of_the_evening_it_waits_for_a_working_day_to_be_read_in(cast: Cast) -> None:
    praised(cast.kevin, at=NOW.replace(hour=18))
    (praise,) = the_thanks()
    assert praise.shows_at == TOMORROW + timedelta(days=1)


@pytest.mark.parametrize(
    "given",
    [
        {"stars": 4},
        {"original_scale": "nps", "original_value": "9"},
        {"original_scale": "csat100", "original_value": "95"},
        {"comment": "Very good."},  # ten characters
        {"comment": "     Very good.      "},
        {"comment": None},
        {"comment": "Brian was so kind to me"},
        {"comment": "call me at 0722 123 456"},
    ],
)
def test_anything_less_is_not_shared(cast: Cast, people: People, given: dict[str, Any]) -> None:
    praised(cast.kevin, **given)
    assert all(one.withheld for one in the_thanks())
    assert told(cast.kevin) == []
    assert "Nobody has been thanked yet" in read_at(LATER, people["amina"])
    assert "Nothing here yet" in people["kevin"].get("/thanks/mine").text


@pytest.mark.parametrize("given", [{"original_scale": "nps", "original_value": "10"}, {"comment": "Very good.!"}])
def test_the_best_answer_with_eleven_characters_is(cast: Cast, people: People, given: dict[str, Any]) -> None:
    praised(cast.kevin, **given)
    assert "A customer about Kevin Odhiambo" in read_at(LATER, people["amina"])


def _excluded(rating: Rating, cast: Cast) -> None:
    exclude_rating(rating, by=cast.chloe.id, reason="x", at=LATER)


def _erased(rating: Rating, _cast: Cast) -> None:
    erase_rating(rating, at=LATER)


def _looked_at(rating: Rating, _cast: Cast) -> None:
    leave_out_of_checks(rating, at=LATER)


def _hidden(rating: Rating, cast: Cast) -> None:
    hide_words(rating, by=cast.chloe.id, at=LATER)


def _edited(rating: Rating, _cast: Cast) -> None:
    edit_rating(rating, stars=5, comment=PRAISE + " Again.", emotions=[], drivers=[], at=LATER)


def _given_to_dora(rating: Rating, cast: Cast) -> None:
    reassign_rating(rating, db.session.get_one(Person, cast.dora.id), by=cast.chloe.id, reason="x", at=LATER)


def _tray(rating: Rating, cast: Cast) -> None:
    reassign_rating(rating, None, by=cast.chloe.id, reason="x", at=LATER)


@pytest.mark.parametrize("change", [_excluded, _erased, _looked_at, _hidden, _edited, _given_to_dora, _tray])
def test_it_leaves_the_wall_at_once_when_the_rating_is_no_longer_what_it_was(
    cast: Cast, people: People, change: Any
) -> None:
    rating = praised(cast.kevin)
    address = f"/thanks/{the_thanks()[0].id}"
    assert PRAISE in read_at(LATER, people["amina"])
    with transaction():
        change(the(rating), cast)
    for who in ("amina", "brian", "kevin"):
        assert PRAISE not in read_at(LATER, people[who])
        with clock.set_to(LATER):
            assert people[who].get(address).status_code == 404


def test_changed_words_are_looked_at_anew_and_their_person_reads_them_first(cast: Cast, people: People) -> None:
    rating = praised(cast.kevin)
    with transaction():
        edit_rating(the(rating), stars=5, comment="So patient with my old mother", emotions=[], drivers=[], at=LATER)
    assert share_praise(LATER) == 1
    assert "old mother" not in read_at(LATER, people["amina"])
    assert "old mother" in read_at(LATER, people["kevin"], "/thanks/mine")
    assert "old mother" in read_at(LATER + timedelta(days=1), people["amina"])
    assert share_praise(LATER + timedelta(days=1)) == 0


def test_who_kept_the_words_keeps_them_also_as_they_are_changed(cast: Cast, people: People) -> None:
    rating = praised(cast.kevin)
    people["kevin"].post(f"/thanks/{the_thanks()[0].id}/keeping")
    with transaction():
        edit_rating(the(rating), stars=5, comment=PRAISE + " Again!", emotions=[], drivers=[], at=LATER)
    assert share_praise(LATER) == 1
    assert "Again!" not in read_at(LATER + timedelta(days=1), people["amina"])
    assert "Again!" in read_at(LATER + timedelta(days=1), people["kevin"], "/thanks/mine")


def test_words_that_come_to_name_a_colleague_are_withheld_then(cast: Cast, people: People) -> None:
    rating = praised(cast.kevin)
    with transaction():
        edit_rating(the(rating), stars=5, comment="Kevin and Brian were kind", emotions=[], drivers=[], at=LATER)
    assert share_praise(LATER) == 1
    assert the_thanks()[0].withheld == "names"
    assert "Kevin and Brian were kind" not in read_at(LATER + timedelta(days=1), people["amina"])


def test_praise_of_somebody_else_is_looked_at_anew_for_them(cast: Cast, people: People) -> None:
    rating = praised(cast.kevin)
    with transaction():
        reassign_rating(the(rating), db.session.get_one(Person, cast.amina.id), by=cast.chloe.id, reason="x", at=LATER)
    share_praise(LATER)
    assert PRAISE in read_at(LATER, people["amina"], "/thanks/mine")
    assert PRAISE not in read_at(LATER + timedelta(days=1), people["kevin"], "/thanks/mine")
    assert "A customer about Amina Otieno" in read_at(LATER + timedelta(days=1), people["kevin"])


def test_it_is_said_once_how_to_keep_praise_before_any_is_shown(cast: Cast, people: People) -> None:
    praised(cast.kevin)
    assert told(cast.kevin) == ["praise.first"]
    assert "A customer’s praise of you" in people["kevin"].get("/inbox").text
    praised(cast.kevin, at=NOW + timedelta(hours=1))
    assert told(cast.kevin) == ["praise.first"]


def test_ratings_of_a_file_that_is_not_finished_are_not_there(cast: Cast, people: People) -> None:
    with transaction():
        file = Import(source="file", file_name="x.csv", started_at=NOW, alive_until=NOW + timedelta(hours=1))
        db.session.add(file)
        db.session.flush()
        a_rating(cast.kevin, 5, at=NOW, comment=PRAISE).import_id = file.id
    assert share_praise(NOW) == 0
    with transaction():
        db.session.get_one(Import, file.id).finished_at = NOW
    assert share_praise(NOW + timedelta(minutes=10)) == 1
    assert PRAISE in read_at(LATER, people["amina"])
    with transaction():
        db.session.get_one(Import, file.id).undone_at = NOW + timedelta(hours=1)
    assert PRAISE not in read_at(LATER, people["amina"])


def test_a_file_of_years_brings_no_old_praise(cast: Cast) -> None:
    with transaction():
        a_rating(cast.kevin, 5, at=NOW - timedelta(days=31), comment=PRAISE).received_at = NOW
        a_rating(cast.kevin, 5, at=NOW - timedelta(days=29), comment=PRAISE).received_at = NOW
    assert share_praise(NOW) == 1


def test_the_job_may_run_twice_and_looks_every_ten_minutes(cast: Cast) -> None:
    praised(cast.kevin)
    praised(cast.kevin, at=NOW + timedelta(minutes=9))
    assert len(the_thanks()) == 1
    assert share_praise(NOW + timedelta(minutes=10)) == 1
    assert share_praise(NOW + timedelta(minutes=10)) == 0
    assert len(the_thanks()) == 2
    assert db.session.query(AuditEntry).filter_by(action="praise.shared").count() == 2


def test_the_person_keeps_one_to_themselves_and_lets_it_show_again(cast: Cast, people: People) -> None:
    praised(cast.kevin)
    (praise,) = the_thanks()
    assert people["kevin"].post(f"/thanks/{praise.id}/keeping").status_code == 303
    assert PRAISE not in read_at(LATER, people["amina"])
    assert PRAISE in read_at(LATER, people["kevin"], "/thanks/mine")
    assert people["kevin"].post(f"/thanks/{praise.id}/sharing").status_code == 303
    assert PRAISE in read_at(LATER, people["amina"])
