"""Packages in a real browser: begun on a laptop, gone on with on a phone, passed; and packages that try to get out.

The app is at 127.0.0.1, the packages’ site at localhost: two sites to the browser, on one port of one server.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Dialog, FrameLocator, Page, expect
from sqlalchemy import select

from tests.browser import ARGUMENTS, find_browser
from tests.conftest import Cast
from tests.factories import account_of
from tests.journeys import looks
from tests.journeys.chromium import LAPTOP, PHONE, STILL, sign_in
from tests.scorm.packages import FIND_API, LESSON, a_package_course, a_run, a_zip, sco
from tracker.access.rules import hash_password
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.scorm.models import PackageState
from tracker.training.learning_models import LessonDone

pytestmark = pytest.mark.browser

PASSWORD = "three words together"


class Journey:
    def __init__(self, app: Flask, cast: Cast, chromium: Browser, address: str) -> None:
        self.app, self.cast, self.chromium, self.address = app, cast, chromium, address
        self.asked: list[str] = []

    def a_run(self, body: bytes, person: Person) -> int:
        with transaction():
            return a_run(a_package_course(body), db.session.merge(person)).id

    def visit(self, person: Person, device: dict[str, Any], *, context: BrowserContext | None = None) -> Page:
        page = (context or self.chromium.new_context(**device, **STILL, base_url=self.address)).new_page()
        sign_in(page, self.address, person.staff_number, PASSWORD)
        return page

    def open(self, page: Page, run: int, **fields: str) -> FrameLocator:
        """As the button on the learner’s page does; the frame of the package itself."""
        page.evaluate(
            """([address, fields]) => new Promise((resolve) => {
              const form = document.createElement("form");
              form.method = "post"; form.action = address;
              const token = document.querySelector("input[name=csrf_token]").value;
              for (const [name, value] of Object.entries({csrf_token: token, ...fields})) {
                const input = document.createElement("input"); input.type = "hidden"; input.name = name; input.value = value;
                form.append(input); }
              document.body.append(form); HTMLFormElement.prototype.submit.call(form); resolve(); })""",
            [f"{self.address}/training/runs/{run}/packages/{LESSON}/visits", fields],
        )
        page.wait_for_url(re.compile("/training/packages/"))
        return page.frame_locator("iframe.player").frame_locator("iframe")

    def state(self, run: int, item: str = "A") -> PackageState | None:
        db.session.rollback()
        found = db.session.get(PackageState, (run, LESSON, item), populate_existing=True)
        if found is not None:
            db.session.expunge(found)
        db.session.rollback()
        return found

    def is_done(self, run: int) -> bool:
        db.session.rollback()
        found = db.session.scalar(select(LessonDone.lesson_key).where(LessonDone.run_id == run))
        db.session.rollback()
        return found == LESSON


@pytest.fixture
def journey(app: Flask, cast: Cast, chromium: Browser, address: str) -> Iterator[Journey]:
    with transaction():
        for person in (cast.amina, cast.kevin):
            account_of(person).password_hash = hash_password(PASSWORD)
    for row in vars(cast).values():
        db.session.refresh(row)
        db.session.expunge(row)
    db.session.rollback()
    yield Journey(app, cast, chromium, address)
    for context in chromium.contexts:
        context.close()


@pytest.mark.parametrize("standard", ["1.2", "2004"])
def test_begun_on_a_laptop_gone_on_with_on_a_phone_and_passed(journey: Journey, standard: str) -> None:
    run = journey.a_run(a_zip(standard), journey.cast.amina)
    laptop = journey.visit(journey.cast.amina, LAPTOP)
    package = journey.open(laptop, run)
    expect(package.locator("#entry")).to_have_text("ab-initio")
    expect(package.locator("#who")).to_have_text("Amina")
    package.get_by_role("button", name="Next").click()
    expect(package.get_by_role("heading")).to_have_text("The counter")
    expect(laptop.get_by_role("status").first).to_have_text("Saved.")
    laptop.get_by_role("link", name="Back to the course").click()
    laptop.wait_for_url(re.compile(f"/training/runs/{run}$"))
    state = journey.state(run)
    assert state is not None
    assert (state.is_open, state.seconds, state.completed_at) == (False, 90, None)

    phone = journey.visit(journey.cast.amina, PHONE)
    package = journey.open(phone, run)
    expect(package.locator("#entry")).to_have_text("resume")
    expect(package.locator("#data")).to_have_text("seen:2")
    expect(package.get_by_role("heading")).to_have_text("The counter")
    package.get_by_role("button", name="Pass").click()
    expect(phone.get_by_text("You have finished this lesson.")).to_be_visible()
    state = journey.state(run)
    assert state is not None
    assert (state.passed, state.score_scaled, state.seconds) == (True, 0.9, 180)
    assert journey.is_done(run)


def test_the_older_window_is_told_and_can_take_over_again(journey: Journey) -> None:
    run = journey.a_run(a_zip("1.2"), journey.cast.amina)
    laptop, phone = (journey.visit(journey.cast.amina, device) for device in (LAPTOP, PHONE))
    package = journey.open(laptop, run)
    package.get_by_role("button", name="Next").click()
    expect(laptop.get_by_role("status").first).to_have_text("Saved.")
    expect(journey.open(phone, run).get_by_role("heading")).to_have_text("The counter")
    package.get_by_role("button", name="Next").click()
    expect(laptop.get_by_role("status").first).to_contain_text(
        "what you did here since, or without a connection, is not"
    )
    expect(laptop.locator("iframe.player")).to_be_hidden()
    state = journey.state(run)
    assert state is not None
    assert state.data["cmi.core.lesson_location"] == "1"
    laptop.get_by_role("button", name="Open it here").click()
    expect(laptop.frame_locator("iframe.player").frame_locator("iframe").get_by_role("heading")).to_have_text(
        "The counter"
    )


def test_what_was_done_without_a_network_is_sent_when_there_is_one(journey: Journey) -> None:
    run = journey.a_run(a_zip("2004"), journey.cast.amina)
    phone = journey.visit(journey.cast.amina, PHONE)
    package = journey.open(phone, run)
    expect(package.get_by_role("heading")).to_have_text("Welcome")
    expect(phone.get_by_role("status").first).to_have_text("Saved.")
    phone.context.set_offline(True)
    package.get_by_role("button", name="Next").click()
    expect(phone.get_by_role("status").first).to_contain_text("Not saved yet")
    phone.context.set_offline(False)
    expect(phone.get_by_role("status").first).to_have_text("Saved.")
    state = journey.state(run)
    assert state is not None
    assert state.data["cmi.location"] == "1"


def test_what_was_done_without_a_network_outlives_the_window(journey: Journey) -> None:
    """The tab is gone before there is a network again: the next window of the same device sends it first."""
    run = journey.a_run(a_zip("2004"), journey.cast.amina)
    phone = journey.visit(journey.cast.amina, PHONE)
    package = journey.open(phone, run)
    expect(phone.get_by_role("status").first).to_have_text("Saved.")
    phone.context.set_offline(True)
    package.get_by_role("button", name="Next").click()
    expect(phone.get_by_role("status").first).to_contain_text("Not saved yet")
    context = phone.context
    phone.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{journey.address}/me")
    expect(journey.open(again, run).get_by_role("heading")).to_have_text("The counter")


def test_what_came_too_late_is_not_passed_over_in_silence(journey: Journey) -> None:
    """Done without a network, and opened elsewhere before there was one again."""
    run = journey.a_run(a_zip("2004"), journey.cast.amina)
    phone, laptop = (journey.visit(journey.cast.amina, device) for device in (PHONE, LAPTOP))
    package = journey.open(phone, run)
    expect(phone.get_by_role("status").first).to_have_text("Saved.")
    expect(phone.get_by_text("may be missing")).to_be_hidden()
    phone.context.set_offline(True)
    package.get_by_role("button", name="Next").click()
    expect(phone.get_by_role("status").first).to_contain_text("Not saved yet")
    context = phone.context
    phone.close()
    expect(journey.open(laptop, run).get_by_role("heading")).to_be_visible()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{journey.address}/me")
    expect(journey.open(again, run).get_by_role("heading")).to_be_visible()
    expect(again.get_by_text("What you last did on this device may be missing")).to_be_visible()


def test_a_package_leads_from_part_to_part(journey: Journey) -> None:
    run = journey.a_run(a_zip("2004", items=2, page=NAVIGATING), journey.cast.amina)
    laptop = journey.visit(journey.cast.amina, LAPTOP)
    package = journey.open(laptop, run)
    expect(laptop.get_by_role("heading", name="At the counter")).to_be_visible()
    package.get_by_role("button", name="continue", exact=True).click()
    expect(laptop.locator("li[aria-current=step]")).to_contain_text("Part B")
    package = laptop.frame_locator("iframe.player").frame_locator("iframe")
    package.get_by_role("button", name="exitAll").click()
    laptop.wait_for_url(re.compile(f"/training/runs/{run}$"))
    assert journey.is_done(run)


def test_under_another_address_the_page_says_where_packages_open(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = journey.a_run(a_zip("1.2"), journey.cast.amina)
    page = journey.visit(journey.cast.amina, LAPTOP)
    monkeypatch.setitem(journey.app.config, "BASE_URL", "https://tracker.zawadora.example")
    journey.open(page, run)
    expect(page.get_by_role("status").first).to_contain_text("open under https://tracker.zawadora.example only")
    assert len(page.frames) == 1


def test_a_package_that_asks_whether_to_resume_gets_an_answer(journey: Journey) -> None:
    """As the best-known samples do; and one that ends its session before the page is left, which a frame that is taken out never is."""
    page = sco("2004").replace("page = Number(", "if (get('', 'cmi.location') && confirm('Resume?')) page = Number(")
    run = journey.a_run(a_zip("2004", page=page.replace("onunload", "onbeforeunload")), journey.cast.amina)
    laptop = journey.visit(journey.cast.amina, LAPTOP)
    package = journey.open(laptop, run)
    package.get_by_role("button", name="Next").click()
    expect(package.get_by_role("heading")).to_have_text("The counter")
    laptop.get_by_role("link", name="Back to the course").click()
    laptop.wait_for_url(re.compile(f"/training/runs/{run}$"))
    state = journey.state(run)
    assert state is not None
    assert (state.is_open, state.data["cmi.exit"]) == (False, "suspend")
    laptop.goto(f"{journey.address}/me")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    laptop.on("dialog", answer)
    expect(journey.open(laptop, run).get_by_role("heading")).to_have_text("The counter")
    assert asked == ["Resume?"]


NAVIGATING = (
    "<!doctype html><title>x</title><script>"
    + FIND_API
    + """
