"""Assigning: only to one's own, nobody twice, a third course only knowingly; moved, waived, reminded."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_course, a_person, a_rating, is_away
from tests.training.conftest import NOW
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.ratings.models import Driver
from tracker.training.jobs import remind
from tracker.training.models import Assignment, CourseWish

pytestmark = pytest.mark.usefixtures("now")

TODAY = date(2026, 11, 18)  # a Wednesday
DUE = "2026-12-04"


def new_course(**values: Any) -> int:
    with transaction():
        return a_course(**values).course_id


def send(browser: Any, course_id: int, *people: Any, url: str = "/training/assign", **values: Any) -> Any:
    chosen = [str(person.id) for person in people]
    return browser.post(url, {"course": str(course_id), "people": chosen, "due_on": DUE, "is_paid": "y", **values})


def assigned() -> list[Assignment]:
    db.session.rollback()
    return list(db.session.scalars(select(Assignment).order_by(Assignment.id)))


def messages(kind: str) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Message.person_id).where(Message.kind == kind).order_by(Message.id)))


def test_a_leader_assigns_to_own_people_who_hear_of_it(app: Flask, cast: Cast, browse: Any) -> None:
    course = new_course(title="Calm at the counter")
    answer = send(browse(cast.brian, at=NOW), course, cast.amina, cast.kevin, words="For the Saturdays.")
    assert answer.status_code == 303
    assert [(one.person_id, one.why, one.by_id, one.is_paid) for one in assigned()] == [
        (cast.amina.id, "chosen", cast.brian.id, True),
        (cast.kevin.id, "chosen", cast.brian.id, True),
    ]
    amina = browse(cast.amina, at=NOW)
    assert "A course for you: Calm at the counter" in amina.get("/inbox").text
    page = amina.get("/training").text
    assert "Due Fri 4 Dec" in page
    assert "For the Saturdays." in page
    assert "Brian Kamau picked it for you." in page


def test_nobody_is_assigned_to_by_whoever_does_not_lead_them(app: Flask, cast: Cast, browse: Any) -> None:
    course = new_course()
    assert send(browse(cast.dora, at=NOW), course, cast.amina).status_code == 422
    assert send(browse(cast.brian, at=NOW), course, cast.brian).status_code == 422
    assert send(browse(cast.ruth, at=NOW), course, cast.amina).status_code == 403
    assert send(browse(cast.amina, at=NOW), course, cast.amina).status_code == 403
    assert send(browse(cast.chloe, at=NOW), course, cast.chloe).status_code == 422
    assert assigned() == []
    assert send(browse(cast.chloe, at=NOW), course, cast.amina).status_code == 303


def test_who_has_it_open_keeps_what_they_have(app: Flask, cast: Cast, browse: Any) -> None:
    course, brian = new_course(), browse(cast.brian, at=NOW)
    send(brian, course, cast.amina)
    send(brian, course, cast.amina, cast.kevin, due_on="2026-12-18")
    assert [(one.person_id, one.due_on.isoformat()) for one in assigned()] == [
        (cast.amina.id, DUE),
        (cast.kevin.id, "2026-12-18"),
    ]


def test_a_third_open_course_is_given_only_knowingly(app: Flask, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian, at=NOW)
    for _course in range(2):
        send(brian, new_course(), cast.amina)
    third = new_course()
    refused = send(brian, third, cast.amina, cast.kevin)
    assert (refused.status_code, "Amina Otieno: two courses or more are open" in refused.text) == (422, True)
    assert len(assigned()) == 2
    assert send(brian, third, cast.amina, cast.kevin, sure="y").status_code == 303
    assert len(assigned()) == 4


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"course": ""}, "Choose a course"),
        ({"course": "999999"}, "This course is not published yet."),
        ({"people": []}, "Choose somebody"),
        ({"due_on": ""}, "Choose a day"),
        ({"due_on": "2026-11-17"}, "from today on"),
        ({"due_on": "2028-01-01"}, "from today on"),
        ({"words": "x" * 501}, "500 characters at most"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_assigned(
    app: Flask, cast: Cast, browse: Any, values: dict[str, Any], sentence: str
) -> None:
    answer = send(browse(cast.brian, at=NOW), new_course(), cast.amina, **values)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert assigned() == []


def test_from_a_low_driver_the_course_and_the_person_are_chosen_already(app: Flask, cast: Cast, browse: Any) -> None:
    new_course(title="Something else")
    course = new_course(title="Keeping promises", drivers=["promise_kept"])
    with transaction():
        db.session.add(Driver(key="promise_kept", name="Promise kept"))
        rating = a_rating(cast.amina, stars=2, on=TODAY - timedelta(days=2), drivers=["promise_kept"])
    brian = browse(cast.brian, at=NOW)
    url = f"/training/assign?driver=promise_kept&person={cast.amina.id}&rating={rating.id}"
    page = brian.get(url).text
    assert f'value="{course}" checked' in page
    assert f'value="{cast.amina.id}" checked' in page
    assert f'value="{cast.kevin.id}" checked' not in page
    assert "Keeping what was promised in one low comment" in page
    assert "fits one comment this month" in page
    send(brian, course, cast.amina, url=url)
    [one] = assigned()
    assert (one.why, one.rating_id, one.driver) == ("rating", rating.id, "promise_kept")


def test_a_rating_the_leader_does_not_read_is_not_named(app: Flask, cast: Cast, browse: Any) -> None:
    course = new_course(drivers=["speed"])
    with transaction():
        rating = a_rating(cast.dora, stars=2, on=TODAY, drivers=["speed"])
    send(browse(cast.brian, at=NOW), course, cast.amina, url=f"/training/assign?driver=speed&rating={rating.id}")
    assert [one.rating_id for one in assigned()] == [None]


def test_wishes_stand_beside_the_people_and_end_with_the_beginning(app: Flask, cast: Cast, browse: Any) -> None:
    course, amina, brian = new_course(), browse(cast.amina, at=NOW), browse(cast.brian, at=NOW)
    for _time in range(2):
        assert amina.post(f"/training/courses/{course}/wish").status_code == 303
    assert "asked for it" in brian.get(f"/training/assign?course={course}").text
    assert amina.post("/training/wishes", {"words": "x"}).status_code == 422
    for _time in range(2):
        assert amina.post("/training/wishes", {"words": "How to gift-wrap"}).status_code == 303
    assert "How to gift-wrap" in brian.get("/training/team").text
    assert "How to gift-wrap" not in browse(cast.dora, at=NOW).get("/training/team").text
    amina.post(f"/training/courses/{course}/runs")
    db.session.rollback()
    assert list(db.session.scalars(select(CourseWish.course_id))) == [None]


def test_waived_with_a_reason_that_the_learner_reads(app: Flask, cast: Cast, browse: Any) -> None:
    course, brian = new_course(title="Calm"), browse(cast.brian, at=NOW)
    send(brian, course, cast.amina)
    url = f"/training/assignments/{assigned()[0].id}"
    assert browse(cast.dora, at=NOW).get(url).status_code == 404
    assert browse(cast.dora, at=NOW).post(f"{url}/waiver", {"reason": "x"}).status_code == 404
    assert browse(cast.amina, at=NOW).post(f"{url}/waiver", {"reason": "x"}).status_code == 403
    assert brian.post(f"{url}/waiver", {"reason": ""}).status_code == 422
    assert brian.post(f"{url}/waiver", {"reason": "Taught it herself"}).status_code == 303
    assert brian.post(f"{url}/waiver", {"reason": "Twice"}).status_code == 409
    assert "Waived: Taught it herself" in brian.get(url).text
    inbox = browse(cast.amina, at=NOW).get("/inbox").text
    assert "You need not do Calm" in inbox
    assert "Taught it herself" in inbox


def test_moved_to_another_day(app: Flask, cast: Cast, browse: Any) -> None:
    brian = browse(cast.brian, at=NOW)
    send(brian, new_course(), cast.amina)
    url = f"/training/assignments/{assigned()[0].id}/day"
    assert brian.post(url, {"due_on": "2026-11-01"}).status_code == 422
    assert brian.post(url, {"due_on": "2026-12-18"}).status_code == 303
    assert assigned()[0].due_on.isoformat() == "2026-12-18"


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def test_reminders_come_once_each_two_days_before_and_after_it_was_due(app: Flask, cast: Cast, browse: Any) -> None:
    send(browse(cast.brian, at=NOW), new_course(), cast.amina)
    seen = {}
    for day in (TODAY + timedelta(days=n) for n in range(40)):
        for _process in range(2):
            remind(at_noon(day))
        said = (len(messages("training.soon")), len(messages("training.late")), messages("training.team_late"))
        if not seen or said != list(seen.values())[-1]:
            seen[day.isoformat()] = said
    brian = cast.brian.id
    assert seen == {
        "2026-11-18": (0, 0, []),
        "2026-12-02": (1, 0, []),
        "2026-12-07": (1, 1, [brian]),  # the Monday after Friday 4 December
        "2026-12-14": (1, 1, [brian, brian]),
    }


def test_after_a_standstill_only_what_is_true_is_said(app: Flask, cast: Cast, browse: Any) -> None:
    send(browse(cast.brian, at=NOW), new_course(), cast.amina)
    remind(at_noon(date(2026, 12, 9)))
    assert (messages("training.soon"), messages("training.late")) == ([], [cast.amina.id])


def test_who_is_away_hears_it_on_the_first_morning_back(app: Flask, cast: Cast, browse: Any) -> None:
    send(browse(cast.brian, at=NOW), new_course(), cast.amina)
    with transaction():
        is_away(db.session.merge(cast.amina), date(2026, 12, 1), date(2026, 12, 15))
    for day in range(1, 15):
        remind(at_noon(date(2026, 12, day)))
    assert messages("training.late") == []
    remind(at_noon(date(2026, 12, 15)))
    assert messages("training.late") == [cast.amina.id]


def test_a_whole_team_is_assigned_to_by_hr_in_one_tick(
    app: Flask, cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.training.assign_page.PEOPLE_LISTED", 1)
    course, chloe = new_course(), browse(cast.chloe, at=NOW)
    url = f"/training/assign?team={cast.tills.id}&course={course}"
    assert "All 2 people here" in chloe.get(url).text
    assert send(chloe, course, url=url, everybody="y").status_code == 303
    assert {one.person_id for one in assigned()} == {cast.amina.id, cast.kevin.id}


def test_whoever_leads_is_assigned_to_by_role(app: Flask, cast: Cast, browse: Any) -> None:
    course, chloe = new_course(), browse(cast.chloe, at=NOW)
    url = f"/training/assign?who=leaders&course={course}"
    page = chloe.get(url).text
    assert all(name in page for name in ("Brian Kamau", "Dora Mwangi", "Faith Wambui"))
    assert "Amina Otieno" not in page
    assert send(chloe, course, cast.amina, url=url).status_code == 422
    assert send(chloe, course, cast.brian, cast.dora, url=url).status_code == 303
    assert {one.person_id for one in assigned()} == {cast.brian.id, cast.dora.id}


def test_a_team_that_is_no_number_is_everybody(app: Flask, cast: Cast, browse: Any) -> None:
    course = new_course()
    for team in ("x", "²", "9" * 30, "-1"):
        assert "Amina Otieno" in browse(cast.brian, at=NOW).get(f"/training/assign?course={course}&team={team}").text


def test_leavers_are_not_offered_nor_given(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        gone = a_person("Gone Person", team=cast.tills, ended_on=TODAY)
    course, brian = new_course(), browse(cast.brian, at=NOW)
    assert "Gone Person" not in brian.get(f"/training/assign?course={course}").text
    assert send(brian, course, gone).status_code == 422


def test_empty_pages_say_what_is_so(app: Flask, cast: Cast, browse: Any) -> None:
    with clock.set_to(NOW):
        brian = browse(cast.brian, at=NOW)
    assert "There is no course yet" in brian.get("/training/assign").text
    assert "Nobody has a course open" in brian.get("/training/team").text
    assert "No answer waits for you" in brian.get("/training/marking").text
    assert "No rule yet" in brian.get("/training/rules").text
    assert "Nothing to do right now" in browse(cast.amina, at=NOW).get("/training").text
    for url in ("/training/assign", "/training/team", "/training/rules", "/training/rules/new"):
        assert browse(cast.amina, at=NOW).get(url).status_code == 403
