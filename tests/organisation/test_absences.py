"""Days away: dates only, entered by the manager or the office."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.factories import is_away
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.organisation.models import Absence, Person
from tracker.organisation.queries import calendar_of

TODAY = NOW.date()
DAY = timedelta(days=1)


def enter(browser: Any, person: Person, first: Any, last: Any) -> Any:
    return browser.post(f"/people/{person.id}/absences", {"first": str(first), "last": str(last)})


def absences(person: Person) -> list[tuple[Any, Any]]:
    rows = db.session.scalars(select(Absence).where(Absence.person_id == person.id))
    return [(row.started_on, row.last_day) for row in rows]


def test_a_manager_enters_days_away_and_work_keeps_away_from_them(app: Flask, cast: Cast, browse: Any) -> None:
    assert enter(browse(cast.brian), cast.amina, TODAY, TODAY + 2 * DAY).status_code == 303
    assert absences(cast.amina) == [(TODAY, TODAY + 2 * DAY)]
    calendar = calendar_of(cast.amina.id, TODAY)
    assert {TODAY, TODAY + 2 * DAY} <= calendar.days_off
    assert TODAY + 3 * DAY not in calendar.days_off
    assert db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "absence.added")).all() == [{}]


def test_one_day_is_enough_and_neighbouring_days_may_follow(app: Flask, cast: Cast, browse: Any) -> None:
    browser = browse(cast.chloe)
    assert enter(browser, cast.amina, TODAY, TODAY).status_code == 303
    assert enter(browser, cast.amina, TODAY + DAY, TODAY + DAY).status_code == 303


def test_the_same_days_twice_and_days_backwards_are_refused(app: Flask, cast: Cast, browse: Any) -> None:
    browser = browse(cast.chloe)
    enter(browser, cast.amina, TODAY, TODAY + DAY)
    assert enter(browser, cast.amina, TODAY + DAY, TODAY + 5 * DAY).status_code == 409
    assert enter(browser, cast.amina, TODAY + 9 * DAY, TODAY + 8 * DAY).status_code == 422
    assert enter(browser, cast.amina, "", "").status_code == 422
    assert len(absences(cast.amina)) == 1


def test_who_may_enter_them(app: Flask, cast: Cast, browse: Any) -> None:
    people = (cast.amina, cast.kevin, cast.dora, cast.brian, cast.chloe, cast.ruth)
    codes = [
        enter(browse(person), cast.amina, TODAY + n * DAY, TODAY + n * DAY).status_code
        for n, person in enumerate(people)
    ]
    assert codes == [403, 403, 403, 303, 303, 303]


def test_nobody_enters_their_own_not_even_an_admin(app: Flask, cast: Cast, browse: Any) -> None:
    assert enter(browse(cast.ruth), cast.ruth, TODAY, TODAY).status_code == 403
    assert absences(cast.ruth) == []


def test_days_are_taken_out_by_whoever_may_enter_them(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        absence = is_away(cast.amina, TODAY, TODAY + DAY)
    url = f"/absences/{absence.id}/removal"
    codes = [browse(person).post(url).status_code for person in (cast.dora, cast.amina, cast.brian, cast.brian)]
    assert codes == [404, 403, 303, 404]  # a stranger, a reader, the manager, and nothing is left to take out
