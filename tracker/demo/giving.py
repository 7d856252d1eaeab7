"""What the demo’s people may give a customer on the spot, since when, and what they gave when they closed a complaint.

Drawn from a generator of its own, after everything else: the other stories keep their dice.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert, select

from tracker.access.queries import people_with_role
from tracker.core.db import db, transaction
from tracker.demo.complaints import TEAM
from tracker.organisation.models import Team
from tracker.organisation.queries import leaders_on
from tracker.recovery.giving_rules import Gift, Purse
from tracker.recovery.limit_models import Given, GivingLimit
from tracker.recovery.limits import limits_at, own_limit
from tracker.recovery.models import RecoveryCase, RecoveryEntry

SEED = 6_209
CURRENCY = "KES"
SINCE, RAISED, TILLS = timedelta(weeks=50), timedelta(weeks=20), timedelta(weeks=9)
COMPANY_AT_FIRST, COMPANY_NOW, OF_TILLS = (200, 500), (300, 1_000), (500, None)
SOMETHING = {"solved": 0.45, "partly": 0.35, "unsolved": 0.06, "not_reached": 0.0}
KINDS = ("refund", "refund", "voucher", "replacement")
WORTH = (100, 150, 200, 250, 300, 450, 500, 600, 900, 1_200, 1_800)
ASKS_ANYWAY = 0.12  # of what they could have decided alone


def give_on_the_spot(at: datetime) -> None:
    with transaction():
        _choose_limits(at)
        rows = _gifts(at)
        if rows:
            db.session.execute(insert(Given), rows)


def _choose_limits(at: datetime) -> None:
    """The company’s, raised once; the tills’ own since."""
    office = next(iter(people_with_role("hr")), None)
    tills = db.session.scalars(select(Team.id).where(Team.name == TEAM)).one()
    steps = ((None, SINCE, COMPANY_AT_FIRST), (None, RAISED, COMPANY_NOW), (tills, TILLS, OF_TILLS))
    for team, ago, (staff, leads) in steps:
        given = {"currency": CURRENCY, "set_at": at - ago, "set_by_id": office, "told_at": at - ago}
        db.session.add(GivingLimit(team_id=team, staff=staff, leads=leads, **given))
        db.session.flush()


def _gifts(at: datetime) -> list[dict[str, Any]]:
    random = np.random.default_rng(SEED)
    ended = (
        select(RecoveryEntry.id, RecoveryEntry.case_id, RecoveryCase.closed_by_id, RecoveryCase.closed_at)
        .add_columns(RecoveryCase.outcome, RecoveryCase.team_id)
        .join(RecoveryCase, RecoveryCase.id == RecoveryEntry.case_id)
        .where(RecoveryEntry.kind == "closed", RecoveryCase.closed_by_id.is_not(None))
        .order_by(RecoveryCase.closed_at, RecoveryCase.opened_at, RecoveryEntry.id)
    )
    cases = db.session.execute(ended).all()
    limits = {step: limits_at(at - ago) for step, ago in (("first", SINCE), ("raised", RAISED), ("tills", TILLS))}
    leaders = leaders_on(at.date())
    above = {person: next(iter(leaders.above(person)), None) for person in {row.closed_by_id for row in cases}}
    amounts = {
        (step, person): own_limit(found, person, at.date()) for step, found in limits.items() for person in above
    }
    found = []
    for row in cases:
        step = "first" if row.closed_at < at - RAISED else "raised" if row.closed_at < at - TILLS else "tills"
        found.append(_gift(row, amounts[step, row.closed_by_id], above, random))
    return found


def _gift(row: Any, limit: int | None, above: Mapping[int, int | None], random: np.random.Generator) -> dict[str, Any]:
    """Three dice for each complaint, whatever comes of them."""
    chance, kind, worth = random.random(2), int(random.integers(len(KINDS))), int(random.integers(len(WORTH)))
    asked = above[row.closed_by_id]
    gives = chance[0] < SOMETHING.get(row.outcome, 0.0)
    gift = Gift("apology" if row.outcome != "not_reached" else "nothing")
    purse = Purse(limit, CURRENCY, 0, [])
    if gives:
        has_asked = asked is not None and (purse.is_beyond(WORTH[worth]) or chance[1] < ASKS_ANYWAY)
        gift = Gift(KINDS[kind], WORTH[worth], asked if has_asked else None)
    return {
        "entry_id": row.id,
        "case_id": row.case_id,
        "by_id": row.closed_by_id,
        "kind": gift.kind,
        "worth": gift.worth,
        "currency": CURRENCY if gift.worth is not None else None,
        "own_limit": limit,
        "agreed_by_id": gift.agreed_by,
        "is_within": purse.is_within(gift),
    }
