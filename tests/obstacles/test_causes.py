"""What stands in the way as a thing of its own: given to a team, answered, renamed, merged; who may, and who hears it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_team
from tests.obstacles.making import (
    EARLIER,
    RECEIPT,
    a_day_ahead,
    causes,
    entries,
    ids,
    obstacles,
    rating_of,
    said,
    said_by_people,
    the_cause,
    told,
)
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict, Invalid
from tracker.obstacles.actions import answer, give, merge, rename, say, withdraw
from tracker.obstacles.queries import last_answers
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Cause
from tracker.ratings.obstacles import Named, standing

LATER = NOW + timedelta(hours=3)


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def page(cast: Cast) -> str:
    """Amina has named it; nobody answers for it yet."""
    with transaction():
        said(cast.amina)
    return f"/obstacles/{the_cause().id}"


def to_floor(cast: Cast) -> dict[str, str]:
    return {"team": str(cast.floor.id), "due_on": a_day_ahead(14).isoformat()}


def given(cast: Cast) -> Cause:
    cause = the_cause()
    give(cause, cast.floor, due_on=a_day_ahead(14), by=cast.chloe.id, at=NOW)
    return cause


def test_it_goes_from_a_name_to_an_answer(cast: Cast, page: str, people: dict[str, Browser]) -> None:
    assert "Nobody answers for it yet" in people["amina"].get(page).text
    assert people["brian"].post(f"{page}/owner", to_floor(cast)).status_code == 303
    assert told("cause.given") == [cast.dora.id]
    assert "is yours to answer" in people["dora"].get("/inbox").text
    assert "1 waits for a word of yours" in people["dora"].get("/obstacles").text
    sent = {"kind": "planned", "change_on": a_day_ahead(30).isoformat(), "words": "The bank’s message will do."}
    assert people["dora"].post(f"{page}/answers", sent).status_code == 303
    assert told("obstacle.answered") == [cast.amina.id]
    shown = people["amina"].get(page).text
    assert "The bank’s message will do." in shown
    assert "You named it" in shown
    assert "there is an answer" in people["amina"].get("/inbox").text
    assert the_cause().due_on == a_day_ahead(30), "then it is asked whether it is done"
    assert "waits for a word of yours" not in people["dora"].get("/obstacles").text
    done = {"kind": "done", "change_on": "", "words": "Since Monday."}
    assert people["dora"].post(f"{page}/answers", done).status_code == 303
    assert the_cause().due_on is None
    assert told("obstacle.answered") == [cast.amina.id] * 2
    assert entries(the_cause()) == ["given", "planned", "done"]


def test_everybody_reads_it_and_few_act(cast: Cast, page: str, people: dict[str, Browser]) -> None:
    acts: dict[str, dict[str, Any]] = {
        "owner": to_floor(cast),
        "answers": {"kind": "done", "words": "x"},
        "name": {"name": "Another"},
        "merger": {"into": "1"},
    }
    for name in ("amina", "kevin", "dora", "faith"):
        shown = people[name].get(page)
        assert shown.status_code == 200
        assert "<form class" not in shown.text, "nothing to send"
        for act, sent in acts.items():
            assert people[name].post(f"{page}/{act}", sent).status_code == 403, (name, act)
    for name in ("chloe", "ruth"):
        assert people[name].post(f"{page}/answers", acts["answers"]).status_code == 403, "only a team answers"
    assert people["amina"].get("/obstacles/999999").status_code == 404
    assert people["chloe"].post("/obstacles/999999/owner", acts["owner"]).status_code == 404
    assert entries(the_cause()) == []


def test_a_stranger_is_asked_to_sign_in(page: str, browse: Any) -> None:
    assert browse(None).get(page).status_code == 303
    assert browse(None).get("/obstacles").status_code == 303


def test_the_authors_leader_chooses_only_while_nobody_has_it(cast: Cast, page: str, people: dict[str, Browser]) -> None:
    assert people["dora"].post(f"{page}/owner", to_floor(cast)).status_code == 403
    with transaction():
        given(cast)
    assert people["brian"].post(f"{page}/owner", to_floor(cast)).status_code == 403
    for office in ("chloe", "ruth"):
        assert people[office].post(f"{page}/owner", to_floor(cast)).status_code == 303


def test_who_leads_above_may_answer_too(cast: Cast, page: str, people: dict[str, Browser]) -> None:
    with transaction():
        given(cast)
    assert people["faith"].post(f"{page}/answers", {"kind": "declined", "words": "It is the law."}).status_code == 303
    assert "1 waits" not in people["dora"].get("/obstacles").text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"team": ""}, "Choose a team"),
        ({"team": "999999"}, "Choose one from the list"),
        ({"due_on": ""}, "Choose a day"),
        ({"due_on": "soon"}, "Choose a day"),
        ({"due_on": NOW.date().isoformat()}, "Choose a day still to come, within a year"),
        ({"due_on": a_day_ahead(400).isoformat()}, "Choose a day still to come, within a year"),
    ],
)
def test_a_team_that_cannot_be_asked(
    cast: Cast, page: str, people: dict[str, Browser], values: dict[str, str], words: str
) -> None:
    found = people["chloe"].post(f"{page}/owner", {**to_floor(cast), **values})
    assert found.status_code == 422
    assert words in found.text or "Not a valid date" in found.text
    assert the_cause().owner_id is None


def test_a_team_that_nobody_leads_is_not_offered(cast: Cast, page: str, people: dict[str, Browser]) -> None:
    with transaction():
        empty = a_team("Old warehouse", parent=cast.root)
    assert "Old warehouse" not in people["chloe"].get(page).text
    assert people["chloe"].post(f"{page}/owner", {**to_floor(cast), "team": str(empty.id)}).status_code == 422
    with pytest.raises(Invalid), transaction():
        give(the_cause(), empty, due_on=a_day_ahead(3), by=cast.chloe.id, at=NOW)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "planned", "change_on": ""}, "Say by when it changes"),
        ({"kind": "planned", "change_on": NOW.date().isoformat()}, "Choose a day still to come, within a year"),
        ({"kind": "maybe"}, "Choose one from the list"),
        ({"words": ""}, "Fill this in"),
        ({"words": "x" * 1001}, "Use 1000 characters at most"),
    ],
)
def test_an_answer_that_says_nothing(
    cast: Cast, page: str, people: dict[str, Browser], values: dict[str, str], words: str
) -> None:
    with transaction():
        given(cast)
    found = people["dora"].post(f"{page}/answers", {"kind": "declined", "words": "It is the law.", **values})
    assert found.status_code == 422
    assert words in found.text
    assert told("obstacle.answered") == []


def test_an_answer_without_a_team_is_refused(cast: Cast, page: str) -> None:
    with pytest.raises(Conflict), transaction():
        answer(the_cause(), kind="done", words="x", change_on=None, by=cast.chloe.id, at=NOW)
    with pytest.raises(Invalid), transaction():
        answer(given(cast), kind="planned", words="x", change_on=None, by=cast.dora.id, at=NOW)


def test_every_author_hears_each_answer_once(cast: Cast) -> None:
    with transaction():
        authors = [cast.amina, *said_by_people(cast.tills, 3)]
        said(cast.amina)
        said(cast.amina, at=EARLIER + timedelta(days=1))
        said(cast.dora)
        answer(given(cast), kind="declined", words="It is the law.", change_on=None, by=cast.dora.id, at=NOW)
    assert told("obstacle.answered") == ids(authors), "once each; who answered knows"


def test_who_took_it_back_hears_nothing_more(cast: Cast, people: dict[str, Browser]) -> None:
    with transaction():
        said(cast.kevin)
        rating = rating_of(cast.amina)
        say(rating, Named(kind="policy", name=RECEIPT), words=None, shares=False, at=NOW)
        withdraw(rating, at=NOW)
        answer(given(cast), kind="done", words="Done.", change_on=None, by=cast.dora.id, at=LATER)
    assert told("obstacle.answered") == [cast.kevin.id]


def test_it_can_be_asked_again_after_an_answer(cast: Cast, page: str, people: dict[str, Browser]) -> None:
    with transaction():
        answer(given(cast), kind="declined", words="It is the law.", change_on=None, by=cast.dora.id, at=NOW)
    with clock.set_to(LATER):
        people["chloe"].post(f"{page}/owner", to_floor(cast))
        shown = people["amina"].get(page).text
    assert "Answer due" in shown
    assert "It is the law." in shown, "what was said stands until there is another answer"
    assert "1 waits" in people["dora"].get("/obstacles").text


def test_it_gets_another_name(cast: Cast, page: str, people: dict[str, Browser]) -> None:
    with transaction():
        said(cast.kevin, name="Printer at till 3", kind="system")
    assert people["chloe"].post(f"{page}/name", {"name": ""}).status_code == 422
    assert people["chloe"].post(f"{page}/name", {"name": "printer at TILL 3"}).status_code == 409
    assert people["chloe"].post(f"{page}/name", {"name": "No receipt, no return"}).status_code == 303
    assert causes() == ["No receipt, no return", "Printer at till 3"]
    assert RECEIPT not in people["amina"].get(page).text, "it may have named somebody"
    with transaction():
        rename(the_cause("Printer at till 3"), "Printer at Till 3", by=cast.chloe.id, at=NOW)
    assert "Printer at Till 3" in causes(), "its own name may be spelt otherwise"


def test_the_team_that_answers_keeps_its_own_list_in_order(cast: Cast, page: str, people: dict[str, Browser]) -> None:
    with transaction():
        said(cast.kevin, name="Printer at till 3", kind="system")
        given(cast)
    other = the_cause("Printer at till 3")
    assert people["dora"].post(f"{page}/name", {"name": "No receipt, no return"}).status_code == 303
    assert people["dora"].post(f"{page}/merger", {"into": str(other.id)}).status_code == 422, "that is not theirs"
    assert people["dora"].post(f"/obstacles/{other.id}/name", {"name": "x"}).status_code == 403


def test_two_become_one_and_keep_their_history(cast: Cast, page: str, people: dict[str, Browser]) -> None:
    with transaction():
        said(cast.kevin, name="Receipt needed", at=EARLIER)
        answer(given(cast), kind="declined", words="It is the law.", change_on=None, by=cast.dora.id, at=NOW)
    part, into = the_cause("Receipt needed"), the_cause()
    assert told("obstacle.answered") == [cast.amina.id]
    assert people["chloe"].post(f"/obstacles/{part.id}/merger", {"into": ""}).status_code == 422
    assert people["chloe"].post(f"/obstacles/{part.id}/merger", {"into": str(into.id)}).status_code == 303
    assert [one.cause_id for one in obstacles()] == [into.id, part.id], "each keeps the name it was given"
    assert told("obstacle.answered") == ids([cast.amina, cast.kevin]), "the answer that stands is theirs too"
    moved = people["kevin"].get(f"/obstacles/{part.id}")
    assert moved.status_code == 302
    assert moved.location.endswith(f"/obstacles/{into.id}")
    shown = people["kevin"].get(page).text
    assert "Also known as: Receipt needed" in shown
    assert "You named it" in shown
    board = people["kevin"].get("/obstacles").text
    assert board.count("Receipt needed") == 0
    for act, sent in (("owner", to_floor(cast)), ("name", {"name": "x"}), ("merger", {"into": str(into.id)})):
        assert people["chloe"].post(f"/obstacles/{part.id}/{act}", sent).status_code == 403, "it is a part by now"


def test_a_chain_of_mergers_stays_flat(cast: Cast) -> None:
    with transaction():
        for name in ("A", "B", "C"):
            said(cast.amina, name=name)
        first, second, third = (the_cause(name) for name in "ABC")
        merge(first, second, by=cast.chloe.id, at=NOW)
        merge(second, third, by=cast.chloe.id, at=NOW)
    db.session.rollback()
    assert {standing(db.session.get(Cause, one.id)) for one in (first, second, third)} == {the_cause("C")}
    with pytest.raises(Conflict), transaction():
        merge(the_cause("C"), the_cause("A"), by=cast.chloe.id, at=NOW)
    with transaction():
        said(cast.kevin, name="a")
    assert obstacles()[-1].cause_id == third.id, "an old name leads to what it is a part of"


def test_what_has_no_team_takes_the_team_and_the_answer_of_the_other(cast: Cast) -> None:
    with transaction():
        said(cast.amina)
        said(cast.kevin, name="Receipt needed")
        answer(given(cast), kind="declined", words="It is the law.", change_on=None, by=cast.dora.id, at=NOW)
        merge(the_cause(), the_cause("Receipt needed"), by=cast.chloe.id, at=LATER)
    into = the_cause("Receipt needed")
    assert into.owner_id == cast.floor.id
    assert last_answers([into.id])[into.id].words == "It is the law."
    assert told("obstacle.answered") == ids([cast.amina, cast.kevin])


def test_words_are_read_by_whoever_answers_if_their_author_agrees(
    cast: Cast, people: dict[str, Browser], page: str
) -> None:
    with transaction():
        rating = rating_of(cast.kevin)
        say(rating, Named(kind="policy", name=RECEIPT), words="Zebra words", shares=True, at=NOW)
        hidden = rating_of(cast.kevin)
        say(hidden, Named(kind="policy", name=RECEIPT), words="Private words", shares=False, at=NOW)
        given(cast)
    shown = people["dora"].get(page).text
    assert "Zebra words" in shown
    assert "Private words" not in shown
    for name in ("amina", "kevin", "brian", "chloe", "ruth"):
        assert "Zebra words" not in people[name].get(page).text, name
    for text in (shown, people["dora"].get("/obstacles").text):
        assert "Kevin" not in text
        assert "Amina" not in text
    with transaction():
        found = db.session.get_one(Rating, rating.id)
        say(found, Named(kind="policy", name=RECEIPT), words="Zebra words", shares=False, at=LATER)
    assert "Zebra words" not in people["dora"].get(page).text, "agreeing can be taken back"
