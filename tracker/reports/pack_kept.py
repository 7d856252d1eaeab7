"""Every table of the database, each once, in words: from the schema as it is, and from what the own file says it speaks for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _

from tracker.core.db import db
from tracker.pulse import kept as of_pulse
from tracker.reports.pack_fact_words import FACTS, LEFT_OUT_UNTIL
from tracker.reports.pack_fact_words import Words as Texts
from tracker.reports.pack_ports import OwnFile, own_file
from tracker.reports.pack_table_words import BESIDES, HANGING_ON


@dataclass(frozen=True)
class Table:
    """As the database calls it and its columns."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """What is kept, until when, and where."""

    says: str
    until: str
    tables: tuple[Table, ...]
    is_for_good: bool


@dataclass(frozen=True)
class Theme:
    """says: what holds for all of it, or nothing."""

    name: str
    says: str
    facts: tuple[Fact, ...]
    is_own: bool = False


def themes() -> list[Theme]:
    """What staff read of themselves, what is kept besides, and what says nothing of staff. A table without words comes last."""
    file, told = own_file(), _("Everybody reads this of themselves, and takes it away as a file.")
    own = [
        Theme(str(name), told, tuple(_fact(words, file.sections.get(key, ())) for key, words in facts.items()), True)
        for name, facts in FACTS
    ]
    found = [*own, _left_out(file), _hanging_on(), _beside()]
    return [*found, *_without_words(found)]


def _left_out(file: OwnFile) -> Theme:
    until = LEFT_OUT_UNTIL | of_pulse.LEFT_OUT_UNTIL
    facts = [_fact((_sentence(why, file.sections), until.get(table)), [table]) for table, why in file.left_out.items()]
    told = _(
        "A person’s number stands here, and what is said is about somebody or something else. In quotes: a section of the own file."
    )
    return Theme(_("What people do in the product for others"), told, tuple(facts))


def _hanging_on() -> Theme:
    told = _(
        "No row here is tied to a person’s record: it belongs to something above, or notes by number whom it concerns or who made it."
    )
    return Theme(_("What belongs to these"), told, _facts(HANGING_ON | of_pulse.KEPT))


def _beside() -> Theme:
    told = _("Nothing here says anything of somebody who works here, but who made it, where that is on record.")
    return Theme(_("About customers, teams and the program itself"), told, _facts(BESIDES))


def _without_words(themes_found: Iterable[Theme]) -> list[Theme]:
    named = {table.name for theme in themes_found for fact in theme.facts for table in fact.tables}
    missing = [_fact((_("Not described yet"), None), [name]) for name in sorted(set(_schema()) - named)]
    return [Theme(_("Not described yet"), "", tuple(missing))] if missing else []


def _facts(words: dict[str, Texts]) -> tuple[Fact, ...]:
    return tuple(_fact(texts, [table]) for table, texts in words.items() if table in _schema())


def _fact(texts: Texts | tuple[str, LazyString | None], tables: Iterable[str]) -> Fact:
    says, until = texts
    return Fact(str(says), str(until or _for_good()), _tables(tables), until is None)


def _tables(names: Iterable[str]) -> tuple[Table, ...]:
    schema = _schema()
    return tuple(Table(name, schema[name]) for name in names if name in schema)


def _schema() -> dict[str, tuple[str, ...]]:
    return {name: tuple(column.name for column in table.columns) for name, table in db.metadata.tables.items()}


def _for_good() -> str:
    return _("For good")


def _sentence(reason: str, sections: Iterable[str]) -> str:
    """Sections of the own file that it names by their keys stand in quotes."""
    for key in sections:
        reason = re.sub(rf"\b{key}\b", f"“{key.replace('_', ' ')}”", reason) if "_" in key else reason
    return reason[0].upper() + reason[1:]
