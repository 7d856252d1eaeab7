"""A kiosk in three languages: it begins in its own with each customer, and the tablet's browser has no say."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Browser, Cast
from tests.intake.kiosks import NOW, PIN, a_code, a_kiosk, ratings, the_kiosk, touched
from tests.intake.test_kiosk_tablet import paired
from tests.intake.test_rate_languages import Gaps, gaps  # noqa: F401 - a fixture
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db
from tracker.core.language import PUBLIC_LANGUAGES
from tracker.intake.models import Kiosk

TITLES = {
    "en": "How was your visit today?",
    "sw": "Ziara yako ya leo ilikuwaje?",
    "fr": "Comment s’est passée votre visite",
}
FRENCH = {"Accept-Language": "fr-FR,fr;q=0.9"}


@pytest.fixture(autouse=True)
def now() -> Iterator[Any]:
    with clock.set_to(NOW):
        yield NOW


def a_tablet(app: Flask, cast: Cast, browse: Any, language: str = "en") -> Browser:
    tablet: Browser = paired(browse(None), a_code(app, a_kiosk(cast, language=language)))
    return tablet


@pytest.mark.parametrize("language", PUBLIC_LANGUAGES)
def test_it_begins_in_its_own_language(app: Flask, cast: Cast, browse: Any, language: str) -> None:
    page = a_tablet(app, cast, browse, language).get("/kiosk/", headers=FRENCH).text
    assert f'<html lang="{language}"' in page
    assert TITLES[language] in page
    assert f'data-own="{language}"' in page


@pytest.mark.parametrize("language", PUBLIC_LANGUAGES)
def test_each_language_is_a_touch_away(app: Flask, cast: Cast, browse: Any, language: str) -> None:
    page = a_tablet(app, cast, browse, "sw").get(f"/kiosk/?language={language}").text
    assert f'<html lang="{language}"' in page
    assert TITLES[language] in page
    links = re.findall(
        r'<a class="chip" href="([^"]+)" lang="(\w+)" hreflang="\w+"( aria-current="true")?>([^<]+)</a>', page
    )
    assert [(address, code, name) for address, code, _current, name in links] == [
        (f"/kiosk/?language={code}", code, name) for code, name in PUBLIC_LANGUAGES.items()
    ]
    assert [code for _address, code, current, _name in links if current] == [language]
    assert page.count('http-equiv="refresh"') == (language != "sw"), (
        "without a script too, the next finds its own language"
    )


@pytest.mark.parametrize("wrong", ["de", "", "en_US", "../fr", "fr%00", "<b>"])
def test_a_language_there_is_not_is_passed_over(app: Flask, cast: Cast, browse: Any, wrong: str) -> None:
    answer = a_tablet(app, cast, browse, "sw").get(f"/kiosk/?language={wrong}", headers=FRENCH)
    assert answer.status_code == 200
    assert '<html lang="sw"' in answer.text


def test_a_customers_choice_lasts_to_the_thanks_and_no_further(app: Flask, cast: Cast, browse: Any) -> None:
    tablet = a_tablet(app, cast, browse)
    assert 'action="/kiosk/answers?language=fr"' in tablet.get("/kiosk/?language=fr").text
    form = {"r": "4", "id": touched()["id"]}
    who = tablet.post("/kiosk/answers?language=fr", form)
    assert "Qui vous a apporté son aide" in who.text
    assert 'action="/kiosk/answers?language=fr"' in who.text
    assert 'class="chip"' not in who.text, "an answer is not sent twice by a link"
    sent = tablet.post("/kiosk/answers?language=fr", {**form, "p": str(cast.kevin.id)})
    assert sent.location == "/kiosk/thanks?language=fr"
    thanks = tablet.get(sent.location).text
    assert "Merci\u202f!" in thanks
    assert 'content="3;url=/kiosk/"' in thanks
    assert '<html lang="en"' in tablet.get("/kiosk/").text
    [rating] = ratings()
    assert (rating.stars, rating.person_id, rating.comment_language) == (4, cast.kevin.id, None)


@pytest.mark.parametrize("language", ["sw", "fr"])
def test_a_customer_meets_nothing_in_english(
    app: Flask,
    cast: Cast,
    browse: Any,
    gaps: Gaps,  # noqa: F811 - the fixture
    language: str,
) -> None:
    tablet = a_tablet(app, cast, browse, language)
    gaps.found.clear()
    form = {"r": "4", "id": touched()["id"]}
    tablet.get("/kiosk/")
    for sent in (
        form,
        {**form, "p": ""},
        {**form, "p": "x"},
        {"r": "9", "id": "x"},
        {},
        {**form, "csrf_token": "wrong"},
    ):
        tablet.post("/kiosk/answers", sent)
    tablet.get("/kiosk/thanks")
    tablet.post("/kiosk/deliveries", {})
    missing = tablet.get("/kiosk/nothing-here")
    assert f'<html lang="{language}"' in missing.text
    refused = tablet.get("/kiosk/answers", headers={"Accept-Language": "en"})
    assert (refused.status_code, f'<html lang="{language}"' in refused.text) == (405, True)
    assert gaps.found == set()


def test_pages_for_who_works_here_are_wholly_english(app: Flask, cast: Cast, browse: Any) -> None:
    tablet = a_tablet(app, cast, browse, "fr")
    swahili = {"Accept-Language": "sw"}
    asks = tablet.get("/kiosk/leaving?language=sw", headers=swahili).text
    assert '<html lang="en"' in asks
    assert "Skip to content" in asks
    assert "Fill this in" in tablet.post("/kiosk/leaving?language=sw", {"pin": ""}).text
    assert "Use 40 characters at most" in tablet.post("/kiosk/leaving", {"pin": "1" * 50}).text
    tablet.post("/kiosk/leaving", {"pin": PIN})
    rests = tablet.get("/kiosk/?language=fr", headers=swahili).text
    assert '<html lang="en"' in rests
    assert "Skip to content" in rests
    stranger = browse(None).get("/kiosk/?language=fr", headers=swahili).text
    assert '<html lang="en"' in stranger
    assert "Skip to content" in stranger


def test_a_crash_asks_the_database_nothing_more(
    app: Flask, cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of the crash is written without knowing the kiosk, if that is what failed."""

    def fails(_token: str) -> None:
        raise RuntimeError("down")

    tablet = a_tablet(app, cast, browse, "fr")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("tracker.intake.kiosk_cookie.kiosk_of_token", fails)
    answer = tablet.get("/kiosk/?language=sw", headers=FRENCH)
    assert (answer.status_code, '<html lang="sw"' in answer.text) == (500, True)
    assert '<html lang="en"' in tablet.get("/kiosk/", headers=FRENCH).text


