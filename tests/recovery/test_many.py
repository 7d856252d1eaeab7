"""Ten thousand open complaints: lists and clocks ask the database as often as for ten."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, text

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_rating
from tests.home.test_query_counts import selects
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.ratings.models import Rating
from tracker.recovery import jobs
from tracker.recovery.models import RecoveryCase, RecoveryRating

MANY = 10_000
LATER = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with clock.set_to(NOW):
        yield NOW


def many_open(cast: Cast, count: int) -> None:
    """Open complaints about Amina whose clocks run out in three days; each with a rating of its own."""
    with transaction():
        pattern = a_rating(cast.amina, 1, at=NOW)
        columns = [column for column in Rating.__table__.columns if column.name != "id"]
        values = {column.name: getattr(pattern, column.key) for column in columns}
        # Far from the numbers that PostgreSQL would give by itself.
        first = max(db.session.scalars(select(func.max(Rating.id))).one() or 0, 1_000_000)
        numbers = range(first + 1, first + count + 1)
        db.session.execute(insert(Rating), [{**values, "id": n, "external_id": f"many-{n}"} for n in numbers])
        case = {
            "team_id": cast.tills.id, "owner_id": cast.brian.id, "opened_at": NOW, "opened_on": NOW.date(), "is_loyal": False,
            "clock_since": NOW, "contact_due_at": LATER, "step": 0, "clock_at": LATER,
        }  # fmt: skip
        db.session.execute(insert(RecoveryCase), [{**case, "id": n} for n in numbers])
        db.session.execute(insert(RecoveryRating), [{"rating_id": n, "case_id": n} for n in numbers])


@pytest.fixture
def brian(cast: Cast, browse: object) -> Browser:
    return browse(cast.brian, at=NOW)  # type: ignore[operator,no-any-return]  # the fixture of conftest


def asked_for_the_list(brian: Browser) -> int:
    with selects() as seen:
        assert brian.get("/complaints").status_code == 200
    return len(seen)


def asked_for_the_clocks() -> int:
    with selects() as seen:
        assert jobs.follow_clocks(NOW + timedelta(hours=1)) == 0
        assert jobs.replace_owners(NOW + timedelta(hours=1)) == 0
        assert jobs.close_forgotten(NOW + timedelta(hours=1)) == 0
    return len(seen)


def test_ten_thousand_cost_no_more_questions_than_ten(cast: Cast, brian: Browser) -> None:
    many_open(cast, 10)
    few = asked_for_the_list(brian), asked_for_the_clocks()
    many_open(cast, MANY)
    assert (asked_for_the_list(brian), asked_for_the_clocks()) == few
    assert "Page 1" in brian.get("/complaints").text


def test_clocks_that_are_due_are_found_by_an_index(cast: Cast) -> None:
    many_open(cast, MANY)
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    due = select(RecoveryCase.id).where(RecoveryCase.closed_at.is_(None), RecoveryCase.clock_at <= NOW)
    asked = str(due.compile(db.engine, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN" if db.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    plan = " ".join(str(row) for row in db.session.execute(text(f"{explain} {asked}")))
    assert "ix_recovery_case_clock" in plan


def test_of_ten_thousand_only_those_that_are_due_are_touched(cast: Cast) -> None:
    many_open(cast, MANY)
    with transaction():
        hasty = db.session.scalars(select(RecoveryCase).order_by(RecoveryCase.id).limit(3)).all()
        for case in hasty:
            case.clock_at = NOW
    assert jobs.follow_clocks(NOW) == 3
    told = select(func.count()).where(Message.kind == "recovery.overdue", Message.person_id == cast.brian.id)
    assert db.session.scalar(told) == 3
    assert db.session.scalar(select(func.count()).where(RecoveryCase.step > 0)) == 3