var api = find("API_1484_11"); api.Initialize("");
function go(to) { api.SetValue("cmi.completion_status", "completed"); api.SetValue("adl.nav.request", to); api.Terminate(""); }
</script><button onclick="go('continue')">continue</button><button onclick="go('exitAll')">exitAll</button>"""
)


def test_the_page_can_be_used_by_everybody(journey: Journey) -> None:
    run = journey.a_run(a_zip("2004", items=3), journey.cast.amina)
    page = journey.visit(journey.cast.amina, LAPTOP)
    expect(journey.open(page, run).get_by_role("heading")).to_have_text("Welcome")
    assert looks.outline(page) == []
    for width in (1280, 390, 320):
        assert looks.sticking_out(page, width) == []
    assert looks.too_small_to_tap(page) == []
    # axe looks into frames too; what is in a package is its author’s.
    assert [fault for fault in looks.axe_violations(page) if "<h1>" not in fault] == []
    assert page.locator("iframe.player").get_attribute("title") == "Part A"


# --- packages that try to get out --------------------------------------------------------------------------------------------

HOSTILE = (
    (Path(__file__).parents[1] / "scorm" / "hostile.html").read_text(encoding="utf-8").replace("FIND_API", FIND_API)
)


def what_it_found(journey: Journey, page: Page, run: int) -> dict[str, str]:
    package = journey.open(page, run)
    found: dict[str, str] = package.locator("#found").evaluate("one => JSON.parse(one.textContent)")
    return found


def hostile(journey: Journey, *, visit: str = "1") -> bytes:
    page = HOSTILE.replace("{app}", journey.address).replace("{visit}", visit)
    return a_zip("1.2", page=page, **{"worker.js": "self.addEventListener('fetch', () => {});"})


@pytest.fixture
def kept(journey: Journey, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser that keeps things for sites in frames, as many do: Playwright’s own are private windows, which keep nothing."""
    (tmp_path / "Default").mkdir()
    allowing = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(allowing), encoding="utf-8")
    launch = journey.chromium.browser_type.launch_persistent_context
    with launch(tmp_path, executable_path=find_browser(), args=ARGUMENTS, base_url=journey.address) as context:
        yield context


