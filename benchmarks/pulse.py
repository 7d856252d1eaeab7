"""Row 18: a round opens: everybody is frozen into it and what to tell them is queued, against writing a row for each person and one
for each message by the driver’s executemany. A job writes the messages later, in turns; how long that takes is told beside it.
Row 19: a round closes: all ballots opened, counted, published and destroyed; 60 seconds for 20,000 answers."""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from benchmarks.instances import on_postgres, on_sqlite, rows_in, settle
from benchmarks.measuring import Result, Sizes, compare, number, stopwatch
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Membership, Organisation, Person, Team
from tracker.pulse.bank import next_items
from tracker.pulse.boxes import Ballot, seal
from tracker.pulse.closing import clean, close_round
from tracker.pulse.keys import key
from tracker.pulse.models import PulseBox, PulseMember, PulseNode, PulseResult, PulseRound, PulseTelling
from tracker.pulse.opening import open_round
from tracker.pulse.telling import tell_due

GOAL, SECONDS = 0.5, 60.0
AT = datetime(2026, 1, 5, 6, tzinfo=UTC)
TEAMS = 200
WORDS = "More people on Saturdays would help, and a second printer at the desk."


def measure(sizes: Sizes) -> Iterator[Result]:
    for database, opened in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        with opened():
            _store_people(sizes.invitations)
            yield compare(
                18,
                f"opening a round of the pulse, {database}",
                lambda: _from_unopened(_ours),
                lambda: _from_unopened(_bare, count=sizes.invitations),
                goal=GOAL,
                repeats=sizes.slow_repeats,
                remark=f"{sizes.invitations:,} people",
            )
            _from_unopened(_ours)
            with stopwatch() as lap:
                tell_due(AT)
            told = f"{rows_in(Message):,} messages, in turns of 5,000"
            yield number(18, f"telling them, {database} : seconds", round(lap.seconds, 2), goal=None, remark=told)
        with opened():
            _store_people(sizes.ballots)
            seconds = _closing()
            remark = f"{sizes.ballots:,} ballots, {rows_in(PulseResult):,} cells published"
            yield number(19, f"closing a round, {database} : seconds", round(seconds, 2), goal=SECONDS, remark=remark)


def _store_people(count: int) -> None:
    with transaction():
        db.session.add(Organisation(name="Zawadora", kind="test", time_zone="Africa/Nairobi", created_at=AT))
        top = Team(name="Zawadora", time_zone="Africa/Nairobi")
        db.session.add(top)
        db.session.flush()
        teams = [Team(name=f"Team {n}", time_zone="Africa/Nairobi", parent_id=top.id) for n in range(TEAMS)]
        db.session.add_all(teams)
        db.session.flush()
        numbers = range(1, count + 1)
        people = [{"id": n, "staff_number": f"B-{n}", "name": f"Person {n}", "language": "en"} for n in numbers]
        db.session.execute(insert(Person), people)
        placed = [{"person_id": n, "team_id": teams[n % TEAMS].id, "started_on": date(2020, 1, 1)} for n in numbers]
        db.session.execute(insert(Membership), placed)
    settle()


def _from_unopened(work: Callable[..., None], **given: Any) -> float:
    with transaction():
        for table in (Message, PulseTelling, PulseMember, PulseNode, PulseRound):
            db.session.execute(delete(table))
        made = _a_round()
    settle()
    with stopwatch() as lap:
        work(made, **given)
    return lap.seconds


def _a_round() -> int:
    opens = {"opens_at": AT, "closes_at": AT + timedelta(days=7), "month": AT.date().replace(day=1)}
    made = PulseRound(state="planned", items=[item.stored() for item in next_items([])], made_at=AT, **opens)
    db.session.add(made)
    db.session.flush()
    return made.id


def _ours(round_id: int) -> None:
    with transaction():
        open_round(db.session.get_one(PulseRound, round_id), by=None, today=AT.date(), at=AT)


def _bare(round_id: int, *, count: int) -> None:
    """The same two rows for each person, and no deciding at all."""
    is_postgres = db.engine.dialect.name == "postgresql"
    mark, at = ("%s", AT) if is_postgres else ("?", AT.replace(tzinfo=None).isoformat(" "))
    member = "INSERT INTO pulse_member (round_id, person_id, node_id, answered, by_code) VALUES "
    message = (
        "INSERT INTO message (key, person_id, kind, about_id, parameters, is_urgent, created_at, visible_at) VALUES "
    )
    with transaction():
        node = PulseNode(round_id=round_id, kind="company", name="Zawadora")
        db.session.add(node)
        db.session.flush()
        cursor = db.session.connection().connection.cursor()
        people = range(1, count + 1)
        members = [(round_id, n, node.id, False, False) for n in people]
        cursor.executemany(f"{member}({', '.join([mark] * 5)})", members)
        told = [(f"pulse.open|{round_id}|0|{n}", n, "pulse.open", round_id, "{}", False, at, at) for n in people]
        cursor.executemany(f"{message}({', '.join([mark] * 8)})", told)


def _closing() -> float:
    with transaction():
        round_id = _a_round()
    _ours(round_id)
    _fill_boxes(round_id)
    settle()
    with stopwatch() as lap:
        assert close_round(round_id, by=None, at=AT)
        clean(round_id, at=AT)
    return lap.seconds


def _fill_boxes(round_id: int) -> None:
    """Everybody has answered, every fifth with a comment."""
    pulse_round = db.session.get_one(PulseRound, round_id)
    secret, asked = key(pulse_round.key_name or ""), [item["key"] for item in pulse_round.items]
    with transaction():
        members = db.session.execute(select(PulseMember.person_id, PulseMember.node_id)).all()
        db.session.execute(update(PulseMember).values(answered=True))
        boxes = []
        for person, node in members:
            numbers = {item: 1 + (7 * person + place) % 5 for place, item in enumerate(asked)}
            k = secrets.token_bytes(16)
            ballot = Ballot(node, numbers, {} if person % 5 else {asked[0]: WORDS})
            boxes.append({"k": k, "round_id": round_id, "sealed": seal(ballot, key=secret, k=k)})
        db.session.execute(insert(PulseBox), boxes)
