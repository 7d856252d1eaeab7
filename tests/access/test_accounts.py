"""Looking after other people's accounts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import NOW, Cast
from tests.factories import a_person, account_of
from tracker.access.models import Account, AccountLink, RoleGrant
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.models import OutboxMail
from tracker.notifications.models import Message
from tracker.organisation.models import Person

VERBS = ("invitation", "slip", "shutout", "readmission", "sessions/end", "roles")


def audited(action: str) -> list[tuple[int | None, int | None]]:
    db.session.rollback()
    rows = db.session.execute(
        select(AuditEntry.by_id, AuditEntry.person_id).where(AuditEntry.action == action).order_by(AuditEntry.id)
    )
    return [(by, person) for by, person in rows]


def page(browser: Any, person: Person) -> str:
    answer = browser.get(f"/people/{person.id}/account")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def code_on(answer: Any) -> str:
    return str(answer.text).split('class="say m">')[1].split("<")[0]


def set_password(browser: Any, code: str) -> Any:
    return browser.post("/welcome/" + code, {"password": "three words together"})


def test_the_page_says_what_state_the_account_is_in(app: Flask, cast: Cast, browse: Any) -> None:
    chloe = browse(cast.chloe)
    assert "Never signed in" in page(chloe, cast.amina)
    with transaction():
        db.session.get_one(Account, account_of(cast.amina).id).password_hash = "x"
    assert ">Active<" in page(chloe, cast.amina)
    chloe.post(f"/people/{cast.amina.id}/shutout")
    assert "Let in again" in page(chloe, cast.amina)
    with transaction():
        db.session.get_one(Person, cast.amina.id).ended_on = datetime(2025, 1, 1, tzinfo=UTC).date()
    assert "Has left" in page(chloe, cast.amina)


def test_only_the_office_looks_after_accounts_and_nobody_after_their_own(app: Flask, cast: Cast, browse: Any) -> None:
    for person, whose, expected in (
        (cast.amina, cast.kevin, 403),
        (cast.brian, cast.amina, 403),
        (cast.dora, cast.amina, 403),
        (cast.chloe, cast.chloe, 404),
        (cast.ruth, cast.ruth, 404),
    ):
        browser = browse(person)
        assert browser.get(f"/people/{whose.id}/account").status_code == expected
        for verb in VERBS:
            assert browser.post(f"/people/{whose.id}/{verb}").status_code == expected
    assert browse(None).post(f"/people/{cast.amina.id}/slip").status_code == 303


def test_an_account_of_nobody_is_not_found(app: Flask, cast: Cast, browse: Any) -> None:
    ruth = browse(cast.ruth)
    assert {ruth.post(f"/people/999999/{verb}").status_code for verb in VERBS} == {404}


def test_an_invitation_waits_in_the_outbox_and_the_page_says_so(app: Flask, cast: Cast, browse: Any) -> None:
    chloe = browse(cast.chloe)
    answer = chloe.post(f"/people/{cast.amina.id}/invitation")
    assert answer.status_code == 303
    assert "no mail server yet" in page(chloe, cast.amina)
    chloe.post(f"/people/{cast.amina.id}/invitation")  # the same minute: one mail
    assert db.session.scalars(select(OutboxMail.kind).where(OutboxMail.person_id == cast.amina.id)).all() in (
        ["invitation"],
        ["invitation", "invitation"],  # the minute turned between the two
    )
    assert audited("account.invited")[0] == (cast.chloe.id, cast.amina.id)


def test_with_a_mail_server_the_invitation_is_on_its_way(
    app: Flask, cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://localhost:2525")
    chloe = browse(cast.chloe)
    chloe.post(f"/people/{cast.amina.id}/invitation")
    assert f"on its way to {cast.amina.email}" in page(chloe, cast.amina)


def test_somebody_without_an_address_gets_a_slip_and_no_invitation(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        person = a_person("No Mail", team=cast.tills, email=None)
    chloe = browse(cast.chloe)
    assert "Send an invitation" not in page(chloe, person)
    assert chloe.post(f"/people/{person.id}/invitation").status_code == 409


def test_a_printed_slip_lets_its_holder_in_once(app: Flask, cast: Cast, browse: Any) -> None:
    answer = browse(cast.chloe).post(f"/people/{cast.amina.id}/slip")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "http://localhost/slip" in answer.text
    code = code_on(answer)
    assert audited("account.slip_made") == [(cast.chloe.id, cast.amina.id)]
    assert code not in str(db.session.execute(select(AccountLink.token_hash)).all())
    assert set_password(browse(None), code).status_code == 303
    assert set_password(browse(None), code).status_code == 404


def test_a_slip_works_for_somebody_who_has_no_account_yet(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        person = Person(name="Zuhura Ali", staff_number="Z-1")
        db.session.add(person)
    code = code_on(browse(cast.chloe).post(f"/people/{person.id}/slip"))
    with transaction():
        db.session.get_one(Person, person.id)
    assert set_password(browse(None), code).status_code == 303


def test_hr_prints_no_slip_for_an_admin_and_so_cannot_become_one(app: Flask, cast: Cast, browse: Any) -> None:
    answer = browse(cast.chloe).post(f"/people/{cast.ruth.id}/slip")
    assert answer.status_code == 403
    assert "Print a sign-in slip" not in page(browse(cast.chloe), cast.ruth)
    assert browse(cast.ruth).post(f"/people/{cast.chloe.id}/slip").status_code == 200
    assert audited("account.slip_made") == [(cast.ruth.id, cast.chloe.id)]


def test_slips_for_a_team_are_for_those_who_never_signed_in(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        db.session.get_one(Account, account_of(cast.amina).id).password_hash = "x"
        a_person("Moses Kip", team=cast.tills)
    answer = browse(cast.chloe).post(f"/teams/{cast.tills.id}/slips")
    assert answer.status_code == 200
    assert ("Kevin Odhiambo" in answer.text, "Moses Kip" in answer.text) == (True, True)
    assert "Amina Otieno" not in answer.text
    assert len(audited("account.slip_made")) == 2


def test_slips_for_the_team_of_an_admin_leave_the_admin_and_oneself_out(app: Flask, cast: Cast, browse: Any) -> None:
    answer = browse(cast.chloe).post(f"/teams/{cast.root.id}/slips")
    assert "Faith Wambui" in answer.text
    assert "Ruth Kiprop</h2>" not in answer.text
    assert "Chloe Yusuf</h2>" not in answer.text


def test_a_team_in_which_everybody_has_a_way_in_prints_nothing(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        for person in (cast.amina, cast.kevin):
            db.session.get_one(Account, account_of(person).id).password_hash = "x"
    chloe = browse(cast.chloe)
    assert chloe.post(f"/teams/{cast.tills.id}/slips").status_code == 303
    assert "has a way in already" in chloe.get(f"/teams/{cast.tills.id}").text


def test_who_prints_slips_for_a_team(app: Flask, cast: Cast, browse: Any) -> None:
    url = f"/teams/{cast.tills.id}/slips"
    codes = [browse(p).post(url).status_code for p in (cast.amina, cast.brian, cast.dora, cast.chloe, cast.ruth)]
    assert codes == [403, 403, 403, 200, 200]


def test_shutting_out_ends_every_session_at_once_and_can_be_taken_back(app: Flask, cast: Cast, browse: Any) -> None:
    amina, chloe = browse(cast.amina), browse(cast.chloe)
    assert chloe.post(f"/people/{cast.amina.id}/shutout").status_code == 303
    assert amina.get("/people").status_code == 303
    assert chloe.post(f"/people/{cast.amina.id}/slip").status_code == 403
    assert chloe.post(f"/people/{cast.amina.id}/invitation").status_code == 409
    assert chloe.post(f"/people/{cast.amina.id}/readmission").status_code == 303
    assert browse(cast.amina).get("/people").status_code == 200
    assert audited("account.deactivated") == audited("account.reactivated") == [(cast.chloe.id, cast.amina.id)]


def test_the_last_admin_stays(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        second = a_person("Samir Second", team=cast.root, roles=["admin"])
    assert browse(cast.chloe).post(f"/people/{second.id}/shutout").status_code == 303
    assert browse(cast.chloe).post(f"/people/{cast.ruth.id}/shutout").status_code == 403
    assert "Never signed in" in page(browse(cast.chloe), cast.ruth)


def test_signing_somebody_out_everywhere_leaves_the_account_open(app: Flask, cast: Cast, browse: Any) -> None:
    amina, chloe = browse(cast.amina), browse(cast.chloe)
    assert "In 1 browser" in page(chloe, cast.amina)
    chloe.post(f"/people/{cast.amina.id}/sessions/end")
    assert amina.get("/people").status_code == 303
    assert "Nowhere." in page(chloe, cast.amina)
    assert audited("account.sessions_ended") == [(cast.chloe.id, cast.amina.id)]


def roles(person: Person) -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person.id)))


def test_an_admin_gives_and_takes_roles_and_the_person_is_told(app: Flask, cast: Cast, browse: Any) -> None:
    ruth = browse(cast.ruth)
    assert ruth.post(f"/people/{cast.amina.id}/roles", {"roles": ["hr", "admin"]}).status_code == 303
    assert roles(cast.amina) == {"hr", "admin"}
    with clock.set_to(NOW + timedelta(minutes=1)):
        ruth.post(f"/people/{cast.amina.id}/roles", {"roles": ["hr"]})
    assert roles(cast.amina) == {"hr"}
    told = select(func.count()).select_from(Message).where(Message.person_id == cast.amina.id)
    assert db.session.scalar(told) == 2
    ruth.post(f"/people/{cast.amina.id}/roles", {"roles": ["hr"]})
    assert db.session.scalar(told) == 2
    mine = (cast.ruth.id, cast.amina.id)
    assert (audited("role.granted").count(mine), audited("role.taken")) == (2, [mine])


def test_hr_sees_roles_and_gives_none(app: Flask, cast: Cast, browse: Any) -> None:
    chloe = browse(cast.chloe)
    assert "Save roles" not in page(chloe, cast.ruth)
    assert chloe.post(f"/people/{cast.amina.id}/roles", {"roles": ["admin"]}).status_code == 403
    assert roles(cast.amina) == set()


def test_a_role_that_does_not_exist_is_refused(app: Flask, cast: Cast, browse: Any) -> None:
    assert browse(cast.ruth).post(f"/people/{cast.amina.id}/roles", {"roles": ["king"]}).status_code == 422
