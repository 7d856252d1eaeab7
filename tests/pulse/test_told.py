"""On the tab: what came of the last results for one’s own group and those above it, in three languages and without a figure."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.access.terminals import a_till, has_pin, types
from tests.conftest import Cast
from tests.home.test_query_counts import selects
from tests.pulse.company import NOVEMBER, OCTOBER, a_closed_round, grown
from tests.pulse.planning import SOON, a_plan_for, said_done
from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.core.db import db, transaction
from tracker.pulse.bank import items
from tracker.pulse.models import PulsePlan
from tracker.pulse.plan_actions import give_up, note_moved
from tracker.pulse.told import MOST_TOLD, chosen, told

CLOSED = NOVEMBER + timedelta(days=7)
NOW = CLOSED + timedelta(days=2, hours=3)
EMPTY = "nothing has been planned for your group or those above it"


@pytest.fixture(autouse=True)
def after_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def company(cast: Cast) -> Cast:
    grown(cast, corner=0)
    return cast


def the_tab(browse: Any, person: Any, language: str = "en") -> str:
    return str(browse(person, at=NOW).get(f"/pulse?language={language}").text)


def test_staff_read_what_was_done_and_agreed_for_their_team_and_above_it(company: Cast, browse: Any) -> None:
    round_id = a_closed_round()
    first = a_plan_for(company, round_id, company.tills.name, "A second phone", at=NOW)
    a_plan_for(company, round_id, company.root.name, "Each team meets once a week", at=NOW)
    a_plan_for(company, round_id, company.floor.name, "More light on the floor", at=NOW)
    said_done(company, first, "The second phone is there", at=NOW)
    page = the_tab(browse, company.amina)
    places = [
        page.index(words)
        for words in (
            "For your group and those above it, after the results of November 2026",
            "Done so far",
            "The second phone is there",
            "It stays open until the figure moves.",
            '<h3 class="s mt4">Agreed</h3>',
            "Each team meets once a week",
            "Kevin Odhiambo, by 4 December",
        )
    ]
    assert places == sorted(places)
    assert "A second phone" not in page, "what was done stands for it"
    assert f'href="/actions/{first}"' in page
    assert "More light on the floor" not in page, "another team's"
    assert "More light on the floor" in the_tab(browse, company.dora), "who leads it"


def test_an_office_tells_its_holder_no_more_here(company: Cast, browse: Any) -> None:
    """HR reads the actions of all groups on their own page; the tab is about oneself."""
    a_plan_for(company, a_closed_round(), company.floor.name, "More light on the floor", at=NOW)
    assert EMPTY in the_tab(browse, company.chloe)
    assert "More light on the floor" in browse(company.chloe, at=NOW).get("/actions").text


def test_when_nothing_is_planned_it_says_so_and_whom_to_ask(company: Cast, browse: Any) -> None:
    assert EMPTY not in the_tab(browse, company.amina), "no round has results"
    a_closed_round()
    page = the_tab(browse, company.amina)
    assert EMPTY in page
    assert "/actions/new" not in page
    assert 'href="/actions/new"' in the_tab(browse, company.brian), "who leads a team plans one"


def test_what_was_given_up_is_not_told(company: Cast, browse: Any) -> None:
    plan_id = a_plan_for(company, a_closed_round(), company.tills.name, "A second phone", at=NOW)
    with transaction():
        give_up(db.session.get_one(PulsePlan, plan_id), "No line left", by=company.chloe.id, at=NOW)
    assert EMPTY in the_tab(browse, company.amina)


def test_of_earlier_rounds_what_is_open_or_new_stays(company: Cast, browse: Any) -> None:
    before = a_closed_round(opens_at=OCTOBER)
    last = a_closed_round()
    ids = [
        a_plan_for(company, before, company.tills.name, words, at=OCTOBER + timedelta(days=8))
        for words in ("Still open", "Done, not moved", "Moved lately", "Moved long ago")
    ]
    for plan_id, day in zip(ids[1:], (-1, -2, -2), strict=True):
        said_done(company, plan_id, db.session.get_one(PulsePlan, plan_id).text, at=CLOSED + timedelta(days=day))
    for plan_id, day in zip(ids[2:], (1, -1), strict=True):
        with transaction():
            assert note_moved(db.session.get_one(PulsePlan, plan_id), at=CLOSED + timedelta(days=day))
    plans = [db.session.get_one(PulsePlan, plan_id) for plan_id in ids]
    assert [plan.text for plan in chosen(plans, last, CLOSED)] == ["Done, not moved", "Moved lately", "Still open"]
    assert "The figure has moved since. Read there how sure that is." in the_tab(browse, company.amina)


def test_a_long_list_is_cut_and_says_how_much_is_left(company: Cast, browse: Any) -> None:
    round_id = a_closed_round()
    for number in range(MOST_TOLD + 2):
        day = SOON + timedelta(days=number)
        a_plan_for(company, round_id, company.tills.name, f"Number {number} of many", at=NOW, due_on=day)
    page = the_tab(browse, company.amina)
    assert f"Number {MOST_TOLD - 1} of many" in page
    assert f"Number {MOST_TOLD} of many" not in page
    assert "2 more actions" in page


def test_it_speaks_the_three_languages(company: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    day = NOW.date() + timedelta(days=1)
    a_plan_for(company, a_closed_round(), company.tills.name, "Simu", at=NOW, due_on=day, item="motivation_1")
    swahili = the_tab(browse, company.amina, "sw")
    assert "Yaliyokubaliwa" in swahili
    assert items()["motivation_1"].texts["sw"] in swahili
    later = NOW + timedelta(days=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    french = browse(company.amina, at=later).get("/pulse?language=fr").text
    assert "Kevin Odhiambo, c’était à faire avant le 12 novembre" in french


def test_no_figure_stands_there(company: Cast) -> None:
    """A figure needs its size and its range, and those are on the action's own page."""
    a_plan_for(company, a_closed_round(), company.tills.name, "A second phone", at=NOW)
    found = told(Viewer(company.amina.id, "Amina", at=NOW, today=NOW.date()))
    assert found is not None
    [line] = found.planned
    said = f"{line.words} {line.group} {line.question} {line.standing}".replace("4 December", "")
    assert not any(letter.isdigit() for letter in said)


def test_nothing_of_it_on_a_screen_that_others_pass(app: Flask, company: Cast, browse: Any) -> None:
    a_plan_for(company, a_closed_round(), company.tills.name, "A second phone", at=NOW)
    has_pin(app, company.amina)
    till = a_till(app, browse, company.tills)
    types(till, company.amina)
    page = till.get("/pulse").text
    assert "No round is open now." in page
    assert "A second phone" not in page
    assert EMPTY not in page


def test_many_actions_take_no_more_questions_than_one(company: Cast, browse: Any) -> None:
    round_id = a_closed_round()
    a_plan_for(company, round_id, company.tills.name, "The first", at=NOW)
    amina = browse(company.amina, at=NOW)
    amina.get("/pulse")
    with selects() as few:
        amina.get("/pulse")
    for number in range(MOST_TOLD):
        a_plan_for(company, round_id, company.tills.name, f"Another {number}", at=NOW)
    with selects() as many:
        amina.get("/pulse")
    assert len(many) == len(few)
