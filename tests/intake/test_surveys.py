"""The questions of a stage: HR and admins write them, in versions, so that an old answer keeps the question it was given to."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Browser, Cast
from tests.factories import a_rating, a_touchpoint
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict
from tracker.intake.actions import open_link
from tracker.ratings.models import Driver, Rating
from tracker.ratings.survey_actions import ensure_default_drivers, ensure_default_surveys, save_survey
from tracker.ratings.survey_models import SurveyVersion
from tracker.ratings.surveys import Survey, answer_words, default_survey, key_from

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
OWN_WORDS = {
    **{f"praise_{code}": f"Sorted {code}" for code in ("en", "sw", "fr")},
    **{f"wish_{code}": f"Sort it {code}" for code in ("en", "sw", "fr")},
}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def chloe(cast: Cast, browse: Any) -> Browser:
    with transaction():
        ensure_default_drivers()
        ensure_default_surveys(at=NOW - timedelta(days=90))
    return browse(cast.chloe, at=NOW)


@pytest.fixture
def token(chloe: Browser, cast: Cast) -> str:
    with transaction():
        return a_link(cast)


def a_link(cast: Cast, stage: str = "purchase") -> str:
    return open_link(
        db.session.merge(cast.amina),
        touchpoint_id=a_touchpoint(stage, stage=stage).id,
        ended_at=NOW - timedelta(hours=1),
        by=None,
        at=NOW,
    )


def versions(stage: str = "purchase") -> list[SurveyVersion]:
    db.session.rollback()
    found = select(SurveyVersion).where(SurveyVersion.stage == stage).order_by(SurveyVersion.number)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def the_rating() -> Rating:
    db.session.rollback()
    return db.session.scalars(select(Rating).execution_options(populate_existing=True)).one()


def driver_id(key: str) -> int:
    db.session.rollback()
    return db.session.scalars(select(Driver.id).where(Driver.key == key)).one()


def the_form(page: str) -> dict[str, Any]:
    """What a browser would send of the editor as it stands."""
    inside = page.split('id="survey"')[1].split("</form>")[0]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", inside):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or name[1] == "csrf_token" or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        sent.setdefault(name[1], []).append((value[1] if value else "").replace("&#39;", "'"))
    return sent


def edited(browser: Browser, stage: str = "purchase", **changes: Any) -> Any:
    form = the_form(browser.get(f"/surveys/{stage}").text) | changes
    return browser.post(f"/surveys/{stage}", {name: value for name, value in form.items() if value is not None})


# It does


def test_the_editor_shows_what_is_asked_and_saves_a_new_version(chloe: Browser, cast: Cast) -> None:
    speed = driver_id("speed")
    answer = edited(
        chloe, **{f"d{speed}-praise_en": "Quick", "effort": "y", "comment": None, "emotions": ["at_ease", "rushed"]}
    )
    assert (answer.status_code, answer.location) == (303, "/surveys/purchase")
    first, second = versions()
    assert first.content == default_survey("purchase").content
    survey = Survey(second.content)
    assert survey.keys == list(default_survey("purchase").keys)
    assert ("speed", "Quick") in survey.praises("en")
    assert ("speed", "Haraka") in survey.praises("sw")
    assert (survey.emotions, survey.asks_effort, survey.asks_comment) == (["at_ease", "rushed"], True, False)
    assert (second.number, second.created_by_id, second.created_at) == (2, cast.chloe.id, NOW)
    page = chloe.get("/surveys/purchase").text
    assert "Saved as version 2." in page
    assert "2 versions so far" in page
    assert "came with the product" in page
    assert "Chloe Yusuf" in page
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "survey.edited"))
    assert (entry.by_id, entry.about_id, entry.details) == (
        cast.chloe.id,
        second.id,
        {"stage": "purchase", "number": 2},
    )


def test_customers_are_asked_what_was_saved(chloe: Browser, token: str, browse: Any) -> None:
    speed = driver_id("speed")
    question = {"question_en": "Did all go well?", "question_sw": "Yote sawa?", "question_fr": "Tout va bien ?"}
    edited(chloe, **{f"d{speed}-praise_sw": "Chapuchapu", "effort": "y", "comment": None, "emotions": None}, **question)
    customer = browse(None)
    page = customer.get(f"/rate/{token}?language=sw").text
    assert "Yote sawa?" in page
    assert "Chapuchapu" in page
    assert "Ilikuwa rahisi kiasi gani?" in page
    assert 'name="c"' not in page
    assert 'name="e"' not in page
    customer.post(f"/rate/{token}", {"r": "4", "w": "speed", "f": "5", "c": "not asked", "e": "rushed", "v": "2"})
    assert customer.get(f"/rate/{token}").text.count("How easy it was") == 0, "a feeling was never offered: asked again"
    customer.post(f"/rate/{token}", {"r": "4", "w": "speed", "f": "5", "c": "not asked", "v": "2"})
    rating = the_rating()
    assert (rating.effort, rating.comment, rating.drivers) == (5, None, ["speed"])
    assert rating.survey_version_id == versions()[1].id


def test_drivers_stand_in_the_order_of_their_numbers(chloe: Browser) -> None:
    keys = default_survey("purchase").keys
    places = {f"d{driver_id(key)}-place": str(len(keys) - place) for place, key in enumerate(keys)}
    edited(chloe, **places)
    assert Survey(versions()[1].content).keys == keys[::-1]


def test_a_driver_is_added_asked_and_retired(chloe: Browser, cast: Cast) -> None:
    added = chloe.post("/drivers", {"name": "Café & Parking", **OWN_WORDS})
    assert (added.status_code, added.location) == (303, "/surveys")
    id = driver_id("cafe_parking")
    edited(chloe, **{f"d{id}-asked": "y", f"d{id}-place": "1"})
    assert Survey(versions()[1].content).praises("fr")[0] == ("cafe_parking", "Sorted fr")
    refused = chloe.post(f"/drivers/{id}/retirement")
    assert refused.status_code == 409
    assert "“Purchase” asks about this." in refused.text
    edited(chloe, **{f"d{id}-asked": None})
    assert chloe.post(f"/drivers/{id}/retirement").status_code == 303
    assert f'name="d{id}-asked"' not in chloe.get("/surveys/purchase").text
    assert "No longer asked" in chloe.get("/surveys").text
    chloe.post(f"/drivers/{id}/return")
    assert f'name="d{id}-asked"' in chloe.get("/surveys/purchase").text
    actions = list(
        db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("driver.%")).order_by(AuditEntry.id))
    )
    assert actions == ["driver.added", "driver.retired", "driver.returned"]


# Versions keep old questions


def test_an_old_answer_keeps_its_words(chloe: Browser, token: str, browse: Any, cast: Cast) -> None:
    customer = browse(None)
    customer.post(f"/rate/{token}", {"r": "2", "b": ["speed", "price_clear"], "v": "1"})
    speed, price = driver_id("speed"), driver_id("price_clear")
    edited(chloe, **{f"d{speed}-wish_en": "Be quicker", f"d{price}-asked": None})
    assert Survey(versions()[1].content).words_of("price_clear") is None
    for page in (customer.get(f"/rate/{token}").text, browse(cast.amina, at=NOW).get("/me/ratings").text):
        assert "Could be better: Speed · A clear price" in page
    assert "Be quicker" not in customer.get(f"/rate/{token}?change=1").text
    assert customer.post(f"/rate/{token}/change", {"r": "2", "b": ["price_clear"]}).status_code == 303
    assert the_rating().drivers == ["price_clear"]
    assert the_rating().survey_version_id == versions()[0].id


def test_who_had_the_page_open_answers_what_it_asked(chloe: Browser, token: str, browse: Any) -> None:
    customer = browse(None)
    page = customer.get(f"/rate/{token}").text
    assert 'name="v" type="hidden" value="1"' in page
    price = driver_id("price_clear")
    edited(chloe, **{f"d{price}-asked": None})
    assert customer.post(f"/rate/{token}", {"r": "5", "w": "price_clear", "v": "1"}).status_code == 303
    assert the_rating().survey_version_id == versions()[0].id


@pytest.mark.parametrize("number", ["", "0", "-1", "99", "9" * 30, "x"])
def test_a_version_there_is_not_is_todays(chloe: Browser, token: str, browse: Any, number: str) -> None:
    assert browse(None).post(f"/rate/{token}", {"r": "5", "v": number}).status_code == 303
    assert the_rating().survey_version_id == versions()[0].id


def test_answers_from_before_the_versions_have_the_products_words(chloe: Browser, cast: Cast, browse: Any) -> None:
    with transaction():
        a_rating(cast.amina, 5, at=NOW, drivers=["speed", "own theme"])
    assert "Went well: Fast · own theme" in browse(cast.amina, at=NOW).get("/me/ratings").text


def test_each_stage_asks_its_own(chloe: Browser, cast: Cast, browse: Any) -> None:
    with transaction():
        tokens = {stage: a_link(cast, stage) for stage in ("pre_purchase", "purchase", "post_purchase")}
    pages = {stage: browse(None).get(f"/rate/{token}").text for stage, token in tokens.items()}
    assert "Clear what is on offer" in pages["pre_purchase"]
    assert "Explained how to use it" in pages["purchase"]
    assert "There when needed" in pages["post_purchase"]
    assert [stage for stage, page in pages.items() if "How easy was it?" in page] == ["post_purchase"]
    assert len({page.count('name="w"') for page in pages.values()} - {6, 7}) == 0


# The phone


def test_the_phone_shows_what_stands_in_the_editor_and_saves_nothing(chloe: Browser) -> None:
    speed = driver_id("speed")
    form = the_form(chloe.get("/surveys/purchase").text)
    form |= {f"d{speed}-praise_fr": "Vite fait", f"d{speed}-wish_fr": "", "language": "fr"}
    answer = chloe.post("/surveys/purchase/preview", form)
    assert answer.status_code == 200
    assert '<html lang="fr"' in answer.text
    assert "Vite fait" in answer.text
    assert "Service assuré par Chloe" in answer.text
    assert '<button class="btn wide lg" type="button">' in answer.text, "it is only looked at"
    assert len(versions()) == 1


def test_an_old_version_can_be_looked_at(chloe: Browser) -> None:
    speed = driver_id("speed")
    edited(chloe, **{f"d{speed}-praise_en": "Quick"})
    assert "Quick" in chloe.get("/surveys/purchase/preview").text
    assert "Quick" not in chloe.get("/surveys/purchase/preview?version=1").text
    assert chloe.get("/surveys/purchase/preview?version=7").status_code == 404
    assert chloe.get(f"/surveys/purchase/preview?version={'9' * 30}").status_code == 404


def test_only_the_phone_may_stand_in_a_frame_and_only_in_ours(chloe: Browser) -> None:
    phone, editor = chloe.get("/surveys/purchase/preview"), chloe.get("/surveys/purchase")
    assert "frame-ancestors 'self'" in phone.headers["Content-Security-Policy"]
    assert phone.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-src 'self'" in editor.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in editor.headers["Content-Security-Policy"]
    assert editor.headers["X-Frame-Options"] == "DENY"


# It refuses


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"speed-praise_sw": ""}, "“Speed” is asked, so it needs its words in every language"),
        ({"speed-wish_en": "x" * 41}, "Use 40 characters at most"),
        ({"speed-place": "soon"}, "“Speed”: see what is marked in its words"),
        ({"speed-place": "0"}, "A number from 1 to 99"),
        ({"effort-asked": "y", "answers_right-asked": "y"}, "Ask about 8 drivers at most"),
        ({"question_en": "Well?"}, "A question of your own needs its words in every language, or in none"),
        ({"question_en": "x" * 81}, "Use 80 characters at most"),
        ({"emotions": ["love"]}, "Choose from the list"),
    ],
)
def test_what_cannot_be_asked_is_said(chloe: Browser, changes: dict[str, Any], words: str) -> None:
    named = {}
    for name, value in changes.items():
        key, _dash, field = name.rpartition("-")
        named[f"d{driver_id(key)}-{field}" if key else name] = value
    answer = edited(chloe, **named)
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error:" in answer.text
    assert len(versions()) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Fill this in"),
        ({"name": "!!!"}, "Use letters or digits"),
        ({"name": "SPEED"}, "There is a driver of that name"),
        ({"name": "Price clear"}, "There is a driver of that name"),
        ({"name": "x" * 81}, "Use 80 characters at most"),
        ({"wish_fr": ""}, "Fill this in"),
        ({"praise_en": "x" * 41}, "Use 40 characters at most"),
    ],
)
def test_a_driver_that_cannot_be_is_refused(chloe: Browser, changes: dict[str, str], words: str) -> None:
    answer = chloe.post("/drivers", {"name": "Parking", **OWN_WORDS, **changes})
    assert answer.status_code in {409, 422}
    assert words in answer.text
    db.session.rollback()
    assert db.session.scalar(select(Driver.id).where(Driver.key == "parking")) is None


def test_words_are_escaped(chloe: Browser, token: str, browse: Any) -> None:
    speed = driver_id("speed")
    edited(chloe, **{f"d{speed}-praise_en": "<b onclick=1>"})
    assert "<b onclick" not in browse(None).get(f"/rate/{token}").text
    assert "<b onclick" not in chloe.get("/surveys/purchase").text


# Who may


@pytest.mark.parametrize(
    ("who", "status"), [("chloe", 200), ("ruth", 200), ("amina", 403), ("brian", 403), ("dora", 403)]
)
def test_who_may_edit(chloe: Browser, cast: Cast, browse: Any, who: str, status: int) -> None:
    browser = browse(getattr(cast, who), at=NOW)
    for url in ("/surveys", "/surveys/purchase", "/surveys/purchase/preview"):
        assert browser.get(url).status_code == status
    if status == 403:
        assert browser.post("/surveys/purchase", the_form(chloe.get("/surveys/purchase").text)).status_code == 403
        assert browser.post("/drivers", {"name": "Parking", **OWN_WORDS}).status_code == 403
        assert browser.post(f"/drivers/{driver_id('effort')}/retirement").status_code == 403
    assert len(versions()) == 1


@pytest.mark.parametrize("stage", ["nothing", "Purchase", "purchase%00", "x" * 300])
def test_a_stage_there_is_not_is_not_found(chloe: Browser, stage: str) -> None:
    assert chloe.get(f"/surveys/{stage}").status_code == 404
    assert chloe.post(f"/surveys/{stage}").status_code == 404
    assert chloe.post(f"/surveys/{stage}/preview").status_code == 404


# Twice, and at once


def test_the_same_twice_is_one_version(chloe: Browser) -> None:
    form = the_form(chloe.get("/surveys/purchase").text) | {"effort": "y"}
    assert [chloe.post("/surveys/purchase", form).status_code for _time in range(2)] == [303, 303]
    assert len(versions()) == 2
    assert "Nothing is different" in chloe.get("/surveys/purchase").text


def test_who_edits_an_old_version_is_told_before_it_replaces_the_new_one(
    chloe: Browser, cast: Cast, browse: Any
) -> None:
    ruth = browse(cast.ruth, at=NOW)
    stale = the_form(ruth.get("/surveys/purchase").text) | {"question_en": "A", "question_sw": "B", "question_fr": "C"}
    edited(chloe, effort="y")
    answer = ruth.post("/surveys/purchase", stale)
    assert answer.status_code == 409
    assert "Somebody saved version 2 meanwhile." in answer.text
    assert len(versions()) == 2
    again = the_form(answer.text)
    assert again["question_en"] == ["A"], "what was typed is kept"
    assert ruth.post("/surveys/purchase", again).status_code == 303
    assert len(versions()) == 3


def test_a_driver_retired_meanwhile_is_not_asked(chloe: Browser) -> None:
    id = driver_id("effort")
    form = the_form(chloe.get("/surveys/purchase").text) | {f"d{id}-asked": "y"}
    form = {name: value for name, value in form.items() if not name.startswith(f"d{driver_id('speed')}-asked")}
    chloe.post(f"/drivers/{id}/retirement")
    chloe.post("/surveys/purchase", form)
    assert "effort" not in Survey(versions()[-1].content).keys


def test_the_action_itself_knows_what_it_builds_on(chloe: Browser, cast: Cast) -> None:
    content = {**default_survey("purchase").content, "effort": True}
    with pytest.raises(Conflict), transaction():
        save_survey("purchase", content, base=7, by=cast.chloe.id, at=NOW)


# At the edge


def test_a_stage_may_ask_for_nothing_but_the_faces(chloe: Browser, token: str, browse: Any) -> None:
    none_asked = {f"d{driver_id(key)}-asked": None for key in default_survey("purchase").keys}
    edited(chloe, **none_asked, emotions=None, comment=None)
    page = browse(None).get(f"/rate/{token}").text
    assert "What went well?" not in page
    assert browse(None).post(f"/rate/{token}", {"r": "3", "v": "2"}).status_code == 303


def test_without_a_version_the_products_own_questions_are_asked(cast: Cast, browse: Any) -> None:
    with transaction():
        token = a_link(cast)
    assert "Knew their stuff" in browse(None).get(f"/rate/{token}").text
    assert browse(None).post(f"/rate/{token}", {"r": "5", "w": "knowledge"}).status_code == 303
    assert the_rating().survey_version_id is None
    assert "No surveys yet" in browse(cast.chloe, at=NOW).get("/surveys").text


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Speed", "speed"),
        ("  Café & bar ", "cafe_bar"),
        ("Été 2026", "ete_2026"),
        ("!!!", ""),
        ("日本", ""),
        ("x" * 90, "x" * 40),
    ],
)
def test_a_key_is_made_of_letters_and_digits(name: str, key: str) -> None:
    assert key_from(name) == key


def test_words_fall_back_to_english_and_to_what_was_written() -> None:
    content = {"drivers": [{"key": "own", "praise": {"en": "Fine"}, "wish": {"en": "Finer", "fr": ""}}]}
    assert answer_words(["own", "speed", "odd"], stars=5, content=content, language="sw") == ["Fine", "Haraka", "odd"]
    assert answer_words(["own"], stars=3, content=content, language="fr") == ["Finer"]
