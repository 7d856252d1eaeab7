"""What a package reports is kept for its learner alone, by one window at a time, and finishes the lesson when all is done."""

from typing import Any

import pytest
from flask import Flask, render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.test import TestResponse

from tests.conftest import Cast
from tests.scorm.packages import LESSON, a_package_course, a_run, a_zip, zipped
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.scorm.models import Package, PackageState, PackageVisit
from tracker.scorm.queries import package_lesson
from tracker.training.learning_models import CourseRun, LessonDone

DONE = {"cmi.core.lesson_status": "passed", "cmi.core.score.raw": "90", "cmi.core.lesson_location": "2"}
PAUSED = {"cmi.core.lesson_status": "incomplete", "cmi.core.exit": "suspend", "cmi.suspend_data": "seen:2"}


class Window:
    """One browser window of somebody, as static/packages.js acts."""

    def __init__(self, browser: Any, run: int) -> None:
        self.browser, self.run, self.number = browser, run, 0

    def open(self, **form: str) -> "Window":
        answer = self.browser.post(f"/training/runs/{self.run}/packages/{LESSON}/visits", form)
        assert answer.status_code == 303, answer.text
        self.address = answer.location
        return self

    def begin(self) -> "Window":
        answer = self.post(f"{self.address}/tickets", {})
        assert answer.status_code == 200, answer.text
        self.given, self.number = answer.json, 0
        return self

    def report(self, data: dict[str, Any], **other: Any) -> TestResponse:
        self.number += 1
        usual = {"ticket": self.given["ticket"], "number": self.number, "seconds": 90, "open": False}
        return self.post(f"{self.address}/state", {**usual, "data": data, **other})

    def post(self, address: str, body: Any) -> TestResponse:
        """JSON with the token in a header: without form data, which the browser of the tests would add."""
        headers = {"X-CSRFToken": self.browser.csrf_token, "Accept": "application/json"}
        db.session.rollback()
        with self.browser.app.app_context():
            answer: TestResponse = self.browser.client.post(address, json=body, headers=headers)
        return answer


def a_window(browse: Any, person: Person, body: bytes) -> Window:
    with transaction():
        run = a_run(a_package_course(body), person)
        run_id = run.id
    return Window(browse(person), run_id)


@pytest.fixture
def window(app: Flask, cast: Cast, browse: Any) -> Window:
    """Amina’s, at a package of one item in SCORM 1.2 with a mastery score of 80."""
    return (
        a_window(browse, cast.amina, a_zip("1.2", inside="<adlcp:masteryscore>80</adlcp:masteryscore>")).open().begin()
    )


def state() -> PackageState:
    db.session.rollback()
    return db.session.scalars(select(PackageState)).one()


def lessons_done() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(LessonDone.lesson_key)))


def test_the_first_time_a_package_is_told_no_more_than_it_needs(window: Window, cast: Cast) -> None:
    values = window.given["values"]
    assert (values["cmi.core.entry"], values["cmi.core.student_name"]) == ("ab-initio", "Amina")
    assert values["cmi.student_data.mastery_score"] == "80"
    assert "Otieno" not in str(window.given)
    assert "N-0412" not in str(window.given)
    assert len(values["cmi.core.student_id"]) == 24


def test_another_run_is_another_learner_to_the_package(window: Window, cast: Cast, browse: Any) -> None:
    other = a_window(browse, cast.kevin, a_zip("1.2")).open().begin()
    mine, theirs = (one.given["values"]["cmi.core.student_id"] for one in (window, other))
    assert mine != theirs


def test_who_pauses_goes_on_at_the_same_place_on_another_device(window: Window, cast: Cast, browse: Any) -> None:
    answer = window.report(PAUSED)
    assert (answer.status_code, answer.json) == (200, {"completed": False, "passed": None, "finished": False})
    phone = Window(browse(cast.amina), window.run).open().begin()
    assert phone.given["values"]["cmi.suspend_data"] == "seen:2"
    assert phone.given["values"]["cmi.core.entry"] == "resume"
    assert phone.given["values"]["cmi.core.total_time"] == "0000:01:30.00"
    assert phone.given["seconds"] == 90


def test_passing_finishes_the_lesson_once(window: Window) -> None:
    assert window.report(DONE).json == {"completed": True, "passed": True, "finished": True}
    assert window.report(DONE).json["finished"]
    assert lessons_done() == [LESSON]
    assert (state().score_scaled, state().seconds) == (0.9, 90)


def test_failing_finishes_nothing_until_it_is_passed(window: Window) -> None:
    failed = {
        **DONE,
        "cmi.core.lesson_status": "passed",
        "cmi.core.score.raw": "79",
    }  # the mark decides, not the package
    assert window.report(failed).json == {"completed": True, "passed": False, "finished": False}
    assert lessons_done() == []
    assert window.report(DONE).json["finished"]


