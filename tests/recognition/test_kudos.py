"""Thanking colleagues: who is told and when, what is refused, taking back."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_person
from tests.home.cards import a_card, figures
from tests.recognition.saying import WORDS, a_key, read_at, thank, the_thanks, to, told
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction

People = dict[str, Browser]
TOMORROW = NOW.replace(hour=5) + timedelta(days=1)  # Thursday, eight in Nairobi


def test_the_person_is_told_at_once_and_reads_it_before_the_wall_does(cast: Cast, people: People) -> None:
    page = thank(people["amina"], cast.kevin, driver="felt_as_an_individual").location
    assert told(cast.kevin) == ["thanks.received"]
    assert "Amina Otieno says thank you" in people["kevin"].get("/inbox").text
    assert WORDS not in people["kevin"].get("/inbox").text
    assert WORDS in people["kevin"].get(page).text
    assert "Felt as an individual" in people["kevin"].get(page).text
    assert "The wall shows it from Thu 19 Nov, 08:00 on." in read_at(TOMORROW - timedelta(minutes=1), people["kevin"])
    assert "For you first" not in read_at(TOMORROW, people["kevin"])
    for other in ("brian", "amina"):
        assert WORDS not in read_at(TOMORROW - timedelta(minutes=1), people[other])
        assert WORDS in read_at(TOMORROW, people[other])
    assert people["brian"].get(page).status_code == 404


def test_who_is_away_is_the_first_to_read_it_all_the_same(cast: Cast, people: People) -> None:
    saturday = NOW + timedelta(days=3)
    with clock.set_to(saturday):
        thank(people["amina"], cast.kevin)
        assert "says thank you" not in people["kevin"].get("/inbox").text
    monday = TOMORROW + timedelta(days=4)
    assert WORDS not in read_at(monday + timedelta(hours=8), people["amina"])
    assert WORDS in read_at(monday + timedelta(days=1), people["amina"])


def test_several_are_thanked_at_once_and_each_is_told(cast: Cast, people: People) -> None:
    thank(people["amina"], cast.kevin, cast.brian)
    assert told(cast.kevin) == told(cast.brian) == ["thanks.received"]
    assert len(the_thanks()) == 1
    assert "Amina Otieno thanks Brian Kamau and you" in people["kevin"].get("/thanks/mine").text
    entries = db.session.query(AuditEntry).filter_by(action="thanks.given").all()
    assert {entry.person_id for entry in entries} == {cast.kevin.id, cast.brian.id}
    assert not any(WORDS in str(entry.details) for entry in entries)


def test_the_same_form_sent_twice_is_one(cast: Cast, people: People) -> None:
    key = a_key()
    first = thank(people["amina"], cast.kevin, key=key)
    assert thank(people["amina"], cast.kevin, key=key).location == first.location
    assert len(the_thanks()) == 1
    assert told(cast.kevin) == ["thanks.received"]


def test_nobody_thanks_themselves(cast: Cast, people: People) -> None:
    assert "to=" not in thank(people["amina"], cast.amina).location
    thank(people["amina"], cast.amina, cast.kevin)
    assert len(the_thanks()) == 1
    assert told(cast.amina) == []
    assert told(cast.kevin) == ["thanks.received"]
    chooser = people["amina"].get("/thanks/new?q=Amina").text
    assert "Kevin Odhiambo" in chooser
    assert "Amina Otieno ·" not in chooser


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Say what you thank for"),
        ("   short  ", "Say it in 10 characters or more"),
        ("x" * 501, "Use 500 characters at most"),
        ("Thank you, and Brian too", "Brian is named here"),
        ("Thank you, and brian’s friend too", "Brian is named here"),
        ("Thank you, call me at 0722 123 456", "Leave out addresses, links and phone numbers"),
    ],
)
def test_what_cannot_be_sent_comes_back_with_its_words(cast: Cast, people: People, text: str, why: str) -> None:
    answer = thank(people["amina"], cast.kevin, text=text)
    assert answer.status_code == 422
    assert why in answer.text
    assert text.strip() in answer.text
    assert the_thanks() == []


def test_a_driver_that_is_none_is_refused(cast: Cast, people: People) -> None:
    assert thank(people["amina"], cast.kevin, driver="charm").status_code == 422


def test_a_fifth_a_day_and_no_more_and_the_same_person_once(app: Flask, cast: Cast, people: People) -> None:
    with transaction():
        others = [a_person(f"Wanjiku{number} Njoroge", team=cast.tills) for number in range(6)]
    assert thank(people["amina"], others[0]).status_code == 303
    again = thank(people["amina"], others[0], others[1])
    assert again.status_code == 422
    assert "You thanked Wanjiku0 Njoroge less than a day ago" in again.text
    assert WORDS in again.text
    for other in others[1:5]:
        assert thank(people["amina"], other).status_code == 303
    sixth = thank(people["amina"], others[5])
    assert sixth.status_code == 422
    assert "Keep this one for tomorrow" in sixth.text
    with clock.set_to(NOW + timedelta(hours=24)):
        assert thank(people["amina"], others[5]).status_code == 303
        assert thank(people["amina"], others[0]).status_code == 303


def test_more_than_eight_at_once_are_too_many(cast: Cast, people: People) -> None:
    with transaction():
        others = [a_person(team=cast.tills) for _number in range(9)]
    answer = people["amina"].get(f"/thanks/new?step=write&{to(others)}")
    assert answer.status_code == 422
    assert "Choose 8 people at most" in answer.text
    assert thank(people["amina"], *others).status_code == 422
    assert the_thanks() == []


def test_choosing_keeps_who_is_ticked_while_one_looks_for_others(cast: Cast, people: People) -> None:
    page = people["amina"].get(f"/thanks/new?step=find&q=dora&to={cast.kevin.id}").text
    assert "Dora Mwangi · Nairobi Central" in page
    ticked = next(line for line in page.split("<label") if "Kevin Odhiambo" in line)
    assert "checked" in ticked
    nobody = people["amina"].get("/thanks/new?step=write")
    assert nobody.status_code == 422
    assert "Choose at least one person" in nobody.text
    assert people["amina"].get("/thanks/new?step=write&to=987654").status_code == 422


def test_who_has_left_is_not_thanked(cast: Cast, people: People) -> None:
    with transaction():
        db.session.get_one(type(cast.kevin), cast.kevin.id).ended_on = NOW.date()
    assert "to=" not in thank(people["amina"], cast.kevin).location
    assert the_thanks() == []


def test_it_can_be_taken_back_for_a_day(cast: Cast, people: People) -> None:
    page = thank(people["amina"], cast.kevin).location
    with clock.set_to(NOW + timedelta(hours=24, seconds=1)):
        assert people["amina"].post(page + "/withdrawal").status_code == 409
    with clock.set_to(NOW + timedelta(hours=24)):
        assert people["amina"].post(page + "/withdrawal").status_code == 303
        assert people["amina"].post(page + "/withdrawal").status_code == 303
        assert people["kevin"].get(page).status_code == 404
        assert "says thank you" not in people["kevin"].get("/inbox").text
        assert WORDS not in people["kevin"].get("/thanks/mine").text
        assert WORDS not in people["brian"].get("/thanks").text
        assert "You took it back" in people["amina"].get(page).text
    assert people["amina"].post(page + "/keeping").status_code == 403


def test_only_who_said_it_takes_it_back(cast: Cast, people: People) -> None:
    page = thank(people["amina"], cast.kevin).location
    assert people["kevin"].post(page + "/withdrawal").status_code == 403
    for stranger in ("dora", "chloe", "ruth", "faith", "brian"):
        assert people[stranger].get(page).status_code == 404
        for deed in ("withdrawal", "keeping", "sharing", "hiding", "return"):
            assert people[stranger].post(f"{page}/{deed}", {"reason": "x"}).status_code == 404
    assert people["dora"].get(page).data == people["dora"].get("/thanks/987654").data


def test_the_board_says_whom_to_thank_and_the_form_is_ready(cast: Cast, people: People) -> None:
    with transaction():
        a_card(cast.kevin, figures(score=4.9), audience="shared")
    board = people["brian"].get("/board").text
    link = re.search(r'href="(/thanks/new[^"]*)"[^>]*>Say thank you<span class="sr"> for Kevin Odhiambo', board)
    assert link
    page = people["brian"].get(unescape(link[1])).text
    assert "To Kevin Odhiambo" in page
    assert "Send thanks" in page
    assert "Say thank you" in people["brian"].get(f"/people/{cast.kevin.id}/feedback").text
