"""HR prepares a round: questions, days, safety, what is missing, preview, planning, cancelling, opening by hand."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conftest import NOW, Cast
from tests.factories import a_person, a_team
from tests.pulse.rounds import a_round
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict, NotYet
from tracker.notifications.models import Message
from tracker.pulse import question_actions, round_actions
from tracker.pulse.bank import INPUTS, drivers, next_items
from tracker.pulse.models import PulseItem, PulseMember, PulseRound
from tracker.pulse.round_forms import mark_of
from tracker.pulse.round_queries import Small, own_items, staff_on

TODAY = NOW.date()
TEXTS = {"en": "I know who to ask.", "sw": "Ninajua wa kumwuliza.", "fr": "Je sais à qui demander."}
NOBODY_ELSE = ["brian", "kevin", "dora", "ruth", "faith"]


def sent(**changed: Any) -> dict[str, Any]:
    """The form as a browser sends it, with two rotating questions."""
    opens_on = TODAY + timedelta(days=3)
    db.session.rollback()
    waiting = db.session.scalars(select(PulseRound).order_by(PulseRound.id.desc())).first()
    whole = {
        "seen": mark_of(waiting) if waiting else "",
        "items": [item.key for item in next_items([])[len(INPUTS) :]],
        "opens_on": opens_on.isoformat(),
        "closes_on": (opens_on + timedelta(days=7)).isoformat(),
        "k_score": "5",
        "k_comment": "8",
        "then": "save",
    }
    return {**whole, **changed}


def a_draft(browser: Any) -> str:
    answer = browser.post("/pulse/rounds")
    assert answer.status_code == 303
    return str(answer.location)


def the_round() -> PulseRound:
    db.session.rollback()
    return db.session.scalars(select(PulseRound)).one()


def audited() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("pulse%")).order_by("id")))


def test_a_draft_is_filled_in_changed_planned_and_opened(cast: Cast, browse: Any) -> None:
    chloe = browse(cast.chloe)
    assert "No round yet" in chloe.get("/pulse/rounds").text
    url = a_draft(chloe)
    assert a_draft(chloe) == url, "twice is once"
    page = chloe.get(url).text
    assert "5 questions, about 2 min" in page
    assert page.count("Asked every time") == len(INPUTS)
    assert "Everybody who works here on the day it opens is asked: 7 people today." in page
    assert chloe.post(url, sent(then="plan")).status_code == 303
    assert the_round().state == "planned"
    assert "It is planned: it opens by itself" in chloe.get(url).text
    assert chloe.post(url, sent(k_score="7", then="open")).location == f"{url}/opening"
    assert (the_round().state, the_round().k_score) == ("draft", 7)
    assert "7 people are asked" in chloe.get(f"{url}/opening").text
    assert chloe.post(f"{url}/opening").status_code == 303
    found = the_round()
    assert (found.state, found.invited) == ("open", 7)
    assert found.opens_at == found.opened_at
    assert audited() == ["pulse.drafted", "pulse.saved", "pulse.planned", "pulse.saved", "pulse.opened"]


def test_what_is_open_cannot_be_changed_or_opened_again(cast: Cast, browse: Any) -> None:
    chloe = browse(cast.chloe)
    url = a_draft(chloe)
    chloe.post(url, sent())
    chloe.post(f"{url}/opening")
    for path, data in ((url, sent()), (f"{url}/opening", {}), (f"{url}/cancellation", {})):
        assert chloe.post(path, data).status_code == 409
    assert chloe.get(f"{url}/opening").status_code == 303
    assert chloe.get(f"{url}/cancellation").status_code == 303
    assert the_round().state == "open"
    with transaction(), pytest.raises(Conflict):
        round_actions.plan_round(db.session.scalars(select(PulseRound)).one(), by=cast.chloe.id, at=NOW, today=TODAY)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"opens_on": "2020-01-06"}, "Choose a day from today on"),
        ({"opens_on": ""}, "Choose a day"),
        ({"closes_on": (TODAY + timedelta(days=4)).isoformat()}, "3 to 21 days after it opens"),
        ({"closes_on": (TODAY + timedelta(days=60)).isoformat()}, "3 to 21 days after it opens"),
        ({"k_score": "3"}, "Choose one from the list"),
        ({"k_score": "10", "k_comment": "8"}, "be smaller than the smallest group shown"),
        ({"items": ["nothing"]}, "Choose from the list"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_saved(
    cast: Cast, browse: Any, wrong: dict[str, Any], said: str
) -> None:
    chloe = browse(cast.chloe)
    url = a_draft(chloe)
    before = the_round().closes_at
    answer = chloe.post(url, sent(**wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert the_round().closes_at == before


def test_ten_questions_at_most(cast: Cast, browse: Any) -> None:
    keys = [item.key for key, driver in drivers().items() if key not in INPUTS for item in driver.items]
    chloe = browse(cast.chloe)
    url = a_draft(chloe)
    assert "Ask 10 questions at most" in chloe.post(url, sent(items=keys[:8])).text
    assert chloe.post(url, sent(items=keys[:7])).status_code == 303
    assert len(the_round().items) == 10


def test_the_three_inputs_are_asked_whatever_is_sent(cast: Cast, browse: Any) -> None:
    chloe = browse(cast.chloe)
    url = a_draft(chloe)
    chloe.post(url, sent(items=[]))
    assert [stored["driver"] for stored in the_round().items] == list(INPUTS)


def test_a_question_of_ones_own_needs_all_three_languages(cast: Cast, browse: Any) -> None:
    chloe = browse(cast.chloe)
    assert chloe.post("/pulse/rounds/questions", {"en": ""}).status_code == 422
    assert chloe.post("/pulse/rounds/questions", {"en": TEXTS["en"], "sw": TEXTS["sw"]}).status_code == 303
    key = own_items()[0].key
    question = f"/pulse/rounds/questions/{key.removeprefix('own_')}"
    url = a_draft(chloe)
    answer = chloe.post(url, sent(items=[key], then="plan"))
    page = chloe.get(answer.location).text
    assert (the_round().state, "French is missing: “I know who to ask.”" in page) == ("draft", True)
    assert question in page
    assert chloe.get(f"{url}/opening").status_code == 303
    assert chloe.post(f"{url}/opening").status_code == 409
    assert "stands here in English" in chloe.get(f"{url}/preview?language=fr").text
    assert chloe.post(question, TEXTS).status_code == 303
    assert "English, Kiswahili and French are complete" in chloe.get(url).text, "the draft asks it as it reads now"
    assert chloe.post(question, {**TEXTS, "fr": ""}).status_code == 422, "a planned round may count on it"


def test_what_was_asked_keeps_its_words_and_can_be_retired(cast: Cast, browse: Any) -> None:
    with transaction():
        question = question_actions.write_question(TEXTS, is_reversed=True, by=cast.chloe.id, at=NOW)
        again = question_actions.write_question(TEXTS, is_reversed=True, by=cast.chloe.id, at=NOW)
        assert again is question
        opened = a_round(items=[*next_items([]), *own_items()])
        opened.state, opened.is_running = "closed", None
        waiting = a_round(items=[*next_items([]), *own_items()], opens_at=NOW + timedelta(days=30))
    path, chloe = f"/pulse/rounds/questions/{question.id}", browse(cast.chloe)
    assert "Staff have been asked this" in chloe.get(path).text
    assert chloe.post(path, {**TEXTS, "en": "Something else"}).status_code == 409
    assert chloe.post(f"{path}/retirement").status_code == 303
    assert chloe.post(f"{path}/retirement").status_code == 303, "twice is once"
    db.session.expire_all()
    keys = {one.id: [stored["key"] for stored in one.items] for one in db.session.scalars(select(PulseRound))}
    assert f"own_{question.id}" in keys[opened.id]
    assert f"own_{question.id}" not in keys[waiting.id]
    assert audited() == ["pulse_question.written", "pulse_question.retired"]


def test_the_preview_speaks_three_languages_and_stores_nothing(cast: Cast, browse: Any) -> None:
    chloe = browse(cast.chloe)
    url = a_draft(chloe)
    counts = [db.session.scalar(select(func.count()).select_from(table)) for table in (PulseMember, AuditEntry)]
    swahili = chloe.get(f"{url}/preview?language=sw").text
    assert "Nimepata mafunzo ninayohitaji" in swahili
    assert "Nakubali kabisa" in swahili
    assert "Tout à fait d’accord" in chloe.get(f"{url}/preview?language=fr").text
    assert "Agree strongly" in chloe.get(f"{url}/preview?language=nothing").text
    assert counts == [db.session.scalar(select(func.count()).select_from(table)) for table in (PulseMember, AuditEntry)]


def test_too_small_groups_are_named_with_whom_they_are_counted(cast: Cast) -> None:
    with transaction():
        desk = a_team("Returns desk", parent=cast.floor)
        for number in range(4):
            a_person(f"Desk {number}", team=desk)
        for number in range(9):
            a_person(f"Floor {number}", team=cast.floor)
        for number in range(6):
            a_person(f"Till {number}", team=cast.tills)
    small = staff_on(TODAY, k=5).small
    assert Small("Returns desk", 4, "Nairobi Central floor") in small
    assert small == [Small("Managers", 3, "Zawadora"), Small("Returns desk", 4, "Nairobi Central floor")]


def test_a_group_is_hidden_too_when_what_is_left_beside_it_would_be_small(cast: Cast) -> None:
    with transaction():
        for number in range(9):
            a_person(f"Floor {number}", team=cast.floor)
    assert Small("Nairobi Central floor", 9, "Nairobi Central") in staff_on(TODAY, k=5).small, (
        "two are left at the tills"
    )


def test_two_rounds_may_not_overlap(cast: Cast, browse: Any) -> None:
    with transaction():
        a_round(opens_at=NOW + timedelta(days=5))
    chloe = browse(cast.chloe)
    url = a_draft(chloe)
    page = chloe.get(chloe.post(url, sent(then="plan")).location).text
    assert "It overlaps the" in page
    draft = db.session.scalars(select(PulseRound).where(PulseRound.state == "draft")).one()
    with pytest.raises(NotYet):
        round_actions.plan_round(draft, by=cast.chloe.id, at=NOW, today=TODAY)


def test_two_who_change_it_at_once_do_not_undo_each_other(cast: Cast, browse: Any) -> None:
    chloe = browse(cast.chloe)
    url = a_draft(chloe)
    first, second = sent(k_score="7"), sent(k_score="10", k_comment="10")
    assert chloe.post(url, first).status_code == 303
    answer = chloe.post(url, second)
    assert (answer.status_code, "Somebody has changed this round" in answer.text) == (409, True)
    assert the_round().k_score == 7


def test_a_cancelled_round_is_over(cast: Cast, browse: Any) -> None:
    chloe = browse(cast.chloe)
    url = a_draft(chloe)
    assert "Nobody has been asked" in chloe.get(f"{url}/cancellation").text
    assert chloe.post(f"{url}/cancellation").status_code == 303
    assert the_round().state == "cancelled"
    assert "cancelled" in chloe.get(url).text
    assert chloe.post(f"{url}/cancellation").status_code == 409
    assert db.session.scalars(select(Message).where(Message.kind.like("pulse%"))).all() == []


@pytest.mark.parametrize("who", NOBODY_ELSE)
def test_nobody_else_gets_in(cast: Cast, browse: Any, who: str) -> None:
    with transaction():
        url = f"/pulse/rounds/{a_round(opens_at=NOW + timedelta(days=5)).id}"
        question = PulseItem(text=TEXTS, made_at=NOW)
        db.session.add(question)
    own = f"/pulse/rounds/questions/{question.id}"
    browser = browse(getattr(cast, who))
    for path in ("/pulse/rounds", "/pulse/rounds/cadence", url, f"{url}/preview", f"{url}/opening", f"{url}/closing"):
        assert browser.get(path).status_code == 403
    for path in ("/pulse/rounds/questions", own):
        assert browser.get(path).status_code == 403
    for path in (url, f"{url}/opening", f"{url}/closing", f"{url}/cancellation", f"{url}/slips", f"{own}/retirement"):
        assert browser.post(path, sent()).status_code == 403
    assert the_round().state == "planned"


def test_what_is_not_there_is_404(cast: Cast, browse: Any) -> None:
    chloe = browse(cast.chloe)
    for path in ("/pulse/rounds/4711", "/pulse/rounds/4711/preview", "/pulse/rounds/questions/4711"):
        assert chloe.get(path).status_code == 404
    assert chloe.post("/pulse/rounds/4711/opening").status_code == 404
