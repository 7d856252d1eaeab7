"""Customers' pages in English, Swahili and French: by link, before that by browser; every state, with nothing left in English."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from typing import Any

import pytest
from flask import Flask
from flask_babel import Domain
from sqlalchemy import select

from tests.conftest import Browser, Cast
from tests.factories import a_touchpoint
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.language import PUBLIC_LANGUAGES
from tracker.intake.actions import open_link
from tracker.ratings.models import Rating
from tracker.ratings.survey_actions import ensure_default_surveys

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
TITLES = {
    "en": "How was your visit today?",
    "sw": "Ziara yako ya leo ilikuwaje?",
    "fr": "Comment s’est passée votre visite",
}
PROMISES = {
    "en": "This answer is linked to your visit. Amina and their manager read it; praise may be shared with the team, never your name.",
    "sw": "Jibu hili linahusishwa na ziara yako. Amina na meneja wake hulisoma; pongezi zinaweza kushirikishwa kwa timu, "
    "lakini kamwe si jina lako.",
    "fr": "Cette réponse est liée à votre visite. Amina et la personne qui dirige son équipe la lisent\u202f; les compliments "
    "peuvent être partagés avec l’équipe, jamais votre nom.",
}


class Gaps(NullTranslations):
    """Stands behind a catalogue and notes what is asked of it in vain."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def gettext(self, message: str) -> str:
        self.found.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.found.add(msgid1)
        return msgid1 if n == 1 else msgid2


@pytest.fixture
def gaps(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gaps]:
    noted = Gaps()
    load = Domain.get_translations

    def with_a_note(domain: Domain) -> Any:
        found = load(domain)
        found._fallback = noted
        return found

    monkeypatch.setattr(Domain, "get_translations", with_a_note)
    yield noted
    app.extensions["babel"].instance.domain_instance.cache.clear()


@pytest.fixture
def token(cast: Cast) -> Iterator[str]:
    with clock.set_to(NOW):
        with transaction():
            ensure_default_surveys(at=NOW)
            secret = a_link(cast)
        yield secret


def a_link(cast: Cast) -> str:
    return open_link(
        db.session.merge(cast.amina),
        touchpoint_id=a_touchpoint("After sales", stage="post_purchase").id,
        place="till 4",
        ended_at=NOW - timedelta(hours=1),
        by=None,
        at=NOW,
    )


@pytest.fixture
def customer(browse: Any) -> Browser:
    return browse(None)


def the_rating() -> Rating:
    db.session.rollback()
    return db.session.scalars(select(Rating).execution_options(populate_existing=True)).one()


@pytest.mark.parametrize("language", PUBLIC_LANGUAGES)
def test_the_page_is_in_the_language_chosen_by_link(token: str, customer: Browser, language: str) -> None:
    page = customer.get(f"/rate/{token}?language={language}").text
    assert f'<html lang="{language}"' in page
    assert TITLES[language] in page
    assert PROMISES[language] in page
    assert f'lang="{language}" hreflang="{language}" aria-current="true"' in page
    assert all(f'href="?language={code}" lang="{code}"' in page for code in PUBLIC_LANGUAGES)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.5", "fr"),
        ("sw-KE,sw", "sw"),
        ("de,fr;q=0.4", "fr"),
        ("de", "en"),
        ("", "en"),
        ("*", "en"),
    ],
)
def test_before_a_choice_the_browser_says(token: str, customer: Browser, header: str, language: str) -> None:
    page = customer.get(f"/rate/{token}", headers={"Accept-Language": header}).text
    assert f'<html lang="{language}"' in page
    chosen = customer.get(f"/rate/{token}?language=sw", headers={"Accept-Language": header}).text
    assert '<html lang="sw"' in chosen


@pytest.mark.parametrize("wrong", ["de", "", "en_US", "../fr", "fr%00", "<b>"])
def test_a_language_there_is_not_is_passed_over(token: str, customer: Browser, wrong: str) -> None:
    answer = customer.get(f"/rate/{token}?language={wrong}")
    assert answer.status_code == 200
    assert '<html lang="en"' in answer.text


def test_the_choice_is_kept_on_the_way_to_the_thanks(token: str, customer: Browser) -> None:
    assert f'action="/rate/{token}?language=fr"' in customer.get(f"/rate/{token}?language=fr").text
    wrong = customer.post(f"/rate/{token}?language=fr", {"r": "9"})
    assert (wrong.status_code, "Choisissez dans la liste" in wrong.text) == (422, True)
    sent = customer.post(f"/rate/{token}?language=fr", {"r": "2", "b": "speed", "f": "4", "c": "Trop long"})
    assert sent.location == f"/rate/{token}?language=fr"
    thanks = customer.get(sent.location).text
    assert "Merci de nous l’avoir dit" in thanks
    assert "À améliorer\u00a0: La rapidité" in thanks
    assert "Facilité\u00a0: Facile" in thanks
    assert f"/rate/{token}?change=1&amp;language=fr" in thanks
    changing = customer.get(f"/rate/{token}?change=1&language=fr").text
    assert f'action="/rate/{token}/change?language=fr"' in changing
    assert f'href="/rate/{token}?change=1&amp;language=sw"' in changing


