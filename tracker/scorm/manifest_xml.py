"""The XML of a manifest as a small tree of local names; refuses what no honest manifest holds. Nothing outside it is ever read."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Never
from xml.parsers import expat

from flask_babel import gettext as _

from tracker.scorm.refusals import UnreadablePackage

MOST_BYTES, MAX_DEPTH, MAX_ELEMENTS = 5_000_000, 100, 100_000
DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
# Encodings of text alone: codecs knows others that a stranger must not choose, such as unicode_escape.
KNOWN = re.compile(r"(utf|iso8859|cp125|koi8|latin|ascii|shift_jis|euc_|gb|big5|mac_roman)[\w-]*", re.IGNORECASE)


@dataclass
class Element:
    """Names and attributes without their namespaces and in small letters: tools spell scormType in every way there is."""

    name: str
    space: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())

    def all(self, name: str) -> Iterator["Element"]:
        return (child for child in self.children if child.name == name)

    def first(self, *path: str) -> "Element | None":
        """The first descendant along these names; None when one is missing."""
        found: Element | None = self
        for name in path:
            found = next(found.all(name), None) if found else None
        return found

    def text_at(self, *path: str) -> str:
        found = self.first(*path)
        return found.text if found else ""


@dataclass
class Tree:
    """`spaces`: every namespace that an element or an attribute is in."""

    root: Element
    spaces: set[str]


def read_xml(body: bytes) -> Tree:
    """The tree of a manifest; UnreadablePackage with a sentence when it is none."""
    if len(body) > MOST_BYTES:
        raise UnreadablePackage(_("The package’s imsmanifest.xml is too large to be one."))
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.text
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(_decoded(body), True)
    except expat.ExpatError as error:
        raise UnreadablePackage(
            _("The package’s imsmanifest.xml breaks off or is wrong in line %(line)d.", line=error.lineno)
        ) from error
    root = builder.top.children[0]
    if root.name != "manifest":
        raise UnreadablePackage(_("The package’s imsmanifest.xml is no manifest of SCORM."))
    return Tree(root, builder.spaces)


def _decoded(body: bytes) -> str:
    """UTF-8 where it is UTF-8, whatever is said of it: files are saved anew by tools that do not read what they declare."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    if body[:4] in {b"<\x00?\x00", b"\x00<\x00?"}:
        return body.decode("utf-16-le" if body[0] else "utf-16-be", "replace")
    written = DECLARED.search(body[:300])
    for name in ("utf-8", *([written[1].decode("ascii")] if written else [])):
        try:
            codec = codecs.lookup(name).name
            if KNOWN.fullmatch(codec.replace("-", "_").replace("iso8859_", "iso8859")):
                return body.decode(codec).removeprefix("\ufeff").lstrip()
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("cp1252", "replace").lstrip()


def _refuse_entities(*_about: Any) -> Never:
    raise UnreadablePackage(
        _("The package’s imsmanifest.xml declares XML entities, which no honest one needs. It is not read.")
    )


class _Builder:
    def __init__(self) -> None:
        self.top = Element("", "", {})
        self.spaces: set[str] = set()
        self._open = [self.top]
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise UnreadablePackage(_("The package’s imsmanifest.xml is nested too deeply or too long."))
        space, _space, local = name.rpartition(" ")
        self.spaces |= {space, *(one.rpartition(" ")[0] for one in attributes)} - {""}
        plain = {one.rpartition(" ")[2].lower(): value for one, value in attributes.items()}
        element = Element(local.lower(), space, plain)
        self._open[-1].children.append(element)
        self._open.append(element)

    def text(self, text: str) -> None:
        self._open[-1].parts.append(text)

    def end(self, _name: str) -> None:
        self._open.pop()
