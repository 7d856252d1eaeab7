"""The tree of teams, who leads them, holidays, settings."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.factories import LONG_AGO, a_person, a_team
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Holiday, Organisation, Team, Tenure
from tracker.organisation.queries import calendar_of, leaders_on

TODAY = NOW.date()
DAY = timedelta(days=1)
NEW = {
    "name": "Mombasa",
    "parent_id": "",
    "time_zone": "Africa/Nairobi",
    "working_days": ["1", "6"],
    "work_starts": "09:00",
    "work_ends": "18:30",
}


def actions() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.action).where(~AuditEntry.action.like("%session%"))))


def as_sent(team: Team, **changes: Any) -> dict[str, Any]:
    given = {
        "name": team.name,
        "parent_id": team.parent_id or "",
        "time_zone": team.time_zone,
        "working_days": list(team.working_days),
        "work_starts": f"{team.work_starts:%H:%M}",
        "work_ends": f"{team.work_ends:%H:%M}",
    }
    return {**given, **changes}


def again(team: Team) -> Team:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Team, team.id)


def test_the_tree_shows_each_team_with_manager_and_people(app: Flask, cast: Cast, browse: Any) -> None:
    page = " ".join(browse(cast.amina).get("/teams").text.split())
    assert "led by Brian Kamau · 2 people" in page
    assert "led by Faith Wambui · 4 people with all beneath" in page
    assert "nobody leads it · 7 people with all beneath" in page
    assert "New team" not in page


def test_a_new_team_stands_where_it_is_put(app: Flask, cast: Cast, browse: Any) -> None:
    answer = browse(cast.chloe).post("/teams", {**NEW, "parent_id": cast.root.id})
    team = db.session.scalars(select(Team).where(Team.name == "Mombasa")).one()
    assert (answer.status_code, answer.location) == (303, f"/teams/{team.id}")
    assert (team.parent_id, team.working_days, team.work_ends) == (cast.root.id, "16", time(18, 30))
    assert "team.opened" in actions()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Fill this in"),
        ({"time_zone": "Mars/Base"}, "This is not a time zone"),
        ({"time_zone": "../../etc/passwd"}, "This is not a time zone"),
        ({"working_days": []}, "Choose at least one day"),
        ({"working_days": ["8"]}, 'id="working_days-error"'),
        ({"work_ends": "08:59"}, "This must be after work starts"),
        ({"parent_id": "999999"}, "Choose one from the list"),
        ({"name": "Nairobi Central tills"}, "There is a team of this name already"),
    ],
)
def test_a_team_that_cannot_be_is_refused(
    app: Flask, cast: Cast, browse: Any, changes: dict[str, Any], sentence: str
) -> None:
    answer = browse(cast.ruth).post("/teams", {**NEW, **changes})
    assert answer.status_code in {409, 422}
    assert sentence in answer.text
    assert db.session.scalar(select(Team).where(Team.name == "Mombasa")) is None


def test_only_the_office_makes_and_changes_teams(app: Flask, cast: Cast, browse: Any) -> None:
    for person in (cast.amina, cast.brian, cast.dora):
        browser = browse(person)
        assert browser.post("/teams", NEW).status_code == 403
        assert browser.post(f"/teams/{cast.tills.id}", as_sent(cast.tills, name="Mine")).status_code == 403
        assert browser.get(f"/teams/{cast.tills.id}").status_code == 200
        assert browser.get(f"/teams/{cast.tills.id}/edit").status_code == 403
    assert browse(cast.ruth).get("/teams/999999").status_code == 404


def test_a_team_is_changed_and_the_same_again_leaves_no_trace(app: Flask, cast: Cast, browse: Any) -> None:
    browser = browse(cast.ruth)
    for _twice in range(2):
        browser.post(f"/teams/{cast.tills.id}", as_sent(again(cast.tills), name="Front tills", working_days=["7"]))
    assert (again(cast.tills).name, again(cast.tills).working_days) == ("Front tills", "7")
    assert actions().count("team.edited") == 1


def test_a_team_never_stands_below_itself(app: Flask, cast: Cast, browse: Any) -> None:
    browser = browse(cast.ruth)
    store = again(cast.tills).parent_id
    for below in (cast.root.id, store, cast.tills.id):
        answer = browser.post(f"/teams/{cast.root.id}", as_sent(again(cast.root), parent_id=below))
        assert answer.status_code == 422
    assert again(cast.root).parent_id is None


def test_the_form_does_not_even_offer_what_is_beneath(app: Flask, cast: Cast, browse: Any) -> None:
    page = browse(cast.ruth).get(f"/teams/{cast.root.id}/edit").text
    assert f'<option value="{cast.tills.id}"' not in page


def appoint(browser: Any, team: Team, who: str, since: date, kind: str = "manager", **more: Any) -> Any:
    url = f"/teams/{team.id}/{'manager' if kind == 'manager' else 'deputies'}"
    return browser.post(url, {f"{kind}-who": who, f"{kind}-since": str(since), **more})


def tenures(team: Team) -> list[tuple[int, str, date, date | None]]:
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.scalars(select(Tenure).where(Tenure.team_id == team.id).order_by(Tenure.started_on, Tenure.id))
    return [(row.person_id, row.kind, row.started_on, row.ended_on) for row in rows]


def test_a_new_manager_ends_the_former_on_the_same_day_and_is_told(app: Flask, cast: Cast, browse: Any) -> None:
    assert appoint(browse(cast.chloe), cast.tills, "dora mwangi", TODAY).status_code == 303
    assert tenures(cast.tills) == [
        (cast.brian.id, "manager", LONG_AGO, TODAY),
        (cast.dora.id, "manager", TODAY, None),
    ]
    assert "team.manager_appointed" in actions()
    assert db.session.scalars(select(Message.kind).where(Message.person_id == cast.dora.id)).all() == ["team.manager"]


def test_a_team_changes_hands_at_the_door_too(app: Flask, cast: Cast, browse: Any) -> None:
    appoint(browse(cast.chloe), cast.tills, "Dora Mwangi", TODAY)
    assert browse(cast.brian).get("/board").status_code == 403
    assert "Amina Otieno" in browse(cast.dora).get(f"/board?team={cast.tills.id}").text


def test_appointments_that_cannot_be_are_refused(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_person("Kevin Odhiambo", team=cast.floor)
        a_person("Leila Gone", team=cast.floor, ended_on=TODAY, staff_number="GONE")
    browser = browse(cast.chloe)
    refused = [
        appoint(browser, cast.tills, "Nobody Atall", TODAY),
        appoint(browser, cast.tills, "Kevin Odhiambo", TODAY),
        appoint(browser, cast.tills, "GONE", TODAY),
        appoint(browser, cast.tills, "Brian Kamau", TODAY),
        appoint(browser, cast.tills, "Dora Mwangi", LONG_AGO - DAY),
    ]
    assert [answer.status_code for answer in refused] == [422, 422, 422, 409, 422]
    assert "More than one person has this name" in refused[1].text
    assert tenures(cast.tills) == [(cast.brian.id, "manager", LONG_AGO, None)]


def test_nobody_puts_themselves_in_charge(app: Flask, cast: Cast, browse: Any) -> None:
    assert appoint(browse(cast.chloe), cast.tills, "Chloe Yusuf", TODAY).status_code == 403
    assert appoint(browse(cast.ruth), cast.tills, "Ruth Kiprop", TODAY, "deputy").status_code == 403
    assert appoint(browse(cast.brian), cast.tills, "Kevin Odhiambo", TODAY).status_code == 403


def test_an_appointment_on_the_first_day_of_the_last_one_corrects_it(app: Flask, cast: Cast, browse: Any) -> None:
    browser = browse(cast.ruth)
    appoint(browser, cast.tills, "Dora Mwangi", TODAY)
    appoint(browser, cast.tills, "Faith Wambui", TODAY)
    assert [row[0] for row in tenures(cast.tills)] == [cast.brian.id, cast.faith.id]


def test_a_deputy_stands_in_for_some_days(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        team = a_team("Kisumu")
    answer = appoint(
        browse(cast.ruth), team, cast.kevin.staff_number, TODAY, "deputy", **{"deputy-last": str(TODAY + DAY)}
    )
    assert answer.status_code == 303
    assert tenures(team) == [(cast.kevin.id, "deputy", TODAY, TODAY + 2 * DAY)]
    assert leaders_on(TODAY + DAY).of_team(team.id) == cast.kevin.id
    assert leaders_on(TODAY + 2 * DAY).of_team(team.id) is None
    assert appoint(browse(cast.ruth), team, cast.kevin.staff_number, TODAY, "deputy").status_code == 409


def test_a_tenure_is_ended_once_and_never_ones_own(app: Flask, cast: Cast, browse: Any) -> None:
    tenure = db.session.scalars(select(Tenure).where(Tenure.person_id == cast.brian.id)).one()
    url = f"/tenures/{tenure.id}/ending"
    codes = [browse(person).post(url).status_code for person in (cast.brian, cast.dora, cast.ruth, cast.ruth)]
    assert codes == [403, 403, 303, 409]
    assert tenures(cast.tills)[0][3] == TODAY


def test_a_holiday_of_a_team_holds_for_those_beneath_and_nobody_else(app: Flask, cast: Cast, browse: Any) -> None:
    store = again(cast.tills).parent_id
    answer = browse(cast.chloe).post(f"/teams/{store}/holidays", {"on": str(TODAY), "name": "Store day"})
    assert answer.status_code == 303
    assert TODAY in calendar_of(cast.amina.id, TODAY).days_off
    assert TODAY not in calendar_of(cast.ruth.id, TODAY).days_off
    assert "from Nairobi Central" in browse(cast.kevin).get(f"/teams/{cast.tills.id}").text


def test_holidays_everywhere_are_the_admins(app: Flask, cast: Cast, browse: Any) -> None:
    given = {"holiday-on": str(TODAY), "holiday-name": "Founders’ day"}
    people = (cast.amina, cast.brian, cast.chloe, cast.ruth, cast.ruth)
    codes = [browse(person).post("/settings/holidays", given).status_code for person in people]
    assert codes == [403, 403, 403, 303, 409]
    assert "Founders’ day" in browse(cast.ruth).get("/settings").text
    holiday = db.session.scalars(select(Holiday)).one()
    removal = f"/holidays/{holiday.id}/removal"
    assert [browse(p).post(removal).status_code for p in (cast.amina, cast.chloe, cast.ruth)] == [403, 404, 303]
    assert {"holiday.added", "holiday.removed"} <= set(actions())


def test_holidays_are_listed_by_year(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        db.session.add(Holiday(on=date(TODAY.year + 1, 12, 25), name="Far feast"))
    browser = browse(cast.ruth)
    assert "Far feast" not in browser.get("/settings").text
    assert "Far feast" in browser.get(f"/settings?year={TODAY.year + 1}").text
    assert browser.get("/settings?year=99999999").status_code == 200


def test_settings_are_changed_by_admins_only(app: Flask, cast: Cast, browse: Any) -> None:
    given = {"name": "Zawadora Stores", "time_zone": "Africa/Kampala"}
    people = (cast.amina, cast.brian, cast.chloe, cast.dora, cast.ruth)
    codes = [browse(person).post("/settings", given).status_code for person in people]
    assert codes == [403, 403, 403, 403, 303]
    organisation = db.session.get_one(Organisation, 1, populate_existing=True)
    assert (organisation.name, organisation.time_zone) == ("Zawadora Stores", "Africa/Kampala")
    assert browse(cast.ruth).post("/settings", {"name": "", "time_zone": "x"}).status_code == 422
    assert actions().count("settings.edited") == 1
