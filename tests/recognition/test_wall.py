"""The wall: who reads what, who does not want to stand there, and what a leader takes off it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_person, joins
from tests.home.test_query_counts import selects
from tests.recognition.saying import PRAISE, WORDS, a_key, praised, read_at, thank, the_thanks, told
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Membership, Person, Tenure
from tracker.recognition.models import Thanked, Thanks

People = dict[str, Browser]
LATER = NOW + timedelta(days=1)
EVERYBODY = ("amina", "brian", "chloe", "dora", "ruth", "kevin", "faith")


def readers(people: People, words: str = WORDS) -> set[str]:
    return {name for name in EVERYBODY if words in read_at(LATER, people[name])}


def test_ones_team_reads_it_and_who_leads_it_and_above_and_nobody_else(cast: Cast, people: People) -> None:
    thank(people["amina"], cast.kevin)
    assert readers(people) == {"amina", "kevin", "brian", "faith"}
    (kudos,) = the_thanks()
    with clock.set_to(LATER):
        for stranger in ("dora", "chloe", "ruth"):
            assert people[stranger].get(f"/thanks/{kudos.id}").status_code == 404


def test_thanks_of_another_teams_person_stay_with_that_team(cast: Cast, people: People) -> None:
    with transaction():
        hassan = a_person("Hassan Ali", team=cast.floor)
    thank(people["amina"], hassan)
    assert readers(people) == {"dora", "faith"}


def test_thanks_to_a_leader_are_read_beneath(cast: Cast, people: People) -> None:
    thank(people["kevin"], cast.brian)
    assert readers(people) == {"amina", "kevin", "brian", "dora", "faith"}


def test_who_moved_reads_the_new_teams_wall_and_not_the_old_ones(cast: Cast, people: People) -> None:
    thank(people["amina"], cast.kevin)
    with transaction():
        db.session.execute(delete(Membership).where(Membership.person_id == cast.amina.id))
        joins(cast.amina, cast.floor)
    assert readers(people) == {"kevin", "brian", "faith"}


def test_a_former_leader_reads_it_no_more(cast: Cast, people: People) -> None:
    thank(people["amina"], cast.kevin)
    with transaction():
        db.session.query(Tenure).filter_by(person_id=cast.brian.id).one().ended_on = NOW.date()
    assert "brian" not in readers(people)


def test_opting_out_holds_at_once_for_all_that_is_there_and_comes(cast: Cast, people: People) -> None:
    thank(people["amina"], cast.kevin)
    praised(cast.kevin)
    assert people["kevin"].post("/thanks/wall/absence").status_code == 303
    assert people["kevin"].post("/thanks/wall/absence").status_code == 303
    thank(people["brian"], cast.kevin, text="You calmed a whole queue on Friday.")
    for words in (WORDS, PRAISE, "You calmed a whole queue"):
        assert readers(people, words) == set()
        assert words in read_at(LATER, people["kevin"], "/thanks/mine")
    assert told(cast.kevin) == ["thanks.received", "praise.first", "thanks.received"]
    people["kevin"].post("/thanks/wall/return")
    for words in (WORDS, PRAISE, "You calmed a whole queue"):
        assert readers(people, words) == {"amina", "kevin", "brian", "faith"}


def test_who_opted_out_is_not_shown_as_giver_either(cast: Cast, people: People) -> None:
    thank(people["amina"], cast.kevin)
    people["amina"].post("/thanks/wall/absence")
    assert readers(people) == set()
    assert WORDS in read_at(LATER, people["kevin"], "/thanks/mine")


def test_one_of_several_who_keeps_it_takes_it_off_for_all(cast: Cast, people: People) -> None:
    page = thank(people["amina"], cast.kevin, cast.brian).location
    assert people["kevin"].post(page + "/keeping").status_code == 303
    assert readers(people) == set()
    assert WORDS in read_at(LATER, people["brian"], "/thanks/mine")
    assert people["amina"].post(page + "/keeping").status_code == 403


def test_who_has_left_is_on_no_wall(cast: Cast, people: People) -> None:
    thank(people["amina"], cast.kevin)
    with transaction():
        db.session.get_one(Person, cast.kevin.id).ended_on = LATER.date()
    assert readers(people) == set()


def test_a_leader_takes_it_off_with_a_reason_that_is_read(cast: Cast, people: People) -> None:
    page = thank(people["amina"], cast.kevin).location
    with clock.set_to(LATER):
        assert "Take it off the wall" in people["brian"].get(page).text
        assert people["brian"].post(page + "/hiding", {"reason": " "}).status_code == 422
        assert (
            people["brian"].post(page + "/hiding", {"reason": "It tells of a customer’s illness."}).status_code == 303
        )
        assert people["brian"].post(page + "/hiding", {"reason": "Again."}).status_code == 409
        for who in ("amina", "kevin"):
            assert "took something with you on it off the wall" in people[who].get("/inbox").text
            assert "a customer’s illness" in people[who].get(page).text
    assert readers(people) == set()
    with clock.set_to(LATER):
        assert people["brian"].post(page + "/return").status_code == 303
        assert "took something with you" not in people["amina"].get("/inbox").text
    assert readers(people) == {"amina", "kevin", "brian", "faith"}


def test_who_reads_it_and_does_not_lead_takes_nothing_off(cast: Cast, people: People) -> None:
    page = thank(people["amina"], cast.kevin).location
    with clock.set_to(LATER):
        for reader in ("amina", "kevin", "faith"):
            assert people[reader].post(page + "/hiding", {"reason": "x"}).status_code == 403
            assert people[reader].post(page + "/return").status_code == 403
            assert "/hiding" not in people[reader].get(page).text
        assert people["dora"].post(page + "/hiding", {"reason": "x"}).status_code == 404
        for reader in ("faith", "brian"):
            assert people[reader].post(page + "/keeping").status_code == 403
            assert people[reader].post(page + "/sharing").status_code == 403


def test_a_leader_does_not_take_off_what_concerns_the_leader(cast: Cast, people: People) -> None:
    page = thank(people["amina"], cast.kevin, cast.brian).location
    with clock.set_to(LATER):
        assert people["brian"].post(page + "/hiding", {"reason": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/thanks", "Nobody has been thanked yet"),
        ("/thanks?show=praise", "No praise is shared yet"),
        ("/thanks?show=nonsense", "Nobody has been thanked yet"),
        ("/thanks/stories", "No story yet"),
        ("/thanks/mine", "Nothing here yet"),
        ("/thanks/mine?show=given", "You have not thanked anybody here yet"),
        ("/thanks?page=7", "There is nothing older"),
    ],
)
def test_an_empty_page_says_what_it_is_for(cast: Cast, people: People, address: str, words: str) -> None:
    assert words in people["dora"].get(address).text


def test_it_is_paged_newest_first_and_its_questions_do_not_grow(cast: Cast, people: People) -> None:
    def many(number: int, since: int) -> None:
        with transaction():
            for step in range(number):
                kudos = Thanks(
                    kind="kudos", by_id=cast.amina.id, form_key=a_key(), text=f"Good word {since + step:03}",
                    made_at=NOW, shows_at=NOW + timedelta(minutes=since + step),
                )  # fmt: skip
                kudos.people = [Thanked(person_id=cast.kevin.id, team_id=cast.tills.id)]
                db.session.add(kudos)

    def asked() -> int:
        with clock.set_to(LATER), selects() as seen:
            people["brian"].get("/thanks")
        return len(seen)

    many(2, 0)
    before = asked()
    many(30, 2)
    assert asked() == before <= 16
    first, second = read_at(LATER, people["brian"]), read_at(LATER, people["brian"], "/thanks?page=2")
    assert first.index("Good word 031") < first.index("Good word 030") < first.index("Good word 020")
    assert "Good word 019" in second
    assert "Good word 020" not in second


def test_no_page_of_it_counts_anybody(cast: Cast, people: People) -> None:
    thank(people["amina"], cast.kevin)
    praised(cast.kevin)
    page = read_at(LATER, people["kevin"], "/thanks/mine")
    assert WORDS in page
    assert not any(f"{number} {word}" in page for number in (1, 2) for word in ("thanks", "times", "entries", "praise"))


def test_strangers_are_sent_to_the_door(cast: Cast, browse: Any) -> None:
    outside = browse(None)
    for address in ("/thanks", "/thanks/mine", "/thanks/new", "/thanks/stories", "/thanks/stories/new", "/thanks/1"):
        assert "/sign-in" in outside.get(address).location