def test_a_package_gets_at_nothing_of_the_product(journey: Journey, kept: BrowserContext) -> None:
    run = journey.a_run(hostile(journey), journey.cast.amina)
    page = journey.visit(journey.cast.amina, LAPTOP, context=kept)
    before = {cookie["name"] for cookie in page.context.cookies(journey.address)}
    answered: list[str] = []
    page.context.on("response", lambda response: answered.append(response.url.removeprefix(journey.address)))
    found = what_it_found(journey, page, run)
    told = {
        "cookie",
        "storage",
        "beacon",
        "frame",
        "form",
        "form above",
        "message",
        "leaving cookies",
        "leaving storage",
    }
    assert {name: said for name, said in found.items() if name not in told and not said.startswith("refused")} == {}
    assert (found["cookie"], found["storage"]) == ("", "{}")
    assert found["frame"] in {"closed", "empty"}
    page.wait_for_timeout(500)
    assert "/training/packages/" in page.url, "nobody was led away"
    # The app answered its own page alone: what a package asks for is stopped before it is sent.
    away = {"/me", "/beacon", "/xhr", "/static/kiosk.js", "/static/kiosk.svg", "/form", "/sign-out", "/window"}
    assert away & set(answered) == set()
    assert before == {cookie["name"] for cookie in page.context.cookies(journey.address)}
    state = journey.state(run)
    assert state is not None, "about itself it may talk"
    assert "cmi.core.lesson_status" not in state.data, "and a made-up ticket counts for nothing"


