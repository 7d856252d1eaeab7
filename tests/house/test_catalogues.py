"""Customers' pages are complete in every language they offer, and the catalogues are as the code is."""

import re

import pytest
from flask import Flask
from jinja2 import meta

from tests.house import catalogues
from tests.house.catalogues import FOLDER, MAPPING, TRANSLATED
from tracker.core.language import LANGUAGES, PUBLIC_LANGUAGES
from tracker.ratings.drivers import ASKED, DEFAULT_DRIVERS, default_words
from tracker.ratings.surveys import STAGES, default_survey

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
CUSTOMERS_TEMPLATES = (
    "intake/kiosk.html",
    "intake/rate.html",
    "intake/rate_over.html",
    "intake/rate_unknown.html",
    "intake/no_more.html",
    "intake/_card.html",
    "pulse/_handing_out.html",
    "pulse/_on_slip.html",
    "pulse/_preview.html",
    "pulse/ask.html",
    "pulse/code.html",
    "pulse/done.html",
    "pulse/_past_results.html",
    "pulse/_promise.html",
    "pulse/_standing.html",
    "pulse/pulse.html",
    "training/verify.html",
    "training/verify_asking.html",
    "training/verify_unknown.html",
    "pulse/reply_door.html",
    "pulse/reply_talk.html",
    "email/asking.html",
    "email/recovery_asking.html",
    "email/recovery_asking.txt",
    "email/asking.txt",
    "errors/error.html",
)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_exactly_the_texts_of_the_pages(language: str) -> None:
    """When a text was changed: `python -m tests.house.catalogues`, then translate what it prints, then once more."""
    catalog = catalogues.stored(language)
    assert {message.id for message in catalog} == {message.id for message in catalogues.template()}
    assert list(catalog.obsolete) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_untranslated_or_doubtful(language: str) -> None:
    assert catalogues.missing(catalogues.stored(language)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_keeps_its_placeholders(language: str) -> None:
    wrong = []
    for message in catalogues.stored(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        # A singular may say “one” in words; nothing else may leave a placeholder out, and nothing may make one up.
        allowed = [set(PLACEHOLDER.findall(id)) for id in ids]
        wrong += [text for text in texts if message.id and set(PLACEHOLDER.findall(text)) not in allowed]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    compiled = (FOLDER / language / "LC_MESSAGES" / "messages.mo").read_bytes()
    assert compiled == catalogues.as_mo(catalogues.stored(language))


def test_a_gap_is_seen() -> None:
    """The test itself can fail: an empty, a doubtful and a half translated text are each reported."""
    catalog = catalogues.stored("sw")
    catalog.add("New text")
    catalog.add("Old text", "Maandishi", flags=["fuzzy"])
    catalog.add(("%(num)d day", "%(num)d days"), ("siku", ""))
    assert len(catalogues.missing(catalog)) == 3


def test_every_template_a_customer_sees_is_taken_up(app: Flask) -> None:
    """Also what it is built on: a macro's text is on the page too."""
    found, waiting = set(), list(CUSTOMERS_TEMPLATES)
    while waiting:
        name = waiting.pop()
        found.add(name)
        source = app.jinja_env.loader.get_source(app.jinja_env, name)[0]  # type: ignore[union-attr]  # there is a loader
        referenced = meta.find_referenced_templates(app.jinja_env.parse(source))
        waiting += [other for other in referenced if other and other not in found]
    mapped = re.findall(r"templates/([\w/.]+)\]", MAPPING.read_text(encoding="utf-8"))
    assert found == set(mapped)


def test_languages_for_staff_are_complete_ones_and_customers_have_three() -> None:
    assert list(PUBLIC_LANGUAGES) == ["en", "sw", "fr"]
    assert set(LANGUAGES) == {"en"}, "staff are offered only what is complete"


def test_the_product_words_every_driver_in_every_language() -> None:
    for key in DEFAULT_DRIVERS:
        words = default_words(key) or {}
        assert all(words[tone].get(code) for tone in ("praise", "wish") for code in PUBLIC_LANGUAGES), key
        assert all(len(text) <= 40 for tone in words.values() for text in tone.values()), key
    assert {key for keys in ASKED.values() for key in keys} <= set(DEFAULT_DRIVERS)
    assert [len(default_survey(stage).keys) for stage in STAGES] == [7, 7, 6]
