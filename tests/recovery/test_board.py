"""The board's card of open complaints: what the viewer may act on, in the order of work."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conftest import NOW, Cast
from tests.factories import a_customer, a_rating
from tests.home.test_query_counts import AT_MOST, selects
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.ratings.models import Rating
from tracker.recovery import actions
from tracker.recovery.models import RecoveryCase, RecoveryHelper
from tracker.recovery.opening import open_case

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


def complaint(cast: Cast, words: str | None, *, at: datetime = NOW, who: str = "amina", **rating: Any) -> int:
    with transaction():
        made = a_rating(getattr(cast, who), 1, at=at - MINUTE, comment=words, **rating)
        case = open_case(made, contact="0722 417 318", at=at)
        assert case is not None
        return case.id


def card(page: str) -> str:
    return page.partition('aria-labelledby="complaints"')[2].partition("</section>")[0]


def test_it_shows_the_first_five_in_the_order_of_work_and_counts_all(cast: Cast, browse: Any) -> None:
    late = complaint(cast, "Waited an hour.", at=NOW - timedelta(days=1))
    for number in range(5):
        complaint(cast, f"Number {number}.", at=NOW - MINUTE * (10 - number))
    with transaction():
        customer = a_customer()
        for day in range(3, 6):
            a_rating(cast.kevin, 5, at=NOW - timedelta(days=day), customer_id=customer.id)
    loyal = complaint(cast, "I always came here.", customer_id=customer.id)
    found = card(browse(cast.brian, at=NOW).get("/board").text)
    titles = ["I always came here.", "Waited an hour.", "Number 0.", "Number 1.", "Number 2."]
    assert [words for words in titles if words in found] == titles
    assert sorted(titles, key=found.index) == titles
    assert "Number 3." not in found
    assert "1 late" in found
    assert "All 7" in found
    for id in (late, loyal):
        assert f'href="/complaints/{id}"' in found
    assert "0722" not in found


def test_without_any_it_says_so(cast: Cast, browse: Any) -> None:
    found = card(browse(cast.brian, at=NOW).get("/board").text)
    assert "No customer waits for you." in found
    assert "late" not in found


def test_only_what_the_viewer_may_act_on(cast: Cast, browse: Any) -> None:
    complaint(cast, "About Amina.")
    complaint(cast, "About Brian himself.", who="brian")
    with transaction():
        helped = open_case(a_rating(cast.dora, 1, at=NOW, comment="Of others."), at=NOW)
        assert helped is not None
        db.session.add(RecoveryHelper(case_id=helped.id, person_id=cast.brian.id, since=NOW))
    assert "About Amina." in card(browse(cast.brian, at=NOW).get("/board").text)
    own = card(browse(cast.brian, at=NOW).get("/board").text)
    assert "About Brian" not in own
    assert "Nairobi Central · Faith Wambui" in own, (
        "one that was escalated to him says of which team it is, and who has it"
    )
    found = card(browse(cast.dora, at=NOW).get("/board").text)
    assert "No customer waits for you." in found
    assert "Amina" not in found


def test_words_that_are_hidden_are_no_title(cast: Cast, browse: Any) -> None:
    id = complaint(cast, "Abusive words.")
    with transaction():
        rating = db.session.query(Rating).one()
        rating.words_hidden_at = NOW
    found = card(browse(cast.brian, at=NOW).get("/board").text)
    assert "Abusive" not in found
    assert "A customer asks for a call" in found
    with transaction():
        case = db.session.get_one(RecoveryCase, id)
        actions.record_contact(case, "Called.", reached=True, by=cast.brian.id, at=NOW)
        actions.close(case, outcome="solved", words="Done.", by=cast.brian.id, at=NOW, cause="process", driver=None)
    assert "No customer waits for you." in card(browse(cast.brian, at=NOW).get("/board").text)


@pytest.mark.parametrize("count", [1, 30])
def test_the_board_stays_within_its_questions(cast: Cast, browse: Any, count: int) -> None:
    for number in range(count):
        complaint(cast, f"Number {number}.", at=NOW - MINUTE * number)
    browser = browse(cast.brian, at=NOW)
    with selects() as seen:
        assert browser.get("/board").status_code == 200
    assert len(seen) <= AT_MOST, "\n\n".join(seen)
