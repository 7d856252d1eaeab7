"""Every report on its first day, after one month alone, and of a company with the longest names and more groups than fit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from tests.conftest import Cast
from tests.journeys import looks
from tests.journeys.chromium import LAPTOP, STILL
from tests.journeys.serving import Hour
from tests.reports.companies import many_teams
from tests.reports.customers import come_again, worked_out
from tests.reports.jobs import READ
from tests.reports.made import october_rated
from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Team
from tracker.pulse.models import PulseNode

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

REPORTS = (
    "/reports/engagement",
    "/reports/customers",
    "/reports/fairness",
    "/reports/perception",
    "/reports/works-council",
    "/reports/customers/mails",
    "/complaints/report",
    "/coaching/effect",
    "/coaching/quality",
    "/training/effects",
)
PHONE, WIDTHS = 390, (1280, 390, 320)
LONG_TEAM = "Kundendienstzentrale Mombasa Lakeside, returns and guarantees"
LONG_PLACE = "Returns, guarantees and repairs at the service desk"


def test_on_the_first_day_each_report_says_what_is_missing(
    cast: Cast, address: str, chromium: Browser, hour: Hour, browse: Any, app: Flask
) -> None:
    with _hr(app, cast, address, chromium, hour, browse) as page:
        assert _all_faults(page) == []
        page.goto("/reports/customers")
        assert page.get_by_role("heading", name="No month to read yet").is_visible()
        assert page.get_by_role("button", name="Excel file").count() == 0


def test_after_one_month_each_report_can_be_read(
    cast: Cast, address: str, chromium: Browser, hour: Hour, browse: Any, app: Flask
) -> None:
    october_rated(cast)
    with _hr(app, cast, address, chromium, hour, browse) as page:
        assert _all_faults(page) == []
        page.goto("/reports/customers")
        assert page.get_by_text("Too few to tell who is happy every time").is_visible()


def test_long_names_and_many_groups_stay_on_the_page(
    cast: Cast, address: str, chromium: Browser, hour: Hour, browse: Any, app: Flask
) -> None:
    _a_large_company(cast)
    with _hr(app, cast, address, chromium, hour, browse) as page:
        assert _all_faults(page) == []
        page.goto("/reports/customers")
        assert LONG_PLACE in page.locator("#main").inner_text()


def _a_large_company(cast: Cast) -> None:
    """40 teams over six months, and 60 customers who come again, all under names as long as there are."""
    many_teams(40, 6, lambda team, month: 3 + (team + month) % 5 / 4, lambda team, month: (team - month) % 7 / 10 - 0.3)
    with transaction():
        for number, team in enumerate(db.session.scalars(select(Team).where(Team.name.like("Team %")))):
            team.name = f"{LONG_TEAM} {number}"
        for node in db.session.scalars(select(PulseNode).where(PulseNode.name.like("Team %"))):
            node.name = f"{LONG_TEAM} {node.id}"
    come_again(cast.amina, [(5, 4, 2 + number % 4) for number in range(60)], places=(LONG_PLACE, f"{LONG_PLACE} 2"))
    worked_out()


@contextmanager
def _hr(
    app: Flask, cast: Cast, address: str, chromium: Browser, hour: Hour, browse: Callable[..., Any]
) -> Iterator[Page]:
    """A browser of HR’s, four days into November."""
    hour.at = READ
    cookie = browse(db.session.get_one(Person, cast.chloe.id), at=READ).client.get_cookie(
        app.config["SESSION_COOKIE_NAME"]
    )
    context = chromium.new_context(**LAPTOP, **STILL, base_url=address)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    yield context.new_page()
    context.close()


def _all_faults(page: Page) -> list[str]:
    return [f"{report}: {fault}" for report in REPORTS for fault in _faults(page, report)]


def _faults(page: Page, report: str) -> Iterator[str]:
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    answer = page.goto(report)
    assert answer is not None
    if answer.status != 200:
        yield f"answers {answer.status}"
        return
    yield from looks.outline(page)
    for width in WIDTHS:
        yield from looks.sticking_out(page, width)
        yield from _out_of_their_pictures(page)
    page.emulate_media(color_scheme="dark")
    yield from looks.axe_violations(page, only="color-contrast")
    page.emulate_media(color_scheme="light")
    yield from looks.axe_violations(page)
    yield from looks.broken_by_longer_words(page, PHONE)
    yield from looks.sticking_out(page, WIDTHS[0])


# Words that leave their chart by more than a card’s edge is wide would be cut off.
OUTSIDE = """() => [...document.querySelectorAll('figure.chart svg text')].filter(one => one.checkVisibility())
  .filter(one => { const box = one.getBoundingClientRect(), around = one.ownerSVGElement.getBoundingClientRect();
    return box.left < around.left - 12 || box.right > around.right + 12; })
  .map(one => one.textContent)"""


def _out_of_their_pictures(page: Page) -> list[str]:
    width = page.evaluate("innerWidth")
    return [f"at {width} px “{words}” leaves its picture" for words in page.evaluate(OUTSIDE)]
