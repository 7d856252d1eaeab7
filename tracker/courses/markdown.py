"""Markdown as a page shows it: no HTML of its own, pictures of the course alone, and links that lead nowhere unexpected."""

import re
from collections.abc import Iterator, Mapping, Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

FOLDER = "files/"  # what a picture's address begins with: ![what it shows](files/desk.png)
LINKED = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "strong", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}

_parser = MarkdownIt("commonmark", {"html": False})


def render(text: str, files: Mapping[str, str]) -> Markup:
    """The text as HTML. `files`: the course's files by name -> the address each is served at.

    What is not allowed stays as its words: a link elsewhere than to the web or a mailbox, a picture that is not the course's."""
    tokens = list(_headings_in_order(_parser.parse(text)))
    for token in tokens:
        if token.children:
            token.children = list(_allowed(token.children, files))
    html = _parser.renderer.render(tokens, _parser.options, {})
    # A second pair of eyes: whatever the parser let through, only these tags and addresses leave.
    return Markup(  # noqa: S704 - cleaned in this line
        nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="noopener")
    )


def pictures_in(text: str) -> list[str]:
    """The names of the files that a text shows, in order."""
    children = (child for token in _parser.parse(text) for child in token.children or ())
    sources = (str(child.attrs["src"]) for child in children if child.type == "image")
    return [source.removeprefix(FOLDER) for source in sources if source.startswith(FOLDER)]


def _headings_in_order(tokens: Sequence[Token]) -> Iterator[Token]:
    """The page's own title is the first heading: those of a text come under it, and none is skipped."""
    above = 1
    for token in tokens:
        if token.type == "heading_open":
            above = min(max(int(token.tag[1]), 2), above + 1)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{above}"
        yield token


def _allowed(children: Sequence[Token], files: Mapping[str, str]) -> Iterator[Token]:
    leads: list[bool] = []
    for child in children:
        if child.type == "link_open":
            leads.append(LINKED.match(str(child.attrs["href"])) is not None)
        if child.type in {"link_open", "link_close"} and not leads[-1]:
            if child.type == "link_close":
                leads.pop()
            continue
        if child.type == "link_close":
            leads.pop()
        yield _picture(child, files) if child.type == "image" else child


def _picture(child: Token, files: Mapping[str, str]) -> Token:
    source = str(child.attrs["src"])
    address = files.get(source.removeprefix(FOLDER)) if source.startswith(FOLDER) else None
    if address is None:
        return Token("text", "", 0, content=child.content)
    child.attrs["src"] = address
    return child
