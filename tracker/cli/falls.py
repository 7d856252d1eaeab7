"""falls check, falls replay: what the test for falls says, without writing anything."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from tracker.cli.output import DAY, answer, as_json, refusing
from tracker.coaching.queries import frozen_baselines
from tracker.core import clock
from tracker.core.db import db, reading
from tracker.organisation.models import Person
from tracker.ratings import weekly
from tracker.ratings.sentences import calm_sentence, fall_sentence
from tracker.statistics.falls import Parameters

falls = AppGroup("falls", help="The weekly test for falls. Nothing is written.")


@falls.command("check")
@click.option("--on", type=DAY, help="Judge by the last week that was complete before this day. Default: today.")
@as_json
@refusing
def check(on: date | None, as_json: bool) -> None:
    """Everybody who can be tested, with what was found."""
    with reading():
        found = list(_checked(clock.last_complete_week(on or clock.now().date()), frozen_baselines()))
    answer(found, "\n".join(row["sentence"] for row in found if row["watch"]) or "Nobody has fallen.", as_json=as_json)


@falls.command("replay")
@click.option("--from", "since", type=DAY, required=True, help="First day.")
@click.option("--to", "until", type=DAY, required=True, help="Last day.")
@as_json
@refusing
def replay(since: date, until: date, as_json: bool) -> None:
    """Every Monday in between, with the cool-down: what would have alerted."""
    if until < since:
        raise ValueError("--to lies before --from.")
    with reading():
        alerts = list(_replayed(since, until))
    text = "\n".join(f"{row['on']}: {row['sentence']}" for row in alerts)
    answer(alerts, text or "No alerts.", as_json=as_json)


def _replayed(since: date, until: date) -> Iterator[dict[str, Any]]:
    """Baselines are not frozen here: which cases there would have been is not known."""
    alerted: dict[str, int] = {}
    cool_down = Parameters().cooldown_weeks
    monday = clock.monday_of(clock.week_of(since + timedelta(days=6)))
    while monday <= until:
        week = clock.last_complete_week(monday)
        for row in _checked(week, {}):
            if row["alert"] and week - alerted.get(row["person"], week - cool_down) >= cool_down:
                alerted[row["person"]] = week
                yield {"on": monday, **row}
        monday += timedelta(days=7)


def _checked(week: int, baseline_ends: dict[int, int]) -> Iterator[dict[str, Any]]:
    """One row a tested person, by staff number."""
    company = weekly.load_company(week, baseline_ends=baseline_ends)
    if company is None:
        return
    checks = weekly.check_company(company)
    people = {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(company.people)))}
    figures = weekly.everybodys_figures(company, checks)
    for person_id in sorted(company.people, key=lambda id: people[id].staff_number):
        found = figures[person_id]["check"]
        if found:
            yield {
                "person": people[person_id].staff_number,
                "window_days": found["weeks"] * 7,
                **{name: found[name] for name in ("n", "expected", "observed", "fall", "p", "watch", "alert")},
                "sentence": (fall_sentence if found["watch"] else calm_sentence)(found, people[person_id].name),
            }