def test_the_next_learner_at_the_same_browser_finds_nothing_left(journey: Journey, kept: BrowserContext) -> None:
    runs = [journey.a_run(hostile(journey), person) for person in (journey.cast.amina, journey.cast.kevin)]
    page = journey.visit(journey.cast.amina, LAPTOP, context=kept)
    what_it_found(journey, page, runs[0])
    left = page.frames[2].evaluate("[localStorage.left, document.cookie]")
    assert left == ["by the one before", "left=behind"], "there was something to find"
    page.goto(f"{journey.address}/me")
    page.get_by_role("button", name="Sign out").first.click()
    sign_in(page, journey.address, journey.cast.kevin.staff_number, PASSWORD)
    found = what_it_found(journey, page, runs[1])
    assert (found["storage"], found["cookie"]) == ("{}", "")


def test_a_package_cannot_write_for_somebody_else(journey: Journey) -> None:
    """With the address of another’s visit, in the learner’s own page and with its token: not found."""
    theirs, mine = (journey.a_run(a_zip("1.2"), person) for person in (journey.cast.kevin, journey.cast.amina))
    kevin, amina = (journey.visit(person, LAPTOP) for person in (journey.cast.kevin, journey.cast.amina))
    expect(journey.open(kevin, theirs).get_by_role("heading")).to_have_text("Welcome")
    journey.open(amina, mine)
    status = amina.evaluate(
        """async (address) => (await fetch(address + "/state", {method: "POST", headers: {"Content-Type": "application/json",
          "X-CSRFToken": document.querySelector("input[name=csrf_token]").value},
          body: JSON.stringify({ticket: "x", number: 9, data: {}, seconds: 1, open: false})})).status""",
        kevin.url,
    )
    assert status == 404


def test_the_packages_page_is_framed_by_nobody_else(journey: Journey) -> None:
    """A page of another site that frames the wrapper gets an error page, and so no ticket."""
    run = journey.a_run(a_zip("1.2"), journey.cast.amina)
    page = journey.visit(journey.cast.amina, LAPTOP)
    expect(journey.open(page, run).get_by_role("heading")).to_have_text("Welcome")
    source = page.locator("iframe.player").get_attribute("src")
    evil = journey.chromium.new_context().new_page()
    complaints: list[str] = []
    evil.on("console", lambda message: complaints.append(message.text))
    evil.set_content(f'<iframe src="{source}"></iframe>')
    evil.wait_for_timeout(500)
    assert any("frame-ancestors" in complaint for complaint in complaints), complaints


# --- the API itself ------------------------------------------------------------------------------------------------------------

SILENT = "<!doctype html><title>x</title><h1>Silent</h1>"


def api_of(journey: Journey, standard: str, **package: Any) -> Any:
    """A function that calls the package’s API as the package would: call("LMSGetValue", "cmi...") -> (answer, error)."""
    run = journey.a_run(a_zip(standard, page=SILENT, **package), journey.cast.amina)
    page = journey.visit(journey.cast.amina, LAPTOP)
    body = journey.open(page, run).locator("h1")
    name = "API_1484_11" if standard == "2004" else "API"
    last = "GetLastError" if standard == "2004" else "LMSGetLastError"

    def call(function: str, *arguments: Any) -> tuple[str, int]:
        answer, error = body.evaluate(
            "(_one, [api, last, name, given]) => [parent[api][name](...given), parent[api][last]()]",
            [name, last, function, list(arguments)],
        )
        return answer, int(error)

    return call


