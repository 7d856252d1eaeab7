"""Choosing what may be given on the spot, and telling whose limit is another one now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.notifications.actions import Told, tell_all
from tracker.organisation.models import Organisation, Team, Tenure
from tracker.organisation.policy import holds_on
from tracker.organisation.queries import calendars, teams_of_everybody
from tracker.recovery.limit_models import GivingLimit
from tracker.recovery.limits import COMPANY, Limits, limits_at

AT_A_TIME = 5_000  # people told in one transaction: other writers wait no longer than for so many


@dataclass(frozen=True)
class Chosen:
    """Whole units for one complaint; None for what holds above."""

    staff: int | None
    leads: int | None
    currency: str


def choose_limit(team: Team | None, chosen: Chosen, *, by: int, at: datetime, seen: str | None = None) -> None:
    """From now on, for a team and those beneath it without a choice of their own; no team: the company, with its currency.

    Whom it gives another limit is told by a job. The same as before is nothing. seen: Limits.mark as whoever chooses has read it."""
    db.session.execute(select(Organisation.id).with_for_update())  # of two at once, the second finds what the first did
    limits = limits_at(at)
    if team is None:
        _check_currency(limits, chosen.currency)
    elif limits.currency is None:
        raise Conflict(_("Choose for the whole company first: its currency holds for every team."))
    elif limits.currency != chosen.currency:
        raise Conflict(_("The company’s currency is %(currency)s now.", currency=limits.currency))
    before = limits.rows.get(team.id if team else COMPANY)
    if before is not None and (before.staff, before.leads, before.currency) == _values(chosen):
        return
    if seen and seen != limits.mark(team.id if team else None):
        raise Conflict(
            _(
                "Somebody has chosen anew since this page was read. What holds now stands above; save again if yours is to hold."
            )
        )
    db.session.add(GivingLimit(team_id=team.id if team else None, **vars(chosen), set_at=at, set_by_id=by))
    db.session.flush()
    record("giving_limit.chosen", by=by, about=team or "company", at=at, **vars(chosen))


def _check_currency(limits: Limits, currency: str) -> None:
    """Amounts of teams would mean something else from one moment to the next."""
    teams = limits.teams_of_their_own
    if any(row.currency != currency for row in teams):
        raise Invalid(_("Teams have limits in %(currency)s. Take these away first.", currency=teams[0].currency))


def _values(chosen: Chosen) -> tuple[int | None, int | None, str]:
    return chosen.staff, chosen.leads, chosen.currency


def untold(at: datetime) -> list[int]:
    """Choices of which somebody may still have to hear."""
    waiting = select(GivingLimit.id).where(GivingLimit.told_at.is_(None), GivingLimit.set_at <= at)
    return list(db.session.scalars(waiting))


def others_now(rows: list[int], *, at: datetime) -> dict[int, tuple[int | None, str]]:
    """Person -> the limit that they have now and had not before these rows, with its currency; whoever chose it knows."""
    after, before = limits_at(at), limits_at(at, but=rows)
    teams, led = teams_of_everybody(at.date()), _led(at)
    currency = after.currency or ""
    found = {}
    for person in sorted(set(teams) | set(led)):
        now, then = (limits.of_person(teams.get(person), led.get(person, [])) for limits in (after, before))
        if (now, currency if now is not None else None) != (then, before.currency if then is not None else None):
            found[person] = (now, currency)
    chose = set(db.session.scalars(select(GivingLimit.set_by_id).where(GivingLimit.id.in_(rows))))
    return {person: limit for person, limit in found.items() if person not in chose}


def tell_of_limits(people: Mapping[int, tuple[int | None, str]], *, row: int, at: datetime) -> None:
    """At the next working moment of each. The key is made from the newest choice and the person: twice is once."""
    hours = calendars(people, at.date())
    tell_all(
        [
            Told(
                "recovery.limit",
                person,
                f"recovery|limit|{row}|{person}",
                hours[person].next_working_moment(at),
                {"amount": amount, "currency": currency},
            )
            for person, (amount, currency) in people.items()
        ],
        at=at,
    )


def mark_told(rows: list[int], *, at: datetime) -> None:
    db.session.execute(update(GivingLimit).where(GivingLimit.id.in_(rows)).values(told_at=at))


def _led(at: datetime) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for person, team in db.session.execute(
        select(Tenure.person_id, Tenure.team_id).where(*holds_on(Tenure, at.date()))
    ):
        found.setdefault(person, []).append(team)
    return found
