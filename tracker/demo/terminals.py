"""In the demo: a till that the team shares, two PINs, and what two people chose to be told."""

from datetime import datetime, time, timedelta

from flask import current_app
from sqlalchemy import select

from tracker.access.models import Account
from tracker.access.rules import hash_password, new_token, token_hash
from tracker.access.terminal_actions import make_terminal, set_pin
from tracker.access.terminal_rules import peppered
from tracker.core.db import db, transaction
from tracker.notifications.choice_actions import choose, keep_quiet
from tracker.notifications.quiet_rules import Quiet
from tracker.organisation.models import Person, Team

PIN = "8305"  # shown on the demo's own terminal
WITH_PIN = ("N-0412", "N-0398")
SET_BEFORE = timedelta(days=12)


def share_a_terminal(at: datetime) -> None:
    """As Brian would have left it. No browser holds its token: to hold it in your hand, make a new code for it."""
    hashed = {}
    for number in WITH_PIN:
        account, _person = _found(number)
        hashed[number] = hash_password(peppered(current_app.config["SECRET_KEY"], account.id, PIN))
    with transaction():
        team = db.session.scalars(select(Team).where(Team.name == "Nairobi Central tills")).one()
        terminal = make_terminal(name="Till 1", team_id=team.id, by=_found("N-0107")[1].id, at=at - SET_BEFORE)
        terminal.token_hash, terminal.paired_at = token_hash(new_token()), at - SET_BEFORE
        terminal.last_used_on = (at - timedelta(days=1)).date()
        for number in WITH_PIN:
            set_pin(_found(number)[0], hashed[number], at=at - SET_BEFORE)
        _choose(at - SET_BEFORE)


def _choose(at: datetime) -> None:
    amina, brian = _found("N-0412")[1].id, _found("N-0107")[1].id
    choose(amina, {"training": ("once", True), "looks": ("daily", False)}, at=at)
    keep_quiet(brian, Quiet(starts=time(19), ends=time(7, 30), days_off=True, lets_urgent=True), at=at)


def _found(number: str) -> tuple[Account, Person]:
    return db.session.execute(
        select(Account, Person).join(Person, Person.id == Account.person_id).where(Person.staff_number == number)
    ).one()
