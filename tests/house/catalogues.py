"""`python -m tests.house.catalogues` takes the texts of customers' pages into the catalogues, and compiles what is translated.

What nobody has translated yet is printed. Commit both files of a language: the program reads the compiled one.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tracker.core.language import PUBLIC_LANGUAGES

ROOT = Path(__file__).parents[2]
MAPPING = ROOT / "babel.cfg"
FOLDER = ROOT / "tracker" / "translations"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
TRANSLATED = [code for code in PUBLIC_LANGUAGES if code != "en"]


def template() -> Catalog:
    """Every text of customers' pages as it stands in the code today."""
    catalog = Catalog(charset="utf-8")
    with MAPPING.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(ROOT / "tracker"), methods, options, keywords=KEYWORDS)
    for name, _line, texts, _comments, _context in found:
        catalog.add(texts, locations=[(name, 0)])
    return catalog


def stored(language: str) -> Catalog:
    if not _path(language, "po").exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with _path(language, "po").open("rb") as file:
        return read_po(file, locale=language)


def as_po(catalog: Catalog) -> bytes:
    written = BytesIO()
    write_po(written, catalog, width=110, include_lineno=False, sort_output=True, omit_header=False)
    return written.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    written = BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """The texts without a translation, or with one that somebody should look at again."""
    return [str(message.id) for message in catalog if message.id and (message.fuzzy or not _is_translated(message))]


def _is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(texts) and all(texts)


def _path(language: str, kind: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"messages.{kind}"


def main() -> int:
    texts = template()
    for language in TRANSLATED:
        catalog = stored(language)
        catalog.update(texts, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        _path(language, "po").parent.mkdir(parents=True, exist_ok=True)
        _path(language, "po").write_bytes(as_po(catalog))
        _path(language, "mo").write_bytes(as_mo(catalog))
        for text in missing(catalog):
            sys.stdout.write(f"{language}: {text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
