"""A certificate prints on one sheet of A4, whatever it stands at, and without what is only for the screen."""

import re

import pytest
from flask import Flask

from tests.journeys.certified import FIRE
from tests.journeys.conftest import Visitors
from tests.journeys.sights import SIGHTS

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.mark.parametrize("name", ["fe-certificate-renew", "fe-certificate-lapsed"])
def test_it_is_one_sheet(name: str, demo: Flask, visitors: Visitors) -> None:
    [sight] = [sight for sight in SIGHTS if sight.name == name]
    page = visitors.page_of(sight.who)
    page.goto(sight.url(demo))
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    page.emulate_media(media="print")
    on_paper = page.locator("main").inner_text()
    page.emulate_media(media="screen")
    assert len(sheets) == 1
    assert FIRE in on_paper
    assert "Renew it" not in on_paper
