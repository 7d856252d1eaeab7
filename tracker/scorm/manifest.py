"""What a manifest says of its package: which SCORM, which items in which order, and the page each begins with. Pure."""

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from flask_babel import gettext as _

from tracker.scorm.manifest_xml import Element, Tree, read_xml
from tracker.scorm.refusals import UnreadablePackage

MOST_ITEMS = 500
NAME = "imsmanifest.xml"
OF_2004 = re.compile(r"adlcp_v1p3|adlseq|adlnav|imsss|imscp_v1p1", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """One thing to go through. `entry`: the path of its first page in the package, `query` what is added to its address.

    `mastery`: points (1.2) or a share from -1 to 1 (2004) from which on it is passed; `threshold`: the share that completes it."""

    key: str
    title: str
    entry: str
    query: str = ""
    is_sco: bool = True
    launch_data: str = ""
    mastery: float | None = None
    threshold: float | None = None
    max_time: str = ""
    time_limit_action: str = ""


@dataclass(frozen=True)
class Manifest:
    standard: str  # 1.2 or 2004
    title: str
    items: tuple[Item, ...]


def read_manifest(body: bytes, *, folder: str, paths: Collection[str]) -> Manifest:
    """A manifest that lies in `folder` (empty or ending in /) of a package with these paths. UnreadablePackage says what is wrong."""
    tree = read_xml(body)
    reader = _Reader(tree, folder=folder, paths=paths)
    items = tuple(reader.items())
    if not items:
        raise UnreadablePackage(_("The package names no page to begin with."))
    if len(items) > MOST_ITEMS:
        raise UnreadablePackage(_("The package has more than %(most)d parts.", most=MOST_ITEMS))
    return Manifest(reader.standard, reader.title or items[0].title, items)


def place_of_manifest(paths: Collection[str]) -> str:
    """The path of the manifest: at the top, or the one that lies highest, as when a folder was zipped and not what is in it."""
    found = [path for path in paths if posixpath.basename(path).casefold() == NAME]
    highest = [path for path in found if path.count("/") == min(one.count("/") for one in found)]
    if not highest:
        raise UnreadablePackage(_("This is no SCORM package: it has no imsmanifest.xml."))
    if len(highest) > 1:
        raise UnreadablePackage(_("There are several packages in this file. Bring them in one by one."))
    return highest[0]


def standard_of(tree: Tree) -> str:
    """By what it says of itself, else by the namespaces that its elements are in."""
    said = tree.root.text_at("metadata", "schemaversion")
    if said.startswith("1.2"):
        return "1.2"
    if "2004" in said or said.startswith(("CAM", "1.3")):
        return "2004"
    if any("adlcp_rootv1p2" in space for space in tree.spaces):
        return "1.2"
    return "2004" if any(OF_2004.search(space) for space in tree.spaces) else "1.2"


class _Reader:
    def __init__(self, tree: Tree, *, folder: str, paths: Collection[str]) -> None:
        self.root, self.standard = tree.root, standard_of(tree)
        self._folder, self._paths = folder, set(paths)
        self._folded = {path.casefold(): path for path in paths}
        self._resources = {resource.attributes.get("identifier", ""): resource for resource in self._all_resources()}
        self._sequencing = {
            one.attributes.get("id", ""): one
            for collection in self.root.all("sequencingcollection")
            for one in collection.all("sequencing")
        }
        self._keys: set[str] = set()
        self.title = ""

    def items(self) -> Iterator[Item]:
        """Those of the default organization; without one, the resources that can be opened."""
        organization = self._organization()
        if organization is not None:
            self.title = organization.text_at("title")
            found = list(self._under(organization))
            if found:
                yield from found
                return
        pages = [one for one in self._all_resources() if one.attributes.get("href")]
        scos = [one for one in pages if one.attributes.get("scormtype", "").lower() == "sco"]
        for resource in scos or pages[:1]:
            yield self._item(Element("item", "", {}), resource)

    def _all_resources(self) -> Iterator[Element]:
        for resources in self.root.all("resources"):
            yield from resources.all("resource")

    def _organization(self) -> Element | None:
        organizations = self.root.first("organizations")
        found = list(organizations.all("organization")) if organizations else []
        default = organizations.attributes.get("default", "") if organizations else ""
        named = [one for one in found if default and one.attributes.get("identifier") == default]
        return next(iter([*named, *found]), None)

    def _under(self, parent: Element) -> Iterator[Item]:
        for element in parent.all("item"):
            resource = self._resources.get(element.attributes.get("identifierref", ""))
            if resource is not None and resource.attributes.get("href"):
                yield self._item(element, resource)
            yield from self._under(element)

    def _item(self, element: Element, resource: Element) -> Item:
        title = element.text_at("title") or self.title or resource.attributes.get("identifier", "")
        entry, query = self._entry(element, resource, title)
        is_2004 = self.standard == "2004"
        return Item(
            key=self._key(element, resource),
            title=title[:200],
            entry=entry,
            query=query,
            # What does not say that it is an asset is launched as something that may talk.
            is_sco=resource.attributes.get("scormtype", "sco").lower() != "asset",
            launch_data=element.text_at("datafromlms")[:64_000],
            mastery=self._passing_share(element) if is_2004 else number_of(element.text_at("masteryscore")),
            threshold=_threshold(element) if is_2004 else None,
            max_time=self._max_time(element),
            time_limit_action=element.text_at("timelimitaction")[:40],
        )

    def _key(self, element: Element, resource: Element) -> str:
        """Unique in the package whatever the manifest says: state is kept under it."""
        wished = (element.attributes.get("identifier") or resource.attributes.get("identifier") or "item")[:80]
        key, number = wished, 2
        while key in self._keys:
            key, number = f"{wished}~{number}", number + 1
        self._keys.add(key)
        return key

    def _entry(self, element: Element, resource: Element, title: str) -> tuple[str, str]:
        resources = self.root.first("resources")
        bases = [self.root.attributes.get("base", ""), resources.attributes.get("base", "") if resources else ""]
        pieces = [*bases, resource.attributes.get("base", ""), resource.attributes["href"].strip()]
        address = "".join(piece.replace("\\", "/").lstrip("/") for piece in pieces[:-1]) + pieces[-1].replace("\\", "/")
        if urlsplit(address).scheme or address.startswith("//"):
            raise UnreadablePackage(
                _("“%(title)s” leads to another server; everything must be in the package.", title=title)
            )
        path, mark, rest = _split(address)
        query = _with_parameters(mark + rest, element.attributes.get("parameters", ""))
        found = self._found(posixpath.normpath(self._folder + path.lstrip("/")))
        if found is None:
            raise UnreadablePackage(
                _("The page “%(path)s” of “%(title)s” is not in the package.", path=path[:200], title=title)
            )
        return found, query

    def _found(self, path: str) -> str | None:
        """As it stands in the package: percent signs may be meant, and tools on Windows do not care about capitals."""
        for wanted in (unquote(path), path):
            if wanted in self._paths:
                return wanted
        return self._folded.get(unquote(path).casefold())

    def _passing_share(self, element: Element) -> float | None:
        """The normalized measure from which on the primary objective is satisfied; None when the content says so itself."""
        for sequencing in self._sequencings(element):
            objective = sequencing.first("objectives", "primaryobjective")
            if objective is not None and objective.attributes.get("satisfiedbymeasure", "").lower() in {"true", "1"}:
                least = number_of(objective.text_at("minnormalizedmeasure"))
                return 1.0 if least is None else max(-1.0, min(1.0, least))
        return None

    def _max_time(self, element: Element) -> str:
        for sequencing in self._sequencings(element):
            limits = sequencing.first("limitconditions")
            if limits is not None and limits.attributes.get("attemptabsolutedurationlimit"):
                return limits.attributes["attemptabsolutedurationlimit"][:40]
        return element.text_at("maxtimeallowed")[:40]

    def _sequencings(self, element: Element) -> Iterator[Element]:
        """Its own sequencing, and the shared one that it refers to."""
        own = element.first("sequencing")
        if own is not None:
            yield own
            shared = self._sequencing.get(own.attributes.get("idref", ""))
            if shared is not None:
                yield shared


def number_of(text: str) -> float | None:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None  # neither infinite nor no number


def _threshold(element: Element) -> float | None:
    """2nd and 3rd edition write the share as text; the 4th as an attribute, which counts only where it is to."""
    found = element.first("completionthreshold")
    if found is None:
        return None
    if found.text:
        share = number_of(found.text)
    elif found.attributes.get("completedbymeasure", "").lower() in {"true", "1"}:
        share = number_of(found.attributes.get("minprogressmeasure", "1.0"))
    else:
        return None
    return None if share is None else max(0.0, min(1.0, share))


def _split(address: str) -> tuple[str, str, str]:
    """Path, the sign that ends it, and what follows."""
    place = next((at for at, sign in enumerate(address) if sign in "?#"), len(address))
    return address[:place], address[place : place + 1], address[place + 1 :]


def _with_parameters(tail: str, parameters: str) -> str:
    """As SCORM says how an item's parameters are put to an address: behind its ? as &, a fragment as it is."""
    given = parameters.strip().lstrip("?&")
    if not given:
        return tail
    if given.startswith("#"):
        return tail if "#" in tail else tail + given
    before, mark, fragment = tail.partition("#")
    return f"{before}&{given}{mark}{fragment}" if before else f"?{given}{mark}{fragment}"
