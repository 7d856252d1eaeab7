"""The pack as a file: a sheet for each part of the page, with the same rows; as CSV one line for each cell."""

from collections.abc import Iterable, Iterator
from typing import IO

from flask_babel import gettext as _

from tracker.core.language import month
from tracker.core.sheets import Line, Sheet, as_book, as_csv
from tracker.reports import pack_rights
from tracker.reports.pack import Pack
from tracker.reports.pack_log import Count, Kind


def as_file(kind: str, pack: Pack) -> tuple[IO[bytes], int]:
    """The file at its beginning, and how many rows the sheets hold. kind: xlsx or csv."""
    sheets = [Sheet(one.name, one.headings, list(one.rows)) for one in _sheets(pack)]
    if kind == "xlsx":
        return as_book(sheets)
    file, _cells = as_csv([_("Part"), _("Row"), _("Column"), _("Says")], _cells_of(sheets))
    return file, sum(len(list(sheet.rows)) for sheet in sheets)


def _cells_of(sheets: Iterable[Sheet]) -> Iterator[Line]:
    for sheet in sheets:
        for number, row in enumerate(sheet.rows, start=1):
            for heading, value in zip(sheet.headings, row, strict=True):
                yield [sheet.name, number, heading, value]


def _sheets(pack: Pack) -> Iterator[Sheet]:
    yield Sheet(_("What is kept"), [_("About"), _("What"), _("Until when"), _("Table"), _("Columns")], _kept(pack))
    worked = ([str(one.name), str(one.about), str(one.says)] for one in pack.worked_out)
    yield Sheet(_("What is worked out"), [_("Figure"), _("About"), _("How")], worked)
    denials = ([one.says, one.because, _("yes") if one.holds else _("no")] for one in pack.denials)
    yield Sheet(_("What is not measured"), [_("What"), _("Where one can see it"), _("Holds")], denials)
    yield Sheet(_("By itself"), [_("Job"), _("What it does")], ([job.name, job.says] for job in pack.jobs))
    relations = [str(words) for words in pack_rights.RELATIONS.values()]
    yield Sheet(
        _("Who may what"), [_("About"), _("Right"), _("Key"), *relations, _("In words"), _("Remark")], _rights(pack)
    )
    addresses = [_("For whom"), _("Part of the product"), _("Reads or changes"), _("Address")]
    yield Sheet(_("Addresses"), addresses, _addresses(pack))
    settings = ([group.name, one.name, one.value, one.by] for group in pack.settings for one in group.rows)
    yield Sheet(_("Settings"), [_("About"), _("Setting"), _("Now"), _("Who may change it")], settings)
    months = [month(one) for one in pack.log.months]
    yield Sheet(_("The log"), [_("Kind of deed"), _("What"), *months, _("Together")], _log(pack))


def _kept(pack: Pack) -> Iterator[Line]:
    """A fact without a table of its own is worked out from the others."""
    for theme in pack.kept:
        for fact in theme.facts:
            for table in fact.tables:
                yield [theme.name, fact.says, fact.until, table.name, ", ".join(table.columns)]
            if not fact.tables:
                yield [theme.name, fact.says, fact.until, None, None]


def _rights(pack: Pack) -> Iterator[Line]:
    for area in pack.rights:
        for one in area.rights:
            letters = [one.cells.get(relation, "D") for relation in pack_rights.RELATIONS]
            yield [area.name, one.says, one.action, *letters, " ".join(one.who), one.remark]


def _addresses(pack: Pack) -> Iterator[Line]:
    for pages in pack.pages:
        for part in pages.parts:
            yield from ([pages.name, part.name, _("reads"), address] for address in part.reads)
            yield from ([pages.name, part.name, _("changes"), address] for address in part.changes)


def _log(pack: Pack) -> Iterator[Line]:
    for deeds in pack.log.deeds:
        for kind in deeds.kinds:
            yield [deeds.name, kind.says, *(_times(one) for one in kind.months), _sum(kind)]


def _times(count: Count) -> int | str:
    return _("fewer than 5 people") if count.times is None else count.times


def _sum(kind: Kind) -> int | None:
    return kind.sum
