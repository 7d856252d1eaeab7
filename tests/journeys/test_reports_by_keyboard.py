"""Every report with a keyboard alone: each thing to press is reached once, in order, and seen; and a morning’s work is done so."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Visitors
from tests.journeys.sights import SIGHTS

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

REPORTS = (
    "hr-report",
    "mg-report",
    "hr-customers",
    "hr-fairness",
    "hr-perception",
    "hr-report-mails",
    "hr-works-council",
    "hr-complaints-report",
    "hr-coaching-effect",
    "hr-coaching-quality",
    "hr-effects",
)
MOST_STOPS = 600
# What can be pressed or scrolled, in the order of the page, each with the number that it then carries.
NUMBER_ALL = """() => {
  const all = [...document.querySelectorAll('a[href], button, select, input:not([type=hidden]), textarea, summary, [tabindex="0"]')]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled);
  all.forEach((one, place) => one.dataset.place = place);
  return all.map(one => one.outerHTML.slice(0, 90));
}"""
WHERE = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
  const name = one.getAttribute('aria-label') || one.labels?.[0]?.innerText || one.innerText || '';
  return {place: one === document.body ? null : Number(one.dataset.place), name: name.trim().replace(/\\s+/g, ' '),
    tag: one.tagName.toLowerCase(), shown: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    ringed: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2};
}"""


@pytest.mark.parametrize("name", REPORTS)
def test_tab_goes_through_a_report_in_order_and_is_seen(name: str, demo: Flask, visitors: Visitors) -> None:
    """From the skip link to the last line: nothing is left out, nothing comes twice, nothing holds on."""
    [sight] = [sight for sight in SIGHTS if sight.name == name]
    page = visitors.page_of(sight.who)
    page.goto(sight.url(demo))
    assert _faults(page) == []


def test_a_page_that_leaves_somebody_behind_is_caught(chromium: Browser) -> None:
    """The measure itself."""
    page = chromium.new_context().new_page()

    def found(body: str) -> list[str]:
        page.goto("about:blank")
        page.set_content(f"<style>:focus-visible {{ outline: 3px solid }}</style>{body}")
        return [fault.split(":")[0] for fault in _faults(page)]

    assert found("<a href='#'>One</a><button>Two</button>") == []
    assert found("<a href='#'>One</a><button tabindex='1'>Two</button>") == ["out of order"]
    assert found("<a href='#'>One</a><button tabindex='-1'>Two</button>") == ["out of order"]
    assert found("<a href='#' style='outline: 0'>One</a><button></button>") == ["no ring", "no name"]
    assert found("<a href='#' style='position: fixed; top: -9em'>One</a>") == ["out of sight"]
    page.context.close()


def _faults(page: Page) -> list[str]:
    pressable = page.evaluate(NUMBER_ALL)
    stops = list(_stops(page))
    places = [stop["place"] for stop in stops]
    faults = [] if places == list(range(len(pressable))) else [f"out of order: {places} of {pressable}"]
    for fault, has in (("no ring", "ringed"), ("out of sight", "shown"), ("no name", "name")):
        faults += [f"{fault}: {stop}" for stop in stops if not stop[has]]
    return faults


def _stops(page: Page) -> Iterator[dict[str, object]]:
    """Where Tab leads, until it leaves the page: to the browser’s own bar, or where there is none to the beginning."""
    for press in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        if stop["place"] is None or (press and stop["place"] == 0):
            return
        yield stop
    pytest.fail("Tab never leaves the page")


def test_a_report_is_read_taken_along_and_sent_without_a_mouse(demo: Flask, visitors: Visitors) -> None:
    page = visitors.page_of("chloe")
    page.goto("/reports/engagement")
    _skip_to_the_report(page)
    _choose_an_earlier_month(page)
    _open_a_table(page)
    _look_into_a_group(page)
    _take_the_file(page)
    _send_it_to_somebody_and_stop(page)


def _skip_to_the_report(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    _tab_to(page, "Month", "select", most=6)


def _choose_an_earlier_month(page: Page) -> None:
    before = page.locator("#month").input_value()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#month").input_value()
    assert chosen < before
    _tab_to(page, "Show", "button", most=3)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"month={chosen}"))
    expect(page.locator("#month")).to_have_value(chosen)


def _open_a_table(page: Page) -> None:
    _tab_to(page, "", "summary")
    table = page.locator("details.tbl[open] table")
    page.keyboard.press("Space")
    expect(table).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("details.tbl[open] .scroll")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(table).to_have_count(0)


def _look_into_a_group(page: Page) -> None:
    inside = page.locator(".heat thead a").first
    _tab_to(page, inside.inner_text(), "a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("team="))
    expect(page.locator(".crumbs")).to_be_visible()


def _take_the_file(page: Page) -> None:
    _tab_to(page, "Excel file", "button")
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert Path(taken.value.suggested_filename).suffix == ".xlsx"
    assert page.evaluate(WHERE)["name"] == "Excel file", "one stays where one was"


def _send_it_to_somebody_and_stop(page: Page) -> None:
    _tab_to(page, "Send by mail", "a", most=4)
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/engagement/mails")
    _put_down(page, "N-9999")
    expect(page.locator("#error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Who gets it")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("N-0107")
    _tab_to(page, "Add them", "button", most=2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("One person more gets it.")
    _tab_to(page, "Stop Brian Kamau", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It goes to them no more.")
    expect(page.get_by_role("button", name="Stop Brian Kamau")).to_have_count(0)


def _put_down(page: Page, words: str) -> None:
    _tab_to(page, "Who gets it", "textarea")
    page.keyboard.type(words)
    _tab_to(page, "Add them", "button", most=2)
    page.keyboard.press("Enter")


def test_a_part_of_the_pack_is_found_and_another_period_shown_without_a_mouse(visitors: Visitors) -> None:
    page = visitors.page_of("chloe")
    page.goto("/reports/works-council")
    _tab_to(page, "What the log says", "a")
    page.keyboard.press("Enter")
    _tab_to(page, "Last month", "select", most=2)
    page.keyboard.press("ArrowDown")
    _tab_to(page, "How many months", "select", most=1)
    page.keyboard.press("ArrowUp")
    months = page.locator("#months").input_value()
    _tab_to(page, "Show", "button", most=1)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"months={months}.*#log"))
    expect(page.locator("#months")).to_have_value(months)
    expect(page.locator("#log")).to_be_in_viewport()


def test_the_customers_who_count_as_happy_are_chosen_without_a_mouse(visitors: Visitors) -> None:
    page = visitors.page_of("chloe")
    page.goto("/reports/customers")
    _tab_to(page, "Listening", "a")
    page.keyboard.press("Enter")
    expect(page.locator("#listening")).to_be_in_viewport()
    _tab_to(page, "From reading to telling, as a table", "summary", most=1)
    page.goto("/reports/customers")
    _tab_to(page, "5 stars only", "a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("happy=5.*#happy"))
    expect(page.locator("#happy")).to_be_in_viewport()
    _tab_to(page, "4 or 5 stars", "a", most=1)


def _tab_to(page: Page, name: str, tag: str, *, most: int = MOST_STOPS) -> None:
    """Tab until the thing of that name; most: how many presses it may take from here."""
    passed = []
    for _press in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        if stop["tag"] == tag and stop["name"].startswith(name):
            assert stop["ringed"], f"{name} has no ring"
            return
        passed.append(stop["name"])
    pytest.fail(f"“{name}” was not among {passed[-50:]}")
