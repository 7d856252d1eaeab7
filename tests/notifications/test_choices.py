"""What comes how is each person's own choice, by group; what must reach somebody does."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from tests.conftest import Cast
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.notifications.actions import tell
from tracker.notifications.choice_actions import choose
from tracker.notifications.choice_models import NotificationChoice, QuietHours
from tracker.notifications.groups import BY_KEY, GROUPS, OTHER, group_of
from tracker.notifications.jobs import write_digests
from tracker.notifications.models import Message
from tracker.organisation.models import Person

NOON = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # Wednesday, in everybody's working hours


@pytest.fixture(autouse=True)
def at_noon(cast: Cast) -> Any:
    with transaction():
        db.session.execute(delete(Message))
    with clock.set_to(NOON):
        yield


def picks(person: Person, group: str, mail: str, *, push: bool = True) -> None:
    with transaction():
        choose(person.id, {group: (mail, push)}, at=NOON)


def told(person: Person, key: str, kind: str = "week", *, urgent: bool = False) -> None:
    with transaction():
        tell(kind, to=person.id, key=key, at=NOON, urgent=urgent, state="plain", count=1)


def keys() -> list[str]:
    db.session.rollback()
    return sorted(key.split("|")[0] for key in db.session.scalars(select(OutboxMail.key)))


def everything_on(app: Flask) -> dict[str, str]:
    present = [group for group in GROUPS if any(group_of(kind) == group for kind in app.extensions["message_kinds"])]
    mail = {f"mail_{group.key}": "daily" for group in present if not group.must_reach}
    return {**mail, **{f"push_{group.key}": "y" for group in present}}


def test_every_kind_of_message_has_its_group(app: Flask) -> None:
    """A new kind goes into groups.py, so that people find it where they look for it."""
    assert [kind for kind in app.extensions["message_kinds"] if group_of(kind) == OTHER] == []


@pytest.mark.parametrize(("mail", "expected"), [("once", ["urgent"] * 2), ("daily", ["digest"]), ("none", [])])
def test_a_group_comes_as_chosen(cast: Cast, mail: str, expected: list[str]) -> None:
    picks(cast.amina, "week", mail)
    for number in range(2):
        told(cast.amina, f"k{number}")
    write_digests(NOON)
    assert keys() == expected
    assert write_digests(NOON) == 0
    db.session.rollback()
    assert set(db.session.scalars(select(Message.mailed_at))) == {NOON}


def test_a_choice_holds_for_its_group_and_its_person_alone(cast: Cast) -> None:
    picks(cast.amina, "week", "none")
    told(cast.amina, "a", "training.waived")
    told(cast.kevin, "k")
    assert write_digests(NOON) == 2


def test_what_is_urgent_waits_for_the_daily_mail_where_that_was_chosen(cast: Cast) -> None:
    picks(cast.brian, "things", "daily")
    told(cast.brian, "k", "kiosk.unhappy", urgent=True)
    write_digests(NOON)
    assert keys() == ["digest"]


@pytest.mark.parametrize("kind", ["recovery.overdue", "recovery.opened", "roles.changed", "pin.set"])
def test_what_must_reach_somebody_cannot_be_chosen_away(cast: Cast, kind: str) -> None:
    group = group_of(kind)
    assert group.must_reach
    picks(cast.amina, group.key, "none")
    with transaction():  # not even by a row that should not be there
        db.session.get_one(NotificationChoice, (cast.amina.id, group.key)).mail = "none"
    told(cast.amina, "k", kind, urgent=True)
    assert write_digests(NOON) == 1
    assert keys() == ["urgent"]


def test_the_page_saves_what_is_chosen(app: Flask, cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOON)
    given = {**everything_on(app), "mail_training": "none", "mail_things": "auto"}
    given.pop("push_week")
    assert amina.post("/account/notifications", given).location == "/account/notifications"
    db.session.rollback()
    rows = {row.group: (row.mail, row.push) for row in db.session.scalars(select(NotificationChoice))}
    assert (rows["training"], rows["week"], rows["things"]) == (("none", True), ("daily", False), ("auto", True))
    assert (rows["waiting"], rows["security"]) == (("auto", True), ("auto", True))
    page = amina.get("/account/notifications").text
    assert '<option selected value="none">No mail</option>' in page
    actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("notifications."))).all()
    assert actions == ["notifications.chosen"]


def test_saving_the_page_as_it_stands_changes_nothing(app: Flask, cast: Cast, browse: Any) -> None:
    """What is shown as chosen is what happens."""
    told(cast.brian, "before", "kiosk.unhappy", urgent=True)
    told(cast.brian, "day", "training.waived")
    assert write_digests(NOON) == 2
    browse(cast.brian, at=NOON).post(
        "/account/notifications", {**everything_on(app), "mail_things": "auto", "mail_said": "auto"}
    )
    told(cast.brian, "after", "kiosk.unhappy", urgent=True)
    assert write_digests(NOON) == 1


@pytest.mark.parametrize(
    "wrong", [{"mail_week": "weekly"}, {"mail_week": "auto"}, {"mail_week": ""}, {"mail_things": "never"}]
)
def test_what_was_never_offered_is_refused(app: Flask, cast: Cast, browse: Any, wrong: dict[str, str]) -> None:
    answer = browse(cast.amina, at=NOON).post(
        "/account/notifications", {**everything_on(app), "mail_things": "auto", "mail_said": "auto", **wrong}
    )
    assert answer.status_code == 422
    db.session.rollback()
    assert db.session.scalars(select(NotificationChoice)).all() == []


def test_fields_of_what_must_reach_change_nothing(app: Flask, cast: Cast, browse: Any) -> None:
    given = {**everything_on(app), "mail_things": "auto", "mail_said": "auto", "mail_waiting": "none"}
    assert browse(cast.amina, at=NOON).post("/account/notifications", given).status_code == 303
    db.session.rollback()
    assert db.session.get_one(NotificationChoice, (cast.amina.id, "waiting")).mail == "auto"


def test_quiet_hours_are_saved_and_shown(cast: Cast, browse: Any) -> None:
    amina = browse(cast.amina, at=NOON)
    page = amina.get("/account/notifications").text
    assert 'value="20:00"' in page
    assert 'value="07:00"' in page
    assert "By the clock of your team: Africa/Nairobi." in page
    given = {"is_on": "y", "starts": "21:30", "ends": "06:15", "days_off": "y"}
    assert amina.post("/account/quiet-hours", given).status_code == 303
    db.session.rollback()
    row = db.session.get_one(QuietHours, cast.amina.id)
    assert (row.is_on, row.starts, row.ends, row.days_off, row.lets_urgent) == (
        True, time(21, 30), time(6, 15), True, False,
    )  # fmt: skip
    assert 'value="21:30"' in amina.get("/account/notifications").text


@pytest.mark.parametrize("wrong", [{"starts": ""}, {"ends": "25:00"}, {"ends": "20:00"}])
def test_quiet_hours_that_cannot_be_are_asked_again(cast: Cast, browse: Any, wrong: dict[str, str]) -> None:
    given = {"is_on": "y", "starts": "20:00", "ends": "07:00", **wrong}
    assert browse(cast.amina, at=NOON).post("/account/quiet-hours", given).status_code == 422
    db.session.rollback()
    assert db.session.get(QuietHours, cast.amina.id) is None


def test_the_groups_are_told_apart() -> None:
    starts = [start for group in GROUPS for start in group.starts]
    assert len(starts) == len(set(starts))
    assert len(BY_KEY) == len(GROUPS) + 1
    assert all(len(group.key) <= 20 for group in GROUPS)
