"""The work before the person: what is said of queue and hour, when it is not said, and what stands beside the words."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

import pytest

from tests.coaching.talks import served
from tests.conftest import NOW, Cast
from tests.factories import a_rating
from tracker.coaching.evidence_rules import LOOKS, PARTS_OF_DAY, Fact, by_part_of_day, by_queue, driver_counts
from tracker.coaching.models import CoachingCase
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.ratings.actions import exclude_rating
from tracker.ratings.models import Rating
from tracker.ratings.obstacle_models import Obstacle

SHORT, LONG = [5, 5, 4, 5, 5, 4, 5, 5, 3, 5, 5, 4], [2, 1, 3, 2, 2, 1, 4, 2, 1, 2, 3, 2]
DAY = timedelta(days=1)


def facts(pairs: list[tuple[int, int]], *, known: str) -> list[Fact]:
    """(stars, queue or hour) each."""
    return [Fact(number, stars, (), **{known: value}) for number, (stars, value) in enumerate(pairs)]


def test_short_and_long_queues_are_parted_in_the_middle_of_those_counted() -> None:
    split = by_queue(facts([*[(stars, 2) for stars in SHORT], *[(stars, 9) for stars in LONG]], known="queue"))
    assert split is not None
    assert [(group.start, group.end, group.n) for group in split.groups] == [(0, 2, 12), (3, None, 12)]
    assert split.difference is not None
    assert split.difference.of == split.groups[1]
    assert split.difference.contrast.low > 0


def test_a_long_queue_that_customers_liked_better_is_no_finding() -> None:
    split = by_queue(facts([*[(stars, 9) for stars in SHORT], *[(stars, 2) for stars in LONG]], known="queue"))
    assert split is not None
    assert split.difference is None


def test_what_is_not_known_for_sure_is_not_said() -> None:
    few = facts([*[(stars, 2) for stars in SHORT[:9]], *[(stars, 9) for stars in LONG]], known="queue")
    assert by_queue(few) is not None
    assert by_queue(few).difference is None  # type: ignore[union-attr]  # just looked
    assert by_queue(facts([(4, 3)] * 30, known="queue")) is None
    assert by_queue(facts([(4, 3)] * 9, known="hour")) is None
    assert by_queue([]) is None


def test_the_part_of_the_day_that_stands_out_is_named() -> None:
    pairs = [*[(stars, 9) for stars in SHORT], *[(stars, 12) for stars in LONG], *[(stars, 15) for stars in SHORT]]
    split = by_part_of_day(facts(pairs, known="hour"))
    assert split is not None
    assert [(group.start, group.end, group.n) for group in split.groups] == [(0, 11, 12), (11, 14, 12), (14, 17, 12)]
    assert split.difference is not None
    assert (split.difference.of.start, split.difference.of.end) == (11, 14)
    assert (split.difference.higher.n, split.difference.lower.n) == (24, 12)


def test_hours_that_make_no_difference_are_rarely_named() -> None:
    """Queue and four parts of the day together: at most one time in twenty."""
    chance, runs, said = Random(11), 1_000, 0
    for _run in range(runs):
        stars = chance.choices((1, 2, 3, 4, 5), (20, 12, 16, 22, 30), k=60)
        found = [Fact(n, star, (), chance.randint(0, 12), chance.randint(8, 19)) for n, star in enumerate(stars)]
        splits = (by_queue(found), by_part_of_day(found))
        said += any(split is not None and split.difference is not None for split in splits)
    assert said / runs <= 0.05
    assert len(PARTS_OF_DAY) + 1 == LOOKS


def test_drivers_are_counted_low_of_those_that_name_them() -> None:
    found = [Fact(1, 2, ("speed", "price")), Fact(2, 3, ("speed",)), Fact(3, 5, ("speed",)), Fact(4, 5, ("kind",))]
    assert [(count.key, count.low, count.named) for count in driver_counts(found)] == [("speed", 2, 3), ("price", 1, 1)]


@pytest.fixture
def busy(case: CoachingCase, cast: Cast) -> CoachingCase:
    """At noon, with a queue, customers are unhappy; in the morning they are not."""
    with transaction():
        _serve(cast.kevin, SHORT, queue=2, at=time(6, tzinfo=UTC))
        _serve(cast.kevin, LONG, queue=9, at=time(9, tzinfo=UTC))
    return case


def _serve(person: Person, stars: list[int], *, queue: int, at: time) -> None:
    for number, given in enumerate(stars):
        served_at = datetime.combine((NOW - DAY * (1 + number)).date(), at)
        served(person, given, queue=queue, at=served_at, comment=f"Queue {queue}, number {number}", place="till 2")


def test_the_page_says_it_to_each_with_n_and_range(busy: CoachingCase, cast: Cast, browse: Any) -> None:
    leader = browse(cast.brian).get(f"/coaching/{busy.id}").text
    person = browse(cast.kevin).get(f"/coaching/{busy.id}").text
    said = "gave 4.6 on average (12 ratings); with more, 2.1 (12 ratings). The difference is likely between"
    assert f"With up to 2 people waiting, Kevin’s customers {said}" in leader
    assert f"With up to 2 people waiting, your customers {said}" in person
    for page in (leader, person):
        assert page.index('id="work"') < page.index('id="words"')
        assert "The queue is known for 24 of 30 ratings." in page
        assert "till 2 · queue of 9" in page
        assert (
            "those served from 11:00 to 14:00 gave 2.1 on average (12 ratings)" in page
        )  # 9 in UTC is noon in Nairobi


def test_without_such_facts_nothing_is_said_of_them(case: CoachingCase, cast: Cast, browse: Any) -> None:
    page = browse(cast.brian).get(f"/coaching/{case.id}").text
    assert "By queue and time of day" not in page
    assert "Named as standing in the way" not in page
    assert "people waiting" not in page
    assert "Look at the day first" in page


def test_low_and_high_words_stand_mixed_newest_first(busy: CoachingCase, cast: Cast, browse: Any) -> None:
    page = browse(cast.kevin).get(f"/coaching/{busy.id}").text
    order = [part.split(" of 5 stars")[0][-1] for part in page.split('aria-label="')[1:] if " of 5 stars" in part[:20]]
    assert len(order) == 6
    assert order.count("5") == 2
    assert page.count("Queue 9, number") == 4 - page.count("Waited")


def test_obstacles_named_on_these_ratings_are_listed(busy: CoachingCase, cast: Cast, browse: Any) -> None:
    with transaction():
        low = db.session.query(Rating).filter(Rating.person_id == cast.kevin.id, Rating.stars == 2).limit(3).all()
        old = a_rating(cast.kevin, 1, at=NOW - DAY * 90)
        of_amina = a_rating(cast.amina, 1, at=NOW - DAY)
        kinds = zip(("staffing", "staffing", "policy", "stock", "system"), (*low, old, of_amina), strict=True)
        for kind, rating in kinds:
            db.session.add(Obstacle(kind=kind, rating_id=rating.id, said_by_id=cast.kevin.id, said_at=NOW))
    page = browse(cast.brian).get(f"/coaching/{busy.id}").text
    assert "Too few people (on 2 ratings)" in page
    assert "A rule of ours (on 1 rating)" in page
    assert "A system or a device" not in page
    assert "not there to sell" not in page


def test_what_is_left_out_of_the_score_is_no_evidence(case: CoachingCase, cast: Cast, browse: Any) -> None:
    before = browse(cast.brian).get(f"/coaching/{case.id}").text
    assert "6 of 6 ratings since" in before
    assert "6 of 6</td>" in before
    with transaction():
        rating = db.session.query(Rating).filter(Rating.comment == "Waited 0 times").one()
        exclude_rating(rating, by=cast.chloe.id, reason="A test", at=NOW)
    after = browse(cast.brian).get(f"/coaching/{case.id}").text
    assert "5 of 5 ratings since" in after
    assert "Waited 0 times" not in after
