"""Lessons are Markdown: what an author means is shown, what an attacker means is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.courses.markdown import pictures_in, render

FILES = {"desk.png": "/courses/files/abc"}


def test_headings_lists_and_emphasis_become_what_they_are() -> None:
    html = render("## One\n\nSay **yes**, *kindly*.\n\n- first\n- second\n\n> quoted", {})
    assert html.replace("\n", "") == (
        "<h2>One</h2><p>Say <strong>yes</strong>, <em>kindly</em>.</p><ul><li>first</li><li>second</li></ul>"
        "<blockquote><p>quoted</p></blockquote>"
    )


def test_html_of_its_own_is_words() -> None:
    assert render("a <b>bold</b> <hr>", {}) == "<p>a &lt;b&gt;bold&lt;/b&gt; &lt;hr&gt;</p>\n"


def test_headings_come_under_the_pages_own_and_skip_no_step() -> None:
    html = render("# Loud\n\n##### Deep\n\n## Next", {})
    assert html.replace("\n", "") == "<h2>Loud</h2><h3>Deep</h3><h2>Next</h2>"


def test_pictures_are_the_courses_own() -> None:
    assert render("![A desk](files/desk.png)", FILES) == '<p><img src="/courses/files/abc" alt="A desk"></p>\n'
    for elsewhere in ("https://evil.example/x.png", "files/other.png", "data:image/png;base64,AAAA", "//evil/x.png"):
        assert "<img" not in render(f"![A desk]({elsewhere})", FILES), elsewhere
        assert "A desk" in render(f"![A desk]({elsewhere})", FILES), elsewhere
    assert pictures_in("![a](files/desk.png) ![b](https://x.org/y.png)\n\n![c](files/gone.png)") == [
        "desk.png",
        "gone.png",
    ]


def test_links_lead_to_the_web_or_a_mailbox_and_give_nothing_away() -> None:
    assert (
        render("[Rules](https://example.org/a)", {})
        == '<p><a href="https://example.org/a" rel="noopener">Rules</a></p>\n'
    )
    assert 'href="mailto:hr@example.org"' in render("[Ask](mailto:hr@example.org)", {})
    for elsewhere in (
        "javascript:alert(1)",
        "/sign-out",
        "//evil.example",
        "data:text/html,x",
        "ftp://x.org",
        "JaVaScRiPt:x",
    ):
        html = render(f"[words]({elsewhere})", {})
        assert "<a" not in html, elsewhere
        assert "words" in html, elsewhere


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<svg/onload=alert(1)>",
        "![x](files/desk.png\"onerror=\"alert(1))",
        "[x](https://a.org/\"onmouseover=\"alert(1))",
        "<javascript:alert(1)>",
        "&#x3C;script&#x3E;alert(1)&#x3C;/script&#x3E;",
        "```\"><script>alert(1)</script>\n```",
        "<!-- --><iframe srcdoc='<script>'>",
    ],
)  # fmt: skip
def test_attacks_stay_words(attack: str) -> None:
    html = render(attack, FILES)
    for tag in ("<script", "<img src=x", "<svg", "<iframe", 'href="javascript', '"onerror="', '"onmouseover="'):
        assert tag not in html.lower()


@given(st.text(alphabet="ab<>[]()!&\"'`*#-\n javscript:/%", max_size=200))
def test_whatever_is_written_only_known_tags_leave(text: str) -> None:
    html = render(text, FILES)
    assert "<script" not in html
    assert "javascript:" not in html.split('href="')[-1].split('"')[0] if 'href="' in html else True
