"""The XML of an RSS 2.0 or Atom 1.0 feed as a list of entries; refuses what no honest feed holds."""

import codecs
import html
import re
from dataclasses import dataclass, field
from typing import Any, Never
from xml.parsers import expat

from flask_babel import gettext as _

MAX_DEPTH, MAX_ENTRIES, MAX_CHARACTERS = 64, 200, 200_000
ATOM, DUBLIN, CONTENT = (
    "http://www.w3.org/2005/Atom",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/rss/1.0/modules/content/",
)
XML_LANG = "http://www.w3.org/XML/1998/namespace lang"
# Name of an element (namespace and name, or the name alone) -> the field it fills.
FIELDS = {
    "title": "title",
    "link": "link",
    "guid": "id",
    "pubDate": "published",
    "description": "summary",
    "author": "author",
    "language": "language",
    f"{DUBLIN} creator": "author",
    f"{DUBLIN} date": "published",
    f"{DUBLIN} language": "language",
    f"{CONTENT} encoded": "content",
    f"{ATOM} title": "title",
    f"{ATOM} id": "id",
    f"{ATOM} published": "published",
    f"{ATOM} updated": "updated",
    f"{ATOM} content": "content",
    f"{ATOM} summary": "summary",
}
RATINGS = frozenset({"rating", "starRating"})
DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
# Encodings of text alone: codecs knows others that a stranger must not choose, such as unicode_escape.
KNOWN = re.compile(r"(utf|iso8859|cp125|koi8|latin|ascii|shift_jis|euc_|gb|big5|mac_roman)[\w-]*", re.IGNORECASE)


class UnreadableFeed(ValueError):
    """What cannot be read as a feed; the message is a sentence for who looks after it."""


@dataclass
class RawEntry:
    """An entry's fields as texts, HTML in them or not; `rating`: what an element of its own says."""

    fields: dict[str, str] = field(default_factory=dict)
    rating: str | None = None


@dataclass
class RawFeed:
    language: str | None = None
    entries: list[RawEntry] = field(default_factory=list)


def read_feed(body: bytes, content_type: str) -> RawFeed:
    """The feed in a body; UnreadableFeed with a sentence for anything else. Nothing outside the body is ever read."""
    text = _decoded(body, content_type)
    _refuse_other_kinds(text)
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise UnreadableFeed(_("The XML breaks off or is wrong in line %(line)d.", line=error.lineno)) from error
    except RecursionError as error:
        raise UnreadableFeed(_("The XML is nested too deeply.")) from error
    return reader.feed


def _decoded(body: bytes, content_type: str) -> str:
    """UTF-8 where it is UTF-8, whatever is said of it; else as the server says, as the file says, as the Web is by habit."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    said = CHARSET.search(content_type)
    written = DECLARED.search(body[:300])
    named = [said[1] if said else None, written[1].decode("ascii") if written else None]
    for name in ("utf-8", *filter(None, named)):
        try:
            codec = codecs.lookup(name).name
            if KNOWN.fullmatch(codec.replace("-", "_").replace("iso8859_", "iso8859")):
                return body.decode(codec).removeprefix("\ufeff")
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("cp1252", "replace")


def _refuse_other_kinds(text: str) -> None:
    opening = text[:500].lstrip().casefold()
    if not opening:
        raise UnreadableFeed(_("The answer is empty."))
    if opening.startswith(("<!doctype html", "<html")):
        raise UnreadableFeed(_("This is a web page, not a feed. Look on it for a link named RSS or Atom."))
    if opening.startswith(("{", "[")):
        raise UnreadableFeed(_("This is JSON, not a feed. RSS 2.0 and Atom 1.0 are read."))
    if not opening.startswith("<"):
        raise UnreadableFeed(_("This is no XML. RSS 2.0 and Atom 1.0 are read."))


def _refuse_entities(*_about: Any) -> Never:
    raise UnreadableFeed(_("This feed declares XML entities, which no honest feed needs. It is not read."))


class _Reader:
    """Collects entries from XML events. `_field`: what is being filled; `_inside`: how deep within it."""

    def __init__(self) -> None:
        self.feed = RawFeed()
        self._path: list[str] = []
        self._entry: RawEntry | None = None
        self._field: str | None = None
        self._inside = self._length = 0
        self._is_plain = False
        self._parts: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if len(self._path) > MAX_DEPTH:
            raise UnreadableFeed(_("The XML is nested too deeply."))
        local = name.rpartition(" ")[2]
        if len(self._path) == 1:
            self._begin_feed(name, attributes)
        elif self._field:
            self._inside += 1
            self._add(f"<{local}>")
        elif name in {"item", f"{ATOM} entry"} and self._entry is None:
            self._entry = RawEntry()
            self._note_language(attributes)
        elif self._entry is not None:
            self._begin_field(name, local, attributes)
        elif name in {"language", f"{DUBLIN} language"}:
            self._begin("language", is_plain=True)

    def text(self, text: str) -> None:
        if self._field:
            self._add(html.escape(text, quote=False) if self._is_plain else text)

    def end(self, name: str) -> None:
        self._path.pop()
        if self._field and self._inside:
            self._inside -= 1
            self._add(f"</{name.rpartition(' ')[2]}>")
        elif self._field:
            self._finish_field()
        elif name in {"item", f"{ATOM} entry"} and self._entry is not None:
            if len(self.feed.entries) < MAX_ENTRIES:
                self.feed.entries.append(self._entry)
            self._entry = None

    def _begin_feed(self, name: str, attributes: dict[str, str]) -> None:
        if name not in {"rss", f"{ATOM} feed"}:
            raise UnreadableFeed(_("This XML is neither RSS 2.0 nor Atom 1.0."))
        self.feed.language = attributes.get(XML_LANG)

    def _begin_field(self, name: str, local: str, attributes: dict[str, str]) -> None:
        is_child = self._path[-2] in {"item", f"{ATOM} entry"}
        if name == f"{ATOM} link" and is_child:
            if attributes.get("rel", "alternate") == "alternate" and self._entry is not None:
                self._entry.fields.setdefault("link", attributes.get("href", ""))
        elif name == f"{ATOM} name" and self._path[-2] == f"{ATOM} author":
            self._begin("author", is_plain=True)
        elif local in RATINGS and is_child:
            self._note_rating(attributes)
            self._begin("rating", is_plain=True)
        elif name in FIELDS and is_child:
            self._note_language(attributes)
            kind = attributes.get("type", "text") if name.startswith(ATOM) else "html"
            self._begin(FIELDS[name], is_plain=kind not in {"html", "text/html"})

    def _begin(self, field: str, *, is_plain: bool) -> None:
        self._field, self._is_plain, self._inside, self._length = field, is_plain, 0, 0
        self._parts = []

    def _add(self, text: str) -> None:
        self._length += len(text)
        if self._length <= MAX_CHARACTERS:
            self._parts.append(text)

    def _finish_field(self) -> None:
        name, text = str(self._field), "".join(self._parts)
        self._field = None
        if self._entry is None:
            self.feed.language = self.feed.language or text
        elif name == "rating":
            self._entry.rating = self._entry.rating or text
        elif text.strip():
            self._entry.fields.setdefault(name, text)

    def _note_rating(self, attributes: dict[str, str]) -> None:
        value = attributes.get("average") or attributes.get("value")
        if self._entry is not None and value:
            self._entry.rating = value

    def _note_language(self, attributes: dict[str, str]) -> None:
        if self._entry is not None and XML_LANG in attributes:
            self._entry.fields.setdefault("language", attributes[XML_LANG])
