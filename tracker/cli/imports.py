"""people import; ratings import, undo, reconcile."""

import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from tracker.cli.output import answer, as_json, refusing
from tracker.core import clock
from tracker.core.db import db, reading, transaction
from tracker.intake.columns import guessed, sample_of, scale_of
from tracker.intake.importing import ImportResult, import_ratings
from tracker.intake.people import import_people
from tracker.intake.rows import Choices
from tracker.intake.rules import FIELDS, Scale
from tracker.intake.undoing import undo_import
from tracker.ratings.import_models import Import, ImportReject
from tracker.ratings.jobs import reconcile as reconcile_rollup
from tracker.ratings.models import SCALES

REJECTS_PRINTED = 50

people = AppGroup("people", help="People and teams.")
ratings = AppGroup("ratings", help="Ratings from files, and the weekly rollup.")


class Mapped(click.ParamType[tuple[str, str]]):
    """FIELD=COLUMN."""

    name = "field=column"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        field, equals, column = value.partition("=") if isinstance(value, str) else ("", "", "")
        if not (field and equals and column):
            self.fail(f"“{value}” is not FIELD=COLUMN, such as employee=agent_id", param, ctx)
        return field.strip(), column.strip()


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@as_json
@refusing
def import_people_file(file: str, as_json: bool) -> None:
    """Bring in people, teams and managers. Rows that do not fit are listed; the same file twice changes nothing."""
    with transaction():
        result = import_people(file, by=None, at=clock.now())
    value = {
        "added": result.added,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "teams_created": result.teams_created,
        "managers_appointed": result.managers_appointed,
        "rejected": [{"line": line, "reason": reason} for line, reason in result.rejected],
    }
    lines = [
        f"{result.added} added, {result.updated} updated, {result.unchanged} unchanged, {len(result.rejected)} rejected."
    ]
    lines += [f"line {line}: {reason}" for line, reason in result.rejected[:REJECTS_PRINTED]]
    answer(value, "\n".join(lines), as_json=as_json)


@ratings.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--map", "mapping", type=Mapped(), multiple=True, help="FIELD=COLUMN; a field not named is its own column."
)
@click.option(
    "--scale",
    type=click.Choice(SCALES),
    help="What the ratings run on: stars, if nothing else is guessed.",
)
@click.option("--create-missing", is_flag=True, help="Make the people, teams and touchpoints that are not known yet.")
@click.option(
    "--source", default="file", show_default=True, help="The same id from the same source is the same rating."
)
@click.option("--dates", type=click.Choice(["day-first", "month-first"]), help="How 03/04/2026 is meant.")
@click.option("--only-if-clean", is_flag=True, help="Store nothing when any row is rejected.")
@as_json
@refusing
def import_ratings_file(
    file: str,
    mapping: tuple[tuple[str, str], ...],
    scale: Any,
    create_missing: bool,
    source: str,
    dates: str | None,
    only_if_clean: bool,
    as_json: bool,
) -> None:
    """Store a file's ratings: CSV, CSV.gz or XLSX. The same file twice stores nothing new."""
    with click.progressbar(length=1000, label="Importing", file=sys.stderr) as bar:
        result = import_ratings(
            file,
            Choices(
                source=source,
                **_columns_and_scale(file, dict(mapping), scale),
                day_first=None if dates is None else dates == "day-first",
                create_missing=create_missing,
            ),
            by=None,
            at=clock.now(),
            only_if_clean=only_if_clean,
            progress=lambda share, _rows: bar.update(max(0, int(1000 * share) - bar.pos)),
        )
    with reading():
        rejected = _rejected(result.import_id)
    answer({**_counts(result), "rejected": rejected}, _said(result, rejected), as_json=as_json)


def _columns_and_scale(file: str, given: dict[str, str], scale: Scale | None) -> dict[str, Any]:
    """Fields that were not named map to a column of their own name; where that finds no rating or no date, to what the file
    looks like, which is said."""
    sample = sample_of(Path(file))
    own = {field: field for field in FIELDS if field not in given and field in sample.headers}
    mapping = {**own, **given}
    if {"stars", "rated_at"} <= set(mapping):
        return {"mapping": mapping, "scale": scale or "stars"}
    found = {
        field: header
        for field, header in guessed(sample).items()
        if field not in mapping and header not in mapping.values()
    }
    mapping.update(found)
    scale = scale or scale_of(sample, mapping.get("stars"))
    click.echo(f"Taken for: {', '.join(f'{f}={h}' for f, h in found.items()) or 'nothing'}; scale {scale}.", err=True)
    return {"mapping": mapping, "scale": scale}


def _rejected(import_id: int) -> list[dict[str, Any]]:
    rows = select(ImportReject.line, ImportReject.reason).where(
        ImportReject.import_id == import_id, ~ImportReject.is_note
    )
    return [{"line": line, "reason": reason} for line, reason in db.session.execute(rows.order_by(ImportReject.line))]


def _counts(result: ImportResult) -> dict[str, int]:
    return {name: getattr(result, name) for name in ("import_id", "stored", "unchanged", "waiting", "transferred")}


def _said(result: ImportResult, rejected: list[dict[str, Any]]) -> str:
    first = (
        f"Import {result.import_id}: {result.stored} stored ({result.waiting} of them wait in the tray), "
        f"{result.unchanged} unchanged, {result.transferred} handed on after the rating, {result.rejected} rejected."
    )
    return "\n".join([first, *(f"line {row['line']}: {row['reason']}" for row in rejected[:REJECTS_PRINTED])])


@ratings.command("undo")
@click.argument("import_id", metavar="IMPORT", type=int)
@as_json
@refusing
def undo(import_id: int, as_json: bool) -> None:
    """Take a whole import back: its ratings, and what it created that nothing else uses."""
    with transaction():
        if db.session.get(Import, import_id) is None:
            raise ValueError(f"There is no import {import_id}.")
        undo_import(import_id, by=None, at=clock.now())
    answer({"import_id": import_id, "undone": True}, f"Import {import_id} is undone.", as_json=as_json)


@ratings.command("reconcile")
@as_json
@refusing
def reconcile(as_json: bool) -> None:
    """Prove that the weekly rollup is what the ratings say, and mend it where it is not."""
    with transaction():
        wrong = reconcile_rollup(clock.now())
    text = "The rollup equals the ratings." if not wrong else f"{wrong} weekly cells differed and were mended."
    answer({"differing_cells": wrong}, text, as_json=as_json)
