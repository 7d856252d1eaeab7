"""Actions about results: who plans, does, gives up and reads; open until a later round shows the figure; each reminder once."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask, get_template_attribute, render_template
from sqlalchemy import delete, func, select

from tests.conftest import Browser, Cast
from tests.factories import a_person, a_team
from tests.home.test_query_counts import selects
from tests.pulse.rounds import CLOSES, OPENS, an_open_round, closed, everybody_answers, node_named
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.audience import Viewer, seen_by
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict, Invalid
from tracker.notifications.models import Message
from tracker.organisation.models import Membership, Person
from tracker.pulse import plan_sentences
from tracker.pulse.bank import RECOMMENDING, items, next_items
from tracker.pulse.models import PulsePlan
from tracker.pulse.plan_actions import Planned, give_plan, give_up, make_plan, say_done
from tracker.pulse.plan_jobs import follow_plans
from tracker.pulse.plan_queries import PlannedCell, planned_cells, told_of_groups

FIRST = next_items([])[0].key
NOW = CLOSES + timedelta(days=2)  # Wednesday 18 November
DUE = date(2026, 12, 4)
KEY = "0123456789abcdef" * 2
Say = Callable[[int], dict[str, int]]  # by the place in one's own team, by name


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def company(cast: Cast) -> Cast:
    """The cast, with twelve more at the tills and twelve on the floor: both are shown."""
    with transaction():
        for number in range(12):
            a_person(f"Till {number}", team=cast.tills, staff_number=f"T-{number}")
            a_person(f"Floor {number}", team=cast.floor)
        for number in range(6):
            a_person(f"Office {number}", team=cast.root)
    return cast


def a_closed_round(answer: Say, *, month: int = 0) -> int:
    opens = OPENS + timedelta(days=28 * month)
    round_id = an_open_round(opens_at=opens)
    places = places_in_teams()
    everybody_answers(round_id, lambda person: answer(places[person]))
    closed(round_id, at=opens + timedelta(days=7))
    return round_id


def places_in_teams() -> dict[int, int]:
    members = select(Membership.person_id, Membership.team_id).join(Person).order_by(Membership.team_id, Person.name)
    counts: dict[int, Iterator[int]] = {}
    found = {person: next(counts.setdefault(team, count())) for person, team in db.session.execute(members)}
    db.session.rollback()
    return found


def alternating(*numbers: int) -> Say:
    return lambda place: {FIRST: numbers[place % len(numbers)]}


def chloe_sees(company: Cast) -> Viewer:
    return Viewer(company.chloe.id, "Chloe", at=NOW, today=NOW.date(), roles=frozenset({"hr"}))


def cell_of(company: Cast, round_id: int, name: str) -> PlannedCell:
    found = planned_cells(chloe_sees(company), node_id=node_named(round_id, name))
    db.session.rollback()
    return next(cell for cell in found if cell.item.key == FIRST)


def a_plan(company: Cast, round_id: int, *, aim: float = 3.5, at: datetime = NOW, key: str = KEY) -> int:
    """Brian's team's, made by Brian and given to Kevin."""
    with transaction():
        cell = cell_of(company, round_id, company.tills.name)
    with transaction():
        said = Planned(key, "A second phone for price questions", company.kevin, DUE, aim)
        plan, is_new = make_plan(cell, said, by=company.brian.id, at=at)
        assert is_new
        return plan.id


def told(kind: str) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Message.person_id).where(Message.kind == kind).order_by(Message.person_id)))


def inbox_of(person: Browser) -> str:
    """With what is told of actions alone."""
    with transaction():
        db.session.execute(delete(Message).where(~Message.kind.startswith("pulse.plan")))
    return person.get("/inbox").text


def the_plan(plan_id: int) -> PulsePlan:
    db.session.rollback()
    return db.session.get_one(PulsePlan, plan_id, populate_existing=True)


def address(round_id: int, company: Cast, *, path: str = "/actions/new") -> str:
    return f"{path}?group={node_named(round_id, company.tills.name)}&item={FIRST}"


def filled(company: Cast, page: str, **values: str) -> dict[str, str]:
    key = re.search(r'name="key"[^>]*value="([0-9a-f]{32})"', page)
    assert key
    sent = {"key": key[1], "text": "A second phone", "owner": str(company.kevin.id), "due_on": DUE.isoformat()}
    return {**sent, "aim": "3,4", **values}


def test_brian_plans_kevin_does_it_and_everybody_reads_it(company: Cast, browse: Any) -> None:
    round_id = a_closed_round(alternating(2, 4))
    people = {name: browse(getattr(company, name), at=NOW) for name in ("brian", "kevin", "amina", "dora", "ruth")}
    listed = people["brian"].get("/actions/new?group=" + str(node_named(round_id, company.tills.name))).text
    assert address(round_id, company).replace("&", "&amp;") in listed
    page = people["brian"].get(address(round_id, company)).text
    assert "(14 answers, likely between " in page
    sent = filled(company, page)
    answer = people["brian"].post(address(round_id, company, path="/actions"), sent)
    assert answer.status_code == 303
    again = people["brian"].post(address(round_id, company, path="/actions"), sent)
    assert again.location == answer.location, "the same form twice is one"
    plan = db.session.scalars(select(PulsePlan)).one()
    assert (plan.aim, plan.owner_id, plan.kind, plan.team_id) == (3.4, company.kevin.id, "team", company.tills.id)
    assert told("pulse.plan_given") == [company.kevin.id]
    assert "is yours, by 4 December" in inbox_of(people["kevin"])
    url = answer.location
    done = people["kevin"].post(f"{url}/done", {"words": "The phone is there."})
    assert done.status_code == 303
    for name in ("amina", "brian"):
        read = people[name].get(url).text
        assert "The phone is there." in read
        assert "done, measure still open" in read
    assert "No round has asked it again yet." in people["amina"].get(url).text
    for name in ("dora", "ruth"):
        assert people[name].get(url).status_code == 404
        assert "A second phone" not in people[name].get("/actions").text


def test_who_reads_may_not_change(company: Cast, browse: Any) -> None:
    round_id = a_closed_round(alternating(2, 4))
    plan_id = a_plan(company, round_id)
    amina, kevin, stranger = browse(company.amina, at=NOW), browse(company.kevin, at=NOW), browse(None)
    assert amina.post(f"/actions/{plan_id}/done", {"words": "All of it"}).status_code == 403
    for person in (amina, kevin):
        assert person.post(f"/actions/{plan_id}/end", {"because": "Too dear"}).status_code == 403
        assert person.post(f"/actions/{plan_id}/owner", {}).status_code == 403
        assert person.get(address(round_id, company)).status_code == 403
        assert person.post(address(round_id, company, path="/actions"), {}).status_code == 403
    assert amina.get("/actions/new").status_code == 403
    assert stranger.get(f"/actions/{plan_id}").status_code == 303
    for path in ("done", "end", "owner"):
        assert browse(company.dora, at=NOW).post(f"/actions/{plan_id}/{path}", {}).status_code == 404
    assert the_plan(plan_id).runs
    assert the_plan(plan_id).done is None


def test_no_plan_from_what_is_hidden_or_another_teams(company: Cast, browse: Any) -> None:
    with transaction():
        small = a_team("Cellar", parent=company.root, led_by=company.dora)
        for number in range(3):
            a_person(f"Cellar {number}", team=small)
    round_id = a_closed_round(alternating(2, 4))
    hidden = f"/actions/new?group={node_named(round_id, 'Cellar')}&item={FIRST}"
    assert browse(company.chloe, at=NOW).get(hidden).status_code == 404
    assert browse(company.dora, at=NOW).get(address(round_id, company)).status_code == 404
    assert browse(company.faith, at=NOW).get(address(round_id, company)).status_code == 200
    for nothing in ("group=x&item=y", f"group={node_named(round_id, company.tills.name)}&item=%00"):
        assert browse(company.chloe, at=NOW).get(f"/actions/new?{nothing}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"text": " "}, "Fill this in"),
        ({"aim": "3.0"}, "Choose a number from 3.1 to 5.0"),
        ({"aim": "3.45"}, "Use one decimal at most"),
        ({"aim": "NaN"}, "Write a number"),
        ({"aim": "much"}, "Write a number"),
        ({"due_on": "2026-11-18"}, "Choose a day still to come"),
        ({"due_on": "2028-01-01"}, "Choose a day still to come"),
        ({"due_on": "next week"}, "Not a valid date value"),
        ({"owner": ""}, "Choose somebody from the list"),
        ({"staff_number": "T-1"}, "Choose somebody from the list"),
        ({"owner": "", "staff_number": "nobody"}, "Nobody who works here has this number"),
        ({"owner": "999999"}, "Choose one from the list"),
    ],
)
def test_a_form_that_cannot_be_says_why(company: Cast, browse: Any, wrong: dict[str, str], says: str) -> None:
    round_id = a_closed_round(alternating(2, 4))
    brian = browse(company.brian, at=NOW)
    sent = filled(company, brian.get(address(round_id, company)).text, **wrong)
    answer = brian.post(address(round_id, company, path="/actions"), sent)
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.scalar(select(func.count()).select_from(PulsePlan)) == 0


def test_anybody_who_works_here_can_be_given_one_by_number(company: Cast, browse: Any) -> None:
    """Somebody of another team reads their action, and none of the figures."""
    round_id = a_closed_round(alternating(2, 4))
    with transaction():
        other = a_person("Wanjiru Floor", team=company.floor, staff_number="F-77")
    brian = browse(company.brian, at=NOW)
    page = brian.get(address(round_id, company)).text
    sent = filled(company, page, owner="", staff_number="F-77")
    url = brian.post(address(round_id, company, path="/actions"), sent).location
    read = browse(other, at=NOW).get(url).text
    assert "A second phone" in read
    assert "answers, likely between" not in read
    assert "The figures are read by who belongs to the group or leads it." in read
    assert "rounds-title" not in read


def test_it_moves_when_a_later_round_shows_the_figure(company: Cast, browse: Any) -> None:
    first = a_closed_round(alternating(2, 4))
    plan_id = a_plan(company, first, aim=3.5)
    assert follow_plans(NOW) == 0
    a_closed_round(alternating(3, 3, 4, 2), month=1)
    later = CLOSES + timedelta(days=30)
    with transaction():
        say_done(db.session.get_one(PulsePlan, plan_id), "It is there", by=company.kevin.id, at=NOW)
    assert follow_plans(later) == 0, "3.0 again"
    with clock.set_to(later):
        assert "Not there yet, still open." in browse(company.amina, at=later).get(f"/actions/{plan_id}").text
    a_closed_round(alternating(4, 5), month=2)
    at = CLOSES + timedelta(days=58)
    assert follow_plans(at) == 1
    assert follow_plans(at) == 0, "once"
    assert the_plan(plan_id).moved_at == at
    assert told("pulse.plan_moved") == sorted([company.brian.id, company.kevin.id])
    with clock.set_to(at):
        page = browse(company.amina, at=at).get(f"/actions/{plan_id}").text
    assert "A clear change." in page
    assert "the measure moved" in page
    with transaction(), pytest.raises(Conflict):
        give_up(db.session.get_one(PulsePlan, plan_id), "No", by=company.brian.id, at=at)


def test_a_hidden_round_leaves_it_open_and_says_so(company: Cast, browse: Any) -> None:
    first = a_closed_round(alternating(2, 4))
    plan_id = a_plan(company, first)
    a_closed_round(lambda place: {FIRST: 4 + place % 2} if place < 4 else {}, month=1)
    at = CLOSES + timedelta(days=30)
    follow_plans(at)
    assert told("pulse.plan_moved") == []
    with clock.set_to(at):
        page = browse(company.amina, at=at).get(f"/actions/{plan_id}").text
    assert "Dec 2026: hidden this time to protect people, still open." in page


def test_reminders_go_out_once_each(company: Cast) -> None:
    plan_id = a_plan(company, a_closed_round(alternating(2, 4)))
    morning = datetime(2026, 12, 4, 6, tzinfo=NOW.tzinfo)
    assert follow_plans(morning - timedelta(days=1)) == 0
    assert (follow_plans(morning), follow_plans(morning)) == (1, 0)
    assert told("pulse.plan_due") == [company.kevin.id]
    assert told("pulse.plan_late") == []
    assert follow_plans(morning + timedelta(days=4)) == 0, "Tuesday is the second working day"
    assert (follow_plans(morning + timedelta(days=5)), follow_plans(morning + timedelta(days=6))) == (1, 0)
    assert told("pulse.plan_late") == [company.brian.id]
    with transaction():
        plan = db.session.get_one(PulsePlan, plan_id)
        amina = db.session.get_one(Person, company.amina.id)
        give_plan(plan, amina, due_on=date(2026, 12, 18), by=company.brian.id, at=morning + timedelta(days=6))
    assert told("pulse.plan_given") == sorted([company.amina.id, company.kevin.id])
    assert follow_plans(datetime(2026, 12, 18, 6, tzinfo=NOW.tzinfo)) == 1, "the new day has its own"
    assert told("pulse.plan_due") == sorted([company.amina.id, company.kevin.id])


def test_nobody_is_reminded_of_what_is_done(company: Cast) -> None:
    plan_id = a_plan(company, a_closed_round(alternating(2, 4)))
    with transaction():
        say_done(db.session.get_one(PulsePlan, plan_id), "It is there", by=company.kevin.id, at=NOW)
    assert follow_plans(NOW + timedelta(days=40)) == 0
    assert told("pulse.plan_due") == []


def test_given_up_with_a_reason_that_stays(company: Cast, browse: Any) -> None:
    plan_id = a_plan(company, a_closed_round(alternating(2, 4)))
    brian: Browser = browse(company.brian, at=NOW)
    assert brian.post(f"/actions/{plan_id}/end", {"because": ""}).status_code == 422
    assert brian.post(f"/actions/{plan_id}/end", {"because": "The phone costs too much."}).status_code == 303
    assert brian.post(f"/actions/{plan_id}/end", {"because": "Again"}).status_code == 409
    assert "The phone costs too much." in browse(company.amina, at=NOW).get(f"/actions/{plan_id}").text
    assert the_plan(plan_id).given_up_because == "The phone costs too much."
    kinds = select(AuditEntry.action).where(AuditEntry.action.startswith("pulse.plan")).order_by(AuditEntry.id)
    assert list(db.session.scalars(kinds)) == ["pulse.plan_made", "pulse.plan_given_up"]
    details = db.session.scalars(select(AuditEntry.details).where(AuditEntry.action.startswith("pulse.plan"))).all()
    assert "phone" not in str(details)


def test_what_was_given_up_is_awaited_no_more(company: Cast, browse: Any) -> None:
    """Later rounds still say how its figure stood, and never that it is open."""
    plan_id = a_plan(company, a_closed_round(alternating(2, 4)), aim=4.5)
    with transaction():
        give_up(db.session.get_one(PulsePlan, plan_id), "Too dear", by=company.brian.id, at=NOW)
    said = []
    for month, answers in ((1, alternating(2, 4)), (2, lambda place: {FIRST: 4 + place % 2} if place < 4 else {})):
        a_closed_round(answers, month=month)
        at = CLOSES + timedelta(days=2 + 28 * month)
        with clock.set_to(at):
            said.append(browse(company.amina, at=at).get(f"/actions/{plan_id}").text)
    assert "It was not there." in said[0]
    assert "Jan 2027: hidden this time to protect people." in said[1]
    assert not any("still open" in page for page in said)


def test_an_owner_who_left_is_shown_and_it_is_given_anew(company: Cast, browse: Any) -> None:
    plan_id = a_plan(company, a_closed_round(alternating(2, 4)))
    with transaction():
        db.session.get_one(Person, company.kevin.id).ended_on = NOW.date()
    brian = browse(company.brian, at=NOW)
    assert "who has left" in brian.get("/actions").text
    assert "Somebody else is to take it on." in brian.get(f"/actions/{plan_id}").text
    sent = {"owner": "", "staff_number": "T-3", "due_on": DUE.isoformat()}
    assert brian.post(f"/actions/{plan_id}/owner", sent).status_code == 303
    assert "who has left" not in brian.get("/actions").text
    with transaction():
        kevin, plan = db.session.get_one(Person, company.kevin.id), db.session.get_one(PulsePlan, plan_id)
        with pytest.raises(Invalid):
            give_plan(plan, kevin, due_on=DUE, by=company.brian.id, at=NOW)


def test_the_list_by_state_and_when_there_is_nothing(company: Cast, browse: Any) -> None:
    chloe, amina = browse(company.chloe, at=NOW), browse(company.amina, at=NOW)
    assert "No action has been planned" in chloe.get("/actions").text
    assert "Choose a result" not in chloe.get("/actions").text
    assert "There is no result to plan from yet" in chloe.get("/actions/new").text
    round_id = a_closed_round(alternating(2, 4))
    assert "Choose a result" in chloe.get("/actions").text
    assert "Choose a result" not in amina.get("/actions").text
    a_plan(company, round_id)
    assert "A second phone for price questions" in chloe.get("/actions?state=open").text
    assert "A second phone for price questions" not in chloe.get("/actions?state=moved").text
    assert "A second phone for price questions" in chloe.get("/actions?state=nonsense").text
    late = datetime(2026, 12, 7, 9, tzinfo=NOW.tzinfo)
    with clock.set_to(late):
        assert "1 action is past its day" in browse(company.brian, at=late).get("/actions").text


def test_a_key_of_somebody_elses_form_is_refused(company: Cast) -> None:
    round_id = a_closed_round(alternating(2, 4))
    a_plan(company, round_id)
    with transaction():
        cell = cell_of(company, round_id, company.tills.name)
    said = Planned(KEY, "Mine", company.kevin, DUE, 3.5)
    with transaction(), pytest.raises(Conflict):
        make_plan(cell, said, by=company.chloe.id, at=NOW)


@pytest.mark.parametrize("plans", [1, 8])
def test_the_list_asks_the_same_however_many_there_are(company: Cast, browse: Any, plans: int) -> None:
    round_id = a_closed_round(alternating(2, 4))
    for number in range(plans):
        a_plan(company, round_id, key=f"{number:032x}")
    brian = browse(company.brian, at=NOW)
    brian.get("/actions")
    with selects() as seen:
        page = brian.get("/actions").text
    assert page.count("A second phone for price questions") == plans
    assert len(seen) <= 12, "\n".join(seen)


def test_pages_of_results_show_what_was_done(app: Flask, company: Cast) -> None:
    """The part that they include with one line."""
    round_id = a_closed_round(alternating(2, 4))
    plan_id = a_plan(company, round_id)
    with transaction():
        say_done(db.session.get_one(PulsePlan, plan_id), "The phone is there.", by=company.kevin.id, at=NOW)
    viewer = Viewer(company.amina.id, "Amina", at=NOW, today=NOW.date())
    with app.test_request_context(), seen_by(viewer):
        rows = told_of_groups(viewer, {("team", company.tills.id)})
        shown = render_template("pulse/_plans.html", plan_rows=rows, plan_words=plan_sentences)
        assert "The phone is there." in shown
        assert "No round has asked it again yet." in shown
        assert told_of_groups(viewer, {("team", company.floor.id)}) == []
        assert told_of_groups(Viewer(company.dora.id, "Dora", at=NOW, today=NOW.date(), manages=True)) == []
        assert render_template("pulse/_plans.html", plan_rows=[], plan_words=plan_sentences).strip() == ""
        link = get_template_attribute("pulse/_plan_link.html", "plan_link")
        assert str(link(7, FIRST)).count(f"/actions/new?group=7&amp;item={FIRST}") == 1


def test_recommending_is_planned_in_whole_numbers(company: Cast, browse: Any) -> None:
    enps = next(item for item in items().values() if item.scale == RECOMMENDING)
    round_id = an_open_round(items=[enps])
    places = places_in_teams()
    everybody_answers(round_id, lambda person: {enps.key: 10 if places[person] % 2 else 5})
    closed(round_id)
    chloe, where = browse(company.chloe, at=NOW), f"group={node_named(round_id, company.tills.name)}&item={enps.key}"
    page = chloe.get(f"/actions/new?{where}").text
    assert "eNPS, from −100 to 100" in page
    wrong = chloe.post(f"/actions?{where}", filled(company, page, aim="10.5"))
    assert "Use a whole number" in wrong.text
    made = chloe.post(f"/actions?{where}", filled(company, page, aim="10"))
    assert made.status_code == 303
    assert "to 10 or more" in chloe.get(made.location).text
