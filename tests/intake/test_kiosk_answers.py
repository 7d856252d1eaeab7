"""Answers of a kiosk: each once, at its own time, to the person named if they were there, else into the tray."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Browser, Cast
from tests.factories import a_person, joins
from tests.intake.kiosks import NOW, a_code, a_kiosk, cookie_of, deliver, millis, ratings, the_kiosk, touched
from tests.intake.test_kiosk_tablet import paired
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Membership
from tracker.ratings import rollup
from tracker.ratings.models import Channel


@pytest.fixture
def now() -> Any:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def kiosk(cast: Cast, now: Any) -> int:
    return a_kiosk(cast)


@pytest.fixture
def tablet(app: Flask, kiosk: int, browse: Any) -> Browser:
    return paired(browse(None), a_code(app, kiosk))


# It does


def test_a_touch_is_a_rating_that_waits_in_the_tray_under_its_place(tablet: Browser, kiosk: int, cast: Cast) -> None:
    given = touched(4)
    answer = deliver(tablet, given)
    assert answer.json == {"taken": [given["id"]], "refused": []}
    [rating] = ratings()
    assert (rating.source, rating.external_id) == ("kiosk", f"{kiosk}:{given['id']}")
    assert (rating.stars, rating.original_value, rating.person_id, rating.comment) == (4, "4", None, None)
    assert (rating.place, rating.employee_reference) == ("Till 2", "Till 2, Nairobi Central tills")
    assert (rating.rated_at, rating.received_at) == (NOW, NOW)
    assert db.session.get_one(Channel, rating.channel_id).name == "Kiosk"
    assert rating.touchpoint_id is not None


def test_the_tray_shows_where_it_came_from(tablet: Browser, cast: Cast, browse: Any) -> None:
    deliver(tablet, touched(4))
    assert "Till 2, Nairobi Central tills" in browse(cast.ruth, at=NOW).get("/tray").text


def test_whoever_is_named_is_credited(tablet: Browser, cast: Cast) -> None:
    deliver(tablet, touched(5, person=cast.amina.id))
    [rating] = ratings()
    assert (rating.person_id, rating.handled_by_id, rating.team_id) == (cast.amina.id, cast.amina.id, cast.tills.id)
    assert rating.employee_reference is None
    assert rollup.differences() == {}


def test_the_page_names_the_teams_people_of_today_by_first_name_and_initials(
    app: Flask, tablet: Browser, cast: Cast, browse: Any
) -> None:
    with transaction():
        a_person("Amina Wanjiru", team=cast.tills)
    page = tablet.get("/kiosk/").text
    assert "Amina O." in page
    assert "Amina W." in page
    assert ">KO<" in page
    assert "Kevin" in page
    for hidden in ("Otieno", "Odhiambo", "Brian", "Dora", "N-0412"):
        assert hidden not in page


def test_without_the_question_nobody_is_named(app: Flask, cast: Cast, now: Any, browse: Any) -> None:
    tablet = paired(browse(None), a_code(app, a_kiosk(cast, asks_who=False)))
    assert "Kevin" not in tablet.get("/kiosk/").text
    deliver(tablet, touched())
    assert len(ratings()) == 1


def test_it_is_on_record_when_the_tablet_was_last_heard_of(tablet: Browser, kiosk: int) -> None:
    with clock.set_to(NOW + timedelta(minutes=42)):
        deliver(tablet, waiting=7, now=NOW + timedelta(minutes=42))
    row = the_kiosk(kiosk)
    assert (row.last_seen_at, row.waiting, row.clock_ahead) == (NOW, 7, 0), "to the hour"


# Without a script


def test_two_forms_do_without_a_script(tablet: Browser, cast: Cast) -> None:
    form = {"r": "2", "id": touched()["id"]}
    page = tablet.post("/kiosk/answers", form)
    assert page.status_code == 200
    assert "Who helped you?" in page.text
    assert ratings() == []
    assert tablet.post("/kiosk/answers", {**form, "p": str(cast.kevin.id)}).location == "/kiosk/thanks"
    assert tablet.post("/kiosk/answers", {**form, "p": ""}).status_code == 303, "the same page sent again"
    [rating] = ratings()
    assert (rating.stars, rating.person_id) == (2, cast.kevin.id)
    assert "Thank you!" in tablet.get("/kiosk/thanks").text


def test_the_form_takes_nobody_who_was_not_offered(tablet: Browser, cast: Cast) -> None:
    for person in (cast.dora.id, cast.brian.id, 987654321, "x", "-1"):
        form = {"r": "5", "id": touched()["id"], "p": str(person)}
        assert tablet.post("/kiosk/answers", form).status_code == 422
    assert ratings() == []


@pytest.mark.parametrize("wrong", [{"r": "0"}, {"r": "6"}, {"r": ""}, {"r": "five"}, {"id": ""}, {"id": "x" * 36}])
def test_the_form_takes_no_face_that_is_none(tablet: Browser, wrong: dict[str, str]) -> None:
    form = {"r": "5", "id": touched()["id"], "p": "", **wrong}
    assert tablet.post("/kiosk/answers", form).status_code == 422
    assert ratings() == []


# It refuses


def test_a_name_from_another_team_is_not_credited_and_the_stars_are_kept(tablet: Browser, cast: Cast) -> None:
    deliver(tablet, touched(1, person=cast.dora.id), touched(2, person=987654321))
    assert [(rating.stars, rating.person_id) for rating in ratings()] == [(1, None), (2, None)]
    assert {rating.employee_reference for rating in ratings()} == {"Till 2, Nairobi Central tills"}


def test_the_team_of_the_answers_day_decides(tablet: Browser, cast: Cast) -> None:
    """Kevin moved yesterday: an answer of the day before is his, one of today is not."""
    with transaction():
        held = db.session.query(Membership).filter_by(person_id=cast.kevin.id).one()
        held.ended_on = date(2026, 11, 17)
        joins(cast.kevin, cast.floor, since=date(2026, 11, 17))
    old, new = touched(5, person=cast.kevin.id, ago=timedelta(days=2)), touched(4, person=cast.kevin.id)
    deliver(tablet, old, new)
    assert {rating.stars: rating.person_id for rating in ratings()} == {5: cast.kevin.id, 4: None}


@pytest.mark.parametrize(
    "wrong",
    [
        {"stars": 0}, {"stars": 6}, {"stars": "5"}, {"stars": 4.5}, {"stars": True}, {"stars": None}, {"id": None},
        {"id": "x"}, {"id": 7}, {"person": "1"}, {"person": 0}, {"person": 2**63}, {"at": "now"}, {"at": -1}, {"at": None},
    ],
)  # fmt: skip
def test_what_is_no_answer_is_named_and_holds_up_no_other(tablet: Browser, wrong: dict[str, Any]) -> None:
    good = touched(3)
    answer = deliver(tablet, {**touched(5), **wrong}, good)
    assert answer.status_code == 200
    assert answer.json["taken"] == [good["id"]]
    assert len(answer.json["refused"]) == 1
    assert [rating.stars for rating in ratings()] == [3]


@pytest.mark.parametrize("body", [None, [], {}, {"now": 1}, {"now": "1", "answers": []}, {"now": 1, "answers": "x"}])
def test_what_is_no_delivery_is_refused_whole(tablet: Browser, body: Any) -> None:
    with tablet._as_the_server_would():
        answer = tablet.client.post("/kiosk/deliveries", json=body, headers={"X-CSRFToken": tablet.csrf_token})
    assert answer.status_code == 422
    assert ratings() == []


def test_more_than_a_hundred_in_one_go_are_too_many(tablet: Browser) -> None:
    assert deliver(tablet, *[touched() for _number in range(101)]).status_code == 422
    assert deliver(tablet, *[touched() for _number in range(100)]).status_code == 200
    assert len(ratings()) == 100


# Twice, and at once


def test_the_same_id_again_is_the_same_rating(tablet: Browser, cast: Cast) -> None:
    given = touched(5, person=cast.amina.id)
    for again in (given, given, {**given, "stars": 1, "person": None}, {**given, "id": given["id"].upper()}):
        answer = deliver(tablet, again)
        assert (answer.status_code, answer.json["taken"]) == (200, [given["id"]])
    assert [(rating.stars, rating.person_id) for rating in ratings()] == [(5, cast.amina.id)]
    assert rollup.differences() == {}


def test_fifty_identical_deliveries_at_once_make_one_row_each(
    app: Flask, tablet: Browser, cast: Cast, browse: Any
) -> None:
    answers = [touched(4, person=cast.amina.id), touched(2)]
    tablets = []
    for _number in range(50):
        twin = browse(None)
        twin.client.set_cookie("kiosk", cookie_of(tablet).value)
        tablets.append(twin)
    db.session.rollback()

    def send(twin: Browser) -> int:
        with clock.set_to(NOW), app.app_context():
            body = {"now": millis(NOW), "waiting": 0, "answers": answers}
            headers = {"X-CSRFToken": twin.csrf_token}
            return twin.client.post("/kiosk/deliveries", json=body, headers=headers).status_code

    with ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(send, tablets))
    assert statuses == [200] * 50
    assert sorted(rating.stars for rating in ratings()) == [2, 4]
    assert rollup.differences() == {}


def test_the_same_id_at_another_kiosk_is_another_rating(app: Flask, tablet: Browser, cast: Cast, browse: Any) -> None:
    other, given = paired(browse(None), a_code(app, a_kiosk(cast, place="Till 3"))), touched(5)
    deliver(tablet, given)
    deliver(other, given)
    assert [rating.place for rating in ratings()] == ["Till 2", "Till 3"]


# Time


@pytest.mark.parametrize("wrong_by", [timedelta(), timedelta(days=-400), timedelta(hours=3), timedelta(days=9000)])
def test_a_clock_that_is_wrong_moves_no_rating(tablet: Browser, kiosk: int, wrong_by: timedelta) -> None:
    given = {**touched(), "at": millis(NOW + wrong_by - timedelta(hours=5))}
    deliver(tablet, given, now=NOW + wrong_by)
    [rating] = ratings()
    assert (rating.rated_at, rating.received_at) == (NOW - timedelta(hours=5), NOW)
    assert the_kiosk(kiosk).clock_ahead == round(wrong_by.total_seconds())


def test_a_time_that_cannot_be_is_not_believed(tablet: Browser) -> None:
    deliver(
        tablet,
        {**touched(1), "at": millis(NOW + timedelta(seconds=1))},
        touched(2, ago=timedelta(days=365, seconds=1)),
        {**touched(3), "at": 2**53},
        {**touched(4), "at": 0},
    )
    assert [rating.rated_at for rating in ratings()] == [NOW] * 4


def test_weeks_without_a_network_are_believed(tablet: Browser) -> None:
    deliver(tablet, touched(ago=timedelta(days=40)))
    assert ratings()[0].rated_at == NOW - timedelta(days=40)


def test_an_answer_counts_in_the_week_in_which_it_was_given(tablet: Browser, cast: Cast) -> None:
    deliver(tablet, touched(5, person=cast.amina.id, ago=timedelta(days=7)))
    assert ratings()[0].rated_on == date(2026, 11, 11)
    assert rollup.differences() == {}
