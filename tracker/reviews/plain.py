"""HTML of a stranger as plain text, in one pass however it is written."""

import html
import re

TAG = re.compile(r"(<[^<>]*>)")
NAME = re.compile(r"</?\s*([a-zA-Z0-9]+)")
BREAKS = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "h1", "h2", "h3", "h4", "hr"})
UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head"})
# Controls but for tab and line break; marks that turn the direction of what follows; the byte order mark.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
LONGEST = 200_000


def plain_text(markup: str | None, *, most: int) -> str:
    """What a reader would see of it, at most `most` characters; tags go, references are read once."""
    parts: list[str] = []
    hidden: str | None = None
    for part in TAG.split((markup or "")[:LONGEST]):
        tag = NAME.match(part) if part.startswith("<") and part.endswith(">") else None
        name = tag[1].lower() if tag else None
        if hidden:
            hidden = None if name == hidden and part.startswith("</") else hidden
        elif name in UNSEEN and not part.startswith("</") and not part.endswith("/>"):
            hidden = name
        elif name in BREAKS:
            parts.append("\n")
        elif not (part.startswith("<") and part.endswith(">") and is_markup(part)):
            parts.append(html.unescape(part))
    return tidy("".join(parts), most=most)


def is_markup(part: str) -> bool:
    """A tag, a comment or a declaration; “<3” and “< 5 >” are words."""
    return part[1:2].isalpha() or part[1:2] in {"/", "!", "?"}


def tidy(text: str, *, most: int) -> str:
    """Without what nobody can see, and without white space that carries nothing."""
    lines = [
        " ".join(line.split()) for line in CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    ]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()[:most].rstrip()


def one_line(text: str | None, *, most: int) -> str | None:
    return " ".join(tidy(text or "", most=most).split()) or None