def test_scorm_1_2_answers_as_the_specification_says(journey: Journey) -> None:
    call = api_of(
        journey, "1.2", inside="<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>x=1</adlcp:datafromlms>"
    )

    def get(element: str) -> tuple[str, int]:
        answer: tuple[str, int] = call("LMSGetValue", element)
        return answer

    def put(element: str, value: Any) -> int:
        answer, error = call("LMSSetValue", element, value)
        assert answer == ("false" if error else "true")
        return int(error)

    assert get("cmi.core.student_id") == ("", 301)
    assert put("cmi.suspend_data", "x") == 301
    assert call("LMSFinish", "") == ("false", 301)
    assert call("LMSInitialize", "x") == ("false", 201)
    assert call("LMSInitialize", "") == ("true", 0)
    assert call("LMSInitialize", "") == ("false", 101)
    assert get("cmi._version") == ("3.4", 0)
    assert get("cmi.core._children")[0].startswith("student_id,student_name,lesson_location")
    assert get("cmi.core.score._children") == ("raw,min,max", 0)
    assert get("cmi.core.lesson_status") == ("not attempted", 0)
    assert get("cmi.core.credit") == ("credit", 0)
    assert get("cmi.core.lesson_mode") == ("normal", 0)
    assert get("cmi.launch_data") == ("x=1", 0)
    assert get("cmi.student_data.mastery_score") == ("80", 0)
    assert get("cmi.core.exit") == ("", 404)
    assert get("cmi.core.session_time") == ("", 404)
    assert get("cmi.core.lesson_status._children") == ("", 202)
    assert get("cmi.core._count") == ("", 203)
    assert get("cmi.nothing") == ("", 201)
    assert get("") == ("", 201)
    assert get("cmi.interactions._count") == ("0", 0)
    assert get("cmi.interactions.0.id") == ("", 404)
    assert get("cmi.objectives.0.id") == ("", 201)
    assert put("cmi.core.student_id", "x") == 403
    assert put("cmi.core._children", "x") == 402
    assert put("cmi.interactions._count", "1") == 402
    assert put("cmi.core.lesson_status", "not attempted") == 405
    assert put("cmi.core.lesson_status", "done") == 405
    assert put("cmi.core.score.raw", 85) == 0
    assert put("cmi.core.score.raw", "101") == 405
    assert put("cmi.core.score.raw", "many") == 405
    assert put("cmi.core.session_time", "1:2:3") == 405
    assert put("cmi.core.session_time", "00:02:03.5") == 0
    assert put("cmi.core.exit", "suspend") == 0
    assert put("cmi.core.lesson_location", "x" * 1_001) == 405
    assert put("cmi.suspend_data", "x" * 64_000) == 0
    assert put("cmi.interactions.1.id", "q") == 201
    assert put("cmi.interactions.0.id", "q1") == 0
    assert put("cmi.interactions.0.type", "choice") == 0
    assert put("cmi.interactions.0.result", "wrong") == 0
    assert put("cmi.interactions.0.objectives.0.id", "o1") == 0
    assert put("cmi.interactions.0.correct_responses.0.pattern", "a") == 0
    assert get("cmi.interactions._count") == ("1", 0)
    assert get("cmi.interactions.0.correct_responses._count") == ("1", 0)
    assert put("cmi.objectives.0.id", "o1") == 0
    assert put("cmi.objectives.0.score.raw", "50") == 0
    assert get("cmi.objectives.0.status") == ("not attempted", 0)
    assert get("cmi.student_preference.audio") == ("0", 0)
    assert call("LMSGetErrorString", "403") == ("Element is read only", 0)
    assert call("LMSCommit", "") == ("true", 0)
    assert call("LMSFinish", "") == ("true", 0)
    assert get("cmi.core.lesson_status") == ("", 301)
    assert call("LMSInitialize", "") == ("true", 0), "packages of several pages begin again on each"
    assert get("cmi.core.lesson_status") == ("passed", 0), "85 of 80 points, and it said nothing itself"
    assert get("cmi.core.total_time") == ("0000:02:03.00", 0)
    assert get("cmi.core.entry") == ("resume", 0)


