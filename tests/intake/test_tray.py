"""The tray: what names nobody we know waits there, and the office says whose it is, with a reason."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.conftest import NOW, Cast
from tests.factories import a_customer, a_rating, a_shift, a_touchpoint
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.intake.actions import import_ratings
from tracker.intake.importing import ImportResult
from tracker.intake.rows import Choices
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


def test_who_held_the_post_is_suggested_and_credited_with_one_touch(cast: Cast, browse: Any) -> None:
    moment = datetime(2026, 11, 17, 11, 0, tzinfo=UTC)
    with transaction():
        a_shift("Till 3", cast.amina, moment - timedelta(hours=1), moment + timedelta(hours=1))
        a_shift("Till 3", cast.kevin, moment - timedelta(hours=1), moment + timedelta(hours=1))
        rating, alone = waits(None, place="Till 3", at=moment), waits(None, place="Till 3", at=moment)
    browser = browse(cast.ruth)
    assert browser.get(f"/tray/{rating.id}").text.count("One of 2 who held Till 3 then.") == 2
    assert browser.post(f"/tray/{rating.id}/suggestions/{cast.dora.id}").status_code == 409
    assert browser.post(f"/tray/{rating.id}/suggestions/{cast.kevin.id}").status_code == 303
    assert (credited(rating), credited(alone)) == (cast.kevin.id, None)
    entry = db.session.scalars(select(Attribution)).one()
    assert (entry.reason, entry.by_id) == ("One of 2 who held Till 3 then.", cast.ruth.id)
    assert browser.post(f"/tray/{rating.id}/suggestions/{cast.kevin.id}").status_code == 404
    assert browse(cast.brian).post(f"/tray/{alone.id}/suggestions/{cast.kevin.id}").status_code == 403
    assert rollup.differences() == {}


def test_who_served_the_same_customer_that_day_is_suggested(cast: Cast, browse: Any) -> None:
    with transaction():
        customer = a_customer()
        a_rating(cast.kevin, customer_id=customer.id)
        rating = waits(None, customer_id=customer.id)
        other_day = waits(None, customer_id=customer.id, on=date(2026, 11, 15))
    assert "Served the same customer that day." in browse(cast.ruth).get(f"/tray/{rating.id}").text
    assert "Served the same customer" not in browse(cast.ruth).get(f"/tray/{other_day.id}").text


def test_whom_a_later_file_names_is_suggested_for_all_of_them(cast: Cast, browse: Any, tmp_path: Path) -> None:
    """The helpdesk assigned late: its first export named nobody, the next one does."""
    mapping = {name: name for name in ("external_id", "rated_at", "stars", "employee")}

    def bring(employee: str) -> ImportResult:
        rows = "".join(f"{n},2026-11-16T10:0{n},4,{employee}\n" for n in range(3))
        file = tmp_path / "export.csv"
        file.write_text("external_id,rated_at,stars,employee\n" + rows, encoding="utf-8")
        return import_ratings(file, Choices(source="desk", mapping=mapping), by=None, at=NOW)

    assert bring("").waiting == 3
    assert (bring("Kevin Odhiambo").transferred, bring("Kevin Odhiambo").unchanged) == (3, 3)
    first, *others = db.session.scalars(select(Rating).order_by(Rating.id)).all()
    browser = browse(cast.ruth)
    page = browser.get(f"/tray/{first.id}").text
    assert "A later file names them." in page
    assert "3 ratings wait under “Kevin Odhiambo”" in page
    form = {"suggestion": str(cast.kevin.id), "reason": "The later export", "all": "y"}
    assert browser.post(f"/tray/{first.id}/assignment", form).status_code == 303
    assert [credited(rating) for rating in (first, *others)] == [cast.kevin.id] * 3
    assert all(rating.transferred_at is None for rating in db.session.scalars(select(Rating)))
    assert rollup.differences() == {}
