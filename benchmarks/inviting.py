"""Row 12: invitations decided and queued, against writing the same rows by the driver’s executemany, in one transaction."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from benchmarks.instances import on_postgres, on_sqlite, rows_in, settle
from benchmarks.measuring import Result, Sizes, compare, stopwatch
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.invitations.deciding import decide_due
from tracker.invitations.models import CustomerContact, Invitation
from tracker.organisation.models import Person
from tracker.ratings.models import Customer, Interaction

GOAL = 0.5
AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
ENDED = AT - timedelta(hours=2)


def measure(sizes: Sizes) -> Iterator[Result]:
    for database, opened in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        with opened():
            _store_invitations(sizes.invitations)
            yield compare(
                12,
                f"deciding and queueing invitations, {database}",
                lambda: _from_undecided(lambda: _ours(sizes.invitations)),
                lambda: _from_undecided(_bare, ids=_ids()),
                goal=GOAL,
                repeats=sizes.slow_repeats,
            )


def _store_invitations(count: int) -> None:
    """Each of a customer and an address of its own, all due."""
    with transaction():
        person = Person(staff_number="B-1", name="Amina Otieno", language="en")
        db.session.add(person)
        db.session.flush()
        numbers = range(1, count + 1)
        db.session.execute(insert(Customer), [{"id": n, "reference": f"C-{n}"} for n in numbers])
        visit = {"person_id": person.id, "ended_at": ENDED, "ended_on": date(2026, 1, 5)}
        db.session.execute(insert(Interaction), [{"id": n, "customer_id": n, **visit} for n in numbers])
        invitation = {"language": "en", "source": "api", "planned_at": ENDED, "due_at": AT}
        rows = [{"id": n, "interaction_id": n, "address_hash": f"{n:040x}", **invitation} for n in numbers]
        db.session.execute(insert(Invitation), rows)
        contacts = [{"invitation_id": n, "email": f"customer{n}@example.org"} for n in numbers]
        db.session.execute(insert(CustomerContact), contacts)
    settle()


def _from_undecided(work: Callable[..., None], **given: Any) -> float:
    with transaction():
        db.session.execute(delete(OutboxMail))
        db.session.execute(update(Invitation).values(asked_at=None))
        db.session.execute(update(Interaction).values(invited_at=None))
    settle()
    with stopwatch() as lap:
        work(**given)
    return lap.seconds


def _ours(expected: int) -> None:
    with transaction():
        decided = decide_due(AT)
    assert decided == expected == rows_in(OutboxMail)


def _ids() -> list[int]:
    return list(db.session.scalars(select(Invitation.id).order_by(Invitation.id)))


def _bare(ids: list[int]) -> None:
    """The same three writes for each, and no deciding at all."""
    is_postgres = db.engine.dialect.name == "postgresql"
    mark, at = ("%s", AT) if is_postgres else ("?", AT.replace(tzinfo=None).isoformat(" "))
    queued = "INSERT INTO outbox_mail (key, kind, parameters, created_at, due_at, attempts) VALUES "
    with transaction():
        cursor = db.session.connection().connection.cursor()
        cursor.executemany(f"UPDATE invitation SET asked_at = {mark} WHERE id = {mark}", [(at, id) for id in ids])  # noqa: S608 - no input
        cursor.executemany(f"UPDATE interaction SET invited_at = {mark} WHERE id = {mark}", [(at, id) for id in ids])  # noqa: S608 - no input
        rows = [(f"asking|{id}", "asking", "{}", at, at, 0) for id in ids]
        cursor.executemany(f"{queued}({', '.join([mark] * 6)})", rows)
