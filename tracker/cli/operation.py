"""jobs run, audit verify, demo load."""

import sys
from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from tracker.audit.jobs import anchor_file
from tracker.audit.queries import verify as verify_chain
from tracker.cli.output import MOMENT, answer, as_json, refusing
from tracker.core import clock, tasks
from tracker.core.db import reading
from tracker.core.errors import Refused
from tracker.demo.loading import demo_people, load_demo
from tracker.organisation.queries import the_organisation

jobs = AppGroup("jobs", help="What happens by itself.")
audit = AppGroup("audit", help="The audit trail.")
demo = AppGroup("demo", help="The demo company.")


@jobs.command("run")
@click.option("--at", type=MOMENT, help="Act as if it were this time; only on a demo or test database.")
@as_json
@refusing
def run(at: datetime | None, as_json: bool) -> None:
    """Do everything that is due, once."""
    if at is not None:
        _refuse_unless_play()
    with clock.set_to(at or clock.now()):
        done = tasks.run_due(current_app._get_current_object(), current_app.extensions["timetable"], at=at)  # type: ignore[attr-defined]
    failed = [name for name, count in done.items() if count < 0]
    answer(done, "\n".join(f"{name}: {count}" for name, count in done.items()), as_json=as_json)
    if failed:
        raise Refused(f"Failed: {', '.join(failed)}. See the log above.")


def _refuse_unless_play() -> None:
    with reading():  # the jobs come with a session of their own and must find no lock
        organisation = the_organisation()
        is_play = organisation is not None and organisation.kind in {"demo", "test"}
    if not is_play:
        raise Refused("--at replaces the clock; that is refused unless the database is marked demo or test.")


@audit.command("verify")
@as_json
@refusing
def verify(as_json: bool) -> None:
    """Check the hash chain; exit 1 and name what was changed, deleted, inserted or moved."""
    verdict = verify_chain(at=clock.now(), anchor=anchor_file())
    lines = [f"{verdict.sealed} entries sealed, {verdict.unsealed} waiting for their seal.", *verdict.problems]
    value = {"sealed": verdict.sealed, "unsealed": verdict.unsealed, "head": verdict.head, "problems": verdict.problems}
    answer(value, "\n".join(lines), as_json=as_json)
    if verdict.problems:
        raise Refused(f"The audit does not verify: {verdict.problems[0]}.")


@demo.command("load")
@click.option("--again", is_flag=True, help="Throw the demo away and load it anew; refuses any other database.")
@click.option("--if-empty", is_flag=True, help="Do nothing, and call it done, when the database is in use already.")
@as_json
@refusing
def load(again: bool, if_empty: bool, as_json: bool) -> None:
    """Load the demo company into an empty database."""
    if if_empty and the_organisation() is not None:
        return
    bar = click.progressbar(length=100, label="Loading the demo company", file=sys.stderr)
    with bar:
        loaded = load_demo(at=clock.now(), again=again, progress=lambda done: bar.update(int(100 * done) - bar.pos))
    names = [f"{one['name']} ({one['staff_number']})" for one in demo_people()]
    answer({"loaded": loaded, "people": demo_people()}, f"The demo is there: {', '.join(names)}.", as_json=as_json)