def test_scorm_2004_answers_as_the_specification_says(journey: Journey) -> None:
    inside = (
        '<imsss:sequencing><imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.6'
        "</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives></imsss:sequencing>"
        "<adlcp:completionThreshold>0.5</adlcp:completionThreshold>"
    )
    call = api_of(journey, "2004", inside=inside)

    def get(element: str) -> tuple[str, int]:
        answer: tuple[str, int] = call("GetValue", element)
        return answer

    def put(element: str, value: Any) -> int:
        answer, error = call("SetValue", element, value)
        assert answer == ("false" if error else "true")
        return int(error)

    assert get("cmi.entry") == ("", 122)
    assert put("cmi.location", "x") == 132
    assert call("Commit", "") == ("false", 142)
    assert call("Terminate", "") == ("false", 112)
    assert call("Initialize", "x") == ("false", 201)
    assert call("Initialize", "") == ("true", 0)
    assert call("Initialize", "") == ("false", 103)
    assert get("cmi._version") == ("1.0", 0)
    assert get("cmi.score._children") == ("scaled,raw,min,max", 0)
    assert get("cmi.location") == ("", 403)
    assert get("cmi.location._children") == ("", 301)
    assert get("cmi.suspend_data") == ("", 403)
    assert get("cmi.nothing") == ("", 401)
    assert get("") == ("", 301)
    assert get("cmi.exit") == ("", 405)
    assert get("cmi.entry") == ("ab-initio", 0)
    assert get("cmi.total_time") == ("PT0S", 0)
    assert get("cmi.scaled_passing_score") == ("0.6", 0)
    assert get("cmi.completion_threshold") == ("0.5", 0)
    assert get("adl.nav.request_valid.continue") == ("false", 0)
    assert get("adl.nav.request_valid.choice.{target=B}") == ("unknown", 0)
    assert put("cmi.learner_id", "x") == 404
    assert put("cmi.interactions._count", "x") == 404
    assert put("cmi.nothing", "x") == 401
    assert put("", "x") == 351
    assert put("cmi.completion_status", "done") == 406
    assert put("cmi.score.scaled", "1.5") == 407
    assert put("cmi.score.scaled", "much") == 406
    assert put("cmi.session_time", "00:01:00") == 406
    assert put("cmi.objectives.1.id", "o") == 351
    assert put("cmi.objectives.0.success_status", "passed") == 408
    assert put("cmi.objectives.0.id", "") == 406
    assert put("cmi.objectives.0.id", "o1") == 0
    assert put("cmi.objectives.1.id", "o1") == 351
    assert put("cmi.objectives.1.id", "o2") == 0
    assert get("cmi.objectives._count") == ("2", 0)
    assert get("cmi.objectives.2.id") == ("", 301)
    assert get("cmi.objectives.0.score.raw") == ("", 403)
    assert put("cmi.interactions.0.id", "urn:q1") == 0
    assert put("cmi.interactions.0.learner_response", "a") == 408
    assert put("cmi.interactions.0.correct_responses.0.pattern", "a") == 408
    assert put("cmi.interactions.0.type", "multiple-choice") == 0
    assert put("cmi.interactions.0.learner_response", "a[,]b") == 0
    assert put("cmi.interactions.0.correct_responses.0.pattern", "a[,]b") == 0
    assert put("cmi.interactions.0.timestamp", "2026-11-18T09:00:00Z") == 0
    assert get("cmi.interactions.0.learner_response") == ("a[,]b", 0)
    assert put("cmi.comments_from_learner.0.comment", "Good") == 0
    assert get("cmi.comments_from_lms._count") == ("0", 0)
    assert put("cmi.completion_status", "completed") == 0
    assert get("cmi.completion_status") == ("unknown", 0), "the threshold decides, and nothing was measured"
    assert put("cmi.progress_measure", "0.5") == 0
    assert get("cmi.completion_status") == ("completed", 0)
    assert put("cmi.score.scaled", "0.59") == 0
    assert get("cmi.success_status") == ("failed", 0)
    assert call("GetErrorString", "404") == ("Data model element is read only", 0)
    assert call("Terminate", "") == ("true", 0)
    assert call("Initialize", "") == ("false", 104)
    assert call("Terminate", "") == ("false", 113)
    assert get("cmi.entry") == ("", 123)
    assert put("cmi.location", "x") == 133
    assert call("Commit", "") == ("false", 143)
