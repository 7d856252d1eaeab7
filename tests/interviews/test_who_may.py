"""Who notes, who reads, and who finds nothing."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_person, a_team, joins, leads
from tests.interviews.noting import YESTERDAY, interview, noted, observation
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.organisation.models import Membership, Tenure

People = dict[str, Browser]
MISSING = "/interviews/987654"


def test_only_the_person_and_who_leads_them_read_it(cast: Cast, people: People) -> None:
    for send in (interview, observation):
        page = send(people["brian"], cast.amina).location
        assert people["amina"].get(page).status_code == 200
        assert people["brian"].get(page).status_code == 200
        for stranger in ("dora", "kevin", "chloe", "ruth", "faith"):
            assert people[stranger].get(page).status_code == 404
            assert people[stranger].get(page).data == people[stranger].get(MISSING).data
            for deed in ("/correction", "/withdrawal", "/reply"):
                assert people[stranger].post(page + deed, {"text": "x", "reason": "x"}).status_code == 404


def test_dora_finds_nothing(cast: Cast, people: People) -> None:
    assert people["dora"].get(f"/people/{cast.amina.id}/interviews").status_code == 404
    for path in ("interviews", "observations"):
        assert cast.amina.name not in people["dora"].get(f"/{path}/new").text
        assert people["dora"].get(f"/{path}/new?person={cast.amina.id}&touchpoint=").status_code == 422
    assert interview(people["dora"], cast.amina).status_code == 404
    assert observation(people["dora"], cast.amina).status_code == 404
    assert noted() == []


def test_nobody_observes_themselves_and_no_peer_writes(cast: Cast, people: People) -> None:
    assert interview(people["kevin"], cast.amina).status_code == 404
    assert observation(people["brian"], cast.brian).status_code == 404
    assert people["amina"].post(f"/observations?person={cast.kevin.id}&touchpoint=", {}).status_code == 403
    assert interview(people["chloe"], cast.amina).status_code == 404
    assert noted() == []


def test_a_reader_who_did_not_write_it_changes_nothing(cast: Cast, people: People) -> None:
    mine = interview(people["amina"], cast.amina).location
    his = observation(people["brian"], cast.amina).location
    for who, page in (("brian", mine), ("amina", his)):
        assert people[who].get(page + "/correction").status_code == 403
        assert people[who].post(page + "/correction", {}).status_code == 403
        assert people[who].post(page + "/withdrawal", {"reason": "x"}).status_code == 403


def test_a_former_leader_loses_it_and_the_new_one_reads_none_of_before(cast: Cast, people: People) -> None:
    page = observation(people["brian"], cast.amina).location
    today = NOW.date()
    with transaction():
        tenure = db.session.query(Tenure).filter_by(person_id=cast.brian.id).one()
        tenure.ended_on = today
        leads(cast.dora, cast.tills, since=today)
    assert people["brian"].get(page).status_code == 404
    assert people["brian"].get(page + "/correction").status_code == 404
    assert people["dora"].get(page).status_code == 404
    assert "No interviews or observations" in people["dora"].get(f"/people/{cast.amina.id}/interviews").text
    assert people["amina"].get(page).status_code == 200


def test_a_leader_writes_nothing_about_days_before_leading(cast: Cast, people: People) -> None:
    with transaction():
        db.session.query(Membership).filter_by(person_id=cast.amina.id).delete()
        joins(cast.amina, cast.tills, since=NOW.date())
    answer = interview(people["brian"], cast.amina)
    assert answer.status_code == 422
    assert "You did not lead Amina on that day" in answer.text
    assert (
        interview(people["brian"], cast.amina, happened_on=NOW.date().isoformat(), happened="08:00").status_code == 303
    )
    page = f"/interviews/{noted()[0].id}"
    back = {
        "happened_on": YESTERDAY.date().isoformat(),
        "happened": "12:00",
        "stars": "5",
        "agreed": "y",
        "reason": "x",
    }
    assert people["brian"].post(page + "/correction", back).status_code == 422


def test_a_message_falls_silent_with_the_right(cast: Cast, people: People) -> None:
    page = observation(people["brian"], cast.amina).location
    people["amina"].post(page + "/reply", {"text": "The printer was stuck."})
    assert "added a view" in people["brian"].get("/inbox").text
    with transaction():
        db.session.query(Tenure).filter_by(person_id=cast.brian.id).one().ended_on = NOW.date()
    assert "added a view" not in people["brian"].get("/inbox").text


def test_who_has_left_is_not_written_about(cast: Cast, people: People) -> None:
    with transaction():
        db.session.get_one(type(cast.amina), cast.amina.id).ended_on = NOW.date() - timedelta(days=1)
    assert interview(people["brian"], cast.amina).status_code == 404


@pytest.mark.parametrize("who", ["chloe", "ruth"])
def test_the_audit_names_neither_the_person_nor_a_word(cast: Cast, people: People, who: str) -> None:
    page = interview(people["amina"], cast.amina).location
    people["brian"].get(page)
    observation(people["brian"], cast.kevin)
    log = people[who].get("/audit").text
    assert "Interview or observation noted" in log
    assert "Brian Kamau" in log
    rows = [row for row in log.split("<tr>") if "Interview or observation noted" in row]
    assert len(rows) == 2
    assert not any(name in row for row in rows for name in ("Kevin", "Amina"))
    db.session.rollback()
    details = [
        entry.details
        for entry in db.session.query(AuditEntry).filter_by(action="interview.noted").order_by(AuditEntry.id)
    ]
    assert details == [{"kind": "interview"}, {"kind": "observation"}]


def test_hr_reads_groups_of_five_alone(app: Flask, cast: Cast, people: People) -> None:
    assert "Too few to tell" in people["chloe"].get("/interviews/groups").text
    with transaction():
        team = a_team("Large", parent=cast.root, led_by=cast.dora)
        watched = [a_person(team=team) for _number in range(4)]
    observation(people["dora"], watched[0], mark_price_clear="well")
    for person in watched[1:]:
        observation(people["dora"], person)
    assert "Too few to tell" in people["chloe"].get("/interviews/groups").text
    with transaction():
        fifth = a_person(team=team)
    for well in ("not", "not"):
        observation(people["dora"], fifth, mark_friendliness=well, mark_speed="not")
    page = people["chloe"].get("/interviews/groups").text
    assert "5 people observed" in page
    assert (
        '<td class="num" data-label="People observed">5</td><td class="num" data-label="Half or more done well">1</td>'
        in page
    )
    assert "4 of 6 (67 %)" in page  # friendliness, over all five
    assert "Price clear" not in page  # seen with one person only
    observation(people["brian"], cast.amina)
    page = people["chloe"].get("/interviews/groups").text
    assert page.count("hidden to protect people") == 2  # one person follows from the sum
    for who in ("amina", "brian", "ruth"):
        assert people[who].get("/interviews/groups").status_code == 403
