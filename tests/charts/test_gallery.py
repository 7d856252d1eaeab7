"""Layouts, components and stylesheet together, as plain Jinja: what every page keeps."""

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.charts.gallery import ROOT, common, environment, pages
from tracker.charts import range_bar_small

TEMPLATES = ROOT / "tracker/templates"
STYLESHEET = (ROOT / "tracker/static/tracker.css").read_text()
PAGES = pages()
OURS = sorted([*(TEMPLATES / "layouts").glob("*.html"), *(TEMPLATES / "components").glob("*.html")])


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_has_one_heading_one_main_and_no_inline_style_or_script(name: str) -> None:
    html = PAGES[name]
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert len(re.findall(r"<main ", html)) == 1
    assert not re.search(r"""\s(style|on[a-z]+)\s*=\s*["']""", html)
    assert "<script" not in html
    assert "<style" not in html


@pytest.mark.parametrize("name", sorted(PAGES))
def test_ids_are_unique_and_every_reference_leads_to_one(name: str) -> None:
    html = PAGES[name]
    ids = Counter(re.findall(r'\sid="([^"]+)"', html))
    assert not [name for name, times in ids.items() if times > 1]
    pointed = re.findall(r'\s(?:for|aria-labelledby|aria-describedby|form)="([^"]+)"', html)
    assert not {target for value in pointed for target in value.split()} - set(ids)
    assert not {target for target in re.findall(r'href="#([^"]+)"', html) if target} - set(ids)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_headings_never_jump(name: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", PAGES[name])]
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_post_form_of_ours_carries_the_token(name: str) -> None:
    for form in re.findall(r'<form[^>]*method="post"[^>]*action=.*?</form>', PAGES[name], re.DOTALL):
        assert 'name="csrf_token"' in form


def test_every_class_in_the_pages_is_known_to_the_stylesheet() -> None:
    used = {
        word for html in PAGES.values() for value in re.findall(r'\sclass="([^"]*)"', html) for word in value.split()
    }
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", STYLESHEET))
    assert not used - known - {"t", "plain-list"}


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_a_template_of_ours_has_no_inline_style(path: Path) -> None:
    assert not re.search(r"\sstyle=", path.read_text())


def test_people_with_four_places_get_tabs_and_others_a_strip() -> None:
    assert 'class="tabs"' in PAGES["my_feedback"]
    assert 'class="app tabbed"' in PAGES["my_feedback"]
    assert 'class="tabs"' not in PAGES["board"]
    assert 'class="app stripped"' in PAGES["board"]


def test_groups_are_headed_only_when_there_is_more_than_one() -> None:
    assert 'id="group-2"' in PAGES["import"]
    assert 'id="group-' not in PAGES["board"]


def test_an_error_stands_between_label_and_input_and_is_told_to_screen_readers() -> None:
    field = PAGES["sign_in"].split('<label for="pin">')[1]
    assert field.index('id="pin-error"') < field.index("<input")
    pin = next(tag for tag in re.findall(r"<input[^>]*>", PAGES["sign_in"]) if 'id="pin"' in tag)
    assert 'aria-invalid="true"' in pin
    assert 'aria-describedby="pin-error"' in pin
    assert "<title>Error: Sign in · Service tracker</title>" in PAGES["sign_in"]
    assert re.search(r'role="alert" tabindex="-1"', PAGES["sign_in"])
    assert 'href="#pin"' in PAGES["sign_in"]


def test_words_of_customers_are_escaped() -> None:
    html = pages(comment='<b onclick="x">&')["words"]
    assert "&lt;b onclick=&#34;x&#34;&gt;&amp;" in html
    assert "<b onclick" not in html


def test_the_stylesheet_stays_small_and_knows_every_way_of_reading() -> None:
    assert len(STYLESHEET) < 38_000
    wanted = (
        "prefers-color-scheme: dark",
        '[data-theme="dark"]',
        "forced-colors",
        "prefers-reduced-motion",
        "prefers-contrast",
        "@media print",
    )
    assert not [words for words in wanted if words not in STYLESHEET]
    assert not re.search(r"[\s;{](margin|padding|border)-(left|right)\s*:", STYLESHEET)


def test_a_small_bar_fits_a_sentence_as_its_name() -> None:
    assert 'aria-label="Amina 4.5, inside"' in range_bar_small(sentence="Amina 4.5, inside", value=4.5, low=4, high=5)


@pytest.mark.parametrize("layout", ["print.html", "email.html", "email.txt"])
def test_paper_and_mail_carry_the_page_and_the_organisation(layout: str) -> None:
    blocks = "{% block title %}T{% endblock %}{% block heading %}Head{% endblock %}{% block main %}Body{% endblock %}"
    made = environment().from_string('{% extends "layouts/' + layout + '" %}' + blocks)
    html = made.render(common())
    assert "Body" in html
    assert "Zawadora" in html


def test_nobody_signed_in_still_gets_a_page() -> None:
    made = environment().from_string('{% extends "layouts/app.html" %}{% block main %}<h1>Here</h1>{% endblock %}')
    html = made.render(common() | {"viewer": None, "navigation": []})
    assert "<h1>Here</h1>" in html
    assert "Sign out" not in html