def test_the_rating_keeps_the_language_of_its_comment(token: str, customer: Browser) -> None:
    customer.post(f"/rate/{token}?language=fr", {"r": "5", "c": "Parfait"})
    assert the_rating().comment_language == "fr"
    customer.post(f"/rate/{token}/change?language=sw", {"r": "5", "c": "Safi sana"})
    assert the_rating().comment_language == "sw"
    customer.post(f"/rate/{token}/change?language=sw", {"r": "5"})
    assert the_rating().comment_language is None, "no words, no language"


@pytest.mark.parametrize("language", ["sw", "fr"])
def test_no_state_of_the_page_leaves_anything_in_english(
    token: str, cast: Cast, customer: Browser, gaps: Gaps, language: str
) -> None:
    with transaction():
        late, other = a_link(cast), a_link(cast)
    asked = f"?language={language}"
    for url in ("/rate/unknown", "/nothing-here", f"/rate/{token}/change", f"/rate/{token}"):
        assert f'<html lang="{language}"' in customer.get(url + asked).text, url
    for url in ("/rate/unknown", f"/rate/{token}/change", f"/rate/{token}/erasure", "/nothing-here"):
        assert f'<html lang="{language}"' in customer.post(url + asked, {"r": "5"}).text, url
    customer.post(f"/rate/{token}{asked}", {"r": "x", "e": "x", "w": "x", "b": "x", "f": "x", "c": "x" * 3000})
    assert "can’t" not in customer.post(f"/rate/{token}{asked}", {"csrf_token": "wrong"}).text
    for sent, stars in ((token, "2"), (other, "5")):
        customer.post(f"/rate/{sent}{asked}", {"r": stars, "e": "rushed", "b": "speed", "f": "1", "c": "x"})
        customer.post(f"/rate/{sent}/change{asked}", {"r": stars, "e": "at_ease", "b": "speed", "c": "x"})
        customer.get(f"/rate/{sent}{asked}")
        customer.get(f"/rate/{sent}{asked}&change=1")
    customer.post(f"/rate/{token}/erasure{asked}")
    customer.get(f"/rate/{token}{asked}")
    with clock.set_to(NOW + timedelta(days=20)):
        customer.get(f"/rate/{late}{asked}")
        customer.get(f"/rate/{other}{asked}")
    assert gaps.found == set()
    customer.get("/sign-in")
    assert "I forgot my password" in gaps.found, "the pages of staff are not translated: gaps are seen"


def test_pages_for_staff_stay_in_english(cast: Cast, customer: Browser, browse: Any) -> None:
    french = {"Accept-Language": "fr"}
    assert '<html lang="en"' in customer.get("/sign-in?language=fr", headers=french).text
    assert '<html lang="en"' in browse(cast.amina).get("/me?language=fr", headers=french).text
    assert '<html lang="en"' in browse(cast.amina).get("/nothing", headers=french).text


def test_a_customers_error_leads_nobody_to_the_staff_door(token: str, customer: Browser) -> None:
    page = customer.post(f"/rate/{token}/erasure?language=fr").text
    assert "Cette réponse ne peut plus être modifiée." in page
    assert "connexion" not in page
    assert "mer. 18 nov." in page


@pytest.mark.parametrize(
    ("language", "words", "ending"),
    [
        ("fr", "Service assuré par Amina.", "?language=fr"),
        ("sw", "Ulihudumiwa na Amina.", "?language=sw"),
        ("en", "You were served by Amina.", ""),
    ],
)
def test_the_card_beside_a_link_speaks_the_customers_language(
    cast: Cast, browse: Any, language: str, words: str, ending: str
) -> None:
    with clock.set_to(NOW):
        form = {"person": str(cast.amina.id), "ended_on": "2026-11-18", "ended": "11:30", "language": language}
        browser = browse(cast.brian, at=NOW)
        page = browser.post("/links/new", form).text
        wrong = browser.post("/links/new", form | {"language": "de"})
    assert '<html lang="en"' in page
    assert f'<section class="card stack" aria-labelledby="card" lang="{language}">' in page
    assert words in page
    assert f'{ending}">' in page.split('id="address"')[1].split("</div>")[0]
    assert wrong.status_code == 422
