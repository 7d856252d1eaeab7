"""What may be given on the spot: who sets it, what holds for whom, who is told, and that what was chosen before stays readable."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_person, a_team, joins, leads
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict, Invalid
from tracker.notifications.models import Message
from tracker.organisation.models import Person, Team
from tracker.recovery import limit_actions
from tracker.recovery.limit_actions import Chosen, choose_limit
from tracker.recovery.limit_jobs import tell_new_limits
from tracker.recovery.limit_models import GivingLimit
from tracker.recovery.limits import limits_at, own_limit

PAGE, COMPANY = "/complaints/limits", "/complaints/limits/company"
KES = {"currency": "kes", "staff": "500", "leads": "2000"}


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


def choose(
    cast: Cast, team: Team | None, staff: int | None, leads: int | None, *, at: datetime = NOW, currency: str = "KES"
) -> None:
    with transaction():
        row = db.session.get_one(Team, team.id) if team else None
        choose_limit(row, Chosen(staff, leads, currency), by=cast.chloe.id, at=at)


def limit_of(person: Person, at: datetime = NOW) -> int | None:
    db.session.rollback()
    return own_limit(limits_at(at), person.id, at.date())


def told(person: Person) -> list[dict[str, Any]]:
    db.session.rollback()
    messages = select(Message).where(Message.kind == "recovery.limit", Message.person_id == person.id)
    return [message.parameters for message in db.session.scalars(messages.order_by(Message.created_at))]


def test_hr_sets_it_for_the_company_and_it_holds_for_everybody(cast: Cast, people: dict[str, Browser]) -> None:
    assert "Nothing is set yet" in people["amina"].get(PAGE).text
    assert people["chloe"].post(COMPANY, KES).status_code == 303
    assert (limit_of(cast.amina), limit_of(cast.brian), limit_of(cast.chloe)) == (500, 2000, 500)
    assert "up to KES\xa0500 for one complaint without asking" in people["amina"].get(PAGE).text
    assert "up to KES\xa0500 for one complaint without asking" in people["amina"].get("/complaints").text
    assert "up to KES\xa02,000 for one complaint" in people["brian"].get("/complaints").text


def test_a_team_hands_its_own_down_and_zero_means_ask_first(cast: Cast) -> None:
    choose(cast, None, 500, 2000)
    store = db.session.get_one(Team, db.session.get_one(Team, cast.tills.id).parent_id)
    choose(cast, store, 800, None)
    assert (limit_of(cast.amina), limit_of(cast.brian), limit_of(cast.chloe)) == (800, 2000, 500)
    choose(cast, cast.tills, 0, 3000)
    assert (limit_of(cast.amina), limit_of(cast.brian)) == (0, 3000)
    choose(cast, cast.tills, None, None, at=NOW + timedelta(minutes=1))
    assert (limit_of(cast.amina), limit_of(cast.amina, NOW + timedelta(minutes=2))) == (0, 800)


def test_whoever_leads_several_teams_or_stands_in_has_the_highest(cast: Cast) -> None:
    choose(cast, None, 500, 400)
    with transaction():
        deputy, other = a_person(), a_team(parent=cast.root)
        joins(deputy, cast.tills)
        leads(deputy, other, kind="deputy")
    assert limit_of(deputy) == 500  # never less than one's colleagues
    choose(cast, other, None, 900)
    assert limit_of(deputy) == 900


def test_what_was_chosen_stays_readable_with_who_and_when(cast: Cast, people: dict[str, Browser]) -> None:
    people["chloe"].post(COMPANY, KES)
    people["ruth"].post(COMPANY, {**KES, "staff": "700"})
    people["ruth"].post(COMPANY, {**KES, "staff": "700"})  # the same again is nothing
    db.session.rollback()
    assert [row.staff for row in db.session.scalars(select(GivingLimit).order_by(GivingLimit.id))] == [500, 700]
    text = people["chloe"].get(COMPANY).text
    for said in ("Staff: KES\xa0500. Who leads: KES\xa02,000.", "Staff: KES\xa0700.", "Ruth", "Chloe"):
        assert said in text
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "giving_limit.chosen")).all()
    assert [entry.by_id for entry in entries] == [cast.chloe.id, cast.ruth.id]


@pytest.mark.parametrize("who", ["chloe", "ruth"])
def test_hr_and_admins_choose_for_any_team(cast: Cast, people: dict[str, Browser], who: str) -> None:
    address = f"{PAGE}/{cast.tills.id}"
    assert people[who].post(address, {"staff": "100"}).status_code == 409  # no currency yet
    assert "the whole company first" in people[who].post(address, {"staff": "100"}).text
    people[who].post(COMPANY, KES)
    assert people[who].post(address, {"staff": "100", "leads": ""}).status_code == 303
    assert limit_of(cast.amina) == 100
    listed = people[who].get(PAGE).text
    assert "staff set here; who leads as for the whole company" in listed


def test_who_leads_reads_the_own_team_and_changes_nothing(cast: Cast, people: dict[str, Browser]) -> None:
    choose(cast, None, 500, 2000)
    for leader in ("brian", "faith"):
        page = people[leader].get(f"{PAGE}/{cast.tills.id}")
        assert page.status_code == 200
        assert "KES\xa0500" in page.text
        assert "<form class=" not in page.text
        assert people[leader].post(f"{PAGE}/{cast.tills.id}", {"staff": "9"}).status_code == 403
        assert people[leader].post(COMPANY, KES).status_code == 403
        assert people[leader].get(COMPANY).status_code == 403
    assert "Nairobi Central tills" in people["brian"].get(PAGE).text
    assert "Nairobi Central floor" not in people["brian"].get(PAGE).text
    assert limit_of(cast.amina) == 500


@pytest.mark.parametrize("who", ["amina", "kevin", "dora"])
def test_others_find_no_team_of_theirs(cast: Cast, people: dict[str, Browser], who: str) -> None:
    choose(cast, None, 500, 2000)
    missing = people[who].get(f"{PAGE}/999999")
    for answer in (
        people[who].get(f"{PAGE}/{cast.tills.id}"),
        people[who].post(f"{PAGE}/{cast.tills.id}", {"staff": "1"}),
    ):
        assert (answer.status_code, answer.data) == (404, missing.data)
    assert f"{PAGE}/{cast.tills.id}" not in people[who].get(PAGE).text
    assert people[who].post(COMPANY, KES).status_code == 403
    assert len(db.session.scalars(select(GivingLimit.id)).all()) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"currency": ""}, "Fill this in"),
        ({"currency": "shilling"}, "Three letters"),
        ({"staff": "-5"}, "A whole number from 0"),
        ({"staff": "1,000"}, "whole number"),
        ({"staff": "12.50"}, "whole number"),
        ({"leads": "99999999999999999999"}, "A whole number from 0"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    people: dict[str, Browser], wrong: dict[str, str], said: str
) -> None:
    answer = people["chloe"].post(COMPANY, {**KES, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert all(f'value="{value}"' in answer.text for value in ({**KES, **wrong}["leads"], {**KES, **wrong}["staff"]))
    assert db.session.scalar(select(GivingLimit.id)) is None


def test_the_currency_stays_while_teams_have_amounts_in_it(cast: Cast) -> None:
    with pytest.raises(Conflict):
        choose(cast, cast.tills, 5, 5)
    choose(cast, None, 500, 2000)
    with pytest.raises(Conflict):
        choose(cast, cast.tills, 5, 5, currency="EUR")
    choose(cast, cast.tills, 800, None)
    with pytest.raises(Invalid):
        choose(cast, None, 5, 20, currency="EUR")
    choose(cast, cast.tills, None, None)
    choose(cast, None, 5, 20, currency="EUR")
    assert (limits_at(NOW).currency, limit_of(cast.amina)) == ("EUR", 5)


def test_whose_limit_is_another_one_is_told_once(cast: Cast, browse: Any) -> None:
    choose(cast, None, 500, 2000)
    assert tell_new_limits(NOW) > 0
    assert told(cast.amina) == [{"amount": 500, "currency": "KES"}]
    assert told(cast.brian) == [{"amount": 2000, "currency": "KES"}]
    assert told(cast.chloe) == []  # who chose it knows
    assert tell_new_limits(NOW) == 0
    later = NOW + timedelta(hours=1)
    choose(cast, cast.tills, 0, 2000, at=later)
    assert tell_new_limits(later) == 2  # Amina and Kevin: for Brian nothing changed
    assert told(cast.amina)[-1] == {"amount": 0, "currency": "KES"}
    assert len(told(cast.brian)) == 1
    with clock.set_to(later):
        inbox = browse(cast.amina, at=later).get("/inbox").text
    assert "What you may give a customer without asking" in inbox
    assert "Ask whoever leads you before" in inbox


def test_told_in_turns_and_after_a_crash_nobody_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.recovery.limit_jobs.AT_A_TIME", 2)
    choose(cast, None, 500, 2000)
    calls: list[int] = []
    tell = limit_actions.tell_of_limits

    def dies_in_the_second_turn(people: Any, **kwargs: Any) -> None:
        calls.append(len(people))
        if len(calls) == 2:
            raise RuntimeError
        tell(people, **kwargs)

    monkeypatch.setattr("tracker.recovery.limit_jobs.tell_of_limits", dies_in_the_second_turn)
    with pytest.raises(RuntimeError):
        tell_new_limits(NOW)
    count = tell_new_limits(NOW + timedelta(minutes=1))
    messages = db.session.scalars(select(Message.person_id).where(Message.kind == "recovery.limit")).all()
    assert len(messages) == len(set(messages)) == count > 2


def test_two_changes_before_the_job_are_told_as_one_and_a_change_back_not_at_all(app: Flask, cast: Cast) -> None:
    choose(cast, None, 500, 2000)
    tell_new_limits(NOW)
    choose(cast, None, 700, 2000, at=NOW + timedelta(minutes=1))
    choose(cast, None, 900, 2000, at=NOW + timedelta(minutes=2))
    tell_new_limits(NOW + timedelta(minutes=3))
    assert [one["amount"] for one in told(cast.amina)] == [500, 900]
    choose(cast, None, 100, 2000, at=NOW + timedelta(minutes=4))
    choose(cast, None, 900, 2000, at=NOW + timedelta(minutes=5))
    assert tell_new_limits(NOW + timedelta(minutes=6)) == 0


def seen_on(reader: Browser, address: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([0-9-]+)"', reader.get(address).text)
    assert found is not None
    return found[1]


def test_a_team_that_is_gone_holds_the_currency_no_longer(cast: Cast) -> None:
    choose(cast, None, 500, 2000)
    choose(cast, cast.tills, 700, None)
    with transaction():
        db.session.get_one(Team, cast.tills.id).closed_on = NOW.date()
    choose(cast, None, 5, 20, currency="EUR")  # nobody can take away what its page no longer shows
    assert (limits_at(NOW).currency, limit_of(cast.amina)) == ("EUR", 5)


def test_of_two_who_choose_at_once_the_second_reads_what_the_first_chose(
    cast: Cast, people: dict[str, Browser]
) -> None:
    choose(cast, None, 500, 2000)
    seen = seen_on(people["ruth"], COMPANY)
    assert people["chloe"].post(COMPANY, {**KES, "staff": "600", "seen": seen}).status_code == 303
    assert people["chloe"].post(COMPANY, {**KES, "staff": "600", "seen": seen}).status_code == 303  # the button twice
    answer = people["ruth"].post(COMPANY, {**KES, "staff": "50", "seen": seen})
    assert answer.status_code == 409
    assert "Somebody has chosen anew since this page was read." in answer.text
    assert "Now for staff: KES\xa0600." in answer.text
    assert 'value="50"' in answer.text
    assert limit_of(cast.amina) == 600
    again = re.search(r'name="seen"[^>]*value="([0-9-]+)"', answer.text)
    assert again is not None
    assert people["ruth"].post(COMPANY, {**KES, "staff": "50", "seen": again[1]}).status_code == 303
    assert limit_of(cast.amina) == 50


def test_an_amount_means_the_currency_that_stood_beside_it(cast: Cast, people: dict[str, Browser]) -> None:
    choose(cast, None, 500, 2000)
    address = f"{PAGE}/{cast.tills.id}"
    seen = seen_on(people["chloe"], address)
    assert people["ruth"].post(COMPANY, {**KES, "currency": "EUR"}).status_code == 303
    assert people["chloe"].post(address, {"staff": "700", "leads": "", "seen": seen}).status_code == 409
    assert limit_of(cast.amina) == 500


def test_no_browser_may_send_nothing_for_what_it_takes_for_no_number(people: dict[str, Browser]) -> None:
    fields = re.findall(r'<input[^>]*name="(?:staff|leads)"[^>]*>', people["chloe"].get(COMPANY).text)
    assert [('type="text"' in one, 'inputmode="numeric"' in one) for one in fields] == [(True, True)] * 2


@pytest.mark.parametrize("written", ["1,000", "1.5", "1,5", "1e9", "5_00", "ten", "5 00", "٥٠٠", "0x10"])
def test_a_number_that_is_none_is_refused_once_in_our_words(people: dict[str, Browser], written: str) -> None:
    answer = people["chloe"].post(COMPANY, {**KES, "staff": written})
    assert answer.status_code == 422
    assert (
        answer.text.count("A whole number from 0 to 10000000, without spaces or commas") == 2
    )  # above, and at the field
    assert "integer" not in answer.text
    assert f'value="{written}"' in answer.text
