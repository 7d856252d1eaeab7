"""The tray: what names nobody we know waits there, and the office says whose it is, with a reason."""

from typing import Any

import pytest
from sqlalchemy import select, update

from tests.conftest import NOW, Cast
from tests.factories import a_rating, a_touchpoint
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.ratings import rollup
from tracker.ratings.import_models import Import
from tracker.ratings.models import Attribution, Rating


def waits(reference: str | None, **values: Any) -> Rating:
    rating = a_rating(None, values.pop("stars", 4), **values)
    db.session.execute(update(Rating).where(Rating.id == rating.id).values(employee_reference=reference))
    return rating


@pytest.fixture
def three(cast: Cast) -> list[Rating]:
    with transaction():
        return [waits("N-0413"), waits("n-0413", stars=2), waits("Kevin Odhiamb", place="till 9")]


def credited(rating: Rating) -> int | None:
    db.session.rollback()
    return db.session.scalar(select(Rating.person_id).where(Rating.id == rating.id))


def test_the_tray_lists_what_waits(cast: Cast, three: list[Rating], browse: Any) -> None:
    with transaction():
        a_rating(cast.amina)
    page = browse(cast.chloe).get("/tray").text
    assert page.count("Say whose it is") == 3
    assert "N-0413" in page
    assert "till 9" in page


def test_an_empty_tray_says_so(cast: Cast, browse: Any) -> None:
    assert "Nothing waits" in browse(cast.ruth).get("/tray").text


def test_who_looks_alike_is_suggested(cast: Cast, three: list[Rating], browse: Any) -> None:
    browser = browse(cast.ruth)
    assert "Amina Otieno, N-0412" in browser.get(f"/tray/{three[0].id}").text
    assert "Kevin Odhiambo" in browser.get(f"/tray/{three[2].id}").text


def test_one_rating_is_credited_with_its_reason(cast: Cast, three: list[Rating], browse: Any) -> None:
    form = {"suggestion": str(cast.amina.id), "reason": "A slip of the pen"}
    assert browse(cast.ruth).post(f"/tray/{three[0].id}/assignment", form).status_code == 303
    assert [credited(rating) for rating in three] == [cast.amina.id, None, None]
    entry = db.session.scalars(select(Attribution)).one()
    assert (entry.from_person_id, entry.to_person_id, entry.to_team_id) == (None, cast.amina.id, cast.tills.id)
    assert (entry.reason, entry.by_id) == ("A slip of the pen", cast.ruth.id)
    assert "rating.reassigned" in set(db.session.scalars(select(AuditEntry.action)))
    assert rollup.differences() == {}


def test_all_with_the_same_reference_are_credited_at_once(cast: Cast, three: list[Rating], browse: Any) -> None:
    form = {"somebody": "amina otieno", "reason": "Old number", "all": "y"}
    browse(cast.chloe).post(f"/tray/{three[0].id}/assignment", form)
    assert [credited(rating) for rating in three] == [cast.amina.id, cast.amina.id, None]
    assert rollup.differences() == {}


def test_ratings_that_name_nobody_are_not_all_the_same(cast: Cast, browse: Any) -> None:
    with transaction():
        first, second = waits(None), waits(None)
    form = {"somebody": "N-0412", "reason": "She told me", "all": "y"}
    browse(cast.ruth).post(f"/tray/{first.id}/assignment", form)
    assert (credited(first), credited(second)) == (cast.amina.id, None)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"somebody": "N-0412"}, "Fill this in"),
        ({"reason": "Because"}, "Choose a person"),
        ({"reason": "Because", "suggestion": "0"}, "Choose a person"),
        ({"reason": "Because", "suggestion": "999999"}, "Choose a person"),
        ({"reason": "Because", "suggestion": "x"}, "Choose a person"),
        ({"reason": "Because", "somebody": "Nobody Atall"}, "Nobody here has exactly this"),
        ({"reason": "x" * 501, "somebody": "N-0412"}, "Use 500 characters at most"),
    ],
)
def test_what_is_missing_is_said(
    cast: Cast, three: list[Rating], browse: Any, form: dict[str, str], words: str
) -> None:
    answer = browse(cast.ruth).post(f"/tray/{three[0].id}/assignment", form)
    assert answer.status_code == 422
    assert words in answer.text
    assert credited(three[0]) is None


def test_nobody_credits_a_rating_to_themselves(cast: Cast, three: list[Rating], browse: Any) -> None:
    form = {"somebody": "Ruth Kiprop", "reason": "Mine"}
    assert browse(cast.ruth).post(f"/tray/{three[0].id}/assignment", form).status_code == 403
    assert credited(three[0]) is None


def test_a_rating_is_credited_out_of_the_tray_once(cast: Cast, three: list[Rating], browse: Any) -> None:
    form = {"suggestion": str(cast.amina.id), "reason": "A slip of the pen"}
    url = f"/tray/{three[0].id}/assignment"
    assert browse(cast.ruth).post(url, form).status_code == 303
    assert browse(cast.chloe).post(url, form | {"somebody": "Kevin Odhiambo"}).status_code == 404
    assert credited(three[0]) == cast.amina.id


@pytest.mark.parametrize("who", ["amina", "brian", "faith"])
def test_the_tray_is_for_the_office(cast: Cast, three: list[Rating], browse: Any, who: str) -> None:
    browser = browse(getattr(cast, who))
    assert browser.get("/tray").status_code == 403
    assert browser.get(f"/tray/{three[0].id}").status_code == 403
    assert browser.post(f"/tray/{three[0].id}/assignment", {"somebody": "N-0412", "reason": "x"}).status_code == 403
    assert credited(three[0]) is None


def test_a_rating_that_has_its_person_is_not_in_the_tray(cast: Cast, browse: Any) -> None:
    with transaction():
        rating = a_rating(cast.amina)
    missing = browse(cast.ruth).get("/tray/999999")
    assert (missing.status_code, browse(cast.ruth).get(f"/tray/{rating.id}").status_code) == (404, 404)


def test_ratings_of_an_unfinished_import_do_not_wait_yet(cast: Cast, browse: Any) -> None:
    with transaction():
        unfinished = Import(source="file", file_name="f", started_at=NOW, alive_until=NOW)
        db.session.add(unfinished)
        db.session.flush()
        rating = waits("N-9", touchpoint_id=a_touchpoint().id)
        db.session.execute(update(Rating).where(Rating.id == rating.id).values(import_id=unfinished.id))
    assert "Nothing waits" in browse(cast.ruth).get("/tray").text
    assert browse(cast.ruth).get(f"/tray/{rating.id}").status_code == 404
