"""Templates compile, hold no inline style or script, and speak as the product speaks."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.house.words import said_all_the_same

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "tracker" / "templates").rglob("*.*"))
# A name that begins with an underscore is a part of a page.
PAGES = [
    path
    for path in TEMPLATES
    if path.suffix == ".html"
    and path.parent.name not in {"components", "layouts", "email"}
    and not path.name.startswith("_")
]


def words_shown(path: Path) -> str:
    """What a reader gets to see: the text between the tags, and the sentences that go through gettext."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    sentences = re.findall(r'_\("([^"]*)"|ngettext\("([^"]*)", "([^"]*)"', text)
    between = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", text, flags=re.DOTALL)
    return " ".join([between, *(part for found in sentences for part in found)])


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "tracker" / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_compiles(app: Flask, path: Path) -> None:
    app.jinja_env.get_template(name_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_nothing_is_inline(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert "<script>" not in text
    assert "javascript:" not in text


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_has_one_title_and_extends_a_layout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.search(r'{%-?\s*extends\s+"layouts/', text)
    assert "{% block title %}" in text


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_word_blames_or_ranks(path: Path) -> None:
    assert said_all_the_same(words_shown(path)) == []


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.suffix == ".html" and path.parent.name != "email"], ids=name_of
)
def test_a_changing_form_sends_its_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for form in re.findall(r'<form[^>]*method="post".*?</form>', text, flags=re.DOTALL | re.IGNORECASE):
        assert "csrf" in form
