"""Interviews and observations: noted once, read at once by whom they are about, put right, taken back, answered."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_touchpoint
from tests.interviews.noting import WORDS, YESTERDAY, a_watch, an_answer, interview, noted, observation, told
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.interviews.models import EncounterChange
from tracker.ratings.models import Customer
from tracker.ratings.survey_models import SurveyVersion

People = dict[str, Browser]


def test_a_manager_notes_what_a_customer_said(cast: Cast, people: People) -> None:
    saved = interview(people["brian"], cast.amina)
    assert saved.status_code == 303, saved.text
    (kept,) = noted()
    assert (kept.kind, kept.person_id, kept.by_id, kept.stars, kept.effort) == (
        "interview", cast.amina.id, cast.brian.id, 5, None,
    )  # fmt: skip
    assert kept.drivers == ["friendliness", "speed"]  # what the stars ask for; the other list does not count
    assert (kept.team_id, kept.happened_on, kept.written_at) == (cast.tills.id, YESTERDAY.date(), NOW)
    assert (kept.words, kept.notes, kept.emotions) == (WORDS, "Asked at the door.", ["at_ease"])
    assert told(cast.amina) == ["interview.noted"]
    page = people["amina"].get(saved.location).text
    assert WORDS in page
    assert "Noted by Brian Kamau" in page
    assert "It doesn’t count in the score." in page
    assert "C-77" not in page  # the reference is for whoever noted it
    assert "C-77" in people["brian"].get(saved.location).text


def test_three_stars_and_fewer_name_what_could_be_better(cast: Cast, people: People) -> None:
    interview(people["brian"], cast.amina, stars="3")
    assert noted()[0].drivers == ["price_clear"]


def test_an_interview_about_oneself_is_marked_as_such(cast: Cast, people: People) -> None:
    saved = interview(people["amina"], cast.amina)
    assert saved.status_code == 303
    assert "Noted by yourself" in people["amina"].get(saved.location).text
    assert "Noted by Amina Otieno about their own service" in people["brian"].get(saved.location).text
    assert (
        "Noted by Amina Otieno about their own service"
        in people["brian"].get(f"/people/{cast.amina.id}/interviews").text
    )
    assert told(cast.amina) == []


def test_an_observation_reaches_the_observed_first(cast: Cast, people: People) -> None:
    late = NOW.replace(hour=20)  # 23:00 in Nairobi: outside her hours, and yet at once
    with clock.set_to(late):
        saved = observation(people["brian"], cast.kevin)
        assert saved.status_code == 303, saved.text
        assert "noted an observation of your service" in people["kevin"].get("/inbox").text
    (kept,) = noted()
    assert kept.marks["friendliness"] == "well"
    assert kept.marks["price_clear"] == "unseen"
    page = people["kevin"].get(saved.location).text
    assert "Done well" in page
    assert "Not yet" in page
    assert "Say the price aloud." in page


def test_the_same_form_sent_twice_is_one_entry(cast: Cast, people: People) -> None:
    for send, data, path in ((interview, an_answer(), "i"), (observation, a_watch(), "o")):
        addresses = {send(people["brian"], cast.amina, **data).location for _time in range(3)}
        assert len(addresses) == 1, path
    assert len(noted()) == 2
    assert told(cast.amina) == ["interview.noted", "interview.noted"]
    assert db.session.query(AuditEntry).filter_by(action="interview.noted").count() == 2
    assert "This had been saved already; here it is." in people["brian"].get("/interviews").text


def test_another_persons_form_key_is_of_no_use(cast: Cast, people: People) -> None:
    data = an_answer()
    interview(people["brian"], cast.amina, **data)
    interview(people["amina"], cast.amina, **data)
    assert [(one.by_id, one.person_id) for one in noted()] == [
        (cast.brian.id, cast.amina.id), (cast.amina.id, cast.amina.id),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"stars": ""}, "Choose one of the faces"),
        ({"stars": "6"}, "Choose one from the list"),
        ({"agreed": ""}, "Without the customer’s yes nothing is noted"),
        ({"happened_on": "2026-11-19"}, "This moment is still to come"),
        ({"happened_on": "2026-08-01"}, "That is more than 90 days ago"),
        ({"happened_on": ""}, "Choose a day"),
        ({"happened": "25:00"}, "Not a valid time value"),
        ({"emotions": ["rage"]}, "Choose from the list"),
        ({"praised": ["no_such"]}, "Choose from the list"),
        ({"words": "x" * 2001}, "Use 2000 characters at most"),
        ({"place": "x" * 81}, "Use 80 characters at most"),
    ],
)
def test_what_cannot_be_is_answered_and_the_draft_stays(
    cast: Cast, people: People, wrong: dict[str, Any], sentence: str
) -> None:
    answer = interview(people["brian"], cast.amina, **{"notes": "This stays in the form.", **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "This stays in the form." in answer.text
    assert noted() == []


def test_a_form_that_was_refused_keeps_its_key(cast: Cast, people: People) -> None:
    data = an_answer(stars="")
    assert data["key"] in interview(people["brian"], cast.amina, **data).text
    odd = interview(people["brian"], cast.amina, **{**data, "key": "<made up>"})
    assert "made up" not in odd.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"went_well": " "}, "Fill this in"),
        ({"mark_speed": "badly"}, "Choose one from the list"),
        (
            {"mark_friendliness": "unseen", "mark_speed": "unseen", "mark_knowledge": "unseen"},
            "Mark at least one point that you could see",
        ),
        ({"to_try": "x" * 501}, "Use 500 characters at most"),
    ],
)
def test_an_observation_that_says_nothing_is_refused(
    cast: Cast, people: People, wrong: dict[str, str], sentence: str
) -> None:
    answer = observation(people["brian"], cast.amina, **wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert noted() == []


def test_the_touchpoint_decides_what_is_asked(app: Flask, cast: Cast, people: People) -> None:
    with transaction():
        desk = a_touchpoint("Service desk", "post_purchase").id
    first = people["brian"].get("/interviews/new").text
    assert "Service desk" in first
    assert "How did it leave" not in first
    page = people["brian"].get(f"/interviews/new?person={cast.amina.id}&touchpoint={desk}").text
    assert "There when needed" in page
    assert "How easy was it?" in page
    assert "Clear price" not in page
    data = an_answer(praised=["promise_kept"], wished=[], effort="4")
    assert people["brian"].post(f"/interviews?person={cast.amina.id}&touchpoint={desk}", data).status_code == 303
    assert (noted()[0].touchpoint_id, noted()[0].effort) == (desk, 4)


def test_an_answer_keeps_the_words_of_its_version(cast: Cast, people: People) -> None:
    def version(number: int, praise: str) -> SurveyVersion:
        words = dict.fromkeys(("en", "sw", "fr"), praise)
        driver = {"key": "friendliness", "praise": words, "wish": words}
        content = {"question": {}, "drivers": [driver], "emotions": [], "effort": False, "comment": True}
        return SurveyVersion(stage="purchase", number=number, content=content, created_at=NOW)

    with transaction():
        db.session.add(version(1, "A warm welcome"))
    page = people["brian"].get(f"/interviews/new?person={cast.amina.id}&touchpoint=").text
    assert "A warm welcome" in page
    assert "v=1" in page
    with transaction():
        db.session.add(version(2, "Smiled"))
    data = an_answer(praised=["friendliness"], wished=[], emotions=[])
    saved = people["brian"].post(f"/interviews?person={cast.amina.id}&touchpoint=&v=1", data)
    assert "A warm welcome" in people["amina"].get(saved.location).text
    assert "A warm welcome" in people["brian"].get(saved.location + "/correction").text


def test_the_first_step_says_what_is_missing(cast: Cast, people: People) -> None:
    for path in ("/interviews/new?person=&touchpoint=", "/observations/new?person=&touchpoint=1"):
        answer = people["brian"].get(path)
        assert answer.status_code == 422
        assert "Choose a person" in answer.text
    assert people["brian"].get("/interviews/new?person=abc&touchpoint=9999").status_code == 422


def test_its_author_puts_it_right_within_72_hours(cast: Cast, people: People) -> None:
    page = interview(people["brian"], cast.amina).location
    form = people["brian"].get(page + "/correction").text
    assert WORDS in form
    assert "C-77" in form
    again = {**an_answer(words="She packed my eggs on top.", customer="C-78"), "reason": "I had added a word."}
    assert people["brian"].post(page + "/correction", {**again, "reason": ""}).status_code == 422
    assert people["brian"].post(page + "/correction", again).status_code == 303
    assert people["brian"].post(page + "/correction", again).status_code == 303  # twice changes nothing
    assert db.session.scalar(select(func.count()).select_from(EncounterChange)) == 1
    assert told(cast.amina) == ["interview.noted", "interview.corrected"]
    read = people["amina"].get(page).text
    assert "I had added a word." in read
    assert "She packed my eggs on top." in read
    assert WORDS in read
    references = select(Customer.reference).where(Customer.id == noted()[0].customer_id)
    assert db.session.scalar(references) == "C-78"


def test_after_72_hours_it_stands(cast: Cast, people: People, browse: Any) -> None:
    page = observation(people["brian"], cast.amina).location
    again = {**a_watch(went_well="Something else."), "reason": "Later thought."}
    in_time, late = NOW + timedelta(hours=72), NOW + timedelta(hours=72, minutes=1)
    brian = browse(cast.brian, at=in_time)
    with clock.set_to(in_time):
        assert brian.get(page + "/correction").status_code == 200
    with clock.set_to(late):
        assert brian.get(page + "/correction").status_code == 409
        assert brian.post(page + "/correction", again).status_code == 409
        assert "Put it right" not in brian.get(page).text
    assert noted()[0].went_well == "Looked up and greeted everybody."


def test_taken_back_it_is_read_by_nobody(cast: Cast, people: People) -> None:
    page = observation(people["brian"], cast.amina).location
    people["brian"].post(page + "/correction", {**a_watch(went_well="Put better."), "reason": "Clearer."})
    assert people["brian"].post(page + "/withdrawal", {"reason": " "}).status_code == 422
    assert people["brian"].post(page + "/withdrawal", {"reason": "It was somebody else."}).status_code == 303
    assert people["brian"].post(page + "/withdrawal", {"reason": "Again."}).status_code == 409
    assert people["brian"].get(page + "/correction").status_code == 409
    for who in ("amina", "brian"):
        read = people[who].get(page).text
        assert "It was somebody else." in read
        assert "Looked up and greeted" not in read
        assert "Put better." not in read
    listed = people["amina"].get("/interviews").text
    assert "taken back" in listed
    assert "No interviews or observations" in listed
    assert "Put better." not in listed
    assert told(cast.amina) == ["interview.noted", "interview.corrected", "interview.taken_back"]


def test_the_observed_answers_once(cast: Cast, people: People) -> None:
    page = observation(people["brian"], cast.amina).location
    assert people["amina"].post(page + "/reply", {"text": " "}).status_code == 422
    assert people["brian"].post(page + "/reply", {"text": "Mine"}).status_code == 403
    for _time in range(2):  # the button twice
        assert people["amina"].post(page + "/reply", {"text": "The printer was stuck."}).status_code == 303
    assert people["amina"].post(page + "/reply", {"text": "More"}).status_code == 409
    assert "The printer was stuck." in people["brian"].get(page).text
    assert told(cast.brian) == ["interview.replied"]


def test_who_noted_it_about_themselves_has_no_second_view(cast: Cast, people: People) -> None:
    page = interview(people["amina"], cast.amina).location
    assert "Add my view" not in people["amina"].get(page).text
    assert people["amina"].post(page + "/reply", {"text": "Mine"}).status_code == 409