def test_looking_again_takes_nothing_away(window: Window) -> None:
    window.report(DONE)
    window.report({"cmi.core.lesson_status": "incomplete", "cmi.core.score.raw": "10"}, seconds=5)
    assert (state().passed, state().score_scaled, state().seconds) == (True, 0.9, 90)
    assert state().completed_at is not None


def test_begun_anew_a_package_remembers_nothing_and_the_result_stays(window: Window) -> None:
    window.report({**DONE, "cmi.core.lesson_status": "failed", "cmi.core.score.raw": "40"})
    window.open(item="A", anew="1").begin()
    assert window.given["values"]["cmi.core.entry"] == "ab-initio"
    assert "cmi.core.lesson_location" not in window.given["values"]
    assert (state().passed, state().score_scaled) == (False, 0.4)


def test_who_was_cut_off_resumes(window: Window) -> None:
    window.report({"cmi.core.lesson_location": "3"}, open=True)
    assert window.open().begin().given["values"]["cmi.core.entry"] == "resume"


def test_the_newer_window_writes_and_the_older_is_told(window: Window, cast: Cast, browse: Any) -> None:
    other = Window(browse(cast.amina), window.run).open()
    assert window.report(PAUSED).status_code == 200  # until the other begins, which is after it has read what is stored
    other.begin()
    refused = window.report(DONE)
    assert (refused.status_code, "opened elsewhere" in refused.json["error"]) == (409, True)
    assert window.post(f"{window.address}/tickets", {}).status_code == 409
    assert other.report(PAUSED).status_code == 200
    assert state().passed is None


def test_the_same_page_loaded_again_takes_over_from_itself(window: Window) -> None:
    old = window.given["ticket"]
    window.begin()
    assert window.report(DONE, ticket=old).status_code == 409
    assert window.report(DONE).status_code == 200


@pytest.mark.parametrize("ticket", ["", "made up", "x" * 1_000, "\ud800"])
def test_a_made_up_ticket_writes_nothing(window: Window, ticket: str) -> None:
    assert window.report(DONE, ticket=ticket).status_code == 409
    assert db.session.scalars(select(PackageState)).all() == []


def test_reports_that_come_twice_or_too_late_change_nothing(window: Window) -> None:
    window.report(PAUSED, number=2)
    assert window.report({"cmi.suspend_data": "older"}, number=1).status_code == 200
    assert window.report({"cmi.suspend_data": "again"}, number=2).status_code == 200
    assert state().data == PAUSED


@pytest.mark.parametrize(
    "other",
    [
        {"data": {"cmi.core.student_name": "x"}},
        {"data": {"cmi.unknown": "x"}},
        {"data": {"cmi.suspend_data": "x" * 64_001}},
        {"data": {"cmi.suspend_data": 7}},
        {"data": ["cmi.suspend_data"]},
        {"data": None},
        {"data": {f"cmi.interactions.{n}.id": "x" for n in range(999)} | {f"x{n}": "" for n in range(19_500)}},
        {"number": 0},
        {"number": 2**31},
        {"number": "1"},
        {"number": True},
        {"seconds": -1},
        {"seconds": 10**9},
        {"seconds": 1.5},
        {"open": 1},
        {"ticket": None},
    ],
)
def test_rubbish_is_refused_and_nothing_is_kept(window: Window, other: dict[str, Any]) -> None:
    data = other.get("data", PAUSED)
    assert window.report(data, **{name: value for name, value in other.items() if name != "data"}).status_code == 422
    assert db.session.scalars(select(PackageState)).all() == []


@pytest.mark.parametrize("body", [[], "text", None, 5])
def test_what_is_no_report_is_refused(window: Window, body: Any) -> None:
    assert window.post(f"{window.address}/state", body).status_code == 422


def test_more_than_half_a_megabyte_is_refused(window: Window) -> None:
    long = {f"cmi.interactions.{n}.student_response": "x" * 4_000 for n in range(200)}
    assert window.report(long).status_code == 413


def test_a_report_in_letters_of_any_kind_fits(window: Window) -> None:
    long = {"cmi.suspend_data": "ñ字" * 32_000}
    assert window.report(long).status_code == 200
    assert state().data == long


def test_nobody_else_finds_a_visit(window: Window, cast: Cast, browse: Any) -> None:
    """Neither a colleague nor who leads, nor HR, nor an admin: not even with its ticket."""
    for person in (cast.kevin, cast.brian, cast.chloe, cast.dora, cast.ruth):
        thief = Window(browse(person), window.run)
        thief.address, thief.given = window.address, window.given
        missing = thief.browser.get("/training/packages/987654321")
        found = thief.browser.get(window.address)
        assert (found.status_code, found.text.count("csrf")) == (404, missing.text.count("csrf"))
        assert thief.report(DONE).status_code == 404
        assert thief.post(f"{window.address}/tickets", {}).status_code == 404
        opening = f"/training/runs/{window.run}/packages/{LESSON}/visits"
        assert thief.browser.post(opening).status_code == 404
    assert db.session.scalars(select(PackageState)).all() == []
    assert window.report(DONE).status_code == 200


