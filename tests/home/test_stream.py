"""The list of ratings: newest first, page by page, by touchpoint and by driver as the address asks."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Cast
from tests.factories import a_rating, a_touchpoint
from tests.home.cards import a_card, figures
from tracker.core.db import transaction
from tracker.ratings.survey_actions import ensure_default_drivers

DAY = date(2026, 11, 16)
PARTS = {
    "touchpoints": [
        {"id": 7, "name": "Returns", "n": 6, "mean": None, "low": None, "high": None},
        {"id": 9, "name": "Tills", "n": 23, "mean": 4.31, "low": 3.94, "high": 4.68},
    ],
    "drivers": [{"key": "speed", "name": "Speed", "praised": 14, "wished": 3, "of": 31}],
}


@pytest.fixture
def rated(cast: Cast) -> Cast:
    """Thirty ratings of Amina's, the newest with the highest number; every third at the returns desk, every fifth about speed."""
    with transaction():
        ensure_default_drivers()
        desk = a_touchpoint("Returns").id
        for number in range(30):
            where = {"touchpoint_id": desk} if number % 3 == 0 else {}
            about = ["speed"] if number % 5 == 0 else ["promise_kept"]
            at = datetime(2026, 10, 1, 9, tzinfo=UTC) + timedelta(days=number)
            a_rating(cast.amina, 4, at=at, comment=f"Words {number:02}", drivers=about, **where)
        a_rating(cast.kevin, 1, on=DAY, comment="Words of Kevin’s", drivers=["knowledge"])
    return cast


def numbers(page: str) -> list[int]:
    return [int(found) for found in re.findall(r"“Words (\d\d)”", page)]


def test_newest_first_and_older_ones_on_the_next_page(rated: Cast, browse: Any) -> None:
    amina = browse(rated.amina)
    first = amina.get("/me/ratings").text
    assert numbers(first) == list(range(29, 4, -1))
    (older,) = set(re.findall(r'rel="next" href="([^"]+)"', first))
    second = amina.get(older).text
    assert numbers(second) == [4, 3, 2, 1, 0]
    assert 'rel="next"' not in second
    assert "Kevin" not in first + second


def test_by_touchpoint_by_driver_and_both_at_once(rated: Cast, browse: Any) -> None:
    amina = browse(rated.amina)
    page = amina.get("/me/ratings").text
    (desk,) = re.findall(r'<option value="(\d+)">Returns</option>', page)
    assert numbers(amina.get(f"/me/ratings?touchpoint={desk}").text) == list(range(27, -1, -3))
    assert numbers(amina.get("/me/ratings?driver=speed").text) == [25, 20, 15, 10, 5, 0]
    both = amina.get(f"/me/ratings?touchpoint={desk}&driver=speed").text
    assert numbers(both) == [15, 0]
    assert f'<option value="{desk}" selected>' in both
    assert '<option value="speed" selected>' in both


def test_a_choice_is_kept_over_the_pages(rated: Cast, browse: Any) -> None:
    with transaction():
        for number in range(30):
            a_rating(rated.amina, 5, on=DAY - timedelta(days=number), drivers=["speed"])
    first = browse(rated.amina).get("/me/ratings?driver=speed").text
    (older,) = set(re.findall(r'rel="next" href="([^"]+)"', first))
    assert "driver=speed" in older


def test_only_what_occurs_is_offered(rated: Cast, browse: Any) -> None:
    page = browse(rated.amina).get("/me/ratings").text
    assert re.findall(r'<option value="([a-z_]+)">', page) == ["promise_kept", "speed"]


@pytest.mark.parametrize(
    "query",
    [
        "touchpoint=x",
        "touchpoint=999999999999999999999",
        "driver=nothing",
        "driver=%25",
        "driver=%00",
        "driver=_" * 200,
    ],
)
def test_a_choice_of_nothing_says_so_and_leads_back(rated: Cast, browse: Any, query: str) -> None:
    answer = browse(rated.amina).get(f"/me/ratings?{query}")
    assert answer.status_code == 200
    assert numbers(answer.text) == []
    assert "Nothing with this choice" in answer.text


def test_a_theme_that_came_by_file_can_be_chosen_too(cast: Cast, browse: Any) -> None:
    with transaction():
        a_rating(cast.amina, 5, on=DAY, comment="Words 01", drivers=["Café “Zawadi” 100%"])
        a_rating(cast.amina, 5, on=DAY, comment="Words 02", drivers=["Café"])
    page = browse(cast.amina).get("/me/ratings", query_string={"driver": "Café “Zawadi” 100%"}).text
    assert numbers(page) == [1]


def test_who_leads_may_choose_too_and_others_find_nothing(rated: Cast, browse: Any) -> None:
    address = f"/people/{rated.amina.id}/ratings?driver=speed"
    page = browse(rated.brian).get(address).text
    assert numbers(page) == [25, 20, 15, 10, 5, 0]
    assert "I have read these" not in page
    assert browse(rated.dora).get(address).status_code == 404


def test_figures_by_touchpoint_and_driver_stand_with_their_number_and_lead_to_the_ratings(
    cast: Cast, browse: Any
) -> None:
    with transaction():
        for audience in ("own", "shared"):
            a_card(cast.amina, figures(parts=PARTS), audience=audience)
    own, led = browse(cast.amina).get("/me").text, browse(cast.brian).get(f"/people/{cast.amina.id}/feedback").text
    for page in (own, led):
        assert "4.3 from 23 ratings, likely between 3.9 and 4.7" in page
        assert "6 ratings so far. 4 more ratings and we can say." in page
        assert "Went well: 14 of 31, likely between 29 and 62 %" in page
        assert "last 13 weeks" in page
    assert 'href="/me/ratings?driver=speed"' in own
    assert f'href="/people/{cast.amina.id}/ratings?touchpoint=9"' in led


def test_a_card_from_before_says_nothing_by_touchpoint(cast: Cast, browse: Any) -> None:
    with transaction():
        a_card(cast.amina, figures())
    assert "By touchpoint" not in browse(cast.amina).get("/me").text
