"""What somebody keeps, took back or would rather not have shown reaches nobody by another way: page, file, audit or till."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOW, Cast
from tests.factories import a_person
from tests.recognition.saying import PRAISE, STORY, WORDS, a_key, praised, read_at, tell_story, thank, the_thanks
from tracker.access.queries import viewer_of_person
from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.core.db import transaction
from tracker.organisation.models import Person
from tracker.recognition.policy import teams_on_the_wall_of

A_WEEK = NOW + timedelta(days=7)
HUGE = "9" * 25


def test_what_its_receiver_keeps_is_closed_to_the_leader_who_took_it_off_the_wall(cast: Cast, browse: Any) -> None:
    praised(cast.kevin)
    (thanks,) = the_thanks()
    brian, kevin = browse(cast.brian, at=A_WEEK), browse(cast.kevin, at=A_WEEK)
    with clock.set_to(A_WEEK):
        assert brian.post(f"/thanks/{thanks.id}/hiding", {"reason": "Not this one."}).status_code == 303
        assert PRAISE in brian.get(f"/thanks/{thanks.id}").text
        assert kevin.post(f"/thanks/{thanks.id}/keeping").status_code == 303
        assert brian.get(f"/thanks/{thanks.id}").status_code == 404
        assert brian.post(f"/thanks/{thanks.id}/return").status_code == 404
        assert PRAISE in kevin.get(f"/thanks/{thanks.id}").text


def test_hr_lets_a_story_for_the_company_be_shown_again(cast: Cast, browse: Any) -> None:
    with clock.set_to(NOW):
        assert tell_story(browse(cast.kevin, at=NOW), is_for_all="y").status_code == 303
        (story,) = the_thanks()
        chloe = browse(cast.chloe, at=NOW)
        assert chloe.post(f"/thanks/{story.id}/hiding", {"reason": "The customer asked us to."}).status_code == 303
        assert "Let the wall show it again" in chloe.get(f"/thanks/{story.id}").text
        for other in (cast.dora, cast.ruth):
            assert browse(other, at=NOW).get(f"/thanks/{story.id}").status_code == 404
        assert chloe.post(f"/thanks/{story.id}/return").status_code == 303
    assert STORY in read_at(NOW, browse(cast.dora, at=NOW))


def test_the_words_that_were_taken_back_are_in_no_file_of_who_received_them(cast: Cast, browse: Any) -> None:
    brian, kevin = browse(cast.brian, at=NOW), browse(cast.kevin, at=NOW)
    with clock.set_to(NOW):
        assert thank(brian, cast.kevin).status_code == 303
        (thanks,) = the_thanks()
        assert WORDS in kevin.post("/me/file", {"kind": "json"}).text
        assert brian.post(f"/thanks/{thanks.id}/withdrawal").status_code == 303
        assert WORDS not in kevin.post("/me/file", {"kind": "json"}).text
        assert WORDS in brian.post("/me/file", {"kind": "json"}).text


def test_the_audit_names_nobody_who_was_thanked_or_keeps_it(cast: Cast, browse: Any) -> None:
    thanked = a_name(cast)
    with clock.set_to(NOW):
        assert thank(browse(cast.kevin, at=NOW), thanked).status_code == 303
    praised(thanked)
    him = browse(thanked, at=NOW)
    with clock.set_to(NOW):
        for thanks in the_thanks():
            assert him.post(f"/thanks/{thanks.id}/keeping").status_code == 303
        assert him.post("/thanks/wall/absence").status_code == 303
        for reader in (cast.ruth, cast.chloe):
            rows = [row for row in browse(reader, at=NOW).get("/audit").text.split("<tr") if thanked.name in row]
            assert rows
            assert [row for row in rows if "Signed in" not in row and "Account opened" not in row] == []


def a_name(cast: Cast) -> Person:
    with transaction():
        return a_person("Zuhura Ndegwa", team=cast.tills)


def test_at_a_shared_terminal_nobody_reads_the_walls_of_teams_led(cast: Cast) -> None:
    viewer = viewer_of_person(cast.faith.id, at=NOW)
    assert viewer is not None
    by_pin = Viewer(**{**vars(viewer), "by_pin": True, "roles": frozenset(), "manages": False})
    assert cast.tills.id in teams_on_the_wall_of(viewer)
    assert teams_on_the_wall_of(by_pin) == {cast.root.id}


@pytest.mark.parametrize("id", [HUGE, "9" * 6_000, "-1", "x", "²", ""])
def test_no_number_in_an_address_ends_in_a_crash(cast: Cast, browse: Any, id: str) -> None:
    kevin = browse(cast.kevin)
    for address in ("/thanks/new?step=write&to=", "/thanks/stories/new?to=", "/thanks/stories/new?about="):
        assert kevin.get(address + id).status_code in {200, 422}
    assert kevin.post(f"/thanks?to={id}", {"key": a_key(), "text": WORDS}).status_code == 303
    assert kevin.post(f"/thanks/stories?about={id}", {"key": a_key(), "title": "T", "text": "short"}).status_code == 422
