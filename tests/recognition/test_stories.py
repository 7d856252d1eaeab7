"""Stories of delight: everybody in one says yes first, and may say no at any time."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import NOW, Browser, Cast
from tests.factories import a_person
from tests.recognition.saying import PRAISE, STORY, a_key, praised, read_at, tell_story, thank, the_thanks, told
from tests.recognition.test_wall import EVERYBODY
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction

People = dict[str, Browser]
LATER = NOW + timedelta(days=1)
BETTER = "A man had lost his receipt and his courage. We looked through the evening’s paper together, and there it was."


def readers(people: People) -> set[str]:
    return {name for name in EVERYBODY if STORY in read_at(NOW, people[name], "/thanks/stories")}


def test_nothing_shows_before_everybody_in_it_has_said_yes(cast: Cast, people: People) -> None:
    page = tell_story(people["brian"], cast.kevin, cast.amina).location
    assert told(cast.kevin) == told(cast.amina) == ["story.asked"]
    assert STORY in people["kevin"].get(page).text
    assert readers(people) == set()
    people["kevin"].post(page + "/sharing")
    people["kevin"].post(page + "/sharing")
    assert readers(people) == set()
    assert told(cast.brian) == []
    for stranger in ("faith", "dora", "chloe"):
        assert people[stranger].get(page).status_code == 404
    people["amina"].post(page + "/sharing")
    assert readers(people) == {"amina", "kevin", "brian", "dora", "faith"}  # Brian tells it, whose team the store is
    assert told(cast.brian) == ["story.agreed"]
    assert "Told by Brian Kamau, with Kevin Odhiambo and you" in people["amina"].get(page).text


def test_a_no_keeps_it_off_and_a_yes_can_be_taken_back(cast: Cast, people: People) -> None:
    page = tell_story(people["brian"], cast.kevin).location
    people["kevin"].post(page + "/keeping")
    assert told(cast.brian) == ["story.kept"]
    assert "Your story stays off the wall" in people["brian"].get("/inbox").text
    assert readers(people) == set()
    people["kevin"].post(page + "/sharing")
    assert "kevin" in readers(people)
    people["kevin"].post(page + "/keeping")
    assert readers(people) == set()


def test_one_that_names_nobody_shows_at_once(cast: Cast, people: People) -> None:
    tell_story(people["amina"])
    assert readers(people) == {"amina", "kevin", "brian", "faith"}


def test_for_the_whole_company_only_where_it_is_said(cast: Cast, people: People) -> None:
    tell_story(people["amina"], is_for_all="y")
    assert readers(people) == set(EVERYBODY)


def test_hr_takes_one_for_the_whole_company_off_and_none_of_a_team(cast: Cast, people: People) -> None:
    of_team = tell_story(people["amina"]).location
    of_all = tell_story(people["amina"], title="Another", is_for_all="y").location
    assert people["chloe"].post(of_team + "/hiding", {"reason": "x"}).status_code == 404
    assert people["dora"].post(of_all + "/hiding", {"reason": "x"}).status_code == 403
    assert people["ruth"].post(of_all + "/hiding", {"reason": "x"}).status_code == 403
    assert people["chloe"].post(of_all + "/hiding", {"reason": "A customer can be recognised."}).status_code == 303
    assert "A customer can be recognised" in people["amina"].get(of_all).text
    assert people["brian"].post(of_team + "/hiding", {"reason": "He leads who tells it."}).status_code == 303
    assert readers(people) == set()


def test_nobody_is_named_who_is_not_asked(cast: Cast, people: People) -> None:
    answer = tell_story(people["amina"], text=STORY + " Then Kevin came.")
    assert answer.status_code == 422
    assert "Kevin is named here" in answer.text
    assert tell_story(people["amina"], title="Kevin and the receipt").status_code == 422
    assert tell_story(people["amina"], cast.kevin, text=STORY + " Then Kevin came.").status_code == 303
    assert len(the_thanks()) == 1


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("title", "", "Give it a title"),
        ("title", "x" * 121, "Use 120 characters at most"),
        ("text", "", "Tell how it came about"),
        ("text", "Too short.", "Tell it in 40 characters or more"),
        ("text", "x" * 2_001, "Use 2000 characters at most"),
        ("text", STORY + " Ask me@example.org", "Leave out addresses"),
    ],
)
def test_what_cannot_be_told_comes_back(cast: Cast, people: People, field: str, value: str, why: str) -> None:
    answer = tell_story(people["amina"], **{field: value})
    assert answer.status_code == 422
    assert why in answer.text
    assert the_thanks() == []


def test_about_a_customers_praise_its_person_is_in_it_and_asked(cast: Cast, people: People) -> None:
    praised(cast.kevin)
    (praise,) = the_thanks()
    with clock.set_to(LATER):
        assert PRAISE in people["amina"].get(f"/thanks/stories/new?about={praise.id}&step=write").text
        page = tell_story(people["amina"], about=praise.id).location
        assert told(cast.kevin) == ["praise.first", "story.asked"]
        people["kevin"].post(page + "/sharing")
        assert PRAISE in people["brian"].get(page).text
        people["kevin"].post(f"/thanks/{praise.id}/keeping")
        told_still = people["brian"].get(page).text
    assert STORY in told_still
    assert PRAISE not in told_still


def test_about_what_one_does_not_read_is_about_nothing(cast: Cast, people: People) -> None:
    thank(people["amina"], cast.kevin)
    (kudos,) = the_thanks()
    with clock.set_to(LATER):
        assert people["dora"].get(f"/thanks/stories/new?about={kudos.id}&step=write").status_code == 200
        tell_story(people["dora"], about=kudos.id)
    assert the_thanks()[-1].about_id is None
    assert told(cast.kevin) == ["thanks.received"]


def test_its_teller_takes_it_back_whenever_they_like(cast: Cast, people: People) -> None:
    page = tell_story(people["amina"]).location
    assert people["kevin"].post(page + "/withdrawal").status_code == 403
    with clock.set_to(NOW + timedelta(days=90)):
        assert people["amina"].post(page + "/withdrawal").status_code == 303
        assert people["kevin"].get(page).status_code == 404
    assert readers(people) == set()


def test_three_a_day_and_the_same_form_once(cast: Cast, people: People) -> None:
    key = a_key()
    assert tell_story(people["amina"], key=key).location == tell_story(people["amina"], key=key).location
    tell_story(people["amina"])
    tell_story(people["amina"])
    fourth = tell_story(people["amina"])
    assert fourth.status_code == 422
    assert "Keep this one for tomorrow" in fourth.text
    assert STORY in fourth.text


def test_who_is_in_it_and_not_on_the_wall_keeps_it_off(cast: Cast, people: People) -> None:
    page = tell_story(people["brian"], cast.kevin).location
    people["kevin"].post(page + "/sharing")
    people["kevin"].post("/thanks/wall/absence")
    assert readers(people) == set()
    people["kevin"].post("/thanks/wall/return")
    people["brian"].post("/thanks/wall/absence")
    assert readers(people) == set()


def test_the_team_of_whoever_is_in_it_reads_it_too(cast: Cast, people: People) -> None:
    with transaction():
        hassan = a_person("Hassan Ali", team=cast.floor)
    page = tell_story(people["amina"], hassan).location
    assert readers(people) == set()
    assert people["dora"].get(page).status_code == 404


def reword(browser: Browser, page: str, **values: str) -> Any:
    return browser.post(page + "/words", {"title": "The lost receipt", "text": BETTER, **values})


def test_words_are_put_right_before_anybody_has_said_yes(cast: Cast, people: People) -> None:
    page = tell_story(people["brian"], cast.kevin, cast.amina).location
    assert f'href="{page}/words"' in people["brian"].get(page).text
    assert STORY in people["brian"].get(page + "/words").text
    people["amina"].post(page + "/keeping")
    assert reword(people["brian"], page).location == page
    assert BETTER in people["kevin"].get(page).text
    assert told(cast.kevin) == ["story.asked", "story.asked"]
    assert told(cast.amina) == ["story.asked"], "a no stays a no, and is not asked again"
    reword(people["brian"], page)
    assert told(cast.kevin) == ["story.asked", "story.asked"]
    actions = [entry.action for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions.count("story.reworded") == 1


def test_nobody_says_yes_to_words_that_changed_while_they_read(cast: Cast, people: People) -> None:
    page = tell_story(people["brian"], cast.kevin).location
    [read] = re.findall(r'name="read" value="([0-9a-f]+)"', people["kevin"].get(page).text)
    reword(people["brian"], page)
    answer = people["kevin"].post(page + "/sharing", {"read": read})
    assert (answer.status_code, "Read them again" in answer.text) == (409, True)
    assert readers(people) == set()
    [read] = re.findall(r'name="read" value="([0-9a-f]+)"', people["kevin"].get(page).text)
    assert people["kevin"].post(page + "/sharing", {"read": read}).status_code == 303


def test_words_stay_once_somebody_has_said_yes(cast: Cast, people: People) -> None:
    page = tell_story(people["brian"], cast.kevin, cast.amina).location
    people["kevin"].post(page + "/sharing")
    assert "/words" not in people["brian"].get(page).text
    assert people["brian"].get(page + "/words").location == page
    answer = reword(people["brian"], page)
    assert (answer.status_code, "Somebody has said yes" in answer.text, BETTER in answer.text) == (409, True, True)
    assert the_thanks()[0].text == STORY
    shown = tell_story(people["amina"], title="Mine").location
    assert reword(people["amina"], shown).status_code == 409
    people["brian"].post(page + "/withdrawal")
    assert reword(people["brian"], page).status_code == 409


def test_words_are_for_whoever_tells_them(cast: Cast, people: People) -> None:
    page = tell_story(people["brian"], cast.kevin).location
    assert reword(people["kevin"], page).status_code == 403
    assert people["kevin"].get(page + "/words").status_code == 403
    assert reword(people["dora"], page).status_code == 404
    assert reword(people["brian"], page, text="Short").status_code == 422
    answer = reword(people["brian"], page, text=BETTER + " Then Amina came.")
    assert (answer.status_code, "Amina is named here" in answer.text) == (422, True)
    assert the_thanks()[0].text == STORY