# Setting it up


def test_the_language_is_chosen_where_a_kiosk_is_set_up(cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian, at=NOW)
    form = {"place": "Till 2", "team": str(cast.tills.id), "touchpoint": "", "pin": PIN, "language": "fr"}
    assert "Language it begins in" in brian.get("/kiosks/new").text
    assert brian.post("/kiosks/new", form).status_code == 200
    db.session.rollback()
    kiosk = db.session.scalars(select(Kiosk)).one().id
    assert the_kiosk(kiosk).language == "fr"
    page = brian.get(f"/kiosks/{kiosk}").text
    assert re.search(r'<option value="fr" selected|<option selected value="fr"', page)
    assert brian.post(f"/kiosks/{kiosk}", {**form, "pin": "", "language": "de"}).status_code == 422
    assert the_kiosk(kiosk).language == "fr"
    assert brian.post(f"/kiosks/{kiosk}", {**form, "pin": "", "language": "sw"}).status_code == 303
    assert the_kiosk(kiosk).language == "sw"
    assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first() == "kiosk.changed"


def test_a_new_language_is_the_tablets_at_the_next_look(app: Flask, cast: Cast, browse: Any) -> None:
    kiosk = a_kiosk(cast)
    tablet, brian = paired(browse(None), a_code(app, kiosk)), browse(cast.brian, at=NOW)
    form = {"place": "Till 2", "team": str(cast.tills.id), "touchpoint": "", "pin": "", "language": "sw"}
    with clock.set_to(NOW + timedelta(minutes=1)):
        assert brian.post(f"/kiosks/{kiosk}", form).status_code == 303
        assert '<html lang="sw"' in tablet.get("/kiosk/").text
