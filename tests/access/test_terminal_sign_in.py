"""On a paired terminal people sign in with a PIN: to their own pages, for minutes, and nowhere else."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.access.terminals import (
    NOW,
    PIN,
    a_code,
    a_terminal,
    a_till,
    actions,
    has_pin,
    looks,
    paired,
    the_terminal,
    types,
)
from tests.conftest import Browser, Cast
from tests.factories import a_person, a_team, account_of
from tracker.access import rules
from tracker.access.actions import deactivate
from tracker.access.models import SignInSession, Throttle
from tracker.access.terminal_actions import revoke, take_try
from tracker.access.terminal_models import SharedTerminal
from tracker.access.terminal_pages import OWN_PAGES
from tracker.access.terminal_queries import MOST_NAMES
from tracker.core import clock
from tracker.core.audience import Audience
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Membership

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
PASSWORD = "three words together"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_hasher", rules.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def till(app: Flask, cast: Cast, browse: Any) -> Browser:
    has_pin(app, cast.amina)
    return a_till(app, browse, cast.tills)


def sessions() -> list[SignInSession]:
    db.session.rollback()
    return list(db.session.scalars(select(SignInSession).order_by(SignInSession.id)))


def test_a_tap_and_a_pin_open_ones_own_pages(till: Browser, cast: Cast) -> None:
    answer = types(till, cast.amina)
    assert (answer.status_code, answer.location) == (303, "/")
    page = looks(till)
    assert page.status_code == 200
    assert "You’re on a shared terminal." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    [session] = sessions()
    assert (session.is_by_pin, session.is_remembered, session.expires_at - session.created_at) == (
        True, False, timedelta(minutes=15),
    )  # fmt: skip


def test_the_staff_number_does_as_well(till: Browser, cast: Cast) -> None:
    assert types(till, None, staff_number="n-0412").status_code == 303
    assert "Amina" in looks(till).text


def test_the_page_shows_first_names_and_initials_of_the_team_and_beneath(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_person("Zuri Wanjiku", team=a_team("Night tills", parent=cast.tills))
    till = a_till(app, browse, cast.tills)
    text = looks(till, "/terminal").text
    for name in ("Amina O.", "Kevin O.", "Zuri W."):
        assert name in text
    for hidden in ("Otieno", "Odhiambo", "Wanjiku", "Brian", "Dora", "N-0412", "@zawadora"):
        assert hidden not in text


def test_a_browser_that_is_no_terminal_shows_nobody(app: Flask, cast: Cast, browse: Any) -> None:
    has_pin(app, cast.amina)
    stranger = browse(None)
    assert "Amina" not in looks(stranger, "/terminal").text
    answer = types(stranger, cast.amina)
    assert (answer.status_code, answer.location) == (303, "/terminal")
    assert sessions() == []


def test_a_long_list_is_no_list(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        people = [a_person(f"Njeri {number}", team=cast.tills) for number in range(MOST_NAMES)]
    has_pin(app, people[0])
    till = a_till(app, browse, cast.tills)
    assert "Njeri" not in looks(till, "/terminal").text
    assert types(till, None, staff_number=people[0].staff_number).status_code == 303


@pytest.mark.parametrize("name", ["brian", "dora", "ruth"])
def test_whoever_is_not_of_the_terminals_people_gets_the_answer_of_a_wrong_pin(
    app: Flask, cast: Cast, till: Browser, name: str
) -> None:
    other = getattr(cast, name)
    has_pin(app, other)
    refused = types(till, None, staff_number=other.staff_number)
    wrong = types(till, None, "9999", staff_number="N-0412")
    assert refused.status_code == wrong.status_code == 422
    assert "That didn’t match." in refused.text
    same = refused.text.replace(other.staff_number, "X"), wrong.text.replace("N-0412", "X")
    assert without_tokens(same[0]) == without_tokens(same[1])


def without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf_token" not in line]


def test_somebody_without_a_pin_and_nobody_at_all_look_the_same(till: Browser, cast: Cast) -> None:
    nobody = types(till, None, staff_number="X-1")
    without = types(till, None, staff_number=cast.kevin.staff_number)
    assert nobody.status_code == without.status_code == 422
    assert without_tokens(nobody.text.replace("X-1", "")) == without_tokens(
        without.text.replace(cast.kevin.staff_number, "")
    )


@pytest.mark.parametrize("given", [{"pin": ""}, {"person": "", "pin": PIN}, {"person": "987654", "pin": PIN}])
def test_what_is_missing_is_asked_for(till: Browser, cast: Cast, given: dict[str, str]) -> None:
    with clock.set_to(NOW):
        answer = till.post("/terminal/sign-in", {"person": str(cast.amina.id), **given})
    assert answer.status_code == 422
    assert sessions() == []


def test_what_was_typed_is_not_shown_to_the_next(till: Browser, cast: Cast) -> None:
    assert 'value="7777"' not in types(till, cast.amina, "7777").text


def test_a_pin_opens_no_page_but_ones_own(app: Flask, cast: Cast, browse: Any) -> None:
    """Brian leads the tills, Chloe is HR, Ruth an admin: at a till they are nothing of the kind."""
    with transaction():
        for person in (cast.brian, cast.chloe, cast.ruth):
            db.session.execute(
                update(Membership).where(Membership.person_id == person.id).values(team_id=cast.tills.id)
            )
    wrong = []
    for person in (cast.brian, cast.chloe, cast.ruth):
        has_pin(app, person)
        till = a_till(app, browse, cast.tills, name=person.name)
        assert types(till, person).status_code == 303
        for rule in app.url_map.iter_rules():
            audience = app.view_functions[rule.endpoint].audience  # type: ignore[attr-defined]
            if rule.endpoint in OWN_PAGES or audience in {Audience.PUBLIC, Audience.CUSTOMERS, Audience.API_CLIENTS}:
                continue
            url = rule.rule
            for argument in rule.arguments:
                url = url.replace(f"<int:{argument}>", "1").replace(f"<{argument}>", "nothing")
            with clock.set_to(NOW):
                answer = till.get(url) if "GET" in (rule.methods or ()) else till.post(url)
            if answer.status_code not in {403, 404, 405}:
                wrong.append((person.name, url, answer.status_code))
        menu = looks(till).text
        for word in ("Team board", "Audit log", "Password and sign-ins", "Office"):
            assert word not in menu
    assert wrong == []


def test_a_leaders_pin_shows_nothing_of_the_people_led(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        db.session.execute(
            update(Membership).where(Membership.person_id == cast.brian.id).values(team_id=cast.tills.id)
        )
    has_pin(app, cast.brian)
    till = a_till(app, browse, cast.tills)
    types(till, cast.brian)
    assert looks(till, f"/people/{cast.kevin.id}/feedback").status_code in {403, 404}
    assert looks(till, "/board").status_code == 403


def test_own_pages_are_views_for_everybody(app: Flask) -> None:
    for endpoint in OWN_PAGES:
        assert app.view_functions[endpoint].audience is Audience.MEMBERS, endpoint  # type: ignore[attr-defined]
    assert not {name for name in OWN_PAGES if name.startswith("access.") and name != "access.sign_out"}


def test_three_minutes_without_a_request_are_the_end(till: Browser, cast: Cast) -> None:
    types(till, cast.amina)
    assert looks(till, at=NOW + 3 * MINUTE).status_code == 200
    assert looks(till, at=NOW + 6 * MINUTE).status_code == 200
    answer = looks(till, at=NOW + 9 * MINUTE + 2 * SECOND)
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=%2Fme")
    assert looks(till, "/sign-in?next=%2Fme", at=NOW + 9 * MINUTE + 2 * SECOND).location == "/terminal"


def test_fifteen_minutes_are_the_end_whatever_is_done(till: Browser, cast: Cast) -> None:
    types(till, cast.amina)
    statuses = [looks(till, at=NOW + minutes * MINUTE).status_code for minutes in range(0, 17, 2)]
    assert statuses == [200] * 8 + [303]


def test_the_screen_empties_itself_in_time(till: Browser, cast: Cast) -> None:
    types(till, cast.amina)
    assert looks(till).headers["Refresh"] == "181; url=/terminal"
    for minutes in (3, 6, 9, 12):
        page = looks(till, at=NOW + minutes * MINUTE)
    assert page.headers["Refresh"] == "181; url=/terminal"
    assert looks(till, at=NOW + 14 * MINUTE).headers["Refresh"] == "61; url=/terminal"
    over = looks(till, "/terminal", at=NOW + 17 * MINUTE + 2 * SECOND)
    assert "Welcome. Tap your name." in over.text
    assert over.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_no_notice_is_left_for_the_next(till: Browser, cast: Cast) -> None:
    types(till, cast.amina)
    with clock.set_to(NOW), till.client.session_transaction() as kept:
        kept["_flashes"] = [("info", ("For Amina’s eyes", None, None))]
    later = NOW + 4 * MINUTE
    assert "Amina’s eyes" not in looks(till, "/terminal", at=later).text
    has_pin(till.app, cast.kevin, at=later)
    types(till, cast.kevin, at=later)
    assert "Amina’s eyes" not in looks(till, at=later).text


def test_an_old_copy_of_the_cookie_is_only_older(till: Browser, cast: Cast) -> None:
    types(till, cast.amina)
    old = till.client.get_cookie("session")
    assert old is not None
    assert looks(till, at=NOW + 2 * MINUTE).status_code == 200
    till.client.set_cookie("session", old.value)
    assert looks(till, at=NOW + 4 * MINUTE).status_code == 303


def test_sign_out_leads_back_to_the_terminal_and_sweeps(till: Browser, cast: Cast) -> None:
    types(till, cast.amina)
    with clock.set_to(NOW):
        answer = till.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/terminal")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert looks(till).status_code == 303
    assert sessions()[0].ended_at == NOW


def test_the_next_one_ends_what_was_left_open(app: Flask, till: Browser, cast: Cast) -> None:
    has_pin(app, cast.kevin)
    types(till, cast.amina)
    kept = till.client.get_cookie("session")
    assert kept is not None
    later = NOW + 4 * MINUTE
    looks(till, "/terminal", at=later)
    assert types(till, cast.kevin, at=later).status_code == 303
    assert [session.ended_at for session in sessions()] == [later, None]


def test_a_session_holds_only_beside_the_terminals_cookie(app: Flask, till: Browser, cast: Cast, browse: Any) -> None:
    types(till, cast.amina)
    stolen = till.client.get_cookie("session")
    assert stolen is not None
    elsewhere = browse(None)
    elsewhere.client.set_cookie("session", stolen.value)
    assert looks(elsewhere).status_code == 303
    another = a_till(app, browse, cast.tills, name="Till 3")
    another.client.set_cookie("session", stolen.value)
    assert looks(another).status_code == 303
    assert looks(till).status_code == 200


def test_a_revoked_terminal_ends_its_sessions_at_once(app: Flask, cast: Cast, browse: Any) -> None:
    has_pin(app, cast.amina)
    terminal_id = a_terminal(cast.tills)
    till = paired(browse(None), a_code(app, terminal_id))
    types(till, cast.amina)
    with transaction():
        revoke(db.session.get_one(SharedTerminal, terminal_id), by=cast.brian.id, at=NOW + MINUTE)
    assert looks(till, at=NOW + MINUTE).status_code == 303
    assert "Make this a shared terminal" in looks(till, "/terminal", at=NOW + MINUTE).text
    assert types(till, cast.amina, at=NOW + MINUTE).location == "/terminal"
    assert [session.ended_at for session in sessions()] == [NOW + MINUTE]


def test_paired_anew_the_old_browser_is_out(app: Flask, cast: Cast, browse: Any) -> None:
    has_pin(app, cast.amina)
    terminal_id = a_terminal(cast.tills)
    old = paired(browse(None), a_code(app, terminal_id))
    types(old, cast.amina)
    new = paired(browse(None), a_code(app, terminal_id))
    assert looks(old).status_code == 303
    assert "Amina" not in looks(old, "/terminal").text
    assert "Amina" in looks(new, "/terminal").text


@pytest.mark.parametrize("what", ["deactivated", "moved", "ended"])
def test_who_is_no_longer_of_these_people_does_not_come_in(till: Browser, cast: Cast, what: str) -> None:
    with transaction():
        match what:
            case "deactivated":
                deactivate(account_of(cast.amina), by=cast.ruth.id, at=NOW)
            case "moved":
                db.session.execute(
                    update(Membership).where(Membership.person_id == cast.amina.id).values(team_id=cast.floor.id)
                )
            case _:
                db.session.execute(
                    update(Membership).where(Membership.person_id == cast.amina.id).values(ended_on=NOW.date())
                )
    assert types(till, cast.amina).status_code == 422


def test_the_day_of_use_is_noted_and_no_more(app: Flask, cast: Cast, browse: Any) -> None:
    has_pin(app, cast.amina)
    terminal_id = a_terminal(cast.tills)
    till = paired(browse(None), a_code(app, terminal_id))
    assert the_terminal(terminal_id).last_used_on is None
    types(till, cast.amina)
    assert the_terminal(terminal_id).last_used_on == NOW.date()


def test_a_password_works_there_too_for_as_short_a_time_and_is_never_remembered(till: Browser, cast: Cast) -> None:
    with transaction():
        account_of(cast.brian).password_hash = rules.hash_password(PASSWORD)
    given = {"identifier": cast.brian.staff_number, "password": PASSWORD, "remember": "y"}
    with clock.set_to(NOW):
        assert till.post("/sign-in?password=yes", given).status_code == 303
    assert till.client.get_cookie("remember") is None
    [session] = sessions()
    assert (session.is_remembered, session.is_by_pin) == (False, False)
    assert looks(till, "/board", at=NOW + MINUTE).status_code == 200
    assert looks(till, "/board", at=NOW + 5 * MINUTE).status_code == 303


# Guessing


def test_wrong_pins_wait_longer_and_never_an_hour(till: Browser, cast: Cast) -> None:
    at, waits = NOW, []
    for _try in range(11):
        answer = types(till, cast.amina, "9999", at=at)
        assert answer.status_code == 422
        [until] = held(cast)
        waits.append((until - at) / MINUTE if until else 0)
        at = max(at, until or at)
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15]
    assert types(till, cast.amina, at=at - SECOND).status_code == 429
    assert types(till, cast.amina, at=at).status_code == 303
    assert held(cast) == []


def held(cast: Cast) -> list[Any]:
    db.session.rollback()
    of_amina = Throttle.key.like(f"pin:%:{account_of(cast.amina).id}")
    return list(db.session.scalars(select(Throttle.blocked_until).where(of_amina)))


def test_wrong_pins_at_one_till_keep_nobody_from_another_nor_from_the_password(
    app: Flask, till: Browser, cast: Cast, browse: Any
) -> None:
    another = a_till(app, browse, cast.tills, name="Till 3")
    with transaction():
        account_of(cast.amina).password_hash = rules.hash_password(PASSWORD)
    for _try in range(6):
        types(till, cast.amina, "9999")
    assert types(till, cast.amina).status_code == 429
    assert types(another, cast.amina).status_code == 303
    with clock.set_to(NOW):
        given = {"identifier": "N-0412", "password": PASSWORD}
        assert browse(None).post("/sign-in", given).status_code == 303


def test_a_terminal_as_a_whole_takes_so_many_and_waits(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        people = [a_person(f"Person {number}", team=cast.tills) for number in range(20)]
    has_pin(app, cast.amina)
    till = a_till(app, browse, cast.tills)
    for person in people:
        assert types(till, person, "9999").status_code == 422
    assert types(till, cast.amina).status_code == 429
    assert "terminal.held_back" in actions()
    assert types(till, cast.amina, at=NOW + 15 * MINUTE).status_code == 303


def test_right_pins_take_nothing_from_the_terminals_count(till: Browser, cast: Cast) -> None:
    for _time in range(30):
        assert types(till, cast.amina).status_code == 303
        with clock.set_to(NOW):
            till.post("/sign-out")


def test_whoever_is_not_there_is_held_back_alike(till: Browser) -> None:
    statuses = [types(till, None, staff_number="X-1").status_code for _try in range(7)]
    assert statuses == [422] * 5 + [429] * 2


def test_of_many_tries_at_once_no_more_are_looked_at_than_are_free(app: Flask, cast: Cast) -> None:
    terminal_id, account_id = a_terminal(cast.tills), account_of(cast.amina).id
    db.session.rollback()
    start, taken = threading.Barrier(12), []

    def guess() -> None:
        with app.app_context():
            start.wait()
            with transaction():
                terminal = db.session.get_one(SharedTerminal, terminal_id)
                taken.append(take_try(terminal, None, str(account_id), at=NOW).is_taken)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(taken) == [False] * 7 + [True] * 5


def test_the_person_hears_of_many_wrong_ones(till: Browser, cast: Cast) -> None:
    at = NOW
    for _try in range(10):
        types(till, cast.amina, "9999", at=at)
        at += 16 * MINUTE
    db.session.rollback()
    told = db.session.scalars(select(Message).where(Message.kind == "pin.tried")).all()
    assert [message.person_id for message in told] == [cast.amina.id]
    assert actions().count("terminal.pin_tried") == 1
