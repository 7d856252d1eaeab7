"""Saying what stood in the way of a rating of one’s own: by whom, changed and taken back until it is answered."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.conftest import NOW, Browser, Cast
from tests.obstacles.making import RECEIPT, SENT, a_day_ahead, causes, obstacles, rating_of, said, the_cause
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.errors import Invalid
from tracker.obstacles.actions import answer, give, rename, say
from tracker.ratings.actions import erase_rating, reassign_rating
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Obstacle
from tracker.ratings.obstacles import Named
from tracker.recovery.opening import open_case


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def rating(cast: Cast) -> Rating:
    with transaction():
        return rating_of(cast.amina)


def answered(cast: Cast) -> None:
    cause = the_cause()
    give(cause, cast.floor, due_on=a_day_ahead(14), by=cast.chloe.id, at=NOW)
    answer(cause, kind="declined", words="The law asks for it.", change_on=None, by=cast.dora.id, at=NOW)


def test_the_page_asks_and_the_card_shows_it(cast: Cast, rating: Rating, people: dict[str, Browser]) -> None:
    page = f"/ratings/{rating.id}/obstacle"
    assert page in people["amina"].get("/me/ratings").text
    assert "What stood in the way?" in people["amina"].get(page).text
    answer = people["amina"].post(page, SENT)
    assert answer.status_code == 303
    (found,) = obstacles()
    assert (found.kind, found.rating_id, found.said_by_id, found.case_id) == ("policy", rating.id, cast.amina.id, None)
    assert (found.stars, found.rated_on, found.person_id) == (2, rating.rated_on, cast.amina.id)
    assert found.words == SENT["words"]
    assert found.words_shared_at is None
    assert the_cause().kind == "policy"
    assert RECEIPT in people["amina"].get("/me/ratings").text
    assert "Take it back" in people["amina"].get(page).text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "obstacle.named")).one()
    assert entry.details == {"kind": "policy"}


def test_any_rating_may_have_one(cast: Cast, people: dict[str, Browser]) -> None:
    for stars in (1, 3, 5):
        with transaction():
            found = rating_of(cast.amina, stars)
        assert people["amina"].post(f"/ratings/{found.id}/obstacle", SENT).status_code == 303
    assert sorted(one.stars or 0 for one in obstacles()) == [1, 3, 5]
    assert causes() == [RECEIPT]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "Give it a short name, or choose one from the list"),
        ({"kind": ""}, "Choose what kind it was, or one from the list"),
        ({"kind": "weather"}, "Choose what kind it was, or one from the list"),
        ({"name": "x" * 81}, "Use 80 characters at most"),
        ({"words": "x" * 2001}, "Use 2000 characters at most"),
        ({"cause": "999999"}, "Choose one from the list"),
    ],
)
def test_what_cannot_be_is_answered(
    rating: Rating, people: dict[str, Browser], values: dict[str, str], words: str
) -> None:
    answer = people["amina"].post(f"/ratings/{rating.id}/obstacle", {**SENT, **values})
    assert answer.status_code == 422
    assert words in answer.text
    assert obstacles() == []
    assert causes() == []


def test_one_of_the_list_and_a_new_one_are_not_both(cast: Cast, rating: Rating, people: dict[str, Browser]) -> None:
    with transaction():
        said(cast.kevin)
    page, chosen = f"/ratings/{rating.id}/obstacle", {"cause": str(the_cause().id)}
    assert people["amina"].post(page, {**SENT, **chosen}).status_code == 422
    assert people["amina"].post(page, {**chosen, "kind": "stock", "words": ""}).status_code == 303
    mine = obstacles()[-1]
    assert (mine.cause_id, mine.kind) == (the_cause().id, "policy"), "what is chosen has its kind already"
    assert mine.words is None


def test_the_same_name_is_the_same_thing(cast: Cast) -> None:
    with transaction():
        for name in (RECEIPT, "  returns   NEED a receipt", "Ｒeturns need a receipt"):
            said(cast.amina, name=name)
    assert causes() == [RECEIPT]


def test_who_may(rating: Rating, people: dict[str, Browser]) -> None:
    page = f"/ratings/{rating.id}/obstacle"
    for stranger in ("kevin", "dora", "chloe", "faith", "ruth"):
        assert people[stranger].get(page).status_code == 404
        assert people[stranger].post(page, SENT).status_code == 404
        assert people[stranger].post(f"{page}/withdrawal").status_code == 404
    assert people["brian"].get(page).status_code == 200
    assert people["brian"].post(page, SENT).status_code == 403
    assert people["brian"].post(f"{page}/withdrawal").status_code == 403
    assert obstacles() == []


def test_the_leader_reads_it_beside_the_rating(cast: Cast, people: dict[str, Browser], rating: Rating) -> None:
    assert "Amina has said nothing about it" in people["brian"].get(f"/ratings/{rating.id}/obstacle").text
    people["amina"].post(f"/ratings/{rating.id}/obstacle", SENT)
    page = people["brian"].get(f"/people/{cast.amina.id}/ratings").text
    assert RECEIPT in page
    assert SENT["words"] in page
    assert "Something stood in the way?" not in page, "it is for whoever served"
    assert SENT["words"] in people["brian"].get(f"/ratings/{rating.id}/obstacle").text


def test_it_is_changed_and_taken_back(rating: Rating, people: dict[str, Browser]) -> None:
    page = f"/ratings/{rating.id}/obstacle"
    people["amina"].post(page, SENT)
    people["amina"].post(page, {"kind": "stock", "name": "No bags", "words": "None left.", "shares": "y"})
    (found,) = obstacles()
    assert (found.kind, found.words, found.words_shared_at) == ("stock", "None left.", NOW)
    assert causes() == ["No bags"], "what nobody names any more goes"
    assert people["amina"].post(f"{page}/withdrawal").status_code == 303
    assert obstacles() == []
    assert causes() == []
    assert people["amina"].post(f"{page}/withdrawal").status_code == 409
    actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("obstacle.")))
    assert sorted(actions) == ["obstacle.changed", "obstacle.named", "obstacle.withdrawn"]


def test_once_it_is_answered_it_stays(cast: Cast, rating: Rating, people: dict[str, Browser]) -> None:
    page = f"/ratings/{rating.id}/obstacle"
    people["amina"].post(page, SENT)
    with transaction():
        answered(cast)
    assert people["amina"].post(page, {**SENT, "name": "Another"}).status_code == 409
    assert people["amina"].post(f"{page}/withdrawal").status_code == 409
    shown = people["amina"].get(page).text
    assert "The law asks for it." in shown
    assert "It has been answered, so it stays as you said it." in shown
    assert "Take it back" not in shown


def test_who_names_it_after_an_answer_sees_that_at_once_and_stays_free(
    cast: Cast, rating: Rating, people: dict[str, Browser]
) -> None:
    with transaction():
        said(cast.kevin)
        answered(cast)
    page = f"/ratings/{rating.id}/obstacle"
    with clock.set_to(NOW + timedelta(hours=1)):
        people["amina"].post(page, {"cause": str(the_cause().id), "words": ""})
        assert "The law asks for it." in people["amina"].get(page).text
        assert people["amina"].post(f"{page}/withdrawal").status_code == 303
    assert len(obstacles()) == 1


def test_a_rating_that_is_taken_back_leaves_a_count_without_words(cast: Cast, rating: Rating) -> None:
    with transaction():
        say(rating, Named(kind="policy", name=RECEIPT), words="She had no receipt.", shares=True, at=NOW)
        erase_rating(db.session.get_one(Rating, rating.id), at=NOW)
    (found,) = obstacles()
    assert (found.rating_id, found.words, found.words_shared_at) == (None, None, None)
    assert (found.stars, found.rated_on, found.person_id) == (2, rating.rated_on, cast.amina.id)


def test_a_rating_credited_anew_is_another_persons_to_speak_of(
    cast: Cast, rating: Rating, people: dict[str, Browser]
) -> None:
    page = f"/ratings/{rating.id}/obstacle"
    people["amina"].post(page, SENT)
    with transaction():
        found = db.session.get_one(Rating, rating.id)
        reassign_rating(found, cast.kevin, by=cast.chloe.id, reason="It was Kevin.", at=NOW)
    assert people["amina"].get(page).status_code == 404
    shown = people["kevin"].get(page).text
    assert SENT["words"] not in shown
    people["kevin"].post(page, {**SENT, "words": "Mine"})
    assert [one.said_by_id for one in obstacles()] == [cast.amina.id, cast.kevin.id]
    card = people["kevin"].get("/me/ratings").text
    assert "Mine" in card
    assert SENT["words"] not in card


def test_one_a_rating_and_person(cast: Cast, rating: Rating) -> None:
    same: dict[str, Any] = {"kind": "stock", "rating_id": rating.id, "said_by_id": cast.amina.id, "said_at": NOW}
    db.session.add_all([Obstacle(**same), Obstacle(**same)])
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_without_a_name_there_is_nothing_to_answer(rating: Rating) -> None:
    with pytest.raises(Invalid), transaction():
        say(rating, Named(kind="stock"), words=None, shares=False, at=NOW)
    with pytest.raises(Invalid), transaction():
        say(rating, Named(), words=None, shares=False, at=NOW)
    assert obstacles() == []


def test_the_audit_does_not_say_who(cast: Cast, rating: Rating, people: dict[str, Browser]) -> None:
    people["amina"].post(f"/ratings/{rating.id}/obstacle", SENT)
    row = people["chloe"].get("/audit").text.split("Said what stood in the way")[0].rsplit("<tr>", 1)[1]
    assert "hidden to protect people" in row
    assert "Amina" not in row


def test_a_complaint_that_is_closed_names_one_too(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        said(cast.kevin)
        case = open_case(rating_of(cast.amina, 1, at=NOW - timedelta(hours=2)), contact="0722", at=NOW)
        assert case is not None
    done = {"outcome": "unsolved", "words": "Explained it.", "cause": "process", "driver": "", "given": "nothing"}
    page = f"/complaints/{case.id}"
    both = {**done, "rule": str(the_cause().id), "rule_name": "Another"}
    assert "not both" in people["brian"].post(f"{page}/closing", both).text
    assert people["brian"].post(f"{page}/closing", {**done, "rule_name": "Another"}).status_code == 422
    blamed = {**done, "cause": "person", "rule": str(the_cause().id)}
    assert people["brian"].post(f"{page}/closing", blamed).status_code == 422
    assert people["brian"].post(f"{page}/closing", {**done, "rule": str(the_cause().id)}).status_code == 303
    assert RECEIPT in people["brian"].get(page).text
    of_case = next(one for one in obstacles() if one.case_id == case.id)
    assert (of_case.cause_id, of_case.said_by_id, of_case.person_id) == (the_cause().id, cast.brian.id, cast.amina.id)
    with transaction():
        rename(the_cause(), "No receipt, no return", by=cast.chloe.id, at=NOW)
    assert "No receipt, no return" in people["brian"].get(page).text
