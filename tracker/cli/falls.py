"""falls check, falls replay: what the test for falls says, without writing anything."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from tracker.cli.output import DAY, answer, as_json, refusing
from tracker.coaching.queries import frozen_baselines
from tracker.core import clock
from tracker.core.db import db, reading
from tracker.falls.comparing import Difference, compare
from tracker.falls.history import FallThen, History, load_history
from tracker.falls.replaying import Alert, Track, alert_as_check
from tracker.falls.replaying import replay as go_through
from tracker.organisation.models import Person
from tracker.ratings import weekly
from tracker.ratings.fall_queries import thresholds_on
from tracker.ratings.sentences import calm_sentence, fall_sentence

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
@click.option("--from", "since", type=DAY, help="First day. Needed without --compare; with it, a year before the last.")
@click.option("--to", "until", type=DAY, help="Last day. Default with --compare: today.")
@click.option("--compare", "compared", is_flag=True, help="Compare with the alerts of the checks that ran.")
@as_json
@refusing
def replay(since: date | None, until: date | None, compared: bool, as_json: bool) -> None:
    """Every Monday in between, with the cool-down: what would have alerted. Or, with --compare, whether the checks that ran would find
    the same today, and the cause of each difference."""
    if not compared and (since is None or until is None):
        raise click.UsageError("Say --from and --to, or --compare.")
    until = until or clock.now().date()
    since = since or until - timedelta(weeks=52)
    if until < since:
        raise ValueError("--to lies before --from.")
    with reading():
        mondays = _mondays(since, until)
        history = load_history(*mondays) if mondays else None
        if compared:
            _tell_comparison(history, as_json=as_json)
        else:
            _tell_alerts(history, as_json=as_json)


def _mondays(since: date, until: date) -> tuple[int, int] | None:
    """The weeks that the first and the last check in between look at; None when there is no Monday."""
    first = clock.last_complete_week(clock.monday_of(clock.week_of(since + timedelta(days=6))))
    last = clock.last_complete_week(until)
    return (first, last) if first <= last else None


def _tell_alerts(history: History | None, *, as_json: bool) -> None:
    alerts = list(_replayed(history)) if history else []
    text = "\n".join(f"{row['on']}: {row['sentence']}" for row in alerts)
    answer(alerts, text or "No alerts.", as_json=as_json)


def _replayed(history: History) -> Iterator[dict[str, Any]]:
    """What the settings of the last Monday would have alerted, each alert as `falls check` tells it."""
    track = Track(thresholds_on(clock.monday_of(history.weeks[-1] + 1)).parameters, history)
    for _week in go_through(history, [track]):
        pass
    people = _people({alert.person for alert in track.alerts})
    for alert in sorted(track.alerts, key=lambda alert: (alert.week, people[alert.person].staff_number)):
        yield {"on": clock.monday_of(alert.week + 1), **_alert_row(alert, people[alert.person])}


def _alert_row(alert: Alert, person: Person) -> dict[str, Any]:
    found = alert_as_check(alert)
    figures = {name: found[name] for name in ("n", "expected", "observed", "fall", "p", "watch", "alert")}
    sentence = fall_sentence(found, person.name)
    return {"person": person.staff_number, "window_days": alert.window * 7, **figures, "sentence": sentence}


def _tell_comparison(history: History | None, *, as_json: bool) -> None:
    if history is None:
        answer({"checks": 0, "agreed": 0, "differences": []}, "No check has run.", as_json=as_json)
        return
    found = compare(history)
    people = _people({one.person for one in found.differences})
    rows = [_difference_row(one, people[one.person].staff_number) for one in found.differences]
    lines = [f"{len(found.checks)} checks, {len(found.agreed)} alerts the same, {len(rows)} differences."]
    lines += [f"{row['on']} {row['person']}: {row['kind']} ({', '.join(_words(row['causes']))})" for row in rows]
    told = {"checks": len(found.checks), "agreed": len(found.agreed), "differences": rows}
    answer(told, "\n".join(lines), as_json=as_json)


def _words(causes: list[dict[str, str]]) -> list[str]:
    return [f"{cause['cause']} of the {cause['of']}" for cause in causes]


def _difference_row(one: Difference, staff_number: str) -> dict[str, Any]:
    return {
        "on": clock.monday_of(one.week + 1),
        "person": staff_number,
        "kind": one.kind,
        "causes": [asdict(cause) for cause in one.causes],
        "stored": _figures(one.stored),
        "replayed": _figures(one.replayed),
    }


def _figures(found: FallThen | Alert | None) -> dict[str, Any] | None:
    if found is None:
        return None
    names = ("n", "observed", "expected", "p")
    return {"window_days": found.window * 7, **{name: getattr(found, name) for name in names}}


def _people(ids: set[int]) -> dict[int, Person]:
    return {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(ids)))}


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
