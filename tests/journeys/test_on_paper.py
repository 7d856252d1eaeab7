"""What leaders and HR print: no way to press anything, nothing folded away, the day on top, and as few sheets as it takes."""

import re

import pytest
from flask import Flask

from tests.journeys.conftest import Visitors
from tests.journeys.sights import SIGHTS

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SHEETS = {
    "mg-coaching": 3,
    "mg-board": 1,
    "mg-obstacles": 1,
    "hr-coaching-effect": 1,
    "hr-coaching-quality": 1,
    "hr-waiting": 1,
    "hr-works-council": 30,
    "hr-report": 2,
    "hr-perception": 3,
    "hr-customers": 4,
    "hr-fairness": 1,
    "hr-report-mails": 1,
    "hr-complaints-report": 2,
    "hr-effects": 2,
    "hr-pulse-results": 2,
    "hr-actions": 1,
    "ad-checks": 1,
}
FOR_THE_SCREEN = "nav:visible, .btn:visible, main :is(input, select, textarea, button):visible, details:not([open]) > summary:visible"


@pytest.mark.parametrize("name", SHEETS)
def test_paper_has_the_page_and_nothing_to_press(name: str, demo: Flask, visitors: Visitors) -> None:
    [sight] = [sight for sight in SIGHTS if sight.name == name]
    page = visitors.page_of(sight.who)
    page.goto(sight.url(demo))
    heading = page.locator("h1").inner_text()
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    page.emulate_media(media="print")
    on_paper = page.locator("main").inner_text()
    left = page.locator(FOR_THE_SCREEN).all_inner_texts()
    page.emulate_media(media="null")  # “screen” would hold for the next one’s PDF too
    assert left == []
    assert heading in on_paper
    assert "As of Wednesday 18 November 2026" in on_paper
    assert "Private note" not in on_paper
    assert len(sheets) <= SHEETS[name]


def test_the_board_gets_two_sheets_whatever_the_month(demo: Flask, visitors: Visitors) -> None:
    page = visitors.page_of("chloe")
    page.goto("/reports/engagement")
    months = page.locator("#month option").evaluate_all("options => options.map(one => one.value)")
    assert len(months) > 12
    sheets = {}
    for month in months:
        page.goto(f"/reports/engagement?month={month}")
        sheets[month] = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert {month: count for month, count in sheets.items() if count > 2} == {}


def test_a_table_that_was_opened_is_printed_with_its_title_and_no_other(demo: Flask, visitors: Visitors) -> None:
    page = visitors.page_of("chloe")
    page.goto("/reports/customers")
    tables = page.locator("details.tbl")
    tables.first.locator("summary").click()
    page.emulate_media(media="print")
    seen = [tables.nth(place).is_visible() for place in range(tables.count())]
    title, table = tables.first.locator("summary").is_visible(), tables.first.locator("table").is_visible()
    page.emulate_media(media="null")
    assert seen == [True] + [False] * (len(seen) - 1)
    assert (title, table) == (True, True)
