"""Rows 18 and 19: a round of the pulse opened for everybody, against writing the same rows by the driver's executemany; and one closed."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import delete, insert, select, text, update

from benchmarks.instances import on_postgres, on_sqlite, rows_in, settle
from benchmarks.measuring import Result, Sizes, compare, number, stopwatch
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Membership, Organisation, Person, Team
from tracker.pulse.bank import next_items
from tracker.pulse.boxes import Ballot, seal
from tracker.pulse.closing import clean, close_round
from tracker.pulse.keys import key
from tracker.pulse.models import KEY_BYTES, PulseBox, PulseMember, PulseNode, PulseResult, PulseRound
from tracker.pulse.opening import open_round

GOAL, LIMIT = 0.5, 60
AT = datetime(2026, 11, 9, 7, tzinfo=UTC)
TEAM, BRANCH = 20, 25  # people in a team, teams in a branch


def measure(sizes: Sizes) -> Iterator[Result]:
    for database, opened in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        with opened():
            _store_company(sizes.people_asked)
            yield compare(
                18,
                f"opening a round for everybody, {database}",
                lambda: _from_unopened(sizes.people_asked),
                _bare,
                goal=GOAL,
                repeats=sizes.slow_repeats,
                remark=f"{sizes.people_asked:,} people",
            )
            seconds = round(_closed(sizes.answers_counted), 2)
            counted = f"{sizes.answers_counted:,} answers counted, published and cleaned up"
            yield number(19, f"closing a round, seconds, {database}", seconds, goal=LIMIT, remark=counted)


def _store_company(people: int) -> None:
    """Teams of twenty in branches of 25 teams, under one top."""
    teams = max(1, people // TEAM)
    branches = -(-teams // BRANCH)
    with transaction():
        db.session.add(Organisation(id=1, name="Benchmark", time_zone="UTC", created_at=AT))
        db.session.execute(insert(Team), [_team(1, None)])
        db.session.execute(insert(Team), [_team(2 + branch, 1) for branch in range(branches)])
        first = 2 + branches
        db.session.execute(insert(Team), [_team(first + one, 2 + one // BRANCH) for one in range(teams)])
        numbers = range(1, people + 1)
        rows = [
            {"id": n, "staff_number": f"B-{n}", "name": f"Person {n}", "email": f"{n}@example.org"} for n in numbers
        ]
        db.session.execute(insert(Person), rows)
        belonging = [{"person_id": n, "team_id": first + n % teams, "started_on": AT.date()} for n in numbers]
        db.session.execute(insert(Membership), belonging)
    settle()


def _team(id: int, parent_id: int | None) -> dict[str, object]:
    return {"id": id, "name": f"Team {id}", "parent_id": parent_id, "time_zone": "UTC"}


def _from_unopened(people: int) -> float:
    round_id = _a_round()
    with stopwatch() as lap, transaction():
        open_round(db.session.get_one(PulseRound, round_id), by=None, today=AT.date(), at=AT)
    assert rows_in(PulseMember) == rows_in(Message) == people
    return lap.seconds


def _a_round() -> int:
    """A planned one, and nothing left of those before it."""
    with transaction():
        for table in (PulseMember, PulseNode, PulseRound, Message):
            db.session.execute(delete(table))
        items = [item.stored() for item in next_items([])]
        made = PulseRound(state="planned", month=AT.date().replace(day=1), opens_at=AT, items=items, made_at=AT)
        made.closes_at = AT + timedelta(days=7)
        db.session.add(made)
        db.session.flush()
        round_id = made.id
    settle()
    return round_id


def _bare() -> float:
    """The members and messages that ours has just written, given to the driver ready-made."""
    mark = "%s" if db.engine.dialect.name == "postgresql" else "?"
    with transaction():
        members = [tuple(row) for row in db.session.execute(text("SELECT * FROM pulse_member"))]
        columns = "key, person_id, kind, about_id, parameters, is_urgent, created_at, visible_at"
        parameters = "CAST(parameters AS TEXT)"
        asked = text(f"SELECT {columns.replace('parameters', parameters)} FROM message")  # noqa: S608 - no input
        messages = [tuple(row) for row in db.session.execute(asked)]
        db.session.execute(delete(PulseMember))
        db.session.execute(delete(Message))
    settle()
    with stopwatch() as lap, transaction():
        cursor = db.session.connection().connection.cursor()
        cursor.executemany(f"INSERT INTO pulse_member VALUES ({', '.join([mark] * 5)})", members)  # noqa: S608 - no input
        cursor.executemany(f"INSERT INTO message ({columns}) VALUES ({', '.join([mark] * 8)})", messages)  # noqa: S608 - no input
    return lap.seconds


def _closed(answers: int) -> float:
    round_id = _a_round()
    with transaction():
        found = db.session.get_one(PulseRound, round_id)
        open_round(found, by=None, today=AT.date(), at=AT)
        _answer(found, answers)
    settle()
    with stopwatch() as lap:
        assert close_round(round_id, by=None, at=AT + timedelta(days=7))
        clean(round_id, at=AT + timedelta(days=7))
    assert rows_in(PulseBox) == 0
    assert answers < TEAM or rows_in(PulseResult) > 0
    return lap.seconds


def _answer(pulse_round: PulseRound, answers: int) -> None:
    """The first so many of those who are asked, each sealed as the pages seal it, and a comment from every tenth."""
    random, secret = Random(7), key(str(pulse_round.key_name))
    asked = select(PulseMember.person_id, PulseMember.node_id).where(PulseMember.round_id == pulse_round.id)
    keys = [stored["key"] for stored in pulse_round.items]
    rows = []
    for person_id, node_id in db.session.execute(asked.order_by(PulseMember.person_id).limit(answers)):
        k = secrets.token_bytes(KEY_BYTES)
        words = {keys[0]: f"Said by number {person_id}."} if person_id % 10 == 0 else {}
        ballot = Ballot(node_id, {one: random.randint(1, 5) for one in keys}, words)
        rows.append({"k": k, "round_id": pulse_round.id, "sealed": seal(ballot, key=secret, k=k)})
    db.session.execute(insert(PulseBox), rows)
    first = select(PulseMember.person_id).where(PulseMember.round_id == pulse_round.id)
    chosen = first.order_by(PulseMember.person_id).limit(answers)
    db.session.execute(update(PulseMember).where(PulseMember.person_id.in_(chosen)).values(answered=True))