def test_a_lesson_that_is_no_package_cannot_be_opened(window: Window) -> None:
    answer = window.browser.post(f"/training/runs/{window.run}/packages/read/visits")
    assert answer.status_code == 404


def test_an_item_that_is_not_in_the_package_is_refused(window: Window) -> None:
    answer = window.browser.post(f"/training/runs/{window.run}/packages/{LESSON}/visits", {"item": "Z"})
    assert answer.status_code == 422


def test_a_package_of_three_is_finished_when_all_three_are(app: Flask, cast: Cast, browse: Any) -> None:
    window = a_window(browse, cast.amina, a_zip("2004", items=3))
    for key in "ABC":
        assert lessons_done() == []
        assert f"Part {key}" in window.open().browser.get(window.address).text
        window.begin().report({"cmi.completion_status": "completed"})
        assert db.session.get_one(PackageState, (window.run, LESSON, key)).completed_at is not None
    assert lessons_done() == [LESSON]
    page = window.open(item="B").browser.get(window.address).text
    assert page.count("Done") == 3
    assert "Previous part" in page
    assert "Next part" in page


def test_2004_says_whether_there_is_a_way_on_and_back(app: Flask, cast: Cast, browse: Any) -> None:
    window = a_window(browse, cast.amina, a_zip("2004", items=2)).open().begin()
    ways = {way: window.given["values"][f"adl.nav.request_valid.{way}"] for way in ("continue", "previous")}
    assert ways == {"continue": "true", "previous": "false"}


def test_a_page_that_cannot_talk_is_done_when_it_was_shown(app: Flask, cast: Cast, browse: Any) -> None:
    from_hand = zipped(
        {
            "imsmanifest.xml": '<manifest><resources><resource identifier="a" scormtype="asset" href="a.html"/></resources></manifest>',
            "a.html": "<h1>Read this</h1>",
        }
    )
    window = a_window(browse, cast.amina, from_hand).open().begin()
    assert window.report({}).json["finished"]


def test_a_broken_package_is_told_and_leaves_nothing(app: Flask, cast: Cast, browse: Any) -> None:
    window = a_window(browse, cast.amina, b"no zip at all")
    answer = window.browser.post(f"/training/runs/{window.run}/packages/{LESSON}/visits")
    assert (answer.status_code, "no zip" in answer.text) == (422, True)
    assert db.session.scalars(select(Package)).all() == []


def test_after_the_course_was_finished_it_can_be_looked_at(window: Window) -> None:
    with transaction():
        run = db.session.get_one(CourseRun, window.run)
        run.ended_at, run.outcome = run.started_at, "completed"
    assert window.open().begin().report(DONE).status_code == 200
    assert lessons_done() == []


def test_the_audit_says_that_a_package_was_read_and_nothing_of_what_it_reports(window: Window, cast: Cast) -> None:
    window.report(PAUSED)
    db.session.rollback()
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action.like("package.%"))).all()
    assert [(entry.action, entry.by_id) for entry in entries] == [("package.read", cast.amina.id)]


def test_only_the_hash_of_a_ticket_is_kept(window: Window) -> None:
    visit = db.session.scalars(select(PackageVisit)).one()
    assert window.given["ticket"] not in str(visit.ticket_hash)
    assert len(str(visit.ticket_hash)) == 64


def test_without_content_url_the_page_says_what_is_missing(
    app: Flask, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CONTENT_URL", "")
    page = window.browser.get(window.address)
    assert "has to set CONTENT_URL" in page.text
    assert "<iframe" not in page.text
    assert "frame-src" not in page.headers["Content-Security-Policy"]


def test_only_this_page_may_show_the_packages_site(app: Flask, window: Window) -> None:
    policy = window.browser.get(window.address).headers["Content-Security-Policy"]
    assert f"frame-src {app.config['CONTENT_URL']}" in policy
    assert "script-src 'self';" in policy
    assert "frame-src" not in window.browser.get("/me").headers["Content-Security-Policy"]


@pytest.mark.parametrize(("opened", "words"), [(False, "Open the lesson"), (True, "Go on with it")])
def test_the_button_for_a_learners_page_opens_the_package(app: Flask, window: Window, opened: bool, words: str) -> None:
    run = db.session.get_one(CourseRun, window.run, options=[joinedload(CourseRun.version)])
    lesson = package_lesson(run, LESSON)
    with app.test_request_context():
        button = render_template("scorm/_open.html", run=run, lesson=lesson, opened=opened)
    assert words in button
    assert f'action="/training/runs/{window.run}/packages/{LESSON}/visits"' in button


def test_what_cannot_be_read_is_refused(app: Flask, cast: Cast, browse: Any) -> None:
    window = a_window(browse, cast.amina, a_zip("1.2")).open().begin()
    headers = {"X-CSRFToken": window.browser.csrf_token, "Accept": "application/json"}
    deep = "[" * 200_000
    with app.app_context():
        answer = window.browser.client.post(
            f"{window.address}/state", data=deep, content_type="application/json", headers=headers
        )
    assert answer.status_code == 422
